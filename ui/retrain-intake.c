/* What a retraining will learn from. */
#include "retrain-intake.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "retrain-words.h"
#include "wording.h"

/* Names of one kind that are listed; who wants more of them asks the command line. */
#define NAMES 30

typedef enum {
  FACT_PARENT,
  FACT_FRAMES,
  FACT_PEOPLE,
  FACT_REPLAY,
  FACT_JUDGES,
  FACT_TIME,
  FACTS
} Fact;

/* Of the usual rate. */
static const double rates[] = {0.3, 1, 3};
#define USUAL_RATE 1

struct _RunetRetrainIntake {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *stopped;
  GtkWidget *stopped_text;
  GtkWidget *go_on;
  GtkWidget *stack;
  GtkWidget *spinner;
  GtkWidget *message;
  GtkWidget *facts;
  GtkWidget *values[FACTS];
  GtkWidget *warnings;
  GtkWidget *left_out;
  GtkWidget *left_out_list;
  GtkWidget *epochs;
  GtkWidget *rate;
  GtkWidget *replay;
  GtkWidget *start;

  const RunetRetrainPlan *plan; /* (nullable): borrowed */
  RunetRetrainingSettings defaults;
  gboolean has_parent;
};

G_DEFINE_FINAL_TYPE (RunetRetrainIntake, runet_retrain_intake, GTK_TYPE_WIDGET)

static guint start_signal;

static void
clear_box (GtkWidget *box) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

static GtkWidget *
make_text (const char *text) {
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return label;
}

/* ---- The facts ---- */

static void
show_replay (RunetRetrainIntake *self) {
  const double replay = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->replay));
  if (self->plan->originals == 0 || replay <= 0) {
    gtk_label_set_label (GTK_LABEL (self->values[FACT_REPLAY]), _ ("None"));
    return;
  }
  g_autofree char *originals = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u image with experts’ contours",
                   "%u images with experts’ contours", self->plan->originals),
      self->plan->originals);
  g_autofree char *text =
      g_strdup_printf (_ ("%s, %.3g for each frame above"), originals, replay);
  gtk_label_set_label (GTK_LABEL (self->values[FACT_REPLAY]), text);
}

static void
show_time (RunetRetrainIntake *self) {
  RunetRetrainingSettings settings;
  runet_retrain_intake_get_settings (self, &settings);
  g_autofree char *time =
      runet_retrain_describe_time (runet_retrain_plan_estimate_seconds (
          self->plan, settings.epochs, settings.replay));
  g_autofree char *text =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, at most %u epoch",
                                    "%s, at most %u epochs", settings.epochs),
                       time, settings.epochs);
  gtk_label_set_label (GTK_LABEL (self->values[FACT_TIME]), text);
}

static void
show_judges (RunetRetrainIntake *self) {
  g_autofree char *text =
      self->plan->locked > 0
          ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                          "%u patient that is never learned from",
                                          "%u patients that are never learned from",
                                          self->plan->locked),
                             self->plan->locked)
          : g_strdup (
                _ ("Patients that nobody corrected; they are chosen now, and kept "
                   "for this from then on"));
  gtk_label_set_label (GTK_LABEL (self->values[FACT_JUDGES]), text);
}

static void
show_warnings (RunetRetrainIntake *self) {
  clear_box (self->warnings);
  g_autoptr (GPtrArray) warnings = runet_retrain_list_warnings (
      self->plan, gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->replay)));
  for (guint i = 0; i < warnings->len; i++) {
    GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *icon = gtk_image_new_from_icon_name ("runet-outlier-symbolic");
    gtk_widget_add_css_class (icon, "outlier");
    gtk_widget_set_valign (icon, GTK_ALIGN_START);
    gtk_box_append (GTK_BOX (row), icon);
    gtk_box_append (GTK_BOX (row), make_text (warnings->pdata[i]));
    gtk_box_append (GTK_BOX (self->warnings), row);
  }
  gtk_widget_set_visible (self->warnings, warnings->len > 0);
}

/* ---- What is left out ---- */

/* (transfer full) (nullable): "patient0001 4CH, patient0002 2CH and 3 more"; NULL where there are none. */
static char *
list_names (const RunetRetrainPlan *plan, RunetExclusionKind kind, guint *count) {
  g_autoptr (GString) names = g_string_new (NULL);
  *count = 0;
  for (guint i = 0; i < plan->exclusions->len; i++) {
    const RunetExclusion *one = plan->exclusions->pdata[i];
    if (one->kind != kind)
      continue;
    if (*count < NAMES)
      g_string_append_printf (names, "%s%s", *count > 0 ? ", " : "", one->name);
    (*count)++;
  }
  if (*count > NAMES)
    g_string_append_printf (
        names,
        g_dngettext (GETTEXT_PACKAGE, " and %u more", " and %u more", *count - NAMES),
        *count - NAMES);
  return *count > 0 ? g_strdup (names->str) : NULL;
}

static void
show_left_out (RunetRetrainIntake *self) {
  clear_box (self->left_out_list);
  const guint total = self->plan->exclusions->len;
  g_autofree char *title =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u left out, and why",
                                    "%u left out, and why", total),
                       total);
  gtk_expander_set_label (GTK_EXPANDER (self->left_out), title);
  gtk_widget_set_visible (self->left_out, total > 0);
  for (guint kind = 0; kind < RUNET_EXCLUSIONS; kind++) {
    guint count;
    g_autofree char *names = list_names (self->plan, kind, &count);
    if (!names)
      continue;
    GtkWidget *group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
    g_autofree char *heading =
        g_strdup_printf (_ ("%s: %u"), runet_exclusion_kind_name (kind), count);
    gtk_box_append (GTK_BOX (group), make_text (heading));
    GtkWidget *list = make_text (names);
    gtk_widget_add_css_class (list, "dim-label");
    gtk_widget_add_css_class (list, "caption");
    gtk_label_set_selectable (GTK_LABEL (list), TRUE);
    gtk_box_append (GTK_BOX (group), list);
    gtk_box_append (GTK_BOX (self->left_out_list), group);
  }
}

/* ---- From outside ---- */

static void
update_start (RunetRetrainIntake *self) {
  gtk_widget_set_sensitive (self->start,
                            self->plan && self->has_parent &&
                                runet_retrain_plan_count_frames (self->plan) > 0);
  gtk_widget_set_sensitive (self->go_on, self->has_parent);
}

void
runet_retrain_intake_set_parent (RunetRetrainIntake *self, const char *model) {
  g_return_if_fail (RUNET_IS_RETRAIN_INTAKE (self));
  self->has_parent = model != NULL;
  gtk_label_set_label (GTK_LABEL (self->values[FACT_PARENT]),
                       model ? model : _ ("No model is chosen"));
  update_start (self);
}

void
runet_retrain_intake_set_plan (RunetRetrainIntake *self,
                               const RunetRetrainPlan *plan,
                               const char *message) {
  g_return_if_fail (RUNET_IS_RETRAIN_INTAKE (self));
  self->plan = plan;
  gtk_label_set_label (GTK_LABEL (self->message), message ? message : "");
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), !plan && !message);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), plan      ? "plan"
                                                             : message ? "message"
                                                                       : "counting");
  update_start (self);
  if (!plan)
    return;
  g_autofree char *frames = runet_retrain_describe_frames (plan);
  g_autofree char *people = runet_retrain_describe_people (plan);
  gtk_label_set_label (GTK_LABEL (self->values[FACT_FRAMES]), frames);
  gtk_label_set_label (GTK_LABEL (self->values[FACT_PEOPLE]),
                       plan->patients > 0 ? people : "–");
  show_replay (self);
  show_judges (self);
  show_time (self);
  show_warnings (self);
  show_left_out (self);
}

void
runet_retrain_intake_set_stopped (RunetRetrainIntake *self, GDateTime *stopped) {
  g_return_if_fail (RUNET_IS_RETRAIN_INTAKE (self));
  gtk_widget_set_visible (self->stopped, stopped != NULL);
  if (!stopped)
    return;
  g_autofree char *time = runet_local_time_to_string (stopped);
  g_autofree char *text = g_strdup_printf (
      _ ("A retraining was stopped on %s, and what it had learned was kept. To start a "
         "new one forgets it."),
      time);
  gtk_label_set_label (GTK_LABEL (self->stopped_text), text);
}

void
runet_retrain_intake_get_settings (RunetRetrainIntake *self,
                                   RunetRetrainingSettings *settings) {
  g_return_if_fail (RUNET_IS_RETRAIN_INTAKE (self));
  *settings = self->defaults;
  settings->epochs =
      (guint)gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->epochs));
  settings->replay = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->replay));
  const guint rate = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->rate));
  settings->learning_rate *= rate < G_N_ELEMENTS (rates) ? rates[rate] : 1;
}

/* ---- Widgets ---- */

static void
settings_changed_cb (GtkSpinButton *button, RunetRetrainIntake *self) {
  if (!self->plan)
    return;
  show_replay (self);
  show_time (self);
  show_warnings (self);
}

static void
start_cb (GtkButton *button, RunetRetrainIntake *self) {
  g_signal_emit (self, start_signal, 0, FALSE);
}

static void
go_on_cb (GtkButton *button, RunetRetrainIntake *self) {
  g_signal_emit (self, start_signal, 0, TRUE);
}

static void
add_facts (RunetRetrainIntake *self) {
  static const char *const names[FACTS] = {
      N_ ("Begins with"), N_ ("Learns from"),  N_ ("Of"),
      N_ ("Replays"),     N_ ("Is judged by"), N_ ("Takes"),
  };
  for (int f = 0; f < FACTS; f++) {
    GtkWidget *name = make_text (_ (names[f]));
    gtk_widget_add_css_class (name, "dim-label");
    gtk_widget_set_valign (name, GTK_ALIGN_START);
    gtk_grid_attach (GTK_GRID (self->facts), name, 0, f, 1, 1);
    self->values[f] = make_text (NULL);
    gtk_widget_add_css_class (self->values[f], "numeric");
    gtk_widget_set_hexpand (self->values[f], TRUE);
    gtk_grid_attach (GTK_GRID (self->facts), self->values[f], 1, f, 1, 1);
  }
}

static void
fill_settings (RunetRetrainIntake *self) {
  static const char *const names[G_N_ELEMENTS (rates)] = {
      N_ ("Careful (%g)"), N_ ("Usual (%g)"), N_ ("Bold (%g)")};
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    gtk_string_list_take (
        list, g_strdup_printf (_ (names[i]), self->defaults.learning_rate * rates[i]));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->rate), G_LIST_MODEL (list));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->rate), USUAL_RATE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->epochs), self->defaults.epochs);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->replay), self->defaults.replay);
}

static void
runet_retrain_intake_dispose (GObject *object) {
  RunetRetrainIntake *self = RUNET_RETRAIN_INTAKE (object);
  self->plan = NULL;
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_retrain_intake_parent_class)->dispose (object);
}

static void
runet_retrain_intake_class_init (RunetRetrainIntakeClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_retrain_intake_dispose;
  start_signal = g_signal_new ("start", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                               NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/runet/Review/ui/retrain-intake.ui");
#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, RunetRetrainIntake, name)
  BIND (content);
  BIND (stopped);
  BIND (stopped_text);
  BIND (go_on);
  BIND (stack);
  BIND (spinner);
  BIND (message);
  BIND (facts);
  BIND (warnings);
  BIND (left_out);
  BIND (left_out_list);
  BIND (epochs);
  BIND (rate);
  BIND (replay);
  BIND (start);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, settings_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, go_on_cb);
}

static void
runet_retrain_intake_init (RunetRetrainIntake *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  runet_retraining_settings_init (&self->defaults);
  add_facts (self);
  fill_settings (self);
  runet_retrain_intake_set_parent (self, NULL);
  runet_retrain_intake_set_plan (self, NULL, NULL);
}

GtkWidget *
runet_retrain_intake_new (void) {
  return g_object_new (RUNET_TYPE_RETRAIN_INTAKE, NULL);
}
