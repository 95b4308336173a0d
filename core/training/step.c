/* One step of training: which kind, and the calls of its kind. */
#include "step.h"

RunetStep *
runet_step_new (const RunetStepSetup *setup, GError **error) {
  return runet_host_step_new (setup, error);
}

void
runet_step_free (RunetStep *self) {
  if (self != NULL)
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
