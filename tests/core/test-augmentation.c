/* Augmentation: the same draw gives the same image, and each part does what it says. */
#include "core/training/augmentation.h"

#include <math.h>
#include <string.h>

#define SIZE 64
#define PIXELS (SIZE * SIZE)

static const RunetAugmentation nothing = {.scale = 1, .gain = 1, .gamma = 1};

static void
fill (guint8 *image, guint8 *labels) {
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++) {
      image[y * SIZE + x] = (guint8)((x * 5 + y * 3) % 256);
      labels[y * SIZE + x] = x >= 20 && x < 36 && y >= 10 && y < 40 ? 1 : 0;
    }
}

static void
test_identity (void) {
  guint8 image[PIXELS], labels[PIXELS], out_labels[PIXELS];
  float out[PIXELS];
  fill (image, labels);
  runet_augmentation_apply (&nothing, image, labels, NULL, SIZE, out, out_labels, NULL);
  g_assert_cmpmem (out_labels, PIXELS, labels, PIXELS);
  for (gsize i = 0; i < PIXELS; i++)
    g_assert_cmpfloat_with_epsilon (out[i], image[i] / 255.0f, 1e-6f);
}

/* A shift of an eighth moves everything eight pixels right and, halved, four up. */
static void
test_shift (void) {
  guint8 image[PIXELS], labels[PIXELS], out_labels[PIXELS];
  float out[PIXELS];
  fill (image, labels);
  RunetAugmentation shift = nothing;
  shift.shift_x = 8.0 / SIZE;
  shift.shift_y = -4.0 / SIZE;
  runet_augmentation_apply (&shift, image, labels, NULL, SIZE, out, out_labels, NULL);
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++) {
      int from_x = x - 8, from_y = y + 4;
      gboolean inside = from_x >= 0 && from_y < SIZE;
      gsize from = inside ? (gsize)(from_y * SIZE + from_x) : 0;
      g_assert_cmpuint (out_labels[y * SIZE + x], ==, inside ? labels[from] : 0);
      g_assert_cmpfloat_with_epsilon (out[y * SIZE + x],
                                      inside ? image[from] / 255.0f : 0, 1e-5f);
    }
}

/* A quarter turn is exact on a square: what was at the right comes to lie below. */
static void
test_turn (void) {
  guint8 image[PIXELS], labels[PIXELS], out_labels[PIXELS];
  float out[PIXELS];
  fill (image, labels);
  RunetAugmentation turn = nothing;
  turn.angle_rad = G_PI / 2;
  runet_augmentation_apply (&turn, image, labels, NULL, SIZE, out, out_labels, NULL);
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++)
      g_assert_cmpuint (out_labels[x * SIZE + (SIZE - 1 - y)], ==,
                        labels[y * SIZE + x]);
}

/* Half the size is a quarter of the area, about the centre. */
static void
test_scale (void) {
  guint8 image[PIXELS] = {0}, labels[PIXELS] = {0}, out_labels[PIXELS];
  float out[PIXELS];
  for (int y = 16; y < 48; y++)
    memset (labels + y * SIZE + 16, 3, 32);
  RunetAugmentation scale = nothing;
  scale.scale = 0.5;
  runet_augmentation_apply (&scale, image, labels, NULL, SIZE, out, out_labels, NULL);
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++) {
      gboolean inside = x >= 24 && x < 40 && y >= 24 && y < 40;
      g_assert_cmpuint (out_labels[y * SIZE + x], ==, inside ? 3 : 0);
    }
}

static void
test_gain_and_gamma (void) {
  guint8 image[PIXELS], labels[PIXELS], out_labels[PIXELS];
  float out[PIXELS];
  fill (image, labels);
  RunetAugmentation grey = nothing;
  grey.gain = 1.2;
  grey.gamma = 0.7;
  runet_augmentation_apply (&grey, image, labels, NULL, SIZE, out, out_labels, NULL);
  for (gsize i = 0; i < PIXELS; i++) {
    double expected = MIN (1, 1.2 * pow (image[i] / 255.0, 0.7));
    g_assert_cmpfloat_with_epsilon (out[i], expected, 1e-5);
  }
}

static void
test_draw (void) {
  guint32 seed[] = {1, 2, 3}, other[] = {1, 2, 4};
  g_autoptr (GRand) first = g_rand_new_with_seed_array (seed, 3);
  g_autoptr (GRand) second = g_rand_new_with_seed_array (seed, 3);
  g_autoptr (GRand) third = g_rand_new_with_seed_array (other, 3);
  RunetAugmentation a, b, c;
  runet_augmentation_draw (&a, first);
  runet_augmentation_draw (&b, second);
  runet_augmentation_draw (&c, third);
  g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
  g_assert_cmpfloat (a.angle_rad, !=, c.angle_rad);
  for (int i = 0; i < 1000; i++) {
    runet_augmentation_draw (&a, first);
    g_assert_cmpfloat (fabs (a.shift_x), <=, 0.1);
    g_assert_cmpfloat (fabs (a.shift_y), <=, 0.1);
    g_assert_cmpfloat (fabs (a.angle_rad), <=, 10 * G_PI / 180);
    g_assert_true (a.scale >= 0.8 && a.scale <= 1.1);
    g_assert_true (a.gain >= 0.8 && a.gain <= 1.2);
    g_assert_true (a.gamma >= 0.7 && a.gamma <= 1.4);
  }
}

/* Weights go where their labels go; what comes from beyond the image weighs as much as anything. */
static void
test_weights (void) {
  guint8 image[PIXELS], labels[PIXELS], weights[PIXELS], out_labels[PIXELS],
      out_weights[PIXELS];
  float out[PIXELS];
  fill (image, labels);
  for (gsize i = 0; i < PIXELS; i++)
    weights[i] = labels[i] == 0;
  guint32 seed[] = {4, 5, 6};
  g_autoptr (GRand) random = g_rand_new_with_seed_array (seed, 3);
  RunetAugmentation draw;
  runet_augmentation_draw (&draw, random);
  runet_augmentation_apply (&draw, image, labels, weights, SIZE, out, out_labels,
                            out_weights);
  gsize unsure = 0;
  for (gsize i = 0; i < PIXELS; i++) {
    g_assert_cmpuint (out_weights[i], ==, out_labels[i] == 0);
    unsure += out_weights[i] == 0;
  }
  g_assert_cmpuint (unsure, >, 100);
  runet_augmentation_apply (&draw, image, labels, NULL, SIZE, out, out_labels,
                            out_weights);
  for (gsize i = 0; i < PIXELS; i++)
    g_assert_cmpuint (out_weights[i], ==, 1);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/augmentation/identity", test_identity);
  g_test_add_func ("/training/augmentation/shift", test_shift);
  g_test_add_func ("/training/augmentation/turn", test_turn);
  g_test_add_func ("/training/augmentation/scale", test_scale);
  g_test_add_func ("/training/augmentation/gain-and-gamma", test_gain_and_gamma);
  g_test_add_func ("/training/augmentation/draw", test_draw);
  g_test_add_func ("/training/augmentation/weights", test_weights);
  return g_test_run ();
}
