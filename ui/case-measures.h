/* What the model's stages make of a patient's left ventricle. */
#pragma once

#include "case.h"
#include "core/shape/patient-measures.h"

G_BEGIN_DECLS

/* @views: (nullable) each: the cases of one patient. */
RunetPatientMeasures
runet_cases_take_measures (RunetCase *const views[RUNET_VIEWS], RunetShownStage stage);

G_END_DECLS
