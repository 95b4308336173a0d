/* A cell of the worklist: what one column shows of one case, kept up to date. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_COLUMN_STATE,
  RUNET_COLUMN_NAME,
  RUNET_COLUMN_VIEW,
  RUNET_COLUMN_QUALITY,
  RUNET_COLUMN_REASONS,
  RUNET_COLUMN_DISAGREEMENT,
  RUNET_COLUMN_UNCERTAINTY,
  RUNET_COLUMN_JUMP,
  RUNET_COLUMNS
} RunetColumn;

#define RUNET_TYPE_WORKLIST_CELL (runet_worklist_cell_get_type ())
G_DECLARE_FINAL_TYPE (RunetWorklistCell,
                      runet_worklist_cell,
                      RUNET,
                      WORKLIST_CELL,
                      GtkWidget)

GtkWidget *
runet_worklist_cell_new (RunetColumn column);
/* @item: (nullable). */
void
runet_worklist_cell_set_case (RunetWorklistCell *self, RunetCase *item);

G_END_DECLS
