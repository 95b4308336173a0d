/* A row of the worklist: state, patient, view, quality, and chips that say what is wrong. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

#define RUNET_TYPE_WORKLIST_ROW (runet_worklist_row_get_type ())
G_DECLARE_FINAL_TYPE (RunetWorklistRow,
                      runet_worklist_row,
                      RUNET,
                      WORKLIST_ROW,
                      GtkWidget)

GtkWidget *
runet_worklist_row_new (void);
/* @item: (nullable). The row follows its changes. */
void
runet_worklist_row_set_case (RunetWorklistRow *self, RunetCase *item);

G_END_DECLS
