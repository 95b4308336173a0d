/* Images with their expert masks, decoded and resized once and kept in memory. */
#include "samples.h"

#include <string.h>

#include "core/base/error.h"
#include "core/segmentation/resample.h"

/* Pairs decoded between two reports of progress. */
#define PAIRS_AT_ONCE 32

/* One pair to read: either @sample or @problem when done, or @error when the work must end. */
typedef struct {
  const RunetPatient *patient;
  RunetView view;
  RunetInstant instant;
  RunetSample *sample;
  RunetProblem *problem;
  GError *error;
} Pair;

typedef struct {
  Pair *pairs;
  gsize size;
  gsize classes;
  GCancellable *cancellable;
} Loading;

static void
free_sample (gpointer data) {
  RunetSample *sample = data;
  if (sample == NULL)
    return;
  g_free (sample->name);
  g_free (sample->image);
  g_free (sample->labels);
  g_free (sample->weights);
  g_free (sample);
}

static void
free_problem (gpointer data) {
  RunetProblem *problem = data;
  g_free (problem->path);
  g_free (problem->message);
  g_free (problem);
}

RunetSamples *
runet_samples_new (gsize size) {
  RunetSamples *samples = g_new0 (RunetSamples, 1);
  samples->size = size;
  samples->samples = g_ptr_array_new_with_free_func (free_sample);
  samples->problems = g_ptr_array_new_with_free_func (free_problem);
  return samples;
}

void
runet_samples_free (RunetSamples *samples) {
  if (samples == NULL)
    return;
  g_ptr_array_unref (samples->samples);
  g_ptr_array_unref (samples->problems);
  g_free (samples);
}

static gboolean
resize_image (const RunetImage *image,
              gsize frame,
              gsize size,
              guint8 *out,
              GError **error) {
  g_autofree float *grey = g_try_new (float, size *size);
  if (grey == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "no memory for an image of %zu × %zu", size, size);
    return FALSE;
  }
  runet_resample_bilinear (runet_image_frame (image, frame), image->grid->width,
                           image->grid->height, grey, size, size, 1);
  for (gsize i = 0; i < size * size; i++)
    out[i] = (guint8)(CLAMP (grey[i], 0, 255) + 0.5f);
  return TRUE;
}

static gboolean
resize_labels (const guint8 *labels,
               const RunetGrid *grid,
               gsize size,
               gsize classes,
               guint8 *out,
               GError **error) {
  runet_resample_nearest (labels, grid->width, grid->height, out, size, size);
  for (gsize i = 0; i < size * size; i++)
    if (out[i] >= classes) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                   "mask holds label %d, the model has %zu classes", out[i], classes);
      return FALSE;
    }
  return TRUE;
}

/* @labels, @weights: on the grid of @image. */
static RunetSample *
make_sample (const char *name,
             const RunetImage *image,
             gsize frame,
             const guint8 *labels,
             const guint8 *weights,
             gsize size,
             gsize classes,
             GError **error) {
  gsize pixels = size * size;
  g_autofree guint8 *grey = g_try_malloc (pixels);
  g_autofree guint8 *resized = g_try_malloc (pixels);
  g_autofree guint8 *weighed = weights != NULL ? g_try_malloc (pixels) : NULL;
  if (grey == NULL || resized == NULL || (weights != NULL && weighed == NULL)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "no memory for one more image of %zu × %zu", size, size);
    return NULL;
  }
  if (!resize_image (image, frame, size, grey, error) ||
      !resize_labels (labels, image->grid, size, classes, resized, error))
    return NULL;
  if (weights != NULL)
    runet_resample_nearest (weights, image->grid->width, image->grid->height, weighed,
                            size, size);

  RunetSample *sample = g_new0 (RunetSample, 1);
  sample->name = g_strdup (name);
  sample->image = g_steal_pointer (&grey);
  sample->labels = g_steal_pointer (&resized);
  sample->weights = g_steal_pointer (&weighed);
  return sample;
}

static RunetSample *
read_pair (const Pair *pair, const Loading *loading, GError **error) {
  const RunetViewFiles *files = &pair->patient->views[pair->view];
  g_autoptr (RunetImage) image =
      runet_view_read_still (files, pair->instant, loading->cancellable, error);
  if (image == NULL)
    return NULL;
  g_autoptr (RunetLabelMap) mask =
      runet_view_read_still_mask (files, pair->instant, loading->cancellable, error);
  if (mask == NULL)
    return NULL;
  if (!runet_grid_equal (image->grid, mask->grid)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "image is %zu × %zu at %g × %g mm, its mask %zu × %zu at %g × %g mm",
                 image->grid->width, image->grid->height, image->grid->spacing_x_mm,
                 image->grid->spacing_y_mm, mask->grid->width, mask->grid->height,
                 mask->grid->spacing_x_mm, mask->grid->spacing_y_mm);
    return NULL;
  }

  g_autofree char *name = runet_patient_stem (pair->patient, pair->view, pair->instant);
  return make_sample (name, image, 0, runet_label_map_frame (mask, 0), NULL,
                      loading->size, loading->classes, error);
}

static void
read_pair_cb (gsize task, guint worker, gpointer user_data) {
  const Loading *loading = user_data;
  Pair *pair = &loading->pairs[task];
  g_autoptr (GError) error = NULL;
  pair->sample = read_pair (pair, loading, &error);
  if (pair->sample != NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, RUNET_ERROR, RUNET_ERROR_MEMORY)) {
    pair->error = g_steal_pointer (&error);
    return;
  }
  g_autofree char *stem = runet_patient_stem (pair->patient, pair->view, pair->instant);
  pair->problem = g_new0 (RunetProblem, 1);
  pair->problem->path = g_build_filename (pair->patient->path, stem, NULL);
  pair->problem->message = g_strdup_printf ("%s: %s", stem, error->message);
}

static GArray *
list_pairs (GPtrArray *patients) {
  GArray *pairs = g_array_new (FALSE, TRUE, sizeof (Pair));
  for (guint i = 0; i < patients->len; i++)
    for (int view = 0; view < RUNET_VIEWS; view++)
      for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
        Pair pair = {g_ptr_array_index (patients, i), view, instant};
        if (pair.patient->views[view].present)
          g_array_append_val (pairs, pair);
      }
  return pairs;
}

/* Moves what was read into @samples, in order. */
static void
collect (RunetSamples *samples, Pair *pairs, gsize count, GError **first) {
  for (gsize i = 0; i < count; i++) {
    if (pairs[i].sample != NULL)
      g_ptr_array_add (samples->samples, pairs[i].sample);
    if (pairs[i].problem != NULL)
      g_ptr_array_add (samples->problems, pairs[i].problem);
    if (pairs[i].error != NULL && *first == NULL)
      *first = g_steal_pointer (&pairs[i].error);
    g_clear_error (&pairs[i].error);
  }
}

gboolean
runet_samples_add (RunetSamples *samples,
                   GPtrArray *patients,
                   gsize classes,
                   RunetPool *pool,
                   RunetProgressFunc progress,
                   gpointer user_data,
                   GCancellable *cancellable,
                   GError **error) {
  g_autoptr (GArray) pairs = list_pairs (patients);
  gint64 start = g_get_monotonic_time ();
  for (gsize done = 0; done < pairs->len;) {
    gsize count = MIN (PAIRS_AT_ONCE, pairs->len - done);
    Loading loading = {
        .pairs = &g_array_index (pairs, Pair, done),
        .size = samples->size,
        .classes = classes,
        .cancellable = cancellable,
    };
    runet_pool_run (pool, count, read_pair_cb, &loading);
    GError *first = NULL;
    collect (samples, loading.pairs, count, &first);
    if (first == NULL)
      g_cancellable_set_error_if_cancelled (cancellable, &first);
    if (first != NULL) {
      g_propagate_error (error, first);
      return FALSE;
    }
    done += count;
    if (progress != NULL) {
      double seconds = (double)(g_get_monotonic_time () - start) * 1e-6;
      RunetProgress now = {
          .done = done,
          .total = pairs->len,
          .seconds_left = seconds * (double)(pairs->len - done) / (double)done,
          .text = "reading images",
      };
      progress (&now, user_data);
    }
  }
  return TRUE;
}

void
runet_samples_add_pair (RunetSamples *samples,
                        const char *name,
                        const guint8 *image,
                        const guint8 *labels,
                        const guint8 *weights) {
  gsize pixels = samples->size * samples->size;
  RunetSample *sample = g_new0 (RunetSample, 1);
  sample->name = g_strdup (name);
  sample->image = g_memdup2 (image, pixels);
  sample->labels = g_memdup2 (labels, pixels);
  sample->weights = g_memdup2 (weights, pixels);
  g_ptr_array_add (samples->samples, sample);
}

gboolean
runet_samples_add_frame (RunetSamples *samples,
                         const char *name,
                         const RunetImage *image,
                         gsize frame,
                         const guint8 *labels,
                         const guint8 *weights,
                         gsize classes,
                         GError **error) {
  RunetSample *sample =
      make_sample (name, image, frame, labels, weights, samples->size, classes, error);
  if (sample == NULL)
    return FALSE;
  g_ptr_array_add (samples->samples, sample);
  return TRUE;
}

gsize
runet_samples_count_epoch (const RunetSamples *samples) {
  const RunetMix *mix = &samples->mix;
  gsize count = samples->samples->len;
  if (mix->repeat == 0)
    return count;
  gsize leading = MIN (mix->leading, count);
  return leading * mix->repeat + (leading < count ? mix->drawn : 0);
}

char *
runet_samples_hash (const RunetSamples *samples) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize pixels = samples->size * samples->size;
  for (guint i = 0; i < samples->samples->len; i++) {
    const RunetSample *sample = g_ptr_array_index (samples->samples, i);
    /* With its final zero, so that names cannot run into one another. */
    g_checksum_update (checksum, (const guchar *)sample->name,
                       (gssize)strlen (sample->name) + 1);
    g_checksum_update (checksum, sample->image, (gssize)pixels);
    g_checksum_update (checksum, sample->labels, (gssize)pixels);
    if (sample->weights != NULL) {
      g_checksum_update (checksum, (const guchar *)"weights", 8);
      g_checksum_update (checksum, sample->weights, (gssize)pixels);
    }
  }
  if (samples->mix.repeat > 0) {
    g_autofree char *mix = g_strdup_printf ("mix %u %u %u", samples->mix.leading,
                                            samples->mix.repeat, samples->mix.drawn);
    g_checksum_update (checksum, (const guchar *)mix, -1);
  }
  return g_strdup (g_checksum_get_string (checksum));
}
