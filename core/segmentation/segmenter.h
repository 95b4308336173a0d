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
} RunetSegmentFlags;

/* @labels[k], @probabilities[k] (classes × H × W planes, or NULL): stage k+1.
 * @regions[k]: H × W, the m that multiplied the image of stage k+2; stages - 1 of them. */
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

/* @batch: frames that runet_segmenter_run_frames() puts through the network at once; 1 for least
 * latency and memory. */
RunetSegmenter *
runet_segmenter_new (RunetModel *model,
                     RunetEngine *engine,
                     gsize batch,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_segmenter_free (RunetSegmenter *segmenter);
RunetModel *
runet_segmenter_get_model (RunetSegmenter *segmenter);
RunetEngine *
runet_segmenter_get_engine (RunetSegmenter *segmenter);

/* Not for two threads at once. */
RunetSegmentation *
runet_segmenter_run (RunetSegmenter *segmenter,
                     const RunetImage *image,
                     gsize frame,
                     RunetSegmentFlags flags,
                     GCancellable *cancellable,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSegmentation, runet_segmentation_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSegmenter, runet_segmenter_free)

G_END_DECLS
