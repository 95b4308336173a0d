/* A CAMUS data set on disk: which patients there are. Listing reads no pixels. */
#include "dataset.h"

#include <string.h>

#include "file.h"
#include "patient.h"

static void
problem_free (gpointer data) {
  RunetProblem *problem = data;
  g_free (problem->path);
  g_free (problem->message);
  g_free (problem);
}

static void
free_patient_cb (gpointer data) {
  runet_patient_free (data);
}

static RunetDataset *
dataset_new (const char *path) {
  RunetDataset *dataset = g_new0 (RunetDataset, 1);
  g_atomic_ref_count_init (&dataset->references);
  dataset->path = g_canonicalize_filename (path, NULL);
  dataset->name = g_path_get_basename (dataset->path);
  dataset->patients = g_ptr_array_new_with_free_func (free_patient_cb);
  dataset->problems = g_ptr_array_new_with_free_func (problem_free);
  return dataset;
}

RunetDataset *
runet_dataset_ref (RunetDataset *dataset) {
  g_return_val_if_fail (dataset != NULL, NULL);
  g_atomic_ref_count_inc (&dataset->references);
  return dataset;
}

void
runet_dataset_unref (RunetDataset *dataset) {
  if (dataset == NULL || !g_atomic_ref_count_dec (&dataset->references))
    return;
  g_ptr_array_unref (dataset->patients);
  g_ptr_array_unref (dataset->problems);
  g_free (dataset->path);
  g_free (dataset->name);
  g_free (dataset);
}

/* Lists every patient's folder directly below @path. FALSE only when cancelled. */
static gboolean
list_folder (RunetDataset *dataset,
             const char *path,
             const char *subset,
             GCancellable *cancellable,
             GError **error) {
  GDir *folder = g_dir_open (path, 0, NULL);
  if (folder == NULL)
    return TRUE;
  gboolean going = TRUE;
  for (const char *name; going && (name = g_dir_read_name (folder)) != NULL;) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    RunetPatient *patient = NULL;
    if (*name != '.')
      patient = runet_patient_list (child, subset, dataset->problems);
    if (patient != NULL)
      g_ptr_array_add (dataset->patients, patient);
    going = !g_cancellable_set_error_if_cancelled (cancellable, error);
  }
  g_dir_close (folder);
  return going;
}

static gboolean
list_all (RunetDataset *dataset, GCancellable *cancellable, GError **error) {
  static const struct {
    const char *folder, *subset;
  } layouts[] = {
      {"database_nifti", NULL},
      {"training", "training"},
      {"testing", "testing"},
  };
  RunetPatient *alone = runet_patient_list (dataset->path, NULL, dataset->problems);
  if (alone != NULL) {
    g_ptr_array_add (dataset->patients, alone);
    return TRUE;
  }
  if (!list_folder (dataset, dataset->path, NULL, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++) {
    g_autofree char *path = g_build_filename (dataset->path, layouts[i].folder, NULL);
    if (!list_folder (dataset, path, layouts[i].subset, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static gint
compare_patients (gconstpointer a, gconstpointer b) {
  const RunetPatient *first = *(const RunetPatient *const *)a;
  const RunetPatient *second = *(const RunetPatient *const *)b;
  int order = g_strcmp0 (first->subset, second->subset);
  return order != 0 ? order : strcmp (first->id, second->id);
}

static gint
compare_problems (gconstpointer a, gconstpointer b) {
  return strcmp ((*(const RunetProblem *const *)a)->message,
                 (*(const RunetProblem *const *)b)->message);
}

RunetDataset *
runet_dataset_open (const char *path, GCancellable *cancellable, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected a data set's folder, found %s",
                      g_file_test (path, G_FILE_TEST_EXISTS) ? "a file" : "nothing");
    return NULL;
  }
  g_autoptr (RunetDataset) dataset = dataset_new (path);
  if (!list_all (dataset, cancellable, error))
    return NULL;
  if (dataset->patients->len == 0) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected folders of patients with files like "
                      "patient0001_4CH_ED.nii.gz or .mhd, found none");
    return NULL;
  }
  g_ptr_array_sort (dataset->patients, compare_patients);
  g_ptr_array_sort (dataset->problems, compare_problems);
  return g_steal_pointer (&dataset);
}

const RunetPatient *
runet_dataset_find (const RunetDataset *dataset, const char *id) {
  g_return_val_if_fail (dataset != NULL && id != NULL, NULL);
  const char *slash = strchr (id, '/');
  const char *name = slash != NULL ? slash + 1 : id;
  for (guint i = 0; i < dataset->patients->len; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    gboolean in_subset =
        slash == NULL ||
        (patient->subset != NULL && strlen (patient->subset) == (gsize)(slash - id) &&
         g_str_has_prefix (id, patient->subset));
    if (in_subset && strcmp (patient->id, name) == 0)
      return patient;
  }
  return NULL;
}
