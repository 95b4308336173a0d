/* The process that retrains: what it says is understood, whatever it says, and however it ends is told. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/retraining/retraining.h"
#include "retrain-fixture.h"
#include "ui/line-reader.h"
#include "ui/retrain-place.h"
#include "ui/retrain-words.h"

/* ---- Lines ---- */

typedef struct {
  GPtrArray *lines;
  gboolean ended;
} Heard;

static void
hear_cb (const char *line, gpointer user_data) {
  Heard *heard = user_data;
  g_assert_false (heard->ended);
  if (line)
    g_ptr_array_add (heard->lines, g_strdup (line));
  else
    heard->ended = TRUE;
}

static void
test_lines (void) {
  static const char text[] = "one\n\ntwo\rthree\r\nfar too long for it\nf\377ur\nlast";
  g_autoptr (GInputStream) stream =
      g_memory_input_stream_new_from_data (text, sizeof text - 1, NULL);
  Heard heard = {g_ptr_array_new_with_free_func (g_free), FALSE};
  RunetLineReader *reader = runet_line_reader_new (stream, 10, hear_cb, &heard);
  while (!heard.ended)
    fixture_wait_ms (1);
  static const char *const expected[] = {"one", "two", "three", "f\357\277\275ur",
                                         "last"};
  g_assert_cmpuint (heard.lines->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < heard.lines->len; i++)
    g_assert_cmpstr (heard.lines->pdata[i], ==, expected[i]);
  runet_line_reader_free (reader);

  /* Freed in the middle: nothing is called any more. */
  g_autoptr (GInputStream) other =
      g_memory_input_stream_new_from_data (text, sizeof text - 1, NULL);
  heard.ended = FALSE;
  runet_line_reader_free (runet_line_reader_new (other, 10, hear_cb, &heard));
  fixture_wait_ms (20);
  g_assert_false (heard.ended);
  g_assert_cmpuint (heard.lines->len, ==, G_N_ELEMENTS (expected));
  g_ptr_array_unref (heard.lines);
}

/* ---- Progress ---- */

static void
assert_fraction (RunetRetrainProgress *progress, const char *line, double expected) {
  g_assert_true (runet_retrain_progress_parse (progress, line));
  g_assert_cmpfloat_with_epsilon (runet_retrain_progress_get_fraction (progress),
                                  expected, 0.001);
}

static void
test_fraction (void) {
  g_autoptr (RunetRetrainProgress) progress = runet_retrain_progress_new ();
  g_assert_cmpfloat (runet_retrain_progress_get_fraction (progress), ==, 0);
  assert_fraction (progress, "{\"event\":\"reading\",\"done\":1,\"total\":2}", 0.01);
  assert_fraction (progress,
                   "{\"event\":\"step\",\"epoch\":1,\"epochs\":4,\"done\":1,"
                   "\"total\":2}",
                   0.02 + 0.93 / 8);
  assert_fraction (progress, "{\"event\":\"epoch\",\"epoch\":2,\"epochs\":4}",
                   0.02 + 0.93 / 2);
  assert_fraction (progress,
                   "{\"event\":\"step\",\"epoch\":3,\"epochs\":4,\"done\":0,"
                   "\"total\":2}",
                   0.02 + 0.93 / 2);
  assert_fraction (progress, "{\"event\":\"gate\",\"done\":5,\"total\":10}", 0.975);
  assert_fraction (progress, "{\"event\":\"done\",\"hash\":\"12\"}", 1);
  /* It is not registered. */
  g_assert_null (progress->candidate);
}

/* An epoch that is done again after going on takes the place of what came of it the first time. */
static void
test_again (void) {
  g_autoptr (RunetRetrainProgress) progress = runet_retrain_progress_new ();
  for (guint i = 1; i <= 5; i++) {
    g_autofree char *line =
        g_strdup_printf ("{\"event\":\"epoch\",\"epoch\":%u,\"loss\":%u}", i, i);
    g_assert_true (runet_retrain_progress_parse (progress, line));
  }
  g_assert_true (runet_retrain_progress_parse (
      progress, "{\"event\":\"epoch\",\"epoch\":3,\"loss\":7}"));
  g_assert_cmpuint (progress->history->len, ==, 3);
  g_assert_cmpfloat (g_array_index (progress->history, RunetRetrainEpoch, 2).loss, ==,
                     7);
  g_assert_true (isnan (g_array_index (progress->history, RunetRetrainEpoch, 2).dice));
}

/* ---- The process ---- */

typedef struct {
  RunetRetrainRun *run;
  char *root;
  char *program;
  char *output;
  char *arguments;
  RunetEngineChoice engine;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  fixture->run = runet_retrain_run_new ();
  fixture->root = fixture_folder ();
  fixture->program = fake_get_path ();
  fixture->output = g_build_filename (fixture->root, "out.safetensors", NULL);
  fixture->arguments = g_build_filename (fixture->root, "arguments", NULL);
  g_setenv ("FAKE_RUNET_ARGUMENTS", fixture->arguments, TRUE);
  g_assert_cmpint (runet_retrain_run_get_state (fixture->run), ==, RUNET_RETRAIN_IDLE);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_assert_finalize_object (fixture->run);
  fixture_remove (fixture->root);
  g_free (fixture->program);
  g_free (fixture->output);
  g_free (fixture->arguments);
}

static void
start (Fixture *fixture, const char *behaviour, gboolean resume) {
  const RunetRetrainOrder order = {
      .dataset = "/studies",
      .record = "/record.sqlite",
      .parent = "/parent.safetensors",
      .output = fixture->output,
      .author = "Ada Lovelace",
      .epochs = 12,
      .learning_rate = 0.0003,
      .replay = 1.5,
      .engine = fixture->engine,
      .resume = resume,
  };
  fake_set (behaviour);
  runet_retrain_run_start (fixture->run, fixture->program, &order);
}

static void
assert_ends (Fixture *fixture,
             const char *behaviour,
             RunetRetrainState state,
             const char *message) {
  start (fixture, behaviour, FALSE);
  fake_wait (fixture->run, state);
  g_assert_cmpstr (runet_retrain_run_get_message (fixture->run), ==, message);
  g_assert_false (runet_retrain_run_is_active (fixture->run));
}

static void
test_good (Fixture *fixture, gconstpointer data) {
  start (fixture, "passed", FALSE);
  g_assert_true (runet_retrain_run_is_active (fixture->run));
  fake_wait (fixture->run, RUNET_RETRAIN_DONE);
  const RunetRetrainProgress *progress = runet_retrain_run_get_progress (fixture->run);
  g_assert_cmpuint (progress->history->len, ==, 2);
  g_assert_cmpfloat_with_epsilon (
      g_array_index (progress->history, RunetRetrainEpoch, 1).dice, 0.9, 1e-9);
  g_assert_cmpuint (progress->warnings->len, ==, 1);
  g_assert_cmpuint (progress->corrected, ==, 4);
  g_assert_cmpuint (progress->drawn, ==, 16);
  g_assert_true (progress->gate->passed);
  g_assert_cmpuint (progress->gate->cases->len, ==, 2);
  g_assert_cmpstr (progress->candidate, ==, "abab");
  g_autofree char *arguments = NULL;
  g_assert_true (g_file_get_contents (fixture->arguments, &arguments, NULL, NULL));
  g_autofree char *expected = g_strdup_printf (
      "retrain\n/studies\n--review\n/record.sqlite\n--parent\n/parent.safetensors\n"
      "--output\n%s\n--progress-json\n--register\n--epochs\n12\n--learning-rate\n"
      "0.00029999999999999997\n--replay\n1.5\n--author\nAda Lovelace\n",
      fixture->output);
  g_assert_cmpstr (arguments, ==, expected);

  /* What was stopped has its settings with it. */
  start (fixture, "not-passed", TRUE);
  fake_wait (fixture->run, RUNET_RETRAIN_DONE);
  g_assert_false (runet_retrain_run_get_progress (fixture->run)->gate->passed);
  g_autofree char *resumed = NULL;
  g_assert_true (g_file_get_contents (fixture->arguments, &resumed, NULL, NULL));
  g_assert_nonnull (strstr (resumed, "--register\n--resume\n--author\n"));
}

/* What is chosen is said, and nothing that the program would refuse. */
static void
test_engine (Fixture *fixture, gconstpointer data) {
  static const struct {
    RunetEngineChoice choice;
    const char *words; /* (nullable) */
  } cases[] = {
      {{RUNET_ENGINE_AUTO, RUNET_PRECISION_TF32}, NULL},
      {{RUNET_ENGINE_AUTO, RUNET_PRECISION_FLOAT16}, "--precision\nfloat16\n"},
      {{RUNET_ENGINE_BLAS, RUNET_PRECISION_FLOAT16}, "--engine\nblas\n"},
      {{RUNET_ENGINE_CUDNN, RUNET_PRECISION_BFLOAT16},
       "--engine\ncudnn\n--precision\nbfloat16\n"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    fixture->engine = cases[i].choice;
    start (fixture, "passed", i % 2 == 1);
    fake_wait (fixture->run, RUNET_RETRAIN_DONE);
    g_autofree char *arguments = NULL;
    g_assert_true (g_file_get_contents (fixture->arguments, &arguments, NULL, NULL));
    if (cases[i].words)
      g_assert_nonnull (strstr (arguments, cases[i].words));
    g_assert_true ((strstr (arguments, "--engine") != NULL) ==
                   (cases[i].choice.kind != RUNET_ENGINE_AUTO));
    g_assert_true ((strstr (arguments, "--precision") != NULL) ==
                   (cases[i].words && strstr (cases[i].words, "--precision")));
  }
}

/* Gone on with in the same window, the curves go on too; something else has its own. */
static void
test_curves (Fixture *fixture, gconstpointer data) {
  for (int resume = TRUE; resume >= FALSE; resume--) {
    start (fixture, "passed", FALSE);
    fake_wait (fixture->run, RUNET_RETRAIN_DONE);
    start (fixture, "slow", resume);
    fake_wait_for_steps (fixture->run);
    const RunetRetrainProgress *progress =
        runet_retrain_run_get_progress (fixture->run);
    g_assert_cmpuint (progress->history->len, ==, resume ? 2 : 0);
    g_assert_null (progress->gate);
    runet_retrain_run_stop (fixture->run);
    fake_wait (fixture->run, RUNET_RETRAIN_STOPPED);
  }
}

static void
test_failures (Fixture *fixture, gconstpointer data) {
  assert_ends (fixture, "nothing", RUNET_RETRAIN_FAILED, "nothing to learn from");
  assert_ends (fixture, "words", RUNET_RETRAIN_FAILED,
               "runet retrain: the disk is full");
  assert_ends (fixture, "crash", RUNET_RETRAIN_FAILED,
               "The retraining ended unexpectedly (Segmentation fault). It last said: "
               "malloc(): corrupted top size");
  assert_ends (fixture, "silent", RUNET_RETRAIN_FAILED,
               "The retraining ended without a verdict.");
  g_free (fixture->program);
  fixture->program = g_build_filename (fixture->root, "nowhere", NULL);
  start (fixture, "passed", FALSE);
  g_assert_cmpint (runet_retrain_run_get_state (fixture->run), ==,
                   RUNET_RETRAIN_FAILED);
  g_assert_true (g_str_has_prefix (runet_retrain_run_get_message (fixture->run),
                                   fixture->program));
}

static void
test_garbage (Fixture *fixture, gconstpointer data) {
  assert_ends (fixture, "garbage", RUNET_RETRAIN_FAILED,
               "The retraining ended without a verdict.");
  const RunetRetrainProgress *progress = runet_retrain_run_get_progress (fixture->run);
  g_assert_cmpuint (progress->history->len, ==, 1);
  g_assert_true (isnan (g_array_index (progress->history, RunetRetrainEpoch, 0).loss));
  g_assert_cmpuint (progress->warnings->len, ==, 0);
  g_assert_null (progress->gate);
  g_assert_null (progress->failure);
}

static void
test_stop (Fixture *fixture, gconstpointer data) {
  start (fixture, "slow", FALSE);
  fake_wait_for_steps (fixture->run);
  g_autofree char *running = runet_retrain_describe_run (fixture->run);
  g_assert_cmpstr (running, ==, "Epoch 1 of 2");
  runet_retrain_run_stop (fixture->run);
  g_assert_cmpint (runet_retrain_run_get_state (fixture->run), ==,
                   RUNET_RETRAIN_STOPPING);
  fake_wait (fixture->run, RUNET_RETRAIN_STOPPED);
  g_assert_null (runet_retrain_run_get_message (fixture->run));
  g_assert_true (runet_retrain_run_get_progress (fixture->run)->kept);
  g_autofree char *stopped = runet_retrain_describe_run (fixture->run);
  g_assert_cmpstr (stopped, ==, "Stopped; go on later");
}

/* One that does not listen is killed when there is no more time. */
static void
test_deaf (Fixture *fixture, gconstpointer data) {
  start (fixture, "deaf", FALSE);
  fake_wait_for_steps (fixture->run);
  runet_retrain_run_end (fixture->run, 1);
  fake_wait (fixture->run, RUNET_RETRAIN_STOPPED);
  g_assert_false (runet_retrain_run_get_progress (fixture->run)->kept);
}

/* Nobody waits for it any more: it is asked to stop, and nothing is called. */
static void
test_dropped (Fixture *fixture, gconstpointer data) {
  start (fixture, "slow", FALSE);
  fake_wait_for_steps (fixture->run);
  g_object_unref (fixture->run);
  g_autofree char *work = runet_retraining_get_work_folder (fixture->output);
  const gint64 begin = g_get_monotonic_time ();
  while (!g_file_test (work, G_FILE_TEST_IS_DIR)) {
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
  fixture->run = runet_retrain_run_new ();
}

/* ---- Where it works ---- */

static void
write_order (const char *output, const char *process) {
  g_autoptr (GError) error = NULL;
  const RunetRetrainOrder order = {.output = output,
                                   .parent = "/models/ru-net.safetensors"};
  runet_retrain_place_write (&order, process, &error);
  g_assert_no_error (error);
}

static void
test_place (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *first =
      runet_retrain_place_make_output (fixture->root, "ru-net-2025-01-31-2", &error);
  g_assert_no_error (error);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "ru-net-%Y-%m-%d.safetensors");
  g_assert_true (g_str_has_suffix (first, name));
  g_assert_null (runet_retrain_place_find_stopped (fixture->root));
  write_order (first, NULL);
  /* Nothing was kept of it. */
  g_assert_null (runet_retrain_place_find_stopped (fixture->root));
  g_autofree char *work = runet_retraining_get_work_folder (first);
  g_autofree char *deeper = g_build_filename (work, "deeper", NULL);
  g_mkdir_with_parents (deeper, 0700);
  g_autofree char *link = g_build_filename (work, "link", NULL);
  g_assert_cmpint (symlink (fixture->root, link), ==, 0);
  g_autoptr (RunetRetrainStopped) stopped =
      runet_retrain_place_find_stopped (fixture->root);
  g_assert_nonnull (stopped);
  g_assert_cmpstr (stopped->output, ==, first);
  g_assert_cmpstr (stopped->parent, ==, "/models/ru-net.safetensors");
  /* One that is still at it is not stopped; a number that is somebody else's says nothing. */
  g_autofree char *self = g_strdup_printf ("%d", (int)getpid ());
  write_order (first, self);
  g_autoptr (RunetRetrainStopped) reused =
      runet_retrain_place_find_stopped (fixture->root);
  g_assert_nonnull (reused);
  const char *const sleeper[] = {"sh", "-c",  "while :; do sleep 0.1; done",
                                 "sh", first, NULL};
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      sleeper, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
      &error);
  g_assert_no_error (error);
  write_order (first, g_subprocess_get_identifier (process));
  g_assert_null (runet_retrain_place_find_stopped (fixture->root));
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  /* Another one beside it has another name. */
  g_autofree char *second =
      runet_retrain_place_make_output (fixture->root, "ru-net", &error);
  g_assert_cmpstr (first, !=, second);
  runet_retrain_place_forget (stopped);
  g_assert_false (g_file_test (work, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (fixture->root, G_FILE_TEST_IS_DIR));
}

/* A file that leads elsewhere, or is none, leads nowhere. */
static void
test_forged (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *output =
      runet_retrain_place_make_output (fixture->root, "ru-net", &error);
  g_autofree char *folder = g_path_get_dirname (output);
  g_autofree char *path = g_build_filename (folder, "order.ini", NULL);
  g_autofree char *elsewhere = runet_retraining_get_work_folder (fixture->output);
  g_mkdir_with_parents (elsewhere, 0700);
  g_autofree char *forged =
      g_strdup_printf ("[Retraining]\noutput=%s\nparent=/m\ntime=1\n", fixture->output);
  const char *const texts[] = {forged, "", "[Retraining]\n", "\377\377",
                               "[Retraining]\noutput=x\nparent=y"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
    g_assert_null (runet_retrain_place_find_stopped (fixture->root));
  }
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/retrain/lines", test_lines);
  g_test_add_func ("/ui/retrain/progress/fraction", test_fraction);
  g_test_add_func ("/ui/retrain/progress/again", test_again);
  ADD ("/ui/retrain/run/good", test_good);
  ADD ("/ui/retrain/run/engine", test_engine);
  ADD ("/ui/retrain/run/curves", test_curves);
  ADD ("/ui/retrain/run/failures", test_failures);
  ADD ("/ui/retrain/run/garbage", test_garbage);
  ADD ("/ui/retrain/run/stop", test_stop);
  ADD ("/ui/retrain/run/deaf", test_deaf);
  ADD ("/ui/retrain/run/dropped", test_dropped);
  ADD ("/ui/retrain/place", test_place);
  ADD ("/ui/retrain/place/forged", test_forged);
  return g_test_run ();
}
