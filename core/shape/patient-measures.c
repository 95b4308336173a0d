/* What was measured on the left ventricle of one patient, in both views and at both instants. */
#include "patient-measures.h"

#include <math.h>

void
runet_patient_measures_add (RunetPatientMeasures *measures,
                            RunetView view,
                            RunetInstant instant,
                            const RunetLabelMap *map) {
  const RunetGrid *grid = map->grid;
  measures->discs[view][instant] = runet_discs_measure (
      map->labels, grid->width, grid->height, grid->spacing_x_mm, grid->spacing_y_mm);
  measures->known[view][instant] = TRUE;
}

void
runet_patient_measures_read_experts (RunetPatientMeasures *measures,
                                     const RunetPatient *patient,
                                     GCancellable *cancellable) {
  *measures = (RunetPatientMeasures){0};
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; patient->views[v].present && i < RUNET_INSTANTS; i++) {
      g_autoptr (RunetLabelMap) map =
          runet_view_read_still_mask (&patient->views[v], i, cancellable, NULL);
      if (map != NULL)
        runet_patient_measures_add (measures, v, i, map);
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
