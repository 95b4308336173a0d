/* The images that a candidate does better, or worse. */
#include "gate-cases.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>
#include "chart-scale.h"

/* Who needs more than these needs a table, which the command line writes. */
#define ROWS 100
#define DECIMALS 3

struct _RunetGateCases {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *list;
};

G_DEFINE_FINAL_TYPE (RunetGateCases, runet_gate_cases, GTK_TYPE_WIDGET)

static guint activated_signal;

/* ---- Names ---- */

/* Cuts the last part off, and returns it. */
static char *
cut_last (char *name) {
  char *mark = strrchr (name, '_');
  if (mark == NULL || mark == name)
    return NULL;
  *mark = '\0';
  return mark + 1;
}

gboolean
runet_gate_case_parse (const char *name,
                       char **patient,
                       RunetView *view,
                       RunetInstant *instant) {
  g_autofree char *copy = g_strdup (name);
  const char *instant_name = cut_last (copy);
  const char *view_name = instant_name ? cut_last (copy) : NULL;
  if (view_name == NULL)
    return FALSE;
  gboolean known[2] = {FALSE, FALSE};
  for (guint v = 0; v < RUNET_VIEWS; v++)
    if (g_str_equal (view_name, runet_view_to_string (v))) {
      *view = v;
      known[0] = TRUE;
    }
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    if (g_str_equal (instant_name, runet_instant_to_string (i))) {
      *instant = i;
      known[1] = TRUE;
    }
  if (!known[0] || !known[1])
    return FALSE;
  *patient = g_steal_pointer (&copy);
  return TRUE;
}

/* "patient0001 4CH ED" */
static char *
name_case (const RunetGateCase *one) {
  g_auto (GStrv) parts = g_strsplit (one->name, "_", -1);
  return g_strjoinv (" ", parts);
}

/* ---- Rows ---- */

static gboolean
belongs (const RunetGateCase *one, RunetGateCasesKind kind) {
  const double gain = one->candidate - one->parent;
  if (one->candidate_outlier != one->parent_outlier)
    return one->candidate_outlier == (kind == RUNET_GATE_CASES_WORSE);
  return kind == RUNET_GATE_CASES_WORSE ? gain < 0 : gain > 0;
}

static const char *
describe_outlier (const RunetGateCase *one) {
  if (one->candidate_outlier)
    return one->parent_outlier ? _ ("still an outlier") : _ ("now an outlier");
  return one->parent_outlier ? _ ("no longer an outlier") : NULL;
}

static GtkWidget *
make_row (const RunetGateCase *one) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *title = name_case (one);
  GtkWidget *name = gtk_label_new (title);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (GTK_BOX (box), name);
  const char *outlier = describe_outlier (one);
  if (outlier) {
    GtkWidget *tag = gtk_label_new (outlier);
    gtk_widget_add_css_class (tag, "view-tag");
    gtk_widget_add_css_class (tag, "caption");
    gtk_box_append (GTK_BOX (box), tag);
  }
  g_autofree char *parent = runet_scale_format (one->parent, DECIMALS);
  g_autofree char *candidate = runet_scale_format (one->candidate, DECIMALS);
  g_autofree char *dice = g_strdup_printf ("%s → %s", parent, candidate);
  GtkWidget *figures = gtk_label_new (dice);
  gtk_widget_add_css_class (figures, "numeric");
  gtk_box_append (GTK_BOX (box), figures);

  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_tooltip_text (row, _ ("Show it in the window"));
  g_autofree char *spoken =
      g_strdup_printf (_ ("%s, Dice from %s to %s%s%s"), title, parent, candidate,
                       outlier ? ", " : "", outlier ? outlier : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
  g_object_set_data_full (G_OBJECT (row), "runet-name", g_strdup (one->name), g_free);
  return row;
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, RunetGateCases *self) {
  const char *name = g_object_get_data (G_OBJECT (row), "runet-name");
  g_signal_emit (self, activated_signal, 0, name);
}

/* Returns how many belong here, also those that are not shown. */
static guint
fill (RunetGateCases *self, const RunetGate *gate, RunetGateCasesKind kind) {
  guint count = 0;
  for (guint i = 0; i < gate->cases->len; i++) {
    /* The largest change first: they come with the worst first. */
    const guint index = kind == RUNET_GATE_CASES_WORSE ? i : gate->cases->len - 1 - i;
    const RunetGateCase *one = gate->cases->pdata[index];
    if (!belongs (one, kind))
      continue;
    if (count < ROWS)
      gtk_list_box_append (GTK_LIST_BOX (self->list), make_row (one));
    count++;
  }
  return count;
}

static char *
make_title (guint count, RunetGateCasesKind kind) {
  const gboolean worse = kind == RUNET_GATE_CASES_WORSE;
  if (count == 0)
    return g_strdup (worse ? _ ("No image worse") : _ ("No image better"));
  g_autofree char *title =
      worse ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u image worse",
                                            "%u images worse", count),
                               count)
            : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u image better",
                                            "%u images better", count),
                               count);
  if (count <= ROWS)
    return g_steal_pointer (&title);
  return g_strdup_printf (_ ("%s, the first %u of them"), title, ROWS);
}

static GtkWidget *
make_note (void) {
  GtkWidget *note = gtk_label_new (_ ("Mean Dice of endo- and epicardium; the largest "
                                      "change first"));
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_widget_add_css_class (note, "caption");
  gtk_widget_add_css_class (note, "dim-label");
  return note;
}

/* ---- Object ---- */

static void
runet_gate_cases_dispose (GObject *object) {
  RunetGateCases *self = RUNET_GATE_CASES (object);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_gate_cases_parent_class)->dispose (object);
}

static void
runet_gate_cases_class_init (RunetGateCasesClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_gate_cases_dispose;
  activated_signal =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
runet_gate_cases_init (RunetGateCases *self) {
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);
}

GtkWidget *
runet_gate_cases_new (const RunetGate *gate, RunetGateCasesKind kind) {
  g_return_val_if_fail (gate != NULL, NULL);
  RunetGateCases *self = g_object_new (RUNET_TYPE_GATE_CASES, NULL);
  const guint count = fill (self, gate, kind);
  g_autofree char *text = make_title (count, kind);
  GtkWidget *title = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "heading");
  gtk_box_append (GTK_BOX (self->content), title);
  if (count > 0)
    gtk_box_append (GTK_BOX (self->content), make_note ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_add_css_class (self->list, "gate-cases");
  gtk_box_append (GTK_BOX (self->content), self->list);
  return GTK_WIDGET (self);
}
