/* How much a view needs to be looked at. */
#include "risk.h"

#include <math.h>

/* Each more than all that come after it together. */
#define ANATOMICAL 8.0
#define GEOMETRICAL 4.0
#define FAILED 2.0
/* Of the graded signs; together below 1. */
#define DISAGREEMENT 0.5
#define UNCERTAINTY 0.3
#define JUMP 0.19

static double
find_jump (const double *areas_mm2, guint frames) {
  if (frames == 0)
    return NAN;
  g_autofree double *deviations = g_new (double, frames);
  double most = NAN;
  runet_temporal_deviations (areas_mm2, frames, deviations);
  for (guint i = 0; i < frames; i++)
    most = fmax (most, deviations[i]);
  return most;
}

RunetRisk
runet_risk_assess (RunetFrameResult *const results[RUNET_INSTANTS],
                   gboolean failed,
                   const double *areas_mm2,
                   guint frames) {
  RunetRisk risk = {.failed = failed, .disagreement = NAN, .uncertainty = NAN};
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    if (results[i] == NULL)
      continue;
    const RunetStageResult *last = &results[i]->stage[RUNET_SHOWN_LAST];
    risk.anatomical |= last->anatomy->outlier;
    risk.geometrical |= last->comparison != NULL && last->comparison->outlier;
    if (results[i]->stages > 1)
      risk.disagreement = fmax (risk.disagreement, results[i]->disagreement);
    risk.uncertainty = fmax (risk.uncertainty, results[i]->uncertainty);
  }
  risk.jump = find_jump (areas_mm2, frames);
  return risk;
}

/* 0 for nothing, half at the limit, towards 1 beyond: what is far over its limit still counts for more. */
static double
grade (double value, double limit) {
  return value > 0.0 ? value / (value + limit) : 0.0;
}

double
runet_risk_score (const RunetRisk *risk) {
  g_return_val_if_fail (risk != NULL, 0.0);
  return (risk->anatomical ? ANATOMICAL : 0.0) +
         (risk->geometrical ? GEOMETRICAL : 0.0) + (risk->failed ? FAILED : 0.0) +
         DISAGREEMENT * grade (risk->disagreement, RUNET_DISAGREEMENT_LIMIT) +
         UNCERTAINTY * grade (risk->uncertainty, RUNET_UNCERTAINTY_LIMIT) +
         JUMP * grade (risk->jump, RUNET_TEMPORAL_LIMIT);
}
