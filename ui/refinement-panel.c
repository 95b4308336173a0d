/* The researcher's panel: the refinement changed while one looks, and the maps behind the contours. */
#include "refinement-panel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "core/shape/distance.h"

struct _RunetRefinementPanel {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *spinner;
  GtkWidget *took;
  GtkWidget *values;
  GtkWidget *dilation_label, *dilation_scale, *dilation_spin;
  GtkWidget *reset;
  GtkWidget *note;
  GtkWidget *map;
  GtkAdjustment *dilation, *shift, *slope, *opacity;

  RunetViewer *viewer; /* (nullable) */
  RunetExperiment *experiment; /* (nullable): no model, or not active */
  char *model_path;
  RunetEngineChoice engine;
  gboolean active;
  gboolean known; /* @own is the model's … */
  gboolean refines; /* … and can be changed */
  gboolean filling; /* the widgets are being set, not used */
  RunetRefinement own;
  GCancellable *running; /* (nullable) */
  RunetTrial *trial; /* (nullable): the last one */
  guint trial_frame; /* the frame of the viewer it is of */
};

G_DEFINE_FINAL_TYPE (RunetRefinementPanel, runet_refinement_panel, GTK_TYPE_WIDGET)

enum { PROP_ACTIVE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

/* ---- What is asked for ---- */

static RunetRefinement
get_values (RunetRefinementPanel *self) {
  return (RunetRefinement){
      (guint)lrint (gtk_adjustment_get_value (self->dilation)),
      (float)gtk_adjustment_get_value (self->shift),
      (float)gtk_adjustment_get_value (self->slope),
  };
}

/* A model may have been trained with a value beyond those that are offered. */
static void
set_value (GtkAdjustment *adjustment, double value) {
  gtk_adjustment_set_lower (adjustment,
                            MIN (gtk_adjustment_get_lower (adjustment), value));
  gtk_adjustment_set_upper (adjustment,
                            MAX (gtk_adjustment_get_upper (adjustment), value));
  gtk_adjustment_set_value (adjustment, value);
}

static void
set_values (RunetRefinementPanel *self, const RunetRefinement *values) {
  self->filling = TRUE;
  set_value (self->dilation, values->dilation);
  set_value (self->shift, (double)values->shift);
  set_value (self->slope, (double)values->slope);
  self->filling = FALSE;
}

/* What a slider can hold of 0.7f is not 0.7f: values that differ by less are the model's own. */
static gboolean
is_own (RunetRefinementPanel *self) {
  RunetRefinement values = get_values (self);
  return !self->known || (values.dilation == self->own.dilation &&
                          fabsf (values.shift - self->own.shift) < 0.004f &&
                          fabsf (values.slope - self->own.slope) < 0.4f);
}

/* ---- Maps ---- */

static const char *
class_name (gsize class) {
  const char *const names[] = {_ ("background"), _ ("LV cavity"), _ ("myocardium"),
                               _ ("left atrium")};
  return class < G_N_ELEMENTS (names) ? names[class] : "";
}

static guint
count_regions (const RunetSegmentation *found) {
  guint count = 0;
  while (count < found->stages && found->regions[count] != NULL)
    count++;
  return count;
}

/* Choice 0 is none; then the regions, then the classes of each stage. */
static const float *
choose_map (const RunetSegmentation *found, guint choice, char **title) {
  guint regions = count_regions (found);
  if (choice == 0)
    return NULL;
  if (choice <= regions) {
    *title = regions == 1 ? g_strdup (_ ("Region of interest, m"))
                          : g_strdup_printf (_ ("Region of interest %u, m"), choice);
    return found->regions[choice - 1];
  }
  gsize index = choice - 1 - regions, stage = index / found->classes;
  /* The structures first; what is left over is the background. */
  gsize class = (index % found->classes + 1) % found->classes;
  if (stage >= found->stages)
    return NULL;
  const RunetGrid *grid = found->labels[stage]->grid;
  *title = g_strdup_printf (_ ("Stage %u: probability of %s"), (guint)stage + 1,
                            class_name (class));
  return found->probabilities[stage] + class * grid->width * grid->height;
}

static void
fill_maps (RunetRefinementPanel *self, const RunetSegmentation *found) {
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, _ ("None"));
  for (guint choice = 1;; choice++) {
    g_autofree char *title = NULL;
    if (choose_map (found, choice, &title) == NULL)
      break;
    gtk_string_list_append (names, title);
  }
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->map));
  GListModel *before = gtk_drop_down_get_model (GTK_DROP_DOWN (self->map));
  guint count = g_list_model_get_n_items (G_LIST_MODEL (names));
  if (before != NULL && g_list_model_get_n_items (before) == count)
    return;
  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->map), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->map),
                              selected < count ? selected : 0);
  self->filling = FALSE;
}

static gboolean
wants_map (RunetRefinementPanel *self) {
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->map));
  return selected > 0 && selected != GTK_INVALID_LIST_POSITION;
}

/* ---- What is shown ---- */

static void
show_spinner (RunetRefinementPanel *self, gboolean spinning) {
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), spinning);
}

/* How far the experiment is from what the model says of this frame. */
static void
show_note (RunetRefinementPanel *self) {
  gtk_label_set_label (GTK_LABEL (self->note),
                       !self->known || !is_own (self) ? ""
                       : self->refines
                           ? _ ("The model’s own values.")
                           : _ ("This model has no region of interest to change."));
  RunetClip *clip = runet_viewer_get_clip (self->viewer);
  RunetCase *item = runet_viewer_get_case (self->viewer);
  if (is_own (self) || self->trial == NULL || clip == NULL || item == NULL)
    return;
  RunetFrameResult *result = runet_case_get_result (item, clip, self->trial_frame);
  g_autoptr (RunetLabelMap) own =
      result ? runet_frame_result_unpack_labels (result, RUNET_SHOWN_LAST) : NULL;
  const RunetLabelMap *map = self->trial->found->labels[self->trial->found->stages - 1];
  gsize width = map->grid->width, height = map->grid->height;
  if (own == NULL || own->grid->width != width || own->grid->height != height)
    return;
  double dice[2];
  g_autofree guint8 *a = g_malloc (width * height), *b = g_malloc (width * height);
  for (RunetStructure s = RUNET_STRUCTURE_ENDO; s <= RUNET_STRUCTURE_EPI; s++) {
    runet_mask_from_labels (own->labels, width, height, s, a);
    runet_mask_from_labels (map->labels, width, height, s, b);
    dice[s] = runet_agreement (a, b, width, height, NAN, NAN).dice;
  }
  g_autofree char *text =
      g_strdup_printf (_ ("Dice with the model’s own: endo %.3f, epi %.3f"),
                       dice[RUNET_STRUCTURE_ENDO], dice[RUNET_STRUCTURE_EPI]);
  gtk_label_set_label (GTK_LABEL (self->note), text);
}

static void
show_map (RunetRefinementPanel *self) {
  RunetCanvas *canvas = runet_viewer_get_canvas (self->viewer);
  RunetClip *clip = runet_viewer_get_clip (self->viewer);
  g_autofree char *title = NULL;
  const float *map = NULL;
  gsize image_frame = 0;
  if (self->trial != NULL && clip != NULL && wants_map (self) &&
      self->trial_frame == runet_viewer_get_frame (self->viewer)) {
    map = choose_map (self->trial->found,
                      gtk_drop_down_get_selected (GTK_DROP_DOWN (self->map)), &title);
    runet_clip_get_image (clip, self->trial_frame, &image_frame);
  }
  runet_canvas_set_map (canvas, map, image_frame, title);
}

static void
show_trial (RunetRefinementPanel *self) {
  RunetRefinement values = get_values (self);
  gboolean experiment = self->trial != NULL && !is_own (self);
  g_autofree char *tag =
      experiment ? g_strdup_printf (_ ("Experiment, not the model’s result: dilation "
                                       "%u, shift %.2f, slope %.0f"),
                                    values.dilation, (double)values.shift,
                                    (double)values.slope)
                 : NULL;
  runet_viewer_set_experiment (self->viewer, experiment ? self->trial->found : NULL,
                               tag);
  gtk_widget_set_sensitive (self->reset, !is_own (self));
  show_map (self);
  show_note (self);
}

static void
forget_trial (RunetRefinementPanel *self) {
  g_clear_pointer (&self->trial, runet_trial_free);
  gtk_label_set_label (GTK_LABEL (self->took), "");
  if (self->viewer != NULL)
    show_trial (self);
}

/* ---- Runs ---- */

static void
cancel (RunetRefinementPanel *self) {
  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  show_spinner (self, FALSE);
}

static void
adopt_trial (RunetRefinementPanel *self, RunetTrial *trial) {
  runet_trial_free (self->trial);
  self->trial = trial;
  self->trial_frame = runet_viewer_get_frame (self->viewer);
  if (!self->known) {
    self->own = trial->own;
    self->known = TRUE;
    self->refines = trial->refines;
    set_values (self, &trial->own);
    gtk_widget_set_sensitive (self->values, trial->refines);
    gtk_widget_set_sensitive (self->dilation_label, trial->dilates);
    gtk_widget_set_sensitive (self->dilation_scale, trial->dilates);
    gtk_widget_set_sensitive (self->dilation_spin, trial->dilates);
  }
  fill_maps (self, trial->found);
  g_autofree char *took = g_strdup_printf (_ ("%.0f ms"), 1000 * trial->seconds);
  gtk_label_set_label (GTK_LABEL (self->took), took);
  show_trial (self);
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr (RunetRefinementPanel) self = user_data;
  g_autoptr (GError) error = NULL;
  RunetTrial *trial =
      runet_experiment_run_finish (RUNET_EXPERIMENT (source), result, &error);
  /* A newer one is under way, or the panel is closed. */
  if (self->running == NULL ||
      g_task_get_cancellable (G_TASK (result)) != self->running) {
    runet_trial_free (trial);
    return;
  }
  g_clear_object (&self->running);
  show_spinner (self, FALSE);
  if (trial != NULL) {
    adopt_trial (self, trial);
    return;
  }
  forget_trial (self);
  gtk_label_set_label (GTK_LABEL (self->note), error->message);
}

/* The newest wins: what runs is cancelled. A cine is not run after. */
static void
run (RunetRefinementPanel *self) {
  cancel (self);
  RunetClip *clip = self->viewer ? runet_viewer_get_clip (self->viewer) : NULL;
  if (!self->active || self->experiment == NULL || clip == NULL)
    return;
  if (runet_timeline_get_playing (runet_viewer_get_timeline (self->viewer)))
    return;
  if (self->known && is_own (self) && !wants_map (self)) {
    forget_trial (self);
    return;
  }
  gsize frame;
  RunetImage *image =
      runet_clip_get_image (clip, runet_viewer_get_frame (self->viewer), &frame);
  RunetRefinement values = get_values (self);
  self->running = g_cancellable_new ();
  show_spinner (self, TRUE);
  runet_experiment_run (self->experiment, image, frame, is_own (self) ? NULL : &values,
                        self->running, run_cb, g_object_ref (self));
}

static void
value_cb (RunetRefinementPanel *self) {
  if (self->filling)
    return;
  gtk_widget_set_sensitive (self->reset, !is_own (self));
  run (self);
}

static void
map_cb (RunetRefinementPanel *self) {
  if (self->filling || self->viewer == NULL)
    return;
  if (self->trial != NULL &&
      self->trial_frame == runet_viewer_get_frame (self->viewer) &&
      self->running == NULL)
    show_map (self);
  else
    run (self);
}

static void
reset_cb (RunetRefinementPanel *self) {
  if (!self->known)
    return;
  set_values (self, &self->own);
  value_cb (self);
}

/* Another frame: what was found belongs to the one before. */
static void
frame_cb (RunetRefinementPanel *self) {
  if (!self->active)
    return;
  if (self->trial != NULL)
    forget_trial (self);
  run (self);
}

/* ---- From outside ---- */

static void
make_experiment (RunetRefinementPanel *self) {
  cancel (self);
  g_clear_object (&self->experiment);
  self->known = FALSE;
  if (self->active && self->model_path != NULL)
    self->experiment = runet_experiment_new (self->model_path, self->engine);
  gtk_widget_set_sensitive (self->values, FALSE);
  forget_trial (self);
  gtk_widget_set_sensitive (self->reset, FALSE);
  run (self);
}

static void
set_active (RunetRefinementPanel *self, gboolean active) {
  if (self->active == active)
    return;
  self->active = active;
  make_experiment (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

void
runet_refinement_panel_set_model (RunetRefinementPanel *self,
                                  const char *path,
                                  RunetEngineChoice engine) {
  g_return_if_fail (RUNET_IS_REFINEMENT_PANEL (self));
  if (g_strcmp0 (self->model_path, path) == 0 && self->engine.kind == engine.kind &&
      self->engine.precision == engine.precision)
    return;
  g_free (self->model_path);
  self->model_path = g_strdup (path);
  self->engine = engine;
  make_experiment (self);
}

void
runet_refinement_panel_set_viewer (RunetRefinementPanel *self, RunetViewer *viewer) {
  g_return_if_fail (RUNET_IS_REFINEMENT_PANEL (self) && RUNET_IS_VIEWER (viewer));
  g_return_if_fail (self->viewer == NULL);
  self->viewer = g_object_ref (viewer);
  g_signal_connect_object (viewer, "notify::frame", G_CALLBACK (frame_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (viewer, "clip-changed", G_CALLBACK (frame_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (runet_viewer_get_timeline (viewer), "notify::playing",
                           G_CALLBACK (frame_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (runet_viewer_get_canvas (viewer), "map-opacity",
                          self->opacity, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

/* ---- Object ---- */

static void
runet_refinement_panel_get_property (GObject *object,
                                     guint id,
                                     GValue *value,
                                     GParamSpec *pspec) {
  if (id == PROP_ACTIVE)
    g_value_set_boolean (value, RUNET_REFINEMENT_PANEL (object)->active);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_refinement_panel_set_property (GObject *object,
                                     guint id,
                                     const GValue *value,
                                     GParamSpec *pspec) {
  if (id == PROP_ACTIVE)
    set_active (RUNET_REFINEMENT_PANEL (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_refinement_panel_dispose (GObject *object) {
  RunetRefinementPanel *self = RUNET_REFINEMENT_PANEL (object);
  g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_object (&self->experiment);
  g_clear_pointer (&self->trial, runet_trial_free);
  g_clear_object (&self->viewer);
  g_clear_pointer (&self->model_path, g_free);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_refinement_panel_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *class) {
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, content);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, spinner);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, took);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, values);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, dilation_label);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, dilation_scale);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, dilation_spin);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, reset);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, note);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, map);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, dilation);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, shift);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, slope);
  gtk_widget_class_bind_template_child (class, RunetRefinementPanel, opacity);
}

static void
runet_refinement_panel_class_init (RunetRefinementPanelClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = runet_refinement_panel_dispose;
  object_class->get_property = runet_refinement_panel_get_property;
  object_class->set_property = runet_refinement_panel_set_property;
  properties[PROP_ACTIVE] = g_param_spec_boolean (
      "active", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "refinement");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/refinement-panel.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
runet_refinement_panel_init (RunetRefinementPanel *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkAdjustment *const adjustments[] = {self->dilation, self->shift, self->slope};
  for (guint i = 0; i < G_N_ELEMENTS (adjustments); i++)
    g_signal_connect_object (adjustments[i], "value-changed", G_CALLBACK (value_cb),
                             self, G_CONNECT_SWAPPED);
  const char *const none[] = {_ ("None"), NULL};
  g_autoptr (GtkStringList) names = gtk_string_list_new (none);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->map), G_LIST_MODEL (names));
  g_signal_connect_object (self->map, "notify::selected", G_CALLBACK (map_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_sensitive (self->values, FALSE);
}

GtkWidget *
runet_refinement_panel_new (void) {
  return g_object_new (RUNET_TYPE_REFINEMENT_PANEL, NULL);
}
