/* Where the modules are that this program opens at run time. */
#include "module.h"

/* Programs and tests lie at most this far below the top of a build folder. */
#define DEPTH 3
/* Of this program, in the folder of libraries. */
#define FOLDER "runet-review"

char *
runet_module_find (const char *folder, const char *name) {
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *here = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *prefix = here != NULL ? g_path_get_dirname (here) : NULL;
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; here != NULL && i < DEPTH; i++) {
    g_ptr_array_add (places, g_build_filename (here, folder, name, NULL));
    char *above = g_path_get_dirname (here);
    g_free (here);
    here = above;
  }
  /* A program that was moved with its prefix finds what was moved with it. */
  if (prefix != NULL)
    g_ptr_array_add (places,
                     g_build_filename (prefix, RUNET_LIBDIR, FOLDER, name, NULL));
  g_ptr_array_add (places, g_build_filename (RUNET_FULL_LIBDIR, FOLDER, name, NULL));
  for (guint i = 0; i < places->len; i++)
    if (g_file_test (places->pdata[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup (places->pdata[i]);
  return NULL;
}
