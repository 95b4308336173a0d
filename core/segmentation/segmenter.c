/* From a frame to what both stages say of it, on the frame's own grid.
 *
 * Dimension legend: H rows, W columns of the frame; S rows and columns of the network. */
#include "segmenter.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/finite.h"
#include "core/shape/mask.h"
#include "resample.h"

/* CAMUS greys are 0 … 255, the network's input 0 … 1. */
#define GREY_SCALE (1.0f / 255.0f)

struct _RunetSegmenter {
  RunetModel *model;
  RunetEngine *engine;
  RunetPlan *plan;
  gsize batch;
};

RunetSegmentation *
runet_segmentation_ref (RunetSegmentation *segmentation) {
  g_return_val_if_fail (segmentation != NULL, NULL);
  g_atomic_ref_count_inc (&segmentation->references);
  return segmentation;
}

void
runet_segmentation_unref (RunetSegmentation *segmentation) {
  if (segmentation == NULL || !g_atomic_ref_count_dec (&segmentation->references))
    return;
  for (guint k = 0; k < segmentation->stages; k++) {
    runet_label_map_unref (segmentation->labels[k]);
    g_free (segmentation->regions[k]);
    g_free (segmentation->probabilities[k]);
  }
  g_free (segmentation->labels);
  g_free (segmentation->regions);
  g_free (segmentation->probabilities);
  g_free (segmentation);
}

RunetSegmenter *
runet_segmenter_new (RunetModel *model,
                     RunetEngine *engine,
                     gsize batch,
                     GError **error) {
  g_return_val_if_fail (model != NULL && engine != NULL && batch > 0, NULL);
  const RunetHyperparameters *hyperparameters = &model->hyperparameters;
  if (hyperparameters->classes > RUNET_LABELS) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "%s: expected at most %d classes, found %" G_GSIZE_FORMAT,
                 model->path ? model->path : "model", RUNET_LABELS,
                 hyperparameters->classes);
    return NULL;
  }
  gsize size = hyperparameters->input_size;
  g_autoptr (RunetPlan) plan = runet_plan_new (engine, model->graph, batch, size, size,
                                               RUNET_PLAN_INFERENCE, error);
  if (plan == NULL)
    return NULL;
  runet_plan_set_parameters (plan, (const float *const *)model->parameters);

  RunetSegmenter *segmenter = g_new0 (RunetSegmenter, 1);
  segmenter->model = runet_model_ref (model);
  segmenter->engine = runet_engine_ref (engine);
  segmenter->plan = g_steal_pointer (&plan);
  segmenter->batch = batch;
  return segmenter;
}

void
runet_segmenter_free (RunetSegmenter *segmenter) {
  if (segmenter == NULL)
    return;
  /* The plan refers to the model's graph. */
  runet_plan_free (segmenter->plan);
  runet_model_unref (segmenter->model);
  runet_engine_unref (segmenter->engine);
  g_free (segmenter);
}

RunetModel *
runet_segmenter_get_model (RunetSegmenter *segmenter) {
  g_return_val_if_fail (segmenter != NULL, NULL);
  return segmenter->model;
}

RunetEngine *
runet_segmenter_get_engine (RunetSegmenter *segmenter) {
  g_return_val_if_fail (segmenter != NULL, NULL);
  return runet_plan_get_engine (segmenter->plan);
}

RunetPool *
runet_segmenter_get_pool (RunetSegmenter *segmenter) {
  g_return_val_if_fail (segmenter != NULL, NULL);
  return runet_engine_get_pool (segmenter->engine);
}

/* planes × H × W floats. */
static float *
try_planes (const RunetGrid *grid, gsize planes, GError **error) {
  gsize floats;
  float *values = NULL;
  if (g_size_checked_mul (&floats, grid->width * grid->height, planes))
    values = g_try_new (float, floats);
  if (values == NULL)
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "memory for %" G_GSIZE_FORMAT " planes of %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT " pixels is not to be had",
                 planes, grid->width, grid->height);
  return values;
}

/* Slot @n of a tensor as S × S × C without what lies between: a softmax may be written right into
 * the input of the next stage. @copy: freed by the caller, %NULL when there was no need. */
static const float *
get_slot (const RunetTensor *tensor, gsize n, float **copy) {
  const float *from = runet_tensor_pixel (tensor, n, 0, 0);
  *copy = NULL;
  if (tensor->stride == tensor->c)
    return from;
  gsize pixels = tensor->h * tensor->w;
  *copy = g_new (float, pixels * tensor->c);
  for (gsize i = 0; i < pixels; i++)
    memcpy (*copy + i * tensor->c, from + i * tensor->stride,
            tensor->c * sizeof (float));
  return *copy;
}

/* Weights that are finite each can still overflow together. Without this, not-a-number would be
 * background. */
static gboolean
check_finite (const RunetModel *model,
              const float *values,
              gsize count,
              GError **error) {
  const gsize i = runet_find_not_finite (values, count);
  if (i == count)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
               "%s: expected finite probabilities from the network, found %g",
               model->path ? model->path : "model", (double)values[i]);
  return FALSE;
}

/* What slot @n of the network's batch says, to the grid. */
static gboolean
store_stage (RunetSegmenter *segmenter,
             gsize n,
             guint k,
             RunetGrid *grid,
             RunetSegmentFlags flags,
             RunetSegmentation *to,
             GError **error) {
  gsize w = grid->width, h = grid->height;
  const RunetTensor *output = runet_plan_get_output (segmenter->plan, k);
  g_autofree float *output_copy = NULL, *region_copy = NULL;
  const float *probabilities = get_slot (output, n, &output_copy);
  if (!check_finite (segmenter->model, probabilities, output->h * output->w * output->c,
                     error))
    return FALSE;
  to->labels[k] = runet_label_map_new (grid, error);
  if (to->labels[k] == NULL)
    return FALSE;
  runet_resample_argmax (probabilities, output->c, output->w, output->h,
                         to->labels[k]->labels, w, h);
  if (!(flags & RUNET_SEGMENT_RAW))
    runet_labels_clean (to->labels[k]->labels, w, h);

  if (flags & RUNET_SEGMENT_PROBABILITIES) {
    to->probabilities[k] = try_planes (grid, output->c, error);
    if (to->probabilities[k] == NULL)
      return FALSE;
    runet_resample_planes (probabilities, output->c, output->w, output->h,
                           to->probabilities[k], w, h);
  }
  if (!(flags & RUNET_SEGMENT_NO_REGIONS) &&
      k < segmenter->model->graph->regions->len) {
    const RunetTensor *region = runet_plan_get_region (segmenter->plan, k);
    to->regions[k] = try_planes (grid, 1, error);
    if (to->regions[k] == NULL)
      return FALSE;
    runet_resample_bilinear (get_slot (region, n, &region_copy), region->w, region->h,
                             to->regions[k], w, h, 1);
  }
  return TRUE;
}

static RunetSegmentation *
segmentation_new (const RunetModel *model) {
  RunetSegmentation *segmentation = g_new0 (RunetSegmentation, 1);
  g_atomic_ref_count_init (&segmentation->references);
  segmentation->stages = model->graph->outputs->len;
  segmentation->classes = model->hyperparameters.classes;
  segmentation->labels = g_new0 (RunetLabelMap *, segmentation->stages);
  segmentation->regions = g_new0 (float *, segmentation->stages);
  segmentation->probabilities = g_new0 (float *, segmentation->stages);
  return segmentation;
}

/* Frames on their way through the network together. */
typedef struct {
  RunetSegmenter *segmenter;
  const RunetImage *image;
  gsize first;
  RunetSegmentFlags flags;
  RunetGrid *grid; /* of one frame */
  RunetSegmentation **found; /* one a frame */
  GError **errors; /* one a frame and stage */
} Batch;

static void
resize_cb (gsize task, guint worker, gpointer user_data) {
  const Batch *batch = user_data;
  gsize size = batch->segmenter->model->hyperparameters.input_size;
  runet_resample_bilinear (runet_image_frame (batch->image, batch->first + task),
                           batch->image->grid->width, batch->image->grid->height,
                           runet_plan_get_input (batch->segmenter->plan) +
                               task * size * size,
                           size, size, GREY_SCALE);
}

static void
store_cb (gsize task, guint worker, gpointer user_data) {
  const Batch *batch = user_data;
  guint stages = batch->found[0]->stages;
  gsize n = task / stages;
  store_stage (batch->segmenter, n, (guint)(task % stages), batch->grid, batch->flags,
               batch->found[n], &batch->errors[task]);
}

/* Hands on the first of the errors, which does not depend on who was faster. */
static gboolean
take_errors (GError **errors, gsize count, GError **error) {
  gboolean ok = TRUE;
  for (gsize i = 0; i < count; i++) {
    if (errors[i] == NULL)
      continue;
    if (ok)
      g_propagate_error (error, g_steal_pointer (&errors[i]));
    g_clear_error (&errors[i]);
    ok = FALSE;
  }
  return ok;
}

/* Frames @first … @first + @count - 1, at most a batch, appended to @to. The engine's workers, which
 * idle now, resize the frames and then bring each stage of each frame back. */
static gboolean
run_batch (RunetSegmenter *segmenter,
           const RunetImage *image,
           gsize first,
           gsize count,
           RunetSegmentFlags flags,
           GPtrArray *to,
           GCancellable *cancellable,
           GError **error) {
  gsize size = segmenter->model->hyperparameters.input_size;
  guint stages = segmenter->model->graph->outputs->len;
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (image->grid, 1);
  g_autofree RunetSegmentation **found = g_new0 (RunetSegmentation *, count);
  g_autofree GError **errors = g_new0 (GError *, count * stages);
  Batch batch = {segmenter, image, first, flags, grid, found, errors};
  runet_pool_run (runet_segmenter_get_pool (segmenter), count, resize_cb, &batch);
  /* The rest of a batch that is not full: nothing left over from the run before. */
  memset (runet_plan_get_input (segmenter->plan) + count * size * size, 0,
          (segmenter->batch - count) * size * size * sizeof (float));
  if (!runet_plan_forward (segmenter->plan, cancellable, error))
    return FALSE;
  for (gsize n = 0; n < count; n++) {
    found[n] = segmentation_new (segmenter->model);
    g_ptr_array_add (to, found[n]);
  }
  runet_pool_run (runet_segmenter_get_pool (segmenter), count * stages, store_cb,
                  &batch);
  return take_errors (errors, count * stages, error);
}

GPtrArray *
runet_segmenter_run_frames (RunetSegmenter *segmenter,
                            const RunetImage *image,
                            gsize first,
                            gsize count,
                            RunetSegmentFlags flags,
                            GCancellable *cancellable,
                            GError **error) {
  g_return_val_if_fail (segmenter != NULL && image != NULL, NULL);
  g_return_val_if_fail (first <= image->grid->frames, NULL);
  g_return_val_if_fail (count <= image->grid->frames - first, NULL);
  g_autoptr (GPtrArray) segmentations =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_segmentation_unref);
  for (gsize done = 0; done < count; done += segmenter->batch)
    if (!run_batch (segmenter, image, first + done,
                    MIN (segmenter->batch, count - done), flags, segmentations,
                    cancellable, error))
      return NULL;
  return g_steal_pointer (&segmentations);
}

RunetSegmentation *
runet_segmenter_run (RunetSegmenter *segmenter,
                     const RunetImage *image,
                     gsize frame,
                     RunetSegmentFlags flags,
                     GCancellable *cancellable,
                     GError **error) {
  g_autoptr (GPtrArray) one = runet_segmenter_run_frames (segmenter, image, frame, 1,
                                                          flags, cancellable, error);
  return one != NULL ? g_ptr_array_steal_index (one, 0) : NULL;
}
