/* A folder that appears when it is whole: it is filled under a temporary name beside its place, and gets its name at the
 * end. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RunetStagedFolder RunetStagedFolder;

/**
 * runet_staged_folder_new:
 * @path: where it shall be, without '/' at its end; the folder that it lies in is made with its parents
 * @own: whether that folder is the program's own. Then it is for nobody else to look into
 *
 * Removes what earlier ones left when they were killed more than a day ago: those with the name of @path, and if @own
 * those with any name. Errors: %RUNET_ERROR_WRITE.
 */
RunetStagedFolder *
runet_staged_folder_new (const char *path,
                         gboolean own,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was not committed is gone without a trace. */
void
runet_staged_folder_free (RunetStagedFolder *self);

/* (transfer none): where files are to be written now. Not after it was committed. */
const char *
runet_staged_folder_get_path (const RunetStagedFolder *self);

/* Gives it its name, which outlives a loss of power. Not over a folder with content: that is %RUNET_ERROR_WRITE too. */
gboolean
runet_staged_folder_commit (RunetStagedFolder *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetStagedFolder, runet_staged_folder_free)

G_END_DECLS
