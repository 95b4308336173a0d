/* The gate between a candidate and its parent. */
#include "gate-private.h"

#include <math.h>
#include <stdlib.h>

#include "core/shape/patient-measures.h"
#include "core/shape/wilcoxon.h"

/* What still counts as "not worse". A measure that is averaged over some dozen images moves by about as much from
 * nothing but another seed; a clinician would not see it.
 *  Dice: half a percent, less than lies between the networks of Table II of [RU]; the atrium varies more.
 *  MAD, HD: a third and one pixel of CAMUS, whose rows are 0.15 mm and columns 0.31 mm apart; more for the atrium.
 *  EF: a bias of one and a half points is below what the same reader differs by on another day (3 to 5 points).
 *  Geometrical outliers: two of a hundred images; anatomical ones are shapes that no heart has: half of that, and not a
 *  single one more on top. */
const RunetGateLimit runet_gate_limits[RUNET_GATE_MEASURES] = {
    [RUNET_GATE_DICE_ENDO] = {"dice_endo", TRUE, 0.005, 0},
    [RUNET_GATE_DICE_EPI] = {"dice_epi", TRUE, 0.005, 0},
    [RUNET_GATE_DICE_LA] = {"dice_la", TRUE, 0.01, 0},
    [RUNET_GATE_MAD_ENDO] = {"mad_endo_mm", FALSE, 0.1, 0},
    [RUNET_GATE_MAD_EPI] = {"mad_epi_mm", FALSE, 0.1, 0},
    [RUNET_GATE_MAD_LA] = {"mad_la_mm", FALSE, 0.2, 0},
    [RUNET_GATE_HD_ENDO] = {"hd_endo_mm", FALSE, 0.3, 0},
    [RUNET_GATE_HD_EPI] = {"hd_epi_mm", FALSE, 0.3, 0},
    [RUNET_GATE_HD_LA] = {"hd_la_mm", FALSE, 0.6, 0},
    [RUNET_GATE_EF_BIAS] = {"ef_bias_percent", FALSE, 1.5, 0},
    [RUNET_GATE_GEOMETRICAL] = {"geometrical_outliers_percent", FALSE, 2, 1},
    [RUNET_GATE_ANATOMICAL] = {"anatomical_outliers_percent", FALSE, 1, 0},
};

/* A change of the mean Dice that is worth a line. */
#define LEAST_CHANGE 0.001
/* Rounding must not decide. */
#define TOLERANCE 1e-9

static void
free_case (gpointer data) {
  RunetGateCase *one = data;
  g_free (one->name);
  g_free (one);
}

void
runet_gate_free (RunetGate *gate) {
  if (gate == NULL)
    return;
  g_ptr_array_unref (gate->cases);
  g_ptr_array_unref (gate->skipped);
  g_ptr_array_unref (gate->reasons);
  g_free (gate);
}

RunetGate *
runet_gate_new_empty (void) {
  RunetGate *gate = g_new0 (RunetGate, 1);
  gate->cases = g_ptr_array_new_with_free_func (free_case);
  gate->skipped = g_ptr_array_new_with_free_func (g_free);
  gate->reasons = g_ptr_array_new_with_free_func (g_free);
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++)
    gate->figures[m] = (RunetGateFigure){.parent = NAN, .candidate = NAN, .p = NAN};
  return gate;
}

/* The same image by both models. */
typedef struct {
  const RunetImageEvaluation *parent, *candidate;
} Pair;

/* (transfer full) (element-type Pair): images that both have, in the parent's order. */
static GArray *
pair_images (const RunetEvaluation *parent, const RunetEvaluation *candidate) {
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  for (guint i = 0, j = 0; i < parent->images->len; i++) {
    Pair pair = {parent->images->pdata[i], NULL};
    for (guint k = j; k < candidate->images->len && pair.candidate == NULL; k++) {
      const RunetImageEvaluation *other = candidate->images->pdata[k];
      if (other->patient == pair.parent->patient && other->view == pair.parent->view &&
          other->instant == pair.parent->instant) {
        pair.candidate = other;
        j = k + 1;
      }
    }
    if (pair.candidate != NULL && pair.parent->stages > 0 && pair.candidate->stages > 0)
      g_array_append_val (pairs, pair);
  }
  return pairs;
}

static const RunetComparison *
last_comparison (const RunetImageEvaluation *image) {
  return image->comparison[image->stages - 1];
}

static const RunetAnatomy *
last_anatomy (const RunetImageEvaluation *image) {
  return image->anatomy[image->stages - 1];
}

/* ---- The figures ---- */

static double
get_value (const RunetImageEvaluation *image, RunetGateMeasure measure) {
  const RunetAgreement *agreement = last_comparison (image)->agreement;
  switch (measure) {
  case RUNET_GATE_DICE_ENDO:
  case RUNET_GATE_DICE_EPI:
  case RUNET_GATE_DICE_LA:
    return agreement[measure - RUNET_GATE_DICE_ENDO].dice;
  case RUNET_GATE_MAD_ENDO:
  case RUNET_GATE_MAD_EPI:
  case RUNET_GATE_MAD_LA:
    return agreement[measure - RUNET_GATE_MAD_ENDO].mad_mm;
  case RUNET_GATE_HD_ENDO:
  case RUNET_GATE_HD_EPI:
  case RUNET_GATE_HD_LA:
    return agreement[measure - RUNET_GATE_HD_ENDO].hd_mm;
  case RUNET_GATE_GEOMETRICAL:
    return last_comparison (image)->outlier ? 100 : 0;
  case RUNET_GATE_ANATOMICAL:
    return last_anatomy (image)->outlier ? 100 : 0;
  default:
    return NAN;
  }
}

/* Means of the pairs of which both are known, and the test between them. @p_wanted: it is one of which ranks tell. */
static RunetGateFigure
compare_values (const GArray *parent, const GArray *candidate, gboolean p_wanted) {
  RunetGateFigure figure = {.parent = 0, .candidate = 0, .p = NAN};
  const double *a = (const double *)(const void *)parent->data;
  const double *b = (const double *)(const void *)candidate->data;
  for (guint i = 0; i < parent->len; i++)
    if (isfinite (a[i]) && isfinite (b[i])) {
      figure.parent += a[i];
      figure.candidate += b[i];
      figure.count++;
    }
  figure.parent = figure.count > 0 ? figure.parent / figure.count : NAN;
  figure.candidate = figure.count > 0 ? figure.candidate / figure.count : NAN;
  if (p_wanted)
    figure.p = runet_wilcoxon_compute (a, b, parent->len).p;
  return figure;
}

static RunetGateFigure
compare_images (const GArray *pairs, RunetGateMeasure measure) {
  g_autoptr (GArray) parent = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) candidate = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index (pairs, Pair, i);
    double a = get_value (pair->parent, measure);
    double b = get_value (pair->candidate, measure);
    g_array_append_val (parent, a);
    g_array_append_val (candidate, b);
  }
  return compare_values (parent, candidate, measure < RUNET_GATE_EF_BIAS);
}

/* EF by the discs of all four images of a patient; NaN where one of them has no long axis. */
static double
compute_ef (const RunetPatientMeasures *measures) {
  RunetVolumes volumes = runet_patient_measures_compute (measures, RUNET_SIMPSON_ASE);
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    for (guint v = 0; v < RUNET_VIEWS; v++)
      if (!volumes.views[i][v])
        return NAN;
  return volumes.ef_percent;
}

static void
add_discs (RunetPatientMeasures *measures,
           const RunetImageEvaluation *image,
           const RunetDiscs *discs) {
  measures->discs[image->view][image->instant] = *discs;
  measures->known[image->view][image->instant] = TRUE;
}

/* The bias is a mean of signed differences, of which the size counts; the test looks at each patient's own error. */
static RunetGateFigure
compare_ef (const GArray *pairs) {
  g_autoptr (GArray) parent = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) candidate = g_array_new (FALSE, FALSE, sizeof (double));
  double bias[2] = {0};
  guint count = 0;
  for (guint begin = 0, end; begin < pairs->len; begin = end) {
    RunetPatientMeasures expert = {0}, found[2] = {0};
    guint patient = g_array_index (pairs, Pair, begin).parent->patient;
    for (end = begin; end < pairs->len; end++) {
      const Pair *pair = &g_array_index (pairs, Pair, end);
      if (pair->parent->patient != patient)
        break;
      add_discs (&expert, pair->parent, &pair->parent->expert);
      add_discs (&found[0], pair->parent, &pair->parent->found);
      add_discs (&found[1], pair->candidate, &pair->candidate->found);
    }
    double reference = compute_ef (&expert);
    double a = compute_ef (&found[0]) - reference;
    double b = compute_ef (&found[1]) - reference;
    if (!isfinite (a) || !isfinite (b))
      continue;
    bias[0] += a;
    bias[1] += b;
    count++;
    a = fabs (a);
    b = fabs (b);
    g_array_append_val (parent, a);
    g_array_append_val (candidate, b);
  }
  RunetGateFigure figure = compare_values (parent, candidate, TRUE);
  figure.parent = count > 0 ? fabs (bias[0] / count) : NAN;
  figure.candidate = count > 0 ? fabs (bias[1] / count) : NAN;
  return figure;
}

/* ---- The verdict ---- */

static gboolean
is_worse (const RunetGateFigure *figure, RunetGateMeasure measure) {
  const RunetGateLimit *limit = &runet_gate_limits[measure];
  if (figure->count == 0)
    return FALSE;
  double worsening = limit->higher_is_better ? figure->parent - figure->candidate
                                             : figure->candidate - figure->parent;
  double allowed = fmax (limit->worsening, 100.0 * limit->images / figure->count);
  return worsening > (limit->images > 0 ? allowed : limit->worsening) + TOLERANCE;
}

static void
judge (RunetGate *gate) {
  if (gate->images == 0)
    g_ptr_array_add (
        gate->reasons,
        g_strdup ("no locked patient could be compared: nothing shows that "
                  "the candidate is not worse"));
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    RunetGateFigure *figure = &gate->figures[m];
    figure->failed = is_worse (figure, m);
    if (figure->failed)
      g_ptr_array_add (
          gate->reasons,
          g_strdup_printf ("%s: %.4g, the parent has %.4g; it may be worse "
                           "by %g",
                           runet_gate_limits[m].name, figure->candidate, figure->parent,
                           runet_gate_limits[m].worsening));
  }
  gate->passed = gate->reasons->len == 0;
}

static double
get_mean_dice (const RunetImageEvaluation *image) {
  const RunetAgreement *agreement = last_comparison (image)->agreement;
  return (agreement[RUNET_STRUCTURE_ENDO].dice + agreement[RUNET_STRUCTURE_EPI].dice) /
         2;
}

static gboolean
is_outlier (const RunetImageEvaluation *image) {
  return last_comparison (image)->outlier || last_anatomy (image)->outlier;
}

static int
compare_changes (gconstpointer a, gconstpointer b) {
  const RunetGateCase *first = *(const RunetGateCase *const *)a;
  const RunetGateCase *second = *(const RunetGateCase *const *)b;
  double difference =
      (first->candidate - first->parent) - (second->candidate - second->parent);
  return difference != 0 ? (difference > 0) - (difference < 0)
                         : g_strcmp0 (first->name, second->name);
}

static void
list_cases (RunetGate *gate, const GArray *pairs) {
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index (pairs, Pair, i);
    RunetGateCase one = {
        .parent = get_mean_dice (pair->parent),
        .candidate = get_mean_dice (pair->candidate),
        .parent_outlier = is_outlier (pair->parent),
        .candidate_outlier = is_outlier (pair->candidate),
    };
    if (fabs (one.candidate - one.parent) < LEAST_CHANGE &&
        one.parent_outlier == one.candidate_outlier)
      continue;
    one.name = g_strdup (pair->parent->name);
    g_ptr_array_add (gate->cases, g_memdup2 (&one, sizeof one));
  }
  g_ptr_array_sort (gate->cases, compare_changes);
}

static void
list_skipped (RunetGate *gate, const RunetEvaluation *evaluation) {
  for (guint i = 0; i < evaluation->skipped->len; i++) {
    const RunetProblem *problem = evaluation->skipped->pdata[i];
    char *line = g_strdup_printf ("%s: %s", problem->path, problem->message);
    if (g_ptr_array_find_with_equal_func (gate->skipped, line, g_str_equal, NULL))
      g_free (line);
    else
      g_ptr_array_add (gate->skipped, line);
  }
}

static guint
count_patients (const GArray *pairs) {
  guint count = 0;
  for (guint i = 0; i < pairs->len; i++)
    count += i == 0 || g_array_index (pairs, Pair, i).parent->patient !=
                           g_array_index (pairs, Pair, i - 1).parent->patient;
  return count;
}

RunetGate *
runet_gate_new (const RunetEvaluation *parent, const RunetEvaluation *candidate) {
  g_return_val_if_fail (parent != NULL && candidate != NULL, NULL);
  RunetGate *gate = runet_gate_new_empty ();
  g_autoptr (GArray) pairs = pair_images (parent, candidate);
  gate->images = pairs->len;
  gate->patients = count_patients (pairs);
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++)
    gate->figures[m] =
        m == RUNET_GATE_EF_BIAS ? compare_ef (pairs) : compare_images (pairs, m);
  list_cases (gate, pairs);
  list_skipped (gate, parent);
  list_skipped (gate, candidate);
  judge (gate);
  return gate;
}
