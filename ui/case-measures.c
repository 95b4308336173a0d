/* What the model's stages make of a patient's left ventricle. */
#include "case-measures.h"

RunetPatientMeasures
runet_cases_take_measures (RunetCase *const views[RUNET_VIEWS], RunetShownStage stage) {
  RunetPatientMeasures measures = {0};
  g_return_val_if_fail ((guint)stage < RUNET_SHOWN_STAGES, measures);
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; views[v] && i < RUNET_INSTANTS; i++) {
      const RunetFrameResult *result = runet_case_get_instant_result (views[v], i);
      if (!result || !result->stage[stage].packed)
        continue;
      measures.discs[v][i] = result->stage[stage].discs;
      measures.known[v][i] = TRUE;
    }
  return measures;
}
