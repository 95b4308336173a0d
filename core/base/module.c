/* The modules that this program opens at run time: where they are, and whether they are its own. */
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

gconstpointer
runet_module_open (const char *path,
                   GModuleFlags flags,
                   const char *symbol,
                   guint interface,
                   const char *title,
                   RunetError code,
                   GError **error) {
  GModule *module = g_module_open (path, flags);
  if (module == NULL) {
    g_set_error (error, RUNET_ERROR, code, "%s cannot be opened (%s)", title,
                 g_module_error ());
    return NULL;
  }
  gpointer function = NULL;
  if (!g_module_symbol (module, symbol, &function) || function == NULL) {
    g_set_error (error, RUNET_ERROR, code,
                 "%s is another program's (%s: expected a function %s, found none)",
                 title, path, symbol);
    g_module_close (module);
    return NULL;
  }
  const guint *table = ((gconstpointer (*) (void))function) ();
  if (table == NULL || *table != interface) {
    g_set_error (error, RUNET_ERROR, code,
                 "%s belongs to another build (%s: expected interface %u, found %u)",
                 title, path, interface, table != NULL ? *table : 0);
    g_module_close (module);
    return NULL;
  }
  g_module_make_resident (module);
  return table;
}
