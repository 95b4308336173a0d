/* What the files of the gate share. */
#pragma once

#include "gate.h"

G_BEGIN_DECLS

/* Nothing compared, nothing said. */
RunetGate *
runet_gate_new_empty (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
