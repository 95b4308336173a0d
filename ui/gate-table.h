/* The table of a verdict: each measure of the parent and of the candidate, how they differ, and whether that is let
 * through. */
#pragma once

#include <gtk/gtk.h>
#include "core/retraining/gate.h"

G_BEGIN_DECLS

/* A GtkGrid with the figures of @gate. */
GtkWidget *
runet_gate_table_new (const RunetGate *gate);

G_END_DECLS
