/* A folder that appears when it is whole: files are gathered in a temporary folder beside it, and take its name at
 * the end. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RunetExportFolder RunetExportFolder;

/* @name: relative to the folder, with '/' between its parts. */
typedef struct {
  char *name;
  guint64 bytes;
  char *sha256;
} RunetExportedFile;

/**
 * runet_export_folder_new:
 * @path: where it shall be; made with its parents
 * @replace: whether files of a folder that is already there may be replaced; those with other names stay
 *
 * Errors: %RUNET_ERROR_WRITE, also for a folder that is there and not empty, unless @replace.
 */
RunetExportFolder *
runet_export_folder_new (const char *path,
                         gboolean replace,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was not committed is gone without a trace. */
void
runet_export_folder_free (RunetExportFolder *self);

/* (transfer full): where the file @name is to be written now; its folders are made. */
char *
runet_export_folder_place (RunetExportFolder *self,
                           const char *name,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean
runet_export_folder_write (RunetExportFolder *self,
                           const char *name,
                           const char *bytes,
                           gsize length,
                           GError **error);
/* (transfer full) (element-type RunetExportedFile): what there is so far, by name. Reads it all. */
GPtrArray *
runet_export_folder_list (RunetExportFolder *self,
                          GCancellable *cancellable,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives it its name. @last: the file that is moved after all others where the folder is already there: it says that
 * they are complete. */
gboolean
runet_export_folder_commit (RunetExportFolder *self, const char *last, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetExportFolder, runet_export_folder_free)

G_END_DECLS
