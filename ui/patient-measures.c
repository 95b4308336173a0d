/* What was measured on the left ventricle of one patient, in both views and at both instants. */
#include "patient-measures.h"

#include <math.h>

void
runet_patient_measures_take_results (RunetPatientMeasures *measures,
                                     RunetCase *const views[RUNET_VIEWS],
                                     RunetShownStage stage) {
  g_return_if_fail ((guint)stage < RUNET_SHOWN_STAGES);
  *measures = (RunetPatientMeasures){0};
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; views[v] && i < RUNET_INSTANTS; i++) {
      const RunetFrameResult *result = runet_case_get_instant_result (views[v], i);
      if (!result || !result->stage[stage].packed)
        continue;
      measures->discs[v][i] = result->stage[stage].discs;
      measures->known[v][i] = TRUE;
    }
}

static RunetLabelMap *
read_mask (const RunetViewFiles *files,
           RunetInstant instant,
           GCancellable *cancellable) {
  gboolean listed =
      files->still_mask[instant] || (files->sequence_mask && files->frame[instant] > 0);
  return listed ? runet_view_read_still_mask (files, instant, cancellable, NULL) : NULL;
}

void
runet_patient_measures_read_experts (RunetPatientMeasures *measures,
                                     const RunetPatient *patient,
                                     GCancellable *cancellable) {
  *measures = (RunetPatientMeasures){0};
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; patient->views[v].present && i < RUNET_INSTANTS; i++) {
      g_autoptr (RunetLabelMap) map = read_mask (&patient->views[v], i, cancellable);
      if (!map)
        continue;
      measures->discs[v][i] =
          runet_discs_measure (map->labels, map->grid->width, map->grid->height,
                               map->grid->spacing_x_mm, map->grid->spacing_y_mm);
      measures->known[v][i] = TRUE;
    }
}

gboolean
runet_patient_measures_any (const RunetPatientMeasures *measures) {
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; i < RUNET_INSTANTS; i++)
      if (measures->known[v][i])
        return TRUE;
  return FALSE;
}

RunetVolumes
runet_patient_measures_compute (const RunetPatientMeasures *measures,
                                RunetSimpsonMode mode) {
  const RunetDiscs *discs[RUNET_VIEWS][RUNET_INSTANTS] = {0};
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; i < RUNET_INSTANTS; i++)
      if (measures->known[v][i])
        discs[v][i] = &measures->discs[v][i];
  return runet_volumes_compute (discs, mode);
}

double
runet_patient_measures_get_foreshortening (const RunetPatientMeasures *measures,
                                           RunetInstant instant) {
  double lengths[RUNET_VIEWS];
  for (int v = 0; v < RUNET_VIEWS; v++) {
    if (!measures->known[v][instant] ||
        measures->discs[v][instant].state != RUNET_DISCS_FOUND)
      return NAN;
    lengths[v] = measures->discs[v][instant].length_mm;
  }
  const double longest = fmax (lengths[RUNET_VIEW_A2C], lengths[RUNET_VIEW_A4C]);
  const double shortest = fmin (lengths[RUNET_VIEW_A2C], lengths[RUNET_VIEW_A4C]);
  return longest > 0 ? 1 - shortest / longest : NAN;
}
