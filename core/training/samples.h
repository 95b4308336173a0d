/* Images with their expert masks, decoded and resized once and kept in memory. */
#pragma once

#include "core/base/pool.h"
#include "core/base/progress.h"
#include "core/echo/dataset.h"

G_BEGIN_DECLS

/* @image: S × S grey levels; @labels: S × S values of RunetLabel. */
typedef struct {
  char *name; /* "patient0001_4CH_ED" */
  guint8 *image;
  guint8 *labels;
} RunetSample;

/**
 * RunetSamples:
 * @size: S
 * @samples: (element-type RunetSample), in the order of the patients, views and instants
 * @problems: (element-type RunetProblem): what could not be used, and why
 */
typedef struct {
  gsize size;
  GPtrArray *samples;
  GPtrArray *problems;
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

/* A pair that is in memory already. @image, @labels: S × S, copied. */
void
runet_samples_add_pair (RunetSamples *samples,
                        const char *name,
                        const guint8 *image,
                        const guint8 *labels);

/* SHA-256 over names, images and masks, in hexadecimal: says whether two sets are the same. */
char *
runet_samples_hash (const RunetSamples *samples) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSamples, runet_samples_free)

G_END_DECLS
