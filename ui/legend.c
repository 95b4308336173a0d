/* The legend: a toggle an overlay. */
#include "legend.h"

#include <glib/gi18n-lib.h>
#include "canvas.h"
#include "wrap-layout.h"

#define SPACING 4

struct _RunetLegend {
  GtkWidget parent;

  GtkWidget *toggle[RUNET_OVERLAYS];
};

G_DEFINE_FINAL_TYPE (RunetLegend, runet_legend, GTK_TYPE_WIDGET)

/* The letter in the swatch is also the key. */
static void
name_toggle (RunetLegend *self,
             RunetOverlay overlay,
             const char *title,
             const char *tooltip) {
  GtkWidget *toggle = self->toggle[overlay];
  GtkWidget *label =
      gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (toggle)));
  gtk_label_set_label (GTK_LABEL (label), title);
  gtk_widget_set_tooltip_text (toggle, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

/* What a legend calls the last stage depends on how many there are; a model of one stage has no
 * first one beside it and no region. */
void
runet_legend_set_stages (RunetLegend *self, guint stages) {
  g_return_if_fail (RUNET_IS_LEGEND (self));
  g_autofree char *title = g_strdup_printf (_ ("Stage %u"), stages);
  g_autofree char *tooltip =
      stages > 2
          ? g_strdup_printf (_ ("Contours of the last of %u stages: the result (key "
                                "2). Those between are not shown."),
                             stages)
          : g_strdup (_ ("Contours of the last stage: the result (key 2)"));
  name_toggle (self, RUNET_OVERLAY_STAGE2, title, tooltip);
  gtk_widget_set_visible (self->toggle[RUNET_OVERLAY_STAGE1], stages > 1);
  gtk_widget_set_visible (self->toggle[RUNET_OVERLAY_REGION], stages > 1);
}

void
runet_legend_set_corrected (RunetLegend *self, gboolean corrected) {
  g_return_if_fail (RUNET_IS_LEGEND (self));
  gtk_widget_set_visible (self->toggle[RUNET_OVERLAY_CORRECTED], corrected);
}

void
runet_legend_set_terse (RunetLegend *self, gboolean terse) {
  g_return_if_fail (RUNET_IS_LEGEND (self));
  for (int i = 0; i < RUNET_OVERLAYS; i++)
    gtk_widget_set_visible (
        gtk_widget_get_last_child (gtk_button_get_child (GTK_BUTTON (self->toggle[i]))),
        !terse);
}

static GtkWidget *
toggle_new (RunetOverlay overlay, const char *action) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_box_append (GTK_BOX (box), runet_overlay_swatch_new (overlay));
  gtk_box_append (GTK_BOX (box), gtk_label_new (NULL));
  GtkWidget *toggle = gtk_toggle_button_new ();
  gtk_button_set_child (GTK_BUTTON (toggle), box);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (toggle), action);
  return toggle;
}

static void
fill (RunetLegend *self) {
  const struct {
    RunetOverlay overlay;
    const char *title, *action, *tooltip;
  } toggles[] = {
      {RUNET_OVERLAY_STAGE1, _ ("Stage 1"), "win.show-stage1",
       _ ("Contours of the first stage (key 1)")},
      {RUNET_OVERLAY_REGION, _ ("Region"), "win.show-region",
       _ ("The region of interest that the last stage was given (key R)")},
      {RUNET_OVERLAY_STAGE2, _ ("Stage 2"), "win.show-stage2",
       _ ("Contours of the last stage: the result (key 2)")},
      {RUNET_OVERLAY_EXPERT, _ ("Expert"), "win.show-expert",
       _ ("The expert’s contours, where the data set has them (key E)")},
      {RUNET_OVERLAY_CORRECTED, _ ("Corrected"), "win.show-corrected",
       _ ("What somebody drew in place of the model’s contours (V: the model’s, the "
          "corrected "
          "ones, both)")},
  };
  for (guint i = 0; i < G_N_ELEMENTS (toggles); i++) {
    RunetOverlay overlay = toggles[i].overlay;
    self->toggle[overlay] = toggle_new (overlay, toggles[i].action);
    gtk_widget_set_parent (self->toggle[overlay], GTK_WIDGET (self));
    name_toggle (self, overlay, toggles[i].title, toggles[i].tooltip);
  }
}

static void
runet_legend_dispose (GObject *object) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (runet_legend_parent_class)->dispose (object);
}

static void
runet_legend_class_init (RunetLegendClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_legend_dispose;
}

/* A name is never cut: what there is no room for stands in a row below. */
static void
runet_legend_init (RunetLegend *self) {
  gtk_widget_set_layout_manager (GTK_WIDGET (self), runet_wrap_layout_new (SPACING));
  fill (self);
  runet_legend_set_corrected (self, FALSE);
}

GtkWidget *
runet_legend_new (void) {
  return g_object_new (RUNET_TYPE_LEGEND, NULL);
}
