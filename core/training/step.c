/* One step of training: which kind, and the calls of its kind. */
#include "step.h"

#include "core/base/error.h"
#include "core/nn/engine.h"

static RunetPlan *
make_plan (const RunetStepSetup *setup, RunetEngine *engine, GError **error) {
  const gsize size = setup->batches->samples->size;
  return runet_plan_new (engine, setup->model->graph, setup->batches->batch, size, size,
                         RUNET_PLAN_TRAINING, error);
}

static RunetStep *
make_host_step (const RunetStepSetup *setup, RunetPlan *plan, const char *more) {
  const char *engine = runet_engine_get_description (runet_plan_get_engine (plan));
  RunetStep *step = runet_host_step_new (setup, plan);
  step->description = g_strconcat (engine, more, NULL);
  return step;
}

/* What is on the GPU cannot be all of the training. The float16 of a plan is not enough by itself: it is the training
 * on the device that scales the loss. */
static RunetStep *
step_back (const RunetStepSetup *setup,
           RunetPlan *plan,
           const char *reason,
           GError **error) {
  if (runet_plan_get_device_plan (plan) == NULL)
    return make_host_step (setup, plan, "");
  RunetEngine *engine = runet_plan_get_engine (plan);
  if (runet_engine_get_precision (engine) != RUNET_PRECISION_FLOAT16) {
    g_autofree char *more =
        g_strdup_printf ("; batches and weights on the processor, because %s", reason);
    return make_host_step (setup, plan, more);
  }
  g_autoptr (RunetEngine) instead = runet_engine_new_instead (engine, reason);
  runet_plan_free (plan);
  plan = make_plan (setup, instead, error);
  return plan != NULL ? make_host_step (setup, plan, "") : NULL;
}

/* How many of the processes have their plans on a GPU. */
static gboolean
all_on_devices (const RunetStepSetup *setup,
                const RunetPlan *plan,
                gboolean *all,
                GError **error) {
  const guint size = runet_communicator_get_size (setup->communicator);
  const gboolean here = plan != NULL && runet_plan_get_device_plan (plan) != NULL;
  double count[2] = {here};
  if (!runet_communicator_sum_doubles (setup->communicator, plan != NULL, count, 1,
                                       error))
    return FALSE;
  *all = count[0] == size;
  return TRUE;
}

RunetStep *
runet_step_new (const RunetStepSetup *setup, GError **error) {
  gboolean all = FALSE;
  g_autoptr (RunetPlan) plan = make_plan (setup, setup->engine, error);
  if (!all_on_devices (setup, plan, &all, error))
    return NULL;
  if (!all)
    return step_back (setup, g_steal_pointer (&plan),
                      "other processes of the training have no GPU", error);
  g_autoptr (GError) local = NULL;
  RunetStep *step = runet_device_step_new (setup, plan, &local);
  if (step != NULL) {
    step->description = g_strdup (
        runet_engine_get_description (runet_plan_get_engine (g_steal_pointer (&plan))));
    return step;
  }
  if (g_error_matches (local, RUNET_ERROR, RUNET_ERROR_MEMORY))
    return step_back (setup, g_steal_pointer (&plan),
                      "the GPU's memory does not hold the images as well", error);
  if (g_error_matches (local, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED))
    return step_back (setup, g_steal_pointer (&plan), local->message, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

void
runet_step_free (RunetStep *self) {
  if (self == NULL)
    return;
  g_free (self->description);
  self->class->free (self);
}

gboolean
runet_step_run (RunetStep *self,
                gsize number,
                double learning_rate,
                double *losses,
                GCancellable *cancellable,
                GError **error) {
  return self->class->run (self, number, learning_rate, losses, cancellable, error);
}

gboolean
runet_step_push (RunetStep *self, GError **error) {
  return self->class->push (self, error);
}

gboolean
runet_step_pull (RunetStep *self, GError **error) {
  return self->class->pull (self, error);
}

const char *
runet_step_get_description (const RunetStep *self) {
  return self->description;
}
