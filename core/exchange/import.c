/* Getting in masks that were made elsewhere. */
#include "import.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/echo/file.h"
#include "core/echo/frame-reader.h"
#include "core/review/moved-record.h"
#include "import-private.h"

typedef struct {
  const RunetImportOptions *options;
  RunetImport *result;
  RunetReview *review;
  RunetImportOriginals originals;
  RunetFrameReader reader;
  GCancellable *cancellable;
} Work;

/* ---- What there is already ---- */

static void
init_subject (const RunetImportMask *mask, RunetSubject *subject) {
  runet_subject_init (subject, mask->patient->subset, mask->patient->id, mask->view);
}

static const RunetReading *
find_reading (const Work *work, const RunetImportMask *mask) {
  g_auto (RunetSubject) subject = {0};
  init_subject (mask, &subject);
  const RunetReviewState *state = runet_review_get_state (work->review, &subject);
  return state != NULL ? runet_review_state_find_reading (state, work->options->author)
                       : NULL;
}

static gboolean
is_locked (const RunetReading *reading) {
  return reading != NULL && (reading->status == RUNET_REVIEW_ACCEPTED ||
                             reading->status == RUNET_REVIEW_CORRECTED);
}

/* (transfer full) (nullable): the author's version of the frame; NULL without @error when there is none. */
static RunetCorrection *
read_present (const Work *work,
              const RunetReading *reading,
              int instant,
              int frame,
              GError **error) {
  RunetEvent *edit =
      reading != NULL ? runet_reading_find_edit (reading, instant, frame) : NULL;
  g_autoptr (GBytes) before = NULL, after = NULL;
  if (edit == NULL ||
      !runet_journal_read_edit (runet_review_get_journal (work->review), edit->number,
                                &before, &after, error) ||
      after == NULL)
    return NULL;
  return runet_correction_parse (after, error);
}

/* ---- One mask ---- */

static gboolean
check_grid (const RunetImportMask *mask,
            const RunetLabelMap *map,
            const RunetGrid *grid,
            GError **error) {
  const RunetGrid *found = map->grid;
  if (found->width != grid->width || found->height != grid->height ||
      found->frames != 1) {
    runet_file_error (error, RUNET_ERROR_MISMATCH, mask->path,
                      "expected %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                      " pixels as the image has, found %" G_GSIZE_FORMAT
                      " × %" G_GSIZE_FORMAT ", %" G_GSIZE_FORMAT " frames",
                      grid->width, grid->height, found->width, found->height,
                      found->frames);
    return FALSE;
  }
  /* A PNG does not say how large its pixels are. */
  g_autoptr (RunetGrid) still = runet_grid_with_frames (grid, 1);
  if (!isfinite (found->spacing_x_mm) || !isfinite (grid->spacing_x_mm) ||
      runet_grid_equal (found, still))
    return TRUE;
  runet_file_error (error, RUNET_ERROR_MISMATCH, mask->path,
                    "expected pixels of %g × %g mm as the image has, found %g × %g",
                    grid->spacing_x_mm, grid->spacing_y_mm, found->spacing_x_mm,
                    found->spacing_y_mm);
  return FALSE;
}

static RunetGrid *
read_grid (const RunetImportMask *mask, GError **error) {
  const RunetViewFiles *files = &mask->patient->views[mask->view];
  const char *still = mask->instant >= 0 ? files->still[mask->instant] : NULL;
  const char *image = still != NULL ? still : files->sequence;
  if (image == NULL) {
    runet_file_error (error, RUNET_ERROR_MISSING, mask->path,
                      "expected an image that it is of in %s, found none",
                      mask->patient->path);
    return NULL;
  }
  g_autoptr (RunetGrid) grid = runet_grid_read (image, error);
  if (grid == NULL)
    return NULL;
  if (mask->instant < 0 && (gsize)mask->frame > grid->frames) {
    runet_file_error (error, RUNET_ERROR_MISMATCH, mask->path,
                      "expected one of %" G_GSIZE_FORMAT " frames, found frame %d",
                      grid->frames, mask->frame);
    return NULL;
  }
  return g_steal_pointer (&grid);
}

/* @base: what the frame was before. The result began with the same. */
static RunetCorrection *
paint (const RunetCorrection *base, const RunetLabelMap *map) {
  RunetCorrection *self = runet_correction_new (base->grid, map->labels);
  g_bytes_unref (self->original);
  self->original = g_bytes_ref (base->original);
  self->painted = g_bytes_new (map->labels, map->grid->width * map->grid->height);
  memcpy (self->residual_mm, base->residual_mm, sizeof self->residual_mm);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    self->source[s] = RUNET_SOURCE_PAINTED;
  return self;
}

static gboolean
draws (const RunetCorrection *correction, const RunetLabelMap *map) {
  const gsize width = map->grid->width, height = map->grid->height;
  if (correction->grid->width != width || correction->grid->height != height)
    return FALSE;
  g_autofree guint8 *labels = g_malloc (width * height);
  runet_correction_draw (correction, labels);
  return memcmp (labels, map->labels, width * height) == 0;
}

/* (transfer full): what the frame is taken to have been: what the model said, else the mask itself. */
static RunetCorrection *
find_base (Work *work,
           const RunetImportMask *mask,
           const RunetLabelMap *map,
           const RunetGrid *grid) {
  g_autoptr (RunetGrid) still = runet_grid_with_frames (grid, 1);
  g_autoptr (RunetLabelMap) original =
      runet_import_originals_find (&work->originals, &mask->patient->views[mask->view],
                                   mask->instant, mask->frame, work->cancellable);
  const gboolean fits = original != NULL && original->grid->width == grid->width &&
                        original->grid->height == grid->height;
  return runet_correction_new (still, fits ? original->labels : map->labels);
}

static gboolean
append_edit (Work *work,
             const RunetImportMask *mask,
             const RunetCorrection *before,
             const RunetCorrection *after,
             GError **error) {
  g_auto (RunetSubject) subject = {0};
  init_subject (mask, &subject);
  subject.instant = mask->instant;
  subject.frame = mask->frame;
  subject.content =
      runet_frame_reader_hash (&work->reader, &mask->patient->views[mask->view],
                               mask->instant, mask->frame, work->cancellable, error);
  if (subject.content == NULL)
    return FALSE;
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_EDIT, work->options->author, &subject);
  event->tool = g_strdup (RUNET_TOOL_IMPORT);
  event->model = g_strdup (work->originals.model_name);
  event->before = runet_correction_serialise (before);
  event->after = runet_correction_serialise (after);
  return runet_review_append (work->review, event, error);
}

static gboolean
import_mask (Work *work, const RunetImportMask *mask, GError **error) {
  g_autoptr (RunetLabelMap) map =
      runet_label_map_read (mask->path, work->cancellable, error);
  g_autoptr (RunetGrid) grid = map != NULL ? read_grid (mask, error) : NULL;
  if (grid == NULL || !check_grid (mask, map, grid, error))
    return FALSE;
  const RunetReading *reading = find_reading (work, mask);
  g_autoptr (GError) local = NULL;
  g_autoptr (RunetCorrection) present =
      read_present (work, reading, mask->instant, mask->frame, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (present != NULL && draws (present, map)) {
    work->result->unchanged++;
    return TRUE;
  }
  if (is_locked (reading)) {
    runet_file_error (error, RUNET_ERROR_MISMATCH, mask->path,
                      "expected a view that %s has not accepted, found one that is "
                      "locked: reopen it first",
                      work->options->author);
    return FALSE;
  }
  if (present == NULL)
    present = find_base (work, mask, map, grid);
  g_autoptr (RunetCorrection) after = paint (present, map);
  if (!append_edit (work, mask, present, after, error))
    return FALSE;
  work->result->imported++;
  return TRUE;
}

/* ---- Accepting ---- */

/* The author's frames, and what the model said of ED and ES that nobody touched. */
static GPtrArray *
gather_frames (Work *work, const RunetImportMask *mask, GError **error) {
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  const RunetReading *reading = find_reading (work, mask);
  for (guint i = 0; i < reading->frames->len; i++) {
    const RunetFrameEdit *edit = reading->frames->pdata[i];
    g_autoptr (GError) local = NULL;
    g_autoptr (RunetCorrection) present =
        read_present (work, reading, edit->instant, edit->frame, &local);
    if (local != NULL) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
    if (present != NULL)
      g_ptr_array_add (frames, runet_corrected_frame_new (
                                   edit->instant, edit->instant >= 0 ? 0 : edit->frame,
                                   runet_correction_is_edited (present), present));
  }
  for (int k = 0; k < RUNET_INSTANTS; k++) {
    if (runet_reading_find_edit (reading, k, 0) != NULL)
      continue;
    g_autoptr (RunetLabelMap) original = runet_import_originals_find (
        &work->originals, &mask->patient->views[mask->view], k, 0, work->cancellable);
    if (original == NULL)
      continue;
    g_autoptr (RunetCorrection) plain =
        runet_correction_new (original->grid, original->labels);
    g_ptr_array_add (frames, runet_corrected_frame_new (k, 0, FALSE, plain));
  }
  return g_steal_pointer (&frames);
}

static gboolean
accept_view (Work *work, const RunetImportMask *mask, GError **error) {
  const RunetReading *reading = find_reading (work, mask);
  if (reading == NULL || is_locked (reading) || reading->frames->len == 0)
    return TRUE;
  g_autoptr (GPtrArray) frames = gather_frames (work, mask, error);
  if (frames == NULL)
    return FALSE;
  g_auto (RunetSubject) subject = {0};
  init_subject (mask, &subject);
  /* A view without ED can be accepted too. */
  subject.content =
      runet_frame_reader_hash (&work->reader, &mask->patient->views[mask->view],
                               RUNET_INSTANT_ED, 0, work->cancellable, NULL);
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_ACCEPT, work->options->author, &subject);
  event->model = g_strdup (work->originals.model_name);
  event->after = runet_corrected_frames_serialise (frames);
  if (!runet_review_append (work->review, event, error))
    return FALSE;
  work->result->accepted++;
  return TRUE;
}

/* ---- The whole ---- */

static gboolean
is_same_view (const RunetImportMask *a, const RunetImportMask *b) {
  return a->patient == b->patient && a->view == b->view;
}

/* A record that cannot be written to is the end; anything else is a problem of this mask. */
static gboolean
is_fatal (const GError *error) {
  return g_error_matches (error, RUNET_ERROR, RUNET_ERROR_WRITE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gboolean
keep_going (Work *work, GError *problem, GError **error) {
  if (is_fatal (problem)) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  g_ptr_array_add (work->result->problems, g_strdup (problem->message));
  g_error_free (problem);
  return TRUE;
}

static gboolean
import_all (Work *work,
            const GPtrArray *masks,
            RunetProgressFunc progress,
            gpointer user_data,
            GError **error) {
  for (guint i = 0; i < masks->len; i++) {
    const RunetImportMask *mask = masks->pdata[i];
    const gboolean last =
        i + 1 == masks->len || !is_same_view (mask, masks->pdata[i + 1]);
    const RunetProgress now = {i, masks->len, -1, mask->patient->id};
    if (progress != NULL)
      progress (&now, user_data);
    if (g_cancellable_set_error_if_cancelled (work->cancellable, error))
      return FALSE;
    GError *problem = NULL;
    if (!import_mask (work, mask, &problem) && !keep_going (work, problem, error))
      return FALSE;
    problem = NULL;
    if (last && work->options->accept && !accept_view (work, mask, &problem) &&
        !keep_going (work, problem, error))
      return FALSE;
  }
  return TRUE;
}

static GPtrArray *
list_masks (const RunetImportOptions *options,
            const RunetDataset *dataset,
            RunetImport *result,
            GError **error) {
  if (!g_file_test (options->masks, G_FILE_TEST_IS_DIR)) {
    runet_file_error (error, RUNET_ERROR_MISSING, options->masks,
                      "expected a folder of masks, found none");
    return NULL;
  }
  g_autoptr (GPtrArray) masks =
      runet_import_find_masks (dataset, options->masks, result->problems);
  if (masks->len > 0 || result->problems->len > 0)
    return g_steal_pointer (&masks);
  runet_file_error (error, RUNET_ERROR_MISSING, options->masks,
                    "expected masks with names like patient0001_4CH_ED_gt.nii.gz, "
                    "found none");
  return NULL;
}

/* (transfer full) (element-type RunetEvent): all of the record. */
static GPtrArray *
read_events (const char *record, GError **error) {
  g_autoptr (RunetJournal) journal =
      runet_journal_open (record, RUNET_JOURNAL_READ, error);
  return journal != NULL ? runet_journal_refresh (journal, error) : NULL;
}

RunetImport *
runet_import_run (const RunetImportOptions *options,
                  RunetProgressFunc progress,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error) {
  g_return_val_if_fail (options != NULL && options->record != NULL, NULL);
  g_return_val_if_fail (options->author != NULL && *options->author != '\0', NULL);
  if (!runet_import_check_record (options, error))
    return NULL;
  g_autoptr (RunetImport) self = g_new0 (RunetImport, 1);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (RunetDataset) dataset =
      runet_dataset_open (options->dataset, cancellable, error);
  g_autoptr (GPtrArray) masks =
      dataset != NULL ? list_masks (options, dataset, self, error) : NULL;
  g_autoptr (RunetReview) review =
      masks != NULL ? runet_review_open (options->record, RUNET_JOURNAL_WRITE, error)
                    : NULL;
  g_autoptr (GPtrArray) events =
      review != NULL ? read_events (options->record, error) : NULL;
  if (events == NULL)
    return NULL;
  /* So that the record is found again when the data set has moved. */
  if (!runet_journal_note_dataset (runet_review_get_journal (review), options->dataset,
                                   dataset, error))
    return NULL;
  Work work = {
      .options = options, .result = self, .review = review, .cancellable = cancellable};
  runet_import_originals_init (&work.originals, options->cache, events);
  const gboolean done = import_all (&work, masks, progress, user_data, error);
  runet_import_originals_clear (&work.originals);
  runet_frame_reader_clear (&work.reader);
  return done ? g_steal_pointer (&self) : NULL;
}

void
runet_import_free (RunetImport *self) {
  if (self == NULL)
    return;
  g_ptr_array_unref (self->problems);
  g_free (self);
}
