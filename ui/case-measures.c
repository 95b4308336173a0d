/* What the model's stages, and people, make of a patient's left ventricle. */
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

RunetPatientMeasures
runet_cases_take_shown_measures (RunetCase *const views[RUNET_VIEWS]) {
  RunetPatientMeasures measures = {0};
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; views[v] && i < RUNET_INSTANTS; i++) {
      const RunetFrameResult *result = runet_case_get_instant_shown (views[v], i);
      if (!result)
        continue;
      measures.discs[v][i] = result->stage[RUNET_SHOWN_LAST].discs;
      measures.known[v][i] = TRUE;
    }
  return measures;
}

gboolean
runet_cases_are_corrected (RunetCase *const views[RUNET_VIEWS]) {
  for (int v = 0; v < RUNET_VIEWS; v++)
    for (int i = 0; views[v] && i < RUNET_INSTANTS; i++)
      if (runet_case_corrections_find (runet_case_get_corrections (views[v]), i, 0))
        return TRUE;
  return FALSE;
}
