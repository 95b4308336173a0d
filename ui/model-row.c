/* One model of the list. */
#include "model-row.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include "wording.h"

#define SUFFIX ".safetensors"
#define INDENT 20
/* Deeper ones are no further to the right. */
#define DEEPEST 8
#define HASH_KEY "runet-hash"

const char *
runet_registered_state_name (RunetRegisteredState state) {
  static const char *const names[RUNET_REGISTERED_STATES] = {
      [RUNET_REGISTERED_CANDIDATE] = N_ ("Candidate"),
      [RUNET_REGISTERED_CURRENT] = N_ ("In use"),
      [RUNET_REGISTERED_RETIRED] = N_ ("Used before"),
  };
  g_return_val_if_fail ((guint)state < RUNET_REGISTERED_STATES, NULL);
  return _ (names[state]);
}

char *
runet_registered_model_title (const RunetRegisteredModel *model) {
  char *title = g_utf8_make_valid (model->name, -1);
  if (g_str_has_suffix (title, SUFFIX))
    title[strlen (title) - strlen (SUFFIX)] = '\0';
  return title;
}

static const char *
get_icon (const RunetModelEntry *entry) {
  static const char *const icons[RUNET_REGISTERED_STATES] = {
      [RUNET_REGISTERED_CANDIDATE] = "runet-unreviewed-symbolic",
      [RUNET_REGISTERED_CURRENT] = "runet-better-symbolic",
      [RUNET_REGISTERED_RETIRED] = "runet-within-symbolic",
  };
  return entry->trouble ? "runet-outlier-symbolic" : icons[entry->model->state];
}

/* "Candidate, not passed · 25 Nov 2026, 15:42" */
static char *
describe (const RunetModelEntry *entry) {
  const RunetRegisteredModel *model = entry->model;
  g_autofree char *time = runet_local_time_to_string (model->time);
  const char *state = runet_registered_state_name (model->state);
  if (entry->trouble)
    return g_strdup_printf (_ ("%s, file missing or changed · %s"), state, time);
  if (model->state == RUNET_REGISTERED_CANDIDATE &&
      model->verdict != RUNET_VERDICT_NONE)
    return g_strdup_printf (model->verdict == RUNET_VERDICT_PASSED
                                ? _ ("%s, passed · %s")
                                : _ ("%s, not passed · %s"),
                            state, time);
  return g_strdup_printf (_ ("%s · %s"), state, time);
}

static GtkWidget *
make_icon (const RunetModelEntry *entry) {
  GtkWidget *icon = gtk_image_new_from_icon_name (get_icon (entry));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_margin_top (icon, 2);
  if (entry->trouble)
    gtk_widget_add_css_class (icon, "outlier");
  else if (entry->model->state == RUNET_REGISTERED_CURRENT)
    gtk_widget_add_css_class (icon, "done");
  return icon;
}

/* The name, and in a line below what there is to say of the model. */
static GtkWidget *
make_words (const RunetModelEntry *entry, const char *title, const char *text) {
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *name = gtk_label_new (title), *state = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (name), 16);
  gtk_widget_set_tooltip_text (name, title);
  if (entry->model->state == RUNET_REGISTERED_CURRENT)
    gtk_widget_add_css_class (name, "heading");
  gtk_label_set_xalign (GTK_LABEL (state), 0);
  gtk_label_set_ellipsize (GTK_LABEL (state), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (state, "caption");
  gtk_widget_add_css_class (state, "dim-label");
  gtk_widget_add_css_class (state, "numeric");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words), name);
  gtk_box_append (GTK_BOX (words), state);
  return words;
}

GtkWidget *
runet_model_row_new (const RunetModelEntry *entry) {
  g_autofree char *title = runet_registered_model_title (entry->model);
  g_autofree char *text = describe (entry);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_margin_start (box, INDENT * (int)MIN (entry->depth, DEEPEST));
  if (entry->depth > 0) {
    GtkWidget *branch = gtk_label_new ("└");
    gtk_widget_add_css_class (branch, "dim-label");
    gtk_widget_set_valign (branch, GTK_ALIGN_START);
    gtk_box_append (GTK_BOX (box), branch);
  }
  gtk_box_append (GTK_BOX (box), make_icon (entry));
  gtk_box_append (GTK_BOX (box), make_words (entry, title, text));
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_autofree char *spoken = g_strdup_printf ("%s, %s", title, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  g_object_set_data_full (G_OBJECT (row), HASH_KEY, g_strdup (entry->model->hash),
                          g_free);
  return row;
}

const char *
runet_model_row_get_hash (GtkListBoxRow *row) {
  return g_object_get_data (G_OBJECT (row), HASH_KEY);
}
