/* Training learns, stops and goes on to the same bits, and refuses what does not fit. */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/training/schedule.h"
#include "training-fixture.h"

static void
fixture_init (Fixture *fixture,
              const RunetTrainingSettings *settings,
              guint training,
              guint validation) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_AUTO, 2, &error);
  g_assert_no_error (error);
  fixture_prepare (fixture, settings, engine, training, validation);
  fixture_make_trainer (fixture);
}

static void
test_learns (void) {
  RunetTrainingSettings settings = make_settings ();
  settings.epochs = 40;
  g_auto (Fixture) fixture;
  fixture_init (&fixture, &settings, 8, 4);
  run_to_the_end (&fixture);
  const RunetEpoch *first = get_epoch (&fixture, 1), *last = get_epoch (&fixture, 40);
  const RunetEpoch *best = runet_trainer_get_best (fixture.trainer);
  g_test_message ("loss %.4f → %.4f, Dice of the best epoch %.4f, stage 1 %.4f",
                  first->loss, last->loss, runet_epoch_mean_dice (best, 1, 4),
                  runet_epoch_mean_dice (best, 0, 4));
  g_assert_cmpfloat (last->loss, <, 0.5 * first->loss);
  g_assert_true (best->validated);
  g_assert_cmpuint (best->stages, ==, 2);
  g_assert_cmpfloat (runet_epoch_mean_dice (best, 1, 4), >, 0.7);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_assert_cmpfloat (best->dice[1][s], <=, 1);
}

/* The loss of the first batch, before anything is learned, by hand. */
static void
test_stage_weights (void) {
  RunetTrainingSettings settings = make_settings ();
  settings.epochs = 1;
  settings.stage_weights[0] = 0.5;
  settings.stage_weights[1] = 2;
  g_auto (Fixture) fixture;
  fixture_init (&fixture, &settings, 4, 0);
  run_to_the_end (&fixture);
  const RunetEpoch *epoch = get_epoch (&fixture, 1);
  g_assert_false (epoch->validated);
  g_assert_true (epoch->best);
  g_assert_cmpfloat_with_epsilon (
      epoch->loss, 0.5 * epoch->stage_loss[0] + 2 * epoch->stage_loss[1], 1e-12);
}

/* Stops a training after so many batches. */
typedef struct {
  GCancellable *cancellable;
  guint batches;
  guint epochs_seen;
} Stop;

static void
stop_cb (const RunetTrainingProgress *progress, gpointer user_data) {
  Stop *stop = user_data;
  if (progress->phase == RUNET_TRAINING_EPOCH) {
    g_assert_nonnull (progress->record);
    g_assert_cmpuint (progress->epoch, ==, ++stop->epochs_seen);
  }
  if (progress->phase == RUNET_TRAINING_STEP && stop->batches > 0 &&
      --stop->batches == 0)
    g_cancellable_cancel (stop->cancellable);
}

static char *
make_folder (void) {
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("runet-trainer-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

/* Trains until @batches are done and leaves the checkpoint at @path. */
static void
train_and_stop (const RunetTrainingSettings *settings,
                guint batches,
                const char *path,
                double seconds) {
  g_auto (Fixture) fixture;
  fixture_init (&fixture, settings, 10, 4);
  /* As of a model that began with another one. */
  runet_model_set_metadata (fixture.model, "parent", "0123");
  runet_model_set_metadata (fixture.model, "training_patients", "0a1b2c3d4e5f");
  runet_trainer_set_checkpoint (fixture.trainer, path, seconds);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Stop stop = {cancellable, batches, 0};
  g_autoptr (GError) error = NULL;
  g_assert_false (
      runet_trainer_run (fixture.trainer, stop_cb, &stop, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
assert_same (const Fixture *a, const Fixture *b) {
  const GArray *parameters = a->model->graph->parameters;
  for (guint i = 0; i < parameters->len; i++) {
    gsize bytes = g_array_index (parameters, RunetParameter, i).count * sizeof (float);
    g_assert_cmpmem (a->model->parameters[i], bytes, b->model->parameters[i], bytes);
  }
  const GArray *history = runet_trainer_get_history (a->trainer);
  g_assert_cmpuint (runet_trainer_get_history (b->trainer)->len, ==, history->len);
  for (guint i = 1; i <= history->len; i++) {
    const RunetEpoch *ours = get_epoch (a, i), *theirs = get_epoch (b, i);
    g_assert_cmpfloat (ours->loss, ==, theirs->loss);
    g_assert_cmpfloat (ours->learning_rate, ==, theirs->learning_rate);
    g_assert_cmpint (ours->best, ==, theirs->best);
    g_assert_cmpmem (ours->stage_loss, sizeof ours->stage_loss, theirs->stage_loss,
                     sizeof theirs->stage_loss);
    g_assert_cmpmem (ours->dice, sizeof ours->dice, theirs->dice, sizeof theirs->dice);
  }
}

/* Ten images in batches of four are three batches an epoch, the last one filled up. Stopped in
 * the middle of an epoch, at its end, and twice. */
static void
check_resume (gboolean augment, double seconds) {
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "checkpoint", NULL);
  RunetTrainingSettings settings = make_settings ();
  settings.augment = augment;
  g_auto (Fixture) whole;
  fixture_init (&whole, &settings, 10, 4);
  run_to_the_end (&whole);

  static const guint stops[] = {1, 3, 5, 11};
  for (gsize i = 0; i < G_N_ELEMENTS (stops); i++) {
    g_autoptr (GError) error = NULL;
    train_and_stop (&settings, stops[i], path, seconds);
    g_auto (Fixture) rest;
    fixture_init (&rest, &settings, 10, 4);
    g_assert_true (runet_trainer_resume (rest.trainer, path, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (runet_model_get_metadata (rest.model, "parent"), ==, "0123");
    g_assert_cmpstr (runet_model_get_metadata (rest.model, "training_patients"), ==,
                     "0a1b2c3d4e5f");
    run_to_the_end (&rest);
    assert_same (&whole, &rest);
  }
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_resume (void) {
  check_resume (FALSE, -1);
}

static void
test_resume_augmented (void) {
  check_resume (TRUE, 0);
}

/* A finished training goes on when more epochs are allowed, as if it had been so from the start. */
static void
test_more_epochs (void) {
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "checkpoint", NULL);
  g_autoptr (GError) error = NULL;
  RunetTrainingSettings settings = make_settings (), short_one = settings, read;
  short_one.epochs = 2;
  g_auto (Fixture) whole, first, rest;
  fixture_init (&whole, &settings, 6, 0);
  run_to_the_end (&whole);
  fixture_init (&first, &short_one, 6, 0);
  runet_trainer_set_checkpoint (first.trainer, path, -1);
  run_to_the_end (&first);
  g_assert_true (runet_checkpoint_read_settings (path, &read, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (read.epochs, ==, 2);
  g_assert_cmpuint (read.hyperparameters.down[0], ==, settings.hyperparameters.down[0]);
  fixture_init (&rest, &settings, 6, 0);
  g_assert_true (runet_trainer_resume (rest.trainer, path, &error));
  run_to_the_end (&rest);
  assert_same (&whole, &rest);
  g_unlink (path);
  g_rmdir (folder);
}

static void
assert_refused (const char *path,
                const RunetTrainingSettings *settings,
                guint images,
                int code) {
  g_auto (Fixture) fixture;
  fixture_init (&fixture, settings, images, 4);
  g_autoptr (GError) error = NULL;
  g_assert_false (runet_trainer_resume (fixture.trainer, path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, RUNET_ERROR, code);
  g_assert_nonnull (strstr (error->message, "checkpoint"));
}

static void
test_damaged_checkpoint (void) {
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "checkpoint", NULL);
  RunetTrainingSettings settings = make_settings (), other = settings;
  train_and_stop (&settings, 2, path, -1);
  assert_refused (path, &settings, 9, RUNET_ERROR_MISMATCH);
  other.seed = 99;
  assert_refused (path, &other, 10, RUNET_ERROR_MISMATCH);

  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)(length / 2), &error));
  assert_refused (path, &settings, 10, RUNET_ERROR_FORMAT);

  /* Behind the eight bytes of the header's length, which hold zeros. */
  char *name =
      g_strstr_len (bytes + 8, (gssize)length - 8, "moment2.stage1.up1.conv1.weight");
  g_assert_nonnull (name);
  name[0] = 'x';
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, &error));
  assert_refused (path, &settings, 10, RUNET_ERROR_FORMAT);
  name[0] = 'm';

  const float not_a_number = NAN;
  memcpy (bytes + length - sizeof (float), &not_a_number, sizeof (float));
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, &error));
  assert_refused (path, &settings, 10, RUNET_ERROR_FORMAT);

  g_unlink (path);
  assert_refused (path, &settings, 10, RUNET_ERROR_MISSING);
  g_rmdir (folder);
}

/* Settings in JSON where one member is of another kind: said by name, without a warning. */
static void
test_settings_of_wrong_kind (void) {
  static const char *const members[] = {"architecture", "down", "stage_weights",
                                        "seed"};
  static const char *const values[] = {"[]",
                                       "{}",
                                       "null",
                                       "1.5e300",
                                       "[{},{},{},{}]",
                                       "[{},{},{},{},{},{}]",
                                       "[[],1,1,1,1,1,1,1]"};
  const RunetTrainingSettings settings = make_settings ();
  for (gsize m = 0; m < G_N_ELEMENTS (members); m++)
    for (gsize v = 0; v < G_N_ELEMENTS (values); v++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) value = json_from_string (values[v], &error);
      g_assert_no_error (error);
      g_autoptr (JsonNode) node = runet_training_settings_to_json (&settings);
      json_object_set_member (json_node_get_object (node), members[m],
                              g_steal_pointer (&value));
      RunetTrainingSettings read;
      g_assert_false (runet_training_settings_from_json (&read, node, &error));
      g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, members[m]));
    }
}

static void
test_wrong_settings (void) {
  RunetTrainingSettings settings = make_settings ();
  g_auto (Fixture) fixture;
  fixture_init (&fixture, &settings, 4, 0);
  g_autoptr (RunetSamples) none = runet_samples_new (SIZE);
  g_autoptr (RunetSamples) small = runet_samples_new (SIZE / 2);
  static const guint8 zeros[PIXELS];
  runet_samples_add_pair (small, "small", zeros, zeros, NULL);

  g_autoptr (GError) error = NULL;
  g_assert_null (
      runet_trainer_new (fixture.model, fixture.engine, &settings, none, NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (runet_trainer_new (fixture.model, fixture.engine, &settings, small,
                                    NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_clear_error (&error);
  settings.learning_rate = 0;
  g_assert_null (runet_trainer_new (fixture.model, fixture.engine, &settings,
                                    fixture.training, NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
}

/* A folder that is not there: the training ends with the reason, not silently. */
static void
test_unwritable_checkpoint (void) {
  RunetTrainingSettings settings = make_settings ();
  g_auto (Fixture) fixture;
  fixture_init (&fixture, &settings, 4, 0);
  runet_trainer_set_checkpoint (fixture.trainer, "/nowhere/at/all/checkpoint", 0);
  g_autoptr (GError) error = NULL;
  g_assert_false (runet_trainer_run (fixture.trainer, NULL, NULL, NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
}

static void
test_schedule (void) {
  RunetSchedule schedule;
  runet_schedule_init (&schedule, 1, 2, 5);
  static const struct {
    double score, rate;
    gboolean best, over;
  } epochs[] = {
      {0.5, 1, TRUE, FALSE},     {0.6, 1, TRUE, FALSE},     {0.6, 1, FALSE, FALSE},
      {0.1, 0.1, FALSE, FALSE},  {0.7, 0.1, TRUE, FALSE},   {0.1, 0.1, FALSE, FALSE},
      {0.1, 0.01, FALSE, FALSE}, {0.1, 0.01, FALSE, FALSE}, {0.1, 1e-3, FALSE, FALSE},
      {0.1, 1e-3, FALSE, TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS (epochs); i++) {
    gboolean best = runet_schedule_enter (&schedule, i + 1, epochs[i].score);
    g_assert_cmpint (best, ==, epochs[i].best);
    g_assert_cmpfloat_with_epsilon (schedule.rate, epochs[i].rate, 1e-9);
    g_assert_cmpint (runet_schedule_is_over (&schedule), ==, epochs[i].over);
  }
  g_assert_cmpuint (schedule.best_epoch, ==, 5);
}

/* With a rate too small to change a thing the score stays and training stops early. */
static void
test_early_stop (void) {
  RunetTrainingSettings settings = make_settings ();
  settings.epochs = 50;
  settings.learning_rate = 1e-30;
  settings.stop_after = 3;
  g_auto (Fixture) fixture;
  fixture_init (&fixture, &settings, 4, 2);
  run_to_the_end (&fixture);
  g_assert_cmpuint (runet_trainer_get_history (fixture.trainer)->len, ==, 4);
  g_assert_cmpuint (runet_trainer_get_best (fixture.trainer)->number, ==, 1);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/trainer/learns", test_learns);
  g_test_add_func ("/training/trainer/stage-weights", test_stage_weights);
  g_test_add_func ("/training/trainer/resume", test_resume);
  g_test_add_func ("/training/trainer/resume-augmented", test_resume_augmented);
  g_test_add_func ("/training/trainer/more-epochs", test_more_epochs);
  g_test_add_func ("/training/trainer/damaged-checkpoint", test_damaged_checkpoint);
  g_test_add_func ("/training/trainer/settings-of-wrong-kind",
                   test_settings_of_wrong_kind);
  g_test_add_func ("/training/trainer/wrong-settings", test_wrong_settings);
  g_test_add_func ("/training/trainer/unwritable-checkpoint",
                   test_unwritable_checkpoint);
  g_test_add_func ("/training/trainer/schedule", test_schedule);
  g_test_add_func ("/training/trainer/early-stop", test_early_stop);
  return g_test_run ();
}
