/* From a record to a snapshot: whose version counts, and what cannot be learned from.
 *
 * [RU] Leclerc et al., RU-Net, IUS 2019. */
#include <math.h>
#include <string.h>

#include "core/editing/correction.h"
#include "snapshot-private.h"

/* Nothing is learned so near to a stretch that somebody marked as uncertain: a little less than the mean distance from
 * which on Table I of [RU] calls a contour an outlier (3.5 mm at ED). */
#define UNCERTAIN_MARGIN_MM 3.0
/* Two readers whose contours overlap less than this do not mean the same heart: experts who draw the same image agree
 * better on average, and a network that agrees with an expert as little as this is an outlier on Table I of [RU]. To
 * learn from both would teach the mean of two opinions that nobody holds. */
#define LEAST_AGREEMENT_DICE 0.8

typedef struct {
  RunetReview *review;
  const RunetDataset *dataset;
  GHashTable *locked; /* (nullable) */
  GCancellable *cancellable;
  RunetSnapshot *snapshot;
  RunetFrameReader reader;
} Taking;

static void
G_GNUC_PRINTF (4, 5) exclude (Taking *self,
                              RunetExclusionKind kind,
                              const char *name,
                              const char *format,
                              ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  RunetExclusion *exclusion = g_new0 (RunetExclusion, 1);
  exclusion->kind = kind;
  exclusion->name = g_filename_display_name (name);
  exclusion->message = g_strdup_printf ("%s: %s", exclusion->name, why);
  g_ptr_array_add (self->snapshot->exclusions, exclusion);
}

static gboolean
is_accepted (const RunetReading *reading) {
  return reading->status == RUNET_REVIEW_ACCEPTED ||
         reading->status == RUNET_REVIEW_CORRECTED;
}

/* (transfer full) (nullable) (element-type RunetCorrectedFrame): what @reading accepted. NULL without @error: the
 * record has none. */
static GPtrArray *
read_frames (Taking *self, const RunetReading *reading, GError **error) {
  g_autoptr (GBytes) before = NULL, after = NULL;
  if (!runet_journal_read_edit (runet_review_get_journal (self->review),
                                reading->decision->number, &before, &after, error))
    return NULL;
  if (after == NULL || g_bytes_get_size (after) == 0)
    return NULL;
  return runet_corrected_frames_parse (after, error);
}

/* ---- One frame ---- */

static guint8 *
draw (const RunetCorrection *correction) {
  guint8 *labels = g_malloc (correction->grid->width * correction->grid->height);
  runet_correction_draw (correction, labels);
  return labels;
}

/* The smaller Dice of endo and epi. */
static double
compare_labels (const guint8 *a, const guint8 *b, const RunetGrid *grid) {
  double least = 1;
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s <= RUNET_STRUCTURE_EPI; s++)
    least = fmin (least, runet_labels_dice (a, b, grid->width, grid->height, s));
  return least;
}

static const RunetCorrectedFrame *
find_frame (const GPtrArray *frames, const RunetCorrectedFrame *like) {
  for (guint i = 0; i < frames->len; i++) {
    const RunetCorrectedFrame *frame = frames->pdata[i];
    if (frame->instant == like->instant && frame->frame == like->frame)
      return frame;
  }
  return NULL;
}

/* Whether another reader accepted contours of this frame that cannot both be right. @labels: of @final. */
static gboolean
is_contradicted (Taking *self,
                 const RunetReviewState *state,
                 const RunetReading *final,
                 const RunetCorrectedFrame *frame,
                 const guint8 *labels,
                 const char *name) {
  for (guint i = 0; !final->adjudicator && i < state->readings->len; i++) {
    const RunetReading *other = state->readings->pdata[i];
    if (other == final || !is_accepted (other))
      continue;
    g_autoptr (GPtrArray) frames = read_frames (self, other, NULL);
    const RunetCorrectedFrame *theirs =
        frames != NULL ? find_frame (frames, frame) : NULL;
    const RunetGrid *grid = frame->correction->grid;
    if (theirs == NULL || theirs->correction->grid->width != grid->width ||
        theirs->correction->grid->height != grid->height)
      continue;
    g_autofree guint8 *their_labels = draw (theirs->correction);
    double dice = compare_labels (labels, their_labels, grid);
    if (dice >= LEAST_AGREEMENT_DICE)
      continue;
    exclude (self, RUNET_EXCLUSION_CONTRADICTORY, name,
             "%s and %s accepted contours that contradict each other (Dice %.2f, "
             "expected %.2f or more), and nobody adjudicated",
             final->author, other->author, dice, LEAST_AGREEMENT_DICE);
    return TRUE;
  }
  return FALSE;
}

static gboolean
same_spacing (double expected, double found) {
  return !isfinite (found) || !isfinite (expected) ||
         fabs (expected - found) <= 1e-3 * fabs (expected);
}

/* Sets the image's hash. FALSE after the frame was excluded, or with @error. */
static gboolean
check_image (Taking *self,
             const RunetViewFiles *files,
             const RunetReading *reading,
             const RunetCorrectedFrame *from,
             RunetSnapshotFrame *frame,
             GError **error) {
  g_autoptr (GError) local = NULL;
  gsize index;
  g_autoptr (RunetImage) image =
      runet_frame_reader_read (&self->reader, files, from->instant, from->frame, &index,
                               self->cancellable, &local);
  if (image == NULL) {
    if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
        g_error_matches (local, RUNET_ERROR, RUNET_ERROR_MEMORY))
      g_propagate_error (error, g_steal_pointer (&local));
    else
      exclude (self, RUNET_EXCLUSION_IMAGE_MISSING, frame->name, "%s", local->message);
    return FALSE;
  }
  const RunetGrid *expected = from->correction->grid, *found = image->grid;
  if (expected->width != found->width || expected->height != found->height ||
      !same_spacing (expected->spacing_x_mm, found->spacing_x_mm) ||
      !same_spacing (expected->spacing_y_mm, found->spacing_y_mm)) {
    exclude (self, RUNET_EXCLUSION_IMAGE_CHANGED, frame->name,
             "expected an image of %zu × %zu at %g × %g mm, found %zu × %zu at %g × %g "
             "mm: it has changed",
             expected->width, expected->height, expected->spacing_x_mm,
             expected->spacing_y_mm, found->width, found->height, found->spacing_x_mm,
             found->spacing_y_mm);
    return FALSE;
  }
  frame->image = runet_image_hash_frame (image, index);
  const char *content =
      runet_reading_find_content (reading, from->instant, from->frame);
  if (content == NULL || g_str_equal (content, frame->image))
    return TRUE;
  exclude (self, RUNET_EXCLUSION_IMAGE_CHANGED, frame->name,
           "expected the image that the contours are of (%.12s), found another one "
           "(%.12s): it has changed",
           content, frame->image);
  return FALSE;
}

static RunetSnapshotFrame *
make_frame (const RunetPatient *patient,
            RunetView view,
            const RunetReading *reading,
            const RunetCorrectedFrame *from) {
  const RunetEvent *decision = reading->decision;
  RunetSnapshotFrame *frame = g_new0 (RunetSnapshotFrame, 1);
  frame->name =
      runet_snapshot_frame_name (patient->id, view, from->instant, from->frame);
  frame->subset = g_strdup (patient->subset);
  frame->patient = g_strdup (patient->id);
  frame->view = view;
  frame->instant = from->instant;
  frame->frame = from->frame;
  frame->edited = from->edited;
  frame->derived = from->correction->derived;
  frame->author = g_strdup (reading->author);
  frame->time = g_date_time_format (decision->time, "%Y-%m-%dT%H:%M:%SZ");
  frame->event = decision->number;
  frame->model = g_strdup (decision->model);
  frame->width = from->correction->grid->width;
  frame->height = from->correction->grid->height;
  frame->labels = draw (from->correction);
  frame->weights = g_malloc (frame->width * frame->height);
  if (!runet_correction_weigh (from->correction, UNCERTAIN_MARGIN_MM, frame->weights))
    g_clear_pointer (&frame->weights, g_free);
  return frame;
}

static gboolean
take_frame (Taking *self,
            const RunetPatient *patient,
            const RunetReviewState *state,
            const RunetReading *reading,
            const RunetCorrectedFrame *from,
            GError **error) {
  RunetView view = state->subject.view;
  g_autoptr (RunetSnapshotFrame) frame = make_frame (patient, view, reading, from);
  if (memchr (frame->labels, RUNET_LABEL_LV, frame->width * frame->height) == NULL) {
    exclude (self, RUNET_EXCLUSION_EMPTY, frame->name,
             "expected contours of a left ventricle, found that it has no area");
    return TRUE;
  }
  if (is_contradicted (self, state, reading, from, frame->labels, frame->name))
    return TRUE;
  GError *failure = NULL;
  if (!check_image (self, &patient->views[view], reading, from, frame, &failure)) {
    if (failure != NULL)
      g_propagate_error (error, failure);
    return failure == NULL;
  }
  frame->hash = runet_snapshot_frame_hash (frame);
  g_ptr_array_add (self->snapshot->frames, g_steal_pointer (&frame));
  return TRUE;
}

/* ---- One view ---- */

/* Whether there is something to be taken of it. */
static gboolean
check_view (Taking *self,
            const RunetReviewState *state,
            const RunetPatient *patient,
            const char *name) {
  const RunetReading *final = runet_review_state_get_final (state);
  if (state->disputed)
    exclude (self, RUNET_EXCLUSION_DISPUTED, name,
             "readers decided differently, and nobody adjudicated");
  else if (final != NULL && final->status == RUNET_REVIEW_REJECTED)
    exclude (self, RUNET_EXCLUSION_REJECTED, name, "rejected by %s (%s)", final->author,
             runet_rejection_to_string (final->decision->rejection));
  else if (final == NULL || !is_accepted (final))
    return FALSE;
  else if (self->locked != NULL &&
           g_hash_table_contains (self->locked, state->subject.patient))
    exclude (self, RUNET_EXCLUSION_LOCKED, name,
             "a locked patient, kept to judge models by");
  else if (patient == NULL || !patient->views[state->subject.view].present)
    exclude (self, RUNET_EXCLUSION_IMAGE_MISSING, name,
             "expected this view in %s, found none", self->dataset->path);
  else
    return TRUE;
  return FALSE;
}

static gboolean
take_view (Taking *self, const RunetReviewState *state, GError **error) {
  const RunetSubject *subject = &state->subject;
  g_autofree char *name =
      g_strdup_printf ("%s %s", subject->patient, runet_view_to_string (subject->view));
  const RunetPatient *patient =
      runet_snapshot_find_patient (self->dataset, subject->subset, subject->patient);
  if (!check_view (self, state, patient, name))
    return TRUE;
  const RunetReading *reading = runet_review_state_get_final (state);
  g_autoptr (GError) damage = NULL;
  g_autoptr (GPtrArray) frames = read_frames (self, reading, &damage);
  if (damage != NULL)
    exclude (self, RUNET_EXCLUSION_DAMAGED, name,
             "the record's contours of event %" G_GINT64_FORMAT ": %s",
             reading->decision->number, damage->message);
  else if (frames == NULL || frames->len == 0)
    exclude (
        self, RUNET_EXCLUSION_NO_CONTOURS, name,
        "accepted by %s, but the record keeps no contours of it; reopen and accept "
        "it again",
        reading->author);
  for (guint i = 0; frames != NULL && i < frames->len; i++)
    if (!take_frame (self, patient, state, reading, frames->pdata[i], error))
      return FALSE;
  return TRUE;
}

RunetSnapshot *
runet_snapshot_new (RunetReview *review,
                    const RunetDataset *dataset,
                    GHashTable *locked,
                    RunetProgressFunc progress,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error) {
  g_return_val_if_fail (review != NULL && dataset != NULL, NULL);
  g_autoptr (RunetSnapshot) snapshot = runet_snapshot_new_empty ();
  g_autoptr (GPtrArray) states = runet_review_list_states (review);
  Taking taking = {review, dataset, locked, cancellable, snapshot, {0}};
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < states->len; i++) {
    ok = !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         take_view (&taking, states->pdata[i], error);
    RunetProgress now = {i + 1, states->len, -1, "reading the record"};
    if (ok && progress != NULL)
      progress (&now, user_data);
  }
  runet_frame_reader_clear (&taking.reader);
  if (!ok)
    return NULL;
  runet_snapshot_seal (snapshot);
  return g_steal_pointer (&snapshot);
}
