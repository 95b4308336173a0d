/* The images that a candidate does better, or worse, than its parent: a list to go through. */
#pragma once

#include <gtk/gtk.h>
#include "core/retraining/gate.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_GATE_CASES_WORSE,
  RUNET_GATE_CASES_BETTER,
} RunetGateCasesKind;

#define RUNET_TYPE_GATE_CASES (runet_gate_cases_get_type ())
G_DECLARE_FINAL_TYPE (RunetGateCases, runet_gate_cases, RUNET, GATE_CASES, GtkWidget)

/* Signal "activated" (utf8): the name of the image, "patient0001_4CH_ED", that is to be seen. */
GtkWidget *
runet_gate_cases_new (const RunetGate *gate, RunetGateCasesKind kind);

/* The parts of "patient0001_4CH_ED". FALSE when it is no such name. @patient: (out) (transfer full). */
gboolean
runet_gate_case_parse (const char *name,
                       char **patient,
                       RunetView *view,
                       RunetInstant *instant);

G_END_DECLS
