/* What a retraining will learn from, what is left out and why, a few settings, and the button that starts it. */
#pragma once

#include <gtk/gtk.h>
#include "core/retraining/retraining.h"
#include "retrain-plan.h"

G_BEGIN_DECLS

#define RUNET_TYPE_RETRAIN_INTAKE (runet_retrain_intake_get_type ())
G_DECLARE_FINAL_TYPE (RunetRetrainIntake,
                      runet_retrain_intake,
                      RUNET,
                      RETRAIN_INTAKE,
                      GtkWidget)

/* Signal "start" (gboolean): true to go on with what was stopped. */
GtkWidget *
runet_retrain_intake_new (void);
/* @model: (nullable): name of the parent */
void
runet_retrain_intake_set_parent (RunetRetrainIntake *self, const char *model);
/* @plan: (nullable): it is being counted, or @message (nullable) says why it could not be. Borrowed until the next
 * call. */
void
runet_retrain_intake_set_plan (RunetRetrainIntake *self,
                               const RunetRetrainPlan *plan,
                               const char *message);
/* @stopped: (nullable): when a retraining was stopped that can be gone on with */
void
runet_retrain_intake_set_stopped (RunetRetrainIntake *self, GDateTime *stopped);
/* What was chosen, over the defaults. */
void
runet_retrain_intake_get_settings (RunetRetrainIntake *self,
                                   RunetRetrainingSettings *settings);

G_END_DECLS
