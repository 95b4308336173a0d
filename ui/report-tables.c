/* The tables and sentences of a report. */
#include "report-content.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "core/models/model-patients.h"
#include "core/shape/statistics.h"
#include "wording.h"

static const RunetStructure structures[] = {RUNET_STRUCTURE_ENDO, RUNET_STRUCTURE_EPI};
static const int decimals[RUNET_MEASURES] = {3, 1, 1};

static gboolean
has_stage (const RunetReport *report, RunetShownStage stage) {
  return stage == RUNET_SHOWN_LAST || report->stages > 1;
}

static void
add_stage_name (RunetTable *table, const RunetReport *report, RunetShownStage stage) {
  g_autofree char *name = g_strdup_printf (
      _ ("Stage %u"), stage == RUNET_SHOWN_LAST ? MAX (report->stages, 1) : 1);
  runet_table_add_text (table, name);
}

/* ---- Outliers ---- */

static RunetTable *
make_outliers (const RunetReport *report) {
  static const RunetSeverity kinds[] = {RUNET_SEVERITY_GEOMETRICAL,
                                        RUNET_SEVERITY_ANATOMICAL};
  const char *const columns[] = {C_ ("table column: of which stage", "Output"),
                                 _ ("Geometrical"),
                                 "%",
                                 C_ ("table column: so many of all", "of"),
                                 _ ("Anatomical"),
                                 "%",
                                 C_ ("table column: so many of all", "of"),
                                 NULL};
  RunetTable *table = runet_table_new (_ ("Outliers"), columns);
  for (RunetShownStage k = 0; k < RUNET_SHOWN_STAGES; k++) {
    if (!has_stage (report, k))
      continue;
    add_stage_name (table, report, k);
    for (guint g = 0; g < G_N_ELEMENTS (kinds); g++) {
      const RunetOutlierCount found = runet_report_count_outliers (report, k, kinds[g]);
      const double share = 100.0 * (double)found.count / (double)found.whole;
      runet_table_add_number (table, (double)found.count, 0);
      runet_table_add_number (table, share, 1);
      runet_table_add_number (table, (double)found.whole, 0);
    }
  }
  return table;
}

/* ---- Agreement ---- */

/* Of all images with an expert's mask, or those of one quality. (transfer full) */
static GArray *
collect (const RunetReport *report,
         int quality,
         RunetShownStage stage,
         RunetStructure structure,
         RunetMeasureKind kind) {
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < report->images->len; i++) {
    const RunetReportImage *image =
        &g_array_index (report->images, RunetReportImage, i);
    if (!image->compared || (quality >= 0 && (int)image->quality != quality))
      continue;
    const double value = runet_report_image_measure (image, stage, structure, kind);
    g_array_append_val (values, value);
  }
  return values;
}

static RunetTable *
make_agreement (const RunetReport *report) {
  const char *const columns[] = {
      C_ ("table column: of which stage", "Output"),
      C_ ("table column: endocardium or epicardium", "Border"),
      C_ ("table column: how many", "n"),
      _ ("Dice"),
      _ ("SD"),
      _ ("MAD, mm"),
      _ ("SD"),
      _ ("HD, mm"),
      _ ("SD"),
      C_ ("table column", "left out"),
      NULL};
  RunetTable *table = runet_table_new (
      _ ("Agreement with the experts: mean and standard deviation"), columns);
  for (RunetShownStage k = 0; k < RUNET_SHOWN_STAGES; k++)
    for (guint s = 0; s < G_N_ELEMENTS (structures) && has_stage (report, k); s++) {
      RunetSpread spread = {0};
      add_stage_name (table, report, k);
      runet_table_add_text (table, runet_structure_name (structures[s]));
      for (guint m = 0; m < RUNET_MEASURES; m++) {
        g_autoptr (GArray) values = collect (report, -1, k, structures[s], m);
        spread = runet_spread_compute ((double *)(void *)values->data, values->len);
        if (m == RUNET_MEASURE_DICE)
          runet_table_add_number (table, (double)spread.count, 0);
        runet_table_add_number (table, spread.mean, decimals[m]);
        runet_table_add_number (table, spread.sd, decimals[m]);
      }
      runet_table_add_number (table, (double)spread.left_out, 0);
    }
  return table;
}

static void
add_quality_row (RunetTable *table,
                 const RunetReport *report,
                 RunetQuality quality,
                 RunetShownStage stage,
                 RunetStructure structure) {
  static const RunetMeasureKind kinds[] = {RUNET_MEASURE_DICE, RUNET_MEASURE_HD};
  runet_table_add_text (table, quality == RUNET_QUALITY_UNKNOWN
                                   ? _ ("Unknown")
                                   : runet_quality_name (quality));
  runet_table_add_text (table, runet_structure_name (structure));
  add_stage_name (table, report, stage);
  for (guint m = 0; m < G_N_ELEMENTS (kinds); m++) {
    g_autoptr (GArray) values =
        collect (report, (int)quality, stage, structure, kinds[m]);
    g_autoptr (RunetBox) box =
        runet_box_new ((double *)(void *)values->data, values->len);
    if (m == 0)
      runet_table_add_number (table, (double)box->count, 0);
    runet_table_add_number (table, box->median, decimals[kinds[m]]);
    runet_table_add_number (table, box->q1, decimals[kinds[m]]);
    runet_table_add_number (table, box->q3, decimals[kinds[m]]);
  }
}

static RunetTable *
make_quality (const RunetReport *report) {
  static const RunetQuality order[] = {RUNET_QUALITY_GOOD, RUNET_QUALITY_MEDIUM,
                                       RUNET_QUALITY_POOR, RUNET_QUALITY_UNKNOWN};
  const char *const columns[] = {
      _ ("Quality"),
      C_ ("table column: endocardium or epicardium", "Border"),
      C_ ("table column: of which stage", "Output"),
      C_ ("table column: how many", "n"),
      _ ("Dice"),
      _ ("Q1"),
      _ ("Q3"),
      _ ("HD, mm"),
      _ ("Q1"),
      _ ("Q3"),
      NULL};
  RunetTable *table =
      runet_table_new (_ ("By image quality: median and quartiles"), columns);
  for (guint q = 0; q < G_N_ELEMENTS (order); q++) {
    g_autoptr (GArray) any = collect (report, (int)order[q], RUNET_SHOWN_LAST,
                                      RUNET_STRUCTURE_ENDO, RUNET_MEASURE_DICE);
    for (guint s = 0; s < G_N_ELEMENTS (structures) && any->len > 0; s++)
      for (RunetShownStage k = 0; k < RUNET_SHOWN_STAGES; k++)
        if (has_stage (report, k))
          add_quality_row (table, report, order[q], k, structures[s]);
  }
  return table;
}

/* ---- Ejection fraction ---- */

static void
add_figure (RunetTable *table,
            const char *name,
            double value,
            int places,
            const char *unit) {
  runet_table_add_text (table, name);
  runet_table_add_number (table, value, places);
  runet_table_add_text (table, unit);
}

static RunetTable *
make_ef (const RunetReport *report) {
  const char *const columns[] = {_ ("Figure"), _ ("Value"), _ ("Unit"), NULL};
  RunetTable *table =
      runet_table_new (_ ("Ejection fraction: model − reference"), columns);
  const guint count = report->patients->len;
  g_autofree double *values = g_new (double, MAX (count, 1));
  g_autofree double *references = g_new (double, MAX (count, 1));
  for (guint i = 0; i < count; i++) {
    const RunetReportPatient *patient =
        &g_array_index (report->patients, RunetReportPatient, i);
    values[i] = patient->state == RUNET_EF_COMPARED ? patient->model.ef_percent : NAN;
    references[i] = patient->reference_percent;
  }
  const RunetBlandAltman agreement =
      runet_bland_altman_compute (values, references, count);
  const RunetLine line = runet_line_fit (references, values, count);
  add_figure (table, _ ("Patients compared"), (double)agreement.count, 0, "");
  add_figure (table, _ ("Left out"), (double)agreement.left_out, 0, "");
  add_figure (table, _ ("Bias"), agreement.bias, 1, "%");
  add_figure (table, _ ("SD of differences"), agreement.sd, 1, "%");
  add_figure (table, _ ("Lower limit of agreement"), agreement.lower, 1, "%");
  add_figure (table, _ ("Upper limit of agreement"), agreement.upper, 1, "%");
  add_figure (table, _ ("Pearson’s r"), line.r, 3, "");
  add_figure (table, _ ("Slope"), line.slope, 2, "");
  add_figure (table, _ ("Intercept"), line.intercept, 1, "%");
  return table;
}

/* ---- The selected view ---- */

static double
value_at (const double *values, int frame) {
  return frame >= 0 ? values[frame] : NAN;
}

static RunetTable *
make_curve (const RunetReport *report, const RunetVolumeCurve *curve) {
  const char *const columns[] = {C_ ("table column: of which stage", "Output"),
                                 _ ("Measure"),
                                 C_ ("table column", "frames"),
                                 _ ("ED"),
                                 _ ("ES"),
                                 C_ ("table column", "lowest"),
                                 C_ ("table column", "highest"),
                                 NULL};
  RunetTable *table = runet_table_new (_ ("The selected view"), columns);
  for (RunetShownStage k = 0; curve && k < RUNET_SHOWN_STAGES; k++)
    for (guint m = 0; m < 2 && has_stage (report, k); m++) {
      const double *values = m == 0 ? curve->volume_ml[k] : curve->area_cm2[k];
      const RunetSpread spread = runet_spread_compute (values, curve->frames);
      add_stage_name (table, report, k);
      runet_table_add_text (table, m == 0 ? _ ("Volume, ml") : _ ("Area, cm²"));
      runet_table_add_number (table, (double)spread.count, 0);
      for (guint i = 0; i < RUNET_INSTANTS; i++)
        runet_table_add_number (table, value_at (values, curve->instant_frame[i]), 1);
      runet_table_add_number (table, spread.minimum, 1);
      runet_table_add_number (table, spread.maximum, 1);
    }
  return table;
}

/* ---- For other programs: one row a thing, no translation ---- */

static RunetTable *
make_images (const RunetReport *report) {
  static const char *const columns[] = {"patient",
                                        "view",
                                        "instant",
                                        "quality",
                                        "stage",
                                        "border",
                                        "dice",
                                        "mad_mm",
                                        "hd_mm",
                                        "geometrical_outlier",
                                        "anatomical_outlier",
                                        NULL};
  static const char *const borders[] = {"endo", "epi"};
  RunetTable *table = runet_table_new ("images", columns);
  for (guint i = 0; i < report->images->len; i++) {
    const RunetReportImage *image =
        &g_array_index (report->images, RunetReportImage, i);
    for (RunetShownStage k = 0; k < RUNET_SHOWN_STAGES; k++)
      for (guint s = 0; s < G_N_ELEMENTS (structures) && image->staged[k]; s++) {
        runet_table_add_text (table, runet_case_get_name (image->item));
        runet_table_add_text (table,
                              runet_view_to_string (runet_case_get_view (image->item)));
        runet_table_add_text (table, runet_instant_to_string (image->instant));
        runet_table_add_text (table, runet_quality_to_string (image->quality));
        runet_table_add_number (table,
                                k == RUNET_SHOWN_LAST ? MAX (report->stages, 1) : 1, 0);
        runet_table_add_text (table, borders[s]);
        for (guint m = 0; m < RUNET_MEASURES; m++)
          runet_table_add_number (
              table, runet_report_image_measure (image, k, structures[s], m), 4);
        runet_table_add_number (table, image->compared ? image->geometrical[k] : NAN,
                                0);
        runet_table_add_number (table, image->anatomical[k], 0);
      }
  }
  return table;
}

static RunetTable *
make_patients (const RunetReport *report) {
  static const char *const columns[] = {"patient",    "edv_ml",   "esv_ml",
                                        "ef_percent", "planes",   "reference_percent",
                                        "reference",  "left_out", NULL};
  static const char *const sources[RUNET_EF_SOURCES] = {"", "cfg", "expert masks"};
  static const char *const states[RUNET_EF_STATES] = {"", "no result", "no long axis",
                                                      "no reference"};
  RunetTable *table = runet_table_new ("patients", columns);
  for (guint i = 0; i < report->patients->len; i++) {
    const RunetReportPatient *patient =
        &g_array_index (report->patients, RunetReportPatient, i);
    runet_table_add_text (table, runet_case_get_name (patient->item));
    runet_table_add_number (table, patient->model.volume_ml[RUNET_INSTANT_ED], 2);
    runet_table_add_number (table, patient->model.volume_ml[RUNET_INSTANT_ES], 2);
    runet_table_add_number (table, patient->model.ef_percent, 2);
    runet_table_add_text (table, !isfinite (patient->model.ef_percent) ? ""
                                 : patient->biplane                    ? "biplane"
                                                    : "single-plane");
    runet_table_add_number (table, patient->reference_percent, 2);
    runet_table_add_text (table, sources[patient->source]);
    runet_table_add_text (table, states[patient->state]);
  }
  return table;
}

RunetTable *
runet_report_make_table (const RunetReport *report,
                         const RunetVolumeCurve *curve,
                         RunetReportTable kind) {
  g_return_val_if_fail (report != NULL, NULL);
  switch (kind) {
  case RUNET_TABLE_OUTLIERS:
    return make_outliers (report);
  case RUNET_TABLE_AGREEMENT:
    return make_agreement (report);
  case RUNET_TABLE_QUALITY:
    return make_quality (report);
  case RUNET_TABLE_EF:
    return make_ef (report);
  case RUNET_TABLE_CURVE:
    return make_curve (report, curve);
  case RUNET_TABLE_IMAGES:
    return make_images (report);
  default:
    return make_patients (report);
  }
}

/* ---- Sentences ---- */

char *
runet_report_describe (const RunetReport *report) {
  GString *text = g_string_new (NULL);
  const guint images = report->images->len;
  g_string_append_printf (text,
                          g_dngettext (GETTEXT_PACKAGE, "%u image with a result",
                                       "%u images with a result", images),
                          images);
  g_string_append_printf (text,
                          g_dngettext (GETTEXT_PACKAGE, ", of %u patient.",
                                       ", of %u patients.", report->patients->len),
                          report->patients->len);
  if (report->waiting > 0)
    g_string_append_printf (text, _ (" Not run yet: %u."), report->waiting);
  if (report->failed > 0)
    g_string_append_printf (text, _ (" Left out because they could not be run: %u."),
                            report->failed);
  if (report->uncompared > 0)
    g_string_append_printf (text, _ (" Without an expert’s mask, so not compared: %u."),
                            report->uncompared);
  return g_string_free (text, FALSE);
}

char *
runet_report_describe_learning (const RunetReport *report) {
  if (!report->model_loaded || report->patients->len == 0)
    return g_strdup ("");
  if (!report->seen)
    return g_strdup (_ ("This model does not say which patients it learned from: "
                        "agreement with the experts may be too good."));
  guint counts[RUNET_SEEN_IN_TRAINING + 1] = {0};
  for (guint i = 0; i < report->patients->len; i++) {
    const RunetReportPatient *patient =
        &g_array_index (report->patients, RunetReportPatient, i);
    const char *id = runet_case_get_patient (patient->item)->id;
    counts[runet_seen_find (report->seen, id)]++;
  }
  if (counts[RUNET_SEEN_NEVER] == report->patients->len)
    return g_strdup (_ ("Going by their names, the model learned from none of the "
                        "patients shown."));
  return g_strdup_printf (
      _ ("Going by their names, the model learned from %u of the %u patients shown, "
         "and "
         "%u more decided when its training was best: expect less agreement with the "
         "experts for patients that are new to it."),
      counts[RUNET_SEEN_IN_TRAINING], report->patients->len,
      counts[RUNET_SEEN_IN_VALIDATION]);
}

char *
runet_report_describe_ef (const RunetReport *report) {
  static const char *const whys[RUNET_EF_STATES] = {NULL, N_ (" No result: %u."),
                                                    N_ (" No long axis found: %u."),
                                                    N_ (" No reference: %u.")};
  GString *text = g_string_new (NULL);
  guint single = 0;
  for (guint i = 0; i < report->patients->len; i++) {
    const RunetReportPatient *patient =
        &g_array_index (report->patients, RunetReportPatient, i);
    single += patient->state == RUNET_EF_COMPARED && !patient->biplane;
  }
  g_string_append_printf (
      text,
      _ ("Simpson’s method of discs (mode “ase”). Patients compared: %u, of which "
         "single-plane: %u. Reference from the data set: %u, from the experts’ masks: "
         "%u."),
      runet_report_count_ef (report, RUNET_EF_COMPARED), single,
      runet_report_count_sources (report, RUNET_EF_FROM_CFG),
      runet_report_count_sources (report, RUNET_EF_FROM_EXPERT));
  for (RunetEfState s = RUNET_EF_NO_RESULT; s < RUNET_EF_STATES; s++)
    if (runet_report_count_ef (report, s) > 0)
      g_string_append_printf (text, _ (whys[s]), runet_report_count_ef (report, s));
  return g_string_free (text, FALSE);
}
