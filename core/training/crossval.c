/* Cross-validation: which jobs there are, who does them, and when. */
#include "crossval.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/echo/file.h"
#include "crossval-private.h"

/* Between two looks at what another process does, in parts short enough for Ctrl-C. */
#define WAIT_US (G_USEC_PER_SEC / 5)

/* ---- The list of jobs ---- */

static void
free_job (gpointer data) {
  RunetJob *job = data;
  g_free (job->result_path);
  g_free (job->model_path);
  g_free (job->checkpoint_path);
  g_free (job->lock_path);
  g_free (job);
}

static char *
make_path (const RunetCrossval *self, const RunetJob *job, const char *ending) {
  g_autofree char *name = g_strdup_printf ("fold%u.%s", job->fold->number, ending);
  return g_build_filename (self->options.folder, job->method->name, name, NULL);
}

static RunetJob *
find_job (const RunetCrossval *self, const RunetMethod *method, const RunetFold *fold) {
  for (guint i = 0; i < self->jobs->len; i++) {
    RunetJob *job = self->jobs->pdata[i];
    if (job->method == method && job->fold == fold)
      return job;
  }
  return NULL;
}

/* The job of @method on @fold, after the one that it begins with; listed once. */
static RunetJob *
add_job (RunetCrossval *self, const RunetMethod *method, const RunetFold *fold) {
  RunetJob *job = find_job (self, method, fold);
  if (job != NULL)
    return job;
  job = g_new0 (RunetJob, 1);
  job->method = method;
  job->fold = fold;
  if (method->init != NULL)
    job->init = add_job (self, runet_method_find (method->init), fold);
  job->settings = self->options.settings;
  runet_method_apply (method, &job->settings);
  job->result_path = make_path (self, job, "json");
  job->model_path = make_path (self, job, "safetensors");
  job->checkpoint_path = make_path (self, job, "checkpoint");
  job->lock_path = make_path (self, job, "lock");
  g_ptr_array_add (self->jobs, job);
  job->number = self->jobs->len;
  return job;
}

static gboolean
list_jobs (RunetCrossval *self, GError **error) {
  for (guint f = 0; f < self->options.folds->len; f++)
    for (guint m = 0; m < self->options.methods->len; m++)
      add_job (self, self->options.methods->pdata[m], self->options.folds->pdata[f]);
  for (guint i = 0; i < self->jobs->len; i++) {
    RunetJob *job = self->jobs->pdata[i];
    if (!runet_training_settings_check (&job->settings, error))
      return FALSE;
    g_autoptr (RunetGraph) graph =
        runet_architecture_build (&job->settings.hyperparameters);
    job->parameters = runet_graph_count_parameters (graph);
  }
  return TRUE;
}

/* ---- Results that are there ---- */

/* What @job began with must be what is there now. */
static gboolean
check_parent (const RunetJob *job, const RunetCrossvalResult *result, GError **error) {
  if (job->init == NULL)
    return TRUE;
  g_autoptr (RunetCrossvalResult) parent =
      g_file_test (job->init->result_path, G_FILE_TEST_EXISTS)
          ? runet_crossval_result_read (job->init->result_path, error)
          : NULL;
  if (parent != NULL && g_strcmp0 (parent->model_hash, result->parent) == 0)
    return TRUE;
  if (error != NULL && *error != NULL)
    return FALSE;
  runet_file_error (error, RUNET_ERROR_MISMATCH, job->result_path,
                    "it began with another model than %s; choose another folder, or "
                    "remove this result",
                    job->init->model_path);
  return FALSE;
}

/* Sets the state by the result's file. */
static gboolean
look_at_result (RunetJob *job, GError **error) {
  if (!g_file_test (job->result_path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (RunetCrossvalResult) result =
      runet_crossval_result_read (job->result_path, error);
  if (result == NULL) {
    g_prefix_error (error, "remove it to do this job again: ");
    return FALSE;
  }
  g_autofree char *difference =
      runet_crossval_settings_compare (&result->settings, &job->settings);
  if (difference == NULL && g_strcmp0 (result->method, job->method->name) != 0)
    difference = g_strdup_printf ("it is of %s", result->method);
  if (difference == NULL && result->fold != job->fold->number)
    difference = g_strdup_printf ("it is of fold %u", result->fold);
  if (difference == NULL && !g_str_equal (result->fold_hash, job->fold->hash))
    difference = g_strdup ("the patients of the fold are others");
  if (difference != NULL) {
    runet_file_error (error, RUNET_ERROR_MISMATCH, job->result_path,
                      "a result made with other settings: %s; choose another folder, "
                      "or remove it",
                      difference);
    return FALSE;
  }
  if (!check_parent (job, result, error))
    return FALSE;
  job->state = RUNET_JOB_BEFORE;
  return TRUE;
}

static gboolean
make_folders (const RunetCrossval *self, GError **error) {
  for (guint i = 0; i < self->jobs->len; i++) {
    const RunetJob *job = self->jobs->pdata[i];
    g_autofree char *folder = g_path_get_dirname (job->result_path);
    if (g_mkdir_with_parents (folder, 0777) == 0 && access (folder, W_OK) == 0)
      continue;
    runet_file_error (error, RUNET_ERROR_WRITE, folder,
                      "expected a folder that can be written to: %s",
                      g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}

RunetCrossval *
runet_crossval_new (const RunetCrossvalOptions *options, GError **error) {
  g_return_val_if_fail (
      options != NULL && options->folds->len > 0 && options->methods->len > 0, NULL);
  g_autoptr (RunetCrossval) self = g_new0 (RunetCrossval, 1);
  self->options = *options;
  self->options.folder = g_strdup (options->folder);
  self->jobs = g_ptr_array_new_with_free_func (free_job);
  if (!list_jobs (self, error) || !make_folders (self, error))
    return NULL;
  for (guint i = 0; i < self->jobs->len; i++)
    if (!look_at_result (self->jobs->pdata[i], error))
      return NULL;
  return g_steal_pointer (&self);
}

void
runet_crossval_free (RunetCrossval *self) {
  if (self == NULL)
    return;
  g_ptr_array_unref (self->jobs);
  runet_samples_free (self->samples);
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_free ((char *)self->options.folder);
  g_free (self);
}

static gboolean
is_done (const RunetJob *job) {
  return job->state == RUNET_JOB_BEFORE || job->state == RUNET_JOB_DONE;
}

guint
runet_crossval_count_left (const RunetCrossval *self) {
  guint left = 0;
  for (guint i = 0; i < self->jobs->len; i++)
    left += is_done (self->jobs->pdata[i]) ? 0 : 1;
  return left;
}

/* ---- Progress ---- */

/* A network's multiply-adds go with its parameters: all are U-Nets of the same proportions. */
static double
work_of (const RunetJob *job) {
  return (double)job->parameters * job->settings.epochs *
         job->fold->patients[RUNET_FOLD_TRAINING]->len;
}

static double
estimate_seconds (const RunetCrossval *self) {
  double done = self->work_done, left = 0;
  if (self->job != NULL && self->job_begun >= 0) {
    done += work_of (self->job) * (self->job_done - self->job_begun);
    left += work_of (self->job) * (1 - self->job_done);
  }
  for (guint i = 0; i < self->jobs->len; i++) {
    const RunetJob *job = self->jobs->pdata[i];
    if (job != self->job &&
        (job->state == RUNET_JOB_LEFT || job->state == RUNET_JOB_WAITING))
      left += work_of (job);
  }
  double seconds = (double)(g_get_monotonic_time () - self->clock) * 1e-6;
  return done > 0 ? seconds * left / done : -1;
}

void
runet_crossval_report (RunetCrossval *self,
                       RunetCrossvalPhase phase,
                       const RunetProgress *count,
                       const RunetTrainingProgress *training,
                       const RunetCrossvalResult *result,
                       const char *message) {
  /* Reading is no training: its time says nothing of the rest. */
  if (phase == RUNET_CROSSVAL_READING)
    self->clock = g_get_monotonic_time ();
  if (self->progress == NULL)
    return;
  RunetCrossvalProgress progress = {
      .phase = phase,
      .method = self->job != NULL ? self->job->method : NULL,
      .fold = self->job != NULL ? self->job->fold->number : 0,
      .job = self->job != NULL ? self->job->number : 0,
      .jobs = self->jobs->len,
      .seconds_left = estimate_seconds (self),
      .count = count,
      .training = training,
      .result = result,
      .message = message,
  };
  self->progress (&progress, self->user_data);
}

/* ---- One process a job ---- */

/* A descriptor that holds the lock until it is closed, or its process ends, however that happens; -1 when another
 * process holds it. */
static gboolean
lock_job (const RunetJob *job, int *lock, GError **error) {
  *lock = g_open (job->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (*lock < 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, job->lock_path,
                      "expected a file to lock: %s", g_strerror (errno));
    return FALSE;
  }
  if (flock (*lock, LOCK_EX | LOCK_NB) == 0) {
    /* For people who look: the lock itself is the kernel's. */
    g_autofree char *line =
        g_strdup_printf ("%s %ld\n", g_get_host_name (), (long)getpid ());
    if (ftruncate (*lock, 0) == 0 && write (*lock, line, strlen (line)) < 0)
      ftruncate (*lock, 0);
    return TRUE;
  }
  int problem = errno;
  close (*lock);
  *lock = -1;
  if (problem == EWOULDBLOCK)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, job->lock_path,
                    "expected a folder where files can be locked: %s",
                    g_strerror (problem));
  return FALSE;
}

/* Runs @job. What is wrong with its own loss, files or images is the job's failure, everything else is that of the work. */
static gboolean
run_locked (RunetCrossval *self, RunetJob *job, GError **error) {
  if (!runet_crossval_load (self, error))
    return FALSE;
  self->job = job;
  self->job_begun = -1;
  self->job_done = 0;
  g_autoptr (GError) failure = NULL;
  gboolean ok = runet_crossval_run_job (self, job, &failure);
  if (ok)
    job->state = RUNET_JOB_DONE;
  else if (g_error_matches (failure, RUNET_ERROR, RUNET_ERROR_FORMAT) ||
           g_error_matches (failure, RUNET_ERROR, RUNET_ERROR_MISSING)) {
    job->state = RUNET_JOB_FAILED;
    runet_crossval_report (self, RUNET_CROSSVAL_WARNING, NULL, NULL, NULL,
                           failure->message);
    ok = TRUE;
  } else {
    g_prefix_error (&failure, "%s, fold %u: ", job->method->name, job->fold->number);
    g_propagate_error (error, g_steal_pointer (&failure));
  }
  if (self->job_begun >= 0)
    self->work_done += work_of (job) * (self->job_done - self->job_begun);
  self->job = NULL;
  return ok;
}

/* What @job begins with is not there: it waits, or will never be done. */
static void
set_back (RunetCrossval *self, RunetJob *job) {
  if (job->init->state != RUNET_JOB_FAILED) {
    job->state = RUNET_JOB_WAITING;
    return;
  }
  g_autofree char *line =
      g_strdup_printf ("not done, as %s has failed, whose model it begins with",
                       job->init->method->name);
  job->state = RUNET_JOB_FAILED;
  self->job = job;
  runet_crossval_report (self, RUNET_CROSSVAL_WARNING, NULL, NULL, NULL, line);
  self->job = NULL;
}

/* Does @job when nobody else does and what it begins with is there. */
static gboolean
try_job (RunetCrossval *self, RunetJob *job, GError **error) {
  if (is_done (job) || job->state == RUNET_JOB_FAILED)
    return TRUE;
  if (job->init != NULL) {
    if (!try_job (self, job->init, error))
      return FALSE;
    if (!is_done (job->init)) {
      set_back (self, job);
      return TRUE;
    }
  }
  int lock;
  if (!lock_job (job, &lock, error))
    return FALSE;
  if (lock < 0) {
    job->state = RUNET_JOB_ELSEWHERE;
    return TRUE;
  }
  /* Another process may have ended it since. */
  gboolean ok =
      look_at_result (job, error) && (is_done (job) || run_locked (self, job, error));
  close (lock);
  return ok;
}

static gboolean
is_waiting (const RunetCrossval *self) {
  for (guint i = 0; i < self->jobs->len; i++)
    if (((RunetJob *)self->jobs->pdata[i])->state == RUNET_JOB_WAITING)
      return TRUE;
  return FALSE;
}

static void
count_jobs (const RunetCrossval *self, RunetCrossvalCounts *counts) {
  *counts = (RunetCrossvalCounts){.jobs = self->jobs->len};
  for (guint i = 0; i < self->jobs->len; i++) {
    RunetJobState state = ((RunetJob *)self->jobs->pdata[i])->state;
    counts->done += state == RUNET_JOB_DONE ? 1 : 0;
    counts->before += state == RUNET_JOB_BEFORE ? 1 : 0;
    counts->elsewhere += state == RUNET_JOB_ELSEWHERE ? 1 : 0;
    counts->failed += state == RUNET_JOB_FAILED ? 1 : 0;
  }
}

gboolean
runet_crossval_run (RunetCrossval *self,
                    RunetCrossvalCounts *counts,
                    RunetCrossvalFunc progress,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error) {
  self->progress = progress;
  self->user_data = user_data;
  self->cancellable = cancellable;
  self->work_done = 0;
  self->clock = g_get_monotonic_time ();
  gboolean ok = TRUE;
  do {
    for (guint i = 0; ok && i < self->jobs->len; i++) {
      RunetJob *job = self->jobs->pdata[i];
      ok = !g_cancellable_set_error_if_cancelled (cancellable, error) &&
           (job->state == RUNET_JOB_ELSEWHERE || try_job (self, job, error));
    }
    if (ok && is_waiting (self))
      g_usleep (WAIT_US);
  } while (ok && is_waiting (self));
  count_jobs (self, counts);
  return ok;
}
