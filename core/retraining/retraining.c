/* Back into training: from the record to a candidate that was compared with its parent. */
#include "retraining.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/echo/file.h"
#include "core/models/model-patients.h"
#include "retraining-private.h"

/* Weights, two moments and the best weights; and the file that the new one replaces. */
#define CHECKPOINT_COPIES (2 * 4)
/* Of the work folder's other files. */
#define ROOM_TO_SPARE ((guint64)1 << 20)

typedef RunetRetrainingWork Work;

void
runet_retraining_settings_init (RunetRetrainingSettings *self) {
  /* Half of the patience of a training from the start, since there is less to be learned. */
  *self = (RunetRetrainingSettings){
      .learning_rate = 1e-4,
      .batch = 8,
      .epochs = 20,
      .patience = 3,
      .stop_after = 6,
      .replay = 2,
      .seed = 1,
      .augment = TRUE,
  };
}

void
runet_retrained_free (RunetRetrained *retrained) {
  if (retrained == NULL)
    return;
  g_clear_pointer (&retrained->model, runet_model_unref);
  g_clear_pointer (&retrained->snapshot, runet_snapshot_free);
  g_clear_pointer (&retrained->gate, runet_gate_free);
  g_clear_pointer (&retrained->history, g_array_unref);
  g_free (retrained->snapshot_path);
  g_free (retrained->settings);
  g_free (retrained);
}

/* ---- Before it begins ---- */

static gboolean
check_settings (const RunetRetrainingSettings *settings, GError **error) {
  if (isfinite (settings->replay) && settings->replay >= 0)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "retraining settings: replay must be 0 or more, found %g",
               settings->replay);
  return FALSE;
}

/* Whether both are there and the same, by whatever links. */
static gboolean
is_same_file (const char *a, const char *b) {
  return g_file_test (a, G_FILE_TEST_EXISTS) && runet_path_is_inside (a, b) &&
         runet_path_is_inside (b, a);
}

/* What must not be written over. */
static gboolean
check_output (const RunetRetrainingJob *job, GError **error) {
  const RunetDataset *const datasets[] = {job->dataset, job->original};
  for (guint i = 0; i < G_N_ELEMENTS (datasets); i++)
    if (datasets[i] != NULL && runet_path_is_inside (job->output, datasets[i]->path)) {
      runet_file_error (error, RUNET_ERROR_WRITE, job->output,
                        "expected a file outside of the data set %s, which is never "
                        "written to",
                        datasets[i]->path);
      return FALSE;
    }
  const char *record = runet_journal_get_path (runet_review_get_journal (job->review));
  if (!is_same_file (job->output, record) &&
      !runet_path_is_inside (job->output, runet_registry_get_folder (job->registry)) &&
      !(job->parent->path != NULL && is_same_file (job->output, job->parent->path)))
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, job->output,
                    "expected a file of its own, found the parent, the record or a "
                    "place in the registry of models");
  return FALSE;
}

/* What would only be noticed after hours. */
static gboolean
check_places (const Work *work, GError **error) {
  const RunetRetrainingJob *job = work->job;
  if (!check_output (job, error))
    return FALSE;
  g_autofree char *place = g_path_get_dirname (job->output);
  if (access (place, W_OK) != 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, place,
                      "expected a folder that can be written to: %s",
                      g_strerror (errno));
    return FALSE;
  }
  if (g_file_test (job->output, G_FILE_TEST_IS_DIR)) {
    runet_file_error (error, RUNET_ERROR_WRITE, job->output,
                      "expected a file to write, found a folder");
    return FALSE;
  }
  if (!job->resume && g_file_test (work->folder, G_FILE_TEST_EXISTS)) {
    runet_file_error (error, RUNET_ERROR_WRITE, work->folder,
                      "a stopped retraining is there already; go on with --resume, "
                      "choose another output, or remove it");
    return FALSE;
  }
  guint64 weights =
      (guint64)runet_graph_count_parameters (job->parent->graph) * sizeof (float);
  return runet_retraining_check_room (
      place, (CHECKPOINT_COPIES + 1) * weights + ROOM_TO_SPARE, error);
}

/* ---- What is learned from ---- */

static gboolean
refuse_empty (const Work *work, GError **error) {
  const GPtrArray *exclusions = work->snapshot->exclusions;
  g_autoptr (GString) why = g_string_new (NULL);
  for (guint kind = 0; kind < RUNET_EXCLUSIONS; kind++) {
    guint count = 0;
    for (guint i = 0; i < exclusions->len; i++)
      count += ((const RunetExclusion *)exclusions->pdata[i])->kind == kind;
    if (count > 0)
      g_string_append_printf (why, "%s%u %s", why->len > 0 ? ", " : "", count,
                              runet_exclusion_kind_to_string (kind));
  }
  if (exclusions->len > 0)
    g_string_append_printf (why, "; the first: %s",
                            ((const RunetExclusion *)exclusions->pdata[0])->message);
  runet_file_error (
      error, RUNET_ERROR_MISSING,
      runet_journal_get_path (runet_review_get_journal (work->job->review)),
      "expected at least one accepted or corrected frame to learn from, found none "
      "(%s)",
      why->len > 0 ? why->str : "nothing was accepted yet");
  return FALSE;
}

static RunetSnapshot *
take_snapshot (Work *work, const GPtrArray *locked, GError **error) {
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; locked != NULL && i < locked->len; i++)
    g_hash_table_add (set, locked->pdata[i]);
  return runet_snapshot_new (work->job->review, work->job->dataset, set,
                             runet_retraining_reading_cb, &work->listener,
                             work->cancellable, error);
}

static void
copy_ids (GPtrArray *to, const GPtrArray *from) {
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_strdup (from->pdata[i]));
}

/* Who judges is either said, or known, or chosen among those that are not corrected. */
static gboolean
take_and_lock (Work *work, GError **error) {
  const RunetRetrainingJob *job = work->job;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) known =
      job->locked != NULL
          ? NULL
          : runet_registry_get_locked (job->registry, job->dataset->path, &failure);
  if (failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  const GPtrArray *locked = job->locked != NULL ? job->locked : known;
  work->snapshot = take_snapshot (work, locked, error);
  if (work->snapshot == NULL)
    return FALSE;
  if (work->snapshot->frames->len == 0)
    return refuse_empty (work, error);
  if (locked != NULL) {
    copy_ids (work->plan->locked, locked);
    return TRUE;
  }
  g_autoptr (GPtrArray) corrected = runet_snapshot_list_patients (work->snapshot);
  g_autoptr (GPtrArray) chosen = runet_retraining_choose_locked (job, corrected, error);
  if (chosen == NULL)
    return FALSE;
  copy_ids (work->plan->locked, chosen);
  return TRUE;
}

/* A new plan, with its snapshot written. */
static gboolean
make_plan (Work *work, GError **error) {
  const RunetRetrainingJob *job = work->job;
  work->plan = runet_retraining_plan_new ();
  work->plan->settings = job->settings;
  work->plan->parent = g_strdup (job->parent->hash);
  if (!take_and_lock (work, error))
    return FALSE;
  g_autoptr (GPtrArray) corrected = runet_snapshot_list_patients (work->snapshot);
  g_autoptr (GPtrArray) validation =
      runet_retraining_choose_validation (job, work->plan->locked, corrected);
  copy_ids (work->plan->validation, validation);
  work->plan->snapshot = g_strdup (work->snapshot->hash);
  g_autofree char *folder = runet_registry_get_snapshot_folder (job->registry);
  work->result->snapshot_path = runet_snapshot_write (work->snapshot, folder, error);
  if (work->result->snapshot_path == NULL ||
      !runet_retraining_plan_write (work->plan, work->folder, error))
    return FALSE;
  work->lock = runet_retraining_lock_work (work->folder, error);
  return work->lock >= 0;
}

/* The plan of what was stopped, with its snapshot as it was. */
static gboolean
read_plan (Work *work, GError **error) {
  const RunetRetrainingJob *job = work->job;
  work->plan = runet_retraining_plan_read (work->folder, error);
  if (work->plan == NULL)
    return FALSE;
  work->lock = runet_retraining_lock_work (work->folder, error);
  if (work->lock < 0)
    return FALSE;
  if (g_strcmp0 (work->plan->parent, job->parent->hash) != 0) {
    runet_file_error (error, RUNET_ERROR_MISMATCH, work->folder,
                      "expected the parent that it began with (%.12s), found another "
                      "(%.12s)",
                      work->plan->parent, job->parent->hash);
    return FALSE;
  }
  if (job->settings.epochs > 0)
    work->plan->settings.epochs = job->settings.epochs;
  g_autofree char *folder = runet_registry_get_snapshot_folder (job->registry);
  work->result->snapshot_path = g_build_filename (folder, work->plan->snapshot, NULL);
  work->snapshot = runet_snapshot_read (work->result->snapshot_path, error);
  return work->snapshot != NULL;
}

/* How far the comparison can be trusted. */
static void
warn_of_locked (Work *work) {
  const GPtrArray *locked = work->plan->locked;
  g_autoptr (GHashTable) seen = runet_model_get_seen (work->job->parent);
  guint taught = 0;
  for (guint i = 0; seen != NULL && i < locked->len; i++)
    taught += runet_seen_find (seen, locked->pdata[i]) == RUNET_SEEN_IN_TRAINING;
  if (taught > 0)
    runet_retraining_warn (&work->listener,
                           "%u of the %u locked patients taught the parent: the "
                           "comparison favours it",
                           taught, locked->len);
  if (runet_snapshot_count_edited (work->snapshot) == 0)
    runet_retraining_warn (&work->listener,
                           "no frame was corrected: all were accepted as a model drew "
                           "them");
}

static gboolean
prepare (Work *work, GError **error) {
  if (!check_settings (&work->job->settings, error) || !check_places (work, error))
    return FALSE;
  if (!(work->job->resume ? read_plan (work, error) : make_plan (work, error)))
    return FALSE;
  RunetRetrainingProgress progress = {.phase = RUNET_RETRAINING_SNAPSHOT,
                                      .snapshot = work->snapshot};
  runet_retraining_tell (work, &progress);
  warn_of_locked (work);
  return TRUE;
}

/* ---- Judging ---- */

static void
gate_cb (const RunetProgress *count, gpointer user_data) {
  Work *work = user_data;
  RunetRetrainingProgress progress = {.phase = RUNET_RETRAINING_GATE, .count = count};
  runet_retraining_tell (work, &progress);
}

static gboolean
judge (Work *work, GError **error) {
  g_autoptr (GPtrArray) patients =
      runet_retraining_find_patients (work->job, work->plan->locked);
  work->result->gate =
      runet_gate_compare (work->job->parent, work->result->model, patients,
                          work->engine, gate_cb, work, work->cancellable, error);
  if (work->result->gate == NULL)
    return FALSE;
  RunetRetrainingProgress progress = {.phase = RUNET_RETRAINING_VERDICT,
                                      .gate = work->result->gate};
  runet_retraining_tell (work, &progress);
  return TRUE;
}

/* What failed before anything was learned leaves nothing to go on with. */
static void
clear_failed (const Work *work, const GError *error) {
  g_autofree char *checkpoint = runet_retraining_checkpoint_path (work->folder);
  if (work->lock >= 0 && !work->job->resume &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_file_test (checkpoint, G_FILE_TEST_EXISTS))
    runet_retraining_remove_work (work->folder);
}

static gboolean
run (Work *work, GError **error) {
  if (!prepare (work, error))
    return FALSE;
  g_autoptr (JsonNode) node = runet_retraining_settings_to_json (&work->plan->settings);
  work->result->settings = json_to_string (node, FALSE);
  /* The file comes last: what is stopped in the middle of the comparison can still be resumed. */
  if (!runet_retraining_train (work, error) || !judge (work, error) ||
      !runet_model_write (work->result->model, work->job->output, RUNET_DTYPE_F32,
                          error))
    return FALSE;
  runet_retraining_remove_work (work->folder);
  work->result->snapshot = g_steal_pointer (&work->snapshot);
  return TRUE;
}

RunetRetrained *
runet_retraining_run (const RunetRetrainingJob *job,
                      RunetEngine *engine,
                      RunetRetrainingFunc progress,
                      gpointer user_data,
                      GCancellable *cancellable,
                      GError **error) {
  g_return_val_if_fail (job != NULL && engine != NULL, NULL);
  g_return_val_if_fail (job->parent != NULL && job->parent->hash != NULL, NULL);
  g_return_val_if_fail (job->registry != NULL && job->output != NULL, NULL);
  g_autoptr (RunetRetrained) result = g_new0 (RunetRetrained, 1);
  Work work = {
      .job = job,
      .engine = engine,
      .listener = {progress, user_data},
      .cancellable = cancellable,
      .folder = runet_retraining_get_work_folder (job->output),
      .lock = -1,
      .result = result,
  };
  GError *failure = NULL;
  gboolean done = run (&work, &failure);
  if (!done) {
    clear_failed (&work, failure);
    g_propagate_error (error, failure);
  }
  if (work.lock >= 0)
    close (work.lock);
  g_clear_pointer (&work.plan, runet_retraining_plan_free);
  g_clear_pointer (&work.snapshot, runet_snapshot_free);
  g_free (work.folder);
  return done ? g_steal_pointer (&result) : NULL;
}

gboolean
runet_retrained_register (const RunetRetrained *retrained,
                          RunetRegistry *registry,
                          const RunetModel *parent,
                          const char *author,
                          GError **error) {
  g_return_val_if_fail (retrained != NULL && registry != NULL && parent != NULL, FALSE);
  g_autoptr (JsonNode) node = runet_gate_to_json (retrained->gate);
  g_autofree char *gate = json_to_string (node, FALSE);
  const RunetRegistration registration = {
      .author = author,
      .parent = parent->hash,
      .snapshot = retrained->snapshot->hash,
      .settings = retrained->settings,
      .gate = gate,
      .verdict = retrained->gate->passed ? RUNET_VERDICT_PASSED : RUNET_VERDICT_FAILED,
  };
  return runet_registry_add_root (registry, parent, author, error) &&
         runet_registry_add (registry, retrained->model, &registration, error);
}
