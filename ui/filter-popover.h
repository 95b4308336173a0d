/* What the worklist is narrowed down to, as check boxes in a popover. */
#pragma once

#include "worklist-filter.h"

G_BEGIN_DECLS

#define RUNET_TYPE_FILTER_POPOVER (runet_filter_popover_get_type ())
G_DECLARE_FINAL_TYPE (RunetFilterPopover,
                      runet_filter_popover,
                      RUNET,
                      FILTER_POPOVER,
                      GtkPopover)

/* Follows @filter and sets it. */
GtkWidget *
runet_filter_popover_new (RunetWorklistFilter *filter);

G_END_DECLS
