/* A folder that appears when it is whole. */
#include "staged-folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/echo/file.h"

#define MARK ".partial-"
#define MARK_RANDOM "XXXXXX"
/* Nobody is at work on what is older. */
#define STALE_SECONDS (24 * 60 * 60)

struct _RunetStagedFolder {
  char *path;
  char *staging; /* NULL once it has its name */
};

/* Only folders that this file has made. Links are not followed. */
static void
remove_below (const char *path) {
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK)) {
    g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
    for (const char *name;
         folder != NULL && (name = g_dir_read_name (folder)) != NULL;) {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_below (child);
    }
  }
  g_remove (path);
}

/* Whether @name is one that this file gives. @base: (nullable): for which folder */
static gboolean
is_staging_name (const char *name, const char *base) {
  const char *mark = g_strrstr (name, MARK);
  if (mark == NULL || mark == name ||
      strlen (mark) != strlen (MARK) + strlen (MARK_RANDOM))
    return FALSE;
  const gsize length = (gsize)(mark - name);
  return base == NULL || (strlen (base) == length && strncmp (name, base, length) == 0);
}

static gboolean
is_stale (const char *path) {
  GStatBuf status;
  return g_lstat (path, &status) == 0 && S_ISDIR (status.st_mode) &&
         status.st_mtime < g_get_real_time () / G_USEC_PER_SEC - STALE_SECONDS;
}

static void
sweep (const char *parent, const char *base) {
  g_autoptr (GDir) folder = g_dir_open (parent, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;) {
    g_autofree char *path = g_build_filename (parent, name, NULL);
    if (is_staging_name (name, base) && is_stale (path))
      remove_below (path);
  }
}

RunetStagedFolder *
runet_staged_folder_new (const char *path, gboolean own, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  const int mode = own ? 0700 : 0777;
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *staging = g_strconcat (path, MARK MARK_RANDOM, NULL);
  if (g_mkdir_with_parents (parent, mode) != 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, parent,
                      "expected to make this folder, found: %s", g_strerror (errno));
    return NULL;
  }
  sweep (parent, own ? NULL : base);
  if (g_mkdtemp_full (staging, mode) == NULL) {
    runet_file_error (error, RUNET_ERROR_WRITE, parent,
                      "expected to make a folder in it, found: %s", g_strerror (errno));
    return NULL;
  }
  RunetStagedFolder *self = g_new0 (RunetStagedFolder, 1);
  self->path = g_strdup (path);
  self->staging = g_steal_pointer (&staging);
  return self;
}

void
runet_staged_folder_free (RunetStagedFolder *self) {
  if (self == NULL)
    return;
  if (self->staging != NULL)
    remove_below (self->staging);
  g_free (self->staging);
  g_free (self->path);
  g_free (self);
}

const char *
runet_staged_folder_get_path (const RunetStagedFolder *self) {
  g_return_val_if_fail (self != NULL && self->staging != NULL, NULL);
  return self->staging;
}

gboolean
runet_staged_folder_commit (RunetStagedFolder *self, GError **error) {
  g_return_val_if_fail (self != NULL && self->staging != NULL, FALSE);
  runet_folder_sync (self->staging);
  if (g_rename (self->staging, self->path) != 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, self->path,
                      "expected to write it, found: %s", g_strerror (errno));
    return FALSE;
  }
  g_clear_pointer (&self->staging, g_free);
  g_autofree char *parent = g_path_get_dirname (self->path);
  runet_folder_sync (parent);
  return TRUE;
}
