/* What was measured on the left ventricle of one patient, in both views and at both instants: by one stage of
 * the model, or on the expert's masks. */
#pragma once

#include "core/echo/dataset.h"
#include "volume.h"

G_BEGIN_DECLS

/* The long axes of the two views differ by more than this when one of them is cut short: "foreshortened"
 * [Lang et al., JASE 2015 asks for views that minimise it; 10 % is the usual rule]. */
#define RUNET_FORESHORTENED 0.1

/**
 * RunetPatientMeasures:
 * @known: whether there was a label map to measure
 */
typedef struct {
  RunetDiscs discs[RUNET_VIEWS][RUNET_INSTANTS];
  gboolean known[RUNET_VIEWS][RUNET_INSTANTS];
} RunetPatientMeasures;

/* @map: a still. */
void
runet_patient_measures_add (RunetPatientMeasures *measures,
                            RunetView view,
                            RunetInstant instant,
                            const RunetLabelMap *map);
/* Reads the expert's masks: not for the main thread. What cannot be read is not known: the clip of the view
 * tells of it. */
void
runet_patient_measures_read_experts (RunetPatientMeasures *measures,
                                     const RunetPatient *patient,
                                     GCancellable *cancellable);
gboolean
runet_patient_measures_any (const RunetPatientMeasures *measures);
RunetVolumes
runet_patient_measures_compute (const RunetPatientMeasures *measures,
                                RunetSimpsonMode mode);
/* 1 − the shorter long axis by the longer one at @instant; NaN unless both are known. */
double
runet_patient_measures_get_foreshortening (const RunetPatientMeasures *measures,
                                           RunetInstant instant);

G_END_DECLS
