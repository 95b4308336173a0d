/* Tests of `runet crossval` on synthetic studies: killed, interrupted, by two at once, refused. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "run.h"
#include "tests/remove-tree.h"

static char *folder;

static char *
in_folder (const char *name) {
  return g_build_filename (folder, name, NULL);
}

/* Into @argv: "crossval STUDIES --folds FOLDS --output OUTPUT", sizes for a moment's work, and @more. */
static GPtrArray *
make_command (const char *output, const char *more) {
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (argv, g_strdup (g_getenv ("RUNET")));
  g_ptr_array_add (argv, g_strdup ("crossval"));
  g_ptr_array_add (argv, in_folder ("studies"));
  g_ptr_array_add (argv, g_strdup ("--folds"));
  g_ptr_array_add (argv, in_folder ("folds"));
  g_ptr_array_add (argv, g_strdup ("--output"));
  g_ptr_array_add (argv, in_folder (output));
  g_auto (GStrv) words =
      g_strsplit ("--input-size 32 --epochs 2 --batch 4 --seed 3 --threads 1", " ", -1);
  g_auto (GStrv) others = g_strsplit (more, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (words[i]));
  for (guint i = 0; others[i] != NULL; i++)
    if (*others[i] != '\0')
      g_ptr_array_add (argv, g_strdup (others[i]));
  g_ptr_array_add (argv, NULL);
  return argv;
}

static Run
crossval (const char *output, const char *more) {
  g_autoptr (GPtrArray) argv = make_command (output, more);
  Run run = run_program (argv);
  g_test_message ("%s", run.err);
  return run;
}

static void
assert_refused (const char *output,
                const char *more,
                int status,
                const char *mentions) {
  g_auto (Run) run = crossval (output, more);
  g_assert_cmpint (run.status, ==, status);
  g_assert_cmpstr (run.out, ==, "");
  g_assert_nonnull (strstr (run.err, mentions));
}

/* The figures of every image, as text: they are the same or they are not. */
static char *
read_figures (const char *output, const char *method, guint fold) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_strdup_printf ("%s/%s/%s/fold%u.json", folder, output, method, fold);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_file (parser, path, &error));
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  return json_to_string (json_object_get_member (root, "images"), FALSE);
}

static void
assert_same_figures (const char *a, const char *b, const char *method, guint fold) {
  g_autofree char *first = read_figures (a, method, fold);
  g_autofree char *second = read_figures (b, method, fold);
  g_assert_cmpstr (first, ==, second);
}

/* All folds of two methods: the tables as text, as Markdown and as JSON. */
static void
test_whole (void) {
  g_auto (Run) run = crossval ("whole", "--methods unet1,ru-net-pretrained");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.err, "4 of 4 jobs done"));
  g_assert_nonnull (strstr (run.err, "dilation 1, shift 0.5"));
  g_assert_nonnull (strstr (run.err, "1 patients for testing are absent"));
  g_assert_nonnull (strstr (run.out, "Table II"));
  g_assert_nonnull (strstr (run.out, "U-Net 1 "));
  g_assert_nonnull (strstr (run.out, "396, 20 %"));
  g_assert_nonnull (strstr (run.out, "2 of 2"));
  g_assert_nonnull (strstr (run.out, "RU-Net, stage 1 pre-trained, output 2"));
  g_assert_null (strstr (run.out, "Table III"));

  g_autofree char *results = in_folder ("whole");
  g_autofree char *markdown = in_folder ("tables.md");
  g_auto (Run) report =
      runet ("crossval", "--report", results, "--markdown", markdown, "--json", NULL);
  g_assert_cmpint (report.status, ==, 0);
  g_autoptr (JsonNode) node = json_from_string (report.out, NULL);
  JsonArray *methods =
      json_object_get_array_member (json_node_get_object (node), "methods");
  g_assert_cmpuint (json_array_get_length (methods), ==, 2);
  JsonObject *unet1 = json_array_get_object_element (methods, 0);
  g_assert_cmpstr (json_object_get_string_member (unet1, "method"), ==, "unet1");
  JsonObject *stage =
      json_array_get_object_element (json_object_get_array_member (unet1, "stages"), 0);
  g_assert_cmpint (json_object_get_int_member (stage, "images"), ==, 16);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (markdown, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\n| U-Net 1 | 2.0M | 2 of 2 | 16 |"));
  g_assert_nonnull (strstr (text, "--methods unet1 --input-size 32"));
}

/* Killed at every sign of life until there is nothing left to do: the same figures as in one go. */
static void
test_killed (void) {
  g_autoptr (GPtrArray) argv =
      make_command ("killed", "--methods unet1,ru-net-pretrained --fold 1");
  guint kills = 0;
  for (gboolean done = FALSE; !done;) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSubprocess) process = g_subprocess_newv (
        (const char *const *)argv->pdata,
        G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
    g_assert_no_error (error);
    g_autoptr (GDataInputStream) lines =
        g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
    /* Each time later after the line, so that it hits the writing of checkpoint, model or result, and lets through more
     * of it, however slow the disk is. */
    gboolean killed = FALSE;
    for (char *line;
         (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL));) {
      gboolean alive =
          strstr (line, ": epoch ") != NULL || strstr (line, ": done") != NULL;
      if (alive && !killed) {
        g_usleep (kills > 0 ? 50000UL << MIN (kills, 8) : 0);
        g_subprocess_send_signal (process, SIGKILL);
        killed = TRUE;
        kills++;
      }
      g_free (line);
    }
    g_assert_true (g_subprocess_wait (process, NULL, &error));
    done = g_subprocess_get_if_exited (process);
    g_assert_cmpuint (kills, <, 20);
    if (done)
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  }
  g_test_message ("killed %u times", kills);
  g_assert_cmpuint (kills, >=, 2);
  assert_same_figures ("killed", "whole", "unet1", 1);
  assert_same_figures ("killed", "whole", "ru-net-pretrained", 1);
}

/* Ctrl-C: nothing is lost and the last line says how to go on. */
static void
test_interrupted (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) argv = make_command ("stopped", "--methods unet1 --fold 2");
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      (const char *const *)argv->pdata, G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  g_autofree char *last = NULL;
  for (char *line; (line = g_data_input_stream_read_line (lines, NULL, NULL, NULL));
       last = line) {
    if (strstr (line, ": epoch 1/") != NULL)
      g_subprocess_send_signal (process, SIGTERM);
    g_free (last);
  }
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_test_message ("%s", last);
  g_assert_nonnull (strstr (last, "the same command goes on"));
  g_auto (Run) run = crossval ("stopped", "--methods unet1 --fold 2");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_null (strstr (run.err, "epoch 1/2"));
  assert_same_figures ("stopped", "whole", "unet1", 2);
}

/* Two processes share the jobs; neither does one that the other has done or is at. */
static void
test_two (void) {
  g_autoptr (GPtrArray) argv =
      make_command ("two", "--methods unet1,ru-net-pretrained");
  GSubprocess *process[2] = {NULL, NULL};
  g_autoptr (GError) error = NULL;
  guint trained = 0;
  for (guint i = 0; i < 2; i++) {
    process[i] = g_subprocess_newv (
        (const char *const *)argv->pdata,
        G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
    g_assert_no_error (error);
  }
  for (guint i = 0; i < 2; i++) {
    g_autofree char *text = NULL;
    g_assert_true (
        g_subprocess_communicate_utf8 (process[i], NULL, NULL, NULL, &text, &error));
    g_test_message ("%s", text);
    g_assert_cmpint (g_subprocess_get_exit_status (process[i]), ==, 0);
    for (const char *at = text; (at = strstr (at, ": done in")) != NULL; at++)
      trained++;
    g_object_unref (process[i]);
  }
  g_assert_cmpuint (trained, ==, 4);
  for (guint fold = 1; fold <= 2; fold++) {
    assert_same_figures ("two", "whole", "unet1", fold);
    assert_same_figures ("two", "whole", "ru-net-pretrained", fold);
  }
}

/* One fold of two, and one result that is damaged. */
static void
test_partial (void) {
  g_auto (Run) run = crossval ("partial", "--methods unet1 --fold 2");
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.out, "1 of 2"));
  g_assert_nonnull (strstr (run.out, "--fold 2"));
  g_auto (Run) again = crossval ("partial", "--methods unet1 --fold 2");
  g_assert_nonnull (strstr (again.err, "1 of 1 jobs done, 1 of them before"));
  g_assert_cmpstr (again.out, ==, run.out);
  assert_refused ("partial", "--methods unet1 --fold 2 --augment", 1, "augment");

  g_autofree char *results = in_folder ("partial");
  g_autofree char *path = g_build_filename (results, "unet1", "fold1.json", NULL);
  g_assert_true (g_file_set_contents (path, "{", -1, NULL));
  assert_refused ("partial", "--methods unet1", 1, "fold1.json");
  g_auto (Run) report = runet ("crossval", "--report", results, NULL);
  g_assert_cmpint (report.status, ==, 1);
  g_assert_nonnull (strstr (report.err, "left out"));
  g_assert_nonnull (strstr (report.out, "1 of 2"));
}

static void
test_refusals (void) {
  assert_refused ("x", "--methods vnet", 2, "vnet");
  assert_refused ("x", "--methods ,", 2, "--methods");
  assert_refused ("x", "--fold 3", 2, "'3'");
  assert_refused ("x", "--fold 1,b", 2, "'b'");
  assert_refused ("x", "--batch -1", 2, "--batch");
  assert_refused ("x", "--batch 0", 1, "batch");
  assert_refused ("x", "--input-size 100", 1, "input size");
  assert_refused ("studies/patient9001/patient9001_2CH_ED.nii.gz", "", 1, "written");
  g_autofree char *studies = in_folder ("studies");
  g_autofree char *folds = in_folder ("folds");
  g_autofree char *empty = in_folder ("empty");
  g_mkdir (empty, 0777);
  const struct {
    Run run;
    int status;
    const char *mentions;
  } runs[] = {
      {runet ("crossval", studies, "--folds", folds, NULL), 2, "--output"},
      {runet ("crossval", studies, "--output", empty, NULL), 2, "--folds"},
      {runet ("crossval", "--folds", folds, "--output", empty, NULL), 2, "DATASET"},
      {runet ("crossval", empty, "--folds", folds, "--output", empty, NULL), 1,
       "empty"},
      {runet ("crossval", studies, "--folds", empty, "--output", empty, NULL), 1,
       "no lists"},
      {runet ("crossval", "--report", empty, NULL), 1, "found none"},
      {runet ("crossval", "--report", empty, "--seed", "1", NULL), 2, "--report"},
      {runet ("crossval", studies, "--report", empty, NULL), 2, "--report"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++) {
    Run run = runs[i].run;
    g_test_message ("%s", run.err);
    g_assert_cmpint (run.status, ==, runs[i].status);
    g_assert_nonnull (strstr (run.err, runs[i].mentions));
    g_assert_true (strchr (run.err, '\n') == run.err + strlen (run.err) - 1);
    run_clear (&run);
  }
}

/* No room for a model: said in a line, nothing half-written under its name, and room again is all it takes. */
static void
test_no_room (void) {
  g_autoptr (GPtrArray) argv = make_command ("full", "--methods unet1 --fold 1");
  static const char *const shell[] = {"/bin/sh", "-c",
                                      "trap '' XFSZ; ulimit -f 200; exec \"$@\"", "sh"};
  for (gsize i = 0; i < G_N_ELEMENTS (shell); i++)
    g_ptr_array_insert (argv, (int)i, g_strdup (shell[i]));
  g_auto (Run) run = run_program (argv);
  g_test_message ("%s", run.err);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_nonnull (strstr (run.err, "could not be written"));
  g_autofree char *place = in_folder ("full/unet1");
  g_autoptr (GDir) directory = g_dir_open (place, 0, NULL);
  for (const char *name; (name = g_dir_read_name (directory)) != NULL;)
    g_assert_cmpstr (name, ==, "fold1.lock");
  g_auto (Run) again = crossval ("full", "--methods unet1 --fold 1");
  g_assert_cmpint (again.status, ==, 0);
  assert_same_figures ("full", "whole", "unet1", 1);
}

/* The script for a cluster, with a stand-in for srun: its task is a fold, what follows -- is for runet. */
static void
test_cluster (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *bin = in_folder ("bin");
  g_autofree char *srun = g_build_filename (bin, "srun", NULL);
  g_mkdir (bin, 0777);
  g_assert_true (
      g_file_set_contents (srun, "#!/bin/sh\nshift\nexec \"$@\"\n", -1, &error));
  g_assert_cmpint (g_chmod (srun, 0755), ==, 0);
  g_autofree char *place = g_shell_quote (folder);
  g_autofree char *script = g_shell_quote (g_getenv ("CROSSVAL_SCRIPT"));
  g_autofree char *line = g_strdup_printf (
      "F=%s; PATH=\"$F/bin:$PATH\" DATASET=\"$F/studies\" FOLDS=\"$F/folds\" "
      "OUTPUT=\"$F/whole\" METHODS=unet1 SLURM_ARRAY_TASK_ID=2 SLURM_CPUS_PER_TASK=1 "
      "exec %s -- --input-size 32 --epochs 2 --batch 4 --seed 3",
      place, script);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (char *)"/bin/sh");
  g_ptr_array_add (argv, (char *)"-c");
  g_ptr_array_add (argv, line);
  g_ptr_array_add (argv, NULL);
  g_auto (Run) run = run_program (argv);
  g_test_message ("%s", run.err);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_nonnull (strstr (run.err, "1 of 1 jobs done, 1 of them before"));
}

static void
write_list (guint fold, const char *part, const char *ids) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      g_strdup_printf ("%s/folds/subGroup%u_%s.txt", folder, fold, part);
  g_assert_true (g_file_set_contents (path, ids, -1, &error));
  g_assert_no_error (error);
}

/* Five synthetic patients in two folds; one that is listed is not there. */
static void
set_up (void) {
  g_autoptr (GError) error = NULL;
  folder = g_dir_make_tmp ("runet-crossval-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *studies = in_folder ("studies");
  g_autofree char *folds = in_folder ("folds");
  g_mkdir (folds, 0777);
  g_auto (Run) run = runet ("phantom", studies, "--patients", "5", "--seed", "7", NULL);
  g_assert_cmpint (run.status, ==, 0);
  write_list (1, "training", "patient9003\npatient9004\n");
  write_list (1, "validation", "patient9005\n");
  write_list (1, "testing", "patient9001\npatient9002\npatient0999\n");
  write_list (2, "training", "patient9001\npatient9005\n");
  write_list (2, "validation", "patient9002\n");
  write_list (2, "testing", "patient9003\npatient9004\n");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  set_up ();
  g_test_add_func ("/runet/crossval/whole", test_whole);
  g_test_add_func ("/runet/crossval/killed", test_killed);
  g_test_add_func ("/runet/crossval/interrupted", test_interrupted);
  g_test_add_func ("/runet/crossval/two", test_two);
  g_test_add_func ("/runet/crossval/partial", test_partial);
  g_test_add_func ("/runet/crossval/no-room", test_no_room);
  g_test_add_func ("/runet/crossval/refusals", test_refusals);
  g_test_add_func ("/runet/crossval/cluster", test_cluster);
  int result = g_test_run ();
  remove_tree (folder);
  g_free (folder);
  return result;
}
