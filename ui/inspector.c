/* The inspector: facts of the patient, reasons, measures of the frame that is shown. */
#include "inspector.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "case-words.h"
#include "measure-table.h"
#include "point-list.h"
#include "version-list.h"
#include "volume-table.h"
#include "wording.h"

typedef enum {
  FACT_QUALITY,
  FACT_EF,
  FACT_AGE,
  FACT_SEX,
  FACT_FRAMES,
  FACT_RATE,
  FACTS
} Fact;

#define FACT_COLUMNS 3

/* Where the reason of a row was found, in words. */
#define PLACE_KEY "runet-place"

struct _RunetInspector {
  GtkWidget parent;

  GtkWidget *head;
  GtkWidget *review_bar;
  GtkWidget *content;
  GtkWidget *title;
  GtkWidget *subtitle;
  GtkWidget *facts;
  GtkWidget *fact[FACTS];
  GtkWidget *verdict;
  GtkWidget *before; /* what the model says, where that is corrected */
  GtkWidget *trouble;
  GtkWidget *reasons;
  GtkWidget *versions;
  GtkWidget *volumes;
  GtkWidget *frame_title;
  GtkWidget *measures;
  GtkWidget *points;
  GtkWidget *source;

  RunetCase *item;
  RunetCase *other; /* (nullable): the other view of the patient */
  RunetClip *clip;
  guint frame;
  char *author; /* (nullable) */
  gulong changed_id;
  GArray *listed; /* RunetCaseReason, one a row */
};

G_DEFINE_FINAL_TYPE (RunetInspector, runet_inspector, GTK_TYPE_WIDGET)

static guint reason_activated_signal;
static guint point_selected_signal;

enum { PROP_SIMPSON_MODE = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static void
set_fact (RunetInspector *self, Fact fact, char *text) {
  gtk_label_set_label (GTK_LABEL (self->fact[fact]), text ? text : "");
  g_free (text);
}

/* What is not known takes no room: the others close up. */
static void
place_facts (RunetInspector *self) {
  int shown = 0;
  for (int i = 0; i < FACTS; i++) {
    GtkWidget *box = gtk_widget_get_parent (self->fact[i]);
    gboolean known = *gtk_label_get_label (GTK_LABEL (self->fact[i])) != 0;
    gtk_widget_set_visible (box, known);
    if (!known)
      continue;
    GtkLayoutManager *layout = gtk_widget_get_layout_manager (self->facts);
    GtkLayoutChild *place = gtk_layout_manager_get_layout_child (layout, box);
    g_object_set (place, "column", shown % FACT_COLUMNS, "row", shown / FACT_COLUMNS,
                  NULL);
    shown++;
  }
  gtk_widget_set_visible (self->facts, shown > 0);
}

static char *
format_number (const char *format, double value) {
  return isnan (value) ? NULL : g_strdup_printf (format, value);
}

static void
show_facts (RunetInspector *self) {
  const RunetViewFiles *files = runet_case_get_files (self->item);
  set_fact (self, FACT_QUALITY,
            files->quality == RUNET_QUALITY_UNKNOWN
                ? NULL
                : g_strdup (runet_quality_name (files->quality)));
  set_fact (self, FACT_EF, format_number ("%.0f %%", files->ejection_fraction_percent));
  set_fact (self, FACT_AGE, format_number ("%.0f", files->age_years));
  set_fact (self, FACT_SEX,
            files->sex == 'F'   ? g_strdup (C_ ("sex", "Female"))
            : files->sex == 'M' ? g_strdup (C_ ("sex", "Male"))
                                : NULL);
  /* What a list says of frames that are not there would mislead. */
  guint frames = self->clip && self->clip->sequence ? self->clip->frames : 0;
  set_fact (self, FACT_FRAMES, frames > 0 ? g_strdup_printf ("%u", frames) : NULL);
  set_fact (self, FACT_RATE, format_number (_ ("%.1f Hz"), files->frame_rate_hz));
  place_facts (self);
}

static void
show_title (RunetInspector *self) {
  const RunetPatient *patient = runet_case_get_patient (self->item);
  g_autofree char *subtitle = g_strdup_printf (
      _ ("%s view"), runet_view_name (runet_case_get_view (self->item)));
  if (patient->subset) {
    g_autofree char *longer = g_strconcat (subtitle, " · ", patient->subset, NULL);
    g_free (g_steal_pointer (&subtitle));
    subtitle = g_steal_pointer (&longer);
  }
  g_autofree char *id = g_utf8_make_valid (patient->id, -1);
  gtk_label_set_label (GTK_LABEL (self->title), id);
  gtk_label_set_label (GTK_LABEL (self->subtitle), subtitle);
}

/* Two kinds of outlier and the notes beyond them: an icon each, and words for who cannot see it. */
static const struct {
  const char *icon, *css_class, *words;
} severities[] = {
    [RUNET_SEVERITY_NOTE] = {"runet-note-symbolic", "pending", N_ ("To be noted")},
    [RUNET_SEVERITY_ANATOMICAL] = {"runet-outlier-symbolic", "outlier",
                                   N_ ("Anatomical outlier: no heart looks like this")},
    [RUNET_SEVERITY_GEOMETRICAL] =
        {"runet-distance-symbolic", "outlier",
         N_ ("Geometrical outlier: too far from the expert’s contour")},
};

static GtkWidget *
reason_row_new (const RunetCaseReason *one) {
  const char *words = _ (severities[one->reason.severity].words);
  g_autofree char *place = runet_case_describe_place (one);
  g_autofree char *sentence = runet_reason_to_sentence (&one->reason);
  GtkWidget *icon =
      gtk_image_new_from_icon_name (severities[one->reason.severity].icon);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (icon, severities[one->reason.severity].css_class);
  GtkWidget *text = gtk_label_new (sentence);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_xalign (GTK_LABEL (text), 0.0F);
  gtk_widget_set_hexpand (text, TRUE);

  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), text);
  GtkWidget *row = gtk_list_box_row_new ();
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), PLACE_KEY, g_strdup (place), g_free);
  g_autofree char *tooltip =
      g_strdup_printf (_ ("%s\nClick to go to the frame and mark the spot"), words);
  gtk_widget_set_tooltip_text (row, tooltip);
  g_autofree char *label = g_strdup_printf ("%s, %s: %s", words, place, sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  return row;
}

static void
reason_header_cb (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data) {
  const char *place = g_object_get_data (G_OBJECT (row), PLACE_KEY);
  if (before && g_str_equal (g_object_get_data (G_OBJECT (before), PLACE_KEY), place)) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  GtkWidget *label = gtk_label_new (place);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0F);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_list_box_row_set_header (row, label);
}

static char *
verdict_words (RunetInspector *self, guint outliers) {
  switch (runet_case_get_state (self->item)) {
  case RUNET_CASE_PENDING:
    return g_strdup (_ ("Not analysed yet"));
  case RUNET_CASE_FAILED:
    return g_strdup (_ ("Could not be analysed"));
  case RUNET_CASE_RUNNING:
    if (outliers == 0)
      return g_strdup (_ ("Being analysed"));
    break;
  default:
    break;
  }
  gboolean corrected = runet_case_get_corrections (self->item) != NULL;
  if (outliers == 0)
    return g_strdup (corrected ? _ ("Corrected: not an outlier")
                               : _ ("Not an outlier"));
  if (corrected)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Corrected, still an outlier: %u limit crossed",
                     "Corrected, still an outlier: %u limits crossed", outliers),
        outliers);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Outlier: %u limit crossed",
                                       "Outlier: %u limits crossed", outliers),
                          outliers);
}

/* What was corrected, so that nobody forgets what the model made of it. */
static void
show_before (RunetInspector *self) {
  gboolean corrected = runet_case_get_corrections (self->item) != NULL;
  const guint limits = runet_case_count_model_limits (self->item);
  g_autofree char *text =
      limits > 0
          ? g_strdup_printf (
                g_dngettext (GETTEXT_PACKAGE,
                             "The model’s own contours: outlier, %u limit crossed",
                             "The model’s own contours: outlier, %u limits crossed",
                             limits),
                limits)
          : g_strdup (_ ("The model’s own contours: not an outlier"));
  gtk_label_set_label (GTK_LABEL (self->before), text);
  gtk_widget_set_visible (self->before, corrected);
}

static void
show_versions (RunetInspector *self) {
  runet_version_list_show (RUNET_VERSION_LIST (self->versions), self->item,
                           self->author);
}

static void
show_reasons (RunetInspector *self) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->reasons)))
    gtk_list_box_remove (GTK_LIST_BOX (self->reasons), child);
  g_clear_pointer (&self->listed, g_array_unref);
  self->listed = runet_case_list_reasons (self->item);
  guint outliers = 0;
  for (guint i = 0; i < self->listed->len; i++) {
    const RunetCaseReason *one = &g_array_index (self->listed, RunetCaseReason, i);
    outliers += one->reason.severity != RUNET_SEVERITY_NOTE;
    gtk_list_box_append (GTK_LIST_BOX (self->reasons), reason_row_new (one));
  }
  gtk_widget_set_visible (self->reasons, self->listed->len > 0);
  g_autofree char *words = verdict_words (self, outliers);
  gtk_label_set_label (GTK_LABEL (self->verdict), words);
  show_before (self);
  const char *message = runet_case_get_message (self->item);
  gtk_label_set_label (GTK_LABEL (self->trouble), message ? message : "");
  gtk_widget_set_visible (self->trouble, message != NULL);
}

static void
show_frame (RunetInspector *self) {
  RunetMeasureTable *table = RUNET_MEASURE_TABLE (self->measures);
  if (!self->clip || self->frame >= self->clip->frames) {
    gtk_label_set_label (GTK_LABEL (self->frame_title), _ ("Measures"));
    runet_measure_table_set_frame (table, NULL, NULL, NULL, RUNET_INSTANT_ED);
    return;
  }
  RunetInstant instant;
  g_autofree char *number =
      self->clip->sequence ? g_strdup_printf (_ ("Frame %u"), self->frame + 1) : NULL;
  g_autofree char *title = NULL;
  if (!runet_clip_get_instant (self->clip, self->frame, &instant))
    title = g_strdup (number ? number : "");
  else if (number)
    title = g_strdup_printf ("%s · %s", runet_instant_name (instant), number);
  else
    title = g_strdup (runet_instant_name (instant));
  gtk_label_set_label (GTK_LABEL (self->frame_title), title);
  const RunetCaseCorrection *correction =
      runet_case_get_correction (self->item, self->clip, self->frame);
  runet_measure_table_set_frame (
      table, runet_case_get_result (self->item, self->clip, self->frame),
      correction ? correction->result : NULL, self->clip->experts[self->frame],
      runet_clip_nearest_instant (self->clip, self->frame));
}

static void
changed_cb (RunetCase *item, RunetInspector *self) {
  show_reasons (self);
  show_versions (self);
  show_frame (self);
}

static void
reason_activated_cb (GtkListBox *box, GtkListBoxRow *row, RunetInspector *self) {
  guint index = (guint)gtk_list_box_row_get_index (row);
  if (!self->listed || index >= self->listed->len)
    return;
  RunetCaseReason one = g_array_index (self->listed, RunetCaseReason, index);
  g_signal_emit (self, reason_activated_signal, 0, &one);
}

void
runet_inspector_set_case (RunetInspector *self, RunetCase *item, RunetClip *clip) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));

  g_clear_signal_handler (&self->changed_id, self->item);
  g_set_object (&self->item, item);
  g_clear_pointer (&self->clip, runet_clip_unref);
  self->clip = clip ? runet_clip_ref (clip) : NULL;
  runet_volume_table_set_cases (RUNET_VOLUME_TABLE (self->volumes), item, self->other);
  gtk_widget_set_visible (self->head, item != NULL);
  gtk_widget_set_visible (self->content, item != NULL);
  runet_review_bar_set_case (RUNET_REVIEW_BAR (self->review_bar), item);
  show_versions (self);
  if (!item)
    return;
  self->changed_id = g_signal_connect (item, "changed", G_CALLBACK (changed_cb), self);
  show_title (self);
  show_facts (self);
  show_reasons (self);
  show_frame (self);
}

RunetReviewBar *
runet_inspector_get_review_bar (RunetInspector *self) {
  g_return_val_if_fail (RUNET_IS_INSPECTOR (self), NULL);
  return RUNET_REVIEW_BAR (self->review_bar);
}

void
runet_inspector_set_author (RunetInspector *self, const char *author) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));
  g_free (self->author);
  self->author = g_strdup (author);
  runet_review_bar_set_author (RUNET_REVIEW_BAR (self->review_bar), author);
  show_versions (self);
}

void
runet_inspector_set_editor (RunetInspector *self, RunetEditor *editor) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));
  runet_point_list_set_editor (RUNET_POINT_LIST (self->points), editor);
}

void
runet_inspector_refresh_editor (RunetInspector *self) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));
  runet_point_list_refresh (RUNET_POINT_LIST (self->points));
}

static void
point_selected_cb (RunetInspector *self) {
  g_signal_emit (self, point_selected_signal, 0);
}

void
runet_inspector_set_other_view (RunetInspector *self, RunetCase *other) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));
  if (g_set_object (&self->other, other))
    runet_volume_table_set_cases (RUNET_VOLUME_TABLE (self->volumes), self->item,
                                  other);
}

void
runet_inspector_set_frame (RunetInspector *self, guint frame) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));
  if (self->frame == frame)
    return;
  self->frame = frame;
  if (self->item)
    show_frame (self);
}

void
runet_inspector_set_source (RunetInspector *self,
                            const char *model,
                            const char *engine) {
  g_return_if_fail (RUNET_IS_INSPECTOR (self));
  g_autofree char *text =
      model ? g_strdup_printf (_ ("Contours by %s\n%s"), model, engine ? engine : "")
            : NULL;
  gtk_label_set_label (GTK_LABEL (self->source), text ? text : "");
  gtk_widget_set_visible (self->source, text != NULL);
}

static void
simpson_mode_cb (RunetInspector *self) {
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIMPSON_MODE]);
}

static void
runet_inspector_get_property (GObject *object,
                              guint id,
                              GValue *value,
                              GParamSpec *pspec) {
  if (id == PROP_SIMPSON_MODE)
    g_object_get_property (G_OBJECT (RUNET_INSPECTOR (object)->volumes), "mode", value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_inspector_set_property (GObject *object,
                              guint id,
                              const GValue *value,
                              GParamSpec *pspec) {
  if (id == PROP_SIMPSON_MODE)
    g_object_set_property (G_OBJECT (RUNET_INSPECTOR (object)->volumes), "mode", value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_inspector_dispose (GObject *object) {
  RunetInspector *self = RUNET_INSPECTOR (object);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_object (&self->item);
  g_clear_object (&self->other);
  g_clear_pointer (&self->clip, runet_clip_unref);
  g_clear_pointer (&self->listed, g_array_unref);
  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->head, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_inspector_parent_class)->dispose (object);
}

static void
runet_inspector_class_init (RunetInspectorClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_inspector_dispose;
  G_OBJECT_CLASS (class)->get_property = runet_inspector_get_property;
  G_OBJECT_CLASS (class)->set_property = runet_inspector_set_property;
  properties[PROP_SIMPSON_MODE] = g_param_spec_string (
      "simpson-mode", NULL, NULL, "ase",
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPERTIES, properties);
  reason_activated_signal =
      g_signal_new ("reason-activated", RUNET_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  point_selected_signal =
      g_signal_new ("point-selected", RUNET_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (RUNET_TYPE_MEASURE_TABLE);
  g_type_ensure (RUNET_TYPE_POINT_LIST);
  g_type_ensure (RUNET_TYPE_VERSION_LIST);
  g_type_ensure (RUNET_TYPE_VOLUME_TABLE);
  g_type_ensure (RUNET_TYPE_REVIEW_BAR);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "inspector");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, head);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, review_bar);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, content);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, title);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, subtitle);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, facts);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, verdict);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, before);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, trouble);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, versions);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, points);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, reasons);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, volumes);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, frame_title);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, measures);
  gtk_widget_class_bind_template_child (widget_class, RunetInspector, source);
  gtk_widget_class_bind_template_callback (widget_class, reason_activated_cb);
}

/* Three columns of a small title over its value. */
static void
add_facts (RunetInspector *self) {
  const char *const names[FACTS] = {
      [FACT_QUALITY] = _ ("Quality"), [FACT_EF] = _ ("EF, given"),
      [FACT_AGE] = _ ("Age"),         [FACT_SEX] = _ ("Sex"),
      [FACT_FRAMES] = _ ("Frames"),   [FACT_RATE] = _ ("Frame rate"),
  };
  for (int i = 0; i < FACTS; i++) {
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *name = gtk_label_new (names[i]);
    gtk_label_set_xalign (GTK_LABEL (name), 0.0F);
    gtk_widget_add_css_class (name, "caption");
    gtk_widget_add_css_class (name, "dim-label");
    self->fact[i] = gtk_label_new (NULL);
    gtk_label_set_xalign (GTK_LABEL (self->fact[i]), 0.0F);
    gtk_widget_add_css_class (self->fact[i], "numeric");
    gtk_box_append (GTK_BOX (box), name);
    gtk_box_append (GTK_BOX (box), self->fact[i]);
    gtk_grid_attach (GTK_GRID (self->facts), box, i % FACT_COLUMNS, i / FACT_COLUMNS, 1,
                     1);
  }
}

static void
runet_inspector_init (RunetInspector *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->volumes, "notify::mode", G_CALLBACK (simpson_mode_cb),
                            self);
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
      GTK_ORIENTATION_VERTICAL);
  g_signal_connect_swapped (self->points, "selected", G_CALLBACK (point_selected_cb),
                            self);
  add_facts (self);
  gtk_list_box_set_header_func (GTK_LIST_BOX (self->reasons), reason_header_cb, NULL,
                                NULL);
  gtk_widget_set_visible (self->head, FALSE);
  gtk_widget_set_visible (self->content, FALSE);
}

GtkWidget *
runet_inspector_new (void) {
  return g_object_new (RUNET_TYPE_INSPECTOR, NULL);
}
