/* When the rows of a list are put in order anew, while results keep coming. */
#include "resort.h"

/* What counts the results follows them within a second. Rows that move while one reads are a nuisance: they do so
 * seldom, and never under the pointer or right after a key. */
#define UPDATE_MS 1000
#define INTERVAL_US (5 * G_USEC_PER_SEC)
#define REST_US (4 * G_USEC_PER_SEC)
/* What is known from earlier runs comes in a burst: the list is put in order when it is over, before anybody
 * reads, or when it lasts. */
#define BURST_GAP_MS 200
#define BURST_US (G_USEC_PER_SEC)

typedef enum {
  BURST_AWAITED,
  BURST_COMING,
  BURST_OVER,
} Burst;

struct _RunetResort {
  RunetResortFunc func;
  RunetResortBusyFunc busy;
  gpointer user_data;
  guint timeout_id;
  Burst burst;
  gboolean old; /* results came since the rows were put in order */
  gboolean touched; /* since the list is there */
  gint64 burst_at, sorted_at, touched_at; /* monotonic */
};

RunetResort *
runet_resort_new (RunetResortFunc func, RunetResortBusyFunc busy, gpointer user_data) {
  g_return_val_if_fail (func != NULL && busy != NULL, NULL);
  RunetResort *self = g_new0 (RunetResort, 1);
  self->func = func;
  self->busy = busy;
  self->user_data = user_data;
  self->sorted_at = self->touched_at = -INTERVAL_US;
  return self;
}

void
runet_resort_free (RunetResort *self) {
  if (!self)
    return;
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_free (self);
}

/* Nobody reads a list that has just come, even with the pointer over it. */
static gboolean
may_sort (RunetResort *self) {
  if (self->burst != BURST_OVER && !self->touched)
    return TRUE;
  const gint64 now = g_get_monotonic_time ();
  return now - self->sorted_at >= INTERVAL_US && now - self->touched_at >= REST_US &&
         !self->busy (self->user_data);
}

static gboolean
timeout_cb (gpointer user_data) {
  RunetResort *self = user_data;
  const gboolean sort = self->old && may_sort (self);
  self->timeout_id = 0;
  self->burst = BURST_OVER;
  self->func (sort, self->user_data);
  if (self->old && self->timeout_id == 0)
    self->timeout_id = g_timeout_add (UPDATE_MS, timeout_cb, self);
  return G_SOURCE_REMOVE;
}

void
runet_resort_begin (RunetResort *self) {
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  self->burst = BURST_AWAITED;
  self->old = self->touched = FALSE;
  self->sorted_at = -INTERVAL_US;
}

void
runet_resort_results_changed (RunetResort *self, gboolean order) {
  const gint64 now = g_get_monotonic_time ();
  self->old = order;
  if (self->burst == BURST_AWAITED) {
    self->burst = BURST_COMING;
    self->burst_at = now;
  }
  const gboolean burst = self->burst == BURST_COMING && now - self->burst_at < BURST_US;
  if (burst)
    g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->timeout_id == 0)
    self->timeout_id =
        g_timeout_add (burst ? BURST_GAP_MS : UPDATE_MS, timeout_cb, self);
}

void
runet_resort_touched (RunetResort *self) {
  self->touched = TRUE;
  self->touched_at = g_get_monotonic_time ();
}

void
runet_resort_done (RunetResort *self) {
  self->old = FALSE;
  self->sorted_at = g_get_monotonic_time ();
}
