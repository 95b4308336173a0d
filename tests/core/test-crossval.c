/* Tests of cross-validation on six small patients: what is done, what is not done again, what is refused. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/training/crossval.h"
#include "folds-fixture.h"

/* What the callback has seen, and when it is to cancel. */
typedef struct {
  guint begun, results, epochs;
  guint cancel_at_epoch; /* 0: never */
  GCancellable *cancellable;
  GString *warnings;
  double last_left;
} Seen;

static void
seen_cb (const RunetCrossvalProgress *progress, gpointer user_data) {
  Seen *seen = user_data;
  g_assert_cmpuint (progress->job, <=, progress->jobs);
  seen->begun += progress->phase == RUNET_CROSSVAL_BEGIN ? 1 : 0;
  seen->results += progress->phase == RUNET_CROSSVAL_RESULT ? 1 : 0;
  seen->last_left = progress->seconds_left;
  /* The images are those of all jobs. */
  if (progress->phase == RUNET_CROSSVAL_READING)
    g_assert_null (progress->method);
  if (progress->phase == RUNET_CROSSVAL_WARNING)
    g_string_append_printf (seen->warnings, "%s\n", progress->message);
  if (progress->phase != RUNET_CROSSVAL_TRAINING || progress->training->record == NULL)
    return;
  seen->epochs++;
  if (seen->epochs == seen->cancel_at_epoch)
    g_cancellable_cancel (seen->cancellable);
}

typedef struct {
  FoldsFixture folds;
  GPtrArray *all, *chosen, *methods;
  RunetEngine *engine;
  RunetCrossvalOptions options;
  Seen seen;
} Fixture;

static void
choose (Fixture *fixture, guint fold, const char *methods) {
  g_ptr_array_set_size (fixture->chosen, 0);
  g_ptr_array_set_size (fixture->methods, 0);
  g_ptr_array_add (fixture->chosen, fixture->all->pdata[fold - 1]);
  g_auto (GStrv) names = g_strsplit (methods, ",", -1);
  for (guint i = 0; names[i] != NULL; i++)
    g_ptr_array_add (fixture->methods, (gpointer)runet_method_find (names[i]));
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  folds_set_up (&fixture->folds, NULL);
  fixture->all =
      runet_folds_read (fixture->folds.dataset, fixture->folds.folds, &error);
  g_assert_no_error (error);
  fixture->chosen = g_ptr_array_new ();
  fixture->methods = g_ptr_array_new ();
  fixture->engine = runet_engine_new (RUNET_ENGINE_BLAS, 2, &error);
  g_assert_no_error (error);
  RunetCrossvalOptions *options = &fixture->options;
  *options = (RunetCrossvalOptions){
      .dataset = fixture->folds.dataset,
      .folds = fixture->chosen,
      .fold_count = 3,
      .methods = fixture->methods,
      .folder = g_build_filename (fixture->folds.root, "results", NULL),
      .engine = fixture->engine,
      .checkpoint_seconds = -1,
  };
  runet_training_settings_init (&options->settings, RUNET_ARCHITECTURE_RU_NET);
  options->settings.hyperparameters.input_size = 32;
  options->settings.batch = 6;
  options->settings.epochs = 1;
  fixture->seen =
      (Seen){.warnings = g_string_new (NULL), .cancellable = g_cancellable_new ()};
  choose (fixture, 1, "unet1");
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_ptr_array_unref (fixture->chosen);
  g_ptr_array_unref (fixture->methods);
  g_ptr_array_unref (fixture->all);
  runet_engine_unref (fixture->engine);
  g_free ((char *)fixture->options.folder);
  g_string_free (fixture->seen.warnings, TRUE);
  g_object_unref (fixture->seen.cancellable);
  folds_tear_down (&fixture->folds, NULL);
}

static gboolean
run (Fixture *fixture, RunetCrossvalCounts *counts, GError **error) {
  fixture->seen.begun = fixture->seen.results = fixture->seen.epochs = 0;
  g_autoptr (RunetCrossval) crossval = runet_crossval_new (&fixture->options, error);
  return crossval != NULL &&
         runet_crossval_run (crossval, counts, seen_cb, &fixture->seen,
                             fixture->seen.cancellable, error);
}

static RunetCrossvalCounts
assert_runs (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  RunetCrossvalCounts counts = {0};
  g_assert_true (run (fixture, &counts, &error));
  g_assert_no_error (error);
  return counts;
}

static void
assert_refused (Fixture *fixture, RunetError code, const char *mentions) {
  g_autoptr (GError) error = NULL;
  RunetCrossvalCounts counts;
  g_assert_false (run (fixture, &counts, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RUNET_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, mentions));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_cmpuint (fixture->seen.results, ==, 0);
}

static char *
get_path (const Fixture *fixture, const char *method, const char *name) {
  return g_build_filename (fixture->options.folder, method, name, NULL);
}

static RunetCrossvalResult *
read_result (const Fixture *fixture, const char *method) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = get_path (fixture, method, "fold1.json");
  RunetCrossvalResult *result = runet_crossval_result_read (path, &error);
  g_assert_no_error (error);
  return result;
}

/* The files of two methods of which one begins with the other's model. */
static void
test_run (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  choose (fixture, 1, "ru-net-pretrained");
  RunetCrossvalCounts counts = assert_runs (fixture);
  g_assert_cmpuint (counts.jobs, ==, 2);
  g_assert_cmpuint (counts.done, ==, 2);
  g_assert_cmpuint (fixture->seen.begun, ==, 2);
  g_assert_cmpuint (fixture->seen.results, ==, 2);
  g_assert_cmpuint (fixture->seen.epochs, ==, 2);
  g_assert_cmpfloat (fixture->seen.last_left, ==, 0);
  g_assert_cmpstr (fixture->seen.warnings->str, ==, "");

  g_autoptr (RunetCrossvalResult) unet1 = read_result (fixture, "unet1");
  g_autoptr (RunetCrossvalResult) result = read_result (fixture, "ru-net-pretrained");
  g_assert_cmpuint (unet1->stages, ==, 1);
  g_assert_cmpuint (result->stages, ==, 2);
  g_assert_cmpuint (result->folds, ==, 3);
  g_assert_cmpuint (result->images->len, ==, 8);
  g_assert_cmpuint (result->skipped, ==, 0);
  g_assert_cmpuint (result->training_images, ==, 12);
  g_assert_cmpuint (result->validation_images, ==, 4);
  g_assert_cmpuint (result->present[RUNET_FOLD_TESTING], ==, 2);
  g_assert_cmpuint (result->absent[RUNET_FOLD_TESTING], ==, 1);
  g_assert_cmpuint (result->parameters, ==, 3953288);
  g_assert_cmpuint (result->settings.hyperparameters.dilation, ==, 1);
  g_assert_cmpstr (result->parent, ==, unet1->model_hash);
  g_assert_cmpstr (((RunetCrossvalImage *)result->images->pdata[0])->name, ==,
                   "patient0001_2CH_ED");

  g_autofree char *path = get_path (fixture, "ru-net-pretrained", "fold1.safetensors");
  g_autoptr (RunetModel) model = runet_model_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (model->hash, ==, result->model_hash);
  g_assert_cmpstr (runet_model_get_metadata (model, "parent"), ==, unet1->model_hash);
  g_autofree char *checkpoint =
      get_path (fixture, "ru-net-pretrained", "fold1.checkpoint");
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
}

/* The figures are those of the model's file, measured by itself. */
static void
test_figures (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  assert_runs (fixture);
  g_autoptr (RunetCrossvalResult) result = read_result (fixture, "unet1");
  g_autofree char *path = get_path (fixture, "unet1", "fold1.safetensors");
  g_autoptr (RunetModel) model = runet_model_read (path, &error);
  g_assert_no_error (error);
  g_autoptr (RunetSegmenter) segmenter =
      runet_segmenter_new (model, fixture->engine, 1, &error);
  const RunetFold *fold = fixture->all->pdata[0];
  g_autoptr (RunetEvaluation) evaluation = runet_evaluation_of_model (
      fold->patients[RUNET_FOLD_TESTING], segmenter, RUNET_SEGMENT_DEFAULT,
      runet_segmenter_get_pool (segmenter), NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (evaluation->images->len, ==, result->images->len);
  for (guint i = 0; i < result->images->len; i++) {
    const RunetImageEvaluation *expected = evaluation->images->pdata[i];
    const RunetCrossvalImage *image = result->images->pdata[i];
    g_assert_cmpstr (image->name, ==, expected->name);
    g_assert_cmpfloat (image->stages[0].dice[RUNET_STRUCTURE_EPI], ==,
                       expected->comparison[0]->agreement[RUNET_STRUCTURE_EPI].dice);
    g_assert_cmpint (image->stages[0].geometrical, ==,
                     expected->comparison[0]->outlier);
    g_assert_cmpint (image->stages[0].anatomical, ==, expected->anatomy[0]->outlier);
  }
}

static void
test_skip (Fixture *fixture, gconstpointer data) {
  assert_runs (fixture);
  RunetCrossvalCounts counts = assert_runs (fixture);
  g_assert_cmpuint (counts.before, ==, 1);
  g_assert_cmpuint (counts.done, ==, 0);
  g_assert_cmpuint (fixture->seen.begun, ==, 0);
  /* Another fold is another job. */
  choose (fixture, 2, "unet1");
  counts = assert_runs (fixture);
  g_assert_cmpuint (counts.done, ==, 1);
}

static void
test_refuse (Fixture *fixture, gconstpointer data) {
  assert_runs (fixture);
  fixture->options.settings.epochs = 2;
  assert_refused (fixture, RUNET_ERROR_MISMATCH, "epochs is 1 there and 2 here");
  fixture->options.settings.epochs = 1;
  fixture->options.settings.hyperparameters.input_size = 33;
  assert_refused (fixture, RUNET_ERROR_UNSUPPORTED, "33");
  fixture->options.settings.hyperparameters.input_size = 32;
  g_autofree char *path = get_path (fixture, "unet1", "fold1.json");
  g_assert_true (g_file_set_contents (path, "{\"format\": 3}", -1, NULL));
  assert_refused (fixture, RUNET_ERROR_FORMAT, "fold1.json");
  /* What was there is there still. */
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{\"format\": 3}");
}

/* The patients of the fold are others now. */
static void
test_other_patients (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  assert_runs (fixture);
  folds_write (&fixture->folds, "subGroup1_training.txt", "patient0004\n");
  g_ptr_array_unref (fixture->all);
  fixture->all =
      runet_folds_read (fixture->folds.dataset, fixture->folds.folds, &error);
  g_assert_no_error (error);
  choose (fixture, 1, "unet1");
  assert_refused (fixture, RUNET_ERROR_MISMATCH, "patients");
}

static void
assert_same_results (const RunetCrossvalResult *a, const RunetCrossvalResult *b) {
  g_assert_cmpuint (a->best_epoch, ==, b->best_epoch);
  g_assert_cmpfloat (a->validation_dice, ==, b->validation_dice);
  g_assert_cmpuint (a->images->len, ==, b->images->len);
  for (guint i = 0; i < a->images->len; i++) {
    const RunetCrossvalImage *x = a->images->pdata[i], *y = b->images->pdata[i];
    for (guint k = 0; k < a->stages; k++)
      for (guint s = 0; s < RUNET_STRUCTURES; s++)
        g_assert_cmpfloat (x->stages[k].dice[s], ==, y->stages[k].dice[s]);
  }
}

/* Stopped after the first of three epochs, it goes on to the same figures. */
static void
test_resume (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetCrossvalCounts counts;
  fixture->options.settings.epochs = 3;
  fixture->seen.cancel_at_epoch = 1;
  g_assert_false (run (fixture, &counts, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *checkpoint = get_path (fixture, "unet1", "fold1.checkpoint");
  g_autofree char *path = get_path (fixture, "unet1", "fold1.json");
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_cancellable_reset (fixture->seen.cancellable);
  fixture->seen.cancel_at_epoch = 0;
  assert_runs (fixture);
  g_assert_cmpuint (fixture->seen.epochs, ==, 2);
  g_autoptr (RunetCrossvalResult) stopped = read_result (fixture, "unet1");
  g_assert_cmpuint (stopped->epochs, ==, 3);
  g_assert_cmpint (g_unlink (path), ==, 0);
  assert_runs (fixture);
  g_assert_cmpuint (fixture->seen.epochs, ==, 3);
  g_autoptr (RunetCrossvalResult) whole = read_result (fixture, "unet1");
  assert_same_results (stopped, whole);
}

/* A damaged checkpoint fails its job, is left alone, and the next job is done. */
static void
test_damaged_checkpoint (Fixture *fixture, gconstpointer data) {
  g_autofree char *folder = get_path (fixture, "unet1", "");
  g_autofree char *checkpoint = get_path (fixture, "unet1", "fold1.checkpoint");
  g_mkdir_with_parents (folder, 0777);
  g_assert_true (g_file_set_contents (checkpoint, "no checkpoint", -1, NULL));
  choose (fixture, 1, "ru-net-pretrained,ru-net-light");
  RunetCrossvalCounts counts = assert_runs (fixture);
  g_assert_cmpuint (counts.jobs, ==, 3);
  g_assert_cmpuint (counts.done, ==, 1);
  g_assert_cmpuint (counts.failed, ==, 2);
  g_assert_nonnull (strstr (fixture->seen.warnings->str, "fold1.checkpoint"));
  g_assert_nonnull (strstr (fixture->seen.warnings->str, "as unet1 has failed"));
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (checkpoint, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "no checkpoint");
}

/* Somebody else's job is left to them. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data) {
  g_autofree char *folder = get_path (fixture, "unet1", "");
  g_autofree char *path = get_path (fixture, "unet1", "fold1.lock");
  g_mkdir_with_parents (folder, 0777);
  int lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  g_assert_cmpint (flock (lock, LOCK_EX | LOCK_NB), ==, 0);
  RunetCrossvalCounts counts = assert_runs (fixture);
  g_assert_cmpuint (counts.elsewhere, ==, 1);
  g_assert_cmpuint (fixture->seen.begun, ==, 0);
  /* The file stays when they are gone, the lock does not. */
  close (lock);
  counts = assert_runs (fixture);
  g_assert_cmpuint (counts.done, ==, 1);
}

/* An image that cannot be read costs itself: one to learn from, and one to test. */
static void
test_unreadable (Fixture *fixture, gconstpointer data) {
  static const char *const ids[] = {"patient0002", "patient0004"};
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *path = g_strdup_printf ("%s/%s/%s_4CH_ED.nii.gz",
                                             fixture->folds.studies, ids[i], ids[i]);
    g_assert_true (g_file_set_contents (path, "no image", -1, NULL));
  }
  assert_runs (fixture);
  g_autoptr (RunetCrossvalResult) result = read_result (fixture, "unet1");
  g_assert_cmpuint (result->training_images, ==, 11);
  g_assert_cmpuint (result->images->len, ==, 7);
  g_assert_cmpuint (result->skipped, ==, 1);
  g_assert_nonnull (strstr (fixture->seen.warnings->str, "patient0002_4CH_ED"));
  g_assert_nonnull (strstr (fixture->seen.warnings->str, "patient0004_4CH_ED"));
}

/* No room for a checkpoint: said with its name; afterwards the work goes on. */
static void
test_no_room (Fixture *fixture, gconstpointer data) {
  struct rlimit old;
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  struct rlimit limit = {100000, old.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  assert_refused (fixture, RUNET_ERROR_WRITE, "fold1.checkpoint");
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_autofree char *checkpoint = get_path (fixture, "unet1", "fold1.checkpoint");
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  RunetCrossvalCounts counts = assert_runs (fixture);
  g_assert_cmpuint (counts.done, ==, 1);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data) {
  g_autofree char *file = g_build_filename (fixture->folds.root, "file", NULL);
  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_free ((char *)fixture->options.folder);
  fixture->options.folder = g_build_filename (file, "results", NULL);
  assert_refused (fixture, RUNET_ERROR_WRITE, "results");
}

#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  ADD ("/training/crossval/run", test_run);
  ADD ("/training/crossval/figures", test_figures);
  ADD ("/training/crossval/skip", test_skip);
  ADD ("/training/crossval/refuse", test_refuse);
  ADD ("/training/crossval/refuse/patients", test_other_patients);
  ADD ("/training/crossval/resume", test_resume);
  ADD ("/training/crossval/damaged-checkpoint", test_damaged_checkpoint);
  ADD ("/training/crossval/elsewhere", test_elsewhere);
  ADD ("/training/crossval/unreadable", test_unreadable);
  ADD ("/training/crossval/no-room", test_no_room);
  ADD ("/training/crossval/no-folder", test_no_folder);
  return g_test_run ();
}
