/* A clip: the frames of one view opened for looking at, with the expert's masks beside them.
 *
 * Where the data set has a sequence of the view the clip is that sequence; else it is the two
 * stills, end-diastole first. A clip is immutable after construction and may go from thread to
 * thread. */
#pragma once

#include "core/echo/dataset.h"
#include "core/shape/anatomy.h"
#include "core/shape/discs.h"

G_BEGIN_DECLS

/**
 * RunetClip:
 * @frames: at least 1
 * @sequence: frames of one sequence, rather than the stills of the two instants
 * @instant_frame: 0-based frame of ED and ES; -1 when unknown
 * @frame_rate_hz: NaN when unknown
 * @experts: for each frame what can be said of the expert's mask; %NULL where there is none
 * @expert_discs: likewise the long axis and the discs, in pixels of that mask
 * @problems: (element-type utf8): files that could not be used, one line each
 */
typedef struct {
  gatomicrefcount references;
  guint frames;
  gboolean sequence;
  int instant_frame[RUNET_INSTANTS];
  double frame_rate_hz;
  RunetImage *images[RUNET_INSTANTS];
  RunetLabelMap *masks[RUNET_INSTANTS];
  RunetLabelMap *sequence_mask;
  RunetAnatomy **experts;
  RunetDiscs **expert_discs;
  GPtrArray *problems;
} RunetClip;

/**
 * runet_clip_new:
 *
 * Reads the images and masks of one view; slow, so not for the thread that draws. A mask that
 * does not fit its image is left out and becomes a problem.
 * Errors: when no image of the view can be read.
 */
RunetClip *
runet_clip_new (const RunetViewFiles *files,
                GCancellable *cancellable,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetClip *
runet_clip_ref (RunetClip *clip);
void
runet_clip_unref (RunetClip *clip);

/* @image_frame: (out): which frame of the returned image frame @frame of the clip is.
 * Returns: (transfer none). */
RunetImage *
runet_clip_get_image (const RunetClip *clip, guint frame, gsize *image_frame);
/* Returns: (transfer none) (nullable): the expert's mask; @map_frame: (out): its frame. Beside a
 * sequence it may have another size than the image: see fit.h. */
RunetLabelMap *
runet_clip_get_expert (const RunetClip *clip, guint frame, gsize *map_frame);
/* Whether @frame is ED or ES. */
gboolean
runet_clip_get_instant (const RunetClip *clip, guint frame, RunetInstant *instant);
/* The instant that @frame is nearest to in time: its limits apply to it. */
RunetInstant
runet_clip_nearest_instant (const RunetClip *clip, guint frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetClip, runet_clip_unref)

G_END_DECLS
