/* What people drew in place of the model's contours: from the record to the cases. */
#include "window-corrections.h"

#include <glib/gi18n.h>
#include "core/base/error.h"
#include "core/exchange/version.h"
#include "window-private.h"

struct _RunetWindowCorrections {
  RunetWindow *window; /* which owns this */
  GQueue waiting; /* RunetCase, each once */
  guint idle_id;
};

const RunetReading *
runet_review_state_get_counting (const RunetReviewState *state, const char *author) {
  if (!state)
    return NULL;
  const RunetReading *own =
      author ? runet_review_state_find_reading (state, author) : NULL;
  if (own && (own->decision || own->frames->len > 0))
    return own;
  return runet_review_state_get_final (state);
}

RunetCorrection *
runet_window_corrections_read (RunetWindowCorrections *self,
                               const RunetEvent *edit,
                               GError **error) {
  RunetReview *record = runet_window_review_get_record (self->window->review);
  g_autoptr (GBytes) before = NULL, after = NULL;
  g_return_val_if_fail (record != NULL, NULL);
  if (!runet_journal_read_edit (runet_review_get_journal (record), edit->number,
                                &before, &after, error))
    return NULL;
  if (after) {
    RunetCorrection *correction = runet_correction_parse (after, error);
    g_autofree char *name = runet_subject_display_name (&edit->subject);
    if (!correction)
      g_prefix_error (error, "%s: %s %s: ",
                      runet_journal_get_path (runet_review_get_journal (record)), name,
                      runet_view_to_string (edit->subject.view));
    return correction;
  }
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
               _ ("%s: expected contours in event %lld, found none"),
               runet_journal_get_path (runet_review_get_journal (record)),
               (long long)edit->number);
  return NULL;
}

RunetCorrection *
runet_frame_result_to_correction (const RunetFrameResult *result) {
  g_autoptr (RunetLabelMap) map =
      runet_frame_result_unpack_labels (result, RUNET_SHOWN_LAST);
  return map ? runet_correction_new (result->grid, map->labels) : NULL;
}

/* ---- Measured ---- */

/* (transfer full) (nullable): where there is one that fits. */
static RunetLabelMap *
read_expert (RunetCase *item, int instant, const RunetGrid *grid) {
  if (instant < 0)
    return NULL;
  g_autoptr (RunetLabelMap) map = runet_view_read_still_mask (
      runet_case_get_files (item), (RunetInstant)instant, NULL, NULL);
  gboolean fits = map && map->grid->frames == 1 && map->grid->width == grid->width &&
                  map->grid->height == grid->height;
  return fits ? g_steal_pointer (&map) : NULL;
}

static RunetCaseCorrection *
measure (RunetCase *item, const RunetFrameEdit *edit, RunetCorrection *correction) {
  const RunetGrid *grid = correction->grid;
  g_autofree guint8 *labels = g_try_malloc (grid->width * grid->height);
  if (!labels)
    return NULL;
  runet_correction_draw (correction, labels);
  g_autoptr (RunetLabelMap) expert = read_expert (item, edit->instant, grid);
  g_autoptr (RunetFrameResult) result = runet_frame_result_new_of_labels (
      grid, labels, expert ? expert->labels : NULL,
      edit->instant >= 0 ? (RunetInstant)edit->instant : RUNET_INSTANT_ED);
  return runet_case_correction_new (edit->instant, edit->frame, edit->event->number,
                                    edit->event->author, correction->derived, result);
}

/* (transfer full) (nullable): what is known of @edit already, else read and measured; NULL where the contours are the
 * model's again. */
static RunetCaseCorrection *
find_or_measure (RunetWindowCorrections *self,
                 RunetCase *item,
                 const RunetFrameEdit *edit) {
  RunetCaseCorrection *known = runet_case_corrections_find (
      runet_case_get_corrections (item), edit->instant, edit->frame);
  if (known && known->number == edit->event->number)
    return runet_case_correction_ref (known);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetCorrection) correction =
      runet_window_corrections_read (self, edit->event, &error);
  if (!correction)
    runet_problem_bar_say (RUNET_PROBLEM_BAR (self->window->problems), error->message);
  return correction && runet_correction_is_edited (correction)
             ? measure (item, edit, correction)
             : NULL;
}

GPtrArray *
runet_window_corrections_measure (RunetWindowCorrections *self,
                                  RunetCase *item,
                                  const RunetReading *reading) {
  GPtrArray *list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_case_correction_unref);
  for (guint i = 0; reading && i < reading->frames->len; i++) {
    RunetCaseCorrection *one = find_or_measure (self, item, reading->frames->pdata[i]);
    if (one)
      g_ptr_array_add (list, one);
  }
  return list;
}

static gboolean
is_same (const GPtrArray *a, const GPtrArray *b) {
  const guint count = a ? a->len : 0;
  if (count != (b ? b->len : 0))
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (a->pdata[i] != b->pdata[i])
      return FALSE;
  return TRUE;
}

static void
load (RunetWindowCorrections *self, RunetCase *item) {
  /* It may have waited while another study was opened, whose record knows nothing of it. */
  if (!runet_window_review_get_record (self->window->review) ||
      !g_list_store_find (self->window->cases, item, NULL))
    return;
  const RunetReading *reading = runet_review_state_get_counting (
      runet_case_get_review (item),
      runet_window_review_get_author (self->window->review));
  g_autoptr (GPtrArray) list = runet_window_corrections_measure (self, item, reading);
  if (!is_same (list, runet_case_get_corrections (item)))
    runet_case_set_corrections (item, list);
}

/* ---- When ---- */

static gboolean
load_cb (gpointer user_data) {
  RunetWindowCorrections *self = user_data;
  g_autoptr (RunetCase) item = g_queue_pop_head (&self->waiting);
  if (item)
    load (self, item);
  if (!g_queue_is_empty (&self->waiting))
    return G_SOURCE_CONTINUE;
  self->idle_id = 0;
  runet_worklist_results_changed (RUNET_WORKLIST (self->window->worklist));
  return G_SOURCE_REMOVE;
}

void
runet_window_corrections_update (RunetWindowCorrections *self, RunetCase *item) {
  if (runet_viewer_get_case (RUNET_VIEWER (self->window->viewer)) == item) {
    load (self, item);
    runet_worklist_results_changed (RUNET_WORKLIST (self->window->worklist));
    return;
  }
  const RunetReviewState *state = runet_case_get_review (item);
  gboolean any = runet_case_get_corrections (item) != NULL;
  for (guint i = 0; state && i < state->readings->len; i++)
    any |= ((const RunetReading *)state->readings->pdata[i])->frames->len > 0;
  if (!any || g_queue_find (&self->waiting, item))
    return;
  g_queue_push_tail (&self->waiting, g_object_ref (item));
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_LOW, load_cb, self, NULL);
}

void
runet_window_corrections_update_all (RunetWindowCorrections *self) {
  GListModel *cases = (GListModel *)self->window->cases;
  for (guint i = 0; cases && i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    runet_window_corrections_update (self, item);
  }
}

/* ---- What is accepted ---- */

static gboolean
add_accepted (GPtrArray *frames, int instant, int frame, RunetCorrection *correction) {
  if (!correction)
    return FALSE;
  g_ptr_array_add (
      frames, runet_corrected_frame_new (
                  instant, frame, runet_correction_is_edited (correction), correction));
  return TRUE;
}

GBytes *
runet_window_corrections_list_accepted (RunetWindowCorrections *self,
                                        RunetCase *item,
                                        GError **error) {
  const char *author = runet_window_review_get_author (self->window->review);
  const RunetReviewState *state = runet_case_get_review (item);
  const RunetReading *own =
      state && author ? runet_review_state_find_reading (state, author) : NULL;
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  for (guint i = 0; own && i < own->frames->len; i++) {
    const RunetFrameEdit *edit = own->frames->pdata[i];
    g_autoptr (RunetCorrection) correction =
        runet_window_corrections_read (self, edit->event, error);
    if (!add_accepted (frames, edit->instant, edit->frame, correction))
      return NULL;
  }
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    const RunetFrameResult *result = runet_case_get_instant_result (item, i);
    if (!result || (own && runet_reading_find_edit (own, i, 0)))
      continue;
    g_autoptr (RunetCorrection) correction = runet_frame_result_to_correction (result);
    if (!add_accepted (frames, i, 0, correction)) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                   _ ("%s: expected the contours of %s, found them damaged: run the "
                      "model again"),
                   runet_case_get_name (item), runet_instant_to_string (i));
      return NULL;
    }
  }
  return runet_corrected_frames_serialise (frames);
}

/* ---- The whole ---- */

RunetWindowCorrections *
runet_window_corrections_new (RunetWindow *window) {
  RunetWindowCorrections *self = g_new0 (RunetWindowCorrections, 1);
  self->window = window;
  g_queue_init (&self->waiting);
  return self;
}

void
runet_window_corrections_free (RunetWindowCorrections *self) {
  g_clear_handle_id (&self->idle_id, g_source_remove);
  g_queue_clear_full (&self->waiting, g_object_unref);
  g_free (self);
}
