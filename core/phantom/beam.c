/* Echoes in beam space: scatterers, noise, blur, envelope, scan conversion. */
#include "beam.h"

#include <math.h>
#include <string.h>

#define BEAMS 256
#define ROW_MM 0.3
/* Half the wavelength of the second harmonic of 1.7 MHz (1540 m/s): one turn of
 * phase. */
#define TURN_MM (1.540 / 3.4 / 2)
/* A pulse of about 0.9 mm; beams of about 1° (full widths at half maximum are 2.35
 * standard deviations). Nearer than about NEAR_MM a beam is as wide as the part of the
 * array that makes it, so its angle grows; far away it widens a little. */
#define PULSE_SIGMA_MM 0.33
#define BEAM_SIGMA_RAD 0.0075
#define NEAR_MM 16.0
#define FAR_WIDENING 0.25
/* Side lobes: a second, wider Gaussian. */
#define LOBE_SHARE 0.03
#define LOBE_WIDTH 4.0
#define REACH 26
#define TAPS (2 * REACH + 1)
#define FLOOR 1e-9f

void
runet_beams_init (RunetBeams *beams, double depth_mm, double half_angle_rad) {
  beams->rows = (gsize)ceil (depth_mm / ROW_MM) + 1;
  beams->beams = BEAMS;
  beams->row_mm = ROW_MM;
  beams->half_angle_rad = half_angle_rad;
  beams->beam_rad = 2 * half_angle_rad / (BEAMS - 1);
}

void
runet_echoes_init (RunetEchoes *echoes, const RunetBeams *beams) {
  echoes->re = g_new0 (float, beams->rows * beams->beams);
  echoes->im = g_new0 (float, beams->rows * beams->beams);
}

void
runet_echoes_clear (RunetEchoes *echoes) {
  g_clear_pointer (&echoes->re, g_free);
  g_clear_pointer (&echoes->im, g_free);
}

void
runet_echoes_add (RunetEchoes *echoes,
                  const RunetBeams *beams,
                  double depth_mm,
                  double angle_rad,
                  double amplitude) {
  double row = depth_mm / beams->row_mm;
  double beam = (angle_rad + beams->half_angle_rad) / beams->beam_rad;
  if (row < 0 || beam < 0 || row >= beams->rows - 1 || beam >= beams->beams - 1)
    return;

  float phase = (float)(2 * G_PI * fmod (depth_mm / TURN_MM, 1));
  float re = (float)amplitude * cosf (phase), im = (float)amplitude * sinf (phase);
  gsize i = (gsize)row, k = (gsize)beam;
  float down = (float)(row - i), right = (float)(beam - k);
  float shares[4] = {(1 - down) * (1 - right), (1 - down) * right, down * (1 - right),
                     down * right};
  gsize cell = i * beams->beams + k;
  gsize cells[4] = {cell, cell + 1, cell + beams->beams, cell + beams->beams + 1};
  for (int c = 0; c < 4; c++) {
    echoes->re[cells[c]] += shares[c] * re;
    echoes->im[cells[c]] += shares[c] * im;
  }
}

void
runet_echoes_add_noise (RunetEchoes *echoes,
                        const RunetBeams *beams,
                        const float *level,
                        GRand *rand) {
  /* A uniform 16-bit value on ±1 has variance 1/3; two of them shall have 1
   * together. */
  const float scale = sqrtf (1.5f) / 32768;
  for (gsize i = 0; i < beams->rows * beams->beams; i++) {
    guint32 bits = g_rand_int (rand);
    echoes->re[i] += level[i] * scale * ((int)(bits & 0xffff) - 32768);
    echoes->im[i] += level[i] * scale * ((int)(bits >> 16) - 32768);
  }
}

/* A Gaussian with side lobes whose squares sum to 1, so that white noise keeps its
 * power. Returns how many taps it has to each side of the middle one, which is
 * kernel[REACH]. */
static int
make_kernel (double sigma_cells, double lobe_share, float kernel[TAPS]) {
  double width = sigma_cells * (lobe_share > 0 ? 2 * LOBE_WIDTH : 3), power = 0;
  int reach = CLAMP ((int)ceil (width), 1, REACH);
  for (int k = -reach; k <= reach; k++) {
    double distance = k / sigma_cells, wide = distance / LOBE_WIDTH;
    double value =
        exp (-0.5 * distance * distance) + lobe_share * exp (-0.5 * wide * wide);
    kernel[REACH + k] = (float)value;
    power += value * value;
  }
  for (int k = -reach; k <= reach; k++)
    kernel[REACH + k] /= (float)sqrt (power);
  return reach;
}

/* @padded: REACH zeros, room for a row, REACH zeros */
static void
blur_along_row (const float *restrict source,
                gsize beams,
                const float kernel[TAPS],
                int reach,
                float *restrict padded,
                float *restrict result) {
  memcpy (padded + REACH, source, beams * sizeof (float));
  memset (result, 0, beams * sizeof (float));
  for (int k = REACH - reach; k <= REACH + reach; k++) {
    float tap = kernel[k];
    for (gsize b = 0; b < beams; b++)
      result[b] += tap * padded[b + k];
  }
}

static void
blur_across_rows (const float *wide,
                  const RunetBeams *beams,
                  const float kernel[TAPS],
                  int reach,
                  float *plane) {
  gsize width = beams->beams;
  memset (plane, 0, beams->rows * width * sizeof (float));
  for (gssize row = 0; row < (gssize)beams->rows; row++)
    for (gssize k = -reach; k <= reach; k++) {
      float *restrict result = plane + row * width;
      const float *restrict source = wide + (row + k) * (gssize)width;
      float tap = kernel[REACH + k];
      if (row + k < 0 || row + k >= (gssize)beams->rows)
        continue;
      for (gsize b = 0; b < width; b++)
        result[b] += tap * source[b];
    }
}

static void
blur_plane (float *plane, const RunetBeams *beams) {
  gsize width = beams->beams, rows = beams->rows;
  g_autofree float *padded = g_new0 (float, width + 2 * REACH);
  g_autofree float *wide = g_new (float, rows *width);
  float kernel[TAPS];
  int reach;

  for (gsize row = 0; row < rows; row++) {
    double near = NEAR_MM / ((row + 1) * beams->row_mm), far = (double)row / rows;
    double sigma = BEAM_SIGMA_RAD * sqrt (1 + near * near) * (1 + FAR_WIDENING * far);
    reach = make_kernel (sigma / beams->beam_rad, LOBE_SHARE, kernel);
    blur_along_row (plane + row * width, width, kernel, reach, padded,
                    wide + row * width);
  }
  reach = make_kernel (PULSE_SIGMA_MM / beams->row_mm, 0, kernel);
  blur_across_rows (wide, beams, kernel, reach, plane);
}

void
runet_echoes_blur (RunetEchoes *echoes, const RunetBeams *beams) {
  blur_plane (echoes->re, beams);
  blur_plane (echoes->im, beams);
}

/* Binomial smoothing along the beams' row: 1 4 6 4 1. */
static void
smooth_row (const float *restrict source, gsize width, float *restrict result) {
  for (gsize b = 0; b < width; b++) {
    gsize far = b > 1 ? b - 2 : 0, near = b > 0 ? b - 1 : 0;
    gsize next = MIN (b + 1, width - 1), last = MIN (b + 2, width - 1);
    result[b] = (source[far] + source[last] + 4 * (source[near] + source[next]) +
                 6 * source[b]) /
                16;
  }
}

void
runet_echoes_detect (const RunetEchoes *echoes,
                     const RunetBeams *beams,
                     float *decibel) {
  gsize width = beams->beams, rows = beams->rows;
  g_autofree float *power = g_new (float, width);
  g_autofree float *smooth = g_new (float, rows *width);
  for (gsize row = 0; row < rows; row++) {
    const float *re = echoes->re + row * width, *im = echoes->im + row * width;
    for (gsize b = 0; b < width; b++)
      power[b] = re[b] * re[b] + im[b] * im[b];
    smooth_row (power, width, smooth + row * width);
  }
  for (gsize row = 0; row < rows; row++) {
    const float *above = smooth + (row > 0 ? row - 1 : 0) * width;
    const float *here = smooth + row * width;
    const float *below = smooth + MIN (row + 1, rows - 1) * width;
    for (gsize b = 0; b < width; b++)
      decibel[row * width + b] =
          10 * log10f (0.25f * (above[b] + below[b]) + 0.5f * here[b] + FLOOR);
  }
}

void
runet_beams_convert (const RunetBeams *beams,
                     const float *values,
                     const RunetPlaneGrid *grid,
                     float outside,
                     float *pixels) {
  double depth_mm = (beams->rows - 1) * beams->row_mm;
  for (gsize i = 0; i < grid->width * grid->height; i++) {
    double x = (i % grid->width + 0.5 - 0.5 * grid->width) * grid->spacing_mm;
    double y = (i / grid->width + 0.5) * grid->spacing_mm;
    float depth = hypotf ((float)x, (float)y), angle = atan2f ((float)x, (float)y);
    pixels[i] = outside;
    if (depth >= depth_mm || fabsf (angle) >= beams->half_angle_rad)
      continue;
    double row = depth / beams->row_mm;
    double beam = (angle + beams->half_angle_rad) / beams->beam_rad;
    gsize r = MIN ((gsize)row, beams->rows - 2),
          b = MIN ((gsize)beam, beams->beams - 2);
    const float *cell = values + r * beams->beams + b;
    float down = (float)(row - r), right = (float)(beam - b);
    float above = cell[0] + (cell[1] - cell[0]) * right;
    float below =
        cell[beams->beams] + (cell[beams->beams + 1] - cell[beams->beams]) * right;
    pixels[i] = above + (below - above) * down;
  }
}
