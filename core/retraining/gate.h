/* The gate between a candidate and its parent: did anything get worse on patients that nobody corrected? */
#pragma once

#include <json-glib/json-glib.h>
#include "core/training/evaluation.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_GATE_DICE_ENDO,
  RUNET_GATE_DICE_EPI,
  RUNET_GATE_DICE_LA,
  RUNET_GATE_MAD_ENDO, /* mm */
  RUNET_GATE_MAD_EPI,
  RUNET_GATE_MAD_LA,
  RUNET_GATE_HD_ENDO, /* mm */
  RUNET_GATE_HD_EPI,
  RUNET_GATE_HD_LA,
  RUNET_GATE_EF_BIAS, /* absolute mean difference from the experts' EF, percentage points */
  RUNET_GATE_GEOMETRICAL, /* outliers, percent of the images */
  RUNET_GATE_ANATOMICAL,
  RUNET_GATE_MEASURES
} RunetGateMeasure;

/* One row of the table of limits.
 * @worsening: that is still let through, in the measure's own unit
 * @images: outliers more that are let through in any case: in a small set one is more percent than it tells */
typedef struct {
  const char *name; /* "dice_endo" … */
  gboolean higher_is_better;
  double worsening;
  guint images;
} RunetGateLimit;
extern const RunetGateLimit runet_gate_limits[RUNET_GATE_MEASURES];

/**
 * RunetGateFigure:
 * @parent, @candidate: the measure of each, over the same @count images (of EF, patients); NaN of none
 * @p: of the paired Wilcoxon signed-rank test, two-sided; NaN for the outlier rates, and where nothing differs
 * @failed: the candidate is worse by more than the limit
 */
typedef struct {
  double parent, candidate;
  guint count;
  double p;
  gboolean failed;
} RunetGateFigure;

/* One image: mean Dice of endo and epi, and whether it is an outlier of either kind. */
typedef struct {
  char *name;
  double parent, candidate;
  gboolean parent_outlier, candidate_outlier;
} RunetGateCase;

/**
 * RunetGate:
 * @patients, @images: that were compared
 * @figures: of the last stage, on the native grid
 * @cases: (element-type RunetGateCase): those that changed, the worst change first
 * @skipped: (element-type utf8): images that could not be compared, and why
 * @passed: nothing is worse beyond its limit, and there was something to compare
 * @reasons: (element-type utf8): why not; empty when it passed
 */
typedef struct {
  guint patients, images;
  RunetGateFigure figures[RUNET_GATE_MEASURES];
  GPtrArray *cases;
  GPtrArray *skipped;
  gboolean passed;
  GPtrArray *reasons;
} RunetGate;

/**
 * runet_gate_compare:
 * @patients: (element-type RunetPatient): locked ones, with experts' masks
 * @progress: (nullable): counts images, those of the parent and then those of the candidate
 *
 * Errors: those of runet_evaluation_of_model(). Without a single image there is a verdict too: not passed.
 */
RunetGate *
runet_gate_compare (RunetModel *parent,
                    RunetModel *candidate,
                    GPtrArray *patients,
                    RunetEngine *engine,
                    RunetProgressFunc progress,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The verdict on two evaluations of the same patients. */
RunetGate *
runet_gate_new (const RunetEvaluation *parent,
                const RunetEvaluation *candidate) G_GNUC_WARN_UNUSED_RESULT;
void
runet_gate_free (RunetGate *gate);

/* {"passed", "patients", "images", "measures": [{"name", "parent", "candidate", "count", "p", "limit", "failed"}],
 * "cases": [{"name", "parent", "candidate", "parent_outlier", "candidate_outlier"}], "skipped", "reasons"}. */
JsonNode *
runet_gate_to_json (const RunetGate *gate) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: %RUNET_ERROR_FORMAT. */
RunetGate *
runet_gate_from_json (JsonNode *node, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetGate, runet_gate_free)

G_END_DECLS
