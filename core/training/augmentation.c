/* Random small changes of a training image: place, turn, size, gain and gamma. */
#include "augmentation.h"

#include <math.h>

/* design/networks.md; gain and gamma are chosen. */
#define MAX_SHIFT 0.10
#define MAX_ANGLE_RAD (10 * G_PI / 180)
#define MIN_SCALE 0.8
#define MAX_SCALE 1.1
#define MIN_GAIN 0.8
#define MAX_GAIN 1.2
#define MIN_GAMMA 0.7
#define MAX_GAMMA 1.4

void
runet_augmentation_draw (RunetAugmentation *self, GRand *random) {
  self->shift_x = g_rand_double_range (random, -MAX_SHIFT, MAX_SHIFT);
  self->shift_y = g_rand_double_range (random, -MAX_SHIFT, MAX_SHIFT);
  self->angle_rad = g_rand_double_range (random, -MAX_ANGLE_RAD, MAX_ANGLE_RAD);
  self->scale = g_rand_double_range (random, MIN_SCALE, MAX_SCALE);
  self->gain = g_rand_double_range (random, MIN_GAIN, MAX_GAIN);
  self->gamma = g_rand_double_range (random, MIN_GAMMA, MAX_GAMMA);
}

/* For a pixel of the result, where it comes from: the shift undone, then the turn and the size undone about the
 * centre. */
void
runet_augmentation_get_matrix (const RunetAugmentation *self,
                               gsize size,
                               float matrix[6]) {
  const double centre = ((double)size - 1) / 2;
  const double cosine = cos (self->angle_rad) / self->scale;
  const double sine = sin (self->angle_rad) / self->scale;
  const double x = centre + self->shift_x * (double)size;
  const double y = centre + self->shift_y * (double)size;
  matrix[0] = (float)cosine;
  matrix[1] = (float)sine;
  matrix[2] = (float)(centre - cosine * x - sine * y);
  matrix[3] = (float)-sine;
  matrix[4] = (float)cosine;
  matrix[5] = (float)(centre + sine * x - cosine * y);
}

static void
make_grey_table (const RunetAugmentation *self, float table[256]) {
  for (int grey = 0; grey < 256; grey++) {
    double value = self->gain * pow (grey / 255.0, self->gamma);
    table[grey] = (float)CLAMP (value, 0, 1);
  }
}

static inline float
grey_at (const guint8 *image, gssize size, const float table[256], gssize x, gssize y) {
  if (x < 0 || y < 0 || x >= size || y >= size)
    return 0;
  return table[image[y * size + x]];
}

/* @x, @y: place in the image, the centre of pixel (0, 0) at (0, 0). */
static float
interpolate (const guint8 *image,
             gssize size,
             const float table[256],
             double x,
             double y) {
  gssize x0 = (gssize)floor (x), y0 = (gssize)floor (y);
  float fx = (float)(x - (double)x0), fy = (float)(y - (double)y0);
  float top = (1 - fx) * grey_at (image, size, table, x0, y0) +
              fx * grey_at (image, size, table, x0 + 1, y0);
  float bottom = (1 - fx) * grey_at (image, size, table, x0, y0 + 1) +
                 fx * grey_at (image, size, table, x0 + 1, y0 + 1);
  return (1 - fy) * top + fy * bottom;
}

void
runet_augmentation_apply (const RunetAugmentation *self,
                          const guint8 *image,
                          const guint8 *labels,
                          const guint8 *weights,
                          gsize size,
                          float *out_image,
                          guint8 *out_labels,
                          guint8 *out_weights) {
  float table[256];
  make_grey_table (self, table);

  float matrix[6];
  runet_augmentation_get_matrix (self, size, matrix);
  const double m[] = {matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]};
  gssize side = (gssize)size;
  for (gssize row = 0; row < side; row++)
    for (gssize column = 0; column < side; column++) {
      double x = m[0] * (double)column + m[1] * (double)row + m[2];
      double y = m[3] * (double)column + m[4] * (double)row + m[5];
      gssize nearest_x = (gssize)floor (x + 0.5);
      gssize nearest_y = (gssize)floor (y + 0.5);
      gboolean inside =
          nearest_x >= 0 && nearest_y >= 0 && nearest_x < side && nearest_y < side;
      gssize at = row * side + column;
      out_image[at] = interpolate (image, side, table, x, y);
      gssize from = nearest_y * side + nearest_x;
      out_labels[at] = inside ? labels[from] : 0;
      if (out_weights != NULL)
        out_weights[at] = inside && weights != NULL ? weights[from] : 1;
    }
}
