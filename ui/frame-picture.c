/* Pictures made from a frame at the resolution of the screen: grey values through the window, tinted outside a
 * region or not, and maps in false colours.
 *
 * Resampled here and drawn one to one, because the renderers do it either coarsely (GL: aliased when
 * the image shrinks) or slowly (cairo: 25 ms for 800 × 1200 pixels). A cubic filter as wide as
 * the coarser of the two grids interpolates when the image grows and averages when it shrinks. They are
 * surfaces of cairo, not textures: GTK 4.8 takes 3 ms to turn a texture of that size into one. */
#include "frame-picture.h"

#include <math.h>
#include <string.h>
#include "color-scale.h"

#define LEVEL_MOST 255
/* Of rows, for each worker: one that is held up leaves the others its share. */
#define BANDS 4

/* Tint where m = 0: a deep blue, so that it cannot be taken for a dark part of the image. */
#define TINT_ALPHA 0.45f
static const float tint[3] = {8, 18, 36};

/* Weights and pixels are dealt with in fours, which a processor computes at once. */
#define LANES 4
typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float))));
typedef gint32 Words __attribute__ ((vector_size (LANES * sizeof (gint32))));

/* What the samples along one axis read: @taps weights each, from pixel @first[i] on. */
typedef struct {
  gsize taps;
  gsize *first;
  float *weights; /* count × taps */
} Filter;

/* A field that is read row by row of the picture, downwards: of its own rows only those are held, sampled
 * across, that the next row of the picture needs. */
typedef struct {
  const float *field; /* H × @width */
  gsize width;
  const Filter *across, *down;
  gsize count; /* columns of the picture */
  gsize next; /* row of the field */
  float *strips; /* down.taps × count: row r is in strip r % taps */
  float *line; /* a row of the picture, rounded up to LANES */
} Sampler;

static void
filter_clear (Filter *filter) {
  g_free (filter->first);
  g_free (filter->weights);
}

static void
sampler_clear (Sampler *sampler) {
  g_free (sampler->strips);
  g_free (sampler->line);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sampler, sampler_clear)

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
  /* The filter is 0 at its ends: of the pixels within, one less than may touch it counts. */
  gsize reach = (gsize)ceil (2 * radius);
  filter->taps = MIN ((reach + LANES - 1) / LANES * LANES, length);
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

static inline Lanes
load (const float *from) {
  Lanes lanes;
  memcpy (&lanes, from, sizeof lanes);
  return lanes;
}

static void
sample_across (const Filter *filter, const float *source, gsize count, float *target) {
  for (gsize i = 0; i < count; i++) {
    const float *from = source + filter->first[i];
    const float *weights = filter->weights + i * filter->taps;
    Lanes sums = {0};
    gsize k = 0;
    for (; k + LANES <= filter->taps; k += LANES)
      sums += load (from + k) * load (weights + k);
    float sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (; k < filter->taps; k++)
      sum += weights[k] * from[k];
    target[i] = sum;
  }
}

/* @count: columns of the picture; @first: the row of it to begin with. */
static void
sampler_init (Sampler *sampler,
              const float *field,
              gsize width,
              const Filter *across,
              const Filter *down,
              gsize count,
              gsize first) {
  sampler->field = field;
  sampler->width = width;
  sampler->across = across;
  sampler->down = down;
  sampler->count = count;
  sampler->next = down->first[first];
  sampler->strips = g_new (float, down->taps *count);
  sampler->line = g_new0 (float, count + LANES - 1);
}

static float *
get_strip (Sampler *sampler, gsize row) {
  return sampler->strips + row % sampler->down->taps * sampler->count;
}

/* Row @y of the picture, which no earlier one is asked for after; valid until the next. */
static const float *
sample_row (Sampler *sampler, gsize y) {
  const Filter *down = sampler->down;
  const gsize first = down->first[y], count = sampler->count;
  for (; sampler->next < first + down->taps; sampler->next++)
    sample_across (sampler->across, sampler->field + sampler->next * sampler->width,
                   count, get_strip (sampler, sampler->next));
  float *restrict line = sampler->line;
  memset (line, 0, count * sizeof *line);
  for (gsize k = 0; k < down->taps; k++) {
    const float *restrict strip = get_strip (sampler, first + k);
    const float weight = down->weights[y * down->taps + k];
    for (gsize x = 0; x < count; x++)
      line[x] += weight * strip[x];
  }
  return line;
}

/* @positions: 0 … 1 of a range; anything else, NaN too, is taken to its ends. */
static inline Lanes
clamp (Lanes positions) {
  const Lanes ones = {1, 1, 1, 1};
  const Words above = positions > ones;
  const Lanes positive = (Lanes)((Words)positions & (positions > 0));
  return (Lanes)(((Words)positive & ~above) | ((Words)ones & above));
}

static inline Words
round_levels (Lanes levels) {
  return __builtin_convertvector(levels + 0.5f, Words);
}

/* The pixels of a row from @x on that there are, at most LANES. */
static inline void
store (Words words, guint32 *row, gsize x, gsize count) {
  if (count - x >= LANES)
    memcpy (row + x, &words, sizeof words);
  else
    memcpy (row + x, &words, (count - x) * sizeof *row);
}

static void
paint_grey (const float *line, gsize count, float scale, float offset, guint32 *row) {
  for (gsize x = 0; x < count; x += LANES) {
    const Lanes grey = LEVEL_MOST * clamp (load (line + x) * scale + offset);
    store (round_levels (grey) * 0x010101, row, x, count);
  }
}

static void
paint_tinted (const float *line,
              const float *region,
              gsize count,
              float scale,
              float offset,
              guint32 *row) {
  for (gsize x = 0; x < count; x += LANES) {
    const Lanes grey = LEVEL_MOST * clamp (load (line + x) * scale + offset);
    const Lanes alpha = TINT_ALPHA * (1 - clamp (load (region + x)));
    Words words = {0};
    for (int channel = 0; channel < 3; channel++)
      words = words << 8 | round_levels (grey + alpha * (tint[channel] - grey));
    store (words, row, x, count);
  }
}

static void
paint_colors (const float *line, gsize count, const guint32 *colors, guint32 *row) {
  for (gsize x = 0; x < count; x += LANES) {
    Words words = round_levels (LEVEL_MOST * clamp (load (line + x)));
    for (int lane = 0; lane < LANES; lane++)
      words[lane] = (gint32)colors[words[lane]];
    store (words, row, x, count);
  }
}

static guint32 *
get_row (cairo_surface_t *picture, gsize y) {
  guint8 *data = cairo_image_surface_get_data (picture);
  gsize stride = (gsize)cairo_image_surface_get_stride (picture);
  return (guint32 *)(void *)(data + y * stride);
}

/* What a picture is made of. */
typedef struct {
  const float *field;
  const float *region; /* (nullable) */
  const guint32 *colors; /* (nullable): of the levels of a map */
  gsize width;
  Filter across, down;
  gsize columns, rows; /* of the picture */
  float scale, offset; /* from the field to 0 … 1 */
  cairo_surface_t *picture;
  gsize bands;
} Painting;

/* One band of rows: a task of the pool. */
static void
paint_band (gsize band, guint worker, gpointer user_data) {
  const Painting *self = user_data;
  const gsize first = band * self->rows / self->bands;
  const gsize end = (band + 1) * self->rows / self->bands, count = self->columns;
  g_auto (Sampler) sampler = {0}, inside = {0};
  sampler_init (&sampler, self->field, self->width, &self->across, &self->down, count,
                first);
  if (self->region)
    sampler_init (&inside, self->region, self->width, &self->across, &self->down, count,
                  first);
  for (gsize y = first; y < end; y++) {
    const float *line = sample_row (&sampler, y);
    guint32 *row = get_row (self->picture, y);
    if (self->colors)
      paint_colors (line, count, self->colors, row);
    else if (self->region)
      paint_tinted (line, sample_row (&inside, y), count, self->scale, self->offset,
                    row);
    else
      paint_grey (line, count, self->scale, self->offset, row);
  }
}

/* Returns: (transfer full): in an error state, and not painted, when there is no memory for it. */
static cairo_surface_t *
paint (Painting *self,
       gsize height,
       const RunetSamples *columns,
       const RunetSamples *rows,
       RunetPool *pool) {
  self->columns = columns->count;
  self->rows = rows->count;
  self->bands = MIN (BANDS * runet_pool_get_workers (pool), self->rows);
  self->picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)self->columns,
                                              (int)self->rows);
  if (cairo_surface_status (self->picture) != CAIRO_STATUS_SUCCESS)
    return self->picture;
  filter_init (&self->across, columns, self->width);
  filter_init (&self->down, rows, height);
  runet_pool_run (pool, self->bands, paint_band, self);
  filter_clear (&self->across);
  filter_clear (&self->down);
  cairo_surface_mark_dirty (self->picture);
  return self->picture;
}

cairo_surface_t *
runet_frame_picture_new (const float *pixels,
                         const float *region,
                         gsize width,
                         gsize height,
                         const RunetSamples *columns,
                         const RunetSamples *rows,
                         double center,
                         double window,
                         RunetPool *pool) {
  g_return_val_if_fail (pixels != NULL && width > 0 && height > 0, NULL);
  g_return_val_if_fail (columns->count > 0 && rows->count > 0 && window > 0, NULL);

  Painting painting = {
      .field = pixels,
      .region = region,
      .width = width,
      .scale = (float)(1 / window),
      .offset = (float)(0.5 - center / window),
  };
  return paint (&painting, height, columns, rows, pool);
}

cairo_surface_t *
runet_map_picture_new (const float *map,
                       gsize width,
                       gsize height,
                       const RunetSamples *columns,
                       const RunetSamples *rows,
                       RunetPool *pool) {
  g_return_val_if_fail (map != NULL && width > 0 && height > 0, NULL);
  g_return_val_if_fail (columns->count > 0 && rows->count > 0, NULL);

  guint32 colors[LEVEL_MOST + 1];
  for (int i = 0; i <= LEVEL_MOST; i++) {
    GdkRGBA color = runet_color_scale_get ((double)i / LEVEL_MOST);
    colors[i] = (guint32)lrintf (color.red * LEVEL_MOST) << 16 |
                (guint32)lrintf (color.green * LEVEL_MOST) << 8 |
                (guint32)lrintf (color.blue * LEVEL_MOST);
  }
  Painting painting = {
      .field = map,
      .colors = colors,
      .width = width,
  };
  return paint (&painting, height, columns, rows, pool);
}

void
runet_picture_snapshot (cairo_surface_t *picture,
                        double opacity,
                        const graphene_rect_t *bounds,
                        GtkSnapshot *snapshot) {
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);
  cairo_set_source_surface (cr, picture, (double)bounds->origin.x,
                            (double)bounds->origin.y);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint_with_alpha (cr, opacity);
  cairo_destroy (cr);
}
