/* Getting in masks that were made elsewhere: as another author's version, beside the model's and everybody's. */
#pragma once

#include "core/base/progress.h"
#include "core/echo/dataset.h"

G_BEGIN_DECLS

/* The tool that edits made by an import are of. */
#define RUNET_TOOL_IMPORT "import"

/**
 * RunetImportOptions:
 * @record: path of the record, made when it is not there
 * @dataset: path of the data set, which is only read
 * @masks: a folder of label maps, in it or in folders below it, with names as CAMUS has them:
 *   patient0001_4CH_ED_gt.nii.gz, or _pred, or no suffix; patient0001_4CH_frame07_gt.nii.gz for other frames of the
 *   sequence; in any format that can be read
 * @author: whose version it becomes
 * @accept: also accepts the views that masks were found of
 * @cache: (nullable): path of the cache of results, where what the model said of the images is looked for: the
 *   version began with it, or else with the mask itself
 */
typedef struct {
  const char *record;
  const char *dataset;
  const char *masks;
  const char *author;
  gboolean accept;
  const char *cache;
} RunetImportOptions;

/**
 * RunetImport:
 * @imported: frames that are new; @unchanged: that the author's version already was; @accepted: views
 * @problems: (element-type utf8): one line each; the other masks went on
 */
typedef struct {
  guint imported, unchanged, accepted;
  GPtrArray *problems;
} RunetImport;

/**
 * runet_import_run:
 *
 * Each frame is an event of its own, so that what was imported before a cancellation stays, and importing again goes
 * on from there. Errors: %RUNET_ERROR_MISSING for a folder that is not there or has no masks; those of the record
 * and of the data set; %G_IO_ERROR_CANCELLED.
 */
RunetImport *
runet_import_run (const RunetImportOptions *options,
                  RunetProgressFunc progress,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_import_free (RunetImport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetImport, runet_import_free)

G_END_DECLS
