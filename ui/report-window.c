/* The report on a data set, in a window of its own. */
#include "report-window.h"

#include <string.h>
#include <glib/gi18n-lib.h>
#include "chart-export.h"
#include "chart-view.h"
#include "problem-bar.h"
#include "report-experts.h"
#include "report-page.h"
#include "report-print.h"
#include "table-view.h"
#include "wording.h"

/* Results come many times a second; who reads figures wants them to stand still. */
#define UPDATE_MS 1000
#define CHART_WIDTH 400
#define CHART_HEIGHT 330
/* A square plot has no more width than height. */
#define SQUARE_HEIGHT 430
/* Of a chart that is saved alone, in points. */
#define FILE_WIDTH 480
#define FILE_HEIGHT 360

#define NO_CHART RUNET_REPORT_CHARTS
#define NO_TABLE RUNET_TABLES

typedef struct {
  const char *heading;
  RunetReportChart charts[2];
  RunetReportTable tables[2];
} Section;

static const Section sections[] = {
    {N_ ("Outliers"),
     {RUNET_REPORT_OUTLIERS, NO_CHART},
     {RUNET_TABLE_OUTLIERS, NO_TABLE}},
    {N_ ("Agreement with the Experts"),
     {RUNET_REPORT_DICE, RUNET_REPORT_HD},
     {RUNET_TABLE_AGREEMENT, RUNET_TABLE_QUALITY}},
    {N_ ("Ejection Fraction"),
     {RUNET_REPORT_EF_SCATTER, RUNET_REPORT_EF_AGREEMENT},
     {RUNET_TABLE_EF, NO_TABLE}},
    {N_ ("The Selected View"),
     {RUNET_REPORT_VOLUME, RUNET_REPORT_AREA},
     {RUNET_TABLE_CURVE, NO_TABLE}},
};

/* What is written to the file that is being chosen. */
typedef enum {
  EXPORT_PDF,
  EXPORT_TABLES,
  EXPORT_IMAGES,
  EXPORT_PATIENTS,
  EXPORT_CHART_PNG,
  EXPORT_CHART_PDF,
  EXPORT_CHART_CSV,
} Export;

struct _RunetReportWindow {
  GtkWindow parent;

  GtkWidget *problems;
  GtkWidget *content;
  GtkWidget *model_name;
  GtkWidget *summary;
  GtkWidget *learning;
  GtkWidget *ef_summary;
  GtkWidget *curves; /* the charts of the selected view */
  GtkWidget *no_curves; /* why there are none */
  GtkWidget *charts[RUNET_REPORT_CHARTS];
  GtkWidget *tables[RUNET_TABLES];

  GListModel *cases; /* (nullable) */
  char *study, *model;
  gboolean model_loaded;
  GHashTable *seen; /* (nullable): by the model */
  RunetCase *selected; /* (nullable) */
  RunetClip *clip; /* (nullable): of @selected */
  GHashTable *experts; /* (nullable): see report-experts.h */
  GCancellable *measuring;
  RunetReport *report;
  RunetVolumeCurve *curve; /* (nullable) */
  char *selected_name;
  char *date; /* of today, as nobody misreads it */
  guint update_id;

  GtkFileChooserNative *chooser;
  Export export;
  RunetReportChart export_chart;
};

G_DEFINE_FINAL_TYPE (RunetReportWindow, runet_report_window, GTK_TYPE_WINDOW)

enum { CASE_ACTIVATED, FRAME_ACTIVATED, OPENED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- What is shown ---- */

static void
name_selected (RunetReportWindow *self) {
  g_clear_pointer (&self->selected_name, g_free);
  if (self->selected)
    self->selected_name =
        g_strdup_printf ("%s %s", runet_case_get_name (self->selected),
                         runet_view_to_string (runet_case_get_view (self->selected)));
}

/* Stills have no time: words instead of two empty charts. */
static void
show_curves (RunetReportWindow *self) {
  g_autofree char *why =
      self->selected_name
          ? g_strdup_printf (_ ("%s has no sequence, only stills: there is nothing to "
                                "draw over time."),
                             self->selected_name)
          : g_strdup (_ ("No view is selected."));
  gtk_label_set_label (GTK_LABEL (self->no_curves), why);
  gtk_widget_set_visible (self->no_curves, self->curve == NULL);
  gtk_widget_set_visible (self->curves, self->curve != NULL);
}

/* Who made the figures, and whether these patients made the model. */
static void
show_model (RunetReportWindow *self) {
  g_autofree char *name =
      self->model ? g_strdup_printf (_ ("Model: %s"), self->model) : NULL;
  gtk_label_set_label (GTK_LABEL (self->model_name), name ? name : "");
  gtk_widget_set_visible (self->model_name, name != NULL);
  g_autofree char *learning = runet_report_describe_learning (self->report);
  gtk_label_set_label (GTK_LABEL (self->learning), learning);
  gtk_widget_set_visible (self->learning, *learning != '\0');
}

static void
show_report (RunetReportWindow *self) {
  g_autofree char *summary = runet_report_describe (self->report);
  g_autofree char *ef = runet_report_describe_ef (self->report);
  gtk_label_set_label (GTK_LABEL (self->summary), summary);
  gtk_label_set_label (GTK_LABEL (self->ef_summary), ef);
  show_curves (self);
  show_model (self);
  for (RunetReportChart kind = 0; kind < RUNET_REPORT_CHARTS; kind++) {
    g_autoptr (RunetChart) chart =
        runet_report_make_chart (self->report, self->curve, self->selected_name, kind);
    runet_chart_view_set_chart (RUNET_CHART_VIEW (self->charts[kind]), chart);
  }
  for (RunetReportTable kind = 0; kind < RUNET_TABLES; kind++) {
    if (!self->tables[kind])
      continue;
    g_autoptr (RunetTable) table =
        runet_report_make_table (self->report, self->curve, kind);
    runet_table_view_set_table (RUNET_TABLE_VIEW (self->tables[kind]), table);
  }
}

static void
update (RunetReportWindow *self) {
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->report, runet_report_free);
  g_clear_pointer (&self->curve, runet_volume_curve_free);
  self->report = runet_report_new (self->cases, self->experts);
  if (self->model_loaded)
    runet_report_set_seen (self->report, self->seen);
  if (self->selected && self->clip)
    self->curve = runet_volume_curve_new (self->selected, self->clip);
  show_report (self);
}

static gboolean
update_cb (gpointer user_data) {
  RunetReportWindow *self = user_data;
  self->update_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_update (RunetReportWindow *self) {
  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_MS, update_cb, self);
}

/* ---- From outside ---- */

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr (RunetReportWindow) self = user_data;
  g_autoptr (GHashTable) found = runet_experts_measure_finish (result, NULL);
  /* NULL: another study was opened meanwhile. */
  if (!found || !self->cases)
    return;
  g_clear_pointer (&self->experts, g_hash_table_unref);
  self->experts = g_steal_pointer (&found);
  schedule_update (self);
}

static void
forget_cases (RunetReportWindow *self) {
  g_cancellable_cancel (self->measuring);
  g_clear_object (&self->measuring);
  for (guint i = 0; self->cases && i < g_list_model_get_n_items (self->cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (self->cases, i);
    g_signal_handlers_disconnect_by_data (item, self);
  }
  g_clear_object (&self->cases);
  g_clear_pointer (&self->experts, g_hash_table_unref);
  g_clear_object (&self->selected);
  g_clear_pointer (&self->clip, runet_clip_unref);
}

void
runet_report_window_set_cases (RunetReportWindow *self,
                               GListModel *cases,
                               const char *study) {
  g_return_if_fail (RUNET_IS_REPORT_WINDOW (self));
  if (cases != NULL && self->cases == cases)
    return;
  forget_cases (self);
  g_free (self->study);
  self->study = g_strdup (study);
  self->cases = cases ? g_object_ref (cases) : NULL;
  for (guint i = 0; cases && i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    g_signal_connect_swapped (item, "changed", G_CALLBACK (schedule_update), self);
  }
  g_autofree char *title = study ? g_strdup_printf (_ ("Report on %s"), study)
                                 : g_strdup (_ ("Data-Set Report"));
  gtk_window_set_title (GTK_WINDOW (self), title);
  name_selected (self);
  self->measuring = g_cancellable_new ();
  runet_experts_measure_async (cases, self->measuring, measured_cb,
                               g_object_ref (self));
  update (self);
}

void
runet_report_window_set_model (RunetReportWindow *self,
                               const char *model,
                               gboolean loaded,
                               GHashTable *seen) {
  g_return_if_fail (RUNET_IS_REPORT_WINDOW (self));
  if (g_strcmp0 (model, self->model) == 0 && loaded == self->model_loaded &&
      seen == self->seen)
    return;
  g_free (self->model);
  self->model = g_strdup (model);
  self->model_loaded = loaded;
  g_clear_pointer (&self->seen, g_hash_table_unref);
  self->seen = seen ? g_hash_table_ref (seen) : NULL;
  update (self);
}

void
runet_report_window_set_selected (RunetReportWindow *self,
                                  RunetCase *item,
                                  RunetClip *clip) {
  g_return_if_fail (RUNET_IS_REPORT_WINDOW (self));
  g_set_object (&self->selected, item);
  g_clear_pointer (&self->clip, runet_clip_unref);
  self->clip = clip ? runet_clip_ref (clip) : NULL;
  name_selected (self);
  update (self);
}

/* ---- Files ---- */

/* FALSE when the window is closed. */
static gboolean
get_document (GtkWindow *window, RunetReportDocument *document) {
  RunetReportWindow *self = RUNET_REPORT_WINDOW (window);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_free (self->date);
  self->date = g_date_time_format (now, "%Y-%m-%d");
  *document = (RunetReportDocument){
      self->report,        self->curve,
      self->selected_name, self->study ? self->study : _ ("no study"),
      self->model,         self->date};
  return self->report != NULL;
}

static gboolean
write_export (RunetReportWindow *self, const char *path, GError **error) {
  RunetReportDocument document;
  get_document (GTK_WINDOW (self), &document);
  const RunetChart *chart =
      runet_chart_view_get_chart (RUNET_CHART_VIEW (self->charts[self->export_chart]));
  switch (self->export) {
  case EXPORT_PDF:
    return runet_report_export_pdf (&document, path, error);
  case EXPORT_TABLES:
    return runet_report_export_tables (&document, path, error);
  case EXPORT_IMAGES:
    return runet_report_export_table (&document, RUNET_TABLE_IMAGES, path, error);
  case EXPORT_PATIENTS:
    return runet_report_export_table (&document, RUNET_TABLE_PATIENTS, path, error);
  case EXPORT_CHART_PNG:
    return runet_chart_export_png (chart, path, FILE_WIDTH, FILE_HEIGHT, error);
  case EXPORT_CHART_PDF:
    return runet_chart_export_pdf (chart, path, FILE_WIDTH, FILE_HEIGHT, error);
  default:
    return runet_chart_export_csv (chart, path, error);
  }
}

static void
export_response_cb (GtkNativeDialog *dialog, int response, RunetReportWindow *self) {
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  const char *path = file ? g_file_peek_path (file) : NULL;
  RunetProblemBar *problems = RUNET_PROBLEM_BAR (self->problems);
  g_autoptr (GError) error = NULL;
  if (!path)
    runet_problem_bar_say (problems, _ ("Only files of this computer can be written."));
  else if (write_export (self, path, &error))
    runet_problem_bar_clear (problems);
  else
    runet_problem_bar_say (problems, error->message);
}

static void
choose_file (RunetReportWindow *self, const char *title, const char *name) {
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect (self->chooser, "response", G_CALLBACK (export_response_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_cb (GtkWidget *widget, const char *action, GVariant *parameter) {
  static const struct {
    const char *action;
    Export export;
    const char *title, *name;
  } exports[] = {
      {"report.export-pdf", EXPORT_PDF, N_ ("Save the Report"), "report.pdf"},
      {"report.export-tables", EXPORT_TABLES, N_ ("Save the Tables"),
       "report-tables.csv"},
      {"report.export-images", EXPORT_IMAGES, N_ ("Save the Figures of Every Image"),
       "report-images.csv"},
      {"report.export-patients", EXPORT_PATIENTS,
       N_ ("Save the Figures of Every Patient"), "report-patients.csv"},
  };
  RunetReportWindow *self = RUNET_REPORT_WINDOW (widget);
  for (guint i = 0; i < G_N_ELEMENTS (exports); i++)
    if (g_str_equal (action, exports[i].action)) {
      self->export = exports[i].export;
      choose_file (self, _ (exports[i].title), exports[i].name);
    }
}

static const struct {
  const char *suffix, *label;
  Export export;
} chart_formats[] = {
    {"png", N_ ("Save as PNG…"), EXPORT_CHART_PNG},
    {"pdf", N_ ("Save as PDF…"), EXPORT_CHART_PDF},
    {"csv", N_ ("Save Points as CSV…"), EXPORT_CHART_CSV},
};

/* @parameter: "NAME.SUFFIX", the name of the chart and the format. */
static void
save_chart_cb (GtkWidget *widget, const char *action, GVariant *parameter) {
  RunetReportWindow *self = RUNET_REPORT_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  const char *suffix = strrchr (name, '.');
  for (RunetReportChart kind = 0; suffix && kind < RUNET_REPORT_CHARTS; kind++) {
    g_autofree char *stem = g_strndup (name, (gsize)(suffix - name));
    if (!g_str_equal (stem, runet_report_chart_to_string (kind)))
      continue;
    for (guint f = 0; f < G_N_ELEMENTS (chart_formats); f++)
      if (g_str_equal (suffix + 1, chart_formats[f].suffix)) {
        self->export = chart_formats[f].export;
        self->export_chart = kind;
        choose_file (self, _ ("Save the Chart"), name);
      }
  }
}

/* ---- Paper ---- */

static void
complain (GtkWindow *window, const char *message) {
  runet_problem_bar_say (RUNET_PROBLEM_BAR (RUNET_REPORT_WINDOW (window)->problems),
                         message);
}

static void
print_cb (GtkWidget *widget, const char *action, GVariant *parameter) {
  runet_report_print (GTK_WINDOW (widget), get_document, complain);
}

/* ---- Widgets ---- */

static void
point_activated_cb (RunetChartView *view, guint item, RunetReportWindow *self) {
  for (RunetReportChart kind = 0; kind < RUNET_REPORT_CHARTS; kind++) {
    if (self->charts[kind] != GTK_WIDGET (view))
      continue;
    int instant;
    RunetCase *found = runet_report_get_case (self->report, kind, item, &instant);
    if (found)
      g_signal_emit (self, signals[CASE_ACTIVATED], 0, found, instant);
    else if (kind == RUNET_REPORT_VOLUME || kind == RUNET_REPORT_AREA)
      g_signal_emit (self, signals[FRAME_ACTIVATED], 0, item);
  }
}

static void
point_opened_cb (RunetReportWindow *self) {
  g_signal_emit (self, signals[OPENED], 0);
}

static GtkWidget *
make_chart_menu (RunetReportChart kind) {
  g_autoptr (GMenu) menu = g_menu_new ();
  for (guint f = 0; f < G_N_ELEMENTS (chart_formats); f++) {
    g_autoptr (GMenuItem) item = g_menu_item_new (_ (chart_formats[f].label), NULL);
    g_autofree char *target = g_strdup_printf (
        "%s.%s", runet_report_chart_to_string (kind), chart_formats[f].suffix);
    g_menu_item_set_action_and_target (item, "report.save-chart", "s", target);
    g_menu_append_item (menu, item);
  }
  GtkWidget *button = gtk_menu_button_new ();
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "document-save-symbolic");
  gtk_menu_button_set_has_frame (GTK_MENU_BUTTON (button), FALSE);
  gtk_widget_set_tooltip_text (button, _ ("Save the chart"));
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Save the chart"), -1);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  return button;
}

static GtkWidget *
make_chart (RunetReportWindow *self, RunetReportChart kind) {
  GtkWidget *view = runet_chart_view_new ();
  self->charts[kind] = view;
  gtk_widget_set_size_request (view, CHART_WIDTH,
                               kind == RUNET_REPORT_EF_SCATTER ? SQUARE_HEIGHT
                                                               : CHART_HEIGHT);
  gtk_widget_set_hexpand (view, TRUE);
  g_signal_connect (view, "point-activated", G_CALLBACK (point_activated_cb), self);
  g_signal_connect_swapped (view, "point-opened", G_CALLBACK (point_opened_cb), self);
  GtkWidget *overlay = gtk_overlay_new ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), view);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), make_chart_menu (kind));
  return overlay;
}

static GtkWidget *
make_table (RunetReportWindow *self, RunetReportTable kind) {
  self->tables[kind] = runet_table_view_new ();
  gtk_widget_set_valign (self->tables[kind], GTK_ALIGN_START);
  return self->tables[kind];
}

/* Two beside each other where there is room. */
static GtkWidget *
make_row (void) {
  GtkWidget *row = gtk_flow_box_new ();
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (row), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (row), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (row), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (row), 32);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (row), 16);
  return row;
}

/* The places of a flow box are no places for the focus. */
static void
add_to_row (GtkWidget *row, GtkWidget *child) {
  gtk_flow_box_insert (GTK_FLOW_BOX (row), child, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (child), FALSE);
}

/* @text, @css_class: (nullable) */
static GtkWidget *
add_label (RunetReportWindow *self, const char *text, const char *css_class) {
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (self->content), label);
  return label;
}

static void
add_section (RunetReportWindow *self, const Section *section) {
  GtkWidget *heading = add_label (self, _ (section->heading), "title-4");
  gtk_widget_set_margin_top (heading, 16);
  if (section->charts[0] == RUNET_REPORT_OUTLIERS)
    self->summary = add_label (self, NULL, "dim-label");
  if (section->charts[0] == RUNET_REPORT_DICE)
    self->learning = add_label (self, NULL, NULL);
  if (section->charts[0] == RUNET_REPORT_EF_SCATTER)
    self->ef_summary = add_label (self, NULL, "dim-label");
  GtkWidget *charts = make_row ();
  if (section->charts[0] == RUNET_REPORT_VOLUME) {
    self->no_curves = add_label (self, NULL, "dim-label");
    self->curves = charts;
  }
  add_to_row (charts, make_chart (self, section->charts[0]));
  gtk_box_append (GTK_BOX (self->content), charts);
  if (section->charts[1] != NO_CHART)
    add_to_row (charts, make_chart (self, section->charts[1]));
  for (guint t = 0; t < G_N_ELEMENTS (section->tables); t++) {
    if (section->tables[t] == NO_TABLE)
      continue;
    GtkWidget *table = make_table (self, section->tables[t]);
    if (section->charts[1] == NO_CHART)
      add_to_row (charts, table);
    else
      gtk_box_append (GTK_BOX (self->content), table);
  }
}

/* ---- Object ---- */

static void
runet_report_window_dispose (GObject *object) {
  RunetReportWindow *self = RUNET_REPORT_WINDOW (object);
  g_clear_handle_id (&self->update_id, g_source_remove);
  forget_cases (self);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->report, runet_report_free);
  g_clear_pointer (&self->curve, runet_volume_curve_free);
  g_clear_pointer (&self->study, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  g_clear_pointer (&self->selected_name, g_free);
  g_clear_pointer (&self->date, g_free);
  G_OBJECT_CLASS (runet_report_window_parent_class)->dispose (object);
}

static void
runet_report_window_class_init (RunetReportWindowClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = runet_report_window_dispose;
  g_type_ensure (RUNET_TYPE_PROBLEM_BAR);
  signals[CASE_ACTIVATED] =
      g_signal_new ("case-activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 2, RUNET_TYPE_CASE, G_TYPE_INT);
  signals[OPENED] =
      g_signal_new ("opened", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  signals[FRAME_ACTIVATED] =
      g_signal_new ("frame-activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close",
                                       NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/report-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetReportWindow, problems);
  gtk_widget_class_bind_template_child (widget_class, RunetReportWindow, content);
  static const char *const exports[] = {"report.export-pdf", "report.export-tables",
                                        "report.export-images",
                                        "report.export-patients"};
  for (guint i = 0; i < G_N_ELEMENTS (exports); i++)
    gtk_widget_class_install_action (widget_class, exports[i], NULL, export_cb);
  gtk_widget_class_install_action (widget_class, "report.save-chart", "s",
                                   save_chart_cb);
  gtk_widget_class_install_action (widget_class, "report.print", NULL, print_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK,
                                       "report.print", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK,
                                       "report.export-pdf", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK,
                                       "window.close", NULL);
}

static void
runet_report_window_init (RunetReportWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->model_name = add_label (self, NULL, "dim-label");
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    add_section (self, &sections[i]);
  update (self);
}

RunetReportWindow *
runet_report_window_new (void) {
  return g_object_new (RUNET_TYPE_REPORT_WINDOW, NULL);
}
