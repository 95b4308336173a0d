/* Getting corrected contours out: as masks, pictures, polygons, tables and a report, with where they come from. */
#pragma once

#include "core/base/progress.h"
#include "version.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_EXPORT_MASKS = 1 << 0, /* as CAMUS has them, in the image's own format */
  RUNET_EXPORT_PNG = 1 << 1, /* label maps with a palette */
  RUNET_EXPORT_COCO = 1 << 2, /* polygons */
  RUNET_EXPORT_CSV = 1 << 3, /* measurements and volumes */
  RUNET_EXPORT_CONTOURS = 1 << 4, /* splines with provenance */
  RUNET_EXPORT_PDF = 1 << 5, /* a report of the study */
} RunetExportFormats;
#define RUNET_EXPORT_ALL ((1 << 6) - 1)

/* @list: "masks,png,coco,csv,contours,pdf" or some of these. FALSE with @error, of %G_OPTION_ERROR, for any other. */
gboolean
runet_export_formats_from_string (const char *list,
                                  RunetExportFormats *formats,
                                  GError **error);

/* Volumes of one patient, of the frames that are exported: as the model said and as corrected. */
typedef struct {
  const RunetSubject *subject; /* of the first of the patient's views */
  GPtrArray *versions; /* (element-type RunetVersion): borrowed */
  RunetVolumes volumes[RUNET_SIDES];
} RunetPatientVolumes;

/* (transfer full) (element-type RunetPatientVolumes): in the order of @versions, which have been measured. */
GPtrArray *
runet_versions_list_volumes (const RunetVersions *versions) G_GNUC_WARN_UNUSED_RESULT;

/**
 * RunetExportReport: writes a report of @versions, which have been measured, to the PDF @path
 *
 * This library draws nothing; programs that can draw bring this along.
 */
typedef gboolean (*RunetExportReport) (RunetVersions *versions,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GError **error);

/**
 * RunetExportOptions:
 * @record: path of the record
 * @dataset: (nullable): path of the data set; without it masks are written on the grid that the record knows
 * @output: the folder that all is written to
 * @author, @unfinished: see runet_versions_new()
 * @replace: whether files of a folder that is already there may be replaced
 * @report: (nullable): needed for %RUNET_EXPORT_PDF
 */
typedef struct {
  const char *record;
  const char *dataset;
  const char *output;
  RunetExportFormats formats;
  const char *author;
  gboolean unfinished;
  gboolean replace;
  RunetExportReport report;
} RunetExportOptions;

/**
 * RunetExport: what was written and what was not
 * @versions: of which @views were written
 * @problems: (element-type utf8): one line each: a frame or a view that could not be read; the rest went on
 */
typedef struct {
  RunetVersions *versions;
  guint views, frames, files;
  GPtrArray *problems;
} RunetExport;

/**
 * runet_export_run:
 *
 * Everything is there at the end or nothing is: see runet_export_folder_new(). "manifest.json" lists all files with
 * their SHA-256, what was left out and why.
 *
 * Errors: %RUNET_ERROR_WRITE, also for an output inside or around the data set, which is never written to;
 * %RUNET_ERROR_MISSING when there is nothing to be exported; %RUNET_ERROR_UNSUPPORTED for a report that this program
 * cannot draw; those of the record and of the data set; %G_IO_ERROR_CANCELLED.
 */
RunetExport *
runet_export_run (const RunetExportOptions *options,
                  RunetProgressFunc progress,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_export_free (RunetExport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetExport, runet_export_free)

G_END_DECLS
