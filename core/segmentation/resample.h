/* Between the native grid and the network's square: pixel centres at half-integers, borders
 * clamped. Every buffer is the caller's; @from and @to must not overlap. Equal sizes copy
 * exactly. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bilinear; @scale multiplies (1/255 makes grey a network input). Shrinking does not prefilter,
 * as in [TMI]'s code. @from: from_h × from_w, @to: to_h × to_w. */
void
runet_resample_bilinear (const float *from,
                         gsize from_width,
                         gsize from_height,
                         float *to,
                         gsize to_width,
                         gsize to_height,
                         float scale);
/* Nearest pixel centre, the right or lower one of two equally near. */
void
runet_resample_nearest (const guint8 *from,
                        gsize from_width,
                        gsize from_height,
                        guint8 *to,
                        gsize to_width,
                        gsize to_height);
/* @channels_last: from_h × from_w × channels (NHWC) to @planes: channels × to_h × to_w, bilinear. */
void
runet_resample_planes (const float *channels_last,
                       gsize channels,
                       gsize from_width,
                       gsize from_height,
                       float *planes,
                       gsize to_width,
                       gsize to_height);
/* @probabilities: from_h × from_w × classes (NHWC). Interpolates the probabilities, then takes the
 * most probable class, the lowest of several equal ones. */
void
runet_resample_argmax (const float *probabilities,
                       gsize classes,
                       gsize from_width,
                       gsize from_height,
                       guint8 *labels,
                       gsize to_width,
                       gsize to_height);

G_END_DECLS
