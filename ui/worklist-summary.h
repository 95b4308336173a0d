/* What stands over the list: how many there are, how many of them were analysed and how many are outliers. */
#pragma once

#include "worklist-model.h"

G_BEGIN_DECLS

/* @shown: the rows; @all: how many there are with those that are filtered out. (transfer full) */
char *
runet_worklist_summarise (RunetWorklistModel *shown,
                          guint all) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
