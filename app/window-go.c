/* From other windows to a view of the study. */
#include "window-go.h"

#include "ui/gate-cases.h"
#include "window-private.h"

void
runet_window_arrive (RunetWindow *self) {
  if (self->instant_due >= 0)
    runet_viewer_go_to_instant (RUNET_VIEWER (self->viewer),
                                (RunetInstant)self->instant_due);
  self->instant_due = -1;
}

void
runet_window_go_to_case (RunetWindow *self, RunetCase *item, int instant) {
  g_return_if_fail (RUNET_IS_WINDOW (self) && RUNET_IS_CASE (item));
  const gboolean shown = runet_viewer_get_case (RUNET_VIEWER (self->viewer)) == item;
  self->touched = TRUE;
  self->instant_due = instant;
  RunetWorklist *worklist = RUNET_WORKLIST (self->worklist);
  if (!runet_worklist_select (worklist, item)) {
    runet_worklist_show_all (worklist);
    runet_worklist_select (worklist, item);
  }
  if (shown)
    runet_window_arrive (self);
}

gboolean
runet_window_go_to_image (RunetWindow *self, const char *name) {
  g_return_val_if_fail (RUNET_IS_WINDOW (self) && name != NULL, FALSE);
  g_autofree char *patient = NULL;
  RunetView view;
  RunetInstant instant;
  if (!self->cases || !runet_gate_case_parse (name, &patient, &view, &instant))
    return FALSE;
  GListModel *cases = G_LIST_MODEL (self->cases);
  for (guint i = 0; i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    if (runet_case_get_view (item) == view &&
        g_str_equal (runet_case_get_patient (item)->id, patient)) {
      runet_window_go_to_case (self, item, (int)instant);
      return TRUE;
    }
  }
  return FALSE;
}

/* ---- On through the list ---- */

static gboolean
is_decided (RunetWindow *self, RunetCase *item) {
  const char *author = runet_window_review_get_author (self->review);
  const RunetReviewState *state = runet_case_get_review (item);
  return state != NULL && author != NULL &&
         runet_review_state_get_status_of (state, author) != RUNET_REVIEW_NONE;
}

/* How many are shown when @item is not. */
static guint
find_shown (RunetWorklist *list, RunetCase *item) {
  const guint count = runet_worklist_count_shown (list);
  guint position = 0;
  while (position < count && runet_worklist_get_shown (list, position) != item)
    position++;
  return position;
}

void
runet_window_go_on (RunetWindow *self) {
  g_return_if_fail (RUNET_IS_WINDOW (self));
  RunetWorklist *list = RUNET_WORKLIST (self->worklist);
  const guint count = runet_worklist_count_shown (list);
  const guint from =
      find_shown (list, runet_viewer_get_case (RUNET_VIEWER (self->viewer)));
  /* One that a filter has hidden leads to the row in its place. */
  for (guint i = 1; from < count && i < count; i++) {
    RunetCase *item = runet_worklist_get_shown (list, (from + i) % count);
    if (!is_decided (self, item)) {
      runet_worklist_select (list, item);
      return;
    }
  }
  runet_worklist_step (list, 1);
}
