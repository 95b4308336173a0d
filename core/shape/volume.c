/* Volumes of the left ventricle and its ejection fraction, by Simpson's biplane method of discs:
 * V = π/4 · h · Σ a_k b_k, a and b being the diameters in the two views [Lang et al., JASE 2015]. */
#include "volume.h"

#include <math.h>
#include <string.h>

#define MM3_PER_ML 1000.0

static const char *const mode_names[] = {"ase", "camus"};

const char *
runet_simpson_mode_to_string (RunetSimpsonMode mode) {
  g_return_val_if_fail (mode < G_N_ELEMENTS (mode_names), "");
  return mode_names[mode];
}

gboolean
runet_simpson_mode_from_string (const char *name, RunetSimpsonMode *mode) {
  for (guint i = 0; i < G_N_ELEMENTS (mode_names); i++)
    if (strcmp (name, mode_names[i]) == 0) {
      *mode = (RunetSimpsonMode)i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
has_axis (const RunetDiscs *discs) {
  return discs != NULL && discs->state == RUNET_DISCS_FOUND;
}

/* Which views both volumes are of; else each instant takes what it has. */
static void
choose_views (const RunetDiscs *const discs[RUNET_VIEWS][RUNET_INSTANTS],
              RunetVolumes *volumes) {
  gboolean common = FALSE;
  for (guint v = 0; v < RUNET_VIEWS; v++)
    common |=
        has_axis (discs[v][RUNET_INSTANT_ED]) && has_axis (discs[v][RUNET_INSTANT_ES]);
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    for (guint v = 0; v < RUNET_VIEWS; v++)
      volumes->views[i][v] =
          has_axis (discs[v][i]) && (!common || has_axis (discs[v][1 - i]));
}

static double
find_longest (const RunetDiscs *const discs[RUNET_VIEWS][RUNET_INSTANTS],
              const RunetVolumes *volumes,
              RunetInstant instant) {
  double longest = NAN;
  for (guint v = 0; v < RUNET_VIEWS; v++)
    if (volumes->views[instant][v])
      longest = fmax (longest, discs[v][instant]->length_mm);
  return longest;
}

/* One view alone stands for both. */
static double
sum_discs (const RunetDiscs *a, const RunetDiscs *b) {
  double sum = 0;
  for (guint k = 0; k < RUNET_DISCS; k++)
    sum += a->diameter_mm[k] * b->diameter_mm[k];
  return sum;
}

RunetVolumes
runet_volumes_compute (const RunetDiscs *const discs[RUNET_VIEWS][RUNET_INSTANTS],
                       RunetSimpsonMode mode) {
  RunetVolumes volumes = {.volume_ml = {NAN, NAN}, .ef_percent = NAN};
  double longest[RUNET_INSTANTS];
  choose_views (discs, &volumes);
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    longest[i] = find_longest (discs, &volumes, i);
  for (guint i = 0; i < RUNET_INSTANTS; i++) {
    const gboolean *views = volumes.views[i];
    if (!views[RUNET_VIEW_A2C] && !views[RUNET_VIEW_A4C])
      continue;
    const RunetDiscs *a =
        discs[views[RUNET_VIEW_A2C] ? RUNET_VIEW_A2C : RUNET_VIEW_A4C][i];
    const RunetDiscs *b =
        discs[views[RUNET_VIEW_A4C] ? RUNET_VIEW_A4C : RUNET_VIEW_A2C][i];
    const double length = mode == RUNET_SIMPSON_CAMUS ? fmax (longest[RUNET_INSTANT_ED],
                                                              longest[RUNET_INSTANT_ES])
                                                      : longest[i];
    const double ml = G_PI / 4 * length / RUNET_DISCS * sum_discs (a, b) / MM3_PER_ML;
    volumes.volume_ml[i] = mode == RUNET_SIMPSON_CAMUS ? round (ml) : ml;
  }
  const double edv = volumes.volume_ml[RUNET_INSTANT_ED];
  const double esv = volumes.volume_ml[RUNET_INSTANT_ES];
  if (memcmp (volumes.views[0], volumes.views[1], sizeof volumes.views[0]) == 0 &&
      edv > 0)
    volumes.ef_percent = 100 * (edv - esv) / edv;
  return volumes;
}
