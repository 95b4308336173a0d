/* What the files of the cross-validation share. */
#pragma once

#include "crossval.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_JOB_LEFT,
  RUNET_JOB_WAITING, /* for the model of a job that another process is at */
  RUNET_JOB_ELSEWHERE, /* another process is at it */
  RUNET_JOB_BEFORE, /* had a result */
  RUNET_JOB_DONE, /* by this process */
  RUNET_JOB_FAILED,
} RunetJobState;

/* One method on one fold. @init: (nullable) (borrowed): the job whose model it begins with. */
typedef struct _RunetJob RunetJob;
struct _RunetJob {
  const RunetMethod *method;
  const RunetFold *fold;
  RunetJob *init;
  RunetTrainingSettings settings;
  gsize parameters;
  guint number; /* from 1 */
  RunetJobState state;
  char *result_path, *model_path, *checkpoint_path, *lock_path;
};

/**
 * @jobs: (element-type RunetJob): fold by fold, what others begin with before them
 * @samples: (nullable): all images that are learned from or validated on, read once
 * @places: patient's id → GArray of places in @samples
 * @work_done, @work_begun: multiply-adds in the unit of work_of(), of this process; @clock: monotonic, since when
 */
struct _RunetCrossval {
  RunetCrossvalOptions options;
  GPtrArray *jobs;
  RunetSamples *samples;
  GHashTable *places;
  RunetCrossvalFunc progress;
  gpointer user_data;
  GCancellable *cancellable;
  RunetJob *job; /* (nullable): the one that is worked on */
  double job_begun,
      job_done; /* parts of its training, 0 … 1; @job_begun negative before the first step */
  double work_done;
  gint64 clock;
};

void
runet_crossval_image_free (gpointer image, guint stages);

/* @text: (nullable) */
void
runet_crossval_report (RunetCrossval *self,
                       RunetCrossvalPhase phase,
                       const RunetProgress *count,
                       const RunetTrainingProgress *training,
                       const RunetCrossvalResult *result,
                       const char *message);

/* From the images, which are loaded, to the files of @job, which this process has locked. */
gboolean
runet_crossval_run_job (RunetCrossval *self, RunetJob *job, GError **error);

/* Reads the images of all jobs that are left, unless that was done. */
gboolean
runet_crossval_load (RunetCrossval *self, GError **error);
/* (transfer full): those of @patients; the images are borrowed from @self. */
RunetSamples *
runet_crossval_select (const RunetCrossval *self,
                       const GPtrArray *patients) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
