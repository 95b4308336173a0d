/* One frame on its way out, and the files of which each has its own: masks and pictures. */
#include <string.h>

#include "core/base/error.h"
#include "core/echo/file.h"
#include "core/echo/image.h"
#include "export-private.h"

/* A folder's name and nothing else: what a record says may not lead out of the output. */
static gboolean
is_plain_name (const char *name) {
  return *name != '\0' && strchr (name, G_DIR_SEPARATOR) == NULL &&
         !g_str_equal (name, ".") && !g_str_equal (name, "..");
}

static gboolean
check_subject (const RunetSubject *subject, GError **error) {
  if (is_plain_name (subject->patient) &&
      (subject->subset == NULL || is_plain_name (subject->subset)))
    return TRUE;
  g_autofree char *name = runet_subject_display_name (subject);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
               "expected the name of a patient's folder, found \"%s\"", name);
  return FALSE;
}

/* (transfer none) (nullable): the file that has the frame. */
static const char *
find_image (const RunetVersion *version, const RunetCorrectedFrame *frame) {
  if (version->patient == NULL)
    return NULL;
  const RunetViewFiles *files = &version->patient->views[version->subject.view];
  const char *still = frame->instant >= 0 ? files->still[frame->instant] : NULL;
  return still != NULL ? still : files->sequence;
}

/* (transfer full): of one frame. */
static RunetGrid *
find_grid (const char *image, const RunetGrid *known, GError **error) {
  /* The record knows how large the image is, not how it was stored. */
  if (image == NULL)
    return runet_grid_new (known->width, known->height, 1, known->spacing_x_mm,
                           known->spacing_y_mm, RUNET_FORMAT_NIFTI_GZ,
                           RUNET_PIXEL_UINT8);
  g_autoptr (RunetGrid) grid = runet_grid_read (image, error);
  if (grid == NULL)
    return NULL;
  if (grid->width != known->width || grid->height != known->height) {
    g_autofree char *name = g_filename_display_name (image);
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "%s: expected the %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " pixels that were corrected, found %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT,
                 name, known->width, known->height, grid->width, grid->height);
    return NULL;
  }
  return grid->frames == 1 ? g_steal_pointer (&grid) : runet_grid_with_frames (grid, 1);
}

/* Contours lie on the image that somebody saw, and on no other. */
static gboolean
check_content (const RunetVersion *version,
               const RunetCorrectedFrame *frame,
               const char *image,
               RunetFrameReader *reader,
               GCancellable *cancellable,
               GError **error) {
  const char *content =
      runet_reading_find_content (version->reading, frame->instant, frame->frame);
  if (content == NULL)
    return TRUE;
  g_autofree char *found =
      runet_frame_reader_hash (reader, &version->patient->views[version->subject.view],
                               frame->instant, frame->frame, cancellable, error);
  if (found == NULL || g_str_equal (found, content))
    return found != NULL;
  runet_file_error (error, RUNET_ERROR_MISMATCH, image,
                    "expected the image that the contours are of (%.12s), found "
                    "another one (%.12s): it has changed",
                    content, found);
  return FALSE;
}

gboolean
runet_export_frame_init (RunetExportFrame *self,
                         const RunetVersions *versions,
                         const RunetVersion *version,
                         const RunetCorrectedFrame *frame,
                         RunetFrameReader *reader,
                         GCancellable *cancellable,
                         GError **error) {
  *self = (RunetExportFrame){.version = version, .frame = frame};
  if (!check_subject (&version->subject, error))
    return FALSE;
  const char *image = find_image (version, frame);
  g_autoptr (RunetGrid) grid = find_grid (image, frame->correction->grid, error);
  if (grid == NULL || (image != NULL && !check_content (version, frame, image, reader,
                                                        cancellable, error)))
    return FALSE;
  self->labels = runet_correction_to_label_map (frame->correction, grid, error);
  self->image = g_strdup (image);
  if (image != NULL) {
    const char *root = versions->dataset->path;
    const gsize length = strlen (root);
    self->image_name = g_str_has_prefix (image, root) && image[length] == '/'
                           ? g_strdup (image + length + 1)
                           : g_path_get_basename (image);
  }
  return self->labels != NULL;
}

void
runet_export_frame_clear (RunetExportFrame *self) {
  g_clear_pointer (&self->labels, runet_label_map_unref);
  g_clear_pointer (&self->image, g_free);
  g_clear_pointer (&self->image_name, g_free);
}

char *
runet_export_frame_name (const RunetExportFrame *self,
                         const char *folder,
                         const char *ending) {
  const RunetSubject *subject = &self->version->subject;
  g_autofree char *stem =
      runet_version_stem (self->version, self->frame->instant, self->frame->frame);
  g_autofree char *file = g_strconcat (stem, ending, NULL);
  return subject->subset != NULL
             ? g_build_filename (folder, subject->subset, subject->patient, file, NULL)
             : g_build_filename (folder, subject->patient, file, NULL);
}

gboolean
runet_export_masks_add (RunetExportFolder *folder,
                        const RunetExportFrame *frame,
                        GError **error) {
  g_autofree char *ending =
      g_strconcat ("_gt.", runet_format_extension (frame->labels->grid->format), NULL);
  g_autofree char *name = runet_export_frame_name (frame, "masks", ending);
  g_autofree char *path = runet_export_folder_place (folder, name, error);
  return path != NULL && runet_label_map_write (frame->labels, path, error);
}

gboolean
runet_export_png_add (RunetExportFolder *folder,
                      const RunetExportFrame *frame,
                      GError **error) {
  g_autofree char *name = runet_export_frame_name (frame, "png", ".png");
  g_autofree char *path = runet_export_folder_place (folder, name, error);
  return path != NULL && runet_label_map_write_indexed (frame->labels, path, error);
}
