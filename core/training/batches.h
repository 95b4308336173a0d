/* The images of a training, batch by batch: which come in an epoch, in which order, and how each is changed. All of
 * it follows from (seed, epoch, place in the epoch). */
#pragma once

#include "core/nn/device.h"
#include "samples.h"

G_BEGIN_DECLS

/**
 * RunetBatches:
 * @samples: borrowed
 * @batch: N, images that are filled of a batch: all of it, unless it is shared
 * @images: of an epoch; @count: batches of an epoch
 * @labels: N × S × S of the batch that was filled last
 * @weights: (nullable): N × S × S of that batch; there when a sample has weights
 */
typedef struct {
  const RunetSamples *samples;
  gsize batch;
  gsize images, count;
  guint8 *labels;
  guint8 *weights;

  /*< private >*/
  guint32 seed;
  gboolean augment;
  guint *order;
  guint32 epoch;
  gsize place;
  gsize whole,
      first; /* images a batch in all processes, and which of them is the first here */
  float *input;
} RunetBatches;

RunetBatches *
runet_batches_new (const RunetSamples *samples,
                   gsize batch,
                   guint32 seed,
                   gboolean augment) G_GNUC_WARN_UNUSED_RESULT;
void
runet_batches_free (RunetBatches *batches);

/* Only the places of process @rank are filled, with what they would have without sharing. @size: of the processes; the
 * images a batch are a multiple of it. */
void
runet_batches_share (RunetBatches *batches, guint rank, guint size);

/* Begins epoch @epoch, from 0. */
void
runet_batches_shuffle (RunetBatches *batches, guint epoch);
/* The same batch as what makes it, for a GPU that has the images. @places: (out): N of them. */
void
runet_batches_place (const RunetBatches *batches,
                     gsize number,
                     RunetDevicePlace *places);
/* @input: N × S × S, overwritten with batch @number, from 0, of the epoch; @labels and @weights likewise. The last
 * batch is filled up with images from the epoch's beginning. */
void
runet_batches_fill (RunetBatches *batches, RunetPool *pool, gsize number, float *input);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetBatches, runet_batches_free)

G_END_DECLS
