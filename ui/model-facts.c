/* What is known of one registered model. */
#include "model-facts.h"

#include <glib/gi18n-lib.h>
#include "model-row.h"
#include "wording.h"

/* As many characters of a hash tell models apart, and the command line takes them. */
#define HASH_CHARS 12

static void
add (GtkGrid *grid, const char *name, const char *value) {
  int row = 0;
  while (gtk_grid_get_child_at (grid, 0, row))
    row++;
  GtkWidget *left = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (left), 0);
  gtk_widget_set_valign (left, GTK_ALIGN_START);
  gtk_widget_add_css_class (left, "dim-label");
  gtk_grid_attach (grid, left, 0, row, 1, 1);
  GtkWidget *right = gtk_label_new (value);
  gtk_label_set_xalign (GTK_LABEL (right), 0);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (right), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (right), TRUE);
  gtk_widget_set_can_focus (right, FALSE);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_add_css_class (right, "numeric");
  gtk_grid_attach (grid, right, 1, row, 1, 1);
}

static char *
shorten (const char *hash) {
  return g_strndup (hash, HASH_CHARS);
}

static char *
describe_parent (const RunetModelLineage *lineage, const RunetRegisteredModel *model) {
  if (!model->parent)
    return g_strdup (_ ("None: it came with the program or from elsewhere"));
  const RunetModelEntry *parent = runet_model_lineage_find (lineage, model->parent);
  if (parent)
    return runet_registered_model_title (parent->model);
  g_autofree char *hash = shorten (model->parent);
  return g_strdup_printf (_ ("%s, which is not in the list"), hash);
}

static char *
describe_snapshot (const RunetModelEntry *entry) {
  g_autofree char *hash = shorten (entry->model->snapshot);
  if (entry->frames == 0)
    return g_strdup_printf (_ ("Snapshot %s, which is not there any more"), hash);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u frame (snapshot %s)",
                                       "%u frames (snapshot %s)", entry->frames),
                          entry->frames, hash);
}

static char *
describe_verdict (const RunetRegisteredModel *model) {
  switch (model->verdict) {
  case RUNET_VERDICT_PASSED:
    return g_strdup (_ ("Passed"));
  case RUNET_VERDICT_FAILED:
    return g_strdup (_ ("Not passed"));
  default:
    return g_strdup (_ ("Not judged"));
  }
}

/* (transfer full) (nullable): when it was put in use, by whom and, where the gate had not passed it, why. */
static char *
describe_change (const RunetModelLineage *lineage, const RunetRegisteredModel *model) {
  const RunetRegistryChange *change =
      runet_model_lineage_find_change (lineage, model->hash);
  if (!change)
    return NULL;
  g_autofree char *time = runet_local_time_to_string (change->time);
  if (change->forced && change->reason)
    return g_strdup_printf (_ ("%s, by %s, although it did not pass: “%s”"), time,
                            change->author, change->reason);
  return g_strdup_printf (_ ("%s, by %s"), time, change->author);
}

void
runet_model_facts_show (GtkGrid *grid,
                        const RunetModelLineage *lineage,
                        const RunetModelEntry *entry) {
  const RunetRegisteredModel *model = entry->model;
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))))
    gtk_grid_remove (grid, child);
  add (grid, _ ("State"), runet_registered_state_name (model->state));
  g_autofree char *parent = describe_parent (lineage, model);
  add (grid, _ ("Made from"), parent);
  if (model->snapshot) {
    g_autofree char *snapshot = describe_snapshot (entry);
    add (grid, _ ("Learned from"), snapshot);
  }
  g_autofree char *verdict = describe_verdict (model);
  add (grid, _ ("Verdict"), verdict);
  g_autofree char *time = runet_local_time_to_string (model->time);
  g_autofree char *by = g_strdup_printf (_ ("%s, by %s"), time, model->author);
  add (grid, _ ("Registered"), by);
  g_autofree char *change = describe_change (lineage, model);
  if (change)
    add (grid, _ ("Put in use"), change);
  g_autofree char *hash = shorten (model->hash);
  g_autofree char *file = entry->trouble
                              ? g_strdup (entry->trouble)
                              : g_strdup_printf (_ ("%s, %s, as it was registered"),
                                                 model->architecture, hash);
  add (grid, _ ("File"), file);
}
