/* Label maps drawn from the contour model: against a naive test of every pixel, what is untouched byte for byte, no gap
 * at the base, and points in places where no heart is. */
#include <math.h>
#include <string.h>

#include "core/phantom/patient.h"
#include "core/shape/contour-model.h"

#define SEED 8
#define HEARTS 25
#define ENDO RUNET_STRUCTURE_ENDO
#define EPI RUNET_STRUCTURE_EPI
#define LA RUNET_STRUCTURE_LA
#define BIT(structure) RUNET_STRUCTURE_BIT (structure)

/* Whether the closed polygon winds around @p. */
static gboolean
is_inside (const GArray *outline, RunetPoint p) {
  int winding = 0;
  for (guint i = 0; i < outline->len; i++) {
    const RunetPoint a = g_array_index (outline, RunetPoint, i);
    const RunetPoint b = g_array_index (outline, RunetPoint, (i + 1) % outline->len);
    const double side = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
    if (a.y <= p.y && b.y > p.y && side > 0)
      winding++;
    else if (a.y > p.y && b.y <= p.y && side < 0)
      winding--;
  }
  return winding != 0;
}

static void
draw_naively (const RunetContourModel *model,
              gsize width,
              gsize height,
              guint8 *labels) {
  g_autoptr (GArray) endo = runet_contour_model_outline (model, ENDO);
  g_autoptr (GArray) epi = runet_contour_model_outline (model, EPI);
  g_autoptr (GArray) la = runet_contour_model_outline (model, LA);
  for (gsize i = 0; i < width * height; i++) {
    const RunetPoint p = {(double)(i % width) + 0.5, (double)(i / width) + 0.5};
    labels[i] = is_inside (endo, p)  ? RUNET_LABEL_LV
                : is_inside (la, p)  ? RUNET_LABEL_LA
                : is_inside (epi, p) ? RUNET_LABEL_MYOCARDIUM
                                     : RUNET_LABEL_BACKGROUND;
  }
}

static void
test_naive (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  const gsize width = 70, height = 50;
  g_autofree guint8 *labels = g_new (guint8, width * height);
  g_autofree guint8 *expected = g_new (guint8, width * height);
  for (int round = 0; round < 200; round++) {
    RunetContourModel model = {.apex = 2};
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      model.count[s] = (guint)g_rand_int_range (rand, 3, 9);
      for (guint i = 0; i < model.count[s]; i++)
        model.points[s][i] = (RunetPoint){g_rand_double_range (rand, -30, 100),
                                          g_rand_double_range (rand, -30, 80)};
    }
    runet_contour_model_couple (&model, ENDO);
    memset (labels, 9, width * height);
    runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, width, height,
                                   labels);
    draw_naively (&model, width, height, expected);
    g_assert_cmpmem (labels, width * height, expected, width * height);
  }
}

/* A base along the middles of pixels, level, upright and slanting: every pixel of a square belongs to one of two
 * structures. */
static void
test_shared_edge (void) {
  static const RunetPoint bases[][2] = {
      {{-5, 20.5}, {45, 20.5}}, {{20.5, -5}, {20.5, 45}}, {{-5.5, -5.5}, {45.5, 45.5}}};
  for (guint k = 0; k < G_N_ELEMENTS (bases); k++) {
    const RunetPoint a = bases[k][0], b = bases[k][1];
    const RunetPoint across = {a.y - b.y, b.x - a.x};
    RunetContourModel model = {.count = {4, 0, 4}, .apex = 1};
    for (int side = -1; side <= 1; side += 2) {
      RunetPoint *points = model.points[side < 0 ? ENDO : LA];
      points[0] = a;
      points[1] = (RunetPoint){a.x + side * across.x, a.y + side * across.y};
      points[2] = (RunetPoint){b.x + side * across.x, b.y + side * across.y};
      points[3] = b;
    }
    guint8 labels[40 * 40];
    runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, 40, 40, labels);
    gboolean seen[RUNET_LABELS] = {FALSE};
    for (guint i = 0; i < sizeof labels; i++)
      seen[labels[i]] = TRUE;
    g_assert_true (seen[RUNET_LABEL_LV] && seen[RUNET_LABEL_LA]);
    g_assert_false (seen[RUNET_LABEL_BACKGROUND] || seen[RUNET_LABEL_MYOCARDIUM]);
  }
}

/* ---------------------------------------------------------------- what is not drawn */

typedef struct {
  gsize width, height;
  double spacing_mm;
  guint8 *labels;
} Map;

static void
map_clear (Map *map) {
  g_free (map->labels);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Map, map_clear)

/* @bulge: pixels by which the atrium (or, below 0, the ventricle) crosses the middle of the base. */
static Map
make_map (guint number, RunetView view, int bulge) {
  g_autofree RunetPhantomPatient *patient = g_new0 (RunetPhantomPatient, 1);
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  runet_phantom_patient_init (patient, SEED, number);
  const RunetPlaneGrid *grid = &patient->views[view].grid;
  Map map = {grid->width, grid->height, grid->spacing_mm,
             g_new0 (guint8, grid->width * grid->height)};
  runet_heart_shape (&patient->heart, view, number % 2, 0, shape);
  runet_heart_fill_labels (shape, grid, map.labels);
  RunetContourModel model;
  runet_contour_model_fit (map.labels, map.width, map.height, 1, 1, &model, NULL);
  const RunetPoint a = model.points[ENDO][0];
  const RunetPoint b = model.points[ENDO][model.count[ENDO] - 1];
  for (int y = -40; y <= 40; y++)
    for (int x = -40; x <= 40; x++) {
      const double r = hypot (x, 2.5 * y), reach = 2.5 * abs (bulge);
      const gsize i =
          (gsize)((a.y + b.y) / 2 + y) * map.width + (gsize)((a.x + b.x) / 2 + x);
      if (r < reach && map.labels[i] == (bulge > 0 ? RUNET_LABEL_LV : RUNET_LABEL_LA))
        map.labels[i] = bulge > 0 ? RUNET_LABEL_LA : RUNET_LABEL_LV;
    }
  return map;
}

static gboolean
is_wall (guint8 label) {
  return label == RUNET_LABEL_LV || label == RUNET_LABEL_MYOCARDIUM;
}

static gboolean
is_chamber (guint8 label) {
  return label == RUNET_LABEL_LV || label == RUNET_LABEL_LA;
}

/* The pixels near the middle of the base were chambers and are. */
static void
check_base (const Map *map, const RunetContourModel *model, const guint8 *drawn) {
  const RunetPoint a = model->points[ENDO][0];
  const RunetPoint b = model->points[ENDO][model->count[ENDO] - 1];
  for (int k = 20; k <= 80; k++)
    for (int depth = -8; depth <= 8; depth++) {
      const double x = a.x + k / 100.0 * (b.x - a.x);
      const double y = a.y + k / 100.0 * (b.y - a.y) + depth;
      const gsize i = (gsize)y * map->width + (gsize)x;
      if (is_chamber (map->labels[i]))
        g_assert_true (is_chamber (drawn[i]));
    }
}

static void
check_untouched (const Map *map,
                 const RunetContourModel *model,
                 RunetStructureSet set,
                 const guint8 *drawn) {
  g_autofree guint8 *alone = g_new (guint8, map->width * map->height);
  RunetContourModel chambers = *model;
  chambers.count[EPI] = 0;
  if (!(set & BIT (ENDO)))
    chambers.count[ENDO] = 0;
  if (!(set & BIT (LA)))
    chambers.count[LA] = 0;
  runet_contour_model_rasterise (&chambers, RUNET_STRUCTURES_ALL, NULL, map->width,
                                 map->height, alone);
  for (gsize i = 0; i < map->width * map->height; i++) {
    const guint8 was = map->labels[i], is = drawn[i];
    if (!(set & BIT (ENDO)))
      g_assert_true ((was == RUNET_LABEL_LV) == (is == RUNET_LABEL_LV));
    if (!(set & BIT (LA)))
      g_assert_true ((was == RUNET_LABEL_LA) == (is == RUNET_LABEL_LA));
    if (!(set & BIT (EPI)) && alone[i] == RUNET_LABEL_BACKGROUND)
      g_assert_true (is_wall (was) == is_wall (is));
  }
}

static void
check_map (const Map *map, gboolean moved) {
  RunetContourModel model;
  const gsize pixels = map->width * map->height;
  g_autofree guint8 *drawn = g_new (guint8, pixels);
  runet_contour_model_fit (map->labels, map->width, map->height, map->spacing_mm,
                           map->spacing_mm, &model, NULL);
  for (guint i = 1; moved && i < model.count[ENDO] / 2; i++)
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      model.points[s][i].x += 6;
  for (RunetStructureSet set = 0; set <= RUNET_STRUCTURES_ALL; set++) {
    memset (drawn, 9, pixels);
    runet_contour_model_rasterise (&model, set, map->labels, map->width, map->height,
                                   drawn);
    check_untouched (map, &model, set, drawn);
    check_base (map, &model, drawn);
    if (set == 0)
      g_assert_cmpmem (drawn, pixels, map->labels, pixels);
    /* In place it is the same. */
    g_autofree guint8 *place = g_memdup2 (map->labels, pixels);
    runet_contour_model_rasterise (&model, set, place, map->width, map->height, place);
    g_assert_cmpmem (drawn, pixels, place, pixels);
  }
}

static void
test_untouched (void) {
  static const int bulges[] = {0, 4, -4, 7, -7};
  for (guint p = 0; p < HEARTS; p++) {
    g_auto (Map) map = make_map (p, p % 2, bulges[p % G_N_ELEMENTS (bulges)]);
    check_map (&map, FALSE);
    check_map (&map, TRUE);
  }
}

/* The same with the base upright on the screen. */
static void
test_turned (void) {
  for (guint p = 0; p < 6; p++) {
    g_auto (Map) map = make_map (p, 0, p % 2 ? 5 : -5);
    g_auto (Map) turned = {map.height, map.width, map.spacing_mm,
                           g_new (guint8, map.width * map.height)};
    for (gsize i = 0; i < map.width * map.height; i++)
      turned.labels[(i % map.width) * map.height + map.height - 1 - i / map.width] =
          map.labels[i];
    RunetContourModel model;
    const gsize pixels = map.width * map.height;
    g_autofree guint8 *drawn = g_new (guint8, pixels);
    runet_contour_model_fit (turned.labels, turned.width, turned.height, 1, 1, &model,
                             NULL);
    for (RunetStructureSet set = 0; set <= RUNET_STRUCTURES_ALL; set++) {
      runet_contour_model_rasterise (&model, set, turned.labels, turned.width,
                                     turned.height, drawn);
      check_untouched (&turned, &model, set, drawn);
    }
  }
}

/* A smaller endo leaves myocardium within an epi that nobody touched; a smaller epi leaves background. */
static void
test_freed (void) {
  g_auto (Map) map = make_map (0, 0, 0);
  RunetContourModel model;
  g_autofree guint8 *drawn = g_new (guint8, map.width * map.height);
  runet_contour_model_fit (map.labels, map.width, map.height, 1, 1, &model, NULL);
  const RunetPoint apex = model.points[ENDO][model.apex];
  const gsize freed = (gsize)(apex.y + 4) * map.width + (gsize)apex.x;
  g_assert_cmpint (map.labels[freed], ==, RUNET_LABEL_LV);
  model.points[ENDO][model.apex].y += 12;
  runet_contour_model_rasterise (&model, BIT (ENDO), map.labels, map.width, map.height,
                                 drawn);
  g_assert_cmpint (drawn[freed], ==, RUNET_LABEL_MYOCARDIUM);

  gsize top = freed;
  while (map.labels[top - map.width] != RUNET_LABEL_BACKGROUND)
    top -= map.width;
  for (guint i = 3; i + 3 < model.count[EPI]; i++)
    model.points[EPI][i].y += 10;
  runet_contour_model_rasterise (&model, BIT (EPI), map.labels, map.width, map.height,
                                 drawn);
  g_assert_cmpint (drawn[top], ==, RUNET_LABEL_BACKGROUND);
}

/* The wall reaches over the line of the base: that stays as long as the annulus points are where they were. */
static void
test_wall_ends (void) {
  g_auto (Map) map = make_map (0, 0, 0);
  RunetContourModel model;
  g_autofree guint8 *drawn = g_new (guint8, map.width * map.height);
  runet_contour_model_fit (map.labels, map.width, map.height, 1, 1, &model, NULL);
  const RunetPoint a = model.points[ENDO][model.count[ENDO] - 1];
  const RunetPoint b = model.points[EPI][model.count[EPI] - 1];
  const gsize x = (gsize)((a.x + b.x) / 2), y = (gsize)((a.y + b.y) / 2);
  g_assert_cmpfloat (b.x - a.x, >, 12);
  for (gsize depth = 0; depth < 9; depth++)
    map.labels[(y + depth) * map.width + x] = RUNET_LABEL_MYOCARDIUM;
  const gsize over = (y + 6) * map.width + x;
  static const RunetStructureSet some[] = {BIT (EPI), BIT (EPI) | BIT (ENDO),
                                           BIT (EPI) | BIT (LA)};
  for (guint k = 0; k < G_N_ELEMENTS (some); k++) {
    runet_contour_model_rasterise (&model, some[k], map.labels, map.width, map.height,
                                   drawn);
    g_assert_cmpint (drawn[over], ==, RUNET_LABEL_MYOCARDIUM);
  }
  runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, map.labels, map.width,
                                 map.height, drawn);
  g_assert_cmpint (drawn[over], ==, RUNET_LABEL_BACKGROUND);
  /* Nor does it outlive the wall: epi ends before it. */
  model.points[EPI][model.count[EPI] - 1].x = (2 * a.x + (double)x) / 3;
  runet_contour_model_couple (&model, ENDO);
  runet_contour_model_rasterise (&model, BIT (EPI), map.labels, map.width, map.height,
                                 drawn);
  g_assert_cmpint (drawn[over], ==, RUNET_LABEL_BACKGROUND);
}

/* ---------------------------------------------------------------- where no heart is */

static void
test_far (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  guint8 labels[40 * 30], original[40 * 30];
  for (guint i = 0; i < sizeof original; i++)
    original[i] = (guint8)g_rand_int_range (rand, 0, 6);
  for (int round = 0; round < 120; round++) {
    const double size = pow (10, round * 2.5);
    RunetContourModel model = {.apex = 4};
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      model.count[s] = 3 + (guint)round % (RUNET_CONTOUR_POINTS_MAX - 2);
      for (guint i = 0; i < model.count[s]; i++)
        model.points[s][i] = (RunetPoint){g_rand_double_range (rand, -size, size),
                                          g_rand_double_range (rand, -size, size)};
    }
    if (round % 10 == 9)
      model.points[round % 3][1].x = round % 20 == 9 ? NAN : INFINITY;
    for (RunetStructureSet set = 0; set <= RUNET_STRUCTURES_ALL; set++) {
      memset (labels, 9, sizeof labels);
      runet_contour_model_rasterise (&model, set, original, 40, 30, labels);
      for (guint i = 0; i < sizeof labels; i++)
        g_assert_cmpuint (labels[i], <, 6);
    }
  }
}

/* One that covers everything, by points far away; and what has a point that is no number is missing. */
static void
test_around (void) {
  guint8 labels[40 * 30];
  RunetContourModel model = {.count = {0, 0, 4}};
  const RunetPoint around[4] = {{-5e3, 5e3}, {-5e3, -5e3}, {5e3, -5e3}, {5e3, 5e3}};
  memcpy (model.points[LA], around, sizeof around);
  runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, 40, 30, labels);
  for (guint i = 0; i < sizeof labels; i++)
    g_assert_cmpint (labels[i], ==, RUNET_LABEL_LA);
  model.points[LA][2].y = NAN;
  runet_contour_model_rasterise (&model, RUNET_STRUCTURES_ALL, NULL, 40, 30, labels);
  for (guint i = 0; i < sizeof labels; i++)
    g_assert_cmpint (labels[i], ==, RUNET_LABEL_BACKGROUND);
}

/* A label that is no structure's stays where nothing is drawn. */
static void
test_other_labels (void) {
  guint8 labels[20 * 20];
  RunetContourModel model = {.count = {4, 0, 0}, .apex = 1};
  const RunetPoint square[4] = {{5, 15}, {5, 5}, {15, 5}, {15, 15}};
  memcpy (model.points[ENDO], square, sizeof square);
  memset (labels, 77, sizeof labels);
  runet_contour_model_rasterise (&model, BIT (ENDO), labels, 20, 20, labels);
  g_assert_cmpint (labels[10 * 20 + 10], ==, RUNET_LABEL_LV);
  g_assert_cmpint (labels[0], ==, 77);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/shape/contour-model/rasterise/naive", test_naive);
  g_test_add_func ("/shape/contour-model/rasterise/shared-edge", test_shared_edge);
  g_test_add_func ("/shape/contour-model/rasterise/untouched", test_untouched);
  g_test_add_func ("/shape/contour-model/rasterise/turned", test_turned);
  g_test_add_func ("/shape/contour-model/rasterise/freed", test_freed);
  g_test_add_func ("/shape/contour-model/rasterise/wall-ends", test_wall_ends);
  g_test_add_func ("/shape/contour-model/rasterise/far", test_far);
  g_test_add_func ("/shape/contour-model/rasterise/around", test_around);
  g_test_add_func ("/shape/contour-model/rasterise/other-labels", test_other_labels);
  return g_test_run ();
}
