/* The images that `runet train` learns from and is judged by. */
#include "train-data.h"

#include "command.h"
#include "core/base/error.h"

typedef struct {
  const char *command; /* (nullable) */
  RunetPool *pool;
  gsize classes;
  GCancellable *cancellable;
} Loader;

void
runet_train_data_free (RunetTrainData *data) {
  if (data == NULL)
    return;
  g_free (data->name);
  runet_samples_free (data->training);
  runet_samples_free (data->validation);
  g_free (data);
}

/* The patients of @list_path; NULL when it cannot be read or names nobody. */
static GPtrArray *
select_patients (const Loader *loader,
                 const RunetDataset *dataset,
                 const char *list_path,
                 GError **error) {
  guint absent = 0;
  g_autoptr (GPtrArray) patients =
      runet_dataset_select (dataset, list_path, &absent, error);
  if (patients == NULL)
    return NULL;
  if (patients->len == 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 "%s: expected patients of %s, found none", list_path, dataset->path);
    return NULL;
  }
  if (absent > 0 && loader->command != NULL)
    runet_command_warn (loader->command, "%s: %u listed patients are not in %s",
                        list_path, absent, dataset->path);
  return g_steal_pointer (&patients);
}

static GPtrArray *
all_but (const RunetDataset *dataset, GPtrArray *left_out) {
  GPtrArray *patients = g_ptr_array_new ();
  for (guint i = 0; i < dataset->patients->len; i++) {
    gpointer patient = g_ptr_array_index (dataset->patients, i);
    if (left_out == NULL || !g_ptr_array_find (left_out, patient, NULL))
      g_ptr_array_add (patients, patient);
  }
  return patients;
}

static gboolean
check_apart (GPtrArray *training, GPtrArray *validation, GError **error) {
  for (guint i = 0; validation != NULL && i < validation->len; i++) {
    const RunetPatient *patient = g_ptr_array_index (validation, i);
    if (g_ptr_array_find (training, patient, NULL)) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                   "patient %s is listed for training and for validation", patient->id);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load (const Loader *loader,
      RunetSamples *samples,
      GPtrArray *patients,
      GError **error) {
  guint known = samples->problems->len;
  gboolean loaded =
      runet_samples_add (samples, patients, loader->classes, loader->pool,
                         loader->command != NULL ? runet_command_progress_cb : NULL,
                         (gpointer)loader->command, loader->cancellable, error);
  runet_command_progress_end ();
  for (guint i = known; loader->command != NULL && i < samples->problems->len; i++) {
    const RunetProblem *problem = g_ptr_array_index (samples->problems, i);
    runet_command_warn (loader->command, "skipped: %s", problem->message);
  }
  return loaded;
}

static gboolean
load_first (const Loader *loader,
            RunetTrainData *data,
            const RunetDataset *dataset,
            const char *patients_path,
            const char *validation_path,
            GError **error) {
  g_autoptr (GPtrArray) validation = NULL, training = NULL;
  if (validation_path != NULL) {
    validation = select_patients (loader, dataset, validation_path, error);
    if (validation == NULL)
      return FALSE;
  }
  training = patients_path != NULL
                 ? select_patients (loader, dataset, patients_path, error)
                 : all_but (dataset, validation);
  if (training == NULL || !check_apart (training, validation, error) ||
      !load (loader, data->training, training, error))
    return FALSE;
  if (validation == NULL)
    return TRUE;
  data->validation = runet_samples_new (data->training->size);
  return load (loader, data->validation, validation, error);
}

static gboolean
load_folders (const Loader *loader,
              RunetTrainData *data,
              char **folders,
              const char *patients_path,
              const char *validation_path,
              GError **error) {
  g_autoptr (GString) name = g_string_new (NULL);
  for (guint i = 0; folders[i] != NULL; i++) {
    g_autoptr (RunetDataset) dataset =
        runet_dataset_open (folders[i], loader->cancellable, error);
    if (dataset == NULL)
      return FALSE;
    gboolean loaded = i == 0 ? load_first (loader, data, dataset, patients_path,
                                           validation_path, error)
                             : load (loader, data->training, dataset->patients, error);
    if (!loaded)
      return FALSE;
    g_string_append_printf (name, "%s%s", i > 0 ? " + " : "", dataset->name);
  }
  data->name = g_string_free (g_steal_pointer (&name), FALSE);
  return TRUE;
}

RunetTrainData *
runet_train_data_load (const char *command,
                       char **folders,
                       const char *patients_path,
                       const char *validation_path,
                       gsize size,
                       gsize classes,
                       guint threads,
                       GCancellable *cancellable,
                       GError **error) {
  g_autoptr (RunetPool) pool = runet_pool_new (threads);
  const Loader loader = {command, pool, classes, cancellable};
  g_autoptr (RunetTrainData) data = g_new0 (RunetTrainData, 1);
  data->training = runet_samples_new (size);
  if (!load_folders (&loader, data, folders, patients_path, validation_path, error))
    return NULL;
  return g_steal_pointer (&data);
}
