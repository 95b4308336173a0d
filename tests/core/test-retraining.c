/* Back into training: what is learned, what is told, how it stops and goes on, and what is refused. */
#include "core/retraining/retraining.h"

#include "core/base/error.h"
#include "core/models/model-patients.h"
#include "tests/cli/small-model.h"
#include "tests/core/record-fixture.h"

#define PATIENTS 9

typedef struct {
  RecordFixture record;
  RunetEngine *engine;
  RunetRegistry *registry;
  RunetModel *parent;
  char *output;

  /* What was told. */
  GString *warnings;
  RunetRetrainingData data;
  guint steps, epochs, verdicts;
  GCancellable *cancellable;
  guint cancel_at; /* steps; 0 for never */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  const guint *patients = data;
  record_set_up (&fixture->record, patients != NULL ? *patients : PATIENTS);
  const char *root = fixture->record.root;
  g_autofree char *models = g_build_filename (root, "models", NULL);
  g_autofree char *parent = g_build_filename (root, "parent.safetensors", NULL);
  fixture->engine = runet_engine_new (RUNET_ENGINE_AUTO, 2, &error);
  fixture->registry = runet_registry_open (models, &error);
  g_assert_no_error (error);
  write_small_model (parent, 32);
  fixture->parent = runet_model_read (parent, &error);
  g_assert_no_error (error);
  fixture->output = g_build_filename (root, "candidate.safetensors", NULL);
  fixture->warnings = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  runet_engine_unref (fixture->engine);
  runet_registry_close (fixture->registry);
  runet_model_unref (fixture->parent);
  g_clear_object (&fixture->cancellable);
  g_string_free (fixture->warnings, TRUE);
  g_free (fixture->output);
  record_tear_down (&fixture->record);
}

static void
listen_cb (const RunetRetrainingProgress *progress, gpointer user_data) {
  Fixture *fixture = user_data;
  switch (progress->phase) {
  case RUNET_RETRAINING_WARNING:
    g_test_message ("%s", progress->warning);
    g_string_append_printf (fixture->warnings, "%s\n", progress->warning);
    break;
  case RUNET_RETRAINING_DATA:
    fixture->data = *progress->data;
    break;
  case RUNET_RETRAINING_VERDICT:
    g_assert_nonnull (progress->gate);
    fixture->verdicts++;
    break;
  case RUNET_RETRAINING_TRAINING:
    fixture->epochs += progress->training->phase == RUNET_TRAINING_EPOCH;
    fixture->steps += progress->training->phase == RUNET_TRAINING_STEP;
    if (fixture->steps == fixture->cancel_at && fixture->cancellable != NULL)
      g_cancellable_cancel (fixture->cancellable);
    break;
  default:
    break;
  }
}

static RunetRetrainingJob
make_job (Fixture *fixture) {
  RunetRetrainingJob job = {
      .dataset = fixture->record.dataset,
      .review = fixture->record.review,
      .parent = fixture->parent,
      .registry = fixture->registry,
      .output = fixture->output,
  };
  runet_retraining_settings_init (&job.settings);
  job.settings.learning_rate = 3e-3;
  job.settings.epochs = 3;
  return job;
}

static RunetRetrained *
run (Fixture *fixture, const RunetRetrainingJob *job, GError **error) {
  return runet_retraining_run (job, fixture->engine, listen_cb, fixture,
                               fixture->cancellable, error);
}

static void
assert_refused (Fixture *fixture,
                const RunetRetrainingJob *job,
                int code,
                const char *says) {
  g_autoptr (GError) error = NULL;
  g_assert_null (run (fixture, job, &error));
  g_assert_error (error, RUNET_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_false (g_file_test (job->output, G_FILE_TEST_IS_REGULAR));
}

static gboolean
same_weights (const RunetModel *a, const RunetModel *b) {
  for (guint i = 0; i < a->graph->parameters->len; i++) {
    gsize count = g_array_index (a->graph->parameters, RunetParameter, i).count;
    if (memcmp (a->parameters[i], b->parameters[i], count * sizeof (float)) != 0)
      return FALSE;
  }
  return TRUE;
}

static void
test_run (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_accept (&fixture->record, "Ada", 1, RUNET_VIEW_A2C, 1);
  RunetRetrainingJob job = make_job (fixture);
  g_autoptr (RunetRetrained) retrained = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (retrained->snapshot->frames->len, ==, 4);
  g_assert_cmpuint (fixture->epochs, ==, 3);
  g_assert_cmpuint (fixture->verdicts, ==, 1);
  g_assert_cmpuint (retrained->history->len, ==, 3);
  /* Nine patients: two corrected, one locked, two of the others validate, and four are replayed: corrections are a
   * third of an epoch. */
  g_assert_cmpuint (fixture->data.corrected, ==, 4);
  g_assert_cmpuint (fixture->data.repeat, ==, 4);
  g_assert_cmpuint (fixture->data.locked, ==, 1);
  g_assert_cmpuint (fixture->data.validation, ==, 8);
  g_assert_cmpuint (fixture->data.replay, ==, 16);
  g_assert_cmpuint (fixture->data.drawn, ==, 32);
  g_assert_cmpuint (retrained->gate->images, ==, 4);
  g_assert_false (same_weights (retrained->model, fixture->parent));

  g_autoptr (RunetModel) model = runet_model_read (fixture->output, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (model->hash, ==, retrained->model->hash);
  g_assert_cmpstr (runet_model_get_metadata (model, "parent"), ==,
                   fixture->parent->hash);
  g_assert_cmpstr (runet_model_get_metadata (model, "snapshot"), ==,
                   retrained->snapshot->hash);
  g_assert_cmpstr (runet_model_get_metadata (model, "seed"), ==, "1");
  g_autofree char *work = runet_retraining_get_work_folder (fixture->output);
  g_assert_false (g_file_test (work, G_FILE_TEST_EXISTS));
  g_autoptr (RunetSnapshot) kept =
      runet_snapshot_read (retrained->snapshot_path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kept->hash, ==, retrained->snapshot->hash);

  /* In the registry when one asks for it; in use only by somebody's word. */
  g_autoptr (GPtrArray) before = runet_registry_list (fixture->registry, &error);
  g_assert_cmpuint (before->len, ==, 0);
  g_assert_true (runet_retrained_register (retrained, fixture->registry,
                                           fixture->parent, "Ada", &error));
  g_autoptr (GPtrArray) after = runet_registry_list (fixture->registry, &error);
  g_assert_cmpuint (after->len, ==, 2);
  const RunetRegisteredModel *candidate = after->pdata[0], *root = after->pdata[1];
  g_assert_cmpstr (candidate->parent, ==, root->hash);
  g_assert_cmpint (candidate->state, ==, RUNET_REGISTERED_CANDIDATE);
  g_assert_cmpint (candidate->verdict, ==,
                   retrained->gate->passed ? RUNET_VERDICT_PASSED
                                           : RUNET_VERDICT_FAILED);
  g_assert_null (runet_registry_get_current (fixture->registry, NULL, &error));
}

/* The same record and seed give the same weights, and who judges stays who judged. */
static void
test_again (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  RunetRetrainingJob job = make_job (fixture);
  job.settings.epochs = 1;
  g_autoptr (RunetRetrained) one = run (fixture, &job, &error);
  g_autoptr (GPtrArray) locked =
      runet_registry_get_locked (fixture->registry, fixture->record.studies, &error);
  g_assert_cmpuint (locked->len, ==, 2);
  g_autoptr (RunetRetrained) two = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_true (same_weights (one->model, two->model));
  g_assert_cmpstr (one->snapshot->hash, ==, two->snapshot->hash);

  /* Corrected afterwards, the locked patient is left out. */
  for (guint i = 0; i < PATIENTS; i++)
    if (g_str_equal (record_patient (&fixture->record, i)->id, locked->pdata[0]))
      record_accept (&fixture->record, "Ada", i, RUNET_VIEW_A2C, 0);
  g_autoptr (RunetRetrained) three = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (three->snapshot->frames->len, ==, 2);
  const RunetExclusion *exclusion = three->snapshot->exclusions->pdata[0];
  g_assert_cmpint (exclusion->kind, ==, RUNET_EXCLUSION_LOCKED);

  /* Said otherwise, others judge. */
  g_autoptr (GPtrArray) said = g_ptr_array_new ();
  g_ptr_array_add (said, record_patient (&fixture->record, 0)->id);
  job.locked = said;
  g_autoptr (RunetRetrained) four = run (fixture, &job, &error);
  g_assert_no_error (error);
  const RunetSnapshotFrame *frame = four->snapshot->frames->pdata[0];
  g_assert_cmpstr (frame->patient, ==, locked->pdata[0]);
}

/* Those who chose the parent's epoch judge. */
static void
test_parent_validation (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) taught = g_ptr_array_new ();
  g_autoptr (GPtrArray) validated = g_ptr_array_new ();
  for (guint i = 1; i <= 3; i++)
    g_ptr_array_add (validated, record_patient (&fixture->record, i)->id);
  g_ptr_array_add (taught, record_patient (&fixture->record, 5)->id);
  runet_model_record_patients (fixture->parent, taught, validated);
  g_assert_true (runet_model_write (fixture->parent, fixture->parent->path,
                                    RUNET_DTYPE_F32, &error));
  record_accept (&fixture->record, "Ada", 2, RUNET_VIEW_A4C, 0);
  RunetRetrainingJob job = make_job (fixture);
  job.settings.epochs = 1;
  g_autoptr (RunetRetrained) retrained = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (retrained->data.locked, ==, 2);
  g_assert_cmpuint (retrained->gate->patients, ==, 2);
  g_autoptr (GHashTable) seen = runet_model_get_seen (retrained->model);
  g_assert_cmpint (runet_seen_find (seen, record_patient (&fixture->record, 2)->id), ==,
                   RUNET_SEEN_IN_TRAINING);
  g_assert_cmpint (runet_seen_find (seen, record_patient (&fixture->record, 1)->id), ==,
                   RUNET_SEEN_IN_VALIDATION);
}

/* Stopped anywhere and resumed, it comes to the same bits. */
static void
test_resume (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_decide (&fixture->record, "Ada", 1, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture->record, 1, RUNET_VIEW_A4C, 3, 0, TRUE));
  RunetRetrainingJob job = make_job (fixture);
  g_autoptr (RunetRetrained) whole = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_remove (fixture->output);

  static const guint stops[] = {1, 8, 18};
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++) {
    fixture->steps = 0;
    fixture->cancel_at = stops[i];
    fixture->cancellable = g_cancellable_new ();
    g_assert_null (run (fixture, &job, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&error);
    g_clear_object (&fixture->cancellable);
    g_assert_false (g_file_test (fixture->output, G_FILE_TEST_EXISTS));
    assert_refused (fixture, &job, RUNET_ERROR_WRITE, "--resume");

    /* What was accepted meanwhile waits for the next time. */
    record_accept (&fixture->record, "Ada", 2 + i, RUNET_VIEW_A2C, 0);
    RunetRetrainingJob resumed = job;
    resumed.resume = TRUE;
    resumed.settings.epochs = 0;
    resumed.settings.seed = 77;
    g_autoptr (RunetRetrained) rest = run (fixture, &resumed, &error);
    g_assert_no_error (error);
    g_assert_true (same_weights (whole->model, rest->model));
    g_assert_cmpstr (whole->snapshot->hash, ==, rest->snapshot->hash);
    g_assert_cmpuint (rest->history->len, ==, 3);
    g_remove (fixture->output);
    record_decide (&fixture->record, "Ada", 2 + i, RUNET_VIEW_A2C, RUNET_EVENT_REOPEN,
                   NULL);
  }
}

static void
test_one_frame (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  record_decide (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture->record, 0, RUNET_VIEW_A4C, 1, 0, FALSE));
  RunetRetrainingJob job = make_job (fixture);
  job.settings.epochs = 1;
  job.settings.replay = 0.5;
  g_autoptr (RunetRetrained) retrained = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fixture->warnings->str, "one corrected frame"));
  g_assert_cmpuint (retrained->data.repeat, ==, 8);
  g_assert_cmpuint (retrained->data.drawn, ==, 8);
}

/* Two patients: one is corrected, the other judges. */
static void
test_nothing_to_replay (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  RunetRetrainingJob job = make_job (fixture);
  job.settings.epochs = 1;
  g_autoptr (RunetRetrained) retrained = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fixture->warnings->str, "nothing to replay"));
  g_assert_cmpuint (retrained->data.replay, ==, 0);
  g_assert_cmpuint (retrained->gate->patients, ==, 1);

  /* With both corrected nobody judges, and the gate stays shut. */
  g_autoptr (RunetRegistry) other = NULL;
  g_autofree char *folder = g_build_filename (fixture->record.root, "models2", NULL);
  other = runet_registry_open (folder, &error);
  record_accept (&fixture->record, "Ada", 1, RUNET_VIEW_A4C, 0);
  job.registry = other;
  g_autoptr (RunetRetrained) both = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_false (both->gate->passed);
  g_assert_cmpuint (both->gate->reasons->len, ==, 1);
}

/* A clinic's studies have no experts' masks: those of another data set are replayed, and judge. */
static void
test_original (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *clinic = g_build_filename (fixture->record.root, "clinic", NULL);
  static const char *const masks[] = {"2CH_ED", "2CH_ES", "4CH_ED", "4CH_ES"};
  record_write_patient (clinic, "patient0100", 17);
  for (guint i = 0; i < G_N_ELEMENTS (masks); i++) {
    g_autofree char *mask =
        g_strdup_printf ("%s/patient0100/patient0100_%s_gt.nii.gz", clinic, masks[i]);
    g_assert_cmpint (g_remove (mask), ==, 0);
  }
  g_autoptr (RunetDataset) dataset = runet_dataset_open (clinic, NULL, &error);
  g_assert_no_error (error);
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, "patient0100", RUNET_VIEW_A4C);
  g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_ACCEPT, "Ada", &subject);
  event->after = record_frames (&fixture->record, 0, RUNET_VIEW_A4C, 3, 0, FALSE);
  g_assert_true (runet_review_append (fixture->record.review, event, &error));

  RunetRetrainingJob job = make_job (fixture);
  job.settings.epochs = 1;
  job.dataset = dataset;
  g_autoptr (RunetRetrained) alone = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alone->data.replay, ==, 0);
  g_assert_false (alone->gate->passed);
  job.original = fixture->record.dataset;
  g_autoptr (RunetRetrained) both = run (fixture, &job, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (both->data.corrected, ==, 2);
  g_assert_cmpuint (both->data.replay, ==, 4 * (PATIENTS - 2 - 2));
  g_assert_cmpuint (both->data.locked, ==, 2);
  g_assert_cmpuint (both->gate->images, ==, 8);
}

static void
test_refused (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetRetrainingJob job = make_job (fixture);
  assert_refused (fixture, &job, RUNET_ERROR_MISSING, "nothing was accepted yet");
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_accept (&fixture->record, "Grace", 0, RUNET_VIEW_A4C, 10 * SMALL_WIDTH);
  record_decide (&fixture->record, "Ada", 1, RUNET_VIEW_A4C, RUNET_EVENT_REJECT, NULL);
  assert_refused (fixture, &job, RUNET_ERROR_MISSING, "1 rejected, 2 contradictory");
  record_accept (&fixture->record, "Ada", 2, RUNET_VIEW_A4C, 0);

  RunetRetrainingJob other = job;
  other.output = "/nowhere/x.safetensors";
  assert_refused (fixture, &other, RUNET_ERROR_WRITE, "/nowhere");
  other.output = fixture->record.root;
  assert_refused (fixture, &other, RUNET_ERROR_WRITE, "found a folder");
  other = job;
  other.settings.replay = -1;
  assert_refused (fixture, &other, RUNET_ERROR_UNSUPPORTED, "replay");
  other = job;
  other.settings.learning_rate = -1;
  assert_refused (fixture, &other, RUNET_ERROR_UNSUPPORTED, "learning rate");
  other = job;
  other.resume = TRUE;
  assert_refused (fixture, &other, RUNET_ERROR_MISSING, "nothing to resume");

  /* A plan that was spoilt, and one of another parent. */
  g_autofree char *work = runet_retraining_get_work_folder (fixture->output);
  g_autofree char *plan = g_build_filename (work, "plan.json", NULL);
  g_mkdir (work, 0777);
  static const struct {
    const char *plan;
    int code;
    const char *says;
  } plans[] = {
      {"no JSON", RUNET_ERROR_FORMAT, "JSON"},
      {"{\"format\":\"runet-retraining-1\"}", RUNET_ERROR_FORMAT, "members"},
      {"{\"format\":\"runet-retraining-1\",\"parent\":\"abc\",\"snapshot\":\"d\","
       "\"settings\":{\"learning_rate\":1e-4,\"batch\":8,\"epochs\":3,\"patience\":3,"
       "\"stop_after\":6,\"seed\":1,\"replay\":2,\"augment\":true},\"locked\":[],"
       "\"validation\":[]}",
       RUNET_ERROR_MISMATCH, "parent"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (plans); i++) {
    g_assert_true (g_file_set_contents (plan, plans[i].plan, -1, &error));
    assert_refused (fixture, &other, plans[i].code, plans[i].says);
  }
  /* Deeper than the parser's stack. */
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_assert_true (g_file_set_contents (plan, deep, -1, &error));
  assert_refused (fixture, &other, RUNET_ERROR_FORMAT, "JSON");
}

/* Never into the data set, and never over what it is made from. */
static void
test_places (Fixture *fixture, gconstpointer data) {
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  g_autofree char *inside =
      g_build_filename (fixture->record.studies, "candidate.safetensors", NULL);
  g_autofree char *link = g_build_filename (fixture->record.root, "link", NULL);
  g_assert_cmpint (symlink (fixture->parent->path, link), ==, 0);
  g_autofree char *registered = g_build_filename (
      runet_registry_get_folder (fixture->registry), "x.safetensors", NULL);
  const char *const places[] = {inside, fixture->record.studies, fixture->parent->path,
                                link,   fixture->record.record,  registered};
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *before = NULL, *after = NULL;
    g_file_get_contents (places[i], &before, NULL, NULL);
    RunetRetrainingJob job = make_job (fixture);
    job.output = places[i];
    g_assert_null (run (fixture, &job, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
    g_test_message ("%s", error->message);
    g_assert_true (g_str_has_prefix (error->message, places[i]));
    g_assert_nonnull (strstr (error->message, i < 2 ? "data set" : "of its own"));
    g_file_get_contents (places[i], &after, NULL, NULL);
    g_assert_cmpstr (before, ==, after);
  }
}

static void
begin_cb (const RunetRetrainingProgress *progress, gpointer user_data) {
  Fixture *fixture = user_data;
  if (progress->phase != RUNET_RETRAINING_DATA || fixture->verdicts++ > 0)
    return;
  /* While this one is at work, neither a new one nor one that goes on may touch its folder. */
  g_autofree char *work = runet_retraining_get_work_folder (fixture->output);
  g_autofree char *plan = g_build_filename (work, "plan.json", NULL);
  RunetRetrainingJob second = make_job (fixture);
  assert_refused (fixture, &second, RUNET_ERROR_WRITE, "already");
  second.resume = TRUE;
  assert_refused (fixture, &second, RUNET_ERROR_WRITE, "another program");
  g_assert_true (g_file_test (plan, G_FILE_TEST_EXISTS));
}

static void
test_two_at_once (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  record_accept (&fixture->record, "Ada", 0, RUNET_VIEW_A4C, 0);
  RunetRetrainingJob job = make_job (fixture);
  job.settings.epochs = 1;
  g_autoptr (RunetRetrained) first =
      runet_retraining_run (&job, fixture->engine, begin_cb, fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (first);
  g_assert_cmpuint (fixture->verdicts, ==, 1);
}

static void
test_room (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_retraining_check_room (fixture->record.root, 1, &error));
  g_assert_false (
      runet_retraining_check_room (fixture->record.root, G_MAXUINT64, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "not enough space"));
}

int
main (int argc, char *argv[]) {
  static const guint two = 2;
  static const struct {
    const char *path;
    const guint *patients;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
      {"/retraining/run", NULL, test_run},
      {"/retraining/again", NULL, test_again},
      {"/retraining/parent-validation", NULL, test_parent_validation},
      {"/retraining/resume", NULL, test_resume},
      {"/retraining/one-frame", NULL, test_one_frame},
      {"/retraining/nothing-to-replay", &two, test_nothing_to_replay},
      {"/retraining/original", NULL, test_original},
      {"/retraining/refused", NULL, test_refused},
      {"/retraining/places", &two, test_places},
      {"/retraining/two-at-once", NULL, test_two_at_once},
      {"/retraining/room", &two, test_room},
  };
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].patients, set_up, tests[i].test,
                tear_down);
  return g_test_run ();
}
