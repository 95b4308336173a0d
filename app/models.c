/* Which model files there are. */
#include "models.h"

#include <string.h>

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

GPtrArray *
runet_models_list (void) {
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const char *variable = g_getenv ("RUNET_MODEL_DIR");
  g_auto (GStrv) folders =
      g_strsplit (variable ? variable : "", G_SEARCHPATH_SEPARATOR_S, -1);
  for (guint i = 0; folders[i]; i++)
    add_folder (list, folders[i]);
  g_autofree char *own = g_build_filename (RUNET_DATA_DIR, "models", NULL);
  add_folder (list, own);
  return list;
}

char *
runet_model_title (const char *path) {
  char *name = g_path_get_basename (path);
  if (g_str_has_suffix (name, SUFFIX))
    name[strlen (name) - strlen (SUFFIX)] = '\0';
  return name;
}
