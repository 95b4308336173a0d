/* Which outliers nobody has looked at yet. */
#include "unseen.h"

struct _RunetUnseen {
  GHashTable *seen; /* cases, as keys that are only compared */
};

RunetUnseen *
runet_unseen_new (void) {
  RunetUnseen *self = g_new0 (RunetUnseen, 1);
  self->seen = g_hash_table_new (NULL, NULL);
  return self;
}

void
runet_unseen_free (RunetUnseen *self) {
  g_hash_table_unref (self->seen);
  g_free (self);
}

void
runet_unseen_clear (RunetUnseen *self) {
  g_hash_table_remove_all (self->seen);
}

void
runet_unseen_note (RunetUnseen *self, RunetCase *item) {
  if (item && runet_case_is_outlier (item))
    g_hash_table_add (self->seen, item);
}

static guint
find (RunetUnseen *self, RunetWorklistModel *shown, guint selected, gboolean any) {
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (shown));
  const guint from = selected == GTK_INVALID_LIST_POSITION ? 0 : selected + 1;
  for (guint i = 0; i < count; i++) {
    const guint position = (from + i) % count;
    RunetCase *item = runet_worklist_model_get_case (shown, position);
    if (runet_case_is_outlier (item) &&
        (any || !g_hash_table_contains (self->seen, item)))
      return position;
  }
  return GTK_INVALID_LIST_POSITION;
}

guint
runet_unseen_find_outlier (RunetUnseen *self,
                           RunetWorklistModel *shown,
                           guint selected) {
  const guint position = find (self, shown, selected, FALSE);
  return position != GTK_INVALID_LIST_POSITION ? position
                                               : find (self, shown, selected, TRUE);
}
