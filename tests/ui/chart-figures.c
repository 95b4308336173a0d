/* Charts of figures made up. */
#include "chart-figures.h"

#include <math.h>

const RunetSeries figures_stages[2] = {
    {(char *)"Stage 1", RUNET_SERIES_AREA, RUNET_CHART_ORANGE, RUNET_MARKER_SQUARE,
     RUNET_DASH_DASHED, FALSE},
    {(char *)"Stage 2", RUNET_SERIES_AREA, RUNET_CHART_BLUE, RUNET_MARKER_CIRCLE,
     RUNET_DASH_SOLID, TRUE},
};

void
figures_init (Figures *self) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  for (guint i = 0; i < PAIRS; i++) {
    self->references[i] = 30 + 1.6 * i;
    self->values[i] =
        2 + self->references[i] * 0.97 + g_rand_double_range (rand, -6, 6);
    self->names[i] = g_strdup_printf ("phantom%04u", i + 1);
    self->subjects[i] = (RunetChartSubject){self->names[i], 100 + i};
  }
  self->values[7] = NAN;
}

void
figures_clear (Figures *self) {
  for (guint i = 0; i < PAIRS; i++)
    g_free (self->names[i]);
}

RunetPairs
figures_make_pairs (const Figures *figures) {
  return (RunetPairs){"Ejection fraction",
                      "%",
                      "model",
                      "reference",
                      figures->values,
                      figures->references,
                      figures->subjects,
                      PAIRS,
                      0,
                      100};
}

static RunetChart *
make_box_plot (const Figures *figures) {
  static const char *const groups[] = {"Good", "Medium", "Poor", NULL};
  static const char *const places[] = {"Endo", "Epi", NULL};
  static const guint sizes[] = {PAIRS, PAIRS, PAIRS / 2};
  RunetBoxCell cells[12];
  double values[12][PAIRS];
  for (guint i = 0; i < 12; i++) {
    for (guint k = 0; k < PAIRS; k++)
      values[i][k] = 0.99 - 0.03 * (i / 4) - 0.02 * !(i % 2) -
                     0.06 * fmod (k * 0.37 + i * 0.11, 1) - (k == 3 ? 0.12 : 0);
    cells[i] = (RunetBoxCell){i / 4,     i / 2 % 2,         i % 2,
                              values[i], figures->subjects, i < 10 ? PAIRS : 0};
  }
  const RunetBoxPlan plan = {"Dice by image quality",
                             "Dice",
                             groups,
                             places,
                             sizes,
                             figures_stages,
                             2,
                             cells,
                             12,
                             -INFINITY,
                             1,
                             3};
  return runet_chart_box_plot_new (&plan);
}

RunetChart *
figures_make_bars (void) {
  static const char *const groups[] = {"Geometrical", "Anatomical", NULL};
  static const RunetShare shares[] = {
      {0, 0, 40, 200}, {0, 1, 31, 200}, {1, 0, 12, 200}, {1, 1, 3, 200}};
  return runet_chart_bars_new ("Outliers", groups, figures_stages, 2, shares, 4);
}

static RunetChart *
make_curves (void) {
  double x[20], y[20], first[20];
  for (guint i = 0; i < 20; i++) {
    x[i] = i * 20;
    y[i] = 90 + 30 * cos (i * 0.33);
    first[i] = y[i] + 4 * sin (i * 1.7);
  }
  y[12] = NAN;
  RunetSeries looks[] = {figures_stages[0], figures_stages[1]};
  looks[0].kind = looks[1].kind = RUNET_SERIES_CURVE;
  const RunetChartCurve curves[] = {{&looks[0], x, first, 20}, {&looks[1], x, y, 20}};
  const RunetMoment moments[] = {{0, "ED"}, {190, "ES"}, {NAN, "never"}};
  return runet_chart_curves_new ("LV volume over time", "Time, ms", "Volume, ml", "ml",
                                 curves, 2, moments, 3);
}

RunetChart *
figures_make_chart (const Figures *figures, guint kind) {
  const RunetPairs pairs = figures_make_pairs (figures);
  switch (kind) {
  case 0:
    return runet_chart_scatter_new (&pairs);
  case 1:
    return runet_chart_bland_altman_new (&pairs);
  case 2:
    return make_box_plot (figures);
  case 3:
    return figures_make_bars ();
  default:
    return make_curves ();
  }
}
