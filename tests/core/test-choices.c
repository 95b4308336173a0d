/* What was measured once is taken again, by this process and by the next; rubbish is measured anew. */
#include "core/nn/choices.h"
#include "core/nn/plan-private.h"
#include "core/nn/winograd.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/models/architecture.h"

static char *
get_path (void) {
  return g_build_filename (g_get_user_cache_dir (), "runet-review", "choices.ini",
                           NULL);
}

static RunetPlan *
make_plan (const RunetGraph *graph) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 2, NULL);
  RunetPlan *plan =
      runet_plan_new (engine, graph, 1, 32, 32, RUNET_PLAN_INFERENCE, &error);
  g_assert_no_error (error);
  return plan;
}

static RunetGraph *
make_graph (void) {
  RunetGraph *graph = runet_graph_new ();
  int x = runet_graph_input (graph, 2);
  x = runet_graph_convolution (graph, x, 5, 3, TRUE, "layer");
  x = runet_graph_softmax (graph, x);
  g_array_append_val (graph->outputs, x);
  return graph;
}

static RunetWinogradSchedule
get_schedule (const RunetPlan *plan) {
  return ((const RunetWinograd *)plan->nodes[1].convolution)->schedule;
}

/* Replaces every way in the file by @way. */
static void
rewrite_file (const char *way) {
  g_autofree char *path = get_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  g_assert_nonnull (groups[0]);
  for (gsize i = 0; groups[i] != NULL; i++) {
    g_auto (GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);
    for (gsize k = 0; keys[k] != NULL; k++)
      g_key_file_set_string (file, groups[i], keys[k], way);
  }
  g_assert_true (g_key_file_save_to_file (file, path, NULL));
  runet_choices_forget ();
}

static void
test_kept (void) {
  g_autoptr (RunetGraph) graph = make_graph ();
  g_autoptr (RunetPlan) first = make_plan (graph);
  g_autofree char *path = get_path ();
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  rewrite_file ("winograd-4x4 1");
  g_autoptr (RunetPlan) blocks = make_plan (graph);
  g_assert_cmpint (get_schedule (blocks), ==, RUNET_WINOGRAD_BLOCKS);
  rewrite_file ("winograd-4x4 5");
  g_autoptr (RunetPlan) few = make_plan (graph);
  g_assert_cmpint (get_schedule (few), ==, RUNET_WINOGRAD_FEW);
}

static void
test_rubbish (void) {
  g_autoptr (RunetGraph) graph = make_graph ();
  g_autoptr (RunetPlan) first = make_plan (graph);
  rewrite_file ("by magic 7");
  g_autoptr (RunetPlan) second = make_plan (graph);
  g_assert_nonnull (second);

  g_autofree char *path = get_path ();
  g_autofree char *text = NULL;
  g_assert_true (g_file_set_contents (path, "[no end", -1, NULL));
  runet_choices_forget ();
  g_autoptr (RunetPlan) third = make_plan (graph);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "no end"));
}

/* Where nothing can be kept everything works. */
static void
test_unwritable (void) {
  g_autoptr (RunetGraph) graph = make_graph ();
  g_autofree char *path = get_path ();
  g_remove (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  runet_choices_forget ();
  g_autoptr (RunetPlan) plan = make_plan (graph);
  g_assert_nonnull (plan);
  g_assert_cmpint (g_rmdir (path), ==, 0);
  runet_choices_forget ();
}

/* A training's bits may not depend on what was the fastest. */
static void
test_training (void) {
  g_autoptr (RunetGraph) graph = make_graph ();
  g_autoptr (RunetPlan) first = make_plan (graph);
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 2, NULL);
  rewrite_file ("winograd-4x4 1");
  g_autoptr (RunetPlan) plan =
      runet_plan_new (engine, graph, 1, 32, 32, RUNET_PLAN_TRAINING, NULL);
  g_assert_cmpint (get_schedule (plan), ==, RUNET_WINOGRAD_FEW);
}

int
main (int argc, char *argv[]) {
  g_autofree char *folder = g_dir_make_tmp ("runet-choices-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/choices/kept", test_kept);
  g_test_add_func ("/nn/choices/rubbish", test_rubbish);
  g_test_add_func ("/nn/choices/unwritable", test_unwritable);
  g_test_add_func ("/nn/choices/training", test_training);
  const int status = g_test_run ();
  g_autofree char *path = get_path ();
  g_autofree char *parent = g_path_get_dirname (path);
  g_remove (path);
  g_rmdir (parent);
  g_rmdir (folder);
  return status;
}
