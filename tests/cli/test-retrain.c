/* `runet retrain` and `runet models` from end to end: corrected frames become a candidate, which is judged, registered,
 * promoted and rolled back; what is stopped goes on; what cannot be is said, and the old model stays. */
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <signal.h>

#include "core/models/model.h"
#include "core/phantom/phantom.h"
#include "tests/cli/run.h"
#include "tests/cli/small-model.h"
#include "tests/core/record-fixture.h"

static RecordFixture fixture;
static char *parent;

static char *
in_root (const char *name) {
  return g_build_filename (fixture.root, name, NULL);
}

/* Runs `runet retrain` on the studies. */
static Run G_GNUC_NULL_TERMINATED
retrain (const char *output, ...) {
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *path = in_root (output);
  const char *const first[] = {
      g_getenv ("RUNET"), "retrain", fixture.studies, "--review", fixture.record,
      "--output",         path,      "--threads",     "2"};
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    g_ptr_array_add (argv, (char *)first[i]);
  va_list arguments;
  va_start (arguments, output);
  for (const char *a; (a = va_arg (arguments, const char *)) != NULL;)
    g_ptr_array_add (argv, (char *)a);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  return run_program (argv);
}

static void
assert_refused (Run run, int status, const char *mentions) {
  g_test_message ("%s", run.err);
  g_assert_cmpint (run.status, ==, status);
  g_assert_nonnull (strstr (run.err, mentions));
  g_assert_cmpstr (run.out, ==, "");
  run_clear (&run);
}

static RunetModel *
read_model (const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_root (name);
  RunetModel *model = runet_model_read (path, &error);
  g_assert_no_error (error);
  return model;
}

static JsonObject *
parse (const char *text, JsonNode **node) {
  g_autoptr (GError) error = NULL;
  *node = json_from_string (text, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (*node));
  return json_node_get_object (*node);
}

/* Which events the lines hold, each once, in the order of their first. @last: (out): the last line. */
static char *
list_events (const char *out, JsonNode **last) {
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);
  g_autoptr (GString) events = g_string_new (" ");
  *last = NULL;
  for (guint i = 0; lines[i] != NULL && *lines[i] != '\0'; i++) {
    g_clear_pointer (last, json_node_unref);
    JsonObject *object = parse (lines[i], last);
    g_autofree char *event =
        g_strdup_printf (" %s ", json_object_get_string_member (object, "event"));
    if (strstr (events->str, event) == NULL)
      g_string_append (events, event + 1);
  }
  return g_string_free (g_steal_pointer (&events), FALSE);
}

/* What the last line of progress says of candidate.safetensors. Returns whether the gate let it pass. */
static gboolean
check_done (JsonObject *done, const RunetModel *candidate, const RunetModel *root) {
  g_assert_cmpstr (json_object_get_string_member (done, "hash"), ==, candidate->hash);
  g_assert_cmpstr (json_object_get_string_member (done, "parent"), ==, root->hash);
  g_assert_cmpstr (json_object_get_string_member (done, "snapshot"), ==,
                   runet_model_get_metadata (candidate, "snapshot"));
  g_assert_cmpint (json_object_get_int_member (done, "frames"), ==, 4);
  g_assert_true (json_object_get_boolean_member (done, "registered"));
  JsonObject *gate = json_object_get_object_member (done, "gate");
  g_assert_cmpint (json_object_get_int_member (gate, "patients"), ==, 1);
  return json_object_get_boolean_member (gate, "passed");
}

static void
check_list (const char *hash, gboolean passed) {
  g_auto (Run) list = runet ("models", "--json", NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *models = json_object_get_array_member (parse (list.out, &node), "models");
  g_assert_cmpuint (json_array_get_length (models), ==, 2);
  JsonObject *first = json_array_get_object_element (models, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "hash"), ==, hash);
  g_assert_cmpstr (json_object_get_string_member (first, "author"), ==, "Ada");
  g_assert_cmpstr (json_object_get_string_member (first, "verdict"), ==,
                   passed ? "passed" : "failed");
}

/* Whatever the gate said, a person's word promotes; then back to the parent. */
static void
check_promotion (const char *hash, const char *root) {
  g_auto (Run) promote = runet ("models", "promote", hash, "--force", "--reason",
                                "looked at all", "--author", "Grace", NULL);
  g_assert_cmpint (promote.status, ==, 0);
  g_assert_nonnull (strstr (promote.out, "in use: "));
  g_auto (Run) show = runet ("models", "show", hash, NULL);
  g_assert_nonnull (strstr (show.out, "in use"));
  g_assert_nonnull (strstr (show.out, "by Grace"));
  g_assert_nonnull (strstr (show.out, ": looked at all"));
  g_assert_nonnull (strstr (show.out, "mad_endo_mm"));
  g_assert_nonnull (strstr (show.out, "whole"));
  g_auto (Run) back = runet ("models", "rollback", "--json", NULL);
  g_assert_cmpint (back.status, ==, 0);
  g_autoptr (JsonNode) current = NULL;
  g_assert_cmpstr (json_object_get_string_member (parse (back.out, &current), "hash"),
                   ==, root);
  assert_refused (runet ("models", "rollback", NULL), 1, "go back to");
}

/* A registered file that was changed is told of. */
static void
check_changed (const char *hash) {
  g_autoptr (JsonNode) shown = NULL;
  g_auto (Run) details = runet ("models", "show", hash, "--json", NULL);
  const char *path =
      json_object_get_string_member (parse (details.out, &shown), "path");
  g_assert_true (g_file_set_contents (path, "changed", -1, NULL));
  g_auto (Run) changed = runet ("models", "show", hash, NULL);
  g_assert_cmpint (changed.status, ==, 1);
  g_assert_nonnull (strstr (changed.err, "has changed"));
  assert_refused (runet ("models", "promote", hash, "--force", "--reason", "x", NULL),
                  1, "has changed");
}

static void
test_lifecycle (void) {
  g_auto (Run) run =
      retrain ("candidate.safetensors", "--parent", parent, "--epochs", "2",
               "--progress-json", "--register", "--author", "Ada", NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_autoptr (JsonNode) last = NULL;
  g_autofree char *events = list_events (run.out, &last);
  g_assert_cmpstr (events, ==,
                   " reading snapshot data step validation epoch gate "
                   "verdict done ");
  g_autoptr (RunetModel) candidate = read_model ("candidate.safetensors");
  g_autoptr (RunetModel) root = read_model ("parent.safetensors");
  gboolean passed = check_done (json_node_get_object (last), candidate, root);
  check_list (candidate->hash, passed);
  check_promotion (candidate->hash, root->hash);

  /* The model in use is the parent where none is named. */
  g_auto (Run) next = retrain ("next.safetensors", "--epochs", "1", "--json", NULL);
  g_assert_cmpint (next.status, ==, 0);
  g_autoptr (JsonNode) result = NULL;
  g_assert_cmpstr (json_object_get_string_member (parse (next.out, &result), "parent"),
                   ==, root->hash);
  check_changed (candidate->hash);
}

/* Runs until its first epoch is over, and ends it by @number. Returns the last line of its standard output. */
static char *
run_until_epoch (const char *output, int number) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_root (output);
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
      g_getenv ("RUNET"), "retrain", fixture.studies, "--review", fixture.record,
      "--parent", parent, "--output", path, "--threads", "2", "--epochs", "6",
      "--progress-json", NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  char *last = NULL;
  for (char *line; (line = g_data_input_stream_read_line (lines, NULL, NULL, &error));
       last = line) {
    if (strstr (line, "\"epoch\",\"epoch\":1,") != NULL)
      g_subprocess_send_signal (process, number);
    g_free (last);
  }
  g_subprocess_wait (process, NULL, &error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  if (number == SIGKILL)
    g_assert_true (g_subprocess_get_if_signaled (process));
  else
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  return last;
}

static void
assert_same_weights (const char *first, const char *second) {
  g_autoptr (RunetModel) a = read_model (first);
  g_autoptr (RunetModel) b = read_model (second);
  for (guint i = 0; i < a->graph->parameters->len; i++) {
    gsize bytes =
        g_array_index (a->graph->parameters, RunetParameter, i).count * sizeof (float);
    g_assert_cmpmem (a->parameters[i], bytes, b->parameters[i], bytes);
  }
}

/* Interrupted or killed after its first epoch, it goes on to the same bits as if it had never stopped. */
static void
test_interrupt (void) {
  g_autofree char *last = run_until_epoch ("stopped.safetensors", SIGTERM);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *failed = parse (last, &node);
  g_assert_cmpstr (json_object_get_string_member (failed, "event"), ==, "failed");
  g_assert_true (json_object_get_boolean_member (failed, "cancelled"));
  g_assert_nonnull (
      strstr (json_object_get_string_member (failed, "resume"), "--resume"));
  g_autofree char *killed = run_until_epoch ("killed.safetensors", SIGKILL);

  g_auto (Run) rest =
      retrain ("stopped.safetensors", "--parent", parent, "--resume", NULL);
  g_assert_cmpint (rest.status, ==, 0);
  g_assert_nonnull (strstr (rest.err, "epoch 6/6"));
  g_auto (Run) risen =
      retrain ("killed.safetensors", "--parent", parent, "--resume", NULL);
  g_assert_cmpint (risen.status, ==, 0);
  g_auto (Run) whole =
      retrain ("whole.safetensors", "--parent", parent, "--epochs", "6", NULL);
  g_assert_cmpint (whole.status, ==, 0);
  g_assert_nonnull (strstr (whole.out, "dice_endo"));
  g_assert_nonnull (strstr (whole.out, "locked patient"));
  assert_same_weights ("stopped.safetensors", "whole.safetensors");
  assert_same_weights ("killed.safetensors", "whole.safetensors");
}

static void
test_refusals (void) {
  g_autofree char *record = in_root ("spoilt.sqlite");
  g_autofree char *list = in_root ("list");
  g_autofree char *other = in_root ("other.safetensors");
  assert_refused (runet ("retrain", fixture.studies, NULL), 2, "--output");
  g_auto (Run) both =
      retrain ("x", "--parent", parent, "--json", "--progress-json", NULL);
  g_assert_cmpint (both.status, ==, 2);
  g_assert_true (g_str_has_prefix (both.out, "{\"event\":\"failed\""));
  assert_refused (retrain ("x", "--parent", parent, "--epochs", "0", NULL), 2,
                  "--epochs");
  static const char *const numbers[][2] = {
      {"--learning-rate", "nan"}, {"--learning-rate", "0"}, {"--learning-rate", "inf"},
      {"--replay", "nan"},        {"--replay", "-1"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    assert_refused (
        retrain ("x", "--parent", parent, numbers[i][0], numbers[i][1], NULL), 2,
        numbers[i][0]);
  assert_refused (runet ("retrain", fixture.studies, "--output", "", NULL), 2,
                  "--output");
  assert_refused (retrain ("x", "--parent", parent, "--resume", "--seed", "3", NULL), 2,
                  "--resume");
  assert_refused (retrain ("x", "--parent", parent, "--author", "Ada", NULL), 2,
                  "--register");
  assert_refused (retrain ("x", "--parent", parent, "--resume", NULL), 1,
                  "nothing to resume");
  assert_refused (retrain ("x", "--parent", fixture.record, NULL), 1, fixture.record);
  write_small_model (other, 32);
  g_assert_true (g_file_set_contents (other, "of another kind", -1, NULL));
  assert_refused (retrain ("x", "--parent", other, NULL), 1, "other.safetensors");
  g_assert_true (g_file_set_contents (record, "no record", -1, NULL));
  assert_refused (retrain ("x", "--parent", parent, "--review", record, NULL), 1,
                  "spoilt.sqlite");
  assert_refused (retrain ("x", "--parent", parent, "--review", "/nowhere", NULL), 1,
                  "/nowhere");
  g_assert_true (g_file_set_contents (list, "patient7777\n", -1, NULL));
  g_auto (Run) nobody = retrain ("x", "--parent", parent, "--locked", list, NULL);
  g_assert_cmpint (nobody.status, ==, 1);
  assert_refused (runet ("models", "praise", NULL), 2, "'praise'");
  assert_refused (runet ("models", "show", NULL), 2, "hash");
  assert_refused (runet ("models", "show", "abcdefabcdef", NULL), 1, "abcdefabcdef");
  assert_refused (runet ("models", "list", "--force", NULL), 2, "--force");
  /* It runs no network. */
  assert_refused (runet ("models", "list", "--threads", "2", NULL), 2, "--threads");
}

/* With room for a plan but not for a checkpoint: said, and whatever was there before is there still. */
static void
test_no_room (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *output = in_root ("full.safetensors");
  g_assert_true (g_file_set_contents (output, "the old model", -1, &error));
  const char *argv[] = {"/bin/sh",
                        "-c",
                        "trap '' XFSZ; ulimit -f 120; exec \"$@\"",
                        "sh",
                        g_getenv ("RUNET"),
                        "retrain",
                        fixture.studies,
                        "--review",
                        fixture.record,
                        "--parent",
                        parent,
                        "--output",
                        output,
                        "--epochs",
                        "1",
                        NULL};
  g_auto (Run) run = {0};
  int status;
  g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, &run.out, &run.err, &status,
                &error);
  g_assert_no_error (error);
  g_test_message ("%s", run.err);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 1);
  g_assert_nonnull (strstr (run.err, "could not be written"));
  g_autofree char *there = NULL;
  g_assert_true (g_file_get_contents (output, &there, NULL, &error));
  g_assert_cmpstr (there, ==, "the old model");
  g_auto (Run) list = runet ("models", NULL);
  g_assert_cmpint (list.status, ==, 0);
}

/* A synthetic study that is corrected, beside some that are small. */
static void
set_up (void) {
  g_autoptr (GError) error = NULL;
  record_set_up (&fixture, 8);
  g_assert_true (runet_phantom_write (fixture.studies, 1, 3, NULL, NULL, NULL, &error));
  g_clear_pointer (&fixture.dataset, runet_dataset_unref);
  fixture.dataset = runet_dataset_open (fixture.studies, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record_patient (&fixture, 8)->id, ==, "patient9001");
  record_accept (&fixture, "Ada", 8, RUNET_VIEW_A4C, 2);
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A2C, 0);
  g_clear_pointer (&fixture.review, runet_review_close);
  parent = in_root ("parent.safetensors");
  write_small_model (parent, 32);
  g_autofree char *data_home = in_root ("data-home");
  g_setenv ("XDG_DATA_HOME", data_home, TRUE);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/cli/retrain/lifecycle", test_lifecycle);
  g_test_add_func ("/cli/retrain/interrupt", test_interrupt);
  g_test_add_func ("/cli/retrain/refusals", test_refusals);
  g_test_add_func ("/cli/retrain/no-room", test_no_room);
  int failed = g_test_run ();
  record_tear_down (&fixture);
  g_free (parent);
  return failed;
}
