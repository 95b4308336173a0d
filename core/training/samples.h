/* Images with their expert masks, decoded and resized once and kept in memory. */
#pragma once

#include "core/base/pool.h"
#include "core/base/progress.h"
#include "core/echo/dataset.h"

G_BEGIN_DECLS

/* @image: S × S grey levels; @labels: S × S values of RunetLabel; @weights: (nullable): S × S, 0 for pixels that
 * nothing is to be learned from, else 1. */
typedef struct {
  char *name; /* "patient0001_4CH_ED" */
  guint8 *image;
  guint8 *labels;
  guint8 *weights;
} RunetSample;

/**
 * RunetMix: the images of an epoch; all zero for every image once
 * @leading: so many of the first samples are in every epoch, @repeat times
 * @drawn: so many of the others, drawn anew for each epoch; each several times when that is more than there are
 */
typedef struct {
  guint leading;
  guint repeat;
  guint drawn;
} RunetMix;

/**
 * RunetSamples:
 * @size: S
 * @samples: (element-type RunetSample), in the order of the patients, views and instants
 * @mix: what an epoch is made of
 * @problems: (element-type RunetProblem): what could not be used, and why
 */
typedef struct {
  gsize size;
  GPtrArray *samples;
  GPtrArray *problems;
  RunetMix mix;
} RunetSamples;

RunetSamples *
runet_samples_new (gsize size) G_GNUC_WARN_UNUSED_RESULT;
void
runet_samples_free (RunetSamples *samples);

/**
 * runet_samples_add:
 * @patients: (element-type RunetPatient)
 * @classes: masks may hold labels below this
 * @progress: (nullable)
 *
 * Adds the ED and ES images of both views. A pair that is incomplete, unreadable or does not fit
 * together is skipped and goes to @problems; the rest goes on.
 *
 * Errors: %G_IO_ERROR_CANCELLED; %RUNET_ERROR_MEMORY.
 */
gboolean
runet_samples_add (RunetSamples *samples,
                   GPtrArray *patients,
                   gsize classes,
                   RunetPool *pool,
                   RunetProgressFunc progress,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error);

/* A pair that is in memory already. @image, @labels, @weights (nullable): S × S, copied. */
void
runet_samples_add_pair (RunetSamples *samples,
                        const char *name,
                        const guint8 *image,
                        const guint8 *labels,
                        const guint8 *weights);

/**
 * runet_samples_add_frame:
 * @frame: 0-based, of @image
 * @labels, @weights: (nullable for @weights): H × W of @image
 *
 * Resizes and adds. Errors: %RUNET_ERROR_MEMORY; %RUNET_ERROR_MISMATCH for a label of @classes or more.
 */
gboolean
runet_samples_add_frame (RunetSamples *samples,
                         const char *name,
                         const RunetImage *image,
                         gsize frame,
                         const guint8 *labels,
                         const guint8 *weights,
                         gsize classes,
                         GError **error);

/* How many images an epoch has. */
gsize
runet_samples_count_epoch (const RunetSamples *samples);

/* SHA-256 over names, images, masks, weights and mix, in hexadecimal: says whether two sets are the same. */
char *
runet_samples_hash (const RunetSamples *samples) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSamples, runet_samples_free)

G_END_DECLS
