/* Between the native grid and the network's square: pixel centres at half-integers, borders
 * clamped. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bilinear; @scale multiplies (1/255 makes grey a network input). Shrinking does not prefilter,
 * as in [TMI]'s code. */
void runet_resample_bilinear (const float *from, gsize from_width, gsize from_height, float *to,
                              gsize to_width, gsize to_height, float scale);
void runet_resample_nearest (const guint8 *from, gsize from_width, gsize from_height, guint8 *to,
                             gsize to_width, gsize to_height);
/* @probabilities: from_h × from_w × classes (NHWC). Interpolates the probabilities, then takes the
 * most probable class. */
void runet_resample_argmax (const float *probabilities, gsize classes, gsize from_width,
                            gsize from_height, guint8 *labels, gsize to_width, gsize to_height);

G_END_DECLS
