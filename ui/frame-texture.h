/* Textures made from a frame at the resolution of the screen: grey values through the window, and
 * the tint of a region. */
#pragma once

#include <gtk/gtk.h>
#include "viewport.h"

G_BEGIN_DECLS

/* @pixels: @height × @width grey values. Black at @center - @window / 2 and below, white at
 * @center + @window / 2 and above, linear between. The texture is rows × columns. */
GdkTexture *
runet_frame_texture_new (const float *pixels,
                         gsize width,
                         gsize height,
                         const RunetSamples *columns,
                         const RunetSamples *rows,
                         double center,
                         double window) G_GNUC_WARN_UNUSED_RESULT;

/* @region: @height × @width, m: 1 inside, 0 outside. Dark where m is small, clear where m is 1. */
GdkTexture *
runet_region_texture_new (const float *region,
                          gsize width,
                          gsize height,
                          const RunetSamples *columns,
                          const RunetSamples *rows) G_GNUC_WARN_UNUSED_RESULT;

/* @map: @height × @width, 0 … 1, as colours of the scale of false colours. */
GdkTexture *
runet_map_texture_new (const float *map,
                       gsize width,
                       gsize height,
                       const RunetSamples *columns,
                       const RunetSamples *rows) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
