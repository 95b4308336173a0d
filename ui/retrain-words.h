/* What a retraining would learn from and what is left out of it, in words for people. */
#pragma once

#include "retrain-plan.h"
#include "retrain-run.h"

G_BEGIN_DECLS

/* "12 corrected frames, 30 accepted as the model drew them". (transfer full) */
char *
runet_retrain_describe_frames (const RunetRetrainPlan *plan) G_GNUC_WARN_UNUSED_RESULT;
/* "8 patients, 2 readers". (transfer full) */
char *
runet_retrain_describe_people (const RunetRetrainPlan *plan) G_GNUC_WARN_UNUSED_RESULT;
/* "About 12 min"; (transfer full). @seconds: NaN when it cannot be told. */
char *
runet_retrain_describe_time (double seconds) G_GNUC_WARN_UNUSED_RESULT;
/* Why such views or frames are left out. */
const char *
runet_exclusion_kind_name (RunetExclusionKind kind);
/* (transfer full) (element-type utf8): what somebody should know before it is started, one sentence or two each. */
GPtrArray *
runet_retrain_list_warnings (const RunetRetrainPlan *plan,
                             double replay) G_GNUC_WARN_UNUSED_RESULT;
/* "Epoch 4 of 30" …, for a run in any state. (transfer full) */
char *
runet_retrain_describe_run (RunetRetrainRun *run) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
