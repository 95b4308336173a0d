/* The contour model as a value: coupling, places along it, interpolation, and what no heart looks like. */
#include "core/shape/contour-model.h"

#include <math.h>
#include <string.h>

#define WIDTH 200
#define HEIGHT 240
#define ENDO RUNET_STRUCTURE_ENDO
#define EPI RUNET_STRUCTURE_EPI
#define LA RUNET_STRUCTURE_LA

static void
fill_arc (RunetContourModel *model,
          RunetStructure structure,
          guint count,
          double radius_x,
          double radius_y) {
  model->count[structure] = count;
  for (guint i = 0; i < count; i++) {
    const double angle = G_PI * i / (count - 1);
    model->points[structure][i] =
        (RunetPoint){100 - radius_x * cos (angle), 150 - radius_y * sin (angle)};
  }
}

/* Base at y = 150 from x = 70 to 130, apex at (100, 40), a wall of 15 pixels, an atrium down to 200. */
static RunetContourModel
make_heart (void) {
  RunetContourModel model = {.apex = 5};
  fill_arc (&model, ENDO, 11, 30, 110);
  fill_arc (&model, EPI, 11, 45, 125);
  fill_arc (&model, LA, 9, 30, -50);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    model.points[s][0].y = 150;
    model.points[s][model.count[s] - 1].y = 150;
  }
  return model;
}

static void
assert_point (RunetPoint a, double x, double y, double tolerance) {
  g_assert_cmpfloat (fabs (a.x - x), <=, tolerance);
  g_assert_cmpfloat (fabs (a.y - y), <=, tolerance);
}

static void
test_equal (void) {
  RunetContourModel a = make_heart (), b = a;
  g_assert_true (runet_contour_model_equal (&a, &b));
  b.points[LA][3].x += 1e-9;
  g_assert_false (runet_contour_model_equal (&a, &b));
  b = a;
  b.apex = 4;
  g_assert_false (runet_contour_model_equal (&a, &b));
  b = a;
  b.count[EPI]--;
  g_assert_false (runet_contour_model_equal (&a, &b));
  /* What lies behind the points is of no account. */
  b = a;
  b.points[EPI][60].x = 7;
  g_assert_true (runet_contour_model_equal (&a, &b));
}

static void
test_outline (void) {
  RunetContourModel model = make_heart ();
  g_autoptr (GArray) outline = runet_contour_model_outline (&model, ENDO);
  assert_point (g_array_index (outline, RunetPoint, 0), 70, 150, 1e-9);
  assert_point (g_array_index (outline, RunetPoint, outline->len / 2), 100, 40, 1e-9);
  assert_point (g_array_index (outline, RunetPoint, outline->len - 1), 130, 150, 1e-9);
  model.count[ENDO] = 0;
  g_assert_null (runet_contour_model_outline (&model, ENDO));
  model.count[ENDO] = 2;
  g_assert_null (runet_contour_model_outline (&model, ENDO));
}

static void
test_couple (void) {
  RunetContourModel model = make_heart ();
  /* The base is turned by a right angle: epi's ends come onto it, outside of the annulus points. */
  model.points[ENDO][0] = (RunetPoint){90, 160};
  model.points[ENDO][10] = (RunetPoint){90, 120};
  runet_contour_model_couple (&model, ENDO);
  assert_point (model.points[LA][0], 90, 160, 0);
  assert_point (model.points[LA][8], 90, 120, 0);
  assert_point (model.points[EPI][0], 90, 160, 1e-9);
  assert_point (model.points[EPI][10], 90, 120, 1e-9);

  model = make_heart ();
  model.points[LA][0] = (RunetPoint){60, 140};
  model.points[LA][8] = (RunetPoint){120, 140};
  runet_contour_model_couple (&model, LA);
  assert_point (model.points[ENDO][0], 60, 140, 0);
  assert_point (model.points[ENDO][10], 120, 140, 0);
  assert_point (model.points[EPI][0], 55, 140, 1e-9);
  assert_point (model.points[EPI][10], 145, 140, 1e-9);

  /* An end of epi that was dragged slides. */
  model = make_heart ();
  model.points[EPI][0] = (RunetPoint){40, 120};
  model.points[EPI][10] = (RunetPoint){99, 170};
  runet_contour_model_couple (&model, EPI);
  assert_point (model.points[ENDO][0], 70, 150, 0);
  assert_point (model.points[EPI][0], 40, 150, 1e-9);
  assert_point (model.points[EPI][10], 130, 150, 1e-9);

  /* Without endo, the atrium's. */
  model = make_heart ();
  model.count[ENDO] = 0;
  model.points[EPI][0] = (RunetPoint){40, 120};
  runet_contour_model_couple (&model, ENDO);
  assert_point (model.points[EPI][0], 40, 150, 1e-9);
  /* Neither: nothing to be coupled to; nor to a base without length. */
  model.count[LA] = 0;
  const RunetContourModel alone = model;
  runet_contour_model_couple (&model, LA);
  g_assert_true (runet_contour_model_equal (&model, &alone));
  model = make_heart ();
  model.points[ENDO][10] = model.points[ENDO][0];
  runet_contour_model_couple (&model, ENDO);
  assert_point (model.points[EPI][0], 55, 150, 1e-9);
}

static void
test_places (void) {
  RunetContourModel model = make_heart ();
  assert_point (runet_contour_model_at (&model, ENDO, 0, 1, 1), 70, 150, 0);
  assert_point (runet_contour_model_at (&model, ENDO, 0.5, 1, 1), 100, 40, 1e-6);
  assert_point (runet_contour_model_at (&model, ENDO, 1, 1, 1), 130, 150, 0);
  assert_point (runet_contour_model_at (&model, LA, 0.5, 1, 1), 100, 200, 0.1);
  /* Also where one side of the wall is longer: epi's middle is where the long axis meets it. */
  model.points[EPI][1].x -= 30;
  assert_point (runet_contour_model_at (&model, EPI, 0.5, 1, 1), 100, 25, 0.3);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    for (int k = 0; k <= 50; k++) {
      double distance;
      const double fraction = k / 50.0;
      const RunetPoint p = runet_contour_model_at (&model, s, fraction, 0.3, 0.5);
      const double back =
          runet_contour_model_fraction (&model, s, p, 0.3, 0.5, &distance);
      g_assert_cmpfloat (fabs (back - fraction), <, 1e-3);
      g_assert_cmpfloat (distance, <, 1e-3);
    }
  for (guint i = 0; i < 11; i++) {
    const double fraction = runet_contour_model_fraction_at (&model, ENDO, i, 1, 1);
    assert_point (runet_contour_model_at (&model, ENDO, fraction, 1, 1),
                  model.points[ENDO][i].x, model.points[ENDO][i].y, 0.05);
  }
  /* 20 pixels of 0.3 mm to the left of the left end. */
  double distance;
  g_assert_cmpfloat (runet_contour_model_fraction (&model, ENDO, (RunetPoint){50, 151},
                                                   0.3, 0.5, &distance),
                     <, 0.01);
  g_assert_cmpfloat (fabs (distance - 6), <, 0.1);
}

static void
test_no_place (void) {
  RunetContourModel model = make_heart ();
  double distance = 1;
  model.count[ENDO] = 0;
  g_assert_true (isnan (runet_contour_model_at (&model, ENDO, 0.5, 1, 1).x));
  g_assert_true (isnan (runet_contour_model_fraction_at (&model, ENDO, 1, 1, 1)));
  g_assert_true (isnan (runet_contour_model_fraction (&model, ENDO, (RunetPoint){1, 1},
                                                      1, 1, &distance)));
  g_assert_true (isnan (distance));
  /* Epi by its length, then. */
  assert_point (runet_contour_model_at (&model, EPI, 0.5, 1, 1), 100, 25, 0.5);
  model = make_heart ();
  model.apex = 0;
  assert_point (runet_contour_model_at (&model, ENDO, 0.5, 1, 1), 100, 40, 0.5);
}

static void
move (RunetContourModel *model, RunetStructure structure, double x, double y) {
  for (guint i = 0; i < model->count[structure]; i++) {
    model->points[structure][i].x += x;
    model->points[structure][i].y += y;
  }
}

static void
test_interpolate (void) {
  const RunetContourModel heart = make_heart ();
  RunetContourModel before = heart, after = heart, original = heart, result;
  /* The frame between has other points, and was elsewhere. */
  fill_arc (&original, ENDO, 9, 25, 90);
  original.apex = 4;
  fill_arc (&original, LA, 9, 25, -50);
  runet_contour_model_couple (&original, ENDO);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    move (&before, s, 4, 0);
    move (&after, s, 0, -8);
  }
  for (int k = 0; k <= 4; k++) {
    const double w = k / 4.0;
    runet_contour_model_interpolate (&before, &heart, &after, &heart, &original, w, 0.4,
                                     0.4, &result);
    g_assert_cmpuint (result.apex, ==, 4);
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      for (guint i = 0; i < original.count[s]; i++)
        assert_point (result.points[s][i], original.points[s][i].x + 4 * (1 - w),
                      original.points[s][i].y - 8 * w, 1e-6);
  }
  /* Nothing edited, nothing moved; the result may be an input. */
  result = original;
  runet_contour_model_interpolate (&heart, &heart, &heart, &heart, &result, 0.3, 0.4,
                                   0.4, &result);
  for (guint i = 0; i < original.count[ENDO]; i++)
    assert_point (result.points[ENDO][i], original.points[ENDO][i].x,
                  original.points[ENDO][i].y, 1e-9);
}

/* A dent on one side of ED stays on that side, and fades. */
static void
test_interpolate_dent (void) {
  const RunetContourModel heart = make_heart ();
  RunetContourModel before = heart, result;
  before.points[ENDO][2].x += 10;
  runet_contour_model_interpolate (&before, &heart, &heart, &heart, &heart, 0.25, 0.4,
                                   0.4, &result);
  assert_point (result.points[ENDO][2], heart.points[ENDO][2].x + 7.5,
                heart.points[ENDO][2].y, 1.5);
  assert_point (result.points[ENDO][8], heart.points[ENDO][8].x,
                heart.points[ENDO][8].y, 1e-9);
  assert_point (result.points[EPI][2], heart.points[EPI][2].x, heart.points[EPI][2].y,
                1e-9);
}

static void
test_interpolate_missing (void) {
  const RunetContourModel heart = make_heart ();
  RunetContourModel before = heart, after = heart, result;
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    move (&before, s, 5, 0);
  after.count[ENDO] = 0;
  runet_contour_model_interpolate (&before, &heart, &after, &heart, &heart, 0, 1, 1,
                                   &result);
  assert_point (result.points[ENDO][5], 100, 40, 0);
  assert_point (result.points[LA][4], heart.points[LA][4].x + 5, heart.points[LA][4].y,
                1e-6);
  assert_point (result.points[ENDO][0], 75, 150, 1e-6);
  RunetContourModel bare = heart;
  bare.count[LA] = 0;
  runet_contour_model_interpolate (&before, &heart, &heart, &heart, &bare, 0, 1, 1,
                                   &result);
  g_assert_cmpuint (result.count[LA], ==, 0);
  assert_point (result.points[ENDO][5], 105, 40, 1e-6);
}

/* ---------------------------------------------------------------- what no heart looks like */

static RunetContourFaults
check (const RunetContourModel *model, RunetPoint *spot, RunetStructure *structure) {
  return runet_contour_model_check (model, WIDTH, HEIGHT, 0.5, 0.5,
                                    RUNET_CONTOUR_THICKNESS_MM, spot, structure);
}

static void
test_sound (void) {
  const RunetContourModel model = make_heart (), empty = {0};
  RunetPoint spot;
  RunetStructure structure;
  g_assert_cmpint (check (&model, &spot, &structure), ==, RUNET_CONTOUR_SOUND);
  g_assert_true (isnan (spot.x) && isnan (spot.y));
  g_assert_cmpint (check (&model, NULL, NULL), ==, RUNET_CONTOUR_SOUND);
  g_assert_cmpint (check (&empty, NULL, NULL), ==, RUNET_CONTOUR_SOUND);
}

static void
test_crossing (void) {
  RunetPoint spot;
  RunetStructure structure;
  /* Endo's neighbours change places. */
  RunetContourModel model = make_heart ();
  const RunetPoint swap = model.points[ENDO][3];
  model.points[ENDO][3] = model.points[ENDO][4];
  model.points[ENDO][4] = swap;
  g_assert_cmpint (check (&model, &spot, &structure), ==, RUNET_CONTOUR_CROSSES_ITSELF);
  g_assert_cmpint (structure, ==, ENDO);
  assert_point (spot, (swap.x + model.points[ENDO][3].x) / 2,
                (swap.y + model.points[ENDO][3].y) / 2, 20);
  /* Endo over its own base. */
  model = make_heart ();
  model.points[ENDO][5] = (RunetPoint){100, 170};
  g_assert_cmpint (check (&model, NULL, NULL) & RUNET_CONTOUR_CROSSES_ITSELF, !=, 0);
  /* Endo through epi. */
  model = make_heart ();
  model.points[ENDO][5].y = 10;
  g_assert_cmpint (check (&model, &spot, NULL) & RUNET_CONTOUR_CROSSES_ITSELF, !=, 0);
  assert_point (spot, 100, 27, 20);
  /* The atrium's roof through the ventricle. */
  model = make_heart ();
  model.points[LA][2].y = 100;
  model.points[LA][2].x = 60;
  g_assert_cmpint (check (&model, NULL, NULL) & RUNET_CONTOUR_CROSSES_ITSELF, !=, 0);
}

static void
test_thin (void) {
  RunetContourModel model = make_heart ();
  RunetPoint spot;
  RunetStructure structure;
  /* 15 pixels of 0.5 mm of wall at the apex; 3 are left. */
  model.points[EPI][5].y += 12;
  g_assert_cmpint (check (&model, &spot, &structure), ==, RUNET_CONTOUR_THIN);
  assert_point (spot, 100, 38.5, 3);
  g_assert_cmpint (structure, ==, EPI);
  g_assert_cmpint (
      runet_contour_model_check (&model, WIDTH, HEIGHT, 0.5, 0.5, 1, NULL, NULL), ==,
      RUNET_CONTOUR_SOUND);
  g_assert_cmpint (
      runet_contour_model_check (&model, WIDTH, HEIGHT, 1, 1, 2, NULL, NULL), ==,
      RUNET_CONTOUR_SOUND);
  /* At the annulus a wall tapers. */
  model = make_heart ();
  model.points[EPI][0].x = model.points[ENDO][0].x - 2;
  g_assert_cmpint (check (&model, NULL, NULL), ==, RUNET_CONTOUR_SOUND);
}

static void
test_empty (void) {
  RunetContourModel model = {.count = {0, 0, 3}};
  RunetStructure structure;
  for (guint i = 0; i < 3; i++)
    model.points[LA][i] = (RunetPoint){50 + 10.0 * i, 50};
  g_assert_cmpint (check (&model, NULL, &structure), ==, RUNET_CONTOUR_EMPTY);
  g_assert_cmpint (structure, ==, LA);
  for (guint i = 0; i < 3; i++)
    model.points[LA][i] = (RunetPoint){50, 50};
  g_assert_cmpint (check (&model, NULL, NULL), ==, RUNET_CONTOUR_EMPTY);
  model.points[LA][1].x = NAN;
  g_assert_cmpint (check (&model, NULL, NULL) & RUNET_CONTOUR_EMPTY, !=, 0);
}

static void
test_outside (void) {
  RunetContourModel model = make_heart ();
  RunetStructure structure;
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    move (&model, s, 0, 60);
  g_assert_cmpint (check (&model, NULL, NULL), ==, RUNET_CONTOUR_SOUND);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    move (&model, s, 0, 60);
  g_assert_cmpint (check (&model, NULL, &structure), ==, RUNET_CONTOUR_OUTSIDE);
  g_assert_cmpint (structure, ==, LA);
  /* All around the image, with no line inside. */
  model = (RunetContourModel){.count = {0, 0, 4}};
  const RunetPoint around[4] = {{-5e3, 5e3}, {-5e3, -5e3}, {5e3, -5e3}, {5e3, 5e3}};
  memcpy (model.points[LA], around, sizeof around);
  g_assert_cmpint (check (&model, NULL, NULL), ==, RUNET_CONTOUR_SOUND);
  move (&model, LA, 1e5, 0);
  g_assert_cmpint (check (&model, NULL, NULL), ==, RUNET_CONTOUR_OUTSIDE);
}

/* With as many points as there can be, in any place. */
static void
test_wild (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  for (int round = 0; round < 20; round++) {
    RunetContourModel model = {.apex = 30};
    const double size = pow (10, round + 2);
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      model.count[s] = RUNET_CONTOUR_POINTS_MAX;
      for (guint i = 0; i < model.count[s]; i++)
        model.points[s][i] = (RunetPoint){g_rand_double_range (rand, -size, size),
                                          g_rand_double_range (rand, -size, size)};
    }
    g_assert_cmpint (check (&model, NULL, NULL) & RUNET_CONTOUR_CROSSES_ITSELF, !=, 0);
    runet_contour_model_couple (&model, ENDO);
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      g_assert_true (isfinite (runet_contour_model_at (&model, s, 0.7, 1, 1).x));
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/contour-model/equal", test_equal);
  g_test_add_func ("/shape/contour-model/outline", test_outline);
  g_test_add_func ("/shape/contour-model/couple", test_couple);
  g_test_add_func ("/shape/contour-model/place", test_places);
  g_test_add_func ("/shape/contour-model/place/none", test_no_place);
  g_test_add_func ("/shape/contour-model/interpolate", test_interpolate);
  g_test_add_func ("/shape/contour-model/interpolate/dent", test_interpolate_dent);
  g_test_add_func ("/shape/contour-model/interpolate/missing",
                   test_interpolate_missing);
  g_test_add_func ("/shape/contour-model/check/sound", test_sound);
  g_test_add_func ("/shape/contour-model/check/crossing", test_crossing);
  g_test_add_func ("/shape/contour-model/check/thin", test_thin);
  g_test_add_func ("/shape/contour-model/check/empty", test_empty);
  g_test_add_func ("/shape/contour-model/check/outside", test_outside);
  g_test_add_func ("/shape/contour-model/check/wild", test_wild);
  return g_test_run ();
}
