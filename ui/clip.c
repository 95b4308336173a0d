/* A clip: the frames of one view opened for looking at, with the expert's masks beside them. */
#include "clip.h"
#include "core/base/error.h"
#include "fit.h"

#include <math.h>
#include <glib/gi18n-lib.h>

static void
note (RunetClip *clip, const char *message) {
  g_ptr_array_add (clip->problems, g_strdup (message));
}

static gboolean
fits (const RunetGrid *image, const RunetLabelMap *mask) {
  return image->width == mask->grid->width && image->height == mask->grid->height &&
         image->frames == mask->grid->frames;
}

/* A still's mask beside a sequence at another resolution is of use all the same. */
static gboolean
fits_sequence (const RunetGrid *sequence, const RunetLabelMap *mask) {
  return mask->grid->frames == 1 && runet_grid_same_extent (sequence, mask->grid);
}

/* (transfer full) (nullable): @mask when it was read and fits; else a problem. */
static RunetLabelMap *
accept_mask (RunetClip *clip,
             const RunetGrid *grid,
             RunetLabelMap *mask,
             gboolean fitting,
             const char *path,
             const GError *error) {
  if (!mask) {
    note (clip, error->message);
    return NULL;
  }
  if (fitting)
    return mask;
  g_autofree char *message = g_strdup_printf (
      _ ("%s: expected a mask of %zu × %zu × %zu as its image, found %zu × %zu × %zu"),
      path, grid->width, grid->height, grid->frames, mask->grid->width,
      mask->grid->height, mask->grid->frames);
  note (clip, message);
  runet_label_map_unref (mask);
  return NULL;
}

static RunetLabelMap *
read_still_mask (RunetClip *clip,
                 const RunetViewFiles *files,
                 RunetInstant instant,
                 const RunetGrid *grid,
                 GCancellable *cancellable) {
  if (!files->still_mask[instant])
    return NULL;
  g_autoptr (GError) error = NULL;
  RunetLabelMap *mask =
      runet_view_read_still_mask (files, instant, cancellable, &error);
  gboolean fitting =
      mask && (clip->sequence ? fits_sequence (grid, mask) : fits (grid, mask));
  return accept_mask (clip, grid, mask, fitting, files->still_mask[instant], error);
}

static void
read_masks_of_sequence (RunetClip *clip,
                        const RunetViewFiles *files,
                        GCancellable *cancellable) {
  const RunetGrid *grid = clip->images[0]->grid;
  if (files->sequence_mask) {
    g_autoptr (GError) error = NULL;
    RunetLabelMap *mask =
        runet_label_map_read (files->sequence_mask, cancellable, &error);
    clip->sequence_mask = accept_mask (clip, grid, mask, mask && fits (grid, mask),
                                       files->sequence_mask, error);
    if (clip->sequence_mask)
      return;
  }
  for (int i = 0; i < RUNET_INSTANTS; i++)
    clip->masks[i] = read_still_mask (clip, files, i, grid, cancellable);
}

/* FALSE when the sequence cannot stand for the view: the stills are shown then. */
static gboolean
open_sequence (RunetClip *clip,
               const RunetViewFiles *files,
               GCancellable *cancellable) {
  if (!files->sequence)
    return FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetImage) image =
      runet_image_read (files->sequence, cancellable, &error);
  if (!image) {
    note (clip, error->message);
    return FALSE;
  }
  gboolean stills = files->still[RUNET_INSTANT_ED] || files->still[RUNET_INSTANT_ES];
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    gboolean known =
        files->frame[i] >= 1 && (gsize)files->frame[i] <= image->grid->frames;
    if (known) {
      clip->instant_frame[i] = files->frame[i] - 1;
      continue;
    }
    g_autofree char *message = g_strdup_printf (
        _ ("%s: expected %s to be one of its %zu frames, found frame %d"),
        files->sequence, runet_instant_to_string (i), image->grid->frames,
        files->frame[i]);
    note (clip, message);
    if (stills) {
      clip->instant_frame[RUNET_INSTANT_ED] = clip->instant_frame[RUNET_INSTANT_ES] =
          -1;
      return FALSE;
    }
  }
  clip->sequence = TRUE;
  clip->frames = (guint)image->grid->frames;
  clip->images[0] = g_steal_pointer (&image);
  read_masks_of_sequence (clip, files, cancellable);
  return TRUE;
}

static gboolean
open_stills (RunetClip *clip,
             const RunetViewFiles *files,
             GCancellable *cancellable,
             GError **error) {
  g_autoptr (GError) first = NULL;
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    if (!files->still[i])
      continue;
    g_autoptr (GError) local = NULL;
    g_autoptr (RunetImage) image =
        runet_view_read_still (files, i, cancellable, &local);
    if (!image) {
      note (clip, local->message);
      if (!first)
        first = g_steal_pointer (&local);
      continue;
    }
    guint frame = clip->frames++;
    clip->instant_frame[i] = (int)frame;
    clip->masks[i] = read_still_mask (clip, files, i, image->grid, cancellable);
    clip->images[i] = g_steal_pointer (&image);
  }
  if (clip->frames > 0)
    return TRUE;
  if (first)
    g_propagate_error (error, g_steal_pointer (&first));
  else if (clip->problems->len > 0)
    g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                         clip->problems->pdata[0]);
  else
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 _ ("%s: expected an image of this view, found none"),
                 runet_view_to_string (files->view));
  return FALSE;
}

static void
describe_experts (RunetClip *clip) {
  clip->experts = g_new0 (RunetAnatomy *, clip->frames);
  clip->expert_discs = g_new0 (RunetDiscs *, clip->frames);
  for (guint frame = 0; frame < clip->frames; frame++) {
    gsize map_frame = 0;
    RunetLabelMap *map = runet_clip_get_expert (clip, frame, &map_frame);
    if (!map)
      continue;
    const guint8 *labels = runet_label_map_frame (map, map_frame);
    const RunetGrid *grid = map->grid;
    clip->experts[frame] = runet_anatomy_new (labels, grid->width, grid->height,
                                              grid->spacing_x_mm, grid->spacing_y_mm);
    const RunetDiscs discs = runet_discs_measure (
        labels, grid->width, grid->height, grid->spacing_x_mm, grid->spacing_y_mm);
    clip->expert_discs[frame] = g_memdup2 (&discs, sizeof discs);
  }
}

RunetClip *
runet_clip_new (const RunetViewFiles *files,
                GCancellable *cancellable,
                GError **error) {
  g_return_val_if_fail (files != NULL, NULL);

  g_autoptr (RunetClip) clip = g_new0 (RunetClip, 1);
  g_atomic_ref_count_init (&clip->references);
  clip->instant_frame[RUNET_INSTANT_ED] = clip->instant_frame[RUNET_INSTANT_ES] = -1;
  clip->frame_rate_hz = files->frame_rate_hz;
  clip->problems = g_ptr_array_new_with_free_func (g_free);
  if (!open_sequence (clip, files, cancellable) &&
      !open_stills (clip, files, cancellable, error))
    return NULL;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  describe_experts (clip);
  return g_steal_pointer (&clip);
}

RunetClip *
runet_clip_ref (RunetClip *clip) {
  g_return_val_if_fail (clip != NULL, NULL);
  g_atomic_ref_count_inc (&clip->references);
  return clip;
}

void
runet_clip_unref (RunetClip *clip) {
  g_return_if_fail (clip != NULL);
  if (!g_atomic_ref_count_dec (&clip->references))
    return;
  for (guint frame = 0; clip->experts && frame < clip->frames; frame++) {
    g_clear_pointer (&clip->experts[frame], runet_anatomy_free);
    g_free (clip->expert_discs[frame]);
  }
  g_free (clip->experts);
  g_free (clip->expert_discs);
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    g_clear_pointer (&clip->images[i], runet_image_unref);
    g_clear_pointer (&clip->masks[i], runet_label_map_unref);
  }
  g_clear_pointer (&clip->sequence_mask, runet_label_map_unref);
  g_clear_pointer (&clip->problems, g_ptr_array_unref);
  g_free (clip);
}

RunetImage *
runet_clip_get_image (const RunetClip *clip, guint frame, gsize *image_frame) {
  g_return_val_if_fail (frame < clip->frames, NULL);
  RunetInstant instant;
  *image_frame = 0;
  if (clip->sequence) {
    *image_frame = frame;
    return clip->images[0];
  }
  return runet_clip_get_instant (clip, frame, &instant) ? clip->images[instant] : NULL;
}

RunetLabelMap *
runet_clip_get_expert (const RunetClip *clip, guint frame, gsize *map_frame) {
  g_return_val_if_fail (frame < clip->frames, NULL);
  RunetInstant instant;
  *map_frame = 0;
  if (clip->sequence_mask) {
    *map_frame = frame;
    return clip->sequence_mask;
  }
  return runet_clip_get_instant (clip, frame, &instant) ? clip->masks[instant] : NULL;
}

gboolean
runet_clip_get_instant (const RunetClip *clip, guint frame, RunetInstant *instant) {
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (clip->instant_frame[i] == (int)frame) {
      *instant = i;
      return TRUE;
    }
  return FALSE;
}

RunetInstant
runet_clip_nearest_instant (const RunetClip *clip, guint frame) {
  int ed = clip->instant_frame[RUNET_INSTANT_ED];
  int es = clip->instant_frame[RUNET_INSTANT_ES];
  if (es < 0 || ed < 0)
    return es < 0 ? RUNET_INSTANT_ED : RUNET_INSTANT_ES;
  return ABS ((int)frame - ed) <= ABS ((int)frame - es) ? RUNET_INSTANT_ED
                                                        : RUNET_INSTANT_ES;
}
