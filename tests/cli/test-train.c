/* `runet train` from end to end: learns, stops at Ctrl-C, goes on, fine-tunes, and says no. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/models/model.h"
#include "tests/remove-tree.h"

/* Small enough for an epoch to take a moment. */
#define INPUT_SIZE "32"

static char *folder;
static char *studies; /* two synthetic patients */
static char *validation; /* a list with the second one */

static char *
in_folder (const char *name) {
  return g_build_filename (folder, name, NULL);
}

/* Runs `runet train` with @arguments, separated by blanks; %s in them is @folder. @err: (out):
 * what it says. Returns the exit status. */
static int
train (char **out, char **err, const char *arguments) {
  g_autoptr (GError) error = NULL;
  g_autofree char *quoted = g_shell_quote (folder);
  g_auto (GStrv) parts = g_strsplit (arguments, "%s", -1);
  g_autofree char *filled = g_strjoinv (quoted, parts);
  g_autofree char *line = g_strdup_printf ("%s train %s", g_getenv ("RUNET"), filled);
  int status = 0;
  g_assert_true (g_spawn_command_line_sync (line, out, err, &status, &error));
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
assert_refused (int status, const char *mentions, const char *arguments) {
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (train (&out, &err, arguments), ==, status);
  g_test_message ("%s", err);
  g_assert_cmpstr (out, ==, "");
  g_assert_nonnull (strstr (err, mentions));
  g_assert_true (strchr (err, '\n') == err + strlen (err) - 1);
}

static void
assert_trains (const char *arguments) {
  g_autofree char *out = NULL, *err = NULL;
  if (train (&out, &err, arguments) != 0)
    g_error ("runet train %s: %s", arguments, err);
}

static RunetModel *
read_model (const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_folder (name);
  RunetModel *model = runet_model_read (path, &error);
  g_assert_no_error (error);
  return model;
}

static void
assert_same_weights (const char *a, const char *b) {
  g_autoptr (RunetModel) first = read_model (a);
  g_autoptr (RunetModel) second = read_model (b);
  for (guint i = 0; i < first->graph->parameters->len; i++) {
    gsize bytes = g_array_index (first->graph->parameters, RunetParameter, i).count *
                  sizeof (float);
    g_assert_cmpmem (first->parameters[i], bytes, second->parameters[i], bytes);
  }
}

static void
test_train (void) {
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (train (&out, &err,
                          "%s/studies --validation %s/list -o %s/m.safetensors "
                          "--input-size " INPUT_SIZE
                          " --epochs 2 --batch 3 --seed 5 --threads 2 --json"),
                   ==, 0);
  g_assert_nonnull (strstr (err, "epoch 2/2"));
  g_assert_nonnull (strstr (err, "Dice"));
  g_autoptr (JsonNode) node = json_from_string (out, NULL);
  JsonObject *root = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (root, "training_images"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (root, "validation_images"), ==, 4);
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (root, "history")), ==, 2);

  g_autoptr (RunetModel) model = read_model ("m.safetensors");
  g_assert_cmpstr (runet_architecture_to_string (model->hyperparameters.architecture),
                   ==, "ru-net");
  g_assert_cmpstr (runet_model_get_metadata (model, "seed"), ==, "5");
  g_assert_nonnull (
      strstr (runet_model_get_metadata (model, "trained_on"), "studies, 4 images"));
  g_assert_nonnull (runet_model_get_metadata (model, "created"));
  g_assert_null (runet_model_get_metadata (model, "parent"));
  /* One patient taught it, the other chose the epoch. */
  const char *taught = runet_model_get_metadata (model, "training_patients");
  const char *judged = runet_model_get_metadata (model, "validation_patients");
  g_assert_cmpuint (strlen (taught), ==, 12);
  g_assert_cmpuint (strlen (judged), ==, 12);
  g_assert_cmpstr (taught, !=, judged);
  g_autoptr (JsonNode) metrics =
      json_from_string (runet_model_get_metadata (model, "metrics"), NULL);
  g_assert_cmpint (
      json_object_get_int_member (json_node_get_object (metrics), "validation_images"),
      ==, 4);
}

/* Waits for the first checkpoint inside the training, interrupts, and resumes. */
static void
test_interrupt (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *output = in_folder ("stopped.safetensors");
  g_autofree char *checkpoint = in_folder ("stopped.safetensors.checkpoint");
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("RUNET"), "train", studies,
      "--validation", validation, "--output", output, "--input-size", INPUT_SIZE,
      "--epochs", "6", "--batch", "3", "--seed", "5", "--threads", "2", NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  g_autofree char *last = NULL;
  for (char *line; (line = g_data_input_stream_read_line (lines, NULL, NULL, &error));
       last = line) {
    if (g_str_has_prefix (line, "epoch 1/"))
      g_subprocess_send_signal (process, SIGTERM);
    g_free (last);
  }
  g_assert_no_error (error);
  g_subprocess_wait (process, NULL, &error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_test_message ("%s", last);
  g_assert_nonnull (strstr (last, "--resume"));
  g_assert_false (g_file_test (output, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));

  assert_refused (1, "a checkpoint is there already",
                  "%s/studies --output %s/stopped.safetensors");
  assert_refused (2, "--resume",
                  "%s/studies --output %s/stopped.safetensors --resume "
                  "%s/stopped.safetensors.checkpoint --batch 4");
  assert_refused (1, "other training images",
                  "%s/studies --output %s/stopped.safetensors --resume "
                  "%s/stopped.safetensors.checkpoint");
  assert_trains ("%s/studies --validation %s/list --output %s/stopped.safetensors "
                 "--resume %s/stopped.safetensors.checkpoint --threads 2");
  assert_trains ("%s/studies --validation %s/list --output %s/whole.safetensors "
                 "--input-size " INPUT_SIZE
                 " --epochs 6 --batch 3 --seed 5 --threads 2");
  assert_same_weights ("stopped.safetensors", "whole.safetensors");
}

/* A unet1 pre-trains every stage; a model is fine-tuned, several data sets are mixed. */
static void
test_init (void) {
  assert_trains ("%s/studies -o %s/unet1.safetensors --architecture unet1 "
                 "--input-size " INPUT_SIZE " --epochs 1 --batch 4 --half");
  g_autoptr (RunetModel) parent = read_model ("unet1.safetensors");
  assert_trains ("%s/studies %s/studies -o %s/tuned.safetensors --architecture ru-net "
                 "--input-size " INPUT_SIZE
                 " --init %s/unet1.safetensors --init-every-stage --epochs 1 --batch 4"
                 " --learning-rate 1e-12 --dilation 5 --shift 0.7");
  g_autoptr (RunetModel) tuned = read_model ("tuned.safetensors");
  g_assert_cmpstr (runet_model_get_metadata (tuned, "parent"), ==, parent->hash);
  /* The same two patients, whichever model they taught. */
  g_assert_cmpuint (strlen (runet_model_get_metadata (parent, "training_patients")), ==,
                    12 + 1 + 12);
  g_assert_cmpstr (runet_model_get_metadata (tuned, "training_patients"), ==,
                   runet_model_get_metadata (parent, "training_patients"));
  g_assert_cmpuint (tuned->hyperparameters.dilation, ==, 5);
  g_assert_cmpfloat (tuned->hyperparameters.shift, ==, 0.7f);
  g_assert_nonnull (strstr (runet_model_get_metadata (tuned, "trained_on"),
                            "studies + studies, 16 images"));
  /* The first parameter of each stage is the parent's, for the rate is next to nothing. */
  guint stage = parent->graph->parameters->len;
  g_assert_cmpuint (tuned->graph->parameters->len, ==, 2 * stage);
  for (guint i = 0; i < 9; i++) {
    g_assert_cmpfloat_with_epsilon (tuned->parameters[0][i], parent->parameters[0][i],
                                    1e-6f);
    g_assert_cmpfloat_with_epsilon (tuned->parameters[stage][i],
                                    parent->parameters[0][i], 1e-6f);
  }
}

static void
test_refusals (void) {
  assert_refused (2, "--output", "%s/studies");
  assert_refused (2, "--architecture", "%s/studies -o %s/x --architecture vnet");
  assert_refused (2, "--batch", "%s/studies -o %s/x --batch -1");
  assert_refused (2, "--init", "%s/studies -o %s/x --init-every-stage");
  assert_refused (2, "--stage-weights", "%s/studies -o %s/x --stage-weights 1,b");
  assert_refused (2, "--dilation",
                  "%s/studies -o %s/x --architecture shg --dilation 3");
  assert_refused (1, "stages", "%s/studies -o %s/x --architecture shg --stages 2");
  assert_refused (1, "input size", "%s/studies -o %s/x --input-size 100");
  assert_refused (1, "learning rate", "%s/studies -o %s/x --learning-rate -1");
  assert_refused (1, "/nowhere", "%s/studies -o /nowhere/x");
  assert_refused (1, "found a folder", "%s/studies -o %s/studies");
  assert_refused (1, "data set", "%s/nowhere -o %s/x");
  assert_refused (1, "nolist", "%s/studies -o %s/x --patients %s/nolist");
  assert_refused (1, "patient9002",
                  "%s/studies -o %s/x --patients %s/list --validation %s/list");
  assert_refused (1, "list", "%s/studies -o %s/x --init %s/list");
  g_autofree char *x = in_folder ("x");
  g_assert_false (g_file_test (x, G_FILE_TEST_EXISTS));
}

/* A mask that cannot be read costs its image, not the training; the exit code says so. */
static void
test_skips (void) {
  g_autofree char *copy = in_folder ("damaged");
  g_autofree char *from = g_build_filename (studies, "patient9001", NULL);
  g_autofree char *to = g_build_filename (copy, "patient9001", NULL);
  g_autofree char *mask = g_build_filename (to, "patient9001_4CH_ED_gt.nii.gz", NULL);
  g_assert_cmpint (g_mkdir (copy, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *source = g_build_filename (from, name, NULL);
    g_autofree char *target = g_build_filename (to, name, NULL);
    g_assert_cmpint (symlink (source, target), ==, 0);
  }
  g_assert_cmpint (g_unlink (mask), ==, 0);
  g_assert_true (g_file_set_contents (mask, "no mask", -1, NULL));

  g_autofree char *out = NULL, *err = NULL;
  int status =
      train (&out, &err, "%s/damaged -o %s/skips -a unet1 --input-size 32 -e 1 -b 2");
  g_assert_cmpint (status, ==, 1);
  g_assert_nonnull (strstr (err, "patient9001_4CH_ED_gt.nii.gz"));
  g_autoptr (RunetModel) model = read_model ("skips");
  g_assert_nonnull (model);
}

static void
make_studies (void) {
  g_autoptr (GError) error = NULL;
  folder = g_dir_make_tmp ("runet-train-XXXXXX", &error);
  g_assert_no_error (error);
  studies = in_folder ("studies");
  validation = in_folder ("list");
  g_autofree char *line = g_strdup_printf ("%s phantom %s --patients 2 --seed 7",
                                           g_getenv ("RUNET"), studies);
  g_autofree char *out = NULL;
  int status = 0;
  g_assert_true (g_spawn_command_line_sync (line, &out, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
  g_assert_true (g_file_set_contents (validation, "patient9002\n", -1, &error));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  make_studies ();
  g_test_add_func ("/runet/train/train", test_train);
  g_test_add_func ("/runet/train/interrupt", test_interrupt);
  g_test_add_func ("/runet/train/init", test_init);
  g_test_add_func ("/runet/train/refusals", test_refusals);
  g_test_add_func ("/runet/train/skips", test_skips);
  int result = g_test_run ();
  remove_tree (folder);
  g_free (folder);
  g_free (studies);
  g_free (validation);
  return result;
}
