/* How well a network does on images it does not learn from. */
#pragma once

#include "communicator.h"
#include "core/models/model.h"
#include "core/nn/plan.h"
#include "history.h"
#include "samples.h"

G_BEGIN_DECLS

typedef struct _RunetValidation RunetValidation;

/* @samples and @communicator (nullable) are borrowed: its processes share the images. Errors: those of runet_plan_new(). */
RunetValidation *
runet_validation_new (RunetEngine *engine,
                      RunetPool *pool,
                      const RunetModel *model,
                      const RunetSamples *samples,
                      RunetCommunicator *communicator,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_validation_free (RunetValidation *validation);

/**
 * runet_validation_run:
 * @dice: (out): mean Dice over the images, for each stage and structure
 * @progress: (nullable): counts this process's images
 *
 * Dice of the arg max at the network's resolution, without clean-up; 1 where a structure is in
 * neither of the two masks. Collective; FALSE when cancelled here or in another process.
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
