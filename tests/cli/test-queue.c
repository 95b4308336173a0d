/* `runet queue`: every view once, the worst first, and what it says of images that cannot be read. */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "run.h"
#include "small-model.h"
#include "tests/remove-tree.h"

static char *folder, *studies, *model;

static JsonObject *
parse (JsonParser *parser, const char *text) {
  g_autoptr (GError) error = NULL;
  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
assert_sorted (const char *order) {
  g_auto (Run) run =
      runet ("queue", studies, "--model", model, "--order", order, "--json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_cmpint (run.status, ==, 0);
  JsonArray *views = json_object_get_array_member (parse (parser, run.out), "views");
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_cmpuint (json_array_get_length (views), ==, 6);
  double last = G_MAXDOUBLE;
  for (guint i = 0; i < 6; i++) {
    JsonObject *view = json_array_get_object_element (views, i);
    const double score = json_object_get_double_member (view, "score");
    g_assert_cmpfloat (score, <=, last);
    last = score;
    g_assert_true (g_hash_table_add (
        seen, g_strconcat (json_object_get_string_member (view, "patient"),
                           json_object_get_string_member (view, "view"), NULL)));
  }
}

static void
test_orders (void) {
  assert_sorted ("teaching");
  assert_sorted ("risk");
}

static void
test_known (void) {
  g_autofree char *list = g_build_filename (folder, "known.txt", NULL);
  g_assert_true (g_file_set_contents (list, "patient9002\n", -1, NULL));
  g_auto (Run) run = runet ("queue", studies, "--model", model, "--known", list, NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_null (strstr (run.out, "patient9002"));
  g_assert_nonnull (strstr (run.out, "patient9001"));
  g_assert_nonnull (strstr (run.out, "patient9003"));
}

static void
test_usage (void) {
  g_auto (Run) none = runet ("queue", studies, NULL);
  g_auto (Run) odd =
      runet ("queue", studies, "--model", model, "--order", "chance", NULL);
  g_assert_cmpint (none.status, ==, 2);
  g_assert_cmpint (odd.status, ==, 2);
}

/* Last, for it damages a study. */
static void
test_damaged (void) {
  g_autofree char *image =
      g_build_filename (studies, "patient9003", "patient9003_4CH_ED.nii.gz", NULL);
  g_assert_true (g_file_set_contents (image, "no image", -1, NULL));
  g_auto (Run) run = runet ("queue", studies, "--model", model, "--json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_cmpint (run.status, ==, 1);
  JsonObject *all = parse (parser, run.out);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (all, "views")),
                    ==, 6);
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (all, "skipped")), ==, 1);
  g_assert_nonnull (strstr (run.err, "patient9003_4CH_ED.nii.gz"));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("runet-queue-XXXXXX", NULL);
  studies = g_build_filename (folder, "studies", NULL);
  model = g_build_filename (folder, "small.safetensors", NULL);
  g_auto (Run) made =
      runet ("phantom", studies, "--patients", "3", "--seed", "5", NULL);
  g_assert_cmpint (made.status, ==, 0);
  write_small_model (model, 64);
  g_test_add_func ("/cli/queue/orders", test_orders);
  g_test_add_func ("/cli/queue/known", test_known);
  g_test_add_func ("/cli/queue/usage", test_usage);
  g_test_add_func ("/cli/queue/damaged", test_damaged);
  int status = g_test_run ();
  remove_tree (folder);
  g_free (model);
  g_free (studies);
  g_free (folder);
  return status;
}
