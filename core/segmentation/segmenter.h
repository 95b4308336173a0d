/* From a frame to what both stages say of it, on the frame's own grid. */
#pragma once

#include <gio/gio.h>
#include "core/echo/image.h"
#include "core/echo/label-map.h"
#include "core/models/model.h"
#include "core/nn/plan.h"

G_BEGIN_DECLS

typedef struct _RunetSegmenter RunetSegmenter;

typedef enum {
  RUNET_SEGMENT_DEFAULT = 0,
  RUNET_SEGMENT_RAW = 1 << 0, /* no largest component, no hole filling */
  RUNET_SEGMENT_PROBABILITIES = 1 << 1, /* keep them, on the native grid */
  RUNET_SEGMENT_NO_REGIONS = 1 << 2, /* for who looks at labels alone */
} RunetSegmentFlags;

/**
 * RunetSegmentation: one frame, on its own grid of H rows and W columns
 * @stages: of the network, at least 1
 * @labels: @stages of them; [k] is what stage k+1 says, a still (F = 1) on the image's grid
 * @regions: @stages of them; [k] is H × W, the m that multiplied the image of stage k+2; %NULL for
 *   the last stage, for all stages of an architecture without regions (shg), and with
 *   %RUNET_SEGMENT_NO_REGIONS
 * @probabilities: @stages of them; [k] is @classes × H × W planes of stage k+1; all %NULL without
 *   %RUNET_SEGMENT_PROBABILITIES
 *
 * Owns all that it points to and nothing of the segmenter, which may run again or be freed.
 * Immutable, so it may be shared between threads.
 */
typedef struct {
  gatomicrefcount references;
  guint stages;
  gsize classes;
  RunetLabelMap **labels;
  float **regions;
  float **probabilities;
} RunetSegmentation;

RunetSegmentation *
runet_segmentation_ref (RunetSegmentation *segmentation);
void
runet_segmentation_unref (RunetSegmentation *segmentation);

/**
 * runet_segmenter_new:
 * @model: (transfer none): kept, and its weights copied into the engine's order: what changes in
 *   them afterwards has no effect
 * @engine: (transfer none): kept
 * @batch: frames that runet_segmenter_run_frames() puts through the network at once; 1 for least
 *   latency and memory. Any run costs as much as @batch frames.
 *
 * Errors: %RUNET_ERROR_UNSUPPORTED (more classes than there are labels), and those of
 * runet_plan_new().
 */
RunetSegmenter *
runet_segmenter_new (RunetModel *model,
                     RunetEngine *engine,
                     gsize batch,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_segmenter_free (RunetSegmenter *segmenter);
/* (transfer none) */
RunetModel *
runet_segmenter_get_model (RunetSegmenter *segmenter);
/* Who really works: see runet_plan_get_engine(). (transfer none) */
RunetEngine *
runet_segmenter_get_engine (RunetSegmenter *segmenter);
/* The engine's workers: who decodes and measures with them, between one run and the next, never has more
 * threads at work than the engine was made for. (transfer none) */
RunetPool *
runet_segmenter_get_pool (RunetSegmenter *segmenter);

/**
 * runet_segmenter_run:
 * @frame: 0-based
 *
 * Resizes the frame to the network's square, runs all stages, and brings the class probabilities
 * back to the frame's grid, where the most probable class is taken and cleaned with
 * runet_labels_clean(). Grey 255 is 1 for the network. Not for two threads at once, nor from a task
 * of the engine's pool.
 *
 * Errors: %RUNET_ERROR_MEMORY; %G_IO_ERROR_CANCELLED.
 */
RunetSegmentation *
runet_segmenter_run (RunetSegmenter *segmenter,
                     const RunetImage *image,
                     gsize frame,
                     RunetSegmentFlags flags,
                     GCancellable *cancellable,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_segmenter_run_frames:
 * @first: 0-based
 * @count: frames @first … @first + @count - 1
 *
 * As runet_segmenter_run() on each, @batch at once; the results do not depend on the batch but for
 * rounding.
 * Returns: (transfer full) (element-type RunetSegmentation): @count of them, in order.
 */
GPtrArray *
runet_segmenter_run_frames (RunetSegmenter *segmenter,
                            const RunetImage *image,
                            gsize first,
                            gsize count,
                            RunetSegmentFlags flags,
                            GCancellable *cancellable,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSegmentation, runet_segmentation_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSegmenter, runet_segmenter_free)

G_END_DECLS
