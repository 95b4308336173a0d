/* What is exported, in a folder that appears when it is whole. */
#include "export-folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/echo/file.h"
#include "core/echo/staged-folder.h"

#define CHUNK ((gsize)1 << 20)

struct _RunetExportFolder {
  char *path;
  RunetStagedFolder *staged;
  gboolean there; /* a folder with content has that name already */
};

static gboolean
fail (const char *path, GError **error) {
  runet_file_error (error, RUNET_ERROR_WRITE, path, "expected to write it, found: %s",
                    g_strerror (errno));
  return FALSE;
}

static gboolean
has_content (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  return folder != NULL && g_dir_read_name (folder) != NULL;
}

static gboolean
check_place (const char *path, gboolean replace, gboolean *there, GError **error) {
  *there = FALSE;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    runet_file_error (error, RUNET_ERROR_WRITE, path,
                      "expected a folder, found a file");
    return FALSE;
  }
  *there = has_content (path);
  if (!*there || replace)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, path,
                    "expected a new or an empty folder, found one with content");
  return FALSE;
}

RunetExportFolder *
runet_export_folder_new (const char *path, gboolean replace, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  gboolean there;
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  if (!check_place (whole, replace, &there, error))
    return NULL;
  RunetStagedFolder *staged = runet_staged_folder_new (whole, FALSE, error);
  if (staged == NULL)
    return NULL;
  RunetExportFolder *self = g_new0 (RunetExportFolder, 1);
  self->path = g_steal_pointer (&whole);
  self->staged = staged;
  self->there = there;
  return self;
}

void
runet_export_folder_free (RunetExportFolder *self) {
  if (self == NULL)
    return;
  runet_staged_folder_free (self->staged);
  g_free (self->path);
  g_free (self);
}

char *
runet_export_folder_place (RunetExportFolder *self, const char *name, GError **error) {
  g_return_val_if_fail (self != NULL && self->staged != NULL && name != NULL, NULL);
  g_autofree char *path =
      g_build_filename (runet_staged_folder_get_path (self->staged), name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  if (g_mkdir_with_parents (parent, 0777) == 0)
    return g_steal_pointer (&path);
  fail (parent, error);
  return NULL;
}

gboolean
runet_export_folder_write (RunetExportFolder *self,
                           const char *name,
                           const char *bytes,
                           gsize length,
                           GError **error) {
  g_autofree char *path = runet_export_folder_place (self, name, error);
  return path != NULL &&
         runet_file_replace (path, (const guint8 *)bytes, length, error);
}

/* ---- What there is ---- */

static void
exported_file_free (gpointer data) {
  RunetExportedFile *file = data;
  g_free (file->name);
  g_free (file->sha256);
  g_free (file);
}

static int
compare_files (gconstpointer a, gconstpointer b) {
  const RunetExportedFile *first = *(const RunetExportedFile *const *)a;
  const RunetExportedFile *second = *(const RunetExportedFile *const *)b;
  return strcmp (first->name, second->name);
}

/* @below: relative to the folder; NULL for itself. */
static void
collect (RunetExportFolder *self, const char *below, GPtrArray *files) {
  g_autofree char *path =
      below != NULL
          ? g_build_filename (runet_staged_folder_get_path (self->staged), below, NULL)
          : g_strdup (runet_staged_folder_get_path (self->staged));
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;) {
    g_autofree char *child =
        below != NULL ? g_build_filename (below, name, NULL) : g_strdup (name);
    g_autofree char *whole = g_build_filename (path, name, NULL);
    if (g_file_test (whole, G_FILE_TEST_IS_DIR)) {
      collect (self, child, files);
      continue;
    }
    RunetExportedFile *file = g_new0 (RunetExportedFile, 1);
    file->name = g_steal_pointer (&child);
    g_ptr_array_add (files, file);
  }
}

static GPtrArray *
list_names (RunetExportFolder *self) {
  GPtrArray *files = g_ptr_array_new_with_free_func (exported_file_free);
  collect (self, NULL, files);
  g_ptr_array_sort (files, compare_files);
  return files;
}

static gboolean
hash_file (RunetExportFolder *self,
           RunetExportedFile *file,
           GCancellable *cancellable,
           GError **error) {
  g_autofree char *path =
      g_build_filename (runet_staged_folder_get_path (self->staged), file->name, NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size;
  if (!runet_file_check (path, &size, error))
    return FALSE;
  for (gsize done = 0; done < size; done += MIN (CHUNK, size - done)) {
    const gsize length = MIN (CHUNK, size - done);
    g_autofree guint8 *bytes = runet_file_read (path, done, length, cancellable, error);
    if (bytes == NULL)
      return FALSE;
    g_checksum_update (checksum, bytes, (gssize)length);
  }
  file->bytes = size;
  file->sha256 = g_strdup (g_checksum_get_string (checksum));
  return TRUE;
}

GPtrArray *
runet_export_folder_list (RunetExportFolder *self,
                          GCancellable *cancellable,
                          GError **error) {
  g_return_val_if_fail (self != NULL && self->staged != NULL, NULL);
  g_autoptr (GPtrArray) files = list_names (self);
  for (guint i = 0; i < files->len; i++)
    if (!hash_file (self, files->pdata[i], cancellable, error))
      return NULL;
  return g_steal_pointer (&files);
}

/* ---- The end ---- */

static gboolean
move_file (RunetExportFolder *self, const char *name, GError **error) {
  g_autofree char *from =
      g_build_filename (runet_staged_folder_get_path (self->staged), name, NULL);
  g_autofree char *to = g_build_filename (self->path, name, NULL);
  g_autofree char *parent = g_path_get_dirname (to);
  if (g_mkdir_with_parents (parent, 0777) != 0)
    return fail (parent, error);
  return g_rename (from, to) == 0 || fail (to, error);
}

/* From the last name to the first, so that the data of a MetaImage come before the header that tells of them. */
static gboolean
move_all (RunetExportFolder *self, const char *last, GError **error) {
  g_autoptr (GPtrArray) files = list_names (self);
  gboolean has_last = FALSE;
  for (guint i = files->len; i-- > 0;) {
    const RunetExportedFile *file = files->pdata[i];
    if (g_strcmp0 (file->name, last) == 0)
      has_last = TRUE;
    else if (!move_file (self, file->name, error))
      return FALSE;
  }
  return !has_last || move_file (self, last, error);
}

gboolean
runet_export_folder_commit (RunetExportFolder *self, const char *last, GError **error) {
  g_return_val_if_fail (self != NULL && self->staged != NULL, FALSE);
  if (!self->there)
    return runet_staged_folder_commit (self->staged, error);
  if (!move_all (self, last, error))
    return FALSE;
  g_clear_pointer (&self->staged, runet_staged_folder_free);
  return TRUE;
}
