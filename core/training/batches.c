/* The images of a training, batch by batch. */
#include "batches.h"

#include <string.h>

#include "augmentation.h"

/* Tells the generator of the order from those of the images. */
#define ORDER G_MAXUINT32

static gboolean
has_weights (const RunetSamples *samples) {
  for (guint i = 0; i < samples->samples->len; i++)
    if (((const RunetSample *)samples->samples->pdata[i])->weights != NULL)
      return TRUE;
  return FALSE;
}

RunetBatches *
runet_batches_new (const RunetSamples *samples,
                   gsize batch,
                   guint32 seed,
                   gboolean augment) {
  RunetBatches *self = g_new0 (RunetBatches, 1);
  gsize pixels = batch * samples->size * samples->size;
  self->samples = samples;
  self->batch = self->whole = batch;
  self->images = runet_samples_count_epoch (samples);
  self->count = (self->images + batch - 1) / batch;
  self->seed = seed;
  self->augment = augment;
  /* Room also for the samples that an epoch is drawn from. */
  self->order = g_new (guint, self->images + samples->samples->len);
  self->labels = g_new (guint8, pixels);
  if (has_weights (samples))
    self->weights = g_new (guint8, pixels);
  return self;
}

void
runet_batches_free (RunetBatches *self) {
  if (self == NULL)
    return;
  g_free (self->order);
  g_free (self->labels);
  g_free (self->weights);
  g_free (self);
}

void
runet_batches_share (RunetBatches *self, guint rank, guint size) {
  g_return_if_fail (size > 0 && rank < size && self->whole % size == 0);
  self->batch = self->whole / size;
  self->first = rank * self->batch;
}

/* Which images an epoch is made of. */
static void
draw (RunetBatches *self, GRand *random) {
  const RunetMix *mix = &self->samples->mix;
  guint count = self->samples->samples->len;
  guint leading = mix->repeat > 0 ? MIN (mix->leading, count) : 0;
  gsize place = 0;
  for (guint r = 0; r < mix->repeat; r++)
    for (guint i = 0; i < leading; i++)
      self->order[place++] = i;
  guint others = count - leading;
  if (mix->repeat == 0) {
    for (guint i = 0; i < count; i++)
      self->order[i] = i;
    return;
  }
  /* Whole rounds of all the others, and what is left is the beginning of a shuffle of them. */
  for (; self->images - place > others && others > 0; place += others)
    for (guint i = 0; i < others; i++)
      self->order[place + i] = leading + i;
  guint *rest = self->order + place;
  for (guint i = 0; i < others; i++)
    rest[i] = leading + i;
  for (guint i = 0; i < self->images - place; i++) {
    guint j = (guint)g_rand_int_range (random, (gint32)i, (gint32)others);
    guint swapped = rest[i];
    rest[i] = rest[j];
    rest[j] = swapped;
  }
}

/* The order of an epoch: Fisher and Yates, from the seed and the epoch alone. */
void
runet_batches_shuffle (RunetBatches *self, guint epoch) {
  guint count = (guint)self->images;
  guint32 seed[] = {self->seed, epoch, ORDER};
  g_autoptr (GRand) random = g_rand_new_with_seed_array (seed, G_N_ELEMENTS (seed));
  self->epoch = epoch;
  draw (self, random);
  for (guint i = count; i > 1; i--) {
    guint j = (guint)g_rand_int_range (random, 0, (gint32)i);
    guint swapped = self->order[i - 1];
    self->order[i - 1] = self->order[j];
    self->order[j] = swapped;
  }
}

/* @weights: (nullable). */
static void
copy_sample (const RunetSample *sample,
             gsize pixels,
             float *input,
             guint8 *labels,
             guint8 *weights) {
  for (gsize i = 0; i < pixels; i++)
    input[i] = (float)sample->image[i] / 255;
  memcpy (labels, sample->labels, pixels);
  if (weights != NULL && sample->weights != NULL)
    memcpy (weights, sample->weights, pixels);
  else if (weights != NULL)
    memset (weights, 1, pixels);
}

static guint
get_index (const RunetBatches *self, gsize place) {
  return self->order[place % self->images];
}

static void
draw_change (const RunetBatches *self, gsize place, RunetAugmentation *change) {
  guint32 seed[] = {self->seed, self->epoch, (guint32)place};
  g_autoptr (GRand) random = g_rand_new_with_seed_array (seed, G_N_ELEMENTS (seed));
  runet_augmentation_draw (change, random);
}

static void
fill_cb (gsize task, guint worker, gpointer user_data) {
  RunetBatches *self = user_data;
  gsize size = self->samples->size, pixels = size * size;
  gsize place = self->place + task;
  const RunetSample *sample =
      g_ptr_array_index (self->samples->samples, get_index (self, place));
  float *input = self->input + task * pixels;
  guint8 *labels = self->labels + task * pixels;
  guint8 *weights = self->weights != NULL ? self->weights + task * pixels : NULL;
  if (!self->augment) {
    copy_sample (sample, pixels, input, labels, weights);
    return;
  }
  RunetAugmentation augmentation;
  draw_change (self, place, &augmentation);
  runet_augmentation_apply (&augmentation, sample->image, sample->labels,
                            sample->weights, size, input, labels, weights);
}

void
runet_batches_fill (RunetBatches *self, RunetPool *pool, gsize number, float *input) {
  self->place = number * self->whole + self->first;
  self->input = input;
  runet_pool_run (pool, self->batch, fill_cb, self);
}

void
runet_batches_place (const RunetBatches *self, gsize number, RunetDevicePlace *places) {
  for (gsize i = 0; i < self->batch; i++) {
    const gsize place = number * self->whole + self->first + i;
    places[i] =
        (RunetDevicePlace){.index = get_index (self, place), .changed = self->augment};
    if (!self->augment)
      continue;
    RunetAugmentation augmentation;
    draw_change (self, place, &augmentation);
    runet_augmentation_get_matrix (&augmentation, self->samples->size,
                                   places[i].matrix);
    places[i].gain = (float)augmentation.gain;
    places[i].gamma = (float)augmentation.gamma;
  }
}
