/* The control points of what is edited, as a list. */
#include "point-list.h"

#include <glib/gi18n-lib.h>
#include "wording.h"

/* Of what is seen of the list, in pixels. */
#define HEIGHT 200

struct _RunetPointList {
  GtkWidget parent;

  GtkWidget *expander;
  GtkWidget *list;

  RunetEditor *editor; /* (nullable) */
  guint count[RUNET_STRUCTURES]; /* of the rows, in the order of the structures */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (RunetPointList, runet_point_list, GTK_TYPE_WIDGET)

static guint selected_signal;

/* What a point is, where it is more than any other. */
static const char *
kind_of (const RunetContourModel *model, RunetStructure structure, guint index) {
  if (structure == RUNET_STRUCTURE_ENDO && index == model->apex)
    return _ (" · apex");
  if (index > 0 && index + 1 < model->count[structure])
    return "";
  return structure == RUNET_STRUCTURE_EPI ? _ (" · base") : _ (" · mitral annulus");
}

static char *
describe (const RunetCorrection *correction, RunetStructure structure, guint index) {
  const RunetContourModel *model = &correction->model;
  const RunetPoint point = model->points[structure][index];
  return g_strdup_printf (
      _ ("%s %u: x %.1f, y %.1f mm%s"), runet_structure_short_name (structure),
      index + 1, point.x * correction->grid->spacing_x_mm,
      point.y * correction->grid->spacing_y_mm, kind_of (model, structure, index));
}

static gboolean
has_rows_for (RunetPointList *self, const RunetContourModel *model) {
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    if (self->count[s] != model->count[s])
      return FALSE;
  return TRUE;
}

static void
make_rows (RunetPointList *self, const RunetContourModel *model) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    self->count[s] = model ? model->count[s] : 0;
    for (guint i = 0; i < self->count[s]; i++) {
      GtkWidget *label = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (label), 0.0F);
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "numeric");
      gtk_list_box_append (GTK_LIST_BOX (self->list), label);
    }
  }
}

static void
name_rows (RunetPointList *self, const RunetCorrection *correction) {
  int row = 0;
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; i < self->count[s]; i++, row++) {
      GtkListBoxRow *one =
          gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), row);
      g_autofree char *text = describe (correction, s, i);
      gtk_label_set_label (GTK_LABEL (gtk_list_box_row_get_child (one)), text);
    }
}

static void
mark_selected (RunetPointList *self) {
  const RunetHit selected = runet_editor_get_selected (self->editor);
  int row = -1;
  if (selected.kind != RUNET_HIT_NOTHING && selected.kind != RUNET_HIT_CURVE) {
    row = (int)selected.index;
    for (int s = 0; s < (int)selected.structure; s++)
      row += (int)self->count[s];
  }
  gtk_list_box_select_row (
      GTK_LIST_BOX (self->list),
      row >= 0 ? gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), row) : NULL);
}

void
runet_point_list_refresh (RunetPointList *self) {
  g_return_if_fail (RUNET_IS_POINT_LIST (self));
  /* Hidden rows would cost at every move of the pointer. */
  if (!self->editor || !gtk_expander_get_expanded (GTK_EXPANDER (self->expander)))
    return;
  const RunetCorrection *correction = runet_editor_get_correction (self->editor);
  self->filling = TRUE;
  if (!has_rows_for (self, &correction->model))
    make_rows (self, &correction->model);
  name_rows (self, correction);
  mark_selected (self);
  self->filling = FALSE;
}

void
runet_point_list_set_editor (RunetPointList *self, RunetEditor *editor) {
  g_return_if_fail (RUNET_IS_POINT_LIST (self));
  self->editor = editor;
  gtk_widget_set_visible (self->expander, editor != NULL);
  runet_point_list_refresh (self);
}

static void
row_selected_cb (GtkListBox *list, GtkListBoxRow *row, RunetPointList *self) {
  if (self->filling || !self->editor || !row)
    return;
  guint index = (guint)gtk_list_box_row_get_index (row);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    if (index < self->count[s]) {
      runet_editor_select (self->editor, s, index);
      g_signal_emit (self, selected_signal, 0);
      return;
    }
    index -= self->count[s];
  }
}

static void
runet_point_list_dispose (GObject *object) {
  RunetPointList *self = RUNET_POINT_LIST (object);
  self->editor = NULL;
  g_clear_pointer (&self->expander, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_point_list_parent_class)->dispose (object);
}

static void
runet_point_list_class_init (RunetPointListClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_point_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  selected_signal = g_signal_new ("selected", RUNET_TYPE_POINT_LIST, G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
runet_point_list_init (RunetPointList *self) {
  self->expander = gtk_expander_new (_ ("Control points"));
  gtk_widget_set_visible (self->expander, FALSE);
  gtk_widget_set_tooltip_text (
      self->expander,
      _ ("The points of the contours as a list; the one that is chosen is "
         "selected on the image, where arrows move it"));
  self->list = gtk_list_box_new ();
  gtk_widget_add_css_class (self->list, "points");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Control points"),
                                  -1);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_expander_set_child (GTK_EXPANDER (self->expander), scroller);
  gtk_widget_set_parent (self->expander, GTK_WIDGET (self));
  g_signal_connect (self->list, "row-selected", G_CALLBACK (row_selected_cb), self);
  g_signal_connect_swapped (self->expander, "notify::expanded",
                            G_CALLBACK (runet_point_list_refresh), self);
}

GtkWidget *
runet_point_list_new (void) {
  return g_object_new (RUNET_TYPE_POINT_LIST, NULL);
}
