/* Textures made from a frame at the resolution of the screen: grey values through the window, and
 * the tint of a region.
 *
 * Resampled here and drawn one to one, because the renderers do it either coarsely (GL: aliased when
 * the image shrinks) or slowly (cairo: 25 ms for 800 × 1200 pixels). A cubic filter as wide as
 * the coarser of the two grids interpolates when the image grows and averages when it shrinks. */
#include "frame-texture.h"

#include <math.h>
#include <string.h>
#include "color-scale.h"

/* GTK 4.8 converts these two formats fast when it draws with cairo, and every other one, its own
 * default too, by way of floating point. */
#define GREY_FORMAT GDK_MEMORY_R8G8B8
#define TINT_FORMAT GDK_MEMORY_R8G8B8A8
#define LEVEL_MOST 255

/* Tint where m = 0: a deep blue, so that it cannot be taken for a dark part of the image. */
#define TINT_ALPHA 0.62f
static const guint8 tint[3] = {8, 18, 36};

/* What the samples along one axis read: @taps weights each, from pixel @first[i] on. */
typedef struct {
  gsize taps;
  gsize *first;
  float *weights; /* count × taps */
} Filter;

static void
filter_clear (Filter *filter) {
  g_free (filter->first);
  g_free (filter->weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

/* The cubic convolution of Keys (1981), Eq. (4), a = -1/2: 1 at 0, 0 at every other whole number,
 * and without the lozenges that linear interpolation makes of speckle. */
static double
cubic (double t) {
  t = fabs (t);
  if (t < 1)
    return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

static void
filter_init (Filter *filter, const RunetSamples *samples, gsize length) {
  double scale = MAX (1, samples->step), radius = 2 * scale;
  filter->taps = MIN ((gsize)ceil (2 * radius) + 1, length);
  filter->first = g_new (gsize, samples->count);
  filter->weights = g_new (float, samples->count * filter->taps);
  for (gsize i = 0; i < samples->count; i++) {
    /* The pixel p has its middle at p + 0.5. Those beyond an end are left out. */
    double middle = samples->first + (double)i * samples->step - 0.5;
    double begin = CLAMP (ceil (middle - radius), 0, (double)(length - filter->taps));
    float *weights = filter->weights + i * filter->taps;
    float sum = 0;
    filter->first[i] = (gsize)begin;
    for (gsize k = 0; k < filter->taps; k++)
      sum += weights[k] = (float)cubic ((begin + (double)k - middle) / scale);
    for (gsize k = 0; k < filter->taps; k++)
      weights[k] /= sum;
  }
}

static void
filter_row (const Filter *filter, const float *source, gsize count, float *target) {
  for (gsize i = 0; i < count; i++) {
    const float *from = source + filter->first[i];
    const float *weights = filter->weights + i * filter->taps;
    float sum = 0;
    for (gsize k = 0; k < filter->taps; k++)
      sum += weights[k] * from[k];
    target[i] = sum;
  }
}

/* @position: 0 … 1 of the range that is shown; anything else, NaN too, is taken to its ends. */
static inline guint8
level_of (float position) {
  return (guint8)((position > 0 ? MIN (position, 1) : 0) * LEVEL_MOST + 0.5f);
}

/* @source at every sample: rows × columns values, × @scale + @offset as a level. */
static guint8 *
sample_levels (const float *source,
               gsize width,
               gsize height,
               const RunetSamples *columns,
               const RunetSamples *rows,
               float scale,
               float offset) {
  g_auto (Filter) across = {0}, down = {0};
  filter_init (&across, columns, width);
  filter_init (&down, rows, height);
  gsize first = down.first[0], last = down.first[rows->count - 1] + down.taps;
  gsize count = columns->count;
  g_autofree float *strips = g_new (float, (last - first) * count);
  for (gsize y = first; y < last; y++)
    filter_row (&across, source + y * width, count, strips + (y - first) * count);

  guint8 *levels = g_malloc (rows->count * count);
  g_autofree float *line = g_new (float, count);
  for (gsize y = 0; y < rows->count; y++) {
    memset (line, 0, count * sizeof *line);
    for (gsize k = 0; k < down.taps; k++) {
      const float *strip = strips + (down.first[y] - first + k) * count;
      float weight = down.weights[y * down.taps + k];
      for (gsize x = 0; x < count; x++)
        line[x] += weight * strip[x];
    }
    for (gsize x = 0; x < count; x++)
      levels[y * count + x] = level_of (line[x] * scale + offset);
  }
  return levels;
}

static GdkTexture *
wrap (guint8 *bytes,
      const RunetSamples *columns,
      const RunetSamples *rows,
      gsize depth) {
  gsize stride = columns->count * depth;
  g_autoptr (GBytes) wrapped = g_bytes_new_take (bytes, rows->count * stride);
  return gdk_memory_texture_new ((int)columns->count, (int)rows->count,
                                 depth == 3 ? GREY_FORMAT : TINT_FORMAT, wrapped,
                                 stride);
}

GdkTexture *
runet_frame_texture_new (const float *pixels,
                         gsize width,
                         gsize height,
                         const RunetSamples *columns,
                         const RunetSamples *rows,
                         double center,
                         double window) {
  g_return_val_if_fail (pixels != NULL && width > 0 && height > 0, NULL);
  g_return_val_if_fail (columns->count > 0 && rows->count > 0 && window > 0, NULL);

  g_autofree guint8 *levels =
      sample_levels (pixels, width, height, columns, rows, (float)(1 / window),
                     (float)(0.5 - center / window));
  gsize count = rows->count * columns->count;
  guint8 *bytes = g_malloc (3 * count);
  for (gsize i = 0; i < count; i++)
    bytes[3 * i] = bytes[3 * i + 1] = bytes[3 * i + 2] = levels[i];
  return wrap (bytes, columns, rows, 3);
}

GdkTexture *
runet_region_texture_new (const float *region,
                          gsize width,
                          gsize height,
                          const RunetSamples *columns,
                          const RunetSamples *rows) {
  g_return_val_if_fail (region != NULL && width > 0 && height > 0, NULL);
  g_return_val_if_fail (columns->count > 0 && rows->count > 0, NULL);

  /* The level is that of 1 - m. */
  g_autofree guint8 *levels =
      sample_levels (region, width, height, columns, rows, -1, 1);
  gsize count = rows->count * columns->count;
  guint8 *bytes = g_malloc (4 * count);
  for (gsize i = 0; i < count; i++) {
    memcpy (bytes + 4 * i, tint, 3);
    bytes[4 * i + 3] = (guint8)(TINT_ALPHA * levels[i] + 0.5f);
  }
  return wrap (bytes, columns, rows, 4);
}

GdkTexture *
runet_map_texture_new (const float *map,
                       gsize width,
                       gsize height,
                       const RunetSamples *columns,
                       const RunetSamples *rows) {
  g_return_val_if_fail (map != NULL && width > 0 && height > 0, NULL);
  g_return_val_if_fail (columns->count > 0 && rows->count > 0, NULL);

  guint8 colors[LEVEL_MOST + 1][3];
  for (int i = 0; i <= LEVEL_MOST; i++) {
    GdkRGBA color = runet_color_scale_get ((double)i / LEVEL_MOST);
    colors[i][0] = (guint8)(color.red * 255 + 0.5f);
    colors[i][1] = (guint8)(color.green * 255 + 0.5f);
    colors[i][2] = (guint8)(color.blue * 255 + 0.5f);
  }
  g_autofree guint8 *levels = sample_levels (map, width, height, columns, rows, 1, 0);
  gsize count = rows->count * columns->count;
  guint8 *bytes = g_malloc (3 * count);
  for (gsize i = 0; i < count; i++)
    memcpy (bytes + 3 * i, colors[levels[i]], 3);
  return wrap (bytes, columns, rows, 3);
}
