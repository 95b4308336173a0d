/* The bar over the study that says how many files were skipped, and lists them when asked. */
#include "problem-bar.h"

#include <glib/gi18n-lib.h>

/* Longer lists are copied or told by the command line; a popover of thousands of rows is of no use. */
#define ROWS 200

struct _RunetProblemBar {
  GtkWidget parent;

  GtkWidget *revealer;
  GtkWidget *text;
  GtkWidget *show;
  GtkWidget *list;

  GPtrArray *lines;
  GHashTable *known; /* the lines, to find a repeated one */
};

G_DEFINE_FINAL_TYPE (RunetProblemBar, runet_problem_bar, GTK_TYPE_WIDGET)

static void
add_row (RunetProblemBar *self, const char *text) {
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0F);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_list_box_append (GTK_LIST_BOX (self->list), label);
}

static void
reveal (RunetProblemBar *self, const char *text, gboolean with_list) {
  gtk_label_set_label (GTK_LABEL (self->text), text);
  gtk_widget_set_visible (self->show, with_list);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

static void
show_count (RunetProblemBar *self) {
  const guint count = self->lines->len;
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u file could not be used; the rest is shown.",
                   "%u files could not be used; the rest is shown.", count),
      count);
  reveal (self, text, TRUE);
}

void
runet_problem_bar_add (RunetProblemBar *self, const char *line) {
  g_return_if_fail (RUNET_IS_PROBLEM_BAR (self) && line != NULL);

  if (g_hash_table_contains (self->known, line))
    return;
  g_ptr_array_add (self->lines, g_strdup (line));
  g_hash_table_add (self->known, g_ptr_array_index (self->lines, self->lines->len - 1));
  guint count = self->lines->len;
  if (count <= ROWS)
    add_row (self, line);
  else if (count == ROWS + 1)
    add_row (self, _ ("… and more: “Copy List” has all of them."));
  show_count (self);
}

void
runet_problem_bar_say (RunetProblemBar *self, const char *message) {
  g_return_if_fail (RUNET_IS_PROBLEM_BAR (self) && message != NULL);
  reveal (self, message, FALSE);
}

void
runet_problem_bar_take_back (RunetProblemBar *self, const char *message) {
  g_return_if_fail (RUNET_IS_PROBLEM_BAR (self) && message != NULL);
  if (!g_str_equal (gtk_label_get_label (GTK_LABEL (self->text)), message))
    return;
  if (self->lines->len > 0)
    show_count (self);
  else
    gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

void
runet_problem_bar_clear (RunetProblemBar *self) {
  g_return_if_fail (RUNET_IS_PROBLEM_BAR (self));
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), child);
  g_hash_table_remove_all (self->known);
  g_ptr_array_set_size (self->lines, 0);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

guint
runet_problem_bar_get_count (RunetProblemBar *self) {
  g_return_val_if_fail (RUNET_IS_PROBLEM_BAR (self), 0);
  return self->lines->len;
}

static void
hide_cb (GtkButton *button, RunetProblemBar *self) {
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

static void
copy_cb (GtkButton *button, RunetProblemBar *self) {
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)self->lines->pdata[i]);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static void
runet_problem_bar_dispose (GObject *object) {
  RunetProblemBar *self = RUNET_PROBLEM_BAR (object);
  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  G_OBJECT_CLASS (runet_problem_bar_parent_class)->dispose (object);
}

static void
runet_problem_bar_class_init (RunetProblemBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_problem_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "problembar");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/problem-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetProblemBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, RunetProblemBar, text);
  gtk_widget_class_bind_template_child (widget_class, RunetProblemBar, show);
  gtk_widget_class_bind_template_child (widget_class, RunetProblemBar, list);
  gtk_widget_class_bind_template_callback (widget_class, hide_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
runet_problem_bar_init (RunetProblemBar *self) {
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
runet_problem_bar_new (void) {
  return g_object_new (RUNET_TYPE_PROBLEM_BAR, NULL);
}
