/* Stored pixels of the five types, to and from float. Private to core/echo. */
#pragma once

#include "grid.h"

G_BEGIN_DECLS

/* Bytes of one pixel. */
gsize
runet_pixel_size (RunetPixelType type);

/* Reverses the bytes of each of @count values of @size bytes, in place. */
void
runet_pixels_swap (guint8 *bytes, gsize size, gsize count);

/* @pixels[i] = @slope × stored value + @intercept; @bytes in the machine's own order. */
void
runet_pixels_decode (const guint8 *bytes,
                     RunetPixelType type,
                     double slope,
                     double intercept,
                     gsize count,
                     float *pixels);

/* The inverse: (value − @intercept) / @slope, rounded and limited to what @type holds. */
void
runet_pixels_encode (const float *pixels,
                     RunetPixelType type,
                     double slope,
                     double intercept,
                     gsize count,
                     guint8 *bytes);

G_END_DECLS
