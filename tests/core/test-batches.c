/* Which images an epoch is made of, and that labels and weights are those of their images. */
#include "core/training/batches.h"

#include <math.h>
#include <string.h>

#define SIZE 32
#define PIXELS (SIZE * SIZE)

/* Sample i is an image of grey i and labels of i % 4; odd ones have weights, all zero. */
static RunetSamples *
make_samples (guint count) {
  RunetSamples *samples = runet_samples_new (SIZE);
  for (guint i = 0; i < count; i++) {
    guint8 image[PIXELS], labels[PIXELS], weights[PIXELS] = {0};
    memset (image, (int)i, PIXELS);
    memset (labels, (int)(i % 4), PIXELS);
    g_autofree char *name = g_strdup_printf ("image%u", i);
    runet_samples_add_pair (samples, name, image, labels, i % 2 == 1 ? weights : NULL);
  }
  return samples;
}

/* How often each sample is in an epoch, by what the batches hold. */
static void
count_images (RunetBatches *batches, guint epoch, guint *counts) {
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  g_autofree float *input = g_new (float, batches->batch *PIXELS);
  runet_batches_shuffle (batches, epoch);
  for (gsize b = 0; b < batches->count; b++) {
    runet_batches_fill (batches, pool, b, input);
    for (gsize n = 0; n < batches->batch && b * batches->batch + n < batches->images;
         n++) {
      guint image = (guint)(input[n * PIXELS] * 255 + 0.5f);
      counts[image]++;
      g_assert_cmpuint (batches->labels[n * PIXELS], ==, image % 4);
      g_assert_cmpuint (batches->weights[n * PIXELS + 7], ==, image % 2 == 0);
    }
  }
}

static void
test_every_image_once (void) {
  g_autoptr (RunetSamples) samples = make_samples (11);
  g_autoptr (RunetBatches) batches = runet_batches_new (samples, 4, 9, FALSE);
  g_assert_cmpuint (batches->images, ==, 11);
  g_assert_cmpuint (batches->count, ==, 3);
  guint counts[11] = {0};
  count_images (batches, 0, counts);
  for (guint i = 0; i < 11; i++)
    g_assert_cmpuint (counts[i], ==, 1);
}

/* The first three twice in every epoch; of the others another handful each time, and in the end all. */
static void
test_mix (void) {
  g_autoptr (RunetSamples) samples = make_samples (20);
  samples->mix = (RunetMix){.leading = 3, .repeat = 2, .drawn = 5};
  g_autoptr (RunetBatches) batches = runet_batches_new (samples, 4, 9, FALSE);
  g_assert_cmpuint (batches->images, ==, 11);
  guint total[20] = {0}, first[20] = {0};
  for (guint epoch = 0; epoch < 30; epoch++) {
    guint counts[20] = {0}, drawn = 0;
    count_images (batches, epoch, counts);
    for (guint i = 0; i < 20; i++) {
      if (i < 3)
        g_assert_cmpuint (counts[i], ==, 2);
      else
        g_assert_cmpuint (counts[i], <=, 1);
      drawn += i >= 3 ? counts[i] : 0;
      total[i] += counts[i];
    }
    g_assert_cmpuint (drawn, ==, 5);
    if (epoch == 0)
      memcpy (first, counts, sizeof first);
  }
  for (guint i = 0; i < 20; i++)
    g_assert_cmpuint (total[i], >, 0);
  /* The same epoch again is the same. */
  guint again[20] = {0};
  count_images (batches, 0, again);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);
}

/* More to be drawn than there is: all of them, several times; and nothing to be drawn from. */
static void
test_short_mix (void) {
  g_autoptr (RunetSamples) samples = make_samples (5);
  samples->mix = (RunetMix){.leading = 2, .repeat = 3, .drawn = 8};
  g_assert_cmpuint (runet_samples_count_epoch (samples), ==, 14);
  g_autoptr (RunetBatches) more = runet_batches_new (samples, 4, 1, FALSE);
  guint drawn[5] = {0};
  count_images (more, 0, drawn);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (drawn[i], >=, i < 2 ? 3 : 2);
  g_assert_cmpuint (drawn[2] + drawn[3] + drawn[4], ==, 8);
  samples->mix = (RunetMix){.leading = 5, .repeat = 2, .drawn = 50};
  g_autoptr (RunetBatches) batches = runet_batches_new (samples, 8, 1, FALSE);
  guint counts[5] = {0};
  count_images (batches, 3, counts);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (counts[i], ==, 2);
}

/* The label that a place of a batch shows at pixel (x, y), by what a GPU is told of it. */
static guint8
find_label (const RunetSamples *samples, const RunetDevicePlace *place, int x, int y) {
  const RunetSample *sample = g_ptr_array_index (samples->samples, place->index);
  if (!place->changed)
    return sample->labels[y * SIZE + x];
  const double px = (double)place->matrix[0] * x + (double)place->matrix[1] * y;
  const double py = (double)place->matrix[3] * x + (double)place->matrix[4] * y;
  const int column = (int)floor (px + (double)place->matrix[2] + 0.5);
  const int row = (int)floor (py + (double)place->matrix[5] + 0.5);
  const gboolean inside = column >= 0 && row >= 0 && column < SIZE && row < SIZE;
  return inside ? sample->labels[row * SIZE + column] : 0;
}

/* What a GPU makes its batches of says the same as the batch of the processor. */
static void
check_places (gboolean augment) {
  g_autoptr (RunetSamples) samples = runet_samples_new (SIZE);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  for (guint i = 0; i < 7; i++) {
    guint8 image[PIXELS], labels[PIXELS];
    for (gsize j = 0; j < PIXELS; j++) {
      image[j] = (guint8)g_rand_int_range (random, 0, 256);
      labels[j] = (guint8)g_rand_int_range (random, 0, 4);
    }
    runet_samples_add_pair (samples, "noise", image, labels, NULL);
  }
  g_autoptr (RunetBatches) batches = runet_batches_new (samples, 4, 9, augment);
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  g_autofree float *input = g_new (float, 4 * PIXELS);
  for (guint epoch = 0; epoch < 3; epoch++) {
    runet_batches_shuffle (batches, epoch);
    for (gsize b = 0; b < batches->count; b++) {
      RunetDevicePlace places[4];
      runet_batches_fill (batches, pool, b, input);
      runet_batches_place (batches, b, places);
      for (gsize n = 0; n < 4; n++)
        for (int y = 0; y < SIZE; y++)
          for (int x = 0; x < SIZE; x++)
            g_assert_cmpuint (batches->labels[n * PIXELS + (gsize)(y * SIZE + x)], ==,
                              find_label (samples, &places[n], x, y));
    }
  }
}

static void
test_places (void) {
  check_places (FALSE);
  check_places (TRUE);
}

/* The mix and the weights are part of what a training is. */
static void
test_hash (void) {
  g_autoptr (RunetSamples) samples = make_samples (4);
  g_autofree char *plain = runet_samples_hash (samples);
  samples->mix = (RunetMix){.leading = 2, .repeat = 3, .drawn = 1};
  g_autofree char *mixed = runet_samples_hash (samples);
  g_assert_cmpstr (plain, !=, mixed);
  samples->mix = (RunetMix){0};
  RunetSample *sample = g_ptr_array_index (samples->samples, 1);
  sample->weights[5] = 1;
  g_autofree char *weighed = runet_samples_hash (samples);
  g_assert_cmpstr (plain, !=, weighed);
  g_clear_pointer (&sample->weights, g_free);
  g_autofree char *without = runet_samples_hash (samples);
  g_assert_cmpstr (plain, !=, without);
  g_assert_cmpstr (weighed, !=, without);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/batches/every-image-once", test_every_image_once);
  g_test_add_func ("/training/batches/mix", test_mix);
  g_test_add_func ("/training/batches/short-mix", test_short_mix);
  g_test_add_func ("/training/batches/places", test_places);
  g_test_add_func ("/training/batches/hash", test_hash);
  return g_test_run ();
}
