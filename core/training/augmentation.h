/* Random small changes of a training image: place, turn, size, gain and gamma.
 *
 * Never mirrored: left and right of an apical view are anatomy. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RunetAugmentation: one draw
 * @shift_x, @shift_y: fractions of the side, ±0.10
 * @angle_rad: ±10°
 * @scale: 0.8 … 1.1
 * @gain: 0.8 … 1.2 and @gamma: 0.7 … 1.4 (chosen): output = gain · input^gamma
 */
typedef struct {
  double shift_x, shift_y;
  double angle_rad;
  double scale;
  double gain, gamma;
} RunetAugmentation;

void
runet_augmentation_draw (RunetAugmentation *self, GRand *random);

/**
 * runet_augmentation_get_matrix:
 * @matrix: (out): pixel (x, y) of the changed image, from 0, shows the place (m[0] x + m[1] y + m[2],
 *   m[3] x + m[4] y + m[5]) of the original, the centre of its first pixel at (0, 0)
 *
 * Single precision, but to be multiplied and added in double: the products with pixel numbers are then exact, so that processors
 * and GPUs, with fused multiply-adds or without, come to the same place, and to the same label.
 */
void
runet_augmentation_get_matrix (const RunetAugmentation *self,
                               gsize size,
                               float matrix[6]);

/**
 * runet_augmentation_apply:
 * @image, @labels: S × S
 * @weights: (nullable): S × S; without them all pixels weigh 1
 * @out_image: S × S, grey / 255 in [0, 1]; bilinear, black where the image ends
 * @out_labels: S × S; nearest, background where the image ends
 * @out_weights: (nullable): S × S; those of the pixels that @out_labels come from, 1 where the image ends
 */
void
runet_augmentation_apply (const RunetAugmentation *self,
                          const guint8 *image,
                          const guint8 *labels,
                          const guint8 *weights,
                          gsize size,
                          float *out_image,
                          guint8 *out_labels,
                          guint8 *out_weights);

G_END_DECLS
