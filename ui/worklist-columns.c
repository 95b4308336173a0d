/* The columns of the worklist. */
#include "worklist-columns.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Room for the icon of the state and a flag beside it, both of a fixed size in the style, so that one case that is
 * flagged takes nothing from the reasons of the others. */
#define STATE_WIDTH 44

typedef enum { CHOICE_NONE, CHOICE_SHOWN, CHOICE_HIDDEN } Choice;

/* @from_width: of the list, in pixels, from which on there is room; 0 when it is always shown, %G_MAXINT when only who
 * asks for it sees it. */
static const struct {
  const char *id;
  const char *title;
  const char *tooltip;
  RunetOrder order;
  int from_width;
} infos[RUNET_COLUMNS] = {
    [RUNET_COLUMN_STATE] = {"state", "", N_ ("State"), RUNET_ORDER_STATE, 0},
    [RUNET_COLUMN_NAME] = {"name", N_ ("Patient"), N_ ("Patient"), RUNET_ORDER_NAME, 0},
    [RUNET_COLUMN_VIEW] = {"view", N_ ("View"), N_ ("Four- or two-chamber view"),
                           RUNET_ORDER_VIEW, 0},
    [RUNET_COLUMN_QUALITY] = {"quality", N_ ("Quality"),
                              N_ ("Image quality as the data set has it"),
                              RUNET_ORDER_QUALITY, 370},
    [RUNET_COLUMN_REASONS] = {"reasons", N_ ("Reasons"),
                              N_ ("Why to look at it; sorts by risk"), RUNET_ORDER_RISK,
                              0},
    [RUNET_COLUMN_DISAGREEMENT] = {"disagreement", N_ ("Differs"),
                                   N_ ("How far the two stages differ: 1 − Dice"),
                                   RUNET_ORDER_DISAGREEMENT, 440},
    [RUNET_COLUMN_UNCERTAINTY] = {"uncertainty", N_ ("Unsure"),
                                  N_ ("How unsure the network is on its contour: "
                                      "entropy of the classes"),
                                  RUNET_ORDER_UNCERTAINTY, 510},
    [RUNET_COLUMN_JUMP] = {"jump", N_ ("Jumps"),
                           N_ ("Largest departure of the ventricle’s area from the "
                               "frames around it"),
                           RUNET_ORDER_JUMP, 580},
    [RUNET_COLUMN_TEACHING] =
        {"teaching", N_ ("Teaches"),
         N_ ("What its correction would teach the network: its part of all "
             "that is probably wrong, in views that look like it"),
         RUNET_ORDER_TEACHING, G_MAXINT},
};

struct _RunetWorklistColumns {
  GtkColumnView *view;
  GtkColumnViewColumn *columns[RUNET_COLUMNS];
  Choice choices[RUNET_COLUMNS];
  GSimpleActionGroup *actions;
  GMenu *menu;
  int width;
  void (*sorted) (gpointer user_data);
  void (*chosen) (gpointer user_data);
  gpointer user_data;
  gulong sorter_id, width_changed_id;
  guint width_id;
  int asked; /* the first column that the view's sorter asked; -1 for none */
};

/* What a column's sorter needs to know. */
typedef struct {
  RunetWorklistColumns *owner;
  RunetColumn column;
} Place;

/* ---- Cells ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column) {
  gtk_list_item_set_child (item, runet_worklist_cell_new (GPOINTER_TO_INT (column)));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column) {
  runet_worklist_cell_set_place (RUNET_WORKLIST_CELL (gtk_list_item_get_child (item)),
                                 gtk_list_item_get_item (item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column) {
  runet_worklist_cell_set_place (RUNET_WORKLIST_CELL (gtk_list_item_get_child (item)),
                                 NULL);
}

/* ---- Rows ---- */

GtkWidget *
runet_worklist_columns_get_list (RunetWorklistColumns *self) {
  return gtk_widget_get_last_child (GTK_WIDGET (self->view));
}

gboolean
runet_worklist_columns_has_focus (RunetWorklistColumns *self) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->view));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  return focus &&
         gtk_widget_is_ancestor (focus, runet_worklist_columns_get_list (self));
}

/* A row's children are GTK's, and theirs are our cells. */
void
runet_worklist_columns_focus (RunetWorklistColumns *self, RunetPlace *place) {
  GtkWidget *row = gtk_widget_get_first_child (runet_worklist_columns_get_list (self));
  for (; row; row = gtk_widget_get_next_sibling (row)) {
    GtkWidget *cell = gtk_widget_get_first_child (row);
    GtkWidget *content = cell ? gtk_widget_get_first_child (cell) : NULL;
    if (!RUNET_IS_WORKLIST_CELL (content) ||
        runet_worklist_cell_get_place (RUNET_WORKLIST_CELL (content)) != place)
      continue;
    gtk_widget_grab_focus (row);
    return;
  }
}

/* ---- Which are shown ---- */

static gboolean
is_optional (RunetColumn column) {
  return infos[column].from_width > 0;
}

gboolean
runet_worklist_columns_is_visible (RunetWorklistColumns *self, RunetColumn column) {
  return gtk_column_view_column_get_visible (self->columns[column]);
}

/* A list whose order is told nowhere would be taken for one by risk. */
static gboolean
is_sorted_by (RunetWorklistColumns *self, int column) {
  RunetOrder order;
  gboolean reversed;
  return runet_worklist_columns_get_order (self, &order, &reversed) &&
         infos[column].order == order;
}

static void
show_columns (RunetWorklistColumns *self) {
  gboolean automatic = TRUE;
  for (int i = 0; i < RUNET_COLUMNS; i++) {
    if (!is_optional (i))
      continue;
    gboolean visible =
        self->choices[i] == CHOICE_SHOWN || is_sorted_by (self, i) ||
        (self->choices[i] == CHOICE_NONE && self->width >= infos[i].from_width);
    automatic &= self->choices[i] == CHOICE_NONE;
    if (visible != runet_worklist_columns_is_visible (self, i))
      gtk_column_view_column_set_visible (self->columns[i], visible);
    GAction *action =
        g_action_map_lookup_action (G_ACTION_MAP (self->actions), infos[i].id);
    g_simple_action_set_state (G_SIMPLE_ACTION (action),
                               g_variant_new_boolean (visible));
  }
  GAction *action =
      g_action_map_lookup_action (G_ACTION_MAP (self->actions), "automatic");
  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_boolean (automatic));
}

static void
set_width (RunetWorklistColumns *self, int width) {
  if (self->width == width)
    return;
  self->width = width;
  show_columns (self);
}

static void
choose_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWorklistColumns *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  for (int i = 0; i < RUNET_COLUMNS; i++)
    if (g_str_equal (infos[i].id, name))
      self->choices[i] = g_variant_get_boolean (state) ? CHOICE_SHOWN : CHOICE_HIDDEN;
  show_columns (self);
  self->chosen (self->user_data);
}

/* Switched off it freezes what is shown now. */
static void
automatic_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWorklistColumns *self = user_data;
  for (int i = 0; i < RUNET_COLUMNS; i++)
    if (is_optional (i))
      self->choices[i] = g_variant_get_boolean (state)                 ? CHOICE_NONE
                         : runet_worklist_columns_is_visible (self, i) ? CHOICE_SHOWN
                                                                       : CHOICE_HIDDEN;
  show_columns (self);
  self->chosen (self->user_data);
}

GStrv
runet_worklist_columns_to_strings (RunetWorklistColumns *self) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (int i = 0; i < RUNET_COLUMNS; i++) {
    g_autofree char *hidden = g_strconcat ("-", infos[i].id, NULL);
    if (self->choices[i] != CHOICE_NONE)
      g_strv_builder_add (builder,
                          self->choices[i] == CHOICE_SHOWN ? infos[i].id : hidden);
  }
  return g_strv_builder_end (builder);
}

void
runet_worklist_columns_set_strings (RunetWorklistColumns *self,
                                    const char *const *strings) {
  for (int i = 0; i < RUNET_COLUMNS; i++) {
    g_autofree char *hidden = g_strconcat ("-", infos[i].id, NULL);
    self->choices[i] = !strings || !is_optional (i)             ? CHOICE_NONE
                       : g_strv_contains (strings, infos[i].id) ? CHOICE_SHOWN
                       : g_strv_contains (strings, hidden)      ? CHOICE_HIDDEN
                                                                : CHOICE_NONE;
  }
  show_columns (self);
}

static void
add_actions (RunetWorklistColumns *self, GtkWidget *owner) {
  self->actions = g_simple_action_group_new ();
  self->menu = g_menu_new ();
  g_autoptr (GMenu) columns = g_menu_new ();
  g_autoptr (GMenu) automatic = g_menu_new ();
  for (int i = 0; i < RUNET_COLUMNS; i++) {
    if (!is_optional (i))
      continue;
    GActionEntry entry = {
        .name = infos[i].id, .state = "false", .change_state = choose_cb};
    g_action_map_add_action_entries (G_ACTION_MAP (self->actions), &entry, 1, self);
    g_autofree char *name = g_strconcat ("columns.", infos[i].id, NULL);
    g_menu_append (columns, _ (infos[i].title), name);
  }
  GActionEntry entry = {
      .name = "automatic", .state = "true", .change_state = automatic_cb};
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), &entry, 1, self);
  g_menu_append (automatic, _ ("As There Is Room"), "columns.automatic");
  g_menu_append_section (self->menu, _ ("Columns"), G_MENU_MODEL (columns));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (automatic));
  gtk_widget_insert_action_group (owner, "columns", G_ACTION_GROUP (self->actions));
}

/* ---- Order ---- */

/* A view of GTK 4.8 tells no one which of its columns leads. Its sorter does, when it is asked to compare: the
 * first column asked is the one, and its answer comes back turned round when the arrow points the other way.
 * The list itself is never sorted by this. */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data) {
  const Place *place = user_data;
  if (place->owner->asked < 0)
    place->owner->asked = (int)place->column;
  return GTK_ORDERING_SMALLER;
}

gboolean
runet_worklist_columns_get_order (RunetWorklistColumns *self,
                                  RunetOrder *order,
                                  gboolean *reversed) {
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  self->asked = -1;
  GtkOrdering found = gtk_sorter_compare (sorter, self->menu, self->actions);
  if (self->asked < 0)
    return FALSE;
  *order = infos[self->asked].order;
  *reversed = found == GTK_ORDERING_LARGER;
  return TRUE;
}

void
runet_worklist_columns_set_order (RunetWorklistColumns *self,
                                  RunetOrder order,
                                  gboolean reversed) {
  RunetOrder now;
  gboolean now_reversed;
  if (runet_worklist_columns_get_order (self, &now, &now_reversed) && now == order &&
      now_reversed == reversed)
    return;
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  g_signal_handler_block (sorter, self->sorter_id);
  /* The column that sorted so far would keep its arrow. */
  gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
  for (int i = 0; i < RUNET_COLUMNS; i++)
    if (infos[i].order == order) {
      gtk_column_view_column_set_visible (self->columns[i], TRUE);
      gtk_column_view_sort_by_column (self->view, self->columns[i],
                                      reversed ? GTK_SORT_DESCENDING
                                               : GTK_SORT_ASCENDING);
    }
  g_signal_handler_unblock (sorter, self->sorter_id);
  show_columns (self);
}

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, gpointer user_data) {
  RunetWorklistColumns *self = user_data;
  self->sorted (self->user_data);
  show_columns (self);
}

/* ---- Columns ---- */

static void
add_column (RunetWorklistColumns *self, RunetColumn column) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (column));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
  const char *title = *infos[column].title ? _ (infos[column].title) : "";
  GtkColumnViewColumn *made = gtk_column_view_column_new (title, factory);
  Place *place = g_new (Place, 1);
  *place = (Place){self, column};
  g_autoptr (GtkSorter) sorter =
      GTK_SORTER (gtk_custom_sorter_new (compare_cb, place, g_free));
  gtk_column_view_column_set_sorter (made, sorter);
  gtk_column_view_column_set_header_menu (made, G_MENU_MODEL (self->menu));
  gtk_column_view_column_set_expand (made, column == RUNET_COLUMN_REASONS);
  if (column == RUNET_COLUMN_STATE)
    gtk_column_view_column_set_fixed_width (made, STATE_WIDTH);
  gtk_column_view_column_set_visible (made, !is_optional (column));
  gtk_column_view_append_column (self->view, made);
  self->columns[column] = made;
}

/* The buttons of the headers are the view's own, one for each column, in order. */
static void
name_headers (RunetWorklistColumns *self) {
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *button = header ? gtk_widget_get_first_child (header) : NULL;
  for (int i = 0; i < RUNET_COLUMNS && button; i++) {
    gtk_widget_set_tooltip_text (button, _ (infos[i].tooltip));
    if (!*infos[i].title)
      gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ (infos[i].tooltip), -1);
    button = gtk_widget_get_next_sibling (button);
  }
}

static GtkAdjustment *
get_adjustment (RunetWorklistColumns *self) {
  return gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view));
}

/* Columns cannot come and go while the list is being laid out. */
static gboolean
fit_cb (gpointer user_data) {
  RunetWorklistColumns *self = user_data;
  self->width_id = 0;
  set_width (self, (int)gtk_adjustment_get_page_size (get_adjustment (self)));
  return G_SOURCE_REMOVE;
}

static void
width_cb (RunetWorklistColumns *self) {
  if (self->width_id == 0)
    self->width_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fit_cb, self, NULL);
}

RunetWorklistColumns *
runet_worklist_columns_new (GtkColumnView *view,
                            GtkWidget *owner,
                            void (*sorted) (gpointer user_data),
                            void (*chosen) (gpointer user_data),
                            gpointer user_data) {
  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (view), NULL);
  RunetWorklistColumns *self = g_new0 (RunetWorklistColumns, 1);
  self->view = view;
  self->sorted = sorted;
  self->chosen = chosen;
  self->user_data = user_data;
  add_actions (self, owner);
  for (int i = 0; i < RUNET_COLUMNS; i++)
    add_column (self, i);
  name_headers (self);
  self->width_changed_id = g_signal_connect_swapped (
      get_adjustment (self), "notify::page-size", G_CALLBACK (width_cb), self);
  self->sorter_id = g_signal_connect (gtk_column_view_get_sorter (view), "changed",
                                      G_CALLBACK (sorter_changed_cb), self);
  return self;
}

void
runet_worklist_columns_free (RunetWorklistColumns *self) {
  g_signal_handler_disconnect (gtk_column_view_get_sorter (self->view),
                               self->sorter_id);
  g_signal_handler_disconnect (get_adjustment (self), self->width_changed_id);
  g_clear_handle_id (&self->width_id, g_source_remove);
  for (int i = 0; i < RUNET_COLUMNS; i++) {
    gtk_column_view_remove_column (self->view, self->columns[i]);
    g_object_unref (self->columns[i]);
  }
  g_object_unref (self->actions);
  g_object_unref (self->menu);
  g_free (self);
}
