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
 * @view: gets the columns; those nobody chose are shown as they fit; in a scrolled window
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

gboolean
runet_worklist_columns_is_visible (RunetWorklistColumns *self, RunetColumn column);

/* The part of the view that has the rows and scrolls. (transfer none) */
GtkWidget *
runet_worklist_columns_get_list (RunetWorklistColumns *self);
gboolean
runet_worklist_columns_has_focus (RunetWorklistColumns *self);
/* Gives the focus to the row of @place, where arrows then go on from; nothing when it is not in sight. */
void
runet_worklist_columns_focus (RunetWorklistColumns *self, RunetPlace *place);

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
