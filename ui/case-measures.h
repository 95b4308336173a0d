/* What the model's stages, and people, make of a patient's left ventricle. */
#pragma once

#include "case.h"
#include "core/shape/patient-measures.h"

G_BEGIN_DECLS

/* @views: (nullable) each: the cases of one patient. */
RunetPatientMeasures
runet_cases_take_measures (RunetCase *const views[RUNET_VIEWS], RunetShownStage stage);
/* The same of what counts: corrected where somebody did. */
RunetPatientMeasures
runet_cases_take_shown_measures (RunetCase *const views[RUNET_VIEWS]);
/* Whether ED or ES was corrected in any of them. */
gboolean
runet_cases_are_corrected (RunetCase *const views[RUNET_VIEWS]);

G_END_DECLS
