/* Files as a whole: checked before they are read, replaced only when complete. */
#pragma once

#include <gio/gio.h>
#include "core/base/error.h"

G_BEGIN_DECLS

/* Sets @error to "PATH: MESSAGE"; @path need not be UTF-8. */
void
runet_file_error (GError **error,
                  RunetError code,
                  const char *path,
                  const char *format,
                  ...) G_GNUC_PRINTF (4, 5);

/**
 * runet_file_check:
 * @size: (out): in bytes, above zero
 *
 * Errors: %RUNET_ERROR_MISSING when there is nothing at @path or it may not be read,
 * %RUNET_ERROR_FORMAT for a folder, a device, a pipe (which would block) or an empty file.
 */
gboolean
runet_file_check (const char *path, gsize *size, GError **error);

/**
 * runet_file_read:
 * @offset, @length: what to read; shorter files are %RUNET_ERROR_FORMAT
 *
 * The caller has compared @length with the size of the file. Returns: (transfer full)
 */
guint8 *
runet_file_read (const char *path,
                 gsize offset,
                 gsize length,
                 GCancellable *cancellable,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole file, for those that are small. Errors: those of runet_file_check() and runet_file_read(). */
GBytes *
runet_file_read_bytes (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes a temporary file in the same folder, syncs and renames it. On failure nothing is left
 * behind and what was at @path stays. Errors: %RUNET_ERROR_WRITE. */
gboolean
runet_file_replace (const char *path,
                    const guint8 *bytes,
                    gsize length,
                    GError **error);

/* So that the names in @folder, too, outlive a loss of power. A file system that cannot do it does without. */
void
runet_folder_sync (const char *folder);

/* (transfer full): @path made absolute, and without symbolic links where it exists: one name for one folder, by
 * whichever way it is reached. */
char *
runet_path_resolve (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @path is @folder or lies in it, by whatever links; neither need exist. */
gboolean
runet_path_is_inside (const char *path, const char *folder);

G_END_DECLS
