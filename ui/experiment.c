/* An experiment: one frame through a model whose refinement is changed, run on another thread. */
#include "experiment.h"

struct _RunetExperiment {
  GObject parent;
  char *model_path;
  RunetEngineChoice choice;

  /* Of the thread that has the lock. */
  GMutex lock;
  RunetModel *model; /* (nullable): until it is first run */
  RunetEngine *engine;
  RunetSegmenter *segmenter; /* of a copy of the model, whose refinement is changed */
};

G_DEFINE_FINAL_TYPE (RunetExperiment, runet_experiment, G_TYPE_OBJECT)

/* What is asked for. */
typedef struct {
  RunetImage *image;
  gsize frame;
  gboolean own; /* @refinement is not used */
  RunetRefinement refinement;
  gint64 start;
} Request;

static void
request_free (gpointer data) {
  Request *request = data;
  runet_image_unref (request->image);
  g_free (request);
}

void
runet_trial_free (RunetTrial *trial) {
  if (trial == NULL)
    return;
  runet_segmentation_unref (trial->found);
  g_free (trial);
}

static gboolean
load (RunetExperiment *self, GError **error) {
  if (self->model == NULL)
    self->model = runet_model_read (self->model_path, error);
  if (self->model != NULL && self->engine == NULL)
    self->engine = runet_engine_choose (self->choice, 0, error);
  return self->engine != NULL;
}

/* The plan is made once, which takes longer than to run it; it follows the values of its model. */
static gboolean
prepare (RunetExperiment *self, const RunetRefinement *wanted, GError **error) {
  if (self->segmenter != NULL && runet_model_has_refinement (self->model))
    return runet_model_set_refinement (runet_segmenter_get_model (self->segmenter),
                                       wanted, error);
  if (self->segmenter != NULL)
    return TRUE;
  g_autoptr (RunetModel) model =
      runet_model_has_refinement (self->model)
          ? runet_model_with_refinement (self->model, wanted, error)
          : runet_model_ref (self->model);
  if (model != NULL)
    self->segmenter = runet_segmenter_new (model, self->engine, 1, error);
  return self->segmenter != NULL;
}

static RunetTrial *
run (RunetExperiment *self,
     const Request *request,
     GCancellable *cancellable,
     GError **error) {
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !load (self, error))
    return NULL;
  RunetRefinement own = runet_model_get_refinement (self->model);
  gboolean refines = runet_model_has_refinement (self->model);
  RunetRefinement wanted = request->own || !refines ? own : request->refinement;
  if (!prepare (self, &wanted, error))
    return NULL;
  RunetSegmentation *found =
      runet_segmenter_run (self->segmenter, request->image, request->frame,
                           RUNET_SEGMENT_PROBABILITIES, cancellable, error);
  if (found == NULL)
    return NULL;
  RunetTrial *trial = g_new0 (RunetTrial, 1);
  trial->found = found;
  trial->own = own;
  trial->refines = refines;
  trial->dilates = refines && self->model->hyperparameters.architecture !=
                                  RUNET_ARCHITECTURE_RU_NET_INCEPTION;
  trial->seconds = (double)(g_get_monotonic_time () - request->start) / G_USEC_PER_SEC;
  return trial;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  RunetExperiment *self = source;
  GError *error = NULL;
  g_mutex_lock (&self->lock);
  RunetTrial *trial = run (self, data, cancellable, &error);
  g_mutex_unlock (&self->lock);
  if (trial != NULL)
    g_task_return_pointer (task, trial, (GDestroyNotify)runet_trial_free);
  else
    g_task_return_error (task, error);
}

void
runet_experiment_run (RunetExperiment *self,
                      RunetImage *image,
                      gsize frame,
                      const RunetRefinement *refinement,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data) {
  g_return_if_fail (RUNET_IS_EXPERIMENT (self) && image != NULL);
  g_return_if_fail (frame < image->grid->frames);
  Request *request = g_new0 (Request, 1);
  request->image = runet_image_ref (image);
  request->frame = frame;
  request->own = refinement == NULL;
  if (refinement != NULL)
    request->refinement = *refinement;
  request->start = g_get_monotonic_time ();
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, run_in_thread);
}

RunetTrial *
runet_experiment_run_finish (RunetExperiment *self,
                             GAsyncResult *result,
                             GError **error) {
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
runet_experiment_finalize (GObject *object) {
  RunetExperiment *self = RUNET_EXPERIMENT (object);
  g_clear_pointer (&self->segmenter, runet_segmenter_free);
  g_clear_pointer (&self->engine, runet_engine_unref);
  g_clear_pointer (&self->model, runet_model_unref);
  g_mutex_clear (&self->lock);
  g_free (self->model_path);
  G_OBJECT_CLASS (runet_experiment_parent_class)->finalize (object);
}

static void
runet_experiment_class_init (RunetExperimentClass *class) {
  G_OBJECT_CLASS (class)->finalize = runet_experiment_finalize;
}

static void
runet_experiment_init (RunetExperiment *self) {
  g_mutex_init (&self->lock);
}

RunetExperiment *
runet_experiment_new (const char *model_path, RunetEngineChoice engine) {
  g_return_val_if_fail (model_path != NULL, NULL);
  RunetExperiment *self = g_object_new (RUNET_TYPE_EXPERIMENT, NULL);
  self->model_path = g_strdup (model_path);
  self->choice = engine;
  return self;
}
