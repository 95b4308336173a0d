/* A case: one view of one patient, its state in the queue and what the model said of it. What the
 * worklist lists. Lives on the main thread. */
#pragma once

#include <gio/gio.h>
#include "case-correction.h"
#include "clip.h"
#include "core/review/review-state.h"
#include "core/segmentation/frame-result.h"
#include "cine-curve.h"
#include "core/segmentation/result-cache.h"
#include "core/segmentation/risk.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_CASE_PENDING,
  RUNET_CASE_RUNNING,
  RUNET_CASE_DONE,
  RUNET_CASE_FAILED,
} RunetCaseState;

/* A reason with where it was found: at @instant, or on @frame of the sequence where that is not -1. */
typedef struct {
  RunetReason reason;
  RunetInstant instant;
  int frame;
} RunetCaseReason;

#define RUNET_TYPE_CASE (runet_case_get_type ())
G_DECLARE_FINAL_TYPE (RunetCase, runet_case, RUNET, CASE, GObject)

/* Signal "changed": the state or a result is new. */
RunetCase *
runet_case_new (RunetDataset *dataset,
                const RunetPatient *patient,
                RunetView view) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_cases_of_dataset:
 *
 * Returns: (transfer full) (element-type RunetCase): one case for each view that has an image, in
 *   the order of the data set, four-chamber view first. Reads no file.
 */
GListStore *
runet_cases_of_dataset (RunetDataset *dataset) G_GNUC_WARN_UNUSED_RESULT;

/* The other view of the same patient among @cases. Returns: (transfer none) (nullable). */
RunetCase *
runet_cases_find_other_view (GListModel *cases, RunetCase *item);

RunetDataset *
runet_case_get_dataset (RunetCase *self); /* (transfer none) */
const RunetPatient *
runet_case_get_patient (RunetCase *self); /* lives as long as the case */
const RunetViewFiles *
runet_case_get_files (RunetCase *self);
/* "patient0001", with the subset before it where there is one: ids restart there. */
const char *
runet_case_get_name (RunetCase *self);
RunetView
runet_case_get_view (RunetCase *self);

RunetCaseState
runet_case_get_state (RunetCase *self);
/* (nullable): why it failed, one line. */
const char *
runet_case_get_message (RunetCase *self);
void
runet_case_set_state (RunetCase *self, RunetCaseState state, const char *message);

/* Results of ED and ES come from the stills or those frames of the sequence; the others are of
 * frames of the sequence. @result: (transfer none). */
void
runet_case_set_instant_result (RunetCase *self,
                               RunetInstant instant,
                               RunetFrameResult *result);
void
runet_case_set_frame_result (RunetCase *self, guint frame, RunetFrameResult *result);
/* (transfer none) (nullable). */
RunetFrameResult *
runet_case_get_instant_result (RunetCase *self, RunetInstant instant);
RunetFrameResult *
runet_case_get_result (RunetCase *self, const RunetClip *clip, guint frame);
/* What counts of a frame: what was drawn in place of the model's contours, else these. (transfer none) (nullable). */
RunetFrameResult *
runet_case_get_instant_shown (RunetCase *self, RunetInstant instant);
RunetFrameResult *
runet_case_get_shown (RunetCase *self, const RunetClip *clip, guint frame);
/* (transfer none) (nullable): of that frame of @clip. */
RunetCaseCorrection *
runet_case_get_correction (RunetCase *self, const RunetClip *clip, guint frame);
/* The same among @corrections (nullable). */
RunetCaseCorrection *
runet_case_corrections_find_frame (const GPtrArray *corrections,
                                   const RunetClip *clip,
                                   guint frame);
/* @corrections: (transfer none) (nullable) (element-type RunetCaseCorrection): all that count now, of any frame. */
void
runet_case_set_corrections (RunetCase *self, GPtrArray *corrections);
/* (transfer none) (nullable). */
const GPtrArray *
runet_case_get_corrections (RunetCase *self);

/**
 * runet_case_get_curve:
 *
 * What was measured on each frame of @clip, for the timeline: NaN where there is no result or no expert's
 * mask, no ventricle or no long axis.
 * Returns: (transfer full): @clip's frames of them.
 */
double *
runet_case_get_curve (RunetCase *self,
                      const RunetClip *clip,
                      RunetCineCurve curve) G_GNUC_WARN_UNUSED_RESULT;
/**
 * runet_case_restore:
 * @results: of ED and ES, each (nullable); those already there stay
 * @areas: (nullable) (element-type RunetFrameArea): of frames of the sequence whose results are not at hand
 * @done: nothing is left to be run but frames of the sequence
 *
 * What an earlier run found, at once, with one "changed".
 */
void
runet_case_restore (RunetCase *self,
                    RunetFrameResult *const results[RUNET_INSTANTS],
                    const GArray *areas,
                    gboolean done);
/* @frames: (element-type RunetFrameResult): by frame, with gaps. As above. */
void
runet_case_restore_frames (RunetCase *self, const GPtrArray *frames);
/* Forgets all results; the state is pending again. */
void
runet_case_clear (RunetCase *self);

/* (transfer none) (nullable): what people decided; NULL where nobody did anything, or no record is open. */
RunetReviewState *
runet_case_get_review (RunetCase *self);
void
runet_case_set_review (RunetCase *self, RunetReviewState *review);

/* Whether ED or ES is an outlier of that kind, as it is now: in the last stage, or corrected. */
gboolean
runet_case_is_anatomical_outlier (RunetCase *self);
gboolean
runet_case_is_geometrical_outlier (RunetCase *self);
/* Of either kind. */
gboolean
runet_case_is_outlier (RunetCase *self);
/* Kept up to date with the results; borrowed. */
const RunetRisk *
runet_case_get_risk (RunetCase *self);
/* What it would teach the network, see lesson.h: 0 … 1, NaN when that is not known or it has taught already. Setting it
 * emits "changed" when it differs. */
void
runet_case_set_teaching (RunetCase *self, double gain);
double
runet_case_get_teaching (RunetCase *self);
/* See runet_risk_score(). */
double
runet_case_get_score (RunetCase *self);
/* Bit k: a limit of RunetReasonKind k is crossed, of those that make an outlier and of the graded signs. */
guint
runet_case_get_reason_kinds (RunetCase *self);
/* How many limits that make an outlier the model's own contours cross at ED and ES, whatever was corrected. */
guint
runet_case_count_model_limits (RunetCase *self);
/* Limits crossed by what counts at ED, then at ES, the ones of Table I first and graded signs last; then a jump
 * between frames.
 * Returns: (transfer full) (element-type RunetCaseReason). */
GArray *
runet_case_list_reasons (RunetCase *self) G_GNUC_WARN_UNUSED_RESULT;

/* Order of a queue: the larger score first; equal ones, and cases without results, by name. */
int
runet_case_compare_by_risk (RunetCase *a, RunetCase *b);
int
runet_case_compare_by_name (RunetCase *a, RunetCase *b);
/* The place of a case among those of its list by name, kept here so that sorting compares numbers. */
void
runet_case_set_rank (RunetCase *self, guint rank);
guint
runet_case_get_rank (RunetCase *self);
/* Whether every word of @text is in the name, the view or the quality. */
gboolean
runet_case_matches (RunetCase *self, const char *text);
/* The words of @text as a search compares them, for who looks through many cases. */
GStrv
runet_case_fold_words (const char *text) G_GNUC_WARN_UNUSED_RESULT;
gboolean
runet_case_has_words (RunetCase *self, const char *const *words);

G_END_DECLS
