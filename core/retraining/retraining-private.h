/* What the files of the retraining share. */
#pragma once

#include "core/base/error.h"
#include "retraining.h"

G_BEGIN_DECLS

/* What a retraining is, beside its images: kept in the work folder, so that it can go on. All ids without subsets. */
typedef struct {
  char *parent; /* hash */
  char *snapshot; /* hash */
  RunetRetrainingSettings settings;
  GPtrArray *locked; /* (element-type utf8) */
  GPtrArray *validation; /* (element-type utf8) */
} RunetRetrainingPlan;

RunetRetrainingPlan *
runet_retraining_plan_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_retraining_plan_free (RunetRetrainingPlan *plan);
/* Into the work folder @folder, which is made. */
gboolean
runet_retraining_plan_write (const RunetRetrainingPlan *plan,
                             const char *folder,
                             GError **error);
RunetRetrainingPlan *
runet_retraining_plan_read (const char *folder,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In the work folder. */
char *
runet_retraining_checkpoint_path (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void
runet_retraining_remove_work (const char *folder);
/* Keeps others from working in a folder with a plan until the file is closed, also by the end of the process. Returns
 * an open file, or -1 with %RUNET_ERROR_WRITE where another is at work. */
int
runet_retraining_lock_work (const char *folder, GError **error);
JsonNode *
runet_retraining_settings_to_json (const RunetRetrainingSettings *settings)
    G_GNUC_WARN_UNUSED_RESULT;

/* Where progress goes. */
typedef struct {
  RunetRetrainingFunc func;
  gpointer user_data;
} RunetRetrainingListener;

void
runet_retraining_warn (const RunetRetrainingListener *listener, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/* A RunetProgressFunc. @user_data: the listener. */
void
runet_retraining_reading_cb (const RunetProgress *progress, gpointer user_data);

/* (transfer full) (element-type utf8): by which patients to judge; empty when there are none. @corrected: ids that are
 * learned from. */
GPtrArray *
runet_retraining_choose_locked (const RunetRetrainingJob *job,
                                const GPtrArray *corrected,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (element-type utf8): of the patients with experts' masks who are neither locked nor corrected, those
 * who choose the epoch; empty where there are too few. */
GPtrArray *
runet_retraining_choose_validation (const RunetRetrainingJob *job,
                                    const GPtrArray *locked,
                                    const GPtrArray *corrected)
    G_GNUC_WARN_UNUSED_RESULT;
/* (transfer container) (element-type RunetPatient): of both data sets, in their order, those of @ids. */
GPtrArray *
runet_retraining_find_patients (const RunetRetrainingJob *job,
                                const GPtrArray *ids) G_GNUC_WARN_UNUSED_RESULT;

/* @training begins with the corrected frames. */
typedef struct {
  RunetSamples *training;
  RunetSamples *validation; /* (nullable) */
  GPtrArray *taught; /* (element-type utf8): ids of all patients in @training */
  RunetRetrainingData data;
} RunetRetrainingImages;

RunetRetrainingImages *
runet_retraining_load (const RunetRetrainingJob *job,
                       const RunetRetrainingPlan *plan,
                       const RunetSnapshot *snapshot,
                       RunetPool *pool,
                       const RunetRetrainingListener *listener,
                       GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_retraining_images_free (RunetRetrainingImages *images);

/* A retraining on its way.
 * @folder: for the work; @lock: an open file, -1 before it is locked
 * @plan, @snapshot: known once it is prepared */
typedef struct {
  const RunetRetrainingJob *job;
  RunetEngine *engine;
  RunetRetrainingListener listener;
  GCancellable *cancellable;
  char *folder;
  int lock;
  RunetRetrainingPlan *plan;
  RunetSnapshot *snapshot;
  RunetRetrained *result;
} RunetRetrainingWork;

void
runet_retraining_tell (const RunetRetrainingWork *work,
                       const RunetRetrainingProgress *progress);
/* Sets the model, its history and its metadata. */
gboolean
runet_retraining_train (RunetRetrainingWork *work, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRetrainingPlan, runet_retraining_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRetrainingImages, runet_retraining_images_free)

G_END_DECLS
