/* Echoes in beam space: scatterers, noise, blur, envelope, scan conversion. */
#include "beam.h"

#include <math.h>

#define BEAMS 256
#define ROW_MM 0.3
/* Half the wavelength of the second harmonic of 1.7 MHz (1540 m/s): one turn of phase. */
#define TURN_MM (1.540 / 3.4 / 2)
/* A pulse of about 0.9 mm; beams of about 1.3°, wider away from the focus (full widths at half
 * maximum are 2.35 standard deviations). */
#define PULSE_SIGMA_MM 0.36
#define BEAM_SIGMA_RAD 0.0088
#define FOCUS_SHARE 0.5
#define DEFOCUS 0.5
#define REACH 6
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
  /* A uniform 16-bit value on ±1 has variance 1/3; two of them shall have 1 together. */
  const float scale = sqrtf (1.5f) / 32768;
  for (gsize i = 0; i < beams->rows * beams->beams; i++) {
    guint32 bits = g_rand_int (rand);
    echoes->re[i] += level[i] * scale * ((int)(bits & 0xffff) - 32768);
    echoes->im[i] += level[i] * scale * ((int)(bits >> 16) - 32768);
  }
}

/* A Gaussian whose squares sum to 1, so that white noise keeps its power. */
static void
make_kernel (double sigma_cells, float kernel[TAPS]) {
  double power = 0;
  for (int k = 0; k < TAPS; k++) {
    double distance = (k - REACH) / sigma_cells;
    kernel[k] = (float)exp (-0.5 * distance * distance);
    power += kernel[k] * kernel[k];
  }
  for (int k = 0; k < TAPS; k++)
    kernel[k] /= (float)sqrt (power);
}

static void
blur_along_row (const float *restrict source,
                gsize beams,
                const float kernel[TAPS],
                float *restrict padded,
                float *restrict result) {
  for (gsize b = 0; b < beams; b++)
    padded[REACH + b] = source[b];
  for (gsize b = 0; b < beams; b++) {
    float sum = 0;
    for (int k = 0; k < TAPS; k++)
      sum += kernel[k] * padded[b + k];
    result[b] = sum;
  }
}

static void
blur_plane (float *plane, const RunetBeams *beams) {
  gsize width = beams->beams, rows = beams->rows;
  g_autofree float *padded = g_new0 (float, width + 2 * REACH);
  g_autofree float *wide = g_new (float, rows *width);
  float kernel[TAPS];

  for (gsize row = 0; row < rows; row++) {
    double off_focus = (double)row / rows / FOCUS_SHARE - 1;
    double sigma = BEAM_SIGMA_RAD * (1 + DEFOCUS * off_focus * off_focus);
    make_kernel (sigma / beams->beam_rad, kernel);
    blur_along_row (plane + row * width, width, kernel, padded, wide + row * width);
  }
  make_kernel (PULSE_SIGMA_MM / beams->row_mm, kernel);
  for (gsize row = 0; row < rows; row++) {
    float *restrict result = plane + row * width;
    for (gsize b = 0; b < width; b++)
      result[b] = 0;
    for (int k = 0; k < TAPS; k++) {
      gssize from = (gssize)row + k - REACH;
      const float *restrict source = wide + MAX (from, 0) * (gssize)width;
      if (from < 0 || from >= (gssize)rows)
        continue;
      for (gsize b = 0; b < width; b++)
        result[b] += kernel[k] * source[b];
    }
  }
}

void
runet_echoes_blur (RunetEchoes *echoes, const RunetBeams *beams) {
  blur_plane (echoes->re, beams);
  blur_plane (echoes->im, beams);
}

void
runet_echoes_detect (const RunetEchoes *echoes,
                     const RunetBeams *beams,
                     float *decibel) {
  gsize width = beams->beams;
  g_autofree float *power = g_new (float, width);
  for (gsize row = 0; row < beams->rows; row++) {
    const float *re = echoes->re + row * width, *im = echoes->im + row * width;
    for (gsize b = 0; b < width; b++)
      power[b] = re[b] * re[b] + im[b] * im[b];
    for (gsize b = 0; b < width; b++) {
      float before = power[b > 0 ? b - 1 : 0], after = power[MIN (b + 1, width - 1)];
      float mean = 0.25f * before + 0.5f * power[b] + 0.25f * after;
      decibel[row * width + b] = 10 * log10f (mean + FLOOR);
    }
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
