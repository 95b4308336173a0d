/* `mpirun runet train`: several processes make the model that one makes, stop, go on and fail together. */
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "run.h"
#include "small-model.h"
#include "tests/remove-tree.h"

/* Small enough for an epoch to take a moment. */
#define INPUT_SIZE 32

/* Between one process and several, after eight steps. Their sums of gradients differ by rounding, some 1e-7 of the size, and
 * Adam divides each by its own root mean square: step by step the weights part by 1e-8 to 1e-7, 5e-7 in all where this was
 * measured, root mean square. A bound far above that is far below what a step changes (1e-3): */
#define RMS 1e-5
/* … but a weight whose gradient is nothing but rounding may move by a step in the other direction. */
#define LARGEST 1e-3
/* A loss is a mean over all pixels. */
#define LOSS 1e-6

#define SIGKILL_TIMEOUT "OMPI_MCA_odls_base_sigkill_timeout"

static char *folder;
static char *mpirun; /* NULL: everything is skipped */

static char *
in_folder (const char *name) {
  return g_build_filename (folder, name, NULL);
}

/* `mpirun -n COUNT runet train WORDS`, or without mpirun when @count is NULL. @words: separated by blanks; one that
 * begins with @ is a file of the folder, and after : comes another process with words of its own. */
static GPtrArray *
command_line (const char *count, const char *words) {
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  if (count != NULL) {
    g_ptr_array_add (argv, g_strdup (mpirun));
    g_ptr_array_add (argv, g_strdup ("-n"));
    g_ptr_array_add (argv, g_strdup (count));
  }
  g_ptr_array_add (argv, g_strdup (g_getenv ("RUNET")));
  g_ptr_array_add (argv, g_strdup ("train"));
  for (guint i = 0; parts[i] != NULL; i++) {
    g_ptr_array_add (argv, parts[i][0] == '@' ? in_folder (parts[i] + 1)
                                              : g_strdup (parts[i]));
    if (g_str_equal (parts[i], ":")) {
      g_ptr_array_add (argv, g_strdup ("-n"));
      g_ptr_array_add (argv, g_strdup ("1"));
      g_ptr_array_add (argv, g_strdup (g_getenv ("RUNET")));
      g_ptr_array_add (argv, g_strdup ("train"));
    }
  }
  g_ptr_array_add (argv, NULL);
  return argv;
}

static Run
train (const char *count, const char *words) {
  g_autoptr (GPtrArray) argv = command_line (count, words);
  Run run = run_program (argv);
  g_test_message ("%s: %d\n%s", words, run.status, run.err);
  return run;
}

static GSubprocess *
start (const char *count, const char *words) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) argv = command_line (count, words);
  GSubprocess *process = g_subprocess_newv ((const char *const *)argv->pdata,
                                            G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  return process;
}

/* Reads what @process says; at the first line that begins with @line, @then is called. Returns all of it. */
static char *
watch (GSubprocess *process, const char *line, void (*then) (GSubprocess *process)) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  GString *all = g_string_new (NULL);
  gboolean met = FALSE;
  for (char *text; (text = g_data_input_stream_read_line (lines, NULL, NULL, &error));
       g_free (text)) {
    if (!met && g_str_has_prefix (text, line)) {
      met = TRUE;
      then (process);
    }
    g_string_append_printf (all, "%s\n", text);
  }
  g_assert_no_error (error);
  g_assert_true (met);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", all->str);
  return g_string_free (all, FALSE);
}

/* The environment of process @id says that it is rank @rank. */
static gboolean
has_rank (const char *id, const char *rank) {
  g_autofree char *path = g_build_filename ("/proc", id, "environ", NULL);
  g_autofree char *text = NULL;
  g_autofree char *wanted = g_strconcat ("OMPI_COMM_WORLD_RANK=", rank, NULL);
  gsize length = 0;
  if (!g_file_get_contents (path, &text, &length, NULL))
    return FALSE;
  for (gsize at = 0; at < length; at += strlen (text + at) + 1)
    if (g_str_equal (text + at, wanted))
      return TRUE;
  return FALSE;
}

static void
signal_rank (GSubprocess *process, const char *rank, int number) {
  g_autofree char *path = g_strdup_printf ("/proc/%s/task/%s/children",
                                           g_subprocess_get_identifier (process),
                                           g_subprocess_get_identifier (process));
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) children = g_strsplit (g_strstrip (text), " ", -1);
  for (guint i = 0; children[i] != NULL; i++)
    if (has_rank (children[i], rank)) {
      g_assert_cmpint (kill ((pid_t)g_ascii_strtoll (children[i], NULL, 10), number),
                       ==, 0);
      return;
    }
  g_error ("%s: expected rank %s among %s", path, rank, text);
}

static RunetModel *
read_model (const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_folder (name);
  RunetModel *model = runet_model_read (path, &error);
  g_assert_no_error (error);
  return model;
}

static RunetSafetensors *
read_checkpoint (const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = in_folder (name);
  RunetSafetensors *file = runet_safetensors_read (path, &error);
  g_assert_no_error (error);
  return file;
}

static float *
read_floats (const RunetSafetensor *tensor) {
  float *values = g_new (float, tensor->count);
  g_assert_true (runet_safetensor_to_floats (tensor, values, NULL));
  return values;
}

/* The weights of the last epoch, which checkpoints have beside those of the best. @largest: no weight differs by more;
 * @rms: nor do all, root mean square. */
static void
assert_same_weights (const char *a, const char *b, double largest, double rms) {
  g_autoptr (RunetSafetensors) first = read_checkpoint (a);
  g_autoptr (RunetSafetensors) second = read_checkpoint (b);
  g_autoptr (RunetModel) model = read_model ("small");
  double most = 0, squares = 0, count = 0;
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    g_autofree char *name = g_strdup_printf (
        "weights.%s", g_array_index (model->graph->parameters, RunetParameter, i).name);
    const RunetSafetensor *tensor = runet_safetensors_find (first, name);
    g_autofree float *x = read_floats (tensor);
    g_autofree float *y = read_floats (runet_safetensors_find (second, name));
    for (gsize j = 0; j < tensor->count; j++) {
      double difference = (double)x[j] - y[j];
      most = fmax (most, fabs (difference));
      squares += difference * difference;
      count += 1;
    }
  }
  g_test_message ("%s, %s: largest difference %g, root mean square %g", a, b, most,
                  sqrt (squares / count));
  g_assert_cmpfloat (most, <=, largest);
  g_assert_cmpfloat (sqrt (squares / count), <=, rms);
}

static JsonArray *
get_history (const Run *run, JsonNode **node) {
  g_assert_cmpint (run->status, ==, 0);
  *node = json_from_string (run->out, NULL);
  g_assert_nonnull (*node);
  return json_object_get_array_member (json_node_get_object (*node), "history");
}

static void
assert_same_history (const Run *a, const Run *b) {
  g_autoptr (JsonNode) first = NULL, second = NULL;
  JsonArray *ours = get_history (a, &first), *theirs = get_history (b, &second);
  g_assert_cmpuint (json_array_get_length (ours), ==, json_array_get_length (theirs));
  for (guint i = 0; i < json_array_get_length (ours); i++) {
    JsonObject *x = json_array_get_object_element (ours, i);
    JsonObject *y = json_array_get_object_element (theirs, i);
    g_assert_cmpfloat_with_epsilon (json_object_get_double_member (x, "loss"),
                                    json_object_get_double_member (y, "loss"), LOSS);
    g_assert_cmpint (json_object_get_boolean_member (x, "best"), ==,
                     json_object_get_boolean_member (y, "best"));
    JsonArray *stages = json_object_get_array_member (x, "stages");
    for (guint k = 0; k < json_array_get_length (stages); k++) {
      JsonObject *s = json_array_get_object_element (stages, k);
      JsonObject *t =
          json_array_get_object_element (json_object_get_array_member (y, "stages"), k);
      /* A pixel between two classes may fall to either: some of 1024. */
      g_assert_cmpfloat_with_epsilon (json_object_get_double_member (s, "epi"),
                                      json_object_get_double_member (t, "epi"), 0.01);
    }
  }
}

/* Images for a training of six images a batch, two batches an epoch. */
#define SETTINGS "--init @small --batch 6 --seed 5 --augment --stop-after 0 --threads 1"
#define DATA "@studies --validation @list "

static gboolean
skipped (void) {
  if (mpirun == NULL)
    g_test_skip ("MPI was not built in, or mpirun is not here");
  return mpirun == NULL;
}

static void
test_equal (void) {
  if (skipped ())
    return;
  g_auto (Run) one = train (NULL, DATA SETTINGS " --epochs 4 --json -o @one");
  g_auto (Run) two = train ("2", DATA SETTINGS " --epochs 4 --json -o @two");
  g_auto (Run) three = train ("3", DATA SETTINGS " --epochs 4 --json -o @three");
  assert_same_history (&one, &two);
  assert_same_history (&one, &three);
  assert_same_weights ("one.checkpoint", "two.checkpoint", LARGEST, RMS);
  assert_same_weights ("one.checkpoint", "three.checkpoint", LARGEST, RMS);
  g_assert_nonnull (strstr (two.err, "in 2 processes"));
  /* One speaks. */
  g_assert_null (strstr (strstr (two.err, "epoch 4/4") + 1, "epoch 4/4"));
  g_autoptr (RunetModel) model = read_model ("two");
  g_autoptr (RunetModel) begun = read_model ("small");
  g_assert_cmpstr (runet_model_get_metadata (model, "parent"), ==, begun->hash);
}

/* On GPUs, whose sums do not come by here. */
static void
test_gpus (void) {
  if (skipped ())
    return;
#ifdef STAND_IN_MODULE
#define ON_GPU DATA SETTINGS " --epochs 2 --json --engine cudnn --precision float32 -o "
  g_setenv ("RUNET_DEVICE_MODULE", STAND_IN_MODULE, TRUE);
  g_auto (Run) one = train (NULL, ON_GPU "@one-gpu");
  g_auto (Run) two = train ("2", ON_GPU "@two-gpus");
  g_unsetenv ("RUNET_DEVICE_MODULE");
  assert_same_history (&one, &two);
  assert_same_weights ("one-gpu.checkpoint", "two-gpus.checkpoint", LARGEST, RMS);
  g_assert_nonnull (strstr (two.err, "in 2 processes"));
  g_assert_null (strstr (two.err, "on the processor"));
#else
  g_test_skip ("no stand-in for a GPU was built");
#endif
}

static void
stop_second (GSubprocess *process) {
  signal_rank (process, "1", SIGTERM);
}

/* One is told to stop: all do, with a checkpoint; the rest is trained to the bits of a training that never stopped. */
static void
test_stop (void) {
  if (skipped ())
    return;
  g_autoptr (GSubprocess) process =
      start ("2", DATA SETTINGS " --epochs 6 -o @stopped");
  g_autofree char *said = watch (process, "epoch 1/", stop_second);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_nonnull (strstr (said, "stopped; to go on: mpirun -n 2 runet train"));
  g_autofree char *model = in_folder ("stopped");
  g_autofree char *checkpoint = in_folder ("stopped.checkpoint");
  g_assert_false (g_file_test (model, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_auto (Run) rest = train ("2", DATA "--resume @stopped.checkpoint --threads 1 "
                                       "-o @stopped --json");
  g_auto (Run) whole = train ("2", DATA SETTINGS " --epochs 6 -o @whole --json");
  assert_same_history (&rest, &whole);
  assert_same_weights ("stopped.checkpoint", "whole.checkpoint", 0, 0);
}

static void
interrupt (GSubprocess *process) {
  g_subprocess_send_signal (process, SIGINT);
}

/* Ctrl-C reaches mpirun, which tells all. */
static void
test_interrupt (void) {
  if (skipped ())
    return;
  g_setenv (SIGKILL_TIMEOUT, "1", TRUE);
  g_autoptr (GSubprocess) process =
      start ("2", DATA SETTINGS " --epochs 4000 -o @interrupted");
  g_autofree char *said = watch (process, "epoch 2/", interrupt);
  g_setenv (SIGKILL_TIMEOUT, "0", TRUE);
  g_assert_cmpint (g_subprocess_get_exit_status (process), !=, 0);
  g_autofree char *checkpoint = in_folder ("interrupted.checkpoint");
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
}

static void
kill_second (GSubprocess *process) {
  signal_rank (process, "1", SIGKILL);
}

/* The launcher ends what has lost a process; the last checkpoint can be gone on with, by any number of them. */
static void
test_killed (void) {
  if (skipped ())
    return;
  g_autoptr (GSubprocess) process =
      start ("2", DATA SETTINGS " --epochs 4000 -o @killed");
  g_autofree char *said = watch (process, "epoch 2/", kill_second);
  g_assert_cmpint (g_subprocess_get_exit_status (process), !=, 0);
  g_auto (Run) rest =
      train (NULL, DATA "--resume @killed.checkpoint --epochs 3 -o @killed");
  g_assert_cmpint (rest.status, ==, 0);
}

static void
assert_refused (const char *mentions, const char *words) {
  g_auto (Run) run = train ("2", words);
  const char *found = strstr (run.err, mentions);
  g_assert_cmpint (run.status, !=, 0);
  g_assert_nonnull (found);
  /* Once, not by each. */
  g_assert_null (strstr (found + 1, mentions));
  g_assert_cmpstr (run.out, ==, "");
}

static void
test_refusals (void) {
  if (skipped ())
    return;
  assert_refused ("a batch that 2 processes can share evenly, found 5 images",
                  "@studies -o @x --init @small --batch 5");
  assert_refused ("nowhere", "@nowhere -o @x");
  g_autofree char *x = in_folder ("x");
  g_assert_false (g_file_test (x, G_FILE_TEST_EXISTS));
}

/* Only one of two fails, or has other images. */
static void
test_one_fails (void) {
  if (skipped ())
    return;
  g_auto (Run) unread = train ("1", "@studies -o @x : @nowhere -o @x");
  g_assert_cmpint (unread.status, !=, 0);
  g_assert_nonnull (strstr (unread.err, "runet train: process 2 of 2: "));
  g_assert_nonnull (strstr (unread.err, "nowhere"));
  g_auto (Run) others = train ("1", "@studies -o @x --init @small : @others -o @x "
                                    "--init @small");
  g_assert_cmpint (others.status, !=, 0);
  g_assert_nonnull (
      strstr (others.err, "process 2 of 2: expected the training images of the first"));
}

static void
assert_no_mpi (GSubprocess *process) {
  g_autofree char *path =
      g_build_filename ("/proc", g_subprocess_get_identifier (process), "maps", NULL);
  g_autofree char *maps = NULL;
  g_assert_true (g_file_get_contents (path, &maps, NULL, NULL));
  g_assert_nonnull (strstr (maps, "libglib"));
  g_assert_null (strstr (maps, "libmpi"));
  g_subprocess_send_signal (process, SIGTERM);
}

/* Who trains alone has nothing of MPI in memory. */
static void
test_alone (void) {
  g_autoptr (GSubprocess) process =
      start (NULL, DATA SETTINGS " --epochs 4000 -o @alone");
  g_autofree char *said = watch (process, "epoch 1/", assert_no_mpi);
  g_assert_nonnull (strstr (said, "to go on: runet train"));
}

static void
make_studies (void) {
  g_autoptr (GError) error = NULL;
  folder = g_dir_make_tmp ("runet-mpi-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *studies = in_folder ("studies");
  g_autofree char *others = in_folder ("others");
  g_autofree char *small = in_folder ("small");
  g_autofree char *list = in_folder ("list");
  write_small_model (small, INPUT_SIZE);
  g_assert_true (g_file_set_contents (list, "patient9004\n", -1, &error));
  g_auto (Run) phantom =
      runet ("phantom", studies, "--patients", "4", "--seed", "7", NULL);
  g_assert_cmpint (phantom.status, ==, 0);
  g_auto (Run) more = runet ("phantom", others, "--patients", "1", "--seed", "8", NULL);
  g_assert_cmpint (more.status, ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("RUNET_MPI") != NULL)
    mpirun = g_find_program_in_path ("mpirun");
  /* More processes than processors, in a container, as root: none of it is a reason to refuse a test. */
  g_setenv ("OMPI_ALLOW_RUN_AS_ROOT", "1", TRUE);
  g_setenv ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", TRUE);
  g_setenv ("OMPI_MCA_mpi_yield_when_idle", "1", TRUE);
  /* mpirun waits so many seconds twice before it ends a job that has failed. */
  g_setenv (SIGKILL_TIMEOUT, "0", TRUE);
  g_setenv ("OMPI_MCA_rmaps_base_oversubscribe", "1", TRUE);
  g_setenv ("OMPI_MCA_btl_vader_single_copy_mechanism", "none", TRUE);
  make_studies ();
  g_test_add_func ("/mpi/equal", test_equal);
  g_test_add_func ("/mpi/gpus", test_gpus);
  g_test_add_func ("/mpi/stop", test_stop);
  g_test_add_func ("/mpi/interrupt", test_interrupt);
  g_test_add_func ("/mpi/killed", test_killed);
  g_test_add_func ("/mpi/refusals", test_refusals);
  g_test_add_func ("/mpi/one-fails", test_one_fails);
  g_test_add_func ("/mpi/alone", test_alone);
  int result = g_test_run ();
  remove_tree (folder);
  g_free (folder);
  g_free (mpirun);
  return result;
}
