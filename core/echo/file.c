/* Files as a whole: checked before they are read, replaced only when complete. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between two looks at the cancellable: about a millisecond of disk. */
#define CHUNK ((gsize)1 << 20)

void
runet_file_error (GError **error,
                  RunetError code,
                  const char *path,
                  const char *format,
                  ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *name = g_filename_display_name (path);
  g_set_error (error, RUNET_ERROR, code, "%s: %s", name, message);
}

gboolean
runet_file_check (const char *path, gsize *size, GError **error) {
  GStatBuf status;
  if (g_stat (path, &status) != 0) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected a file, found none (%s)", g_strerror (errno));
    return FALSE;
  }
  if (!S_ISREG (status.st_mode)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path, "expected a file, found %s",
                      S_ISDIR (status.st_mode) ? "a folder" : "a device or pipe");
    return FALSE;
  }
  if (status.st_size <= 0) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected content, found an empty file");
    return FALSE;
  }
  *size = (gsize)status.st_size;
  return TRUE;
}

static gboolean
read_bytes (FILE *file,
            const char *path,
            guint8 *bytes,
            gsize length,
            GCancellable *cancellable,
            GError **error) {
  for (gsize done = 0; done < length;) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    gsize wanted = MIN (CHUNK, length - done);
    gsize found = fread (bytes + done, 1, wanted, file);
    done += found;
    if (found < wanted) {
      runet_file_error (error, RUNET_ERROR_FORMAT, path,
                        "expected %" G_GSIZE_FORMAT " bytes, found %" G_GSIZE_FORMAT,
                        length, done);
      return FALSE;
    }
  }
  return TRUE;
}

guint8 *
runet_file_read (const char *path,
                 gsize offset,
                 gsize length,
                 GCancellable *cancellable,
                 GError **error) {
  g_autofree guint8 *bytes = g_try_malloc (MAX (length, 1));
  if (bytes == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "%" G_GSIZE_FORMAT " bytes of memory are not to be had", length);
    return NULL;
  }
  FILE *file = g_fopen (path, "rb");
  if (file == NULL) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected a readable file, found: %s", g_strerror (errno));
    return NULL;
  }
  gboolean ok = fseeko (file, (off_t)offset, SEEK_SET) == 0;
  if (!ok)
    runet_file_error (error, RUNET_ERROR_FORMAT, path, "expected data, found: %s",
                      g_strerror (errno));
  ok = ok && read_bytes (file, path, bytes, length, cancellable, error);
  fclose (file);
  return ok ? g_steal_pointer (&bytes) : NULL;
}

GBytes *
runet_file_read_bytes (const char *path, GError **error) {
  gsize size;
  guint8 *data = runet_file_check (path, &size, error)
                     ? runet_file_read (path, 0, size, NULL, error)
                     : NULL;
  return data != NULL ? g_bytes_new_take (data, size) : NULL;
}

gboolean
runet_file_replace (const char *path,
                    const guint8 *bytes,
                    gsize length,
                    GError **error) {
  g_autoptr (GError) local = NULL;
  if (g_file_set_contents_full (
          path, (const char *)bytes, (gssize)length,
          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &local))
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, path, "expected to write it, found: %s",
                    local->message);
  return FALSE;
}

void
runet_folder_sync (const char *folder) {
  g_return_if_fail (folder != NULL);
  const int file = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (file < 0)
    return;
  fsync (file);
  close (file);
}

/* (nullable): without symbolic links; NULL where there is nothing. */
static char *
find_real (const char *absolute) {
  char *real = realpath (absolute, NULL);
  char *copy = g_strdup (real);
  free (real);
  return copy;
}

char *
runet_path_resolve (const char *path) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  char *real = find_real (absolute);
  return real != NULL ? real : g_steal_pointer (&absolute);
}

/* @path without symbolic links as far as it exists; what does not exist yet is kept as it is. */
static char *
resolve_existing (const char *path) {
  g_autofree char *left = g_canonicalize_filename (path, NULL);
  g_autofree char *missing = NULL;
  for (;;) {
    g_autofree char *real = find_real (left);
    if (real != NULL)
      return missing != NULL ? g_build_filename (real, missing, NULL)
                             : g_steal_pointer (&real);
    g_autofree char *name = g_path_get_basename (left);
    g_autofree char *tail = g_steal_pointer (&missing);
    missing = tail != NULL ? g_build_filename (name, tail, NULL) : g_strdup (name);
    char *parent = g_path_get_dirname (left);
    g_free (left);
    left = parent;
  }
}

gboolean
runet_path_is_inside (const char *path, const char *folder) {
  g_return_val_if_fail (path != NULL && folder != NULL, FALSE);
  g_autofree char *inside = resolve_existing (path);
  g_autofree char *outside = resolve_existing (folder);
  const gsize length = strlen (outside);
  if (strncmp (inside, outside, length) != 0)
    return FALSE;
  return inside[length] == '\0' || inside[length] == G_DIR_SEPARATOR ||
         g_str_equal (outside, G_DIR_SEPARATOR_S);
}
