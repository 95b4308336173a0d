/* The cases that the worklist shows, in its order. */
#include "worklist-model.h"

struct _RunetWorklistModel {
  GObject parent;

  GListModel *cases;
  RunetWorklistFilter *filter;
  GPtrArray *shown; /* RunetCase */
  RunetOrder order;
  gboolean reversed;
  gulong cases_id;
};

static void
list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RunetWorklistModel,
                               runet_worklist_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      list_model_init))

static GType
get_item_type (GListModel *model) {
  return RUNET_TYPE_CASE;
}

static guint
get_n_items (GListModel *model) {
  return RUNET_WORKLIST_MODEL (model)->shown->len;
}

static gpointer
get_item (GListModel *model, guint position) {
  RunetWorklistModel *self = RUNET_WORKLIST_MODEL (model);
  return position < self->shown->len ? g_object_ref (self->shown->pdata[position])
                                     : NULL;
}

static void
list_model_init (GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer reversed) {
  return runet_order_compare (a, b, GPOINTER_TO_INT (reversed));
}

/* (element-type RunetCase) (transfer full) */
static GPtrArray *
arrange (RunetWorklistModel *self) {
  guint count = self->cases ? g_list_model_get_n_items (self->cases) : 0;
  g_autoptr (GArray) keys =
      g_array_sized_new (FALSE, FALSE, sizeof (RunetOrderKey), count);
  GPtrArray *shown = g_ptr_array_new_full (count, g_object_unref);
  for (guint i = 0; i < count; i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (self->cases, i);
    if (!gtk_filter_match (GTK_FILTER (self->filter), item))
      continue;
    RunetOrderKey key = runet_order_make_key (item, self->order);
    g_array_append_val (keys, key);
  }
  g_array_sort_with_data (keys, compare_cb, GINT_TO_POINTER (self->reversed));
  for (guint i = 0; i < keys->len; i++)
    g_ptr_array_add (shown, g_object_ref (g_array_index (keys, RunetOrderKey, i).item));
  return shown;
}

/* Rows before the first change and after the last one are left in peace. */
void
runet_worklist_model_refresh (RunetWorklistModel *self) {
  g_return_if_fail (RUNET_IS_WORKLIST_MODEL (self));
  g_autoptr (GPtrArray) before = self->shown;
  GPtrArray *after = self->shown = arrange (self);
  guint fewer = MIN (before->len, after->len), first = 0, last = 0;
  while (first < fewer && before->pdata[first] == after->pdata[first])
    first++;
  while (last < fewer - first &&
         before->pdata[before->len - 1 - last] == after->pdata[after->len - 1 - last])
    last++;
  guint removed = before->len - first - last, added = after->len - first - last;
  if (removed > 0 || added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), first, removed, added);
}

static void
runet_worklist_model_dispose (GObject *object) {
  RunetWorklistModel *self = RUNET_WORKLIST_MODEL (object);
  g_clear_signal_handler (&self->cases_id, self->cases);
  g_clear_object (&self->cases);
  g_clear_object (&self->filter);
  g_ptr_array_set_size (self->shown, 0);
  G_OBJECT_CLASS (runet_worklist_model_parent_class)->dispose (object);
}

static void
runet_worklist_model_finalize (GObject *object) {
  g_ptr_array_unref (RUNET_WORKLIST_MODEL (object)->shown);
  G_OBJECT_CLASS (runet_worklist_model_parent_class)->finalize (object);
}

static void
runet_worklist_model_class_init (RunetWorklistModelClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_worklist_model_dispose;
  G_OBJECT_CLASS (class)->finalize = runet_worklist_model_finalize;
}

static void
runet_worklist_model_init (RunetWorklistModel *self) {
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
}

RunetWorklistModel *
runet_worklist_model_new (RunetWorklistFilter *filter) {
  g_return_val_if_fail (RUNET_IS_WORKLIST_FILTER (filter), NULL);
  RunetWorklistModel *self = g_object_new (RUNET_TYPE_WORKLIST_MODEL, NULL);
  self->filter = g_object_ref (filter);
  g_signal_connect_object (filter, "changed", G_CALLBACK (runet_worklist_model_refresh),
                           self, G_CONNECT_SWAPPED);
  return self;
}

void
runet_worklist_model_set_cases (RunetWorklistModel *self, GListModel *cases) {
  g_return_if_fail (RUNET_IS_WORKLIST_MODEL (self));
  g_clear_signal_handler (&self->cases_id, self->cases);
  g_set_object (&self->cases, cases);
  if (cases)
    self->cases_id = g_signal_connect_swapped (
        cases, "items-changed", G_CALLBACK (runet_worklist_model_refresh), self);
  runet_worklist_model_refresh (self);
}

void
runet_worklist_model_set_order (RunetWorklistModel *self,
                                RunetOrder order,
                                gboolean reversed) {
  g_return_if_fail (RUNET_IS_WORKLIST_MODEL (self));
  self->order = order;
  self->reversed = reversed;
  runet_worklist_model_refresh (self);
}
