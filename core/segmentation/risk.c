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

static void
find_jump (const double *areas_mm2, guint frames, RunetRisk *risk) {
  g_autofree double *deviations = g_new (double, frames);
  risk->jump = NAN;
  if (frames > 0)
    runet_temporal_deviations (areas_mm2, frames, deviations);
  for (guint i = 0; i < frames; i++)
    if (isnan (risk->jump) || deviations[i] > risk->jump) {
      risk->jump = deviations[i];
      risk->jump_frame = i;
    }
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
  find_jump (areas_mm2, frames, &risk);
  return risk;
}

gboolean
runet_reason_is_sign (const RunetReason *reason) {
  return reason->kind == RUNET_REASON_STAGES || reason->kind == RUNET_REASON_UNSURE ||
         reason->kind == RUNET_REASON_JUMP;
}

/* NaN is beyond no limit. */
static void
add_sign (GArray *reasons, RunetReasonKind kind, double value, double limit) {
  const RunetReason sign = {
      .kind = kind, .value = value, .limit = limit, .x = NAN, .y = NAN};
  if (value > limit)
    g_array_append_val (reasons, sign);
}

void
runet_risk_list_signs (const RunetFrameResult *result, GArray *reasons) {
  g_return_if_fail (result != NULL && reasons != NULL);
  if (result->stages > 1)
    add_sign (reasons, RUNET_REASON_STAGES, result->disagreement,
              RUNET_DISAGREEMENT_LIMIT);
  add_sign (reasons, RUNET_REASON_UNSURE, result->uncertainty, RUNET_UNCERTAINTY_LIMIT);
}

gboolean
runet_risk_get_jump (const RunetRisk *risk, RunetReason *reason) {
  g_return_val_if_fail (risk != NULL && reason != NULL, FALSE);
  *reason = (RunetReason){.kind = RUNET_REASON_JUMP,
                          .value = risk->jump,
                          .limit = RUNET_TEMPORAL_LIMIT,
                          .x = NAN,
                          .y = NAN};
  return risk->jump > RUNET_TEMPORAL_LIMIT;
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
