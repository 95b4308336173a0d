/* A verdict: whether a candidate may take its parent's place, the figures, and the images that changed. */
#pragma once

#include <gtk/gtk.h>
#include "core/retraining/gate.h"

G_BEGIN_DECLS

#define RUNET_TYPE_GATE_VIEW (runet_gate_view_get_type ())
G_DECLARE_FINAL_TYPE (RunetGateView, runet_gate_view, RUNET, GATE_VIEW, GtkWidget)

/* Signal "case-activated" (utf8): the name of the image, "patient0001_4CH_ED", that is to be seen. */
GtkWidget *
runet_gate_view_new (void);
/* @gate: (nullable): nothing is shown */
void
runet_gate_view_set_gate (RunetGateView *self, const RunetGate *gate);

G_END_DECLS
