/* Bilinear and nearest resampling between the native grid and the network's square.
 *
 * Dimension legend: H rows, W columns, C channels (classes). Target pixel i samples the source at
 * (i + 1/2) · from / to - 1/2, so that both grids cover the same rectangle and nothing moves. */
#include "resample.h"

#include <string.h>

/* Background, LV, myocardium, LA: what all of the paper's networks have, and one vector of floats. */
#define LANES 4
typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float))));

/* Where one target row or column reads: source @first and @second, @weight of the latter. */
typedef struct {
  gsize first, second;
  float weight;
} Tap;

/* Source rows already stretched to the target's width. Target rows go down the source, so that
 * the two last rows are all that is needed. */
typedef struct {
  const float *from; /* from_height × from_width × channels */
  gsize from_width, channels, to_width;
  Tap *columns; /* to_width */
  Tap *rows; /* to_height */
  float *line[2]; /* channels × to_width each; source row y lies in y % 2 */
  gsize held[2]; /* which source row that is */
} Sampler;

static Tap *
taps_new (gsize from, gsize to) {
  Tap *taps = g_new (Tap, to);
  double ratio = (double)from / (double)to;
  for (gsize i = 0; i < to; i++) {
    double position = ((double)i + 0.5) * ratio - 0.5;
    position = CLAMP (position, 0.0, (double)(from - 1));
    gsize first = (gsize)position;
    taps[i].first = first;
    taps[i].second = MIN (first + 1, from - 1);
    taps[i].weight = (float)(position - (double)first);
  }
  return taps;
}

static void
sampler_init (Sampler *self,
              const float *from,
              gsize channels,
              gsize from_width,
              gsize from_height,
              gsize to_width,
              gsize to_height) {
  self->from = from;
  self->from_width = from_width;
  self->channels = channels;
  self->to_width = to_width;
  self->columns = taps_new (from_width, to_width);
  self->rows = taps_new (from_height, to_height);
  for (int i = 0; i < 2; i++) {
    self->line[i] = g_new (float, channels *to_width);
    self->held[i] = G_MAXSIZE;
  }
}

static void
sampler_clear (Sampler *self) {
  g_free (self->columns);
  g_free (self->rows);
  g_free (self->line[0]);
  g_free (self->line[1]);
}

/* One row of LANES channels to LANES rows. A pixel's classes lie side by side, so that all are read and
 * weighed at once. */
static void
stretch_lanes (const float *restrict from,
               const Tap *restrict columns,
               gsize to_width,
               float *restrict line) {
  float *rows[LANES];
  for (gsize c = 0; c < LANES; c++)
    rows[c] = line + c * to_width;
  for (gsize x = 0; x < to_width; x++) {
    Lanes a, b;
    memcpy (&a, from + columns[x].first * LANES, sizeof a);
    memcpy (&b, from + columns[x].second * LANES, sizeof b);
    Lanes value = a + columns[x].weight * (b - a);
    for (int c = 0; c < LANES; c++)
      rows[c][x] = value[c];
  }
}

/* Returns source row @y stretched: channels × to_width. */
static const float *
sampler_line (Sampler *self, gsize y) {
  float *line = self->line[y % 2];
  if (self->held[y % 2] == y)
    return line;
  const float *from = self->from + y * self->from_width * self->channels;
  if (self->channels == LANES)
    stretch_lanes (from, self->columns, self->to_width, line);
  else
    for (gsize c = 0; c < self->channels; c++)
      for (gsize x = 0; x < self->to_width; x++) {
        Tap tap = self->columns[x];
        float a = from[tap.first * self->channels + c];
        float b = from[tap.second * self->channels + c];
        line[c * self->to_width + x] = a + tap.weight * (b - a);
      }
  self->held[y % 2] = y;
  return line;
}

/* Target row @y of channel @channel to @to (to_width floats), times @scale. */
static void
sampler_get (Sampler *self, gsize y, gsize channel, float scale, float *restrict to) {
  Tap tap = self->rows[y];
  const float *a = sampler_line (self, tap.first) + channel * self->to_width;
  const float *b = sampler_line (self, tap.second) + channel * self->to_width;
  for (gsize x = 0; x < self->to_width; x++)
    to[x] = (a[x] + tap.weight * (b[x] - a[x])) * scale;
}

void
runet_resample_bilinear (const float *from,
                         gsize from_width,
                         gsize from_height,
                         float *to,
                         gsize to_width,
                         gsize to_height,
                         float scale) {
  g_return_if_fail (from_width > 0 && from_height > 0);
  Sampler sampler;
  sampler_init (&sampler, from, 1, from_width, from_height, to_width, to_height);
  for (gsize y = 0; y < to_height; y++)
    sampler_get (&sampler, y, 0, scale, to + y * to_width);
  sampler_clear (&sampler);
}

void
runet_resample_nearest (const guint8 *from,
                        gsize from_width,
                        gsize from_height,
                        guint8 *to,
                        gsize to_width,
                        gsize to_height) {
  g_return_if_fail (from_width > 0 && from_height > 0);
  /* floor ((i + 1/2) · from / to) in whole numbers, so that no rounding decides. */
  g_autofree gsize *columns = g_new (gsize, to_width);
  for (gsize x = 0; x < to_width; x++)
    columns[x] = (2 * x + 1) * from_width / (2 * to_width);
  for (gsize y = 0; y < to_height; y++) {
    const guint8 *row = from + (2 * y + 1) * from_height / (2 * to_height) * from_width;
    for (gsize x = 0; x < to_width; x++)
      to[y * to_width + x] = row[columns[x]];
  }
}

void
runet_resample_planes (const float *channels_last,
                       gsize channels,
                       gsize from_width,
                       gsize from_height,
                       float *planes,
                       gsize to_width,
                       gsize to_height) {
  g_return_if_fail (from_width > 0 && from_height > 0);
  Sampler sampler;
  sampler_init (&sampler, channels_last, channels, from_width, from_height, to_width,
                to_height);
  for (gsize y = 0; y < to_height; y++)
    for (gsize c = 0; c < channels; c++)
      sampler_get (&sampler, y, c, 1, planes + (c * to_height + y) * to_width);
  sampler_clear (&sampler);
}

/* Where @value is above @best, it is the best now, and @class wins. Masks instead of a choice, because a
 * compiler that may not invent stores makes a jump a pixel of the choice. */
static void
keep_larger (const float *restrict value,
             gint32 class,
             gsize width,
             float *restrict best,
             gint32 *restrict winner) {
  for (gsize x = 0; x < width; x++) {
    gint32 more = -(gint32)(value[x] > best[x]);
    winner[x] = (winner[x] & ~more) | (class & more);
    best[x] = value[x] > best[x] ? value[x] : best[x];
  }
}

void
runet_resample_argmax (const float *probabilities,
                       gsize classes,
                       gsize from_width,
                       gsize from_height,
                       guint8 *labels,
                       gsize to_width,
                       gsize to_height) {
  g_return_if_fail (from_width > 0 && from_height > 0);
  g_return_if_fail (classes > 0 && classes <= G_MAXUINT8);
  Sampler sampler;
  sampler_init (&sampler, probabilities, classes, from_width, from_height, to_width,
                to_height);
  g_autofree float *best = g_new (float, to_width);
  g_autofree float *value = g_new (float, to_width);
  g_autofree gint32 *winner = g_new (gint32, to_width);
  for (gsize y = 0; y < to_height; y++) {
    sampler_get (&sampler, y, 0, 1, best);
    memset (winner, 0, to_width * sizeof *winner);
    for (gsize c = 1; c < classes; c++) {
      sampler_get (&sampler, y, c, 1, value);
      keep_larger (value, (gint32)c, to_width, best, winner);
    }
    for (gsize x = 0; x < to_width; x++)
      labels[y * to_width + x] = (guint8)winner[x];
  }
  sampler_clear (&sampler);
}
