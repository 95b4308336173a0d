/* What the gate measures, in words and figures that people read. */
#include "gate-words.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "chart-scale.h"

/* Differences that no figure of the table shows. */
#define NOTHING 1e-9

/* With fewer patients one of them decides. */
#define FEW_PATIENTS 5
/* From this p up a difference may be chance. */
#define CHANCE 0.05

/* Of each measure: how it is called, its unit, that of differences where it is another, and how many decimals tell
 * something. */
typedef struct {
  const char *name;
  const char *unit, *difference;
  int decimals;
} Words;

static const Words words[RUNET_GATE_MEASURES] = {
    [RUNET_GATE_DICE_ENDO] = {N_ ("Dice, endocardium"), "", "", 3},
    [RUNET_GATE_DICE_EPI] = {N_ ("Dice, epicardium"), "", "", 3},
    [RUNET_GATE_DICE_LA] = {N_ ("Dice, left atrium"), "", "", 3},
    [RUNET_GATE_MAD_ENDO] = {N_ ("Mean distance, endocardium"), "mm", "mm", 2},
    [RUNET_GATE_MAD_EPI] = {N_ ("Mean distance, epicardium"), "mm", "mm", 2},
    [RUNET_GATE_MAD_LA] = {N_ ("Mean distance, left atrium"), "mm", "mm", 2},
    [RUNET_GATE_HD_ENDO] = {N_ ("Hausdorff distance, endocardium"), "mm", "mm", 2},
    [RUNET_GATE_HD_EPI] = {N_ ("Hausdorff distance, epicardium"), "mm", "mm", 2},
    [RUNET_GATE_HD_LA] = {N_ ("Hausdorff distance, left atrium"), "mm", "mm", 2},
    [RUNET_GATE_EF_BIAS] = {N_ ("Ejection fraction, bias"), N_ ("points"),
                            N_ ("points"), 1},
    [RUNET_GATE_GEOMETRICAL] = {N_ ("Geometrical outliers"), "%", N_ ("points"), 1},
    [RUNET_GATE_ANATOMICAL] = {N_ ("Anatomical outliers"), "%", N_ ("points"), 1},
};

RunetStanding
runet_gate_get_standing (const RunetGate *gate, RunetGateMeasure measure) {
  g_return_val_if_fail ((guint)measure < RUNET_GATE_MEASURES, RUNET_STANDING_UNKNOWN);
  const RunetGateFigure *figure = &gate->figures[measure];
  if (figure->count == 0 || !isfinite (figure->parent) || !isfinite (figure->candidate))
    return RUNET_STANDING_UNKNOWN;
  if (figure->failed)
    return RUNET_STANDING_WORSE;
  double gain = figure->candidate - figure->parent;
  if (!runet_gate_limits[measure].higher_is_better)
    gain = -gain;
  if (fabs (gain) < NOTHING)
    return RUNET_STANDING_SAME;
  if (gain < 0)
    return RUNET_STANDING_WITHIN;
  return figure->p >= CHANCE ? RUNET_STANDING_PERHAPS : RUNET_STANDING_BETTER;
}

double
runet_gate_get_limit (const RunetGate *gate, RunetGateMeasure measure) {
  g_return_val_if_fail ((guint)measure < RUNET_GATE_MEASURES, NAN);
  const RunetGateLimit *limit = &runet_gate_limits[measure];
  const guint count = gate->figures[measure].count;
  /* Of few images one outlier is more percent than the limit has. */
  return count > 0 ? fmax (limit->worsening, 100.0 * limit->images / count)
                   : limit->worsening;
}

const char *
runet_standing_name (RunetStanding standing) {
  static const char *const names[RUNET_STANDINGS] = {
      N_ ("Not measured"),      N_ ("The same"),         N_ ("Better"),
      N_ ("Better, or chance"), N_ ("Within the limit"), N_ ("Too much worse"),
  };
  g_return_val_if_fail ((guint)standing < RUNET_STANDINGS, NULL);
  return _ (names[standing]);
}

const char *
runet_standing_icon (RunetStanding standing) {
  static const char *const icons[RUNET_STANDINGS] = {
      NULL,
      "runet-same-symbolic",
      "runet-better-symbolic",
      "runet-better-symbolic",
      "runet-within-symbolic",
      "runet-failed-symbolic",
  };
  g_return_val_if_fail ((guint)standing < RUNET_STANDINGS, NULL);
  return icons[standing];
}

const char *
runet_standing_css_class (RunetStanding standing) {
  return standing == RUNET_STANDING_BETTER  ? "done"
         : standing == RUNET_STANDING_WORSE ? "failed"
                                            : NULL;
}

const char *
runet_gate_measure_name (RunetGateMeasure measure) {
  g_return_val_if_fail ((guint)measure < RUNET_GATE_MEASURES, NULL);
  return _ (words[measure].name);
}

static char *
format (RunetGateMeasure measure, double value, const char *unit, gboolean sign) {
  if (!isfinite (value))
    return g_strdup ("–");
  const int decimals = words[measure].decimals;
  g_autofree char *figure = runet_scale_format (value, decimals);
  const char *plus = sign && round (value * pow (10, decimals)) > 0 ? "+" : "";
  return *unit ? g_strdup_printf ("%s%s %s", plus, figure, _ (unit))
               : g_strconcat (plus, figure, NULL);
}

char *
runet_gate_measure_format (RunetGateMeasure measure, double value) {
  g_return_val_if_fail ((guint)measure < RUNET_GATE_MEASURES, NULL);
  return format (measure, value, words[measure].unit, FALSE);
}

char *
runet_gate_measure_format_difference (RunetGateMeasure measure,
                                      double difference,
                                      gboolean sign) {
  g_return_val_if_fail ((guint)measure < RUNET_GATE_MEASURES, NULL);
  return format (measure, difference, words[measure].difference, sign);
}

char *
runet_p_value_format (double p) {
  if (!isfinite (p))
    return g_strdup ("–");
  return p < 0.001 ? g_strdup_printf ("< %.3f", 0.001) : g_strdup_printf ("%.3f", p);
}

/* "Dice, left atrium: worse by 0.021; no more than 0.010 is let through." */
static void
append_reason (GString *text, const RunetGate *gate, RunetGateMeasure measure) {
  const RunetGateFigure *figure = &gate->figures[measure];
  g_autofree char *by = runet_gate_measure_format_difference (
      measure, fabs (figure->candidate - figure->parent), FALSE);
  g_autofree char *limit = runet_gate_measure_format_difference (
      measure, runet_gate_get_limit (gate, measure), FALSE);
  g_string_append_printf (text,
                          _ ("%s: worse by %s, where no more than %s is let through."),
                          runet_gate_measure_name (measure), by, limit);
}

char *
runet_gate_describe_reasons (const RunetGate *gate) {
  g_autoptr (GString) text = g_string_new (NULL);
  if (gate->passed)
    return g_strdup ("");
  if (gate->images == 0)
    g_string_append (text, _ ("No patient that models are judged by could be compared: "
                              "nothing shows that the new model is not worse."));
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    if (!gate->figures[m].failed)
      continue;
    if (text->len > 0)
      g_string_append_c (text, '\n');
    append_reason (text, gate, m);
  }
  for (guint i = 0; text->len == 0 && i < gate->reasons->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const char *)gate->reasons->pdata[i]);
  return g_strdup (text->str);
}

char *
runet_gate_describe_extent (const RunetGate *gate) {
  g_autofree char *patients = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u patient", "%u patients", gate->patients),
      gate->patients);
  g_autofree char *images = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u image", "%u images", gate->images),
      gate->images);
  g_autofree char *extent = g_strdup_printf (
      _ ("Compared on %s that nobody corrected (%s)."), patients, images);
  if (gate->patients == 0 || gate->patients >= FEW_PATIENTS)
    return g_steal_pointer (&extent);
  return g_strconcat (extent, "\n",
                      _ ("So few say little: look at the images below before you rely "
                         "on it."),
                      NULL);
}
