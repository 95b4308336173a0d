/* What a model sees in one image, all frames together, and the files that this becomes. */
#include "segment-result.h"

#include <string.h>
#include "core/base/error.h"

void
runet_segment_result_free (RunetSegmentResult *result) {
  if (result == NULL)
    return;
  for (guint k = 0; k < result->stages; k++) {
    runet_label_map_unref (result->labels[k]);
    g_free (result->regions[k]);
    g_free (result->probabilities[k]);
  }
  for (gsize f = 0; f < result->grid->frames; f++)
    runet_anatomy_free (result->anatomy[f]);
  g_free (result->labels);
  g_free (result->regions);
  g_free (result->probabilities);
  g_free (result->anatomy);
  runet_grid_unref (result->grid);
  g_free (result);
}

static float *
try_planes (const RunetGrid *grid, gsize planes, GError **error) {
  float *values = g_try_malloc0_n (grid->width * grid->height, planes * sizeof (float));
  if (values == NULL)
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "expected memory for %" G_GSIZE_FORMAT " planes of %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT ", found none",
                 planes, grid->width, grid->height);
  return values;
}

/* Room for all frames of what was asked for. @first: the first of them. */
static RunetSegmentResult *
allocate (RunetGrid *grid,
          const RunetSegmentation *first,
          const RunetSegmentOutputs *outputs,
          GError **error) {
  g_autoptr (RunetSegmentResult) result = g_new0 (RunetSegmentResult, 1);
  result->grid = runet_grid_ref (grid);
  result->stages = first->stages;
  result->classes = first->classes;
  result->labels = g_new0 (RunetLabelMap *, first->stages);
  result->regions = g_new0 (float *, first->stages);
  result->probabilities = g_new0 (float *, first->stages);
  result->anatomy = g_new0 (RunetAnatomy *, grid->frames);
  for (guint k = 0; k < first->stages; k++) {
    if (outputs->stages || k + 1 == first->stages)
      if ((result->labels[k] = runet_label_map_new (grid, error)) == NULL)
        return NULL;
    if (first->regions[k] != NULL)
      if ((result->regions[k] = try_planes (grid, grid->frames, error)) == NULL)
        return NULL;
    if (first->probabilities[k] != NULL)
      if ((result->probabilities[k] =
               try_planes (grid, grid->frames * first->classes, error)) == NULL)
        return NULL;
  }
  return g_steal_pointer (&result);
}

static void
store (RunetSegmentResult *result, gsize frame, const RunetSegmentation *from) {
  gsize area = result->grid->width * result->grid->height;
  for (guint k = 0; k < result->stages; k++) {
    if (result->labels[k] != NULL)
      memcpy (result->labels[k]->labels + frame * area, from->labels[k]->labels, area);
    if (result->regions[k] != NULL)
      memcpy (result->regions[k] + frame * area, from->regions[k],
              area * sizeof (float));
    if (result->probabilities[k] != NULL)
      memcpy (result->probabilities[k] + frame * area * result->classes,
              from->probabilities[k], area * result->classes * sizeof (float));
  }
}

RunetSegmentResult *
runet_segment_result_new (RunetSegmenter *segmenter,
                          const RunetImage *image,
                          const RunetSegmentOutputs *outputs,
                          GCancellable *cancellable,
                          GError **error) {
  RunetSegmentFlags flags = (outputs->raw ? RUNET_SEGMENT_RAW : 0) |
                            (outputs->probabilities ? RUNET_SEGMENT_PROBABILITIES : 0) |
                            (outputs->roi ? 0 : RUNET_SEGMENT_NO_REGIONS);
  g_autoptr (RunetSegmentResult) result = NULL;
  /* One frame after the other, so that only what was asked for is held of all frames. */
  for (gsize f = 0; f < image->grid->frames; f++) {
    g_autoptr (RunetSegmentation) one =
        runet_segmenter_run (segmenter, image, f, flags, cancellable, error);
    if (one == NULL)
      return NULL;
    if (result == NULL)
      result = allocate (image->grid, one, outputs, error);
    if (result == NULL)
      return NULL;
    store (result, f, one);
  }
  return g_steal_pointer (&result);
}

void
runet_segment_result_measure (RunetSegmentResult *result, gsize frame) {
  const RunetGrid *grid = result->grid;
  const RunetLabelMap *map = result->labels[result->stages - 1];
  result->anatomy[frame] =
      runet_anatomy_new (runet_label_map_frame (map, frame), grid->width, grid->height,
                         grid->spacing_x_mm, grid->spacing_y_mm);
}

static void
free_file (gpointer data) {
  RunetSegmentFile *file = data;
  g_free (file->path);
  g_free (file);
}

/* Adds "FOLDER/STEM_roi1.nii.gz" for @format and its arguments. Returns the file, to be filled. */
static RunetSegmentFile *
add_file (GPtrArray *files,
          const RunetSegmentResult *result,
          const RunetSegmentJob *job,
          const char *extension,
          const char *format,
          ...) G_GNUC_PRINTF (5, 6);

static RunetSegmentFile *
add_file (GPtrArray *files,
          const RunetSegmentResult *result,
          const RunetSegmentJob *job,
          const char *extension,
          const char *format,
          ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *suffix = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *name = g_strdup_printf ("%s_%s.%s", job->stem, suffix, extension);
  RunetSegmentFile *file = g_new0 (RunetSegmentFile, 1);
  file->path = g_build_filename (job->folder, name, NULL);
  file->grid = result->grid;
  g_ptr_array_add (files, file);
  return file;
}

GPtrArray *
runet_segment_result_list (const RunetSegmentResult *result,
                           const RunetSegmentJob *job,
                           const RunetSegmentOutputs *outputs) {
  GPtrArray *files = g_ptr_array_new_with_free_func (free_file);
  const char *extension = runet_format_extension (result->grid->format);
  gsize frames = result->grid->frames;
  add_file (files, result, job, extension, "pred")->labels =
      result->labels[result->stages - 1];
  for (guint k = 0; k < result->stages; k++) {
    if (outputs->stages)
      add_file (files, result, job, extension, "stage%u", k + 1)->labels =
          result->labels[k];
    if (result->regions[k] != NULL) {
      RunetSegmentFile *file = add_file (files, result, job, "nii.gz", "roi%u", k + 1);
      file->values = result->regions[k];
      file->planes = frames;
    }
    if (result->probabilities[k] != NULL) {
      RunetSegmentFile *file =
          add_file (files, result, job, "nii.gz", "stage%u_prob", k + 1);
      file->values = result->probabilities[k];
      file->planes = frames * result->classes;
    }
  }
  return files;
}

gboolean
runet_segment_file_write (const RunetSegmentFile *file, GError **error) {
  if (file->labels != NULL)
    return runet_label_map_write (file->labels, file->path, error);
  return runet_planes_write (file->grid, file->values, file->planes, file->path, error);
}
