/* A cell of the worklist: what one column shows of one case, kept up to date. */
#pragma once

#include <gtk/gtk.h>
#include "worklist-model.h"

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
  RUNET_COLUMN_TEACHING,
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
/* @place: (nullable): the row, whose case may change. */
void
runet_worklist_cell_set_place (RunetWorklistCell *self, RunetPlace *place);
RunetPlace *
runet_worklist_cell_get_place (RunetWorklistCell *self);

G_END_DECLS
