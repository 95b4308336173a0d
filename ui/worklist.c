/* The worklist: which views there are, the riskiest first, searched, filtered and sorted. */
#include "worklist.h"

#include <glib/gi18n-lib.h>
#include "filter-popover.h"
#include "resort.h"
#include "teaching.h"
#include "unseen.h"
#include "worklist-columns.h"
#include "worklist-filter.h"
#include "worklist-model.h"
#include "worklist-summary.h"
#include "worklist-watch.h"

struct _RunetWorklist {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *search;
  GtkWidget *filter_button;
  GtkWidget *filter_count;
  GtkWidget *summary;
  GtkWidget *stack;
  GtkWidget *nothing;
  GtkWidget *view;
  GtkWidget *scroller;
  GtkEventController *pointer;

  GListModel *cases;
  RunetWorklistColumns *columns;
  RunetWorklistFilter *filter;
  RunetWorklistModel *shown;
  GtkSingleSelection *selection;
  RunetCase *chosen; /* (nullable): in the place that is selected */
  RunetCase *
      hidden; /* (nullable): was chosen until it was hidden, and will be when it is shown again */
  RunetCase *
      follower; /* (nullable): was below @hidden when it was hidden; the next step leads there */
  RunetWorklistWatch *watch; /* (nullable): of @cases */
  gboolean
      decided; /* on @chosen, or drawn on it: its row stays for as long as it is chosen */
  gboolean
      follow; /* the chosen case is to be in sight: somebody asked for another order or other rows */
  gboolean arranging; /* cases move between places: the selection is to follow */
  RunetUnseen *unseen;
  RunetOrder order;
  gboolean reversed;
  RunetResort *resort;
  RunetTeaching *teaching; /* (nullable): of @cases */
};

G_DEFINE_FINAL_TYPE (RunetWorklist, runet_worklist, GTK_TYPE_WIDGET)

enum { PROP_SELECTED = 1, PROP_ORDER, PROP_COLUMNS, PROP_FILTERS, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static guint activated_signal;

/* ---- Count ---- */

/* The list is not there at all when it is empty, so that it says why. */
static void
show_emptiness (RunetWorklist *self, guint all, guint shown) {
  gboolean criteria = runet_worklist_filter_count (self->filter) > 0;
  gboolean text = runet_worklist_filter_has_text (self->filter);
  const char *words = criteria && text
                          ? _ ("Nothing matches the search and the filters")
                      : criteria ? _ ("Nothing matches the filters")
                                 : _ ("Nothing matches the search");
  gtk_label_set_label (GTK_LABEL (self->nothing), words);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), all == 0     ? "empty"
                                                             : shown == 0 ? "nothing"
                                                                          : "list");
}

static void
update_summary (RunetWorklist *self) {
  const guint all = self->cases ? g_list_model_get_n_items (self->cases) : 0;
  g_autofree char *text = runet_worklist_summarise (self->shown, all);
  gtk_label_set_label (GTK_LABEL (self->summary), text);
  show_emptiness (self, all, runet_worklist_count_shown (self));
}

static void
show_filter_count (RunetWorklist *self) {
  guint count = runet_worklist_filter_count (self->filter);
  g_autofree char *number = g_strdup_printf ("%u", count);
  g_autofree char *words =
      count > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Filter: %u in use",
                                                "Filter: %u in use", count),
                                   count)
                : g_strdup (_ ("Filter the list"));
  gtk_label_set_label (GTK_LABEL (self->filter_count), number);
  gtk_widget_set_visible (self->filter_count, count > 0);
  gtk_widget_set_tooltip_text (self->filter_button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* ---- Rows ---- */

static void
scroll_to (RunetWorklist *self, guint position) {
  gtk_widget_activate_action (runet_worklist_columns_get_list (self->columns),
                              "list.scroll-to-item", "u", position);
}

static void
choose (RunetWorklist *self, guint position) {
  gtk_single_selection_set_selected (self->selection, position);
  scroll_to (self, position);
}

static gboolean
is_at_top (RunetWorklist *self) {
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  return gtk_adjustment_get_value (adjustment) < 1;
}

static void
follow_selection (RunetWorklist *self) {
  RunetCase *item = runet_worklist_model_get_case (
      self->shown, gtk_single_selection_get_selected (self->selection));
  if (self->arranging)
    return;
  if (item) {
    g_clear_object (&self->hidden);
    g_clear_object (&self->follower);
  }
  if (!g_set_object (&self->chosen, item))
    return;
  runet_unseen_note (self->unseen, self->chosen);
  if (self->decided) {
    self->decided = FALSE;
    runet_worklist_results_changed (self);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/* The choice stays with its case. The top stays in sight, or else the case that is chosen does. */
static void
arranged_cb (RunetWorklist *self) {
  gboolean at_top = is_at_top (self),
           focused = runet_worklist_columns_has_focus (self->columns);
  if (self->chosen)
    g_set_object (&self->hidden, self->chosen);
  guint position = runet_worklist_model_find (self->shown, self->hidden);
  /* The filters let nothing through until now. */
  if (!self->hidden && runet_worklist_count_shown (self) > 0)
    position = 0;
  gtk_single_selection_set_selected (self->selection, position);
  self->arranging = FALSE;
  follow_selection (self);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  if (!at_top || focused || self->follow)
    scroll_to (self, position);
  self->follow = FALSE;
  if (focused)
    runet_worklist_columns_focus (
        self->columns, gtk_single_selection_get_selected_item (self->selection));
}

static void
sort (RunetWorklist *self) {
  self->arranging = TRUE;
  runet_worklist_model_set_order (self->shown, self->order, self->reversed);
  runet_resort_done (self->resort);
}

/* Under the pointer, or because whoever corrects the chosen case goes on to the row below: none may be passed over. */
static gboolean
is_held (gpointer user_data) {
  RunetWorklist *self = user_data;
  return self->decided || gtk_event_controller_motion_contains_pointer (
                              GTK_EVENT_CONTROLLER_MOTION (self->pointer));
}

static void
resort_cb (gboolean sorted_anew, gpointer user_data) {
  RunetWorklist *self = user_data;
  if (sorted_anew)
    sort (self);
  update_summary (self);
}

/* What teaches follows in its own time: see taught_cb(). */
static gboolean
follows_results (RunetWorklist *self) {
  return (self->order != RUNET_ORDER_NAME && self->order != RUNET_ORDER_VIEW &&
          self->order != RUNET_ORDER_QUALITY && self->order != RUNET_ORDER_TEACHING) ||
         runet_worklist_filter_follows_results (self->filter);
}

void
runet_worklist_results_changed (RunetWorklist *self) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  runet_unseen_note (self->unseen, self->chosen);
  runet_resort_results_changed (self->resort, follows_results (self));
  if (self->teaching)
    runet_teaching_results_changed (self->teaching);
}

/* ---- What teaches ---- */

static void
want_teaching (RunetWorklist *self) {
  if (self->teaching)
    runet_teaching_set_wanted (
        self->teaching,
        self->order == RUNET_ORDER_TEACHING ||
            runet_worklist_columns_is_visible (self->columns, RUNET_COLUMN_TEACHING));
}

static void
taught_cb (gpointer user_data) {
  RunetWorklist *self = user_data;
  runet_resort_results_changed (self->resort, self->order == RUNET_ORDER_TEACHING);
}

/* ---- Decisions ---- */

/* Hides or shows the one row at once, and no other moves: whoever decided goes on to the row below. */
static void
follow_decision (RunetWorklist *self, RunetCase *item) {
  gboolean leads = item == self->chosen || item == self->follower;
  guint position = runet_worklist_model_find (self->shown, item);
  RunetCase *below = position == GTK_INVALID_LIST_POSITION
                         ? NULL
                         : runet_worklist_model_get_case (self->shown, position + 1);
  self->arranging = TRUE;
  gboolean moved = runet_worklist_model_update_case (self->shown, item);
  self->arranging = FALSE;
  if (!moved)
    return;
  if (leads && position != GTK_INVALID_LIST_POSITION)
    g_set_object (&self->follower, below);
  update_summary (self);
}

static void
decided_cb (RunetCase *item, gpointer user_data) {
  RunetWorklist *self = user_data;
  if (runet_worklist_filter_follows_review (self->filter))
    follow_decision (self, item);
  if (self->teaching)
    runet_teaching_results_changed (self->teaching);
  if (item == self->chosen)
    self->decided = TRUE;
  else if (self->order == RUNET_ORDER_STATE)
    runet_worklist_results_changed (self);
}

/* ---- Order ---- */

static void
set_order (RunetWorklist *self, RunetOrder order, gboolean reversed) {
  if (self->order == order && self->reversed == reversed)
    return;
  self->order = order;
  self->reversed = reversed;
  runet_worklist_columns_set_order (self->columns, order, reversed);
  want_teaching (self);
  self->follow = TRUE;
  sort (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORDER]);
}

static void
header_clicked_cb (gpointer user_data) {
  RunetWorklist *self = user_data;
  RunetOrder order;
  gboolean reversed;
  if (runet_worklist_columns_get_order (self->columns, &order, &reversed))
    set_order (self, order, reversed);
}

static void
columns_chosen_cb (gpointer user_data) {
  want_teaching (user_data);
  g_object_notify_by_pspec (G_OBJECT (user_data), properties[PROP_COLUMNS]);
}

/* ---- Search and filter ---- */

/* Before the model follows the filter. */
static void
filter_changes_cb (RunetWorklist *self) {
  self->arranging = self->follow = TRUE;
}

static void
filter_changed_cb (RunetWorklist *self) {
  update_summary (self);
  show_filter_count (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERS]);
}

static void
search_changed_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  runet_worklist_filter_set_text (self->filter,
                                  gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
search_activate_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  if (runet_worklist_count_shown (self) > 0)
    choose (self, 0);
  gtk_widget_grab_focus (runet_worklist_columns_get_list (self->columns));
}

static void
search_stop_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (runet_worklist_columns_get_list (self->columns));
}

/* The first letter was typed in the list; the others go where it went. */
static void
search_started_cb (GtkSearchEntry *entry, RunetWorklist *self) {
  gtk_widget_grab_focus (GTK_WIDGET (entry));
  gtk_editable_set_position (GTK_EDITABLE (entry), -1);
}

static void
show_all_cb (GtkButton *button, RunetWorklist *self) {
  runet_worklist_show_all (self);
}

/* ---- Whoever is at work in the list ---- */

/* Arrows go on from the row that has the focus. When the chosen one was hidden another is there now, which has
 * not been looked at yet. */
static gboolean
key_cb (RunetWorklist *self, guint key, guint code, GdkModifierType state) {
  int step = key == GDK_KEY_Down ? 1 : key == GDK_KEY_Up ? -1 : 0;
  runet_resort_touched (self->resort);
  if (step == 0 || (state & gtk_accelerator_get_default_mod_mask ()) != 0 ||
      self->chosen || !self->hidden ||
      !runet_worklist_columns_has_focus (self->columns))
    return GDK_EVENT_PROPAGATE;
  runet_worklist_step (self, step);
  runet_worklist_columns_focus (
      self->columns, gtk_single_selection_get_selected_item (self->selection));
  return GDK_EVENT_STOP;
}

static void
activate_cb (GtkColumnView *view, guint position, RunetWorklist *self) {
  g_signal_emit (self, activated_signal, 0);
}

/* ---- Object ---- */

static void
runet_worklist_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec) {
  RunetWorklist *self = RUNET_WORKLIST (object);
  switch (id) {
  case PROP_SELECTED:
    g_value_set_object (value, runet_worklist_get_selected (self));
    break;
  case PROP_ORDER:
    g_value_take_string (value, runet_order_to_string (self->order, self->reversed));
    break;
  case PROP_COLUMNS:
    g_value_take_boxed (value, runet_worklist_columns_to_strings (self->columns));
    break;
  case PROP_FILTERS:
    g_value_take_boxed (value, runet_worklist_filter_to_strings (self->filter));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
runet_worklist_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec) {
  RunetWorklist *self = RUNET_WORKLIST (object);
  RunetOrder order;
  gboolean reversed;
  switch (id) {
  case PROP_ORDER:
    if (runet_order_from_string (g_value_get_string (value), &order, &reversed))
      set_order (self, order, reversed);
    break;
  case PROP_COLUMNS:
    runet_worklist_columns_set_strings (self->columns, g_value_get_boxed (value));
    want_teaching (self);
    break;
  case PROP_FILTERS:
    runet_worklist_filter_set_strings (self->filter, g_value_get_boxed (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
runet_worklist_dispose (GObject *object) {
  RunetWorklist *self = RUNET_WORKLIST (object);
  g_clear_pointer (&self->resort, runet_resort_free);
  g_clear_pointer (&self->watch, runet_worklist_watch_free);
  g_clear_pointer (&self->teaching, runet_teaching_free);
  g_clear_pointer (&self->columns, runet_worklist_columns_free);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->shown);
  g_clear_object (&self->chosen);
  g_clear_object (&self->hidden);
  g_clear_object (&self->follower);
  g_clear_pointer (&self->unseen, runet_unseen_free);
  g_clear_object (&self->filter);
  g_clear_object (&self->cases);
  G_OBJECT_CLASS (runet_worklist_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *class) {
  properties[PROP_SELECTED] =
      g_param_spec_object ("selected", NULL, NULL, RUNET_TYPE_CASE,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ORDER] = g_param_spec_string (
      "order", NULL, NULL, "risk",
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_COLUMNS] = g_param_spec_boxed (
      "columns", NULL, NULL, G_TYPE_STRV,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FILTERS] = g_param_spec_boxed (
      "filters", NULL, NULL, G_TYPE_STRV,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (class, N_PROPERTIES, properties);
}

static void
runet_worklist_class_init (RunetWorklistClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = runet_worklist_dispose;
  object_class->get_property = runet_worklist_get_property;
  object_class->set_property = runet_worklist_set_property;
  install_properties (object_class);
  activated_signal = g_signal_new ("activated", RUNET_TYPE_WORKLIST, G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "worklist");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/worklist.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, content);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, search);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, filter_button);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, filter_count);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, summary);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, stack);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, nothing);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, view);
  gtk_widget_class_bind_template_child (widget_class, RunetWorklist, scroller);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_started_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
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
make_models (RunetWorklist *self) {
  self->filter = runet_worklist_filter_new ();
  g_signal_connect_object (self->filter, "changed", G_CALLBACK (filter_changes_cb),
                           self, G_CONNECT_SWAPPED);
  self->shown = runet_worklist_model_new (self->filter);
  self->selection =
      gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->shown)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (follow_selection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "arranged", G_CALLBACK (arranged_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->filter, "changed", G_CALLBACK (filter_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

static void
runet_worklist_init (RunetWorklist *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  watch (self);
  self->resort = runet_resort_new (resort_cb, is_held, self);
  self->unseen = runet_unseen_new ();
  make_models (self);
  self->columns =
      runet_worklist_columns_new (GTK_COLUMN_VIEW (self->view), GTK_WIDGET (self),
                                  header_clicked_cb, columns_chosen_cb, self);
  runet_worklist_columns_set_order (self->columns, self->order, self->reversed);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view),
                             GTK_SELECTION_MODEL (self->selection));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->filter_button),
                               runet_filter_popover_new (self->filter));
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search), self->view);
  show_filter_count (self);
  update_summary (self);
}

GtkWidget *
runet_worklist_new (void) {
  return g_object_new (RUNET_TYPE_WORKLIST, NULL);
}

void
runet_worklist_set_cases (RunetWorklist *self, GListModel *cases) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  if (cases)
    runet_order_rank (cases);
  g_set_object (&self->cases, cases);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  runet_worklist_filter_set_text (self->filter, NULL);
  g_clear_pointer (&self->watch, runet_worklist_watch_free);
  g_clear_pointer (&self->teaching, runet_teaching_free);
  if (cases) {
    self->watch = runet_worklist_watch_new (cases, decided_cb, self);
    self->teaching = runet_teaching_new (cases, taught_cb, self);
    want_teaching (self);
  }
  g_clear_object (&self->hidden);
  g_clear_object (&self->follower);
  self->decided = FALSE;
  self->arranging = TRUE;
  runet_resort_begin (self->resort);
  g_clear_object (&self->chosen);
  runet_unseen_clear (self->unseen);
  runet_worklist_model_set_cases (self->shown, cases);
  update_summary (self);
  if (runet_worklist_count_shown (self) > 0)
    scroll_to (self, 0);
}

RunetCase *
runet_worklist_get_selected (RunetWorklist *self) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), NULL);
  return self->chosen;
}

gboolean
runet_worklist_select (RunetWorklist *self, RunetCase *item) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self) && RUNET_IS_CASE (item), FALSE);
  const guint position = runet_worklist_model_find (self->shown, item);
  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  runet_resort_touched (self->resort);
  choose (self, position);
  return TRUE;
}

/* The follower is where the hidden row was. Without one the list starts anew, from the end that is gone away
 * from. */
static gint64
find_step_from_hidden (RunetWorklist *self, int step) {
  guint position = runet_worklist_model_find (self->shown, self->follower);
  if (position == GTK_INVALID_LIST_POSITION)
    return step > 0 ? 0 : (gint64)runet_worklist_count_shown (self) - 1;
  return (gint64)position + step - (step > 0);
}

void
runet_worklist_step (RunetWorklist *self, int step) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  guint count = runet_worklist_count_shown (self);
  guint selected = gtk_single_selection_get_selected (self->selection);
  if (count == 0)
    return;
  gint64 next = selected == GTK_INVALID_LIST_POSITION
                    ? find_step_from_hidden (self, step)
                    : (gint64)selected + step;
  runet_resort_touched (self->resort);
  choose (self, (guint)CLAMP (next, 0, (gint64)count - 1));
}

gboolean
runet_worklist_next_outlier (RunetWorklist *self) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), FALSE);
  const guint position = runet_unseen_find_outlier (
      self->unseen, self->shown, gtk_single_selection_get_selected (self->selection));
  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  runet_resort_touched (self->resort);
  choose (self, position);
  return TRUE;
}

void
runet_worklist_set_author (RunetWorklist *self, const char *author) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  runet_unseen_clear (self->unseen);
  runet_worklist_filter_set_author (self->filter, author);
}

void
runet_worklist_begin_at_top (RunetWorklist *self) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  sort (self);
  update_summary (self);
  if (runet_worklist_count_shown (self) > 0)
    choose (self, 0);
}

void
runet_worklist_set_order (RunetWorklist *self, RunetOrder order) {
  g_return_if_fail (RUNET_IS_WORKLIST (self) && (guint)order < RUNET_ORDERS);
  set_order (self, order, FALSE);
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

void
runet_worklist_show_all (RunetWorklist *self) {
  g_return_if_fail (RUNET_IS_WORKLIST (self));
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  runet_worklist_filter_clear (self->filter);
}

guint
runet_worklist_count_shown (RunetWorklist *self) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), 0);
  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}

RunetCase *
runet_worklist_get_shown (RunetWorklist *self, guint position) {
  g_return_val_if_fail (RUNET_IS_WORKLIST (self), NULL);
  return runet_worklist_model_get_case (self->shown, position);
}
