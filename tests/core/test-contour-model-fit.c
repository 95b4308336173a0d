/* The contour model fitted to label maps: analytic hearts, hundreds of phantoms' and of experts' masks, and maps that no
 * heart makes. */
#include <string.h>

#include "core/phantom/patient.h"
#include "tests/contour-quality.h"

#define SEED 3
#define HEARTS 60
#define SIDE 320

/* A half ellipse over a round atrium, in a wall; drawn where the long axis points up, then turned. */
typedef struct {
  double angle_rad, spacing_x_mm, spacing_y_mm;
  gboolean no_endo, no_wall, no_atrium;
} Drawing;

#define LENGTH_MM 50.0
#define RADIUS_MM 18.0
#define WALL_MM 8.0

static guint8
get_label (const Drawing *drawing, double x, double y) {
  const gboolean cavity = y < 0 && hypot (x / RADIUS_MM, y / LENGTH_MM) < 1;
  const gboolean wall =
      y < 0 && hypot (x / (RADIUS_MM + WALL_MM), y / (LENGTH_MM + WALL_MM)) < 1;
  if (cavity)
    return drawing->no_endo ? RUNET_LABEL_BACKGROUND : RUNET_LABEL_LV;
  if (wall)
    return drawing->no_wall ? RUNET_LABEL_BACKGROUND : RUNET_LABEL_MYOCARDIUM;
  if (y >= 0 && hypot (x / RADIUS_MM, y / 25) < 1 && !drawing->no_atrium)
    return RUNET_LABEL_LA;
  return RUNET_LABEL_BACKGROUND;
}

static void
draw (const Drawing *drawing, guint8 *labels) {
  const double c = cos (drawing->angle_rad), s = sin (drawing->angle_rad);
  for (guint i = 0; i < SIDE * SIDE; i++) {
    const double x = (i % SIDE + 0.5 - SIDE * 0.5) * drawing->spacing_x_mm;
    const double y = (i / SIDE + 0.5 - SIDE * 0.5) * drawing->spacing_y_mm;
    labels[i] = get_label (drawing, x * c + y * s, y * c - x * s);
  }
}

static void
assert_below (double value, double limit) {
  if (!(value <= limit))
    g_test_message ("%g is above %g", value, limit);
  g_assert_cmpfloat (value, <=, limit);
}

static void
fit_drawing (const Drawing *drawing, RunetContourModel *model, RunetContourFit *fit) {
  g_autofree guint8 *labels = g_new (guint8, SIDE * SIDE);
  draw (drawing, labels);
  runet_contour_model_fit (labels, SIDE, SIDE, drawing->spacing_x_mm,
                           drawing->spacing_y_mm, model, fit);
}

/* A place of the drawing, in pixels of the turned picture. */
static RunetPoint
get_place (const Drawing *drawing, double x, double y) {
  const double c = cos (drawing->angle_rad), s = sin (drawing->angle_rad);
  return (RunetPoint){(x * c - y * s) / drawing->spacing_x_mm + SIDE * 0.5,
                      (x * s + y * c) / drawing->spacing_y_mm + SIDE * 0.5};
}

static double
get_distance_mm (const Drawing *drawing, RunetPoint a, RunetPoint b) {
  return hypot ((a.x - b.x) * drawing->spacing_x_mm,
                (a.y - b.y) * drawing->spacing_y_mm);
}

static void
check_drawing (const Drawing *drawing) {
  RunetContourModel model;
  RunetContourFit fit;
  fit_drawing (drawing, &model, &fit);
  const RunetPoint *endo = model.points[RUNET_STRUCTURE_ENDO];
  const RunetPoint *la = model.points[RUNET_STRUCTURE_LA];
  const guint n = model.count[RUNET_STRUCTURE_ENDO],
              m = model.count[RUNET_STRUCTURE_LA];
  assert_below (fabs (fit.length_mm - LENGTH_MM), 2);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpuint (model.count[s], >=, RUNET_CONTOUR_POINTS_MIN);
    g_assert_cmpuint (model.count[s], <=, 20);
    assert_below (fit.residual_mm[s], RUNET_CONTOUR_RESIDUAL * fit.length_mm);
  }
  /* Coupled, the left one first, the apex a point of its own. */
  g_assert_true (endo[0].x == la[0].x && endo[0].y == la[0].y);
  g_assert_true (endo[n - 1].x == la[m - 1].x && endo[n - 1].y == la[m - 1].y);
  g_assert_cmpfloat (endo[0].x, <=, endo[n - 1].x);
  const RunetPoint left = get_place (drawing, -RADIUS_MM, 0);
  const RunetPoint right = get_place (drawing, RADIUS_MM, 0);
  const gboolean turned = left.x > right.x;
  assert_below (get_distance_mm (drawing, endo[turned ? n - 1 : 0], left), 3);
  assert_below (get_distance_mm (drawing, endo[turned ? 0 : n - 1], right), 3);
  assert_below (
      get_distance_mm (drawing, endo[model.apex], get_place (drawing, 0, -LENGTH_MM)),
      4);
}

static void
test_drawing (void) {
  static const double angles[] = {0, 0.3, -0.5, 1.2, 2.5, G_PI};
  for (guint i = 0; i < G_N_ELEMENTS (angles); i++) {
    check_drawing (&(Drawing){angles[i], 0.45, 0.45, .no_endo = FALSE});
    check_drawing (&(Drawing){angles[i], 0.4, 0.7, .no_endo = FALSE});
  }
}

/* Without the wall, the atrium says where the base is; without that, the flatter end. */
static void
test_no_wall (void) {
  for (int no_atrium = 0; no_atrium < 2; no_atrium++) {
    const Drawing drawing = {.angle_rad = 0.2,
                             .spacing_x_mm = 0.45,
                             .spacing_y_mm = 0.45,
                             .no_wall = TRUE,
                             .no_atrium = no_atrium};
    RunetContourModel model;
    RunetContourFit fit;
    fit_drawing (&drawing, &model, &fit);
    const RunetPoint *endo = model.points[RUNET_STRUCTURE_ENDO];
    assert_below (
        get_distance_mm (&drawing, endo[0], get_place (&drawing, -RADIUS_MM, 0)), 3);
    assert_below (get_distance_mm (&drawing, endo[model.apex],
                                   get_place (&drawing, 0, -LENGTH_MM)),
                  4);
    assert_below (fit.residual_mm[RUNET_STRUCTURE_ENDO],
                  RUNET_CONTOUR_RESIDUAL * fit.length_mm);
    g_assert_cmpuint (model.count[RUNET_STRUCTURE_EPI], >, 0);
    g_assert_cmpuint (model.count[RUNET_STRUCTURE_LA] == 0, ==, no_atrium);
    g_assert_true (isnan (fit.residual_mm[RUNET_STRUCTURE_LA]) == no_atrium);
  }
}

static void
test_parts (void) {
  RunetContourModel model;
  RunetContourFit fit;
  const Drawing atrium = {0, 0.45, 0.45, TRUE, TRUE, FALSE};
  fit_drawing (&atrium, &model, &fit);
  const guint m = model.count[RUNET_STRUCTURE_LA];
  g_assert_cmpuint (m, >=, 3);
  g_assert_cmpuint (model.count[RUNET_STRUCTURE_ENDO], ==, 0);
  g_assert_cmpuint (model.count[RUNET_STRUCTURE_EPI], ==, 0);
  assert_below (fabs (model.points[RUNET_STRUCTURE_LA][0].y - SIDE * 0.5), 8);
  assert_below (fabs (model.points[RUNET_STRUCTURE_LA][m - 1].y - SIDE * 0.5), 8);
  g_assert_cmpfloat (fit.length_mm, >, 30);

  const Drawing wall = {0, 0.45, 0.45, TRUE, FALSE, TRUE};
  fit_drawing (&wall, &model, &fit);
  g_assert_cmpuint (model.count[RUNET_STRUCTURE_EPI], >=, 3);
  g_assert_cmpuint (model.count[RUNET_STRUCTURE_ENDO], ==, 0);
  g_assert_cmpuint (model.count[RUNET_STRUCTURE_LA], ==, 0);
  g_assert_true (isfinite (fit.residual_mm[RUNET_STRUCTURE_EPI]));
}

/* The ends of epi lie on the line through the annulus points, outside of them. */
static void
check_epi (const RunetContourModel *model) {
  const guint n = model->count[RUNET_STRUCTURE_ENDO];
  const guint m = model->count[RUNET_STRUCTURE_EPI];
  if (n == 0 || m == 0)
    return;
  const RunetPoint a = model->points[RUNET_STRUCTURE_ENDO][0];
  const RunetPoint b = model->points[RUNET_STRUCTURE_ENDO][n - 1];
  const double length = hypot (b.x - a.x, b.y - a.y);
  for (int end = 0; end < 2; end++) {
    const RunetPoint p = model->points[RUNET_STRUCTURE_EPI][end == 0 ? 0 : m - 1];
    const double along =
        ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length;
    const double off = ((p.x - a.x) * (b.y - a.y) - (p.y - a.y) * (b.x - a.x)) / length;
    assert_below (fabs (off), 1e-6);
    assert_below (end == 0 ? along : length - along, 1e-6);
  }
}

static void
report (const char *name, ContourQuality *quality) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_test_message (
        "%s, %s of %u: residual median %.2f %%, 95 %% below %.2f %%, at most %.2f %%; "
        "points median %.0f, at most %.0f; Dice median %.4f, least %.4f",
        name, runet_structure_to_string (s), quality->maps,
        100 * get_quantile (quality->residual[s], 0.5),
        100 * get_quantile (quality->residual[s], 0.95),
        100 * get_quantile (quality->residual[s], 1),
        get_quantile (quality->points[s], 0.5), get_quantile (quality->points[s], 1),
        get_quantile (quality->dice[s], 0.5), get_quantile (quality->dice[s], 0));
}

/* An atrium of which the image has but a strip may have any Dice. */
static void
check_quality (const char *name, ContourQuality *quality) {
  report (name, quality);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpfloat (get_share_below (quality->residual[s], RUNET_CONTOUR_RESIDUAL),
                       >=, 0.95);
    g_assert_cmpfloat (get_quantile (quality->residual[s], 1), <=, 0.03);
    g_assert_cmpfloat (get_quantile (quality->points[s], 0.5), <=, 14);
    g_assert_cmpfloat (get_quantile (quality->dice[s], 0.5), >=, 0.98);
    g_assert_cmpfloat (get_quantile (quality->dice[s], 0.05), >=, 0.97);
    g_assert_cmpfloat (get_quantile (quality->alone[s], 0.05), >=, 0.98);
  }
  for (guint i = 0; i < G_N_ELEMENTS (quality->faults); i++)
    g_assert_cmpuint (quality->faults[i], ==, 0);
}

static double
get_annulus_mm (const RunetContourModel *model, double spacing_mm) {
  const RunetPoint *endo = model->points[RUNET_STRUCTURE_ENDO];
  const RunetPoint a = endo[0], b = endo[model->count[RUNET_STRUCTURE_ENDO] - 1];
  return hypot (b.x - a.x, b.y - a.y) * spacing_mm;
}

/* What is drawn from a fit is fitted alike: nothing wanders when contours are drawn and fitted again. Returns by how
 * much the annulus is wider then, in mm. */
static double
check_again (const guint8 *labels, gsize width, gsize height, double spacing_mm) {
  RunetContourModel model, again;
  g_autofree guint8 *drawn = g_new (guint8, width * height);
  runet_contour_model_fit (labels, width, height, spacing_mm, spacing_mm, &model, NULL);
  check_epi (&model);
  runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, width, height,
                                 drawn);
  runet_contour_model_fit (drawn, width, height, spacing_mm, spacing_mm, &again, NULL);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    for (int k = 0; k <= 10; k++) {
      const RunetPoint a =
          runet_contour_model_at (&model, s, k / 10.0, spacing_mm, spacing_mm);
      double distance;
      runet_contour_model_fraction (&again, s, a, spacing_mm, spacing_mm, &distance);
      assert_below (distance, 2);
    }
  return get_annulus_mm (&again, spacing_mm) - get_annulus_mm (&model, spacing_mm);
}

static double
add_phantom (const RunetPhantomPatient *patient,
             RunetView view,
             double contraction,
             ContourQuality *quality) {
  const RunetPlaneGrid *grid = &patient->views[view].grid;
  g_autofree guint8 *labels = g_new0 (guint8, grid->width * grid->height);
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  runet_heart_shape (&patient->heart, view, contraction, 0, shape);
  runet_heart_fill_labels (shape, grid, labels);
  contour_quality_add (quality, labels, grid->width, grid->height, grid->spacing_mm,
                       grid->spacing_mm);
  return check_again (labels, grid->width, grid->height, grid->spacing_mm);
}

static void
test_phantoms (void) {
  double wider_mm = 0;
  g_auto (ContourQuality) quality;
  contour_quality_init (&quality);
  for (guint p = 0; p < HEARTS; p++) {
    g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
    runet_phantom_patient_init (patient, SEED, p);
    for (guint i = 0; i < 4; i++)
      wider_mm += add_phantom (patient, i / 2, i % 2, &quality);
  }
  g_test_message ("annulus wider when drawn and fitted again: %.2f mm",
                  wider_mm / quality.maps);
  assert_below (fabs (wider_mm) / quality.maps, 0.3);
  g_assert_cmpuint (quality.maps, ==, 4 * HEARTS);
  check_quality ("phantoms", &quality);
}

static void
test_experts (gconstpointer folder) {
  g_auto (ContourQuality) quality;
  contour_quality_init (&quality);
  const char *shared = g_getenv ("RUNET_SHARED");
  g_autofree char *path =
      g_build_filename (shared != NULL ? shared : "", "camus", folder, NULL);
  g_autoptr (RunetDataset) dataset = runet_dataset_open (path, NULL, NULL);
  if (dataset == NULL) {
    g_test_skip ("CAMUS is not at hand: RUNET_SHARED/camus");
    return;
  }
  const gboolean all = dataset->patients->len < 100 || g_test_slow ();
  contour_quality_add_dataset (&quality, dataset, all ? 1 : 4);
  check_quality (folder, &quality);
}

/* ---------------------------------------------------------------- maps that no heart makes */

static void
check_hostile (const guint8 *labels, gsize width, gsize height, double dx, double dy) {
  RunetContourModel model;
  RunetContourFit fit;
  g_autofree guint8 *drawn = g_new (guint8, width * height);
  runet_contour_model_fit (labels, width, height, dx, dy, &model, &fit);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_true (model.count[s] == 0 || model.count[s] >= RUNET_CONTOUR_POINTS_MIN);
    g_assert_cmpuint (model.count[s], <=, RUNET_CONTOUR_POINTS_MAX);
    g_assert_true (isnan (fit.residual_mm[s]) == (model.count[s] == 0));
    g_assert_true (isnan (fit.bulge_mm[s]) == (model.count[s] == 0));
    for (guint i = 0; i < model.count[s]; i++)
      g_assert_true (isfinite (model.points[s][i].x) &&
                     isfinite (model.points[s][i].y));
  }
  g_assert_true (isfinite (fit.length_mm));
  check_epi (&model);
  runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, width, height,
                                 drawn);
  runet_contour_model_check (&model, width, height, 1, 1, RUNET_CONTOUR_THICKNESS_MM,
                             NULL, NULL);
}

static void
test_tiny (void) {
  RunetContourModel model;
  RunetContourFit fit;
  guint8 labels[49] = {0};
  runet_contour_model_fit (labels, 7, 7, 1, 1, &model, &fit);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpuint (model.count[s], ==, 0);
    g_assert_true (isnan (fit.residual_mm[s]));
  }
  g_assert_cmpfloat (fit.length_mm, ==, 0);
  labels[24] = RUNET_LABEL_LV;
  runet_contour_model_fit (labels, 7, 7, 1, 1, &model, &fit);
  g_assert_cmpuint (model.count[RUNET_STRUCTURE_ENDO], ==, 0);
  for (guint8 label = 0; label < 6; label++) {
    memset (labels, label, sizeof labels);
    check_hostile (labels, 7, 7, 1, 1);
    check_hostile (labels, 1, 1, 1, 1);
    check_hostile (labels, 49, 1, 1, 1);
    check_hostile (labels, 1, 49, 1, 1);
    check_hostile (labels, 7, 7, NAN, 0);
    check_hostile (labels, 7, 7, 1e-3, 50);
  }
}

/* Specks, stripes, frames and noise of every label. */
static void
test_noise (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  guint8 labels[40 * 30];
  for (int round = 0; round < 300; round++) {
    const int left = g_rand_int_range (rand, 1, 20),
              top = g_rand_int_range (rand, 1, 15);
    for (guint i = 0; i < sizeof labels; i++) {
      const int x = (int)i % 40, y = (int)i / 40;
      labels[i] =
          round % 3 == 0 ? (guint8)g_rand_int_range (rand, 0, 4)
          : round % 3 == 1
              ? (guint8)((x / left + y / top) % 4)
              : (guint8)((x < left) + (y < top) + (x > 40 - left) * (y > 30 - top));
    }
    check_hostile (labels, 40, 30, 0.3, round % 2 ? 0.3 : 0.9);
  }
}

/* A second component and a hole change nothing of the outline. */
static void
test_components (void) {
  const Drawing drawing = {0, 0.45, 0.45, .no_endo = FALSE};
  g_autofree guint8 *labels = g_new (guint8, SIDE * SIDE);
  RunetContourModel clean, dirty;
  draw (&drawing, labels);
  runet_contour_model_fit (labels, SIDE, SIDE, 0.45, 0.45, &clean, NULL);
  for (guint y = 2; y < 8; y++)
    memset (labels + y * SIDE + 200, RUNET_LABEL_LV, 6);
  memset (labels + 300 * SIDE + 2, RUNET_LABEL_LA, 20);
  const guint middle = SIDE * 2 / 5 * SIDE + SIDE / 2;
  labels[middle] = labels[middle + 1] = RUNET_LABEL_BACKGROUND;
  labels[middle + 3] = RUNET_LABEL_LA;
  runet_contour_model_fit (labels, SIDE, SIDE, 0.45, 0.45, &dirty, NULL);
  g_assert_cmpuint (clean.apex, ==, dirty.apex);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpuint (clean.count[s], ==, dirty.count[s]);
    for (guint i = 0; i < clean.count[s]; i++) {
      assert_below (fabs (clean.points[s][i].x - dirty.points[s][i].x), 1e-6);
      assert_below (fabs (clean.points[s][i].y - dirty.points[s][i].y), 1e-6);
    }
  }
}

/* The atrium and the walls are cut by the edges of the image. */
static void
test_cut (void) {
  g_autofree guint8 *labels = g_new (guint8, SIDE * SIDE);
  const Drawing drawing = {0, 0.45, 0.45, .no_endo = FALSE};
  draw (&drawing, labels);
  const gsize x0 = 110, y0 = 20, width = 100, height = 170;
  g_autofree guint8 *part = g_new (guint8, width * height);
  runet_mask_crop (labels, SIDE, (RunetBounds){x0, y0, x0 + width, y0 + height}, part);
  RunetContourModel model;
  RunetContourFit fit;
  runet_contour_model_fit (part, width, height, 0.45, 0.45, &model, &fit);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    assert_below (fit.residual_mm[s], RUNET_CONTOUR_RESIDUAL * fit.length_mm);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/contour-model/fit/drawing", test_drawing);
  g_test_add_func ("/shape/contour-model/fit/no-wall", test_no_wall);
  g_test_add_func ("/shape/contour-model/fit/parts", test_parts);
  g_test_add_func ("/shape/contour-model/fit/components", test_components);
  g_test_add_func ("/shape/contour-model/fit/cut", test_cut);
  g_test_add_func ("/shape/contour-model/fit/tiny", test_tiny);
  g_test_add_func ("/shape/contour-model/fit/noise", test_noise);
  g_test_add_func ("/shape/contour-model/fit/phantoms", test_phantoms);
  g_test_add_data_func ("/shape/contour-model/fit/native-nifti", "native_nifti",
                        test_experts);
  g_test_add_data_func ("/shape/contour-model/fit/native-mhd", "native_mhd",
                        test_experts);
  g_test_add_data_func ("/shape/contour-model/fit/database-nifti", "database_nifti",
                        test_experts);
  return g_test_run ();
}
