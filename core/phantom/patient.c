/* Draws a synthetic patient: heart, scanner settings, course of the beat. */
#include "patient.h"

#include <math.h>

#define SPACING_MM 0.308
#define HARD_EVERY 5
/* Opening of the sector of nine CAMUS images in ten. */
#define USUAL_HALF_ANGLE_DEGREES 37.3

/* What makes a patient hard. */
typedef enum {
  HARD_DROPOUT = 1 << 0,
  HARD_LOW_GAIN = 1 << 1,
  HARD_SHADOW = 1 << 2,
  HARD_FORESHORTENED = 1 << 3,
  HARD_ANEURYSM = 1 << 4,
  HARD_NOISE = 1 << 5,
} Hard;
#define HARD_KINDS 6

static double
draw (GRand *rand, double from, double to) {
  return g_rand_double_range (rand, from, to);
}

static double
smooth_step (double value) {
  double x = CLAMP (value, 0, 1);
  return x * x * (3 - 2 * x);
}

GRand *
runet_phantom_patient_rand (const RunetPhantomPatient *patient, guint32 stream) {
  guint32 seeds[3] = {patient->seed, patient->number, stream};
  return g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
}

static void
draw_settings (RunetScannerSettings *settings, RunetView view, GRand *rand) {
  gboolean wide = draw (rand, 0, 1) < 0.25;
  double degrees = wide ? draw (rand, 39, 44) : USUAL_HALF_ANGLE_DEGREES;

  settings->half_angle_rad = degrees * G_PI / 180;
  settings->gain_db = draw (rand, -7, 4);
  settings->range_db = draw (rand, 47, 56);
  settings->blood_db = draw (rand, -19, -12);
  settings->noise_db = draw (rand, -18, -10);
  settings->clutter_db = draw (rand, -25, -15);
  settings->haze_db = draw (rand, 1, 8);
  settings->far_db = draw (rand, -5, 5);
  for (int k = 0; k < 2; k++) {
    settings->edge_db[k] = draw (rand, -14, -1);
    settings->surround_db[k] = draw (rand, -12, 0);
  }
  if (view == RUNET_VIEW_A2C)
    settings->surround_db[0] += 5;
  settings->lost_width = 0.1;
  settings->shadow_width_rad = 0.1;
  settings->parallel_db[0] = draw (rand, -3, 0);
  settings->parallel_db[1] = draw (rand, -9, -2);
}

static void
make_hard (RunetScannerSettings *settings, guint kinds, GRand *rand) {
  if (kinds & HARD_DROPOUT) {
    settings->lost_centre =
        draw (rand, 0, 1) < 0.75 ? draw (rand, 0.62, 0.85) : draw (rand, 0.15, 0.35);
    settings->lost_width = draw (rand, 0.08, 0.16);
    settings->lost_db = draw (rand, -22, -14);
  }
  if (kinds & HARD_LOW_GAIN) {
    settings->gain_db = draw (rand, -12, -9);
    settings->edge_db[1] -= 4;
  }
  if (kinds & HARD_SHADOW) {
    settings->shadow_rad = draw (rand, -0.8, 0.8) * settings->half_angle_rad;
    settings->shadow_width_rad = draw (rand, 0.06, 0.12);
    settings->shadow_db = draw (rand, -22, -13);
  }
  if (kinds & HARD_NOISE) {
    settings->noise_db = draw (rand, -7, -3);
    settings->blood_db = draw (rand, -9, -6);
    settings->clutter_db += 5;
    settings->haze_db += 6;
  }
}

/* One depth for both views: the valve plane at two thirds to four fifths of it. */
static void
fit_depth (RunetPhantomPatient *patient, GRand *rand) {
  double base = 0, depth;
  for (int view = 0; view < RUNET_VIEWS; view++)
    base = MAX (base, patient->heart.planes[view].apex.y +
                          patient->heart.planes[view].length_mm);
  depth = CLAMP (base / draw (rand, 0.68, 0.80), 125, 172);
  for (int k = 0; k < RUNET_VIEWS; k++) {
    RunetPhantomView *view = &patient->views[k];
    double width = 2 * depth * sin (view->settings.half_angle_rad);
    view->settings.depth_mm = depth;
    view->grid.spacing_mm = SPACING_MM;
    view->grid.width = (gsize)ceil (width / SPACING_MM);
    view->grid.height = (gsize)ceil (depth / SPACING_MM);
  }
}

void
runet_phantom_patient_init (RunetPhantomPatient *patient, guint32 seed, guint number) {
  gboolean hard = number % HARD_EVERY == HARD_EVERY - 1;
  g_autoptr (GRand) rand = NULL;
  double edv;
  guint kinds = 0;

  *patient = (RunetPhantomPatient){.seed = seed, .number = number};
  rand = runet_phantom_patient_rand (patient, 0);
  if (hard)
    kinds = 1 << g_rand_int_range (rand, 0, HARD_KINDS) |
            1 << g_rand_int_range (rand, 0, HARD_KINDS);
  runet_heart_init (&patient->heart, rand, (kinds & HARD_FORESHORTENED) != 0,
                    (kinds & HARD_ANEURYSM) != 0);
  patient->sex = g_rand_boolean (rand) ? 'M' : 'F';
  patient->age_years = g_rand_int_range (rand, 28, 88);
  patient->frame_rate_hz = draw (rand, 42, 65);
  for (int k = 0; k < RUNET_VIEWS; k++) {
    RunetPhantomView *view = &patient->views[k];
    draw_settings (&view->settings, k, rand);
    make_hard (&view->settings, kinds, rand);
    view->frames = g_rand_int_range (rand, 14, 25);
    view->es_first = draw (rand, 0, 1) < 0.06;
    view->quality = hard                    ? RUNET_QUALITY_POOR
                    : g_rand_boolean (rand) ? RUNET_QUALITY_GOOD
                                            : RUNET_QUALITY_MEDIUM;
    if (view->quality == RUNET_QUALITY_MEDIUM) {
      view->settings.blood_db += 3;
      view->settings.parallel_db[1] -= 4;
    }
  }
  fit_depth (patient, rand);
  edv = runet_heart_volume_ml (&patient->heart, 0);
  patient->ejection_fraction_percent =
      100 * (edv - runet_heart_volume_ml (&patient->heart, 1)) / edv;
}

void
runet_phantom_view_moment (const RunetPhantomView *view,
                           guint frame,
                           double *contraction,
                           double *opening) {
  double x = (double)frame / (view->frames - 1);
  if (!view->es_first) {
    /* Systole; the valve is just closing at its start. */
    *contraction = 0.5 - 0.5 * cos (G_PI * pow (x, 0.95));
    *opening = 0.22 * (1 - smooth_step (x / 0.15));
    return;
  }
  /* Diastole: early filling, diastasis, the kick of the atrium. */
  *contraction = 1 - 0.72 * smooth_step (x / 0.45) - 0.06 * x -
                 0.22 * smooth_step ((x - 0.7) / 0.3);
  *opening = smooth_step (x / 0.15) * (1 - smooth_step ((x - 0.9) / 0.1)) *
             (0.35 + 0.55 * fabs (cos (G_PI * (x - 0.18) / 0.68)));
}
