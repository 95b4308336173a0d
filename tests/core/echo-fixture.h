/* Temporary folders, files with given bytes, and what every reader's error looks like. */
#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "tests/remove-tree.h"

typedef struct {
  char *path;
} Folder;

static inline void
folder_clear (Folder *folder) {
  remove_tree (folder->path);
  g_free (folder->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Folder, folder_clear)

static inline Folder
folder_new (void) {
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("runet-echo-XXXXXX", &error);
  g_assert_no_error (error);
  return (Folder){path};
}

static inline guint
count_files (const char *path) {
  guint count = 0;
  GDir *folder = g_dir_open (path, 0, NULL);
  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    count++;
  g_dir_close (folder);
  return count;
}

/* (transfer full): the path. Folders on the way are made. */
static inline char *
put_bytes (const char *folder, const char *name, const void *bytes, gsize length) {
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  /* Without this, GLib 2.74 leaves the tail of a longer file. */
  g_remove (path);
  g_file_set_contents_full (path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0644,
                            &error);
  g_assert_no_error (error);
  return path;
}

static inline char *
put_text (const char *folder, const char *name, const char *text) {
  return put_bytes (folder, name, text, strlen (text));
}

/* One line that names the file and holds @words. */
static inline void
assert_failure (const GError *error, int code, const char *path, const char *words) {
  g_assert_error (error, RUNET_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

/* (nullable): …/shared/camus/@name where the data are at hand; else the test is skipped. */
static inline char *
find_camus (const char *name) {
  const char *shared = g_getenv ("RUNET_SHARED");
  g_autofree char *path =
      shared != NULL ? g_build_filename (shared, "camus", name, NULL) : NULL;
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_test_skip ("CAMUS is not at hand: RUNET_SHARED/camus");
  return NULL;
}
