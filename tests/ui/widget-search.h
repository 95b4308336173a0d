/* Finds what a person would: words that can be seen, and buttons by what is on them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whether a label of @widget that can be seen says @text, all of it. */
static inline gboolean
shows_text (GtkWidget *widget, const char *text) {
  if (!gtk_widget_get_visible (widget) || !gtk_widget_get_child_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) &&
      g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if (shows_text (child, text))
      return TRUE;
  return FALSE;
}

/* Lets what is due happen until it does, for a minute at most. */
static inline void
wait_for_text (GtkWidget *widget, const char *text) {
  const gint64 start = g_get_monotonic_time ();
  while (!shows_text (widget, text)) {
    g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_usleep (5000);
  }
}

/* (transfer none) (nullable): a button that can be seen, by the words on it without their underline. */
static inline GtkWidget *
find_button (GtkWidget *widget, const char *text) {
  if (!gtk_widget_get_visible (widget) || !gtk_widget_get_child_visible (widget))
    return NULL;
  if (GTK_IS_BUTTON (widget) && shows_text (widget, text))
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, text);
  return found;
}

static inline void
click (GtkWidget *widget, const char *text) {
  GtkWidget *button = find_button (widget, text);
  g_assert_nonnull (button);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* (transfer none) (nullable): the first of that type, seen or not. */
static inline gpointer
find_type (GtkWidget *widget, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  gpointer found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);
  return found;
}

/* (transfer none) (nullable): another window that can be seen. */
static inline GtkWidget *
find_window (GType type) {
  g_autoptr (GListModel) windows = g_object_ref (gtk_window_get_toplevels ());
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);
    if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_widget_get_visible (window))
      return window;
  }
  return NULL;
}

G_END_DECLS
