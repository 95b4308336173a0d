/* One view's ED and ES, read from the stills or from the frames of the sequence. */
#include "dataset.h"

#include <math.h>
#include <string.h>

#include "file.h"

/* Where an instant is: a still, or a frame (1-based) of a sequence. */
typedef struct {
  const char *path;
  int frame; /* 0 for a still */
} Source;

static gboolean
find_source (const RunetViewFiles *files,
             RunetInstant instant,
             gboolean mask,
             Source *source,
             GError **error) {
  const char *still = mask ? files->still_mask[instant] : files->still[instant];
  const char *sequence = mask ? files->sequence_mask : files->sequence;
  *source = (Source){still, 0};
  if (still != NULL)
    return TRUE;
  *source = (Source){sequence, files->frame[instant]};
  if (sequence != NULL && source->frame > 0)
    return TRUE;
  g_set_error (
      error, RUNET_ERROR, RUNET_ERROR_MISSING,
      "%s %s: expected %s, found neither a still nor a known frame of a sequence",
      runet_view_to_string (files->view), runet_instant_to_string (instant),
      mask ? "an expert mask" : "an image");
  return FALSE;
}

/* A still has one frame; a sequence has the frame that the cfg names. */
static gboolean
check_frame (const Source *source, const RunetGrid *grid, GError **error) {
  if (source->frame == 0 ? grid->frames == 1 : (gsize)source->frame <= grid->frames)
    return TRUE;
  if (source->frame == 0)
    runet_file_error (error, RUNET_ERROR_FORMAT, source->path,
                      "expected one frame, found %" G_GSIZE_FORMAT, grid->frames);
  else
    runet_file_error (error, RUNET_ERROR_FORMAT, source->path,
                      "expected %d frames or more, found %" G_GSIZE_FORMAT,
                      source->frame, grid->frames);
  return FALSE;
}

gboolean
runet_view_has_still (const RunetViewFiles *files, RunetInstant instant) {
  g_return_val_if_fail (files != NULL && (guint)instant < RUNET_INSTANTS, FALSE);
  Source source;
  return find_source (files, instant, FALSE, &source, NULL);
}

gboolean
runet_view_has_still_mask (const RunetViewFiles *files, RunetInstant instant) {
  g_return_val_if_fail (files != NULL && (guint)instant < RUNET_INSTANTS, FALSE);
  Source source;
  return find_source (files, instant, TRUE, &source, NULL);
}

gsize
runet_view_count_pixels (const RunetViewFiles *files, RunetInstant instant) {
  g_return_val_if_fail (files != NULL && (guint)instant < RUNET_INSTANTS, 0);
  Source source;
  gsize pixels = 0;
  g_autoptr (RunetGrid) grid = NULL;
  if (find_source (files, instant, FALSE, &source, NULL))
    grid = runet_grid_read (source.path, NULL);
  if (grid != NULL)
    runet_grid_count_pixels (grid, &pixels);
  return pixels;
}

RunetImage *
runet_view_read_still (const RunetViewFiles *files,
                       RunetInstant instant,
                       GCancellable *cancellable,
                       GError **error) {
  g_return_val_if_fail (files != NULL && (guint)instant < RUNET_INSTANTS, NULL);
  Source source;
  if (!find_source (files, instant, FALSE, &source, error))
    return NULL;
  g_autoptr (RunetImage) image = runet_image_read (source.path, cancellable, error);
  if (image == NULL || !check_frame (&source, image->grid, error))
    return NULL;
  if (source.frame == 0)
    return g_steal_pointer (&image);
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (image->grid, 1);
  RunetImage *still = runet_image_new (grid, error);
  if (still != NULL)
    memcpy (still->pixels, runet_image_frame (image, (gsize)source.frame - 1),
            grid->width * grid->height * sizeof (float));
  return still;
}

RunetLabelMap *
runet_view_read_still_mask (const RunetViewFiles *files,
                            RunetInstant instant,
                            GCancellable *cancellable,
                            GError **error) {
  g_return_val_if_fail (files != NULL && (guint)instant < RUNET_INSTANTS, NULL);
  Source source;
  if (!find_source (files, instant, TRUE, &source, error))
    return NULL;
  g_autoptr (RunetLabelMap) map =
      runet_label_map_read (source.path, cancellable, error);
  if (map == NULL || !check_frame (&source, map->grid, error))
    return NULL;
  if (source.frame == 0)
    return g_steal_pointer (&map);
  return runet_label_map_extract (map, (gsize)source.frame - 1, error);
}

/* @first where it is known. */
static double
prefer (double first, double second) {
  return isfinite (first) ? first : second;
}

RunetGivenVolumes
runet_patient_get_given_volumes (const RunetPatient *patient) {
  RunetGivenVolumes given = {NAN, NAN, NAN};
  g_return_val_if_fail (patient != NULL, given);
  for (guint v = 0; v < RUNET_VIEWS; v++) {
    const RunetViewFiles *files = &patient->views[v];
    if (!files->present)
      continue;
    given.edv_ml = prefer (given.edv_ml, files->edv_ml);
    given.esv_ml = prefer (given.esv_ml, files->esv_ml);
    given.ejection_fraction_percent =
        prefer (given.ejection_fraction_percent, files->ejection_fraction_percent);
  }
  return given;
}
