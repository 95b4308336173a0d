/* A verdict of the gate as lines for people: figures, the cases that changed most, and what stopped it. */
#pragma once

#include "core/retraining/gate.h"

G_BEGIN_DECLS

void
runet_gate_report_print (const RunetGate *gate);

G_END_DECLS
