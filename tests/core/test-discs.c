/* The long axis and Simpson's discs on drawn ventricles whose volume is known, turned and with pixels that
 * are not square; what is said when there is no axis; and the five patients of CAMUS whose volumes are. */
#include "core/shape/volume.h"

#include <math.h>
#include <string.h>
#include "core/echo/dataset.h"

#define SIDE 540
/* Half an ellipse: from the base to the apex, and from the axis to the wall. */
#define LENGTH_MM 70.0
#define RADIUS_MM 22.0

typedef struct {
  double angle_rad; /* clockwise on the screen; 0 = the apex on top */
  double spacing_x_mm, spacing_y_mm;
  double radius_mm;
  gboolean closed; /* the wall goes on over the base */
  gboolean bare; /* no wall at all */
  gboolean speck; /* a little wall in the middle of the base */
} Ventricle;

static RunetLabel
get_label (const Ventricle *v, double along, double across) {
  const double wall_mm = 9;
  const double inner = hypot (along / LENGTH_MM, across / v->radius_mm);
  const double outer =
      hypot (along / (LENGTH_MM + wall_mm), across / (v->radius_mm + wall_mm));
  if (along >= 0 && inner < 1)
    return RUNET_LABEL_LV;
  if (v->bare)
    return RUNET_LABEL_BACKGROUND;
  if (along >= (v->closed ? -wall_mm : 0) && outer < 1)
    return RUNET_LABEL_MYOCARDIUM;
  if (v->speck && along > -2 && fabs (across) < 1)
    return RUNET_LABEL_MYOCARDIUM;
  return along < 0 && hypot (along + 5, across) < v->radius_mm ? RUNET_LABEL_LA
                                                               : RUNET_LABEL_BACKGROUND;
}

static RunetDiscs
measure (const Ventricle *v) {
  g_autofree guint8 *labels = g_new (guint8, SIDE * SIDE);
  const double cos_a = cos (v->angle_rad), sin_a = sin (v->angle_rad);
  for (gsize i = 0; i < SIDE * SIDE; i++) {
    const double x = ((double)(i % SIDE) + 0.5 - SIDE * 0.5) * v->spacing_x_mm;
    const double y = ((double)(i / SIDE) + 0.5 - SIDE * 0.6) * v->spacing_y_mm;
    labels[i] = get_label (v, x * sin_a - y * cos_a, x * cos_a + y * sin_a);
  }
  return runet_discs_measure (labels, SIDE, SIDE, v->spacing_x_mm, v->spacing_y_mm);
}

static void
assert_near (double value, double expected, double tolerance) {
  if (!(fabs (value - expected) <= tolerance))
    g_test_message ("expected %g, found %g", expected, value);
  g_assert_cmpfloat_with_epsilon (value, expected, tolerance);
}

static void
check_ventricle (const Ventricle *v) {
  const RunetDiscs discs = measure (v);
  const double pixel = MAX (v->spacing_x_mm, v->spacing_y_mm);
  g_assert_cmpint (discs.state, ==, RUNET_DISCS_FOUND);
  assert_near (discs.length_mm, LENGTH_MM, 2 * pixel);
  assert_near (discs.area_mm2, G_PI / 2 * LENGTH_MM * RADIUS_MM, 0.01 * 2400);
  /* The base lies in the middle of the picture. */
  assert_near (discs.base.x, SIDE * 0.5, 3);
  assert_near (discs.base.y, SIDE * 0.6, 3);
  assert_near (hypot ((discs.annulus[1].x - discs.annulus[0].x) * v->spacing_x_mm,
                      (discs.annulus[1].y - discs.annulus[0].y) * v->spacing_y_mm),
               2 * RADIUS_MM, 6 * pixel);
  assert_near ((discs.apex.x - SIDE * 0.5) * v->spacing_x_mm,
               LENGTH_MM * sin (v->angle_rad), 4);
  assert_near ((discs.apex.y - SIDE * 0.6) * v->spacing_y_mm,
               -LENGTH_MM * cos (v->angle_rad), 4);
  for (guint k = 0; k < RUNET_DISCS; k++) {
    const double t = (k + 0.5) / RUNET_DISCS;
    /* Near the apex the diameter falls steeply: a pixel along the axis is several across. */
    assert_near (discs.diameter_mm[k], 2 * RADIUS_MM * sqrt (1 - t * t),
                 (k < RUNET_DISCS - 2 ? 4 : 8) * pixel);
    assert_near (hypot ((discs.ends[k][1].x - discs.ends[k][0].x) * v->spacing_x_mm,
                        (discs.ends[k][1].y - discs.ends[k][0].y) * v->spacing_y_mm),
                 discs.diameter_mm[k], 1e-6);
  }
}

static void
test_half_ellipse (void) {
  static const double angles[] = {0, 0.3, -0.5, 1.2, 2.5, G_PI};
  for (guint i = 0; i < G_N_ELEMENTS (angles); i++) {
    check_ventricle (&(Ventricle){angles[i], 0.4, 0.4, RADIUS_MM});
    check_ventricle (&(Ventricle){angles[i], 0.3, 0.5, RADIUS_MM});
  }
}

/* A few pixels of wall on the mitral plane, as networks draw them, do not end the base. */
static void
test_speck (void) {
  check_ventricle (&(Ventricle){0, 0.4, 0.4, RADIUS_MM, .speck = TRUE});
}

static void
test_no_axis (void) {
  const Ventricle closed = {0, 0.4, 0.4, RADIUS_MM, .closed = TRUE};
  const Ventricle bare = {0, 0.4, 0.4, RADIUS_MM, .bare = TRUE};
  const Ventricle absent = {0, 0.4, 0.4, 0};
  const Ventricle unspaced = {0, NAN, NAN, RADIUS_MM};
  g_assert_cmpint (measure (&closed).state, ==, RUNET_DISCS_NO_BASE);
  g_assert_cmpint (measure (&bare).state, ==, RUNET_DISCS_NO_BASE);
  g_assert_cmpint (measure (&absent).state, ==, RUNET_DISCS_NO_CAVITY);
  g_assert_cmpfloat (measure (&absent).area_mm2, ==, 0);
  g_assert_cmpint (measure (&unspaced).state, ==, RUNET_DISCS_NO_SPACING);
  g_assert_true (isnan (measure (&unspaced).area_mm2));
  for (RunetDiscsState s = RUNET_DISCS_NO_SPACING; s <= RUNET_DISCS_NO_BASE; s++)
    g_assert_nonnull (strstr (runet_discs_state_to_string (s), "no long axis found"));
}

/* One pixel, and a cavity at the border of the picture: no crash, and no number without a base. */
static void
test_tiny (void) {
  guint8 labels[25] = {0};
  labels[12] = RUNET_LABEL_LV;
  g_assert_cmpint (runet_discs_measure (labels, 5, 5, 1, 1).state, ==,
                   RUNET_DISCS_NO_BASE);
  memset (labels, RUNET_LABEL_LV, sizeof labels);
  g_assert_cmpint (runet_discs_measure (labels, 5, 5, 1, 1).state, ==,
                   RUNET_DISCS_NO_BASE);
  g_assert_cmpint (runet_discs_measure (labels, 1, 1, 1, 1).state, ==,
                   RUNET_DISCS_NO_BASE);
}

/* ---------------------------------------------------------------- volumes */

/* Discs of half an ellipsoid, as if measured. */
static RunetDiscs
make_discs (double length_mm, double radius_mm) {
  RunetDiscs discs = {.state = RUNET_DISCS_FOUND, .length_mm = length_mm};
  for (guint k = 0; k < RUNET_DISCS; k++) {
    const double t = (k + 0.5) / RUNET_DISCS;
    discs.diameter_mm[k] = 2 * radius_mm * sqrt (1 - t * t);
  }
  return discs;
}

static double
get_ellipsoid_ml (double length_mm, double a_mm, double b_mm) {
  return 2.0 / 3 * G_PI * length_mm * a_mm * b_mm / 1000;
}

static void
test_biplane (void) {
  const RunetDiscs ed4 = make_discs (90, 24), ed2 = make_discs (85, 22);
  const RunetDiscs es4 = make_discs (75, 17), es2 = make_discs (78, 16);
  const RunetDiscs *const discs[RUNET_VIEWS][RUNET_INSTANTS] = {{&ed2, &es2},
                                                                {&ed4, &es4}};
  const double edv = get_ellipsoid_ml (90, 24, 22), esv = get_ellipsoid_ml (78, 17, 16);
  RunetVolumes volumes = runet_volumes_compute (discs, RUNET_SIMPSON_ASE);
  assert_near (volumes.volume_ml[RUNET_INSTANT_ED], edv, 0.002 * edv);
  assert_near (volumes.volume_ml[RUNET_INSTANT_ES], esv, 0.002 * esv);
  assert_near (volumes.ef_percent, 100 * (edv - esv) / edv, 0.1);
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    for (guint v = 0; v < RUNET_VIEWS; v++)
      g_assert_true (volumes.views[i][v]);

  /* One height for all, and whole millilitres. */
  volumes = runet_volumes_compute (discs, RUNET_SIMPSON_CAMUS);
  assert_near (volumes.volume_ml[RUNET_INSTANT_ED], round (edv), 1e-9);
  assert_near (volumes.volume_ml[RUNET_INSTANT_ES],
               round (get_ellipsoid_ml (90, 17, 16)), 1e-9);
}

static void
test_single_plane (void) {
  const RunetDiscs ed = make_discs (90, 24), es = make_discs (75, 17);
  const RunetDiscs none = {.state = RUNET_DISCS_NO_BASE};
  /* 2CH has no base at ES: both volumes are of 4CH alone. */
  const RunetDiscs *const discs[RUNET_VIEWS][RUNET_INSTANTS] = {{&ed, &none},
                                                                {&ed, &es}};
  RunetVolumes volumes = runet_volumes_compute (discs, RUNET_SIMPSON_ASE);
  const double edv = get_ellipsoid_ml (90, 24, 24), esv = get_ellipsoid_ml (75, 17, 17);
  assert_near (volumes.volume_ml[RUNET_INSTANT_ED], edv, 0.002 * edv);
  assert_near (volumes.volume_ml[RUNET_INSTANT_ES], esv, 0.002 * esv);
  g_assert_false (volumes.views[RUNET_INSTANT_ED][RUNET_VIEW_A2C]);
  g_assert_true (volumes.views[RUNET_INSTANT_ED][RUNET_VIEW_A4C]);
  g_assert_true (isfinite (volumes.ef_percent));
}

/* ED of one view and ES of the other make no ejection fraction. */
static void
test_no_fraction (void) {
  const RunetDiscs ed = make_discs (90, 24), es = make_discs (75, 17);
  const RunetDiscs *const crossed[RUNET_VIEWS][RUNET_INSTANTS] = {{&ed, NULL},
                                                                  {NULL, &es}};
  RunetVolumes volumes = runet_volumes_compute (crossed, RUNET_SIMPSON_ASE);
  g_assert_true (isfinite (volumes.volume_ml[RUNET_INSTANT_ED]));
  g_assert_true (isfinite (volumes.volume_ml[RUNET_INSTANT_ES]));
  g_assert_true (isnan (volumes.ef_percent));

  const RunetDiscs *const nothing[RUNET_VIEWS][RUNET_INSTANTS] = {0};
  volumes = runet_volumes_compute (nothing, RUNET_SIMPSON_ASE);
  g_assert_true (isnan (volumes.volume_ml[RUNET_INSTANT_ED]));
  g_assert_true (isnan (volumes.ef_percent));
}

static void
test_modes (void) {
  RunetSimpsonMode mode;
  g_assert_true (runet_simpson_mode_from_string ("camus", &mode));
  g_assert_cmpint (mode, ==, RUNET_SIMPSON_CAMUS);
  g_assert_cmpstr (runet_simpson_mode_to_string (RUNET_SIMPSON_ASE), ==, "ase");
  g_assert_false (runet_simpson_mode_from_string ("", &mode));
}

/* ---------------------------------------------------------------- the experts' masks */

static gboolean
measure_patient (const RunetPatient *patient, RunetVolumes *volumes) {
  RunetDiscs discs[RUNET_VIEWS][RUNET_INSTANTS];
  const RunetDiscs *all[RUNET_VIEWS][RUNET_INSTANTS];
  for (guint v = 0; v < RUNET_VIEWS; v++)
    for (guint i = 0; i < RUNET_INSTANTS; i++) {
      g_autoptr (RunetLabelMap) map =
          runet_view_read_still_mask (&patient->views[v], i, NULL, NULL);
      if (map == NULL)
        return FALSE;
      discs[v][i] =
          runet_discs_measure (map->labels, map->grid->width, map->grid->height,
                               map->grid->spacing_x_mm, map->grid->spacing_y_mm);
      all[v][i] = &discs[v][i];
    }
  *volumes = runet_volumes_compute (all, RUNET_SIMPSON_ASE);
  return TRUE;
}

static void
test_camus (void) {
  g_autofree char *path = g_build_filename (
      g_getenv ("RUNET_SHARED") != NULL ? g_getenv ("RUNET_SHARED") : "", "camus",
      "native_mhd", NULL);
  g_autoptr (RunetDataset) dataset = runet_dataset_open (path, NULL, NULL);
  guint checked = 0;
  for (guint i = 0; dataset != NULL && i < dataset->patients->len; i++) {
    const RunetPatient *patient = g_ptr_array_index (dataset->patients, i);
    const RunetViewFiles *files = &patient->views[RUNET_VIEW_A4C];
    RunetVolumes volumes;
    if (!isfinite (files->edv_ml) || !measure_patient (patient, &volumes))
      continue;
    checked++;
    const double edv = volumes.volume_ml[RUNET_INSTANT_ED];
    const double esv = volumes.volume_ml[RUNET_INSTANT_ES];
    g_test_message ("%s: %.1f / %.1f ml, EF %.1f %%; said %.1f / %.1f ml, %.1f %%",
                    patient->id, edv, esv, volumes.ef_percent, files->edv_ml,
                    files->esv_ml, files->ejection_fraction_percent);
    assert_near (edv, files->edv_ml, 1);
    assert_near (esv, files->esv_ml, 1);
    assert_near (volumes.ef_percent, files->ejection_fraction_percent, 1);
  }
  if (checked == 0)
    g_test_skip ("no CAMUS patients with volumes at hand (RUNET_SHARED)");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/discs/half-ellipse", test_half_ellipse);
  g_test_add_func ("/shape/discs/speck", test_speck);
  g_test_add_func ("/shape/discs/no-axis", test_no_axis);
  g_test_add_func ("/shape/discs/tiny", test_tiny);
  g_test_add_func ("/shape/volume/biplane", test_biplane);
  g_test_add_func ("/shape/volume/single-plane", test_single_plane);
  g_test_add_func ("/shape/volume/no-fraction", test_no_fraction);
  g_test_add_func ("/shape/volume/modes", test_modes);
  g_test_add_func ("/shape/volume/camus", test_camus);
  return g_test_run ();
}
