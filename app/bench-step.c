/* A training step on made-up images. */
#include "bench-step.h"

#include "core/base/error.h"
#include "core/training/step.h"

/* A step small enough that the weights stay where they are sensible. */
#define LEARNING_RATE 1e-6
#define SEED 7
#define BATCHES 4

struct _RunetBenchStep {
  RunetTrainingSettings settings;
  RunetSamples *samples;
  RunetBatches *batches;
  RunetAdam *adam;
  RunetLossScale loss_scale;
  RunetStep *step;
  gsize next; /* batch of the epoch */
};

/* Noise stands in for the image, blocks for the structures: no kernel's time depends on values. */
static void
add_samples (RunetSamples *samples, gsize count, guint classes) {
  const gsize pixels = samples->size * samples->size;
  g_autofree guint8 *image = g_malloc (pixels);
  g_autofree guint8 *labels = g_malloc (pixels);
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  for (gsize i = 0; i < pixels; i++)
    labels[i] = (guint8)(i / MAX (1, pixels / 4) % classes);
  for (gsize k = 0; k < count; k++) {
    g_autofree char *name = g_strdup_printf ("bench%04zu", k);
    for (gsize i = 0; i < pixels; i++)
      image[i] = (guint8)g_rand_int_range (random, 0, 256);
    runet_samples_add_pair (samples, name, image, labels, NULL);
  }
}

/* A step goes back to the processor where it has to; its time would be taken for the GPU's. */
static gboolean
check_engine (const RunetStep *step, const RunetEngine *engine, GError **error) {
  const char *expected = runet_engine_get_description (engine);
  const char *found = runet_step_get_description (step);
  if (g_str_equal (expected, found))
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE, "expected %s, found %s",
               expected, found);
  return FALSE;
}

RunetBenchStep *
runet_bench_step_new (RunetEngine *engine,
                      RunetModel *model,
                      guint batch,
                      GError **error) {
  const RunetHyperparameters *h = &model->hyperparameters;
  GArray *parameters = model->graph->parameters;
  g_autoptr (RunetBenchStep) self = g_new0 (RunetBenchStep, 1);
  g_autofree gsize *sizes = g_new (gsize, parameters->len);
  for (guint i = 0; i < parameters->len; i++)
    sizes[i] = g_array_index (parameters, RunetParameter, i).count;
  runet_training_settings_init (&self->settings, h->architecture);
  self->settings.hyperparameters = *h;
  self->settings.batch = batch;
  self->settings.learning_rate = LEARNING_RATE;
  self->samples = runet_samples_new (h->input_size);
  add_samples (self->samples, (gsize)batch * BATCHES, h->classes);
  self->batches = runet_batches_new (self->samples, batch, SEED, TRUE);
  runet_batches_shuffle (self->batches, 0);
  self->adam = runet_adam_new (sizes, parameters->len);
  const RunetStepSetup setup = {
      .engine = engine,
      .pool = runet_engine_get_pool (engine),
      .model = model,
      .adam = self->adam,
      .loss_scale = &self->loss_scale,
      .batches = self->batches,
      .settings = &self->settings,
  };
  self->step = runet_step_new (&setup, error);
  if (self->step == NULL || !check_engine (self->step, engine, error) ||
      !runet_step_push (self->step, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
runet_bench_step_free (RunetBenchStep *self) {
  if (self == NULL)
    return;
  runet_step_free (self->step);
  g_clear_pointer (&self->adam, runet_adam_free);
  g_clear_pointer (&self->batches, runet_batches_free);
  g_clear_pointer (&self->samples, runet_samples_free);
  g_free (self);
}

gboolean
runet_bench_step_run (RunetBenchStep *self, GCancellable *cancellable, GError **error) {
  double losses[RUNET_TRAINING_STAGES];
  const gsize number = self->next;
  self->next = (number + 1) % self->batches->count;
  return runet_step_run (self->step, number, self->settings.learning_rate, losses,
                         cancellable, error);
}
