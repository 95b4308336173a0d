/* Which models the window offers, and how they are called. */
#include "app/models.h"

#include <glib/gstdio.h>

#include "core/retraining/registry.h"
#include "tests/cli/small-model.h"
#include "tests/remove-tree.h"

static char *root;

/* In a folder of RUNET_MODEL_DIR. */
static char *
write_model (const char *name) {
  g_autofree char *folder = g_build_filename (root, "folder", NULL);
  g_mkdir_with_parents (folder, 0700);
  char *path = g_build_filename (folder, name, NULL);
  write_small_model (path, 32);
  g_setenv ("RUNET_MODEL_DIR", folder, TRUE);
  return path;
}

static void
test_plain (void) {
  g_autofree char *path = write_model ("one.safetensors");
  g_assert_null (runet_models_get_current ());
  g_assert_false (runet_model_is_registered (path));
  g_autofree char *title = runet_model_title (path);
  g_assert_cmpstr (title, ==, "one");
  g_autoptr (GPtrArray) models = runet_models_list ();
  g_assert_cmpstr (models->pdata[0], ==, path);
  /* No registry comes of asking. */
  g_autofree char *folder = runet_registry_get_default_folder ();
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

/* The one in use comes first, under the name that it had; when its file is gone, what else there is. */
static void
test_registered (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = write_model ("one.safetensors");
  g_autoptr (RunetModel) model = runet_model_read (path, &error);
  g_autoptr (RunetRegistry) registry = runet_registry_open (NULL, &error);
  g_assert_no_error (error);
  g_assert_true (runet_registry_add_root (registry, model, "Ada", &error));
  g_assert_null (runet_models_get_current ());
  g_assert_true (
      runet_registry_promote (registry, model->hash, "Ada", FALSE, NULL, &error));
  g_autofree char *current = runet_models_get_current ();
  g_assert_nonnull (current);
  g_assert_true (runet_model_is_registered (current));
  for (guint i = 0; i < 2; i++) {
    g_autofree char *title = runet_model_title (current);
    g_assert_cmpstr (title, ==, "one");
  }
  g_autoptr (GPtrArray) models = runet_models_list ();
  g_assert_cmpstr (models->pdata[0], ==, current);
  g_assert_cmpstr (models->pdata[1], ==, path);
  g_assert_null (runet_models_get_lost ());

  g_assert_cmpint (g_remove (current), ==, 0);
  g_assert_null (runet_models_get_current ());
  g_autofree char *lost = runet_models_get_lost ();
  g_assert_cmpstr (lost, ==, "one");
  g_autoptr (GPtrArray) left = runet_models_list ();
  g_assert_cmpstr (left->pdata[0], ==, path);
}

/* A registry that cannot be read is as good as none. */
static void
test_damaged (void) {
  g_autofree char *folder = runet_registry_get_default_folder ();
  remove_tree (folder);
  g_mkdir_with_parents (folder, 0700);
  g_autofree char *file = g_build_filename (folder, "registry.sqlite", NULL);
  g_assert_true (g_file_set_contents (file, "no database", -1, NULL));
  g_assert_null (runet_models_get_current ());
  g_autofree char *path = g_build_filename (folder, "0123.safetensors", NULL);
  g_autofree char *title = runet_model_title (path);
  g_assert_cmpstr (title, ==, "0123");
}

int
main (int argc, char *argv[]) {
  root = g_dir_make_tmp ("runet-models-XXXXXX", NULL);
  g_autofree char *home = g_build_filename (root, "data", NULL);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/models/plain", test_plain);
  g_test_add_func ("/ui/models/registered", test_registered);
  g_test_add_func ("/ui/models/damaged", test_damaged);
  const int result = g_test_run ();
  remove_tree (root);
  g_free (root);
  return result;
}
