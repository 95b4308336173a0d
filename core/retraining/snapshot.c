/* A snapshot: frames and what they show, with a hash of their content. */
#include <string.h>

#include "snapshot-private.h"

static const char *const kinds[RUNET_EXCLUSIONS] = {
    [RUNET_EXCLUSION_REJECTED] = "rejected",
    [RUNET_EXCLUSION_DISPUTED] = "disputed",
    [RUNET_EXCLUSION_CONTRADICTORY] = "contradictory",
    [RUNET_EXCLUSION_LOCKED] = "locked",
    [RUNET_EXCLUSION_NO_CONTOURS] = "no-contours",
    [RUNET_EXCLUSION_DAMAGED] = "damaged",
    [RUNET_EXCLUSION_EMPTY] = "empty",
    [RUNET_EXCLUSION_IMAGE_MISSING] = "image-missing",
    [RUNET_EXCLUSION_IMAGE_CHANGED] = "image-changed",
};

const char *
runet_exclusion_kind_to_string (RunetExclusionKind kind) {
  g_return_val_if_fail ((guint)kind < RUNET_EXCLUSIONS, NULL);
  return kinds[kind];
}

static void
free_exclusion (gpointer data) {
  RunetExclusion *exclusion = data;
  g_free (exclusion->name);
  g_free (exclusion->message);
  g_free (exclusion);
}

void
runet_snapshot_frame_free (RunetSnapshotFrame *frame) {
  if (frame == NULL)
    return;
  g_free (frame->name);
  g_free (frame->subset);
  g_free (frame->patient);
  g_free (frame->author);
  g_free (frame->time);
  g_free (frame->model);
  g_free (frame->labels);
  g_free (frame->weights);
  g_free (frame->image);
  g_free (frame->hash);
  g_free (frame);
}

RunetSnapshot *
runet_snapshot_new_empty (void) {
  RunetSnapshot *snapshot = g_new0 (RunetSnapshot, 1);
  snapshot->frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_snapshot_frame_free);
  snapshot->exclusions = g_ptr_array_new_with_free_func (free_exclusion);
  return snapshot;
}

void
runet_snapshot_free (RunetSnapshot *snapshot) {
  if (snapshot == NULL)
    return;
  g_free (snapshot->hash);
  g_ptr_array_unref (snapshot->frames);
  g_ptr_array_unref (snapshot->exclusions);
  g_free (snapshot);
}

/* ---- Names and hashes ---- */

char *
runet_snapshot_frame_name (const char *patient,
                           RunetView view,
                           int instant,
                           int frame) {
  const char *view_name = runet_view_to_string (view);
  return instant >= 0
             ? g_strdup_printf ("%s_%s_%s", patient, view_name,
                                runet_instant_to_string ((RunetInstant)instant))
             : g_strdup_printf ("%s_%s_frame%03d", patient, view_name, frame);
}

char *
runet_snapshot_frame_hash (const RunetSnapshotFrame *frame) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gssize pixels = (gssize)(frame->width * frame->height);
  /* Each with its final zero, so that they cannot run into one another. */
  const char *const texts[] = {frame->subset != NULL ? frame->subset : "", frame->name,
                               frame->image};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_checksum_update (checksum, (const guchar *)texts[i],
                       (gssize)strlen (texts[i]) + 1);
  const guint64 size[] = {GUINT64_TO_LE (frame->width), GUINT64_TO_LE (frame->height)};
  g_checksum_update (checksum, (const guchar *)size, sizeof size);
  g_checksum_update (checksum, frame->labels, pixels);
  if (frame->weights != NULL)
    g_checksum_update (checksum, frame->weights, pixels);
  return g_strdup (g_checksum_get_string (checksum));
}

static int
compare_frames (gconstpointer a, gconstpointer b) {
  const RunetSnapshotFrame *first = *(const RunetSnapshotFrame *const *)a;
  const RunetSnapshotFrame *second = *(const RunetSnapshotFrame *const *)b;
  int order = strcmp (first->name, second->name);
  return order != 0 ? order : strcmp (first->hash, second->hash);
}

static int
compare_hashes (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

void
runet_snapshot_seal (RunetSnapshot *snapshot) {
  g_autoptr (GPtrArray) hashes = g_ptr_array_new ();
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < snapshot->frames->len; i++)
    g_ptr_array_add (hashes, ((RunetSnapshotFrame *)snapshot->frames->pdata[i])->hash);
  g_ptr_array_sort (hashes, compare_hashes);
  for (guint i = 0; i < hashes->len; i++)
    g_checksum_update (checksum, hashes->pdata[i], -1);
  g_free (snapshot->hash);
  snapshot->hash = g_strdup (g_checksum_get_string (checksum));
  g_ptr_array_sort (snapshot->frames, compare_frames);
}

guint
runet_snapshot_count_edited (const RunetSnapshot *snapshot) {
  guint count = 0;
  for (guint i = 0; i < snapshot->frames->len; i++)
    count += ((const RunetSnapshotFrame *)snapshot->frames->pdata[i])->edited;
  return count;
}

GPtrArray *
runet_snapshot_list_patients (const RunetSnapshot *snapshot) {
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < snapshot->frames->len; i++) {
    const RunetSnapshotFrame *frame = snapshot->frames->pdata[i];
    if (!g_ptr_array_find_with_equal_func (ids, frame->patient, g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (frame->patient));
  }
  return ids;
}

/* ---- Images ---- */

const RunetPatient *
runet_snapshot_find_patient (const RunetDataset *dataset,
                             const char *subset,
                             const char *patient) {
  for (guint i = 0; i < dataset->patients->len; i++) {
    const RunetPatient *one = dataset->patients->pdata[i];
    if (strcmp (one->id, patient) == 0 && g_strcmp0 (one->subset, subset) == 0)
      return one;
  }
  return NULL;
}

static gboolean
add_sample (const RunetSnapshotFrame *frame,
            const RunetDataset *dataset,
            RunetFrameReader *reader,
            RunetSamples *samples,
            gsize classes,
            GCancellable *cancellable,
            GError **error) {
  const RunetPatient *patient =
      runet_snapshot_find_patient (dataset, frame->subset, frame->patient);
  gsize index;
  if (patient == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "expected the patient that the snapshot is of, found none in %s",
                 dataset->path);
    return FALSE;
  }
  g_autoptr (RunetImage) image =
      runet_frame_reader_read (reader, &patient->views[frame->view], frame->instant,
                               frame->frame, &index, cancellable, error);
  if (image == NULL)
    return FALSE;
  g_autofree char *hash = runet_image_hash_frame (image, index);
  if (g_strcmp0 (hash, frame->image) != 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "expected the image that the snapshot is of (%.12s), found another "
                 "(%.12s)",
                 frame->image, hash);
    return FALSE;
  }
  return runet_samples_add_frame (samples, frame->name, image, index, frame->labels,
                                  frame->weights, classes, error);
}

gboolean
runet_snapshot_add_samples (const RunetSnapshot *snapshot,
                            const RunetDataset *dataset,
                            RunetSamples *samples,
                            gsize classes,
                            GCancellable *cancellable,
                            GError **error) {
  g_return_val_if_fail (snapshot != NULL && dataset != NULL && samples != NULL, FALSE);
  g_auto (RunetFrameReader) reader = {0};
  for (guint i = 0; i < snapshot->frames->len; i++) {
    const RunetSnapshotFrame *frame = snapshot->frames->pdata[i];
    if (add_sample (frame, dataset, &reader, samples, classes, cancellable, error))
      continue;
    g_prefix_error (error, "%s: ", frame->name);
    return FALSE;
  }
  return TRUE;
}
