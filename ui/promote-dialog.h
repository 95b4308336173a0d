/* Asks why a model that the gate did not pass is to be put in use all the same. */
#pragma once

#include <gtk/gtk.h>
#include "core/retraining/gate.h"

G_BEGIN_DECLS

#define RUNET_TYPE_PROMOTE_DIALOG (runet_promote_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RunetPromoteDialog,
                      runet_promote_dialog,
                      RUNET,
                      PROMOTE_DIALOG,
                      GtkWindow)

/* @gate: (nullable): the verdict, whose reasons are shown. Signal "confirmed" (utf8): the reason; the dialog is closed
 * then. */
GtkWidget *
runet_promote_dialog_new (GtkWindow *parent, const char *model, const RunetGate *gate);

G_END_DECLS
