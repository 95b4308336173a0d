/* A table on the screen. */
#include "table-view.h"

#include <math.h>
#include <glib/gi18n-lib.h>

struct _RunetTableView {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *title;
  GtkWidget *scroller;
  GtkWidget *grid;
  guint rows, columns;
  char *tabbed; /* what is copied */
};

G_DEFINE_FINAL_TYPE (RunetTableView, runet_table_view, GTK_TYPE_WIDGET)

static void
copy_cb (GtkButton *button, RunetTableView *self) {
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          self->tabbed ? self->tabbed : "");
}

/* ---- The wheel ---- */

/* A scrolled window keeps every turn of the wheel, also those that it has no use for. */
static void
set_scroll_phase (GtkWidget *widget, GtkPropagationPhase phase) {
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) one = g_list_model_get_item (controllers, i);
    if (GTK_IS_EVENT_CONTROLLER_SCROLL (one) &&
        gtk_event_controller_get_propagation_phase (one) != GTK_PHASE_CAPTURE)
      gtk_event_controller_set_propagation_phase (one, phase);
  }
}

/* Sideways it scrolls the table, else the page that the table is on: the parts that would take the event
 * are told beforehand whether it is theirs. */
static gboolean
scroll_cb (GtkEventControllerScroll *scroll,
           double dx,
           double dy,
           RunetTableView *self) {
  const GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll));
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (self->scroller);
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (scroller);
  const gboolean wide =
      gtk_adjustment_get_upper (across) - gtk_adjustment_get_lower (across) >
      gtk_adjustment_get_page_size (across);
  const gboolean sideways = (state & GDK_SHIFT_MASK) != 0 || fabs (dx) > fabs (dy);
  const GtkPropagationPhase phase =
      wide && sideways ? GTK_PHASE_BUBBLE : GTK_PHASE_NONE;
  set_scroll_phase (self->scroller, phase);
  GtkWidget *bar = gtk_scrolled_window_get_hscrollbar (scroller);
  set_scroll_phase (gtk_widget_get_first_child (bar), phase);
  return GDK_EVENT_PROPAGATE;
}

/* ---- The table ---- */

static GtkWidget *
add_cell (RunetTableView *self, guint column, guint row, gboolean heading) {
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_selectable (GTK_LABEL (label), !heading);
  /* One presses Tab to reach the next chart, not through a hundred figures. */
  gtk_widget_set_can_focus (label, FALSE);
  gtk_widget_add_css_class (label, "numeric");
  if (heading) {
    g_autoptr (PangoAttrList) bold = pango_attr_list_new ();
    pango_attr_list_insert (bold, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
    gtk_label_set_attributes (GTK_LABEL (label), bold);
  }
  gtk_grid_attach (GTK_GRID (self->grid), label, (int)column, (int)row, 1, 1);
  return label;
}

/* New labels only where the table has another shape: a selection outlives new figures. */
static void
make_grid (RunetTableView *self, guint rows, guint columns) {
  if (self->rows == rows && self->columns == columns)
    return;
  self->rows = rows;
  self->columns = columns;
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 2);
  gtk_widget_set_halign (self->grid, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), self->grid);
  for (guint c = 0; c < columns; c++) {
    add_cell (self, c, 0, TRUE);
    for (guint r = 0; r < rows; r++)
      add_cell (self, c, r + 1, FALSE);
  }
}

void
runet_table_view_set_table (RunetTableView *self, const RunetTable *table) {
  g_return_if_fail (RUNET_IS_TABLE_VIEW (self) && table != NULL);
  const guint rows = runet_table_count_rows (table), columns = table->columns->len;
  make_grid (self, rows, columns);
  gtk_label_set_label (GTK_LABEL (self->title), table->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, table->title, -1);
  for (guint c = 0; c < columns; c++) {
    GtkWidget *heading = gtk_grid_get_child_at (GTK_GRID (self->grid), (int)c, 0);
    const gboolean words = rows == 0 || runet_table_get_cell (table, 0, c)->text;
    gtk_label_set_label (GTK_LABEL (heading), table->columns->pdata[c]);
    gtk_label_set_xalign (GTK_LABEL (heading), words ? 0 : 1);
    for (guint r = 0; r < rows; r++) {
      GtkWidget *cell =
          gtk_grid_get_child_at (GTK_GRID (self->grid), (int)c, (int)r + 1);
      g_autofree char *text = runet_table_get_text (table, r, c);
      if (g_strcmp0 (text, gtk_label_get_label (GTK_LABEL (cell))) != 0)
        gtk_label_set_label (GTK_LABEL (cell), text);
      gtk_label_set_xalign (GTK_LABEL (cell), words ? 0 : 1);
    }
  }
  gtk_widget_set_visible (GTK_WIDGET (self), rows > 0);
  g_free (self->tabbed);
  self->tabbed = runet_table_to_tabbed (table);
}

static void
runet_table_view_dispose (GObject *object) {
  RunetTableView *self = RUNET_TABLE_VIEW (object);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->tabbed, g_free);
  G_OBJECT_CLASS (runet_table_view_parent_class)->dispose (object);
}

static void
runet_table_view_class_init (RunetTableViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_table_view_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "tableview");
}

static GtkWidget *
make_heading (RunetTableView *self) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_add_css_class (self->title, "heading");
  gtk_box_append (GTK_BOX (box), self->title);
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_add_css_class (copy, "flat");
  gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (copy, _ ("Copy the table"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Copy the table"), -1);
  g_signal_connect (copy, "clicked", G_CALLBACK (copy_cb), self);
  gtk_box_append (GTK_BOX (box), copy);
  return box;
}

static void
runet_table_view_init (RunetTableView *self) {
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  gtk_box_append (GTK_BOX (self->content), make_heading (self));
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller),
                                  GTK_POLICY_AUTOMATIC, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (self->scroller),
                                                   TRUE);
  gtk_widget_set_focusable (self->scroller, FALSE);
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_box_append (GTK_BOX (self->content), self->scroller);
  self->rows = self->columns = G_MAXUINT;
}

GtkWidget *
runet_table_view_new (void) {
  return g_object_new (RUNET_TYPE_TABLE_VIEW, NULL);
}
