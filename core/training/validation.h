/* How well a network does on images it does not learn from. */
#pragma once

#include "core/models/model.h"
#include "core/nn/plan.h"
#include "history.h"
#include "samples.h"

G_BEGIN_DECLS

typedef struct _RunetValidation RunetValidation;

/* @samples is borrowed. Errors: those of runet_plan_new(). */
RunetValidation *
runet_validation_new (RunetEngine *engine,
                      RunetPool *pool,
                      const RunetModel *model,
                      const RunetSamples *samples,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_validation_free (RunetValidation *validation);

/**
 * runet_validation_run:
 * @dice: (out): mean Dice over the images, for each stage and structure
 * @progress: (nullable): counts images
 *
 * Dice of the arg max at the network's resolution, without clean-up; 1 where a structure is in
 * neither of the two masks. FALSE only when cancelled.
 */
gboolean
runet_validation_run (RunetValidation *validation,
                      double dice[RUNET_TRAINING_STAGES][RUNET_STRUCTURES],
                      RunetProgressFunc progress,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetValidation, runet_validation_free)

G_END_DECLS
