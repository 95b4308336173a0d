/* How tests share what takes long to make. */
#pragma once

#include <glib/gstdio.h>

G_BEGIN_DECLS

/* A file, or a folder with all that is below it; @to is not there yet. */
static inline void
copy_tree (const char *from, const char *to) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  if (dir == NULL) {
    g_autofree char *content = NULL;
    gsize length = 0;
    g_file_get_contents (from, &content, &length, &error);
    g_assert_no_error (error);
    g_file_set_contents_full (to, content, (gssize)length, G_FILE_SET_CONTENTS_NONE,
                              0644, &error);
    g_assert_no_error (error);
    return;
  }
  g_assert_cmpint (g_mkdir (to, 0755), ==, 0);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *child = g_build_filename (from, name, NULL);
    g_autofree char *copy = g_build_filename (to, name, NULL);
    copy_tree (child, copy);
  }
}

G_END_DECLS
