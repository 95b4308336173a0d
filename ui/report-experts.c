/* The volumes of the experts' masks, measured on another thread. */
#include "report-experts.h"

#include <math.h>
#include "report-data.h"

typedef struct {
  RunetDataset *dataset;
  const RunetPatient *patient;
} Wanted;

static void
clear_wanted (gpointer data) {
  runet_dataset_unref (((Wanted *)data)->dataset);
}

static gboolean
has_mask (const RunetViewFiles *files, RunetInstant instant) {
  return files->still_mask[instant] ||
         (files->sequence_mask && files->frame[instant] > 0);
}

static gboolean
is_wanted (const RunetPatient *patient) {
  if (isfinite (runet_report_ef_of_cfg (patient)))
    return FALSE;
  for (guint v = 0; v < RUNET_VIEWS; v++)
    if (has_mask (&patient->views[v], RUNET_INSTANT_ED) &&
        has_mask (&patient->views[v], RUNET_INSTANT_ES))
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

/* A mask that cannot be read is told where its case is shown; here it is no reference. */
static RunetVolumes
measure_patient (const RunetPatient *patient, GCancellable *cancellable) {
  RunetDiscs measured[RUNET_VIEWS][RUNET_INSTANTS];
  const RunetDiscs *discs[RUNET_VIEWS][RUNET_INSTANTS] = {0};
  for (guint v = 0; v < RUNET_VIEWS; v++)
    for (guint i = 0; i < RUNET_INSTANTS; i++) {
      const RunetViewFiles *files = &patient->views[v];
      g_autoptr (RunetLabelMap) map =
          has_mask (files, i) ? runet_view_read_still_mask (files, i, cancellable, NULL)
                              : NULL;
      if (!map)
        continue;
      measured[v][i] =
          runet_discs_measure (map->labels, map->grid->width, map->grid->height,
                               map->grid->spacing_x_mm, map->grid->spacing_y_mm);
      discs[v][i] = &measured[v][i];
    }
  return runet_volumes_compute (discs, RUNET_SIMPSON_ASE);
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
    const RunetVolumes volumes = measure_patient (one->patient, cancellable);
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
