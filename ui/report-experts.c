/* The volumes of the experts' masks, measured on another thread. */
#include "report-experts.h"

#include <math.h>
#include "core/shape/patient-measures.h"

typedef struct {
  RunetDataset *dataset;
  const RunetPatient *patient;
} Wanted;

static void
clear_wanted (gpointer data) {
  runet_dataset_unref (((Wanted *)data)->dataset);
}

static gboolean
is_wanted (const RunetPatient *patient) {
  if (isfinite (runet_patient_get_given_volumes (patient).ejection_fraction_percent))
    return FALSE;
  for (guint v = 0; v < RUNET_VIEWS; v++)
    if (runet_view_has_still_mask (&patient->views[v], RUNET_INSTANT_ED) &&
        runet_view_has_still_mask (&patient->views[v], RUNET_INSTANT_ES))
      return TRUE;
  return FALSE;
}

/* (transfer full) (element-type Wanted) */
static GArray *
list_wanted (GListModel *cases) {
  GArray *wanted = g_array_new (FALSE, FALSE, sizeof (Wanted));
  g_array_set_clear_func (wanted, clear_wanted);
  const RunetPatient *previous = NULL;
  for (guint i = 0; cases && i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (cases, i);
    const RunetPatient *patient = runet_case_get_patient (item);
    if (patient == previous || !is_wanted (patient))
      continue;
    const Wanted one = {runet_dataset_ref (runet_case_get_dataset (item)), patient};
    g_array_append_val (wanted, one);
    previous = patient;
  }
  return wanted;
}

static void
measure_in_thread (GTask *task,
                   gpointer source,
                   gpointer data,
                   GCancellable *cancellable) {
  const GArray *wanted = data;
  GHashTable *found = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  for (guint i = 0; i < wanted->len && !g_cancellable_is_cancelled (cancellable); i++) {
    const Wanted *one = &g_array_index (wanted, Wanted, i);
    RunetPatientMeasures measures;
    runet_patient_measures_read_experts (&measures, one->patient, cancellable);
    const RunetVolumes volumes =
        runet_patient_measures_compute (&measures, RUNET_SIMPSON_ASE);
    if (isfinite (volumes.ef_percent))
      g_hash_table_insert (found, (gpointer)one->patient,
                           g_memdup2 (&volumes, sizeof volumes));
  }
  g_task_return_pointer (task, found, (GDestroyNotify)g_hash_table_unref);
}

void
runet_experts_measure_async (GListModel *cases,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (task, list_wanted (cases), (GDestroyNotify)g_array_unref);
  g_task_run_in_thread (task, measure_in_thread);
}

GHashTable *
runet_experts_measure_finish (GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}
