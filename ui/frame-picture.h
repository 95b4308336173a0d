/* Pictures made from a frame at the resolution of the screen: grey values through the window, tinted outside a
 * region or not, and maps in false colours.
 *
 * Each is rows × columns pixels of CAIRO_FORMAT_RGB24, to be drawn one to one. (transfer full) Painted by all the workers
 * of a pool. */
#pragma once

#include <gtk/gtk.h>
#include "core/base/pool.h"
#include "viewport.h"

G_BEGIN_DECLS

/* @pixels: @height × @width grey values. Black at @center - @window / 2 and below, white at
 * @center + @window / 2 and above, linear between.
 * @region: (nullable): @height × @width, m: the picture is dark where m is small, and as it is where m is 1. */
cairo_surface_t *
runet_frame_picture_new (const float *pixels,
                         const float *region,
                         gsize width,
                         gsize height,
                         const RunetSamples *columns,
                         const RunetSamples *rows,
                         double center,
                         double window,
                         RunetPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/* @map: @height × @width, 0 … 1, as colours of the scale of false colours. */
cairo_surface_t *
runet_map_picture_new (const float *map,
                       gsize width,
                       gsize height,
                       const RunetSamples *columns,
                       const RunetSamples *rows,
                       RunetPool *pool) G_GNUC_WARN_UNUSED_RESULT;

/* @picture: with its device scale: drawn one to one from the top left of @bounds, which it fills. */
void
runet_picture_snapshot (cairo_surface_t *picture,
                        double opacity,
                        const graphene_rect_t *bounds,
                        GtkSnapshot *snapshot);

G_END_DECLS
