/* What `runet segment` has to do: one job an image, gathered from images, patients and data sets. */
#include "segment-jobs.h"

#include <string.h>
#include "core/base/error.h"
#include "core/echo/file.h"

static void
job_free (gpointer data) {
  RunetSegmentJob *job = data;
  g_free (job->path);
  g_free (job->folder);
  g_free (job->stem);
  g_free (job);
}

/* "patient0001_4CH_ED" of ".../patient0001_4CH_ED.nii.gz". */
static char *
stem_of (const char *path) {
  char *name = g_path_get_basename (path);
  RunetFormat format;
  if (runet_format_from_path (path, &format)) {
    gsize extension = strlen (runet_format_extension (format)) + 1;
    if (strlen (name) > extension)
      name[strlen (name) - extension] = '\0';
  }
  return name;
}

/* The MHD release counts its patients anew in each subset: there the subset is a folder. */
static char *
folder_of (const char *output, const RunetPatient *patient) {
  return patient->subset != NULL ? g_build_filename (output, patient->subset, NULL)
                                 : g_strdup (output);
}

static void
add_view (RunetSegmentJobs *self,
          const RunetPatient *patient,
          const RunetViewFiles *files,
          const char *output,
          gboolean sequences) {
  for (guint k = 0; k < RUNET_INSTANTS; k++) {
    if (files->still[k] == NULL && (files->sequence == NULL || files->frame[k] == 0))
      continue;
    RunetSegmentJob *job = g_new0 (RunetSegmentJob, 1);
    job->files = files;
    job->instant = k;
    job->folder = folder_of (output, patient);
    job->stem = runet_patient_stem (patient, files->view, k);
    g_ptr_array_add (self->jobs, job);
  }
  if (sequences && files->sequence != NULL) {
    RunetSegmentJob *job = g_new0 (RunetSegmentJob, 1);
    job->path = g_strdup (files->sequence);
    job->folder = folder_of (output, patient);
    job->stem = stem_of (files->sequence);
    g_ptr_array_add (self->jobs, job);
  }
}

static void
add_dataset (RunetSegmentJobs *self,
             const char *path,
             const char *output,
             gboolean sequences) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetDataset) dataset = runet_dataset_open (path, NULL, &error);
  if (dataset == NULL) {
    g_ptr_array_add (self->problems, g_strdup (error->message));
    return;
  }
  for (guint i = 0; i < dataset->problems->len; i++) {
    const RunetProblem *problem = g_ptr_array_index (dataset->problems, i);
    g_ptr_array_add (self->problems, g_strdup (problem->message));
  }
  for (guint i = 0; i < dataset->patients->len; i++)
    for (guint v = 0; v < RUNET_VIEWS; v++) {
      const RunetPatient *patient = g_ptr_array_index (dataset->patients, i);
      if (patient->views[v].present)
        add_view (self, patient, &patient->views[v], output, sequences);
    }
  g_ptr_array_add (self->datasets, g_steal_pointer (&dataset));
}

static void
add_image (RunetSegmentJobs *self, const char *path, const char *output) {
  RunetSegmentJob *job = g_new0 (RunetSegmentJob, 1);
  job->path = g_strdup (path);
  job->folder = g_strdup (output);
  job->stem = stem_of (path);
  g_ptr_array_add (self->jobs, job);
}

/* Nothing in a data set is ever written to, so the outputs may not go into one. */
static gboolean
check_output (const char *input, const char *output, GError **error) {
  if (!runet_path_is_inside (output, input))
    return TRUE;
  g_set_error (
      error, RUNET_ERROR, RUNET_ERROR_WRITE,
      "%s: expected an output folder outside the input %s, which is never written to",
      output, input);
  return FALSE;
}

/* The file that @job reads. */
static const char *
source_of (const RunetSegmentJob *job) {
  if (job->path != NULL)
    return job->path;
  const char *still = job->files->still[job->instant];
  return still != NULL ? still : job->files->sequence;
}

/* Two jobs that would be written under one name: the second is refused. */
static void
refuse_duplicates (RunetSegmentJobs *self) {
  /* To the job that comes first. */
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < self->jobs->len;) {
    const RunetSegmentJob *job = g_ptr_array_index (self->jobs, i);
    char *output = g_build_filename (job->folder, job->stem, NULL);
    const RunetSegmentJob *first = g_hash_table_lookup (seen, output);
    if (first == NULL) {
      g_hash_table_insert (seen, output, (gpointer)job);
      i++;
      continue;
    }
    g_free (output);
    g_ptr_array_add (
        self->problems,
        g_strdup_printf ("%s: expected names that differ, found %s called %s too",
                         source_of (job), source_of (first), job->stem));
    g_ptr_array_remove_index (self->jobs, i);
  }
}

RunetSegmentJobs *
runet_segment_jobs_new (char *const *inputs,
                        const char *output,
                        gboolean sequences,
                        GError **error) {
  g_autoptr (RunetSegmentJobs) self = g_new0 (RunetSegmentJobs, 1);
  self->jobs = g_ptr_array_new_with_free_func (job_free);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->datasets = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_dataset_unref);
  for (; *inputs != NULL; inputs++) {
    if (!g_file_test (*inputs, G_FILE_TEST_IS_DIR))
      add_image (self, *inputs, output);
    else if (check_output (*inputs, output, error))
      add_dataset (self, *inputs, output, sequences);
    else
      return NULL;
  }
  refuse_duplicates (self);
  return g_steal_pointer (&self);
}

void
runet_segment_jobs_free (RunetSegmentJobs *self) {
  if (self == NULL)
    return;
  g_ptr_array_unref (self->jobs);
  g_ptr_array_unref (self->problems);
  g_ptr_array_unref (self->datasets);
  g_free (self);
}

RunetImage *
runet_segment_job_read (const RunetSegmentJob *job,
                        GCancellable *cancellable,
                        GError **error) {
  if (job->files != NULL)
    return runet_view_read_still (job->files, job->instant, cancellable, error);
  return runet_image_read (job->path, cancellable, error);
}

gsize
runet_segment_job_count_pixels (const RunetSegmentJob *job) {
  if (job->files != NULL)
    return runet_view_count_pixels (job->files, job->instant);
  g_autoptr (RunetGrid) grid = runet_grid_read (job->path, NULL);
  gsize pixels = 0;
  if (grid != NULL)
    runet_grid_count_pixels (grid, &pixels);
  return pixels;
}

const char *
runet_segment_job_name (const RunetSegmentJob *job) {
  return job->path != NULL ? job->path : job->stem;
}
