/* The tools of a correction, over the image. */
#include "edit-bar.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "wording.h"
#include "wrap-layout.h"

#define MM2_PER_CM2 100.0
#define SPACING 8
#define FIGURE_SPACING 4
/* Of figures; those that come last are left out where there is no room. */
#define FIGURE_ROWS 3
/* Long enough to read what was done. */
#define TOLD_MS 6000

struct _RunetEditBar {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *tools;
  GtkWidget *reach;
  GtkWidget *reach_title;
  GtkWidget *reach_scale;
  GtkWidget *said; /* one height for both: the image below stays where it is */
  GtkWidget *figures;
  GtkWidget *areas;
  GtkWidget *shape;
  GtkWidget *volumes;
  GtkWidget *fit;
  GtkWidget *message;
  GtkWidget *message_text;
  GtkWidget *message_button;

  gboolean filling;
  gboolean measured; /* there are figures */
  guint told_id; /* the message gives way to them */
};

G_DEFINE_FINAL_TYPE (RunetEditBar, runet_edit_bar, GTK_TYPE_WIDGET)

static guint reach_changed_signal;

/* ---- Reach ---- */

/* A circle has a radius; a point takes its neighbours along; the other tools reach nowhere. */
static void
show_reach (RunetEditBar *self, RunetEditor *editor) {
  const RunetTool tool = editor ? runet_editor_get_tool (editor) : RUNET_TOOLS;
  gboolean falloff = tool == RUNET_TOOL_POINTS;
  gboolean radius =
      tool == RUNET_TOOL_PUSH || tool == RUNET_TOOL_BRUSH || tool == RUNET_TOOL_ERASER;
  gtk_widget_set_sensitive (self->reach, falloff || radius);
  if (!falloff && !radius)
    return;
  const char *name = falloff ? _ ("Falloff") : _ ("Radius");
  self->filling = TRUE;
  gtk_range_set_range (GTK_RANGE (self->reach_scale), 1, falloff ? 80 : 20);
  gtk_range_set_value (GTK_RANGE (self->reach_scale),
                       falloff ? runet_editor_get_falloff_mm (editor)
                               : runet_editor_get_radius_mm (editor));
  self->filling = FALSE;
  gtk_label_set_label (GTK_LABEL (self->reach_title), name);
  gtk_widget_set_tooltip_text (
      self->reach,
      falloff ? _ ("How far along the contour a point takes its neighbours with it "
                   "(wheel while dragging)")
              : _ ("Radius of the circle ([ and ], or Ctrl and the wheel)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reach_scale),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static char *
format_reach_cb (GtkScale *scale, double value, gpointer user_data) {
  return g_strdup_printf (value < 10 ? _ ("%.1f mm") : _ ("%.0f mm"), value);
}

static void
reach_cb (RunetEditBar *self) {
  if (!self->filling)
    g_signal_emit (self, reach_changed_signal, 0,
                   gtk_range_get_value (GTK_RANGE (self->reach_scale)));
}

/* ---- How well the splines fit ---- */

/* NaN where there is no ventricle. */
static double
get_length_mm (const RunetCorrection *correction) {
  const RunetContourModel *model = &correction->model;
  const guint count = model->count[RUNET_STRUCTURE_ENDO];
  if (count == 0)
    return NAN;
  const RunetPoint *points = model->points[RUNET_STRUCTURE_ENDO];
  const RunetPoint apex = points[model->apex];
  const double x = (points[0].x + points[count - 1].x) / 2;
  const double y = (points[0].y + points[count - 1].y) / 2;
  return hypot ((apex.x - x) * correction->grid->spacing_x_mm,
                (apex.y - y) * correction->grid->spacing_y_mm);
}

static void
show_fit (RunetEditBar *self, RunetEditor *editor) {
  const RunetCorrection *correction =
      editor ? runet_editor_get_correction (editor) : NULL;
  double worst = NAN;
  for (int s = 0; correction && s < RUNET_STRUCTURES; s++)
    worst = fmax (worst, correction->residual_mm[s]);
  g_autofree char *text = NULL;
  if (correction && isfinite (worst)) {
    const double length = get_length_mm (correction);
    text = length > 0 ? g_strdup_printf (_ ("Fit residual %.1f mm (%.1f %%)"), worst,
                                         100 * worst / length)
                      : g_strdup_printf (_ ("Fit residual %.1f mm"), worst);
  }
  gtk_label_set_label (GTK_LABEL (self->fit), text ? text : "");
}

static void
clear_figures (RunetEditBar *self) {
  GtkWidget *const labels[] = {self->volumes, self->areas, self->shape, self->fit};
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_label_set_label (GTK_LABEL (labels[i]), "");
  self->measured = FALSE;
}

void
runet_edit_bar_show_editor (RunetEditBar *self, RunetEditor *editor) {
  g_return_if_fail (RUNET_IS_EDIT_BAR (self));
  show_reach (self, editor);
  show_fit (self, editor);
  if (editor == NULL)
    clear_figures (self);
}

/* ---- Figures ---- */

/* "34.2", or "34.2 (+1.3)" where it is not what the model says. */
static void
append_figure (GString *text, double now, double model, int decimals) {
  const double least = 0.5 * pow (10, -decimals);
  if (!isfinite (now)) {
    g_string_append (text, "–");
    return;
  }
  g_string_append_printf (text, "%.*f", decimals, now);
  const double change = now - model;
  if (isfinite (model) && fabs (change) >= least)
    g_string_append_printf (text, " (%s%.*f)", change > 0 ? "+" : "−", decimals,
                            fabs (change));
}

static const RunetAnatomy *
anatomy_of (const RunetFrameResult *result) {
  return result ? result->stage[RUNET_SHOWN_LAST].anatomy : NULL;
}

static void
show_areas (RunetEditBar *self, const RunetLive *now, const RunetAnatomy *model) {
  g_autoptr (GString) text = g_string_new (NULL);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    g_string_append_printf (text, "%s%s ", s > 0 ? "  " : "",
                            runet_structure_short_name (s));
    append_figure (text, now->area_mm2[s] / MM2_PER_CM2,
                   model ? model->area_mm2[s] / MM2_PER_CM2 : NAN, 1);
  }
  g_string_append (text, _ (" cm²"));
  gtk_label_set_label (GTK_LABEL (self->areas), text->str);
}

static void
show_shape (RunetEditBar *self,
            const RunetLive *now,
            const RunetAnatomy *model,
            RunetStructure structure) {
  static const RunetRegularity unknown = {NAN, NAN};
  const RunetRegularity *before = model ? &model->regularity[structure] : &unknown;
  g_autoptr (GString) text = g_string_new (runet_structure_short_name (structure));
  g_string_append (text, _ (": Cx "));
  append_figure (text, now->regularity[structure].convexity, before->convexity, 3);
  g_string_append (text, _ ("  Sp "));
  append_figure (text, now->regularity[structure].simplicity, before->simplicity, 3);
  gtk_label_set_label (GTK_LABEL (self->shape), text->str);
}

static void
show_volumes (RunetEditBar *self, const RunetVolumes *now, const RunetVolumes *model) {
  g_autoptr (GString) text = g_string_new (_ ("EF "));
  append_figure (text, now->ef_percent, model->ef_percent, 1);
  /* xgettext:no-c-format */
  g_string_append (text, _ (" %  EDV "));
  append_figure (text, now->volume_ml[RUNET_INSTANT_ED],
                 model->volume_ml[RUNET_INSTANT_ED], 1);
  g_string_append (text, _ ("  ESV "));
  append_figure (text, now->volume_ml[RUNET_INSTANT_ES],
                 model->volume_ml[RUNET_INSTANT_ES], 1);
  g_string_append (text, _ (" ml"));
  gtk_label_set_label (GTK_LABEL (self->volumes), text->str);
}

void
runet_edit_bar_set_figures (RunetEditBar *self, const RunetEditFigures *figures) {
  g_return_if_fail (RUNET_IS_EDIT_BAR (self));
  const RunetLive *now = figures ? figures->now : NULL;
  if (!now) {
    clear_figures (self);
    return;
  }
  self->measured = TRUE;
  const RunetAnatomy *model = anatomy_of (figures->model);
  show_areas (self, now, model);
  show_shape (self, now, model, figures->structure);
  show_volumes (self, &figures->volumes, &figures->model_volumes);
}

/* ---- Messages ---- */

static void
show_said (RunetEditBar *self, GtkWidget *child) {
  g_clear_handle_id (&self->told_id, g_source_remove);
  gtk_stack_set_visible_child (GTK_STACK (self->said), child);
}

static gboolean
told_cb (gpointer user_data) {
  RunetEditBar *self = user_data;
  self->told_id = 0;
  show_said (self, self->figures);
  return G_SOURCE_REMOVE;
}

void
runet_edit_bar_set_message (RunetEditBar *self,
                            const char *message,
                            const char *button,
                            const char *action) {
  g_return_if_fail (RUNET_IS_EDIT_BAR (self) && (button == NULL) == (action == NULL));
  show_said (self, message ? self->message : self->figures);
  if (message && !button && self->measured)
    self->told_id = g_timeout_add (TOLD_MS, told_cb, self);
  gtk_label_set_label (GTK_LABEL (self->message_text), message ? message : "");
  gtk_widget_set_visible (self->message_button, button != NULL);
  if (button)
    gtk_button_set_label (GTK_BUTTON (self->message_button), button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->message_button), action);
}

/* ---- Object ---- */

static void
runet_edit_bar_dispose (GObject *object) {
  RunetEditBar *self = RUNET_EDIT_BAR (object);
  g_clear_handle_id (&self->told_id, g_source_remove);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_edit_bar_parent_class)->dispose (object);
}

static void
runet_edit_bar_class_init (RunetEditBarClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_edit_bar_dispose;
  reach_changed_signal =
      g_signal_new ("reach-changed", RUNET_TYPE_EDIT_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "editbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/edit-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, content);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, tools);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, reach);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, reach_title);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, reach_scale);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, said);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, figures);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, areas);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, shape);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, volumes);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, fit);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, message);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, message_text);
  gtk_widget_class_bind_template_child (widget_class, RunetEditBar, message_button);
}

/* A figure that changes while one drags must not move what stands beside it, and least of all the image below. */
static void
set_width (GtkWidget *label, int chars) {
  gtk_label_set_width_chars (GTK_LABEL (label), chars);
  gtk_label_set_max_width_chars (GTK_LABEL (label), chars);
}

static void
runet_edit_bar_init (RunetEditBar *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  /* What there is no room for stands in a row below. */
  gtk_widget_set_layout_manager (self->tools, runet_wrap_layout_new (SPACING));
  GtkLayoutManager *figures = runet_wrap_layout_new (FIGURE_SPACING);
  runet_wrap_layout_set_rows (RUNET_WRAP_LAYOUT (figures), FIGURE_ROWS);
  gtk_widget_set_layout_manager (self->figures, figures);
  set_width (self->volumes, 47);
  set_width (self->areas, 45);
  set_width (self->shape, 35);
  set_width (self->fit, 24);
  gtk_scale_set_format_value_func (GTK_SCALE (self->reach_scale), format_reach_cb, NULL,
                                   NULL);
  g_signal_connect_swapped (self->reach_scale, "value-changed", G_CALLBACK (reach_cb),
                            self);
  runet_edit_bar_show_editor (self, NULL);
}

GtkWidget *
runet_edit_bar_new (void) {
  return g_object_new (RUNET_TYPE_EDIT_BAR, NULL);
}
