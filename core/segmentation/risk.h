/* How much a view needs to be looked at: what a queue is ordered by. */
#pragma once

#include "core/shape/temporal.h"
#include "frame-result.h"

G_BEGIN_DECLS

/* From here on a graded sign is named as a reason. 1 − Dice of two experts on CAMUS is about 0.08 at
 * end-diastole and 0.13 at end-systole [Leclerc et al., TMI 2019]: stages that differ by more are
 * farther from each other than two people. */
#define RUNET_DISAGREEMENT_LIMIT 0.10
/* Two equally likely classes of four have half of the entropy that all four can have, so a contour lies about
 * there: with the RU-Net in data/models, of 900 views of CAMUS, each with the larger value of its two images, half are
 * above 0.514 and one in fifty above this. */
#define RUNET_UNCERTAINTY_LIMIT 0.55

/**
 * RunetRisk:
 * @anatomical, @geometrical: an outlier of that kind at ED or ES, in the last stage
 * @failed: an image could not be analysed
 * @disagreement: the larger of ED and ES; NaN when nothing is known
 * @uncertainty: the same
 * @jump: the largest deviation of the ventricle's area over the sequence, see temporal.h; NaN when too few
 *   frames are known
 * @jump_frame: where that is
 */
typedef struct {
  gboolean anatomical, geometrical, failed;
  double disagreement, uncertainty, jump;
  guint jump_frame;
} RunetRisk;

/* @results: of ED and ES, each (nullable). @areas_mm2: of the ventricle in each frame, NaN where unknown. */
RunetRisk
runet_risk_assess (RunetFrameResult *const results[RUNET_INSTANTS],
                   gboolean failed,
                   const double *areas_mm2,
                   guint frames);

/* Whether @reason is a graded sign, and not a limit of a shape. */
gboolean
runet_reason_is_sign (const RunetReason *reason);
/* Appends a #RunetReason for each graded sign of one frame that is beyond its limit, for the last stage, as a
 * note without a spot: stages that differ, an unsure contour. */
void
runet_risk_list_signs (const RunetFrameResult *result, GArray *reasons);
/* FALSE when the area does not jump; else the reason, as above. */
gboolean
runet_risk_get_jump (const RunetRisk *risk, RunetReason *reason);

/* Larger is riskier: anatomical outliers before all others, then geometrical ones, then failures; among
 * equals, how much of their limits the three graded signs reach, disagreement weighing most and jumps least.
 * From 0 to below 15. */
double
runet_risk_score (const RunetRisk *risk);

G_END_DECLS
