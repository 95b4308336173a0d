/* The figures of a report: gathered from the cases of a data set. */
#include "report-data.h"

#include <math.h>
#include "case-measures.h"
#include "cine.h"

/* ---- Images ---- */

static void
fill_stage (RunetReportImage *image,
            const RunetFrameResult *result,
            RunetShownStage k) {
  const RunetStageResult *stage = &result->stage[k];
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    image->agreement[k][s] = (RunetAgreement){.dice = NAN, .mad_mm = NAN, .hd_mm = NAN};
  image->staged[k] = stage->packed != NULL;
  if (!image->staged[k])
    return;
  image->anatomical[k] = stage->anatomy && stage->anatomy->outlier;
  if (!stage->comparison)
    return;
  image->compared = TRUE;
  image->geometrical[k] = stage->comparison->outlier;
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    image->agreement[k][s] = stage->comparison->agreement[s];
}

static void
add_image (RunetReport *report, RunetCase *item, RunetInstant instant) {
  RunetFrameResult *result = runet_case_get_instant_result (item, instant);
  if (!result) {
    if (runet_case_get_state (item) == RUNET_CASE_FAILED)
      report->failed++;
    else
      report->waiting++;
    return;
  }
  RunetReportImage image = {.item = g_object_ref (item), .instant = instant};
  image.quality = runet_case_get_files (item)->quality;
  for (guint k = 0; k < RUNET_SHOWN_STAGES; k++)
    fill_stage (&image, result, k);
  report->stages = MAX (report->stages, result->stages);
  report->uncompared += !image.compared;
  g_array_append_val (report->images, image);
}

/* ---- Patients ---- */

static void
find_reference (RunetReportPatient *self, GHashTable *experts) {
  const RunetPatient *patient = runet_case_get_patient (self->item);
  self->reference_percent =
      runet_patient_get_given_volumes (patient).ejection_fraction_percent;
  if (isfinite (self->reference_percent)) {
    self->source = RUNET_EF_FROM_CFG;
    return;
  }
  const RunetVolumes *volumes = experts ? g_hash_table_lookup (experts, patient) : NULL;
  if (!volumes || !isfinite (volumes->ef_percent))
    return;
  self->reference_percent = volumes->ef_percent;
  self->source = RUNET_EF_FROM_EXPERT;
}

/* @views: the cases of one patient; those that are not there are %NULL. */
static void
add_patient (RunetReport *report,
             RunetCase *const views[RUNET_VIEWS],
             GHashTable *experts) {
  RunetCase *item =
      views[RUNET_VIEW_A4C] ? views[RUNET_VIEW_A4C] : views[RUNET_VIEW_A2C];
  const RunetPatientMeasures measures =
      runet_cases_take_measures (views, RUNET_SHOWN_LAST);
  gboolean found[RUNET_INSTANTS] = {FALSE, FALSE};
  for (guint v = 0; v < RUNET_VIEWS; v++)
    for (guint i = 0; i < RUNET_INSTANTS; i++)
      found[i] |= measures.known[v][i];
  RunetReportPatient patient = {
      .item = g_object_ref (item),
      .model = runet_patient_measures_compute (&measures, RUNET_SIMPSON_ASE)};
  const gboolean *planes = patient.model.views[RUNET_INSTANT_ED];
  patient.biplane = planes[RUNET_VIEW_A2C] && planes[RUNET_VIEW_A4C];
  find_reference (&patient, experts);
  if (!found[RUNET_INSTANT_ED] || !found[RUNET_INSTANT_ES])
    patient.state = RUNET_EF_NO_RESULT;
  else if (!isfinite (patient.model.ef_percent))
    patient.state = RUNET_EF_NO_AXIS;
  else if (patient.source == RUNET_EF_FROM_NOTHING)
    patient.state = RUNET_EF_NO_REFERENCE;
  g_array_append_val (report->patients, patient);
}

static void
add_patients (RunetReport *report, GListModel *cases, GHashTable *experts) {
  RunetCase *views[RUNET_VIEWS] = {NULL};
  const RunetPatient *patient = NULL;
  /* The views of a patient follow each other. */
  for (guint i = 0; i < report->cases; i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    if (patient && runet_case_get_patient (item) != patient) {
      add_patient (report, views, experts);
      views[0] = views[1] = NULL;
    }
    patient = runet_case_get_patient (item);
    views[runet_case_get_view (item)] = item;
  }
  if (patient)
    add_patient (report, views, experts);
}

/* ---- Report ---- */

static void
clear_image (gpointer data) {
  g_object_unref (((RunetReportImage *)data)->item);
}

static void
clear_patient (gpointer data) {
  g_object_unref (((RunetReportPatient *)data)->item);
}

RunetReport *
runet_report_new (GListModel *cases, GHashTable *experts) {
  RunetReport *report = g_new0 (RunetReport, 1);
  report->images = g_array_new (FALSE, FALSE, sizeof (RunetReportImage));
  report->patients = g_array_new (FALSE, FALSE, sizeof (RunetReportPatient));
  g_array_set_clear_func (report->images, clear_image);
  g_array_set_clear_func (report->patients, clear_patient);
  report->cases = cases ? g_list_model_get_n_items (cases) : 0;
  for (guint i = 0; i < report->cases; i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    for (guint k = 0; k < RUNET_INSTANTS; k++)
      if (runet_view_has_still (runet_case_get_files (item), k))
        add_image (report, item, k);
  }
  add_patients (report, cases, experts);
  return report;
}

void
runet_report_free (RunetReport *report) {
  if (report == NULL)
    return;
  g_array_unref (report->images);
  g_array_unref (report->patients);
  g_clear_pointer (&report->seen, g_hash_table_unref);
  g_free (report);
}

void
runet_report_set_seen (RunetReport *report, GHashTable *seen) {
  g_return_if_fail (report != NULL);
  g_clear_pointer (&report->seen, g_hash_table_unref);
  report->seen = seen ? g_hash_table_ref (seen) : NULL;
  report->model_loaded = TRUE;
}

RunetOutlierCount
runet_report_count_outliers (const RunetReport *report,
                             RunetShownStage stage,
                             RunetSeverity severity) {
  RunetOutlierCount found = {0, 0};
  for (guint i = 0; i < report->images->len; i++) {
    const RunetReportImage *image =
        &g_array_index (report->images, RunetReportImage, i);
    if (!image->staged[stage] ||
        (severity == RUNET_SEVERITY_GEOMETRICAL && !image->compared))
      continue;
    found.whole++;
    found.count += severity == RUNET_SEVERITY_GEOMETRICAL ? image->geometrical[stage]
                                                          : image->anatomical[stage];
  }
  return found;
}

guint
runet_report_count_ef (const RunetReport *report, RunetEfState state) {
  guint count = 0;
  for (guint i = 0; i < report->patients->len; i++)
    count += g_array_index (report->patients, RunetReportPatient, i).state == state;
  return count;
}

guint
runet_report_count_sources (const RunetReport *report, RunetEfSource source) {
  guint count = 0;
  for (guint i = 0; i < report->patients->len; i++) {
    const RunetReportPatient *patient =
        &g_array_index (report->patients, RunetReportPatient, i);
    count += patient->state == RUNET_EF_COMPARED && patient->source == source;
  }
  return count;
}

double
runet_report_image_measure (const RunetReportImage *image,
                            RunetShownStage stage,
                            RunetStructure structure,
                            RunetMeasureKind kind) {
  const RunetAgreement *agreement = &image->agreement[stage][structure];
  switch (kind) {
  case RUNET_MEASURE_DICE:
    return agreement->dice;
  case RUNET_MEASURE_MAD:
    return agreement->mad_mm;
  default:
    return agreement->hd_mm;
  }
}

/* ---- Volume over time ---- */

static double
measure_volume (const RunetDiscs *discs, RunetView view) {
  const RunetDiscs *one[RUNET_VIEWS][RUNET_INSTANTS] = {0};
  one[view][RUNET_INSTANT_ED] = discs;
  return runet_volumes_compute (one, RUNET_SIMPSON_ASE).volume_ml[RUNET_INSTANT_ED];
}

static void
fill_frame (RunetVolumeCurve *curve,
            RunetCase *item,
            const RunetClip *clip,
            guint frame) {
  const RunetFrameResult *result = runet_case_get_result (item, clip, frame);
  for (guint k = 0; k < RUNET_SHOWN_STAGES; k++) {
    curve->area_cm2[k][frame] = curve->volume_ml[k][frame] = NAN;
    if (!result || !result->stage[k].packed)
      continue;
    const RunetDiscs *discs = &result->stage[k].discs;
    curve->staged[k] = TRUE;
    curve->area_cm2[k][frame] = discs->area_mm2 / 100;
    if (discs->state == RUNET_DISCS_FOUND)
      curve->volume_ml[k][frame] = measure_volume (discs, runet_case_get_view (item));
  }
}

RunetVolumeCurve *
runet_volume_curve_new (RunetCase *item, const RunetClip *clip) {
  g_return_val_if_fail (RUNET_IS_CASE (item) && clip != NULL, NULL);
  if (!clip->sequence)
    return NULL;
  RunetVolumeCurve *curve = g_new0 (RunetVolumeCurve, 1);
  curve->frames = clip->frames;
  curve->assumed_rate = !isfinite (clip->frame_rate_hz) || clip->frame_rate_hz <= 0;
  const double rate_hz =
      curve->assumed_rate ? RUNET_ASSUMED_RATE_HZ : clip->frame_rate_hz;
  curve->time_ms = g_new (double, clip->frames);
  for (guint k = 0; k < RUNET_SHOWN_STAGES; k++) {
    curve->area_cm2[k] = g_new (double, clip->frames);
    curve->volume_ml[k] = g_new (double, clip->frames);
  }
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    curve->instant_frame[i] = clip->instant_frame[i];
  for (guint f = 0; f < clip->frames; f++) {
    curve->time_ms[f] = 1000.0 * f / rate_hz;
    fill_frame (curve, item, clip, f);
  }
  return curve;
}

void
runet_volume_curve_free (RunetVolumeCurve *curve) {
  if (curve == NULL)
    return;
  g_free (curve->time_ms);
  for (guint k = 0; k < RUNET_SHOWN_STAGES; k++) {
    g_free (curve->area_cm2[k]);
    g_free (curve->volume_ml[k]);
  }
  g_free (curve);
}
