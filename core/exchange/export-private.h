/* What the formats of an export share. Private to core/exchange. */
#pragma once

#include "core/echo/frame-reader.h"
#include "export-folder.h"
#include "export.h"
#include "json-writer.h"

G_BEGIN_DECLS

/**
 * RunetExportFrame: one frame on its way out
 * @labels: as somebody left it, on the grid of its image
 * @image: (nullable): path of that image; NULL when there is none and the grid is the record's
 * @image_name: (nullable): the same, relative to the data set
 */
typedef struct {
  const RunetVersion *version;
  const RunetCorrectedFrame *frame;
  RunetLabelMap *labels;
  char *image;
  char *image_name;
} RunetExportFrame;

/* FALSE with @error when the frame cannot be put on the grid of its image, or the image is another one by now.
 * @reader: to look at the image with. */
gboolean
runet_export_frame_init (RunetExportFrame *self,
                         const RunetVersions *versions,
                         const RunetVersion *version,
                         const RunetCorrectedFrame *frame,
                         RunetFrameReader *reader,
                         GCancellable *cancellable,
                         GError **error);
void
runet_export_frame_clear (RunetExportFrame *self);

/* "patient0001/patient0001_4CH_ED@ending" below @folder, with the subset where there is one. */
char *
runet_export_frame_name (const RunetExportFrame *self,
                         const char *folder,
                         const char *ending) G_GNUC_WARN_UNUSED_RESULT;

gboolean
runet_export_masks_add (RunetExportFolder *folder,
                        const RunetExportFrame *frame,
                        GError **error);
gboolean
runet_export_png_add (RunetExportFolder *folder,
                      const RunetExportFrame *frame,
                      GError **error);

/* COCO: three lists that grow together. */
typedef struct {
  RunetJsonWriter images, annotations;
  gint64 image_count, annotation_count;
} RunetExportCoco;

void
runet_export_coco_init (RunetExportCoco *self);
void
runet_export_coco_add (RunetExportCoco *self, const RunetExportFrame *frame);
gboolean
runet_export_coco_write (RunetExportCoco *self,
                         RunetExportFolder *folder,
                         GError **error);
void
runet_export_coco_clear (RunetExportCoco *self);

/* The contours of one structure as COCO wants them: closed, inside the image.
 * Returns: (transfer full) (element-type GArray of RunetPoint). */
GPtrArray *
runet_export_polygons (const RunetExportFrame *frame,
                       RunetStructure structure) G_GNUC_WARN_UNUSED_RESULT;

/* The contours of one version are an object: begin, its frames, end. */
void
runet_export_contours_begin (RunetJsonWriter *json, const RunetVersions *versions);
void
runet_export_contours_begin_version (RunetJsonWriter *json,
                                     const RunetVersion *version);
void
runet_export_contours_add (RunetJsonWriter *json, const RunetExportFrame *frame);
void
runet_export_contours_end_version (RunetJsonWriter *json);
gboolean
runet_export_contours_write (RunetJsonWriter *json,
                             RunetExportFolder *folder,
                             GError **error);

/* "measurements.csv" and "volumes.csv". */
gboolean
runet_export_csv_write (RunetExportFolder *folder,
                        const RunetVersions *versions,
                        GError **error);

#define RUNET_EXPORT_MANIFEST "manifest.json"
/* Of all files that are there. Sets the number of files of @result. */
gboolean
runet_export_manifest_write (RunetExportFolder *folder,
                             const RunetExportOptions *options,
                             RunetExport *result,
                             GCancellable *cancellable,
                             GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetExportFrame, runet_export_frame_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetExportCoco, runet_export_coco_clear)

G_END_DECLS
