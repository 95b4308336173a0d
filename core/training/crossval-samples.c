/* The images of a cross-validation: read once for all jobs of a process. */
#include "crossval-private.h"

#include <string.h>

static void
count_cb (const RunetProgress *progress, gpointer user_data) {
  runet_crossval_report (user_data, RUNET_CROSSVAL_READING, progress, NULL, NULL, NULL);
}

/* Learned from or validated on by a job that is not done, each once. */
static GPtrArray *
list_patients (const RunetCrossval *self) {
  GPtrArray *patients = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (guint j = 0; j < self->jobs->len; j++) {
    const RunetJob *job = self->jobs->pdata[j];
    if (job->state == RUNET_JOB_BEFORE || job->state == RUNET_JOB_DONE)
      continue;
    for (guint p = RUNET_FOLD_TRAINING; p <= RUNET_FOLD_VALIDATION; p++)
      for (guint i = 0; i < job->fold->patients[p]->len; i++) {
        gpointer patient = job->fold->patients[p]->pdata[i];
        if (g_hash_table_add (seen, patient))
          g_ptr_array_add (patients, patient);
      }
  }
  return patients;
}

/* "patient0001_4CH_ED" is of patient0001. */
static char *
get_id (const RunetSample *sample) {
  char *id = g_strdup (sample->name);
  for (guint part = 0; part < 2; part++) {
    char *end = strrchr (id, '_');
    if (end != NULL)
      *end = '\0';
  }
  return id;
}

static void
index_samples (RunetCrossval *self) {
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)g_array_unref);
  for (guint i = 0; i < self->samples->samples->len; i++) {
    char *id = get_id (self->samples->samples->pdata[i]);
    GArray *places = g_hash_table_lookup (self->places, id);
    if (places == NULL) {
      places = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (self->places, id, places);
    } else
      g_free (id);
    g_array_append_val (places, i);
  }
}

gboolean
runet_crossval_load (RunetCrossval *self, GError **error) {
  if (self->samples != NULL)
    return TRUE;
  const RunetHyperparameters *net = &self->options.settings.hyperparameters;
  g_autoptr (GPtrArray) patients = list_patients (self);
  g_autoptr (RunetSamples) samples = runet_samples_new (net->input_size);
  if (!runet_samples_add (samples, patients, net->classes,
                          runet_engine_get_pool (self->options.engine), count_cb, self,
                          self->cancellable, error))
    return FALSE;
  self->samples = g_steal_pointer (&samples);
  index_samples (self);
  for (guint i = 0; i < self->samples->problems->len; i++) {
    const RunetProblem *problem = self->samples->problems->pdata[i];
    g_autofree char *line = g_strconcat ("skipped: ", problem->message, NULL);
    runet_crossval_report (self, RUNET_CROSSVAL_WARNING, NULL, NULL, NULL, line);
  }
  return TRUE;
}

RunetSamples *
runet_crossval_select (const RunetCrossval *self, const GPtrArray *patients) {
  RunetSamples *selected = runet_samples_new (self->samples->size);
  g_ptr_array_set_free_func (selected->samples, NULL);
  for (guint i = 0; i < patients->len; i++) {
    const RunetPatient *patient = patients->pdata[i];
    const GArray *places = g_hash_table_lookup (self->places, patient->id);
    for (guint k = 0; places != NULL && k < places->len; k++)
      g_ptr_array_add (selected->samples,
                       self->samples->samples->pdata[g_array_index (places, guint, k)]);
  }
  return selected;
}
