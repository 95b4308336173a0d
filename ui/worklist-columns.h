/* The columns of the worklist: what they show, which of them there is room for, and by which the list is
 * sorted. */
#pragma once

#include <gtk/gtk.h>
#include "worklist-cell.h"
#include "worklist-order.h"

G_BEGIN_DECLS

typedef struct _RunetWorklistColumns RunetWorklistColumns;

/**
 * runet_worklist_columns_new:
 * @view: gets the columns
 * @owner: gets the actions of their menu, "columns.…"
 * @sorted: called when a header was clicked: see runet_worklist_columns_get_order()
 * @chosen: called when columns were switched on or off
 */
RunetWorklistColumns *
runet_worklist_columns_new (GtkColumnView *view,
                            GtkWidget *owner,
                            void (*sorted) (gpointer user_data),
                            void (*chosen) (gpointer user_data),
                            gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void
runet_worklist_columns_free (RunetWorklistColumns *self);

/* Pixels there are for all columns: those nobody chose are shown as they fit. */
void
runet_worklist_columns_set_width (RunetWorklistColumns *self, int width);
gboolean
runet_worklist_columns_is_visible (RunetWorklistColumns *self, RunetColumn column);

/* What somebody chose: "quality" to be shown whatever the width, "-quality" never. (transfer full) */
GStrv
runet_worklist_columns_to_strings (RunetWorklistColumns *self)
    G_GNUC_WARN_UNUSED_RESULT;
void
runet_worklist_columns_set_strings (RunetWorklistColumns *self,
                                    const char *const *strings);

/* What the arrow in the headers says. */
void
runet_worklist_columns_set_order (RunetWorklistColumns *self,
                                  RunetOrder order,
                                  gboolean reversed);
/* FALSE when no header has an arrow. */
gboolean
runet_worklist_columns_get_order (RunetWorklistColumns *self,
                                  RunetOrder *order,
                                  gboolean *reversed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWorklistColumns, runet_worklist_columns_free)

G_END_DECLS
