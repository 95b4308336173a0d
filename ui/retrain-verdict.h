/* What came of a retraining: the verdict on the candidate, and whether it is put in use. */
#pragma once

#include <gtk/gtk.h>
#include "core/retraining/gate.h"

G_BEGIN_DECLS

#define RUNET_TYPE_RETRAIN_VERDICT (runet_retrain_verdict_get_type ())
G_DECLARE_FINAL_TYPE (RunetRetrainVerdict,
                      runet_retrain_verdict,
                      RUNET,
                      RETRAIN_VERDICT,
                      GtkWidget)

/* Signals: "case-activated" (utf8): the name of an image that is to be seen; "model-changed" (utf8): path of the model
 * that is in use from now on; "problem" (utf8): why it could not be put in use; "kept": nothing more is to be done. */
GtkWidget *
runet_retrain_verdict_new (void);
/* @gate: (nullable): borrowed until the next call; @candidate: (nullable): hash of the model when it is registered */
void
runet_retrain_verdict_show (RunetRetrainVerdict *self,
                            const RunetGate *gate,
                            const char *candidate);
/* Who puts it in use. */
void
runet_retrain_verdict_set_author (RunetRetrainVerdict *self, const char *author);

G_END_DECLS
