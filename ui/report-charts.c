/* The charts of a report. */
#include "report-content.h"

#include <math.h>
#include <glib/gi18n-lib.h>
#include "chart-kinds.h"
#include "wording.h"

#define QUALITIES (RUNET_QUALITY_POOR + 1)

/* Good, medium, poor; those whose quality is not known come last. */
static const RunetQuality quality_order[QUALITIES] = {
    RUNET_QUALITY_GOOD, RUNET_QUALITY_MEDIUM, RUNET_QUALITY_POOR,
    RUNET_QUALITY_UNKNOWN};

/* Both stages, or the only one of a model. */
typedef struct {
  RunetSeries looks[RUNET_SHOWN_STAGES];
  RunetShownStage stage[RUNET_SHOWN_STAGES];
  char *names[RUNET_SHOWN_STAGES];
  guint count;
} Stages;

static void
stages_init (Stages *self, guint stages, RunetSeriesKind kind) {
  self->count = 0;
  for (RunetShownStage k = 0; k < RUNET_SHOWN_STAGES; k++) {
    if (k == RUNET_SHOWN_FIRST && stages < 2)
      continue;
    const gboolean last = k == RUNET_SHOWN_LAST;
    const guint at = self->count++;
    self->stage[at] = k;
    self->names[at] = g_strdup_printf (_ ("Stage %u"), last ? MAX (stages, 1) : 1);
    self->looks[at] =
        (RunetSeries){.name = self->names[at],
                      .kind = kind,
                      .color = last ? RUNET_CHART_BLUE : RUNET_CHART_ORANGE,
                      .marker = last ? RUNET_MARKER_CIRCLE : RUNET_MARKER_SQUARE,
                      .dash = last ? RUNET_DASH_SOLID : RUNET_DASH_DASHED,
                      .filled = last};
  }
}

static void
stages_clear (Stages *self) {
  for (guint i = 0; i < self->count; i++)
    g_free (self->names[i]);
}

/* ---- Outliers ---- */

static RunetChart *
make_outliers (const RunetReport *report) {
  static const RunetSeverity kinds[] = {RUNET_SEVERITY_GEOMETRICAL,
                                        RUNET_SEVERITY_ANATOMICAL};
  const char *const groups[] = {_ ("Geometrical"), _ ("Anatomical"), NULL};
  RunetShare shares[2 * RUNET_SHOWN_STAGES];
  gsize count = 0, whole[2] = {0, 0};
  Stages stages;
  stages_init (&stages, report->stages, RUNET_SERIES_AREA);
  for (guint g = 0; g < G_N_ELEMENTS (kinds); g++)
    for (guint s = 0; s < stages.count; s++) {
      const RunetOutlierCount found =
          runet_report_count_outliers (report, stages.stage[s], kinds[g]);
      shares[count++] = (RunetShare){g, s, found.count, found.whole};
      whole[g] = found.whole;
    }
  RunetChart *chart = runet_chart_bars_new (_ ("Outliers (limits of Table I)"), groups,
                                            stages.looks, stages.count, shares, count);
  chart->note = g_strdup_printf (
      _ ("n = %zu images; with an expert’s mask, for geometrical outliers: %zu"),
      whole[1], whole[0]);
  stages_clear (&stages);
  return chart;
}

/* ---- Agreement ---- */

/* The values of all boxes, for as long as a chart is made. */
typedef struct {
  GPtrArray *values; /* GArray of double */
  GPtrArray *subjects; /* GArray of RunetChartSubject */
  GPtrArray *names; /* (element-type utf8), one an image */
} Columns;

static char *
name_image (const RunetReportImage *image) {
  return g_strdup_printf ("%s %s %s", runet_case_get_name (image->item),
                          runet_view_to_string (runet_case_get_view (image->item)),
                          runet_instant_to_string (image->instant));
}

static void
columns_init (Columns *self, const RunetReport *report) {
  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  self->subjects = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < report->images->len; i++)
    g_ptr_array_add (self->names,
                     name_image (&g_array_index (report->images, RunetReportImage, i)));
}

static void
columns_clear (Columns *self) {
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->subjects);
  g_ptr_array_unref (self->names);
}

static RunetBoxCell
make_cell (Columns *self,
           const RunetReport *report,
           RunetQuality quality,
           RunetStructure structure,
           RunetShownStage stage,
           RunetMeasureKind kind) {
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  GArray *subjects = g_array_new (FALSE, FALSE, sizeof (RunetChartSubject));
  g_ptr_array_add (self->values, values);
  g_ptr_array_add (self->subjects, subjects);
  for (guint i = 0; i < report->images->len; i++) {
    const RunetReportImage *image =
        &g_array_index (report->images, RunetReportImage, i);
    if (image->quality != quality || !image->compared)
      continue;
    const double value = runet_report_image_measure (image, stage, structure, kind);
    const RunetChartSubject subject = {self->names->pdata[i], i};
    g_array_append_val (values, value);
    g_array_append_val (subjects, subject);
  }
  return (RunetBoxCell){.values = (const double *)(void *)values->data,
                        .subjects = (const RunetChartSubject *)(void *)subjects->data,
                        .count = values->len};
}

static guint
count_compared (const RunetReport *report, RunetQuality quality) {
  guint count = 0;
  for (guint i = 0; i < report->images->len; i++) {
    const RunetReportImage *image =
        &g_array_index (report->images, RunetReportImage, i);
    count += image->compared && image->quality == quality;
  }
  return count;
}

static RunetChart *
make_boxes (const RunetReport *report, RunetMeasureKind kind) {
  static const RunetStructure structures[] = {RUNET_STRUCTURE_ENDO,
                                              RUNET_STRUCTURE_EPI};
  const gboolean dice = kind == RUNET_MEASURE_DICE;
  const char *const places[] = {_ ("Endo"), _ ("Epi"), NULL};
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (RunetBoxCell));
  guint sizes[QUALITIES];
  const guint any = report->images->len - report->uncompared;
  Stages stages;
  Columns columns;
  stages_init (&stages, report->stages, RUNET_SERIES_AREA);
  columns_init (&columns, report);
  for (guint q = 0; q < QUALITIES; q++) {
    const guint count = count_compared (report, quality_order[q]);
    if (count == 0 && (any > 0 || quality_order[q] == RUNET_QUALITY_UNKNOWN))
      continue;
    for (guint p = 0; p < G_N_ELEMENTS (structures); p++)
      for (guint s = 0; s < stages.count; s++) {
        RunetBoxCell cell = make_cell (&columns, report, quality_order[q],
                                       structures[p], stages.stage[s], kind);
        cell.group = groups->len;
        cell.place = p;
        cell.series = s;
        g_array_append_val (cells, cell);
      }
    sizes[groups->len] = count;
    g_ptr_array_add (groups, g_strdup (quality_order[q] == RUNET_QUALITY_UNKNOWN
                                           ? _ ("Quality unknown")
                                           : runet_quality_name (quality_order[q])));
  }
  g_ptr_array_add (groups, NULL);
  const RunetBoxPlan plan = {
      .title = dice ? _ ("Dice by image quality")
                    : _ ("Hausdorff distance by image quality"),
      .y_title = dice ? _ ("Dice") : _ ("Hausdorff distance, mm"),
      .groups = (const char *const *)groups->pdata,
      .places = places,
      .sizes = sizes,
      .series = stages.looks,
      .n_series = stages.count,
      .cells = (const RunetBoxCell *)(void *)cells->data,
      .n_cells = cells->len,
      .floor = 0,
      .ceiling = dice ? 1 : INFINITY,
      .decimals = dice ? 3 : 1,
  };
  RunetChart *chart = runet_chart_box_plot_new (&plan);
  columns_clear (&columns);
  stages_clear (&stages);
  return chart;
}

/* ---- Ejection fraction ---- */

/* An EF is negative where the model took ES for larger than ED; where none is, no axis goes below 0. */
static double
find_floor (const double *values, const double *references, guint count) {
  for (guint i = 0; i < count; i++)
    if (values[i] < 0 || references[i] < 0)
      return -INFINITY;
  return 0;
}

static RunetChart *
make_ef (const RunetReport *report, RunetReportChart kind) {
  const guint count = report->patients->len;
  g_autofree double *values = g_new (double, MAX (count, 1));
  g_autofree double *references = g_new (double, MAX (count, 1));
  g_autofree RunetChartSubject *subjects = g_new (RunetChartSubject, MAX (count, 1));
  for (guint i = 0; i < count; i++) {
    const RunetReportPatient *patient =
        &g_array_index (report->patients, RunetReportPatient, i);
    const gboolean compared = patient->state == RUNET_EF_COMPARED;
    values[i] = compared ? patient->model.ef_percent : NAN;
    references[i] = patient->reference_percent;
    subjects[i] = (RunetChartSubject){runet_case_get_name (patient->item), i};
  }
  const RunetPairs pairs = {.what = _ ("Ejection fraction"),
                            .unit = "%",
                            .method = _ ("model"),
                            .reference = _ ("reference"),
                            .values = values,
                            .references = references,
                            .subjects = subjects,
                            .count = count,
                            .floor = find_floor (values, references, count),
                            .ceiling = 100};
  return kind == RUNET_REPORT_EF_SCATTER ? runet_chart_scatter_new (&pairs)
                                         : runet_chart_bland_altman_new (&pairs);
}

/* ---- The selected view ---- */

static RunetChart *
make_curve (const RunetReport *report,
            const RunetVolumeCurve *curve,
            const char *name,
            RunetReportChart kind) {
  const gboolean volume = kind == RUNET_REPORT_VOLUME;
  RunetChartCurve curves[RUNET_SHOWN_STAGES];
  RunetMoment moments[RUNET_INSTANTS];
  guint count = 0;
  Stages stages;
  stages_init (&stages, report->stages, RUNET_SERIES_CURVE);
  for (guint s = 0; curve && s < stages.count; s++) {
    const RunetShownStage k = stages.stage[s];
    curves[count++] = (RunetChartCurve){
        &stages.looks[s], curve->time_ms,
        volume ? curve->volume_ml[k] : curve->area_cm2[k], curve->frames};
  }
  for (guint i = 0; i < RUNET_INSTANTS; i++) {
    const int frame = curve ? curve->instant_frame[i] : -1;
    moments[i] = (RunetMoment){frame >= 0 ? curve->time_ms[frame] : NAN,
                               runet_instant_to_string (i)};
  }
  const char *what = volume ? _ ("LV volume, single-plane") : _ ("LV area");
  g_autofree char *title =
      name ? g_strdup_printf ("%s: %s", name, what) : g_strdup (what);
  RunetChart *chart = runet_chart_curves_new (
      title,
      curve && curve->assumed_rate ? _ ("Time, ms (50 Hz assumed)") : _ ("Time, ms"),
      volume ? _ ("Volume, ml") : _ ("Area, cm²"), volume ? _ ("ml") : _ ("cm²"),
      curves, count, moments, RUNET_INSTANTS);
  stages_clear (&stages);
  if (!curve)
    chart->blank = g_strdup (_ ("No view with a sequence is selected"));
  return chart;
}

RunetChart *
runet_report_make_chart (const RunetReport *report,
                         const RunetVolumeCurve *curve,
                         const char *name,
                         RunetReportChart kind) {
  g_return_val_if_fail (report != NULL, NULL);
  switch (kind) {
  case RUNET_REPORT_OUTLIERS:
    return make_outliers (report);
  case RUNET_REPORT_DICE:
    return make_boxes (report, RUNET_MEASURE_DICE);
  case RUNET_REPORT_HD:
    return make_boxes (report, RUNET_MEASURE_HD);
  case RUNET_REPORT_EF_SCATTER:
  case RUNET_REPORT_EF_AGREEMENT:
    return make_ef (report, kind);
  default:
    return make_curve (report, curve, name, kind);
  }
}

RunetCase *
runet_report_get_case (const RunetReport *report,
                       RunetReportChart kind,
                       guint item,
                       int *instant) {
  g_return_val_if_fail (report != NULL, NULL);
  *instant = -1;
  const gboolean of_images = kind == RUNET_REPORT_DICE || kind == RUNET_REPORT_HD;
  const gboolean of_patients =
      kind == RUNET_REPORT_EF_SCATTER || kind == RUNET_REPORT_EF_AGREEMENT;
  if (of_images && item < report->images->len) {
    const RunetReportImage *image =
        &g_array_index (report->images, RunetReportImage, item);
    *instant = (int)image->instant;
    return image->item;
  }
  if (of_patients && item < report->patients->len)
    return g_array_index (report->patients, RunetReportPatient, item).item;
  return NULL;
}

const char *
runet_report_chart_to_string (RunetReportChart kind) {
  static const char *const names[RUNET_REPORT_CHARTS] = {
      "outliers",
      "dice-by-quality",
      "hausdorff-by-quality",
      "ejection-fraction-scatter",
      "ejection-fraction-bland-altman",
      "volume-over-time",
      "area-over-time",
  };
  g_return_val_if_fail (kind < RUNET_REPORT_CHARTS, "");
  return names[kind];
}
