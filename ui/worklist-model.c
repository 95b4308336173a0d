/* The cases that the worklist shows, in its order. */
#include "worklist-model.h"

struct _RunetPlace {
  GObject parent;

  RunetCase *item;
};

G_DEFINE_FINAL_TYPE (RunetPlace, runet_place, G_TYPE_OBJECT)

static guint changed_signal;

static void
runet_place_finalize (GObject *object) {
  g_clear_object (&RUNET_PLACE (object)->item);
  G_OBJECT_CLASS (runet_place_parent_class)->finalize (object);
}

static void
runet_place_class_init (RunetPlaceClass *class) {
  G_OBJECT_CLASS (class)->finalize = runet_place_finalize;
  changed_signal = g_signal_new ("changed", RUNET_TYPE_PLACE, G_SIGNAL_RUN_LAST, 0,
                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
runet_place_init (RunetPlace *self) {
}

RunetCase *
runet_place_get_case (RunetPlace *self) {
  return self->item;
}

static void
put_case (RunetPlace *self, RunetCase *item) {
  if (g_set_object (&self->item, item))
    g_signal_emit (self, changed_signal, 0);
}

struct _RunetWorklistModel {
  GObject parent;

  GListModel *cases;
  RunetWorklistFilter *filter;
  GPtrArray *places; /* RunetPlace */
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

static guint arranged_signal;

static GType
get_item_type (GListModel *model) {
  return RUNET_TYPE_PLACE;
}

static guint
get_n_items (GListModel *model) {
  return RUNET_WORKLIST_MODEL (model)->places->len;
}

static gpointer
get_item (GListModel *model, guint position) {
  RunetWorklistModel *self = RUNET_WORKLIST_MODEL (model);
  return position < self->places->len ? g_object_ref (self->places->pdata[position])
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

/* (element-type RunetOrderKey) (transfer full): what is shown, in order. */
static GArray *
arrange (RunetWorklistModel *self) {
  guint count = self->cases ? g_list_model_get_n_items (self->cases) : 0;
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (RunetOrderKey), count);
  for (guint i = 0; i < count; i++) {
    /* The list of cases holds on to it. */
    g_autoptr (RunetCase) item = g_list_model_get_item (self->cases, i);
    if (!gtk_filter_match (GTK_FILTER (self->filter), item))
      continue;
    RunetOrderKey key = runet_order_make_key (item, self->order);
    g_array_append_val (keys, key);
  }
  g_array_sort_with_data (keys, compare_cb, GINT_TO_POINTER (self->reversed));
  return keys;
}

void
runet_worklist_model_refresh (RunetWorklistModel *self) {
  g_return_if_fail (RUNET_IS_WORKLIST_MODEL (self));
  g_autoptr (GArray) keys = arrange (self);
  guint before = self->places->len, after = keys->len;
  if (after < before)
    g_ptr_array_set_size (self->places, (int)after);
  for (guint i = 0; i < MIN (before, after); i++)
    put_case (self->places->pdata[i], g_array_index (keys, RunetOrderKey, i).item);
  for (guint i = before; i < after; i++) {
    g_ptr_array_add (self->places, g_object_new (RUNET_TYPE_PLACE, NULL));
    put_case (self->places->pdata[i], g_array_index (keys, RunetOrderKey, i).item);
  }
  if (after != before)
    g_list_model_items_changed (G_LIST_MODEL (self), MIN (before, after),
                                before > after ? before - after : 0,
                                after > before ? after - before : 0);
  g_signal_emit (self, arranged_signal, 0);
}

/* The cases from @position on move up by one place; the last place goes. */
static void
close_gap (RunetWorklistModel *self, guint position) {
  guint last = self->places->len - 1;
  for (guint i = position; i < last; i++)
    put_case (self->places->pdata[i],
              runet_place_get_case (self->places->pdata[i + 1]));
  g_ptr_array_set_size (self->places, (int)last);
  g_list_model_items_changed (G_LIST_MODEL (self), last, 1, 0);
}

/* Before the first that comes after @item. */
static void
insert (RunetWorklistModel *self, RunetCase *item) {
  RunetOrderKey wanted = runet_order_make_key (item, self->order);
  guint last = self->places->len, position = 0;
  for (; position < last; position++) {
    RunetOrderKey key = runet_order_make_key (
        runet_place_get_case (self->places->pdata[position]), self->order);
    if (runet_order_compare (&wanted, &key, self->reversed) < 0)
      break;
  }
  g_ptr_array_add (self->places, g_object_new (RUNET_TYPE_PLACE, NULL));
  for (guint i = last; i > position; i--)
    put_case (self->places->pdata[i],
              runet_place_get_case (self->places->pdata[i - 1]));
  put_case (self->places->pdata[position], item);
  g_list_model_items_changed (G_LIST_MODEL (self), last, 0, 1);
}

gboolean
runet_worklist_model_update_case (RunetWorklistModel *self, RunetCase *item) {
  g_return_val_if_fail (RUNET_IS_WORKLIST_MODEL (self) && RUNET_IS_CASE (item), FALSE);
  guint position = runet_worklist_model_find (self, item);
  gboolean shown = position != GTK_INVALID_LIST_POSITION;
  if (shown == gtk_filter_match (GTK_FILTER (self->filter), item))
    return FALSE;
  if (shown)
    close_gap (self, position);
  else
    insert (self, item);
  g_signal_emit (self, arranged_signal, 0);
  return TRUE;
}

RunetCase *
runet_worklist_model_get_case (RunetWorklistModel *self, guint position) {
  g_return_val_if_fail (RUNET_IS_WORKLIST_MODEL (self), NULL);
  return position < self->places->len
             ? runet_place_get_case (self->places->pdata[position])
             : NULL;
}

guint
runet_worklist_model_find (RunetWorklistModel *self, RunetCase *item) {
  for (guint i = 0; item && i < self->places->len; i++)
    if (runet_place_get_case (self->places->pdata[i]) == item)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
runet_worklist_model_dispose (GObject *object) {
  RunetWorklistModel *self = RUNET_WORKLIST_MODEL (object);
  g_clear_signal_handler (&self->cases_id, self->cases);
  g_clear_object (&self->cases);
  g_clear_object (&self->filter);
  g_ptr_array_set_size (self->places, 0);
  G_OBJECT_CLASS (runet_worklist_model_parent_class)->dispose (object);
}

static void
runet_worklist_model_finalize (GObject *object) {
  g_ptr_array_unref (RUNET_WORKLIST_MODEL (object)->places);
  G_OBJECT_CLASS (runet_worklist_model_parent_class)->finalize (object);
}

static void
runet_worklist_model_class_init (RunetWorklistModelClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_worklist_model_dispose;
  G_OBJECT_CLASS (class)->finalize = runet_worklist_model_finalize;
  arranged_signal =
      g_signal_new ("arranged", RUNET_TYPE_WORKLIST_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
runet_worklist_model_init (RunetWorklistModel *self) {
  self->places = g_ptr_array_new_with_free_func (g_object_unref);
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
