/* Tells at once when somebody decides on a case of a list, and of nothing else that changes about it. */
#include "worklist-watch.h"

/* What was known of one case: it changes with every frame that is analysed. */
typedef struct {
  RunetWorklistWatch *owner;
  RunetCase *item;
  gulong changed_id;
  RunetReviewState *review; /* (nullable) */
} Seen;

struct _RunetWorklistWatch {
  RunetWorklistDecided decided;
  gpointer user_data;
  guint count;
  Seen *seen; /* count of them; they stay where they are */
};

static void
changed_cb (RunetCase *item, Seen *seen) {
  RunetReviewState *review = runet_case_get_review (item);
  if (review == seen->review)
    return;
  g_clear_pointer (&seen->review, runet_review_state_unref);
  seen->review = review ? runet_review_state_ref (review) : NULL;
  seen->owner->decided (item, seen->owner->user_data);
}

RunetWorklistWatch *
runet_worklist_watch_new (GListModel *cases,
                          RunetWorklistDecided decided,
                          gpointer user_data) {
  g_return_val_if_fail (G_IS_LIST_MODEL (cases) && decided, NULL);
  RunetWorklistWatch *self = g_new0 (RunetWorklistWatch, 1);
  self->decided = decided;
  self->user_data = user_data;
  self->count = g_list_model_get_n_items (cases);
  self->seen = g_new0 (Seen, self->count);
  for (guint i = 0; i < self->count; i++) {
    Seen *seen = &self->seen[i];
    seen->owner = self;
    seen->item = g_list_model_get_item (cases, i);
    RunetReviewState *review = runet_case_get_review (seen->item);
    seen->review = review ? runet_review_state_ref (review) : NULL;
    seen->changed_id =
        g_signal_connect (seen->item, "changed", G_CALLBACK (changed_cb), seen);
  }
  return self;
}

void
runet_worklist_watch_free (RunetWorklistWatch *self) {
  for (guint i = 0; i < self->count; i++) {
    g_signal_handler_disconnect (self->seen[i].item, self->seen[i].changed_id);
    g_object_unref (self->seen[i].item);
    g_clear_pointer (&self->seen[i].review, runet_review_state_unref);
  }
  g_free (self->seen);
  g_free (self);
}
