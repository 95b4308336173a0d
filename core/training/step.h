/* One step of training: from a batch's place in the epoch to changed weights.
 *
 * Where the weights are while a training runs is the step's business: the model's own parameters, or the memory of a
 * GPU. Whoever reads or writes the model or the moments from outside goes through pull and push. */
#pragma once

#include "adam.h"
#include "batches.h"
#include "communicator.h"
#include "core/models/model.h"
#include "core/nn/plan.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * RunetStepSetup: what a training gives its step; everything is borrowed and outlives it
 * @model, @adam, @loss_scale: what is learned, and what Adam keeps of it
 * @batches: shuffled for the epoch before its first step; shared out among the processes of @communicator
 * @communicator: (nullable): the processes that train together. What fails in one step of one of them fails in all: the
 *   kind of step sees to that.
 */
typedef struct {
  RunetEngine *engine;
  RunetPool *pool;
  RunetModel *model;
  RunetAdam *adam;
  RunetLossScale *loss_scale;
  RunetBatches *batches;
  const RunetTrainingSettings *settings;
  RunetCommunicator *communicator;
} RunetStepSetup;

typedef struct _RunetStep RunetStep;

typedef struct {
  gboolean (*run) (RunetStep *step,
                   gsize number,
                   double learning_rate,
                   double *losses,
                   GCancellable *cancellable,
                   GError **error);
  gboolean (*push) (RunetStep *step, GError **error);
  gboolean (*pull) (RunetStep *step, GError **error);
  void (*free) (RunetStep *step);
} RunetStepClass;

/* The first member of every kind of step. */
struct _RunetStep {
  const RunetStepClass *class;
  RunetStepSetup setup;
  char *description;
};

/**
 * runet_step_new:
 *
 * On a GPU when the engine has one, in all the processes. When its memory holds the network but not the images, the
 * processor fills the batches and keeps the weights; when it does not hold the network, the processor does all.
 * Collective. Errors: those of runet_plan_new().
 */
RunetStep *
runet_step_new (const RunetStepSetup *setup, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_step_free (RunetStep *step);

/**
 * runet_step_run:
 * @number: of the batch, from 0, in the epoch that the batches were shuffled for
 * @losses: (out): one a stage of the network, not weighted. A step with one that is not finite has changed no weight.
 *
 * Errors: %G_IO_ERROR_CANCELLED; what was learned is then that of the step before.
 */
gboolean
runet_step_run (RunetStep *step,
                gsize number,
                double learning_rate,
                double *losses,
                GCancellable *cancellable,
                GError **error);

/* One line for people: which engine it is, and why. */
const char *
runet_step_get_description (const RunetStep *step);

/* The step goes on from what is in the model and the moments … */
gboolean
runet_step_push (RunetStep *step, GError **error);
/* … and this brings what was learned into them. */
gboolean
runet_step_pull (RunetStep *step, GError **error);

/* The kinds of steps. @plan: (transfer full): for training, with as many images as a batch. */
RunetStep *
runet_host_step_new (const RunetStepSetup *setup,
                     RunetPlan *plan) G_GNUC_WARN_UNUSED_RESULT;
/* All on the GPU of @plan: (transfer full) when it succeeds. Collective: it fails in all processes alike. */
RunetStep *
runet_device_step_new (const RunetStepSetup *setup,
                       RunetPlan *plan,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetStep, runet_step_free)

G_END_DECLS
