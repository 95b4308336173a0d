/* A verdict. */
#include "gate-view.h"

#include <glib/gi18n-lib.h>
#include "gate-cases.h"
#include "gate-table.h"
#include "gate-words.h"

struct _RunetGateView {
  GtkWidget parent;

  GtkWidget *content; /* (nullable): made anew for each verdict */
};

G_DEFINE_FINAL_TYPE (RunetGateView, runet_gate_view, GTK_TYPE_WIDGET)

static guint case_activated_signal;

static GtkWidget *
make_label (const char *text, const char *css_class) {
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* The verdict in words, with an icon that says the same. */
static GtkWidget *
make_banner (const RunetGate *gate) {
  GtkWidget *banner = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gtk_widget_add_css_class (banner, "verdict");
  gtk_widget_add_css_class (banner, gate->passed ? "passed" : "failed");
  GtkWidget *icon = gtk_image_new_from_icon_name (
      gate->passed ? "runet-better-symbolic" : "runet-failed-symbolic");
  gtk_image_set_pixel_size (GTK_IMAGE (icon), 24);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (banner), icon);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (banner), words);
  gtk_box_append (
      GTK_BOX (words),
      make_label (gate->passed
                      ? _ ("The new model may take its parent’s place: nothing "
                           "got worse beyond its limit.")
                      : _ ("The new model should not take its parent’s place."),
                  "heading"));
  g_autofree char *reasons = runet_gate_describe_reasons (gate);
  if (*reasons)
    gtk_box_append (GTK_BOX (words), make_label (reasons, NULL));
  g_autofree char *extent = runet_gate_describe_extent (gate);
  gtk_box_append (GTK_BOX (words), make_label (extent, "dim-label"));
  return banner;
}

static void
activated_cb (RunetGateView *self, const char *name) {
  g_signal_emit (self, case_activated_signal, 0, name);
}

static GtkWidget *
make_cases (RunetGateView *self, const RunetGate *gate) {
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  for (guint kind = RUNET_GATE_CASES_WORSE; kind <= RUNET_GATE_CASES_BETTER; kind++) {
    GtkWidget *cases = runet_gate_cases_new (gate, kind);
    gtk_widget_set_valign (cases, GTK_ALIGN_START);
    g_signal_connect_swapped (cases, "activated", G_CALLBACK (activated_cb), self);
    gtk_box_append (GTK_BOX (row), cases);
  }
  return row;
}

/* What could not be compared, for who wants to know. */
static GtkWidget *
make_skipped (const RunetGate *gate) {
  g_autofree char *title = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u image could not be compared",
                   "%u images could not be compared", gate->skipped->len),
      gate->skipped->len);
  GtkWidget *expander = gtk_expander_new (title);
  g_autoptr (GString) lines = g_string_new (NULL);
  for (guint i = 0; i < gate->skipped->len; i++)
    g_string_append_printf (lines, "%s%s", i > 0 ? "\n" : "",
                            (const char *)gate->skipped->pdata[i]);
  GtkWidget *label = make_label (lines->str, "dim-label");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_expander_set_child (GTK_EXPANDER (expander), label);
  return expander;
}

void
runet_gate_view_set_gate (RunetGateView *self, const RunetGate *gate) {
  g_return_if_fail (RUNET_IS_GATE_VIEW (self));
  g_clear_pointer (&self->content, gtk_widget_unparent);
  if (!gate)
    return;
  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  GtkBox *box = GTK_BOX (self->content);
  gtk_box_append (box, make_banner (gate));
  gtk_box_append (box, runet_gate_table_new (gate));
  gtk_box_append (box, make_cases (self, gate));
  if (gate->skipped->len > 0)
    gtk_box_append (box, make_skipped (gate));
}

static void
runet_gate_view_dispose (GObject *object) {
  RunetGateView *self = RUNET_GATE_VIEW (object);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_gate_view_parent_class)->dispose (object);
}

static void
runet_gate_view_class_init (RunetGateViewClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_gate_view_dispose;
  case_activated_signal =
      g_signal_new ("case-activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "gateview");
}

static void
runet_gate_view_init (RunetGateView *self) {
}

GtkWidget *
runet_gate_view_new (void) {
  return g_object_new (RUNET_TYPE_GATE_VIEW, NULL);
}
