/* Which model files there are. */
#include "models.h"

#include <string.h>
#include "core/retraining/registry.h"

#define SUFFIX ".safetensors"

static int
compare_paths (gconstpointer a, gconstpointer b) {
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static void
add_folder (GPtrArray *list, const char *folder) {
  g_autoptr (GDir) dir = *folder ? g_dir_open (folder, 0, NULL) : NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (found, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (found, compare_paths);
  g_ptr_array_extend_and_steal (list, g_steal_pointer (&found));
}

/* (transfer full) (nullable): NULL where there is none, or it cannot be read: the window of models says why. */
static RunetRegistry *
open_registry (void) {
  g_autofree char *folder = runet_registry_get_default_folder ();
  g_autofree char *file = g_build_filename (folder, "registry.sqlite", NULL);
  return g_file_test (file, G_FILE_TEST_EXISTS) ? runet_registry_open (folder, NULL)
                                                : NULL;
}

/* (transfer full) (nullable), whether or not its file is there. */
static RunetRegisteredModel *
find_current (void) {
  g_autoptr (RunetRegistry) registry = open_registry ();
  return registry ? runet_registry_get_current (registry, NULL, NULL) : NULL;
}

char *
runet_models_get_current (void) {
  g_autoptr (RunetRegisteredModel) current = find_current ();
  return current && g_file_test (current->path, G_FILE_TEST_IS_REGULAR)
             ? g_strdup (current->path)
             : NULL;
}

char *
runet_models_get_lost (void) {
  g_autoptr (RunetRegisteredModel) current = find_current ();
  return current && !g_file_test (current->path, G_FILE_TEST_IS_REGULAR)
             ? runet_model_title (current->path)
             : NULL;
}

gboolean
runet_model_is_registered (const char *path) {
  g_autofree char *registry = runet_registry_get_default_folder ();
  g_autofree char *folder = g_path_get_dirname (path);
  return g_str_equal (folder, registry);
}

GPtrArray *
runet_models_list (void) {
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  char *current = runet_models_get_current ();
  if (current)
    g_ptr_array_add (list, current);
  const char *variable = g_getenv ("RUNET_MODEL_DIR");
  g_auto (GStrv) folders =
      g_strsplit (variable ? variable : "", G_SEARCHPATH_SEPARATOR_S, -1);
  for (guint i = 0; folders[i]; i++)
    add_folder (list, folders[i]);
  g_autofree char *own = g_build_filename (RUNET_DATA_DIR, "models", NULL);
  add_folder (list, own);
  return list;
}

static char *
strip_suffix (char *name) {
  if (g_str_has_suffix (name, SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  return name;
}

/* (transfer full) (nullable): by its hash, which is what the file is called. */
static char *
find_registered_name (const char *hash) {
  /* A model is registered once, under one name, so what was found stays true. */
  static GHashTable *names;
  if (!names)
    names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *known = g_hash_table_lookup (names, hash);
  if (known)
    return g_strdup (known);
  g_autoptr (RunetRegistry) registry = open_registry ();
  g_autoptr (RunetRegisteredModel) model =
      registry ? runet_registry_find (registry, hash, NULL) : NULL;
  if (!model)
    return NULL;
  g_hash_table_insert (names, g_strdup (hash), g_strdup (model->name));
  return g_strdup (model->name);
}

char *
runet_model_title (const char *path) {
  char *name = strip_suffix (g_path_get_basename (path));
  char *registered =
      runet_model_is_registered (path) ? find_registered_name (name) : NULL;
  if (!registered)
    return name;
  g_free (name);
  return strip_suffix (registered);
}
