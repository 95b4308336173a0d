/* How tests leave nothing behind. */
#pragma once

#include <glib/gstdio.h>

G_BEGIN_DECLS

/* A file, or a folder with all that is below it. */
static inline void
remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  g_remove (path);
}

G_END_DECLS
