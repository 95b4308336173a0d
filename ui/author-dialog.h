/* Asks who is reviewing, before the first decision. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_AUTHOR_DIALOG (runet_author_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RunetAuthorDialog,
                      runet_author_dialog,
                      RUNET,
                      AUTHOR_DIALOG,
                      GtkWindow)

/* Signal "chosen" (const char *): a name without blanks around it, not empty; the dialog is closing.
 * @name: (nullable): what is offered; the name of the account when it is NULL or empty. */
GtkWidget *
runet_author_dialog_new (GtkWindow *parent, const char *name);

G_END_DECLS
