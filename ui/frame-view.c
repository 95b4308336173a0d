/* What is said of one frame of a clip, put on a canvas. */
#include "frame-view.h"

#include "fit.h"

/* What is told of a frame that was corrected. */
typedef struct {
  const RunetFrameResult *source;
  RunetLabelMap *labels; /* (nullable): the canvas remembers its outline */
} Corrected;

/* What the canvas is given of one frame; unpacked once. */
typedef struct {
  const RunetFrameResult *source; /* to see whether it is still current */
  RunetLabelMap *labels[RUNET_SHOWN_STAGES];
  GBytes *region; /* (nullable) */
} Unpacked;

struct _RunetFrameView {
  RunetCanvas *canvas; /* borrowed, as the next four */
  RunetCase *item;
  RunetClip *clip;
  RunetImage *image; /* the one in the canvas */
  gsize image_frame;
  guint frame;
  GHashTable *unpacked; /* frame → Unpacked */
  GHashTable *experts; /* frame → RunetLabelMap, single frames of a sequence's mask */
  GArray *pointed_out; /* (nullable): the one reason to mark */
  RunetSegmentation *experiment; /* (nullable): of the frame in view */
  GPtrArray *version; /* (nullable): what is shown in place of what counts */
  Corrected corrected; /* of the frame in view */
  gboolean editing; /* the canvas draws what is being corrected itself */
};

static void
unpacked_free (gpointer data) {
  Unpacked *unpacked = data;
  for (int i = 0; i < RUNET_SHOWN_STAGES; i++)
    g_clear_pointer (&unpacked->labels[i], runet_label_map_unref);
  g_clear_pointer (&unpacked->region, g_bytes_unref);
  g_free (unpacked);
}

static void
forget_corrected (RunetFrameView *self) {
  if (self->corrected.labels) {
    runet_canvas_set_labels (self->canvas, RUNET_OVERLAY_CORRECTED, NULL, 0);
    runet_canvas_forget_labels (self->canvas, self->corrected.labels);
  }
  g_clear_pointer (&self->corrected.labels, runet_label_map_unref);
  self->corrected.source = NULL;
}

RunetFrameView *
runet_frame_view_new (RunetCanvas *canvas) {
  RunetFrameView *self = g_new0 (RunetFrameView, 1);
  self->canvas = canvas;
  self->unpacked = g_hash_table_new_full (NULL, NULL, NULL, unpacked_free);
  self->experts =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)runet_label_map_unref);
  return self;
}

void
runet_frame_view_free (RunetFrameView *self) {
  if (!self)
    return;
  g_hash_table_unref (self->unpacked);
  g_hash_table_unref (self->experts);
  g_clear_pointer (&self->pointed_out, g_array_unref);
  g_clear_pointer (&self->experiment, runet_segmentation_unref);
  g_clear_pointer (&self->corrected.labels, runet_label_map_unref);
  g_clear_pointer (&self->version, g_ptr_array_unref);
  g_free (self);
}

void
runet_frame_view_clear (RunetFrameView *self) {
  g_hash_table_remove_all (self->unpacked);
  g_hash_table_remove_all (self->experts);
  runet_frame_view_point_out (self, NULL);
  runet_frame_view_set_experiment (self, NULL, NULL);
  forget_corrected (self);
  runet_frame_view_set_version (self, NULL);
  self->item = NULL;
  self->clip = NULL;
  self->image = NULL;
}

/* On the grid of the image that is shown. */
static Unpacked *
unpack (RunetFrameView *self, const RunetFrameResult *result) {
  Unpacked *found =
      g_hash_table_lookup (self->unpacked, GUINT_TO_POINTER (self->frame));
  if (found && found->source == result)
    return found;
  found = g_new0 (Unpacked, 1);
  found->source = result;
  const RunetGrid *grid = self->image->grid;
  for (int i = 0; i < RUNET_SHOWN_STAGES; i++) {
    g_autoptr (RunetLabelMap) map = runet_frame_result_unpack_labels (result, i);
    found->labels[i] = map ? runet_label_map_fit (map, 0, grid) : NULL;
  }
  g_autofree float *region = runet_frame_result_unpack_region (result);
  float *fitted = region ? runet_region_fit (region, result->grid, grid) : NULL;
  if (fitted)
    found->region =
        g_bytes_new_take (fitted, grid->width * grid->height * sizeof *fitted);
  g_hash_table_replace (self->unpacked, GUINT_TO_POINTER (self->frame), found);
  return found;
}

/* Spots are in pixels of the image that was analysed. */
static GArray *
list_reasons (RunetFrameView *self, const RunetFrameResult *result) {
  GArray *list = self->pointed_out ? g_array_copy (self->pointed_out)
                                   : runet_frame_result_list_reasons (result);
  const RunetGrid *grid = self->image->grid;
  for (guint i = 0; i < list->len; i++) {
    RunetReason *reason = &g_array_index (list, RunetReason, i);
    reason->x *= (double)grid->width / (double)result->grid->width;
    reason->y *= (double)grid->height / (double)result->grid->height;
  }
  return list;
}

/* @grid: of the image that was measured; @discs: (nullable). */
static void
show_measures (RunetFrameView *self,
               RunetOverlay overlay,
               const RunetDiscs *discs,
               const RunetGrid *grid) {
  RunetDiscs fitted = {0};
  if (discs)
    fitted = runet_discs_fit (discs, grid, self->image->grid);
  runet_canvas_set_measures (self->canvas, overlay, discs ? &fitted : NULL,
                             self->image_frame);
}

/* A stage of an experiment, on the grid of the image that is shown. */
static void
show_tried (RunetFrameView *self, RunetOverlay overlay, RunetLabelMap *labels) {
  const RunetGrid *grid = labels ? labels->grid : NULL;
  RunetDiscs discs = {0};
  if (labels)
    discs = runet_discs_measure (labels->labels, grid->width, grid->height,
                                 grid->spacing_x_mm, grid->spacing_y_mm);
  runet_canvas_set_labels (self->canvas, overlay, labels, self->image_frame);
  show_measures (self, overlay, labels ? &discs : NULL, grid);
}

/* What a changed refinement made of the frame. */
static void
show_experiment (RunetFrameView *self) {
  const RunetSegmentation *found = self->experiment;
  const guint last = found->stages - 1;
  const RunetGrid *grid = self->image->grid;
  const float *m = last > 0 ? found->regions[last - 1] : NULL;
  g_autoptr (GBytes) region =
      m ? g_bytes_new (m, grid->width * grid->height * sizeof *m) : NULL;
  show_tried (self, RUNET_OVERLAY_STAGE1, last > 0 ? found->labels[0] : NULL);
  show_tried (self, RUNET_OVERLAY_STAGE2, found->labels[last]);
  runet_canvas_set_region (self->canvas, region, self->image_frame);
  runet_canvas_set_reasons (self->canvas, NULL, self->image_frame);
}

static void
show_stage (RunetFrameView *self,
            RunetOverlay overlay,
            RunetLabelMap *labels,
            const RunetFrameResult *result,
            RunetShownStage shown) {
  const RunetStageResult *stage = result ? &result->stage[shown] : NULL;
  runet_canvas_set_labels (self->canvas, overlay, labels, self->image_frame);
  show_measures (self, overlay, stage && stage->packed ? &stage->discs : NULL,
                 result ? result->grid : NULL);
}

/* @result: (nullable): of what somebody drew. */
static void
show_corrected (RunetFrameView *self, const RunetFrameResult *result) {
  if (self->corrected.source != result) {
    forget_corrected (self);
    g_autoptr (RunetLabelMap) map =
        result ? runet_frame_result_unpack_labels (result, RUNET_SHOWN_LAST) : NULL;
    self->corrected.source = result;
    self->corrected.labels =
        map ? runet_label_map_fit (map, 0, self->image->grid) : NULL;
  }
  runet_canvas_set_labels (self->canvas, RUNET_OVERLAY_CORRECTED,
                           self->editing && !self->version ? NULL
                                                           : self->corrected.labels,
                           self->image_frame);
  show_measures (self, RUNET_OVERLAY_CORRECTED,
                 result ? &result->stage[RUNET_SHOWN_LAST].discs : NULL,
                 result ? result->grid : NULL);
}

/* @result: (nullable): the model's. @counts: (nullable): what the reasons are of. */
static void
show_result (RunetFrameView *self,
             const RunetFrameResult *result,
             const RunetFrameResult *counts) {
  static const Unpacked nothing;
  const Unpacked *unpacked = result ? unpack (self, result) : &nothing;
  g_autoptr (GArray) reasons = counts ? list_reasons (self, counts) : NULL;
  show_stage (self, RUNET_OVERLAY_STAGE1, unpacked->labels[RUNET_SHOWN_FIRST], result,
              RUNET_SHOWN_FIRST);
  show_stage (self, RUNET_OVERLAY_STAGE2, unpacked->labels[RUNET_SHOWN_LAST], result,
              RUNET_SHOWN_LAST);
  runet_canvas_set_region (self->canvas, unpacked->region, self->image_frame);
  runet_canvas_set_reasons (self->canvas, reasons, self->image_frame);
}

/* A map for this frame alone, which the canvas remembers the outline of. */
static RunetLabelMap *
find_expert (RunetFrameView *self, RunetLabelMap *map, gsize frame) {
  RunetLabelMap *one =
      g_hash_table_lookup (self->experts, GUINT_TO_POINTER (self->frame));
  if (!one) {
    one = runet_label_map_fit (map, frame, self->image->grid);
    if (one)
      g_hash_table_insert (self->experts, GUINT_TO_POINTER (self->frame), one);
  }
  return one;
}

static void
show_expert (RunetFrameView *self) {
  gsize frame;
  RunetLabelMap *map = runet_clip_get_expert (self->clip, self->frame, &frame);
  RunetLabelMap *one = map ? find_expert (self, map, frame) : NULL;
  runet_canvas_set_labels (self->canvas, RUNET_OVERLAY_EXPERT, one, self->image_frame);
  show_measures (self, RUNET_OVERLAY_EXPERT,
                 one ? self->clip->expert_discs[self->frame] : NULL,
                 map ? map->grid : NULL);
}

/* (nullable): on the image that is shown. */
static const RunetFrameResult *
find_corrected (RunetFrameView *self) {
  const GPtrArray *list =
      self->version ? self->version : runet_case_get_corrections (self->item);
  const RunetCaseCorrection *one =
      runet_case_corrections_find_frame (list, self->clip, self->frame);
  return one && runet_grid_same_extent (one->result->grid, self->image->grid)
             ? one->result
             : NULL;
}

guint
runet_frame_view_show (RunetFrameView *self,
                       RunetCase *item,
                       RunetClip *clip,
                       guint frame) {
  self->item = item;
  self->clip = clip;
  self->frame = frame;
  RunetImage *image = runet_clip_get_image (clip, frame, &self->image_frame);
  if (image != self->image)
    runet_canvas_set_image (self->canvas, image);
  self->image = image;
  runet_canvas_set_frame (self->canvas, self->image_frame);
  show_expert (self);
  if (self->experiment) {
    show_corrected (self, NULL);
    show_experiment (self);
    return self->experiment->stages;
  }
  const RunetFrameResult *result = runet_case_get_result (item, clip, frame);
  /* A result of another image, because the data set changed on disk, is not drawn. */
  if (result && !runet_grid_same_extent (result->grid, image->grid))
    result = NULL;
  const RunetFrameResult *corrected = find_corrected (self);
  show_result (self, result, corrected ? corrected : result);
  show_corrected (self, corrected);
  return result ? result->stages : 0;
}

gboolean
runet_frame_view_is_current (RunetFrameView *self,
                             guint frame,
                             const RunetFrameResult *result) {
  const Unpacked *shown =
      g_hash_table_lookup (self->unpacked, GUINT_TO_POINTER (frame));
  return result == (shown ? shown->source : NULL) &&
         (!self->image || find_corrected (self) == self->corrected.source);
}

void
runet_frame_view_set_version (RunetFrameView *self, GPtrArray *version) {
  g_clear_pointer (&self->version, g_ptr_array_unref);
  self->version = version ? g_ptr_array_ref (version) : NULL;
}

gboolean
runet_frame_view_set_editing (RunetFrameView *self, gboolean editing) {
  if (self->editing == editing)
    return FALSE;
  self->editing = editing;
  return TRUE;
}

void
runet_frame_view_point_out (RunetFrameView *self, const RunetReason *reason) {
  g_clear_pointer (&self->pointed_out, g_array_unref);
  if (!reason)
    return;
  self->pointed_out = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  g_array_append_vals (self->pointed_out, reason, 1);
}

gboolean
runet_frame_view_has_experiment (RunetFrameView *self) {
  return self->experiment != NULL;
}

/* Its contours go with its tag, also where the image stays a moment longer. */
static void
end_experiment (RunetFrameView *self) {
  runet_canvas_set_labels (self->canvas, RUNET_OVERLAY_STAGE1, NULL, 0);
  runet_canvas_set_labels (self->canvas, RUNET_OVERLAY_STAGE2, NULL, 0);
  runet_canvas_set_region (self->canvas, NULL, 0);
  for (guint i = 0; i < self->experiment->stages; i++)
    runet_canvas_forget_labels (self->canvas, self->experiment->labels[i]);
  g_clear_pointer (&self->experiment, runet_segmentation_unref);
  runet_canvas_set_tag (self->canvas, NULL);
}

gboolean
runet_frame_view_set_experiment (RunetFrameView *self,
                                 RunetSegmentation *found,
                                 const char *tag) {
  if (!found && !self->experiment)
    return FALSE;
  if (self->experiment)
    end_experiment (self);
  if (found) {
    self->experiment = runet_segmentation_ref (found);
    runet_canvas_set_tag (self->canvas, tag);
  }
  return TRUE;
}
