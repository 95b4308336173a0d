/* How well a network does on images it does not learn from. */
#include "validation.h"

#include <string.h>

/* Images at once: more keep the small maps busy, fewer take less memory. */
#define BATCH 4

struct _RunetValidation {
  RunetPool *pool;
  const RunetModel *model;
  const RunetSamples *samples;
  RunetPlan *plan;
  guint stages;
  gsize batch;
  RunetCommunicator *communicator; /* (nullable) */
  gsize begin, end; /* of this process's images */
  double *
      dice; /* samples × stages × RUNET_STRUCTURES, and one number for the communicator */

  gsize first; /* of the batch that is being measured */
};

RunetValidation *
runet_validation_new (RunetEngine *engine,
                      RunetPool *pool,
                      const RunetModel *model,
                      const RunetSamples *samples,
                      RunetCommunicator *communicator,
                      GError **error) {
  g_return_val_if_fail (samples->samples->len > 0, NULL);
  gsize count = samples->samples->len;
  gsize rank = runet_communicator_get_rank (communicator);
  gsize size = runet_communicator_get_size (communicator);
  gsize begin = count * rank / size, end = count * (rank + 1) / size;
  /* With more processes than images some have none. */
  gsize batch = CLAMP (end - begin, 1, BATCH);
  RunetPlan *plan = runet_plan_new (engine, model->graph, batch, samples->size,
                                    samples->size, RUNET_PLAN_INFERENCE, error);
  if (plan == NULL)
    return NULL;
  RunetValidation *self = g_new0 (RunetValidation, 1);
  self->pool = pool;
  self->model = model;
  self->samples = samples;
  self->plan = plan;
  self->stages = model->graph->outputs->len;
  self->batch = batch;
  self->communicator = communicator;
  self->begin = begin;
  self->end = end;
  self->dice = g_new0 (double, count * self->stages * RUNET_STRUCTURES + 1);
  return self;
}

void
runet_validation_free (RunetValidation *self) {
  if (self == NULL)
    return;
  runet_plan_free (self->plan);
  g_free (self->dice);
  g_free (self);
}

/* Whether label @label belongs to each structure, as bits. */
static guint
structures_of (guint label) {
  switch (label) {
  case RUNET_LABEL_LV:
    return 1 << RUNET_STRUCTURE_ENDO | 1 << RUNET_STRUCTURE_EPI;
  case RUNET_LABEL_MYOCARDIUM:
    return 1 << RUNET_STRUCTURE_EPI;
  case RUNET_LABEL_LA:
    return 1 << RUNET_STRUCTURE_LA;
  default:
    return 0;
  }
}

static guint
most_probable (const float *p, gsize classes) {
  guint best = 0;
  for (guint c = 1; c < classes; c++)
    if (p[c] > p[best])
      best = c;
  return best;
}

static void
measure (const RunetTensor *output,
         gsize image,
         const guint8 *labels,
         double dice[RUNET_STRUCTURES]) {
  gsize both[RUNET_STRUCTURES] = {0}, sum[RUNET_STRUCTURES] = {0};
  gsize pixels = output->h * output->w;
  const float *p = runet_tensor_pixel (output, image, 0, 0);
  for (gsize i = 0; i < pixels; i++, p += output->stride) {
    guint found = structures_of (most_probable (p, output->c));
    guint expected = structures_of (labels[i]);
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      both[s] += (found & expected) >> s & 1;
      sum[s] += (found >> s & 1) + (expected >> s & 1);
    }
  }
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    dice[s] = sum[s] > 0 ? 2 * (double)both[s] / (double)sum[s] : 1;
}

static void
measure_cb (gsize task, guint worker, gpointer user_data) {
  const RunetValidation *self = user_data;
  gsize image = task / self->stages;
  guint stage = (guint)(task % self->stages);
  gsize index = self->first + image;
  const RunetSample *sample = g_ptr_array_index (self->samples->samples, index);
  measure (runet_plan_get_output (self->plan, stage), image, sample->labels,
           self->dice + (index * self->stages + stage) * RUNET_STRUCTURES);
}

static void
fill_cb (gsize task, guint worker, gpointer user_data) {
  const RunetValidation *self = user_data;
  gsize pixels = self->samples->size * self->samples->size;
  const RunetSample *sample =
      g_ptr_array_index (self->samples->samples, self->first + task);
  float *input = runet_plan_get_input (self->plan) + task * pixels;
  for (gsize i = 0; i < pixels; i++)
    input[i] = (float)sample->image[i] / 255;
}

/* Of this process's images, into their places. */
static gboolean
measure_share (RunetValidation *self,
               RunetProgressFunc progress,
               gpointer user_data,
               GCancellable *cancellable,
               GError **error) {
  runet_plan_set_parameters (self->plan, (const float *const *)self->model->parameters);
  for (self->first = self->begin; self->first < self->end; self->first += self->batch) {
    /* The last batch may be short: what an earlier one left in the other places is run again
     * and not looked at. */
    gsize images = MIN (self->batch, self->end - self->first);
    runet_pool_run (self->pool, images, fill_cb, self);
    if (!runet_plan_forward (self->plan, cancellable, error))
      return FALSE;
    runet_pool_run (self->pool, images * self->stages, measure_cb, self);
    if (progress != NULL) {
      RunetProgress now = {self->first - self->begin + images, self->end - self->begin,
                           -1, "validation"};
      progress (&now, user_data);
    }
  }
  return TRUE;
}

gboolean
runet_validation_run (RunetValidation *self,
                      double dice[RUNET_TRAINING_STAGES][RUNET_STRUCTURES],
                      RunetProgressFunc progress,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error) {
  gsize count = self->samples->samples->len;
  gsize values = count * self->stages * RUNET_STRUCTURES;
  /* Zero where the others measure: their sum is then what each found, to the bit. */
  memset (self->dice, 0, values * sizeof (double));
  gboolean done = measure_share (self, progress, user_data, cancellable, error);
  if (!runet_communicator_sum_doubles (self->communicator, done, self->dice, values,
                                       error))
    return FALSE;

  for (guint k = 0; k < self->stages; k++)
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      double sum = 0;
      for (gsize i = 0; i < count; i++)
        sum += self->dice[(i * self->stages + k) * RUNET_STRUCTURES + s];
      dice[k][s] = sum / (double)count;
    }
  return TRUE;
}
