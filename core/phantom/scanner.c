/* Scatterers that move with the tissue, the levels of everything that echoes, and the
 * image. */
#include "scanner.h"
#include "beam.h"

#include <math.h>
#include <string.h>

#define WALL_PER_MM2 9.0
#define SURROUND_PER_MM2 5.0
/* Grey value of ordinary myocardium at gain 0. */
#define TISSUE_GREY 118.0f
#define FOOT_GREY 35.0f
#define NEAREST_MM 4.0
#define PATCHES 10
/* Share of the wall whose scatterers are strewn about the inner border: trabeculae. */
#define TRABECULAE 0.16f
/* Share of a wall at each of its faces that makes the bright line there. */
#define FACE 0.12f
/* The tissue around the heart follows the valve plane, less with distance. */
#define FOLLOW 0.75
#define FOLLOW_MM 30.0
/* So far sideways it reaches into the heart, or stays away from it: no border is
 * sharp. */
#define STRAYING_MM 3.0
#define ARCS 7
/* Beams differ by the ribs and the lung they pass. */
#define STREAK_DB 3.5
/* Reflecting layers of the chest wall. */
#define LAYERS 5
/* Darker than anything that is detected. */
#define OUTSIDE -1e6f
#define REVERBERATION_MM 2.7

/* Smooth random values over the unit square, about -1 … 1. */
typedef struct {
  float values[PATCHES][PATCHES];
} Patches;

/* A scatterer of a strip, in material coordinates. */
typedef struct {
  guint8 tissue;
  float along, across, amplitude;
} WallScatterer;

/* A scatterer around the heart: its place at rest and how far it follows the valve
 * plane. */
typedef struct {
  float x, y, amplitude, follow, straying;
} SurroundScatterer;

struct _RunetScanner {
  RunetScannerSettings settings;
  RunetPlaneGrid grid;
  RunetBeams beams;
  RunetPlanePoint ring_at_rest;
  double clutter; /* share of the surroundings that shows within the heart */
  Patches patches[3];
  GArray *wall; /* WallScatterer */
  GArray *surround; /* SurroundScatterer */
  RunetEchoes still; /* R × B: reverberation and far reflections, before the blur */
  float *blood; /* R × B: level of what flows, blurred by the beam */
  float *noise; /* R × B: level of the electronic noise, added after it */
  float *field_db; /* R × B: gain, attenuation, shadow */
};

/* Echo of each tissue in dB: of its body; how much its inner and outer faces add where the
 * beam meets them at a right angle; how patchy it is; what it loses where the beam grazes
 * it. */
static const struct {
  double body_db, inner_db, outer_db, patchy_db, grazing_db;
} tissue_levels[RUNET_TISSUES] = {
    [RUNET_TISSUE_LV_WALL] = {0, 6, 9, 8, 0},
    [RUNET_TISSUE_LA_WALL] = {0, 4, 10, 5, -6},
    [RUNET_TISSUE_ANTERIOR_LEAFLET] = {4, 4, 4, 9, -9},
    [RUNET_TISSUE_POSTERIOR_LEAFLET] = {3, 4, 4, 9, -9},
    [RUNET_TISSUE_PAPILLARY] = {-2, 4, 4, 7, -3},
    [RUNET_TISSUE_RV_WALL] = {2, 4, 9, 6, -3},
    [RUNET_TISSUE_RA_WALL] = {-2, 4, 10, 5, -6},
    [RUNET_TISSUE_ATRIAL_SEPTUM] = {5, 0, 0, 7, -2},
    [RUNET_TISSUE_SEPTAL_LEAFLET] = {2, 4, 4, 9, -9},
    [RUNET_TISSUE_FREE_LEAFLET] = {2, 4, 4, 9, -9},
};

static double
from_db (double decibel) {
  return pow (10, decibel / 20);
}

static double
bump (double distance, double width) {
  return exp (-0.5 * (distance / width) * (distance / width));
}

static double
smooth_step (double value) {
  double x = CLAMP (value, 0, 1);
  return x * x * (3 - 2 * x);
}

static double
draw (GRand *rand, double from, double to) {
  return g_rand_double_range (rand, from, to);
}

/* 0 … 1 … 0 … 1, without a jump. */
static double
fold (double value) {
  double rest = fmod (value, 2);
  return rest <= 1 ? rest : 2 - rest;
}

static void
fill_patches (Patches *patches, GRand *rand) {
  for (int i = 0; i < PATCHES; i++)
    for (int k = 0; k < PATCHES; k++)
      patches->values[i][k] = (float)draw (rand, -1, 1);
}

static double
patch_at (const Patches *patches, double u, double v) {
  double x = CLAMP (u, 0, 1) * (PATCHES - 1), y = CLAMP (v, 0, 1) * (PATCHES - 1);
  int i = MIN ((int)y, PATCHES - 2), k = MIN ((int)x, PATCHES - 2);
  double right = smooth_step (x - k), down = smooth_step (y - i);
  const float *above = patches->values[i] + k, *below = patches->values[i + 1] + k;
  return (above[0] * (1 - right) + above[1] * right) * (1 - down) +
         (below[0] * (1 - right) + below[1] * right) * down;
}

/* About the logarithm of a gamma-distributed brightness: a few scatterers stand out. */
static double
draw_amplitude (GRand *rand) {
  double sum = 0;
  for (int i = 0; i < 4; i++)
    sum += draw (rand, -1, 1);
  return exp (0.6 * sum) * 0.72;
}

static void
seed_strip (RunetScanner *scanner,
            RunetTissue tissue,
            const RunetStrip *strip,
            GRand *rand) {
  double area = runet_strip_area (strip);
  gsize count = (gsize)(area * WALL_PER_MM2);
  double amplitude = from_db (tissue_levels[tissue].body_db) / sqrt (WALL_PER_MM2);
  for (gsize i = 0; i < count; i++) {
    WallScatterer scatterer = {.tissue = (guint8)tissue};
    scatterer.along = (float)draw (rand, 0, 1);
    scatterer.across = (float)draw (rand, 0, 1);
    if (tissue == RUNET_TISSUE_LV_WALL && scatterer.across < TRABECULAE)
      scatterer.across -= (float)(TRABECULAE * draw (rand, -0.5, 1.3));
    double row = 0.3 * scatterer.across + 0.07 * tissue;
    double patch = patch_at (&scanner->patches[tissue % 2], scatterer.along, row) +
                   patch_at (&scanner->patches[2], fold (4 * scatterer.along), row);
    scatterer.amplitude = (float)(amplitude * draw_amplitude (rand) *
                                  from_db (tissue_levels[tissue].patchy_db * patch));
    g_array_append_val (scanner->wall, scatterer);
  }
}

/* Level of the tissue around the heart: different on both sides, patchy, bright in the
 * fat of the groove beside the mitral annulus. */
static double
surround_level (const RunetScanner *scanner,
                const RunetHeartShape *rest,
                RunetPlanePoint point) {
  const RunetScannerSettings *settings = &scanner->settings;
  double depth = hypot (point.x, point.y) / settings->depth_mm;
  double side = 0.5 + 0.5 * atan2 (point.x, point.y) / settings->half_angle_rad;
  double share = smooth_step (2 * side - 0.5);
  double level =
      settings->surround_db[0] * (1 - share) + settings->surround_db[1] * share;
  level += 10 * patch_at (&scanner->patches[0], side, depth);
  level += 6 * patch_at (&scanner->patches[1], fold (3 * side), fold (2.5 * depth));
  level += 6 * smooth_step ((depth - 0.72) / 0.2);
  level -= 14 * (1 - smooth_step (depth * settings->depth_mm / 28));
  for (int k = 0; k < 2; k++) {
    RunetPlanePoint groove =
        runet_point_along (rest->annulus[k], rest->across, k == 0 ? -11 : 11);
    groove = runet_point_along (groove, rest->axis, -5);
    level += 13 * bump (runet_point_distance (groove, point), 8);
  }
  return level;
}

static void
seed_surround (RunetScanner *scanner, const RunetHeartShape *rest, GRand *rand) {
  const RunetScannerSettings *settings = &scanner->settings;
  double area = settings->half_angle_rad * settings->depth_mm * settings->depth_mm;
  gsize count = (gsize)(area * SURROUND_PER_MM2);
  for (gsize i = 0; i < count; i++) {
    SurroundScatterer scatterer;
    double angle = draw (rand, -1, 1) * settings->half_angle_rad;
    double depth = sqrt (draw (rand, 0, 1)) * settings->depth_mm;
    RunetPlanePoint point = {depth * sin (angle), depth * cos (angle)};
    double level = surround_level (scanner, rest, point);
    scatterer.x = (float)point.x;
    scatterer.y = (float)point.y;
    scatterer.amplitude =
        (float)(draw_amplitude (rand) * from_db (level) / sqrt (SURROUND_PER_MM2));
    scatterer.follow =
        (float)(FOLLOW *
                bump (runet_point_distance (point, scanner->ring_at_rest), FOLLOW_MM));
    scatterer.straying =
        (float)(draw (rand, -1, 1) * STRAYING_MM * (0.4 + depth / settings->depth_mm));
    g_array_append_val (scanner->surround, scatterer);
  }
}

/* Reverberation below the transducer and haze further down; dB. */
static double
reverberation_level (const RunetScanner *scanner, double depth_mm, double side) {
  double haze = scanner->settings.haze_db;
  double rings = cos (2 * G_PI * depth_mm / REVERBERATION_MM) * exp (-depth_mm / 10);
  double level = haze - 7 - 0.26 * MIN (depth_mm, 45) - 0.1 * depth_mm + 8 * rings;
  level += 6 * patch_at (&scanner->patches[2], side, fold (depth_mm / 30));
  for (int layer = 0; layer < LAYERS; layer++) {
    const Patches *shape = &scanner->patches[layer % 3];
    double row = (layer + 0.5) / LAYERS;
    double at = 5 + 4.2 * layer + 2.5 * patch_at (shape, 0.3 * side + 0.2, row);
    double strength = 10 + 16 * patch_at (shape, fold (1.5 * side), 1 - row);
    level += MAX (strength, 0) * bump (depth_mm - at, 0.55);
  }
  return level;
}

/* The far wall of the chest and the diaphragm: bright arcs. */
static void
add_arcs (const RunetScanner *scanner,
          const guint8 *inside,
          float *level,
          GRand *rand) {
  const RunetBeams *beams = &scanner->beams;
  for (int arc = 0; arc < ARCS; arc++) {
    double depth = draw (rand, 0.72, 1.0) * scanner->settings.depth_mm;
    double angle = draw (rand, -0.9, 0.9) * beams->half_angle_rad;
    double width = draw (rand, 0.05, 0.15), slope = draw (rand, -45, 45);
    double strength = from_db (draw (rand, 8, 19)), thick = draw (rand, 0.5, 2.2);
    for (gsize i = 0; i < beams->rows * beams->beams; i++) {
      double r = (i / beams->beams) * beams->row_mm;
      double a = (i % beams->beams) * beams->beam_rad - beams->half_angle_rad;
      double off = r - depth - slope * (a - angle);
      if (fabs (off) > 4 * thick || inside[i])
        continue;
      level[i] += (float)(strength * bump (off, thick) * bump (a - angle, width));
    }
  }
}

/* Attenuation and gain, in dB, at one place of the sector. */
static double
field_level (const RunetScannerSettings *settings, double depth_mm, double angle_rad) {
  double share = angle_rad / settings->half_angle_rad;
  double depth = depth_mm / settings->depth_mm;
  double level =
      settings->gain_db + settings->far_db * smooth_step ((depth - 0.5) / 0.5);
  level +=
      settings->edge_db[share < 0 ? 0 : 1] * smooth_step ((fabs (share) - 0.35) / 0.65);
  level -= 5 * exp (-depth_mm / 2.5);
  level += settings->shadow_db *
           (1 - smooth_step ((fabs (angle_rad - settings->shadow_rad) /
                                  settings->shadow_width_rad -
                              0.6) /
                             0.8)) *
           smooth_step ((depth_mm - 8) / 15);
  return level;
}

/* Whether each cell of beam space is in the heart. @map: on @grid. */
static guint8 *
sample_inside (const RunetBeams *beams, const guint8 *map, const RunetPlaneGrid *grid) {
  guint8 *inside = g_new0 (guint8, beams->rows * beams->beams);
  for (gsize i = 0; i < beams->rows * beams->beams; i++) {
    double r = (i / beams->beams) * beams->row_mm;
    double a = (i % beams->beams) * beams->beam_rad - beams->half_angle_rad;
    double column = r * sin (a) / grid->spacing_mm + 0.5 * grid->width;
    double row = r * cos (a) / grid->spacing_mm;
    if (column >= 0 && column < grid->width && row < grid->height)
      inside[i] = map[(gsize)row * grid->width + (gsize)column];
  }
  return inside;
}

static guint8 *
map_inside (const RunetHeartShape *shape, const RunetPlaneGrid *grid) {
  guint8 *map = g_new0 (guint8, grid->width * grid->height);
  runet_heart_fill_inside (shape, grid, map);
  return map;
}

/* What does not move: fields over beam space. */
static void
build_fields (RunetScanner *scanner, const RunetHeartShape *rest, GRand *rand) {
  const RunetScannerSettings *settings = &scanner->settings;
  const RunetBeams *beams = &scanner->beams;
  gsize cells = beams->rows * beams->beams;
  g_autofree float *level = g_new (float, cells);
  g_autofree guint8 *map = map_inside (rest, &scanner->grid);
  g_autofree guint8 *inside = sample_inside (beams, map, &scanner->grid);

  scanner->blood = g_new (float, cells);
  scanner->noise = g_new (float, cells);
  scanner->field_db = g_new (float, cells);
  for (gsize i = 0; i < cells; i++) {
    double depth = (i / beams->beams) * beams->row_mm;
    double angle = (i % beams->beams) * beams->beam_rad - beams->half_angle_rad;
    double side = 0.5 + 0.5 * angle / beams->half_angle_rad;
    double field = field_level (settings, depth, angle);
    double electronic = settings->noise_db - 10 * (1 - depth / settings->depth_mm);
    field += STREAK_DB * smooth_step (depth / 60) *
             patch_at (&scanner->patches[2], fold (1.6 * side),
                       0.3 + 0.3 * depth / settings->depth_mm);
    scanner->field_db[i] = (float)field;
    scanner->blood[i] = (float)from_db (settings->blood_db);
    scanner->noise[i] = (float)from_db (electronic + settings->gain_db - field);
    level[i] = (float)from_db (reverberation_level (scanner, depth, side));
  }
  add_arcs (scanner, inside, level, rand);
  runet_echoes_init (&scanner->still, beams);
  runet_echoes_add_noise (&scanner->still, beams, level, rand);
}

RunetScanner *
runet_scanner_new (const RunetScannerSettings *settings,
                   const RunetHeartShape *rest,
                   const RunetPlaneGrid *grid,
                   GRand *rand) {
  RunetScanner *scanner = g_new0 (RunetScanner, 1);
  scanner->settings = *settings;
  scanner->grid = *grid;
  scanner->clutter = from_db (settings->clutter_db);
  scanner->ring_at_rest = runet_point_mix (rest->annulus[0], rest->annulus[1], 0.5);
  runet_beams_init (&scanner->beams, settings->depth_mm, settings->half_angle_rad);
  scanner->wall = g_array_new (FALSE, FALSE, sizeof (WallScatterer));
  scanner->surround = g_array_new (FALSE, FALSE, sizeof (SurroundScatterer));
  for (gsize i = 0; i < G_N_ELEMENTS (scanner->patches); i++)
    fill_patches (&scanner->patches[i], rand);
  for (int tissue = 0; tissue < RUNET_TISSUES; tissue++)
    if (rest->present[tissue])
      seed_strip (scanner, tissue, &rest->strips[tissue], rand);
  seed_surround (scanner, rest, rand);
  build_fields (scanner, rest, rand);
  return scanner;
}

void
runet_scanner_free (RunetScanner *scanner) {
  g_array_unref (scanner->wall);
  g_array_unref (scanner->surround);
  runet_echoes_clear (&scanner->still);
  g_free (scanner->blood);
  g_free (scanner->noise);
  g_free (scanner->field_db);
  g_free (scanner);
}

/* How much each part of a strip's face or body echoes in this frame, by the angle at
 * which the beam meets it. @gains: body, inner face, outer face. */
static void
strip_gains (const RunetScannerSettings *settings,
             RunetTissue tissue,
             const RunetStrip *strip,
             float gains[3][RUNET_CURVE_POINTS]) {
  RunetPlanePoint normals[RUNET_CURVE_POINTS];
  runet_curve_normals (strip->inner, normals);
  for (gsize i = 0; i < RUNET_CURVE_POINTS; i++) {
    RunetPlanePoint at = strip->inner[i];
    double range = MAX (hypot (at.x, at.y), NEAREST_MM);
    double cosine = (normals[i].x * at.x + normals[i].y * at.y) / range;
    double along = (double)i / (RUNET_CURVE_POINTS - 1), facing = cosine * cosine;
    double body = tissue_levels[tissue].grazing_db * (1 - facing);
    if (tissue == RUNET_TISSUE_LV_WALL) {
      double side = smooth_step (2 * along - 0.5);
      body +=
          (settings->parallel_db[0] * (1 - side) + settings->parallel_db[1] * side) *
          (1 - facing) * (1 - facing);
      body += settings->lost_db *
              bump (along - settings->lost_centre, settings->lost_width);
    }
    gains[0][i] = (float)from_db (body);
    gains[1][i] = (float)from_db (body + tissue_levels[tissue].inner_db * facing);
    gains[2][i] = (float)from_db (body + tissue_levels[tissue].outer_db * facing);
  }
}

/* A scatterer's share of the power of a cell, whose area grows with depth. */
static double
cell_share (const RunetBeams *beams, double depth_mm) {
  return 1 / sqrt (beams->row_mm * beams->beam_rad * MAX (depth_mm, NEAREST_MM));
}

static void
add_walls (const RunetScanner *scanner,
           const RunetHeartShape *shape,
           RunetEchoes *echoes) {
  float gains[RUNET_TISSUES][3][RUNET_CURVE_POINTS];
  for (int tissue = 0; tissue < RUNET_TISSUES; tissue++)
    if (shape->present[tissue])
      strip_gains (&scanner->settings, tissue, &shape->strips[tissue], gains[tissue]);
  for (guint i = 0; i < scanner->wall->len; i++) {
    const WallScatterer *scatterer = &g_array_index (scanner->wall, WallScatterer, i);
    const RunetStrip *strip = &shape->strips[scatterer->tissue];
    gsize place = (gsize)(scatterer->along * (RUNET_CURVE_POINTS - 1));
    int face = scatterer->across < FACE ? 1 : scatterer->across > 1 - FACE ? 2 : 0;
    RunetPlanePoint at = runet_strip_point (strip, scatterer->along, scatterer->across);
    double depth = sqrt (at.x * at.x + at.y * at.y);
    double amplitude = scatterer->amplitude * gains[scatterer->tissue][face][place];
    runet_echoes_add (echoes, &scanner->beams, depth, atan2f ((float)at.x, (float)at.y),
                      amplitude * cell_share (&scanner->beams, depth));
  }
}

static void
add_surround (const RunetScanner *scanner,
              const RunetHeartShape *shape,
              RunetEchoes *echoes) {
  const RunetPlaneGrid *grid = &scanner->grid;
  g_autofree guint8 *map = map_inside (shape, grid);
  RunetPlanePoint ring = runet_point_mix (shape->annulus[0], shape->annulus[1], 0.5);
  double move_x = ring.x - scanner->ring_at_rest.x,
         move_y = ring.y - scanner->ring_at_rest.y;

  for (guint i = 0; i < scanner->surround->len; i++) {
    const SurroundScatterer *scatterer =
        &g_array_index (scanner->surround, SurroundScatterer, i);
    double x = scatterer->x + scatterer->follow * move_x;
    double y = scatterer->y + scatterer->follow * move_y;
    double column = (x + scatterer->straying) / grid->spacing_mm + 0.5 * grid->width;
    double row = y / grid->spacing_mm;
    if (row < 0 || column < 0 || row >= grid->height || column >= grid->width)
      continue;
    gboolean within = map[(gsize)row * grid->width + (gsize)column];
    double depth = sqrt (x * x + y * y);
    runet_echoes_add (echoes, &scanner->beams, depth, atan2f ((float)x, (float)y),
                      scatterer->amplitude * cell_share (&scanner->beams, depth) *
                          (within ? scanner->clutter : 1));
  }
}

/* The grey scale: straight in decibels, with a soft foot so that dark parts keep some
 * detail. */
static float
grey_value (float decibel, double range_db) {
  float grey = TISSUE_GREY + decibel * 255 / (float)range_db;
  return grey < FOOT_GREY ? FOOT_GREY * expf (grey / FOOT_GREY - 1) : grey;
}

void
runet_scanner_image (const RunetScanner *scanner,
                     const RunetHeartShape *shape,
                     GRand *rand,
                     float *pixels) {
  const RunetBeams *beams = &scanner->beams;
  const RunetPlaneGrid *grid = &scanner->grid;
  gsize cells = beams->rows * beams->beams;
  g_autofree float *grey = g_new (float, cells);
  RunetEchoes echoes;

  runet_echoes_init (&echoes, beams);
  memcpy (echoes.re, scanner->still.re, cells * sizeof (float));
  memcpy (echoes.im, scanner->still.im, cells * sizeof (float));
  add_walls (scanner, shape, &echoes);
  add_surround (scanner, shape, &echoes);
  runet_echoes_add_noise (&echoes, beams, scanner->blood, rand);
  runet_echoes_blur (&echoes, beams);
  runet_echoes_add_noise (&echoes, beams, scanner->noise, rand);
  runet_echoes_detect (&echoes, beams, grey);
  runet_echoes_clear (&echoes);
  for (gsize i = 0; i < cells; i++)
    grey[i] = grey_value (grey[i] + scanner->field_db[i], scanner->settings.range_db);
  runet_beams_convert (beams, grey, grid, OUTSIDE, pixels);
  /* Inside the sector nothing is quite black, so that its border can be told. */
  for (gsize i = 0; i < grid->width * grid->height; i++)
    pixels[i] = pixels[i] <= OUTSIDE ? 0 : roundf (CLAMP (pixels[i], 1, 255));
}
