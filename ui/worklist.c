/* The worklist: which views there are, the riskiest first, searched and sorted. */
#include "worklist.h"

#include <glib/gi18n-lib.h>
#include "worklist-row.h"

/* The count of outliers follows the results within a second. Rows that move while one reads are a
 * nuisance: they do so seldom, and never under the pointer or right after a key. */
#define UPDATE_MS 1000
#define RESORT_INTERVAL_US (5 * G_USEC_PER_SEC)
#define REST_US (4 * G_USEC_PER_SEC)

struct _RunetWorklist {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *search;
  GtkWidget *summary;
  GtkWidget *stack;
  GtkWidget *list;
  GtkWidget *scroller;
  GtkEventController *pointer;

  GListModel *cases;
  GtkSorter *sorter;
  GtkFilter *filter;
  GtkSortListModel *sorted;
  GtkFilterListModel *filtered;
  GtkSingleSelection *selection;
  RunetOrder order;
  char *needle;
  guint update_id;
  gboolean order_is_old; /* results came since the rows were sorted */
  gint64 sorted_at; /* monotonic */
  gint64 touched_at; /* monotonic: a key, the wheel or a step through the list */
};

G_DEFINE_FINAL_TYPE (RunetWorklist, runet_worklist, GTK_TYPE_WIDGET)

enum { PROP_SELECTED = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static int
compare (gconstpointer a, gconstpointer b, gpointer user_data) {
  RunetWorklist *self = user_data;
  int order = self->order == RUNET_ORDER_RISK
                  ? runet_case_compare_by_risk ((RunetCase *)a, (RunetCase *)b)
                  : runet_case_compare_by_name ((RunetCase *)a, (RunetCase *)b);
  return gtk_ordering_from_cmpfunc (order);
}

static gboolean
matches (gpointer item, gpointer user_data) {
  RunetWorklist *self = user_data;
  return runet_case_matches (RUNET_CASE (item), self->needle);
}

static guint
count_outliers (RunetWorklist *self) {
  guint count = 0;
  for (guint i = 0; self->cases && i < g_list_model_get_n_items (self->cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (self->cases, i);
    count += runet_case_is_anatomical_outlier (item) ||
             runet_case_is_geometrical_outlier (item);
  }
  return count;
}

static void
update_summary (RunetWorklist *self) {
  guint all = self->cases ? g_list_model_get_n_items (self->cases) : 0;
  guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  guint outliers = count_outliers (self);
  g_autoptr (GString) text = g_string_new (NULL);
  if (shown < all)
    g_string_append_printf (text, _ ("%u of %u views"), shown, all);
  else
    g_string_append_printf (
        text, g_dngettext (GETTEXT_PACKAGE, "%u view", "%u views", all), all);
  if (outliers > 0) {
    g_string_append (text, " · ");
    g_string_append_printf (
        text, g_dngettext (GETTEXT_PACKAGE, "%u outlier", "%u outliers", outliers),
        outliers);
  }
  gtk_label_set_label (GTK_LABEL (self->summary), text->str);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    all > 0 && shown == 0 ? "nothing" : "list");
}

static void
scroll_to (RunetWorklist *self, guint position) {
  gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", position);
}

static gboolean
is_at_top (RunetWorklist *self) {
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  return gtk_adjustment_get_value (adjustment) < 1;
}

/* The list view holds on to the row that was at its top, wherever the sorting takes it, and draws
 * nothing in the place of the rows it did not expect there. A list that gets its model anew starts
 * from the top. */
static void
sort (RunetWorklist *self) {
  gboolean at_top = is_at_top (self);
  GtkRoot *root = gtk_widget_get_root (self->list);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  gboolean focused = focus && gtk_widget_is_ancestor (focus, self->list);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), NULL);
  gtk_sorter_changed (self->sorter, GTK_SORTER_CHANGE_DIFFERENT);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list),
                           GTK_SELECTION_MODEL (self->selection));
  guint selected = gtk_single_selection_get_selected (self->selection);
  if (!at_top && selected != GTK_INVALID_LIST_POSITION)
    scroll_to (self, selected);
  if (focused)
    gtk_widget_grab_focus (self->list);
  self->order_is_old = FALSE;
  self->sorted_at = g_get_monotonic_time ();
}

static gboolean
may_sort (RunetWorklist *self) {
  gint64 now = g_get_monotonic_time ();
  return now - self->sorted_at >= RESORT_INTERVAL_US &&
         now - self->touched_at >= REST_US &&
         !gtk_event_controller_motion_contains_pointer (
             GTK_EVENT_CONTROLLER_MOTION (self->pointer));
}

static gboolean
update_cb (gpointer user_data) {
  RunetWorklist *self = user_data;
  update_summary (self);
  if (self->order_is_old && !may_sort (self))
    return G_SOURCE_CONTINUE;
  if (self->order_is_old)
    sort (self);
  self->update_id = 0;
  return G_SOURCE_REMOVE;
}

static void
touch (RunetWorklist *self) {
  self->touched_at = g_get_monotonic_time ();
}

static gboolean
key_cb (RunetWorklist *self) {
  touch (self);
  return GDK_EVENT_PROPAGATE;
}

void
runet_worklist_results_changed (RunetWorklist *self) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  self->order_is_old = self->order == RUNET_ORDER_RISK;
  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_MS, update_cb, self);
}

static void
search_changed_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  g_free (self->needle);
  self->needle = g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry)));
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_summary (self);
}

static void
search_activate_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  if (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0)
    gtk_single_selection_set_selected (self->selection, 0);
  gtk_widget_grab_focus (self->list);
}

static void
search_stop_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (self->list);
}

static void
setup_row_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item,
              gpointer user_data) {
  gtk_list_item_set_child (item, runet_worklist_row_new ());
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data) {
  runet_worklist_row_set_case (RUNET_WORKLIST_ROW (gtk_list_item_get_child (item)),
                               gtk_list_item_get_item (item));
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item,
               gpointer user_data) {
  runet_worklist_row_set_case (RUNET_WORKLIST_ROW (gtk_list_item_get_child (item)),
                               NULL);
}

static void
selected_cb (RunetWorklist *self) {
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
runet_worklist_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec) {
  RunetWorklist *self = RUNET_WORKLIST (object);
  if (id == PROP_SELECTED)
    g_value_set_object (value, runet_worklist_get_selected (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_worklist_dispose (GObject *object) {
  RunetWorklist *self = RUNET_WORKLIST (object);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->cases);
  g_clear_pointer (&self->needle, g_free);
  G_OBJECT_CLASS (runet_worklist_parent_class)->dispose (object);
}

static void
runet_worklist_class_init (RunetWorklistClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = runet_worklist_dispose;
  object_class->get_property = runet_worklist_get_property;
  properties[PROP_SELECTED] =
      g_param_spec_object ("selected", NULL, NULL, RUNET_TYPE_CASE,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "worklist");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/worklist.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, content);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, search);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, summary);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, stack);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, list);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, scroller);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
}

/* To know when somebody is at work in the list. */
static void
watch (RunetWorklist *self) {
  self->pointer = gtk_event_controller_motion_new ();
  gtk_widget_add_controller (GTK_WIDGET (self), self->pointer);
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
runet_worklist_init (RunetWorklist *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  watch (self);
  self->sorted_at = self->touched_at = -RESORT_INTERVAL_US;
  self->sorter = GTK_SORTER (gtk_custom_sorter_new (compare, self, NULL));
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->sorted = gtk_sort_list_model_new (NULL, self->sorter);
  self->filtered =
      gtk_filter_list_model_new (G_LIST_MODEL (self->sorted), self->filter);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (self->filtered));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);

  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row_cb), NULL);
  gtk_list_view_set_factory (GTK_LIST_VIEW (self->list), factory);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list),
                           GTK_SELECTION_MODEL (self->selection));
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), NULL);
}

GtkWidget *
runet_worklist_new (void) {
  return g_object_new (RUNET_TYPE_WORKLIST, NULL);
}

void
runet_worklist_set_cases (RunetWorklist *self, GListModel *cases) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  g_set_object (&self->cases, cases);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  g_clear_pointer (&self->needle, g_free);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sort_list_model_set_model (self->sorted, cases);
  update_summary (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0) {
    gtk_single_selection_set_selected (self->selection, 0);
    scroll_to (self, 0);
  }
}

RunetCase *
runet_worklist_get_selected (RunetWorklist *self) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), NULL);
  return gtk_single_selection_get_selected_item (self->selection);
}

gboolean
runet_worklist_select (RunetWorklist *self, RunetCase *item) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self) && RUNET_IS_CASE (item), FALSE);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  for (guint position = 0; position < count; position++) {
    g_autoptr (RunetCase) shown =
        g_list_model_get_item (G_LIST_MODEL (self->filtered), position);
    if (shown != item)
      continue;
    touch (self);
    gtk_single_selection_set_selected (self->selection, position);
    scroll_to (self, position);
    return TRUE;
  }
  return FALSE;
}

void
runet_worklist_step (RunetWorklist *self, int step) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  guint selected = gtk_single_selection_get_selected (self->selection);
  if (count == 0)
    return;
  gint64 next = selected == GTK_INVALID_LIST_POSITION ? 0 : (gint64)selected + step;
  guint position = (guint)CLAMP (next, 0, (gint64)count - 1);
  touch (self);
  gtk_single_selection_set_selected (self->selection, position);
  scroll_to (self, position);
}

gboolean
runet_worklist_next_outlier (RunetWorklist *self) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), FALSE);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  guint selected = gtk_single_selection_get_selected (self->selection);
  guint from = selected == GTK_INVALID_LIST_POSITION ? 0 : selected + 1;
  for (guint i = 0; i < count; i++) {
    guint position = (from + i) % count;
    g_autoptr (RunetCase) item =
        g_list_model_get_item (G_LIST_MODEL (self->filtered), position);
    if (!runet_case_is_anatomical_outlier (item) &&
        !runet_case_is_geometrical_outlier (item))
      continue;
    touch (self);
    gtk_single_selection_set_selected (self->selection, position);
    scroll_to (self, position);
    return TRUE;
  }
  return FALSE;
}

void
runet_worklist_set_order (RunetWorklist *self, RunetOrder order) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  if (self->order == order)
    return;
  self->order = order;
  sort (self);
}

RunetOrder
runet_worklist_get_order (RunetWorklist *self) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), RUNET_ORDER_RISK);
  return self->order;
}

void
runet_worklist_start_search (RunetWorklist *self) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  gtk_widget_grab_focus (self->search);
}
