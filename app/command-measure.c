/* `runet measure`: volumes of the left ventricle and its ejection fraction, by Simpson's method. */
#include "command.h"

#include <math.h>
#include <string.h>

#include "core/base/pool.h"
#include "core/shape/patient-measures.h"
#include "core/training/prediction.h"

/* Patients between two reports of progress. */
#define PATIENTS_AT_ONCE 16

/* One patient's masks, measured. */
typedef struct {
  const RunetPatient *patient;
  RunetPatientMeasures measures;
  GPtrArray *notes; /* (element-type utf8): what could not be measured and why */
  GPtrArray *errors; /* (element-type utf8): files that could not be read */
  RunetVolumes volumes;
} Measurement;

typedef struct {
  char *list_path, *masks; /* (nullable) */
  RunetSimpsonMode mode;
  RunetCommonOptions common;
} Options;

typedef struct {
  const Options *options;
  Measurement *measurements;
  GCancellable *cancellable;
} Work;

/* ---------------------------------------------------------------- measuring */

/* (nullable): of the expert, or of the folder given by --masks. Without @error: there is none. */
static RunetLabelMap *
read_mask (const Options *options,
           const RunetPatient *patient,
           RunetView view,
           RunetInstant instant,
           GCancellable *cancellable,
           GError **error) {
  const RunetViewFiles *files = &patient->views[view];
  if (options->masks != NULL) {
    g_autofree char *stem = runet_patient_stem (patient, view, instant);
    g_autofree char *path =
        runet_prediction_find (options->masks, patient, stem, "pred");
    return path != NULL ? runet_label_map_read (path, cancellable, error) : NULL;
  }
  if (!runet_view_has_still_mask (files, instant))
    return NULL;
  return runet_view_read_still_mask (files, instant, cancellable, error);
}

static void
measure_mask (Measurement *self,
              const Work *work,
              RunetView view,
              RunetInstant instant) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) map = read_mask (work->options, self->patient, view,
                                             instant, work->cancellable, &error);
  if (error != NULL) {
    g_ptr_array_add (self->errors, g_strdup (error->message));
    return;
  }
  const RunetDiscs *discs = &self->measures.discs[view][instant];
  if (map != NULL)
    runet_patient_measures_add (&self->measures, view, instant, map);
  if (map == NULL || discs->state != RUNET_DISCS_FOUND)
    g_ptr_array_add (
        self->notes,
        g_strdup_printf (
            "%s %s: %s", runet_view_to_string (view), runet_instant_to_string (instant),
            map == NULL ? "no mask" : runet_discs_state_to_string (discs->state)));
}

static void
measure_cb (gsize task, guint worker, gpointer user_data) {
  const Work *work = user_data;
  Measurement *self = &work->measurements[task];
  for (guint v = 0; v < RUNET_VIEWS; v++)
    for (guint i = 0; i < RUNET_INSTANTS; i++)
      measure_mask (self, work, v, i);
  self->volumes = runet_patient_measures_compute (&self->measures, work->options->mode);
}

static void
measurement_clear (gpointer data) {
  Measurement *self = data;
  g_ptr_array_unref (self->notes);
  g_ptr_array_unref (self->errors);
}

/* (nullable) (element-type Measurement): %NULL when cancelled. */
static GArray *
measure_all (const char *command,
             const Options *options,
             const GPtrArray *patients,
             GError **error) {
  g_autoptr (RunetPool) pool = runet_pool_new ((guint)options->common.threads);
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Measurement));
  GCancellable *cancellable = runet_command_cancellable ();
  g_array_set_clear_func (all, measurement_clear);
  for (guint i = 0; i < patients->len; i++) {
    Measurement one = {.patient = g_ptr_array_index (patients, i),
                       .notes = g_ptr_array_new_with_free_func (g_free),
                       .errors = g_ptr_array_new_with_free_func (g_free)};
    g_array_append_val (all, one);
  }
  for (guint done = 0; done < all->len;) {
    const guint count = MIN (PATIENTS_AT_ONCE, all->len - done);
    Work work = {options, &g_array_index (all, Measurement, done), cancellable};
    runet_pool_run (pool, count, measure_cb, &work);
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    done += count;
    const RunetProgress now = {done, all->len, -1, "patients"};
    runet_command_progress_cb (&now, (gpointer)command);
  }
  runet_command_progress_end ();
  return g_steal_pointer (&all);
}

/* ---------------------------------------------------------------- telling */

/* "biplane", "single-plane 4CH" or "none". */
static const char *
describe_planes (const RunetVolumes *volumes, RunetInstant instant) {
  const gboolean *views = volumes->views[instant];
  if (views[RUNET_VIEW_A2C] && views[RUNET_VIEW_A4C])
    return "biplane";
  if (views[RUNET_VIEW_A4C])
    return "single-plane 4CH";
  return views[RUNET_VIEW_A2C] ? "single-plane 2CH" : "none";
}

static char *
name_patient (const RunetPatient *patient) {
  return patient->subset != NULL ? g_strconcat (patient->subset, "/", patient->id, NULL)
                                 : g_strdup (patient->id);
}

/* A number, or a dash. */
static void
print_number (double value, int decimals) {
  if (isfinite (value))
    g_print ("  %6.*f", decimals, value);
  else
    g_print ("  %6s", "-");
}

static void
print_measurement (const Measurement *self) {
  g_autofree char *name = name_patient (self->patient);
  g_print ("%-24s", name);
  print_number (self->volumes.volume_ml[RUNET_INSTANT_ED], 1);
  print_number (self->volumes.volume_ml[RUNET_INSTANT_ES], 1);
  print_number (self->volumes.ef_percent, 1);
  const RunetGivenVolumes given = runet_patient_get_given_volumes (self->patient);
  print_number (given.edv_ml, 1);
  print_number (given.esv_ml, 1);
  print_number (given.ejection_fraction_percent, 1);
  const char *ed = describe_planes (&self->volumes, RUNET_INSTANT_ED);
  const char *es = describe_planes (&self->volumes, RUNET_INSTANT_ES);
  if (g_str_equal (ed, es))
    g_print ("  %s\n", ed);
  else
    g_print ("  ED %s, ES %s\n", ed, es);
  for (guint i = 0; i < self->notes->len; i++)
    g_print ("  %s\n", (const char *)self->notes->pdata[i]);
}

static void
print_text (const GArray *all, RunetSimpsonMode mode) {
  g_print ("%-24s  EDV ml  ESV ml    EF %%  and as the data set says, mode %s\n",
           "patient", runet_simpson_mode_to_string (mode));
  for (guint i = 0; i < all->len; i++)
    print_measurement (&g_array_index (all, Measurement, i));
}

static void
add_view (JsonBuilder *json, const Measurement *self, RunetView view) {
  json_builder_set_member_name (json, runet_view_to_string (view));
  json_builder_begin_object (json);
  for (guint i = 0; i < RUNET_INSTANTS; i++) {
    if (!self->measures.known[view][i])
      continue;
    const RunetDiscs *discs = &self->measures.discs[view][i];
    json_builder_set_member_name (json, runet_instant_to_string (i));
    json_builder_begin_object (json);
    runet_json_add_number (json, "length_mm",
                           discs->state == RUNET_DISCS_FOUND ? discs->length_mm : NAN);
    runet_json_add_number (json, "area_cm2", discs->area_mm2 / 100);
    json_builder_end_object (json);
  }
  json_builder_end_object (json);
}

static void
add_volumes (JsonBuilder *json, double edv_ml, double esv_ml, double ef_percent) {
  runet_json_add_number (json, "edv_ml", edv_ml);
  runet_json_add_number (json, "esv_ml", esv_ml);
  runet_json_add_number (json, "ef_percent", ef_percent);
}

static void
add_measurement (JsonBuilder *json, const Measurement *self, RunetSimpsonMode mode) {
  const RunetVolumes *volumes = &self->volumes;
  g_autofree char *name = name_patient (self->patient);
  json_builder_begin_object (json);
  runet_json_add_string (json, "patient", name);
  runet_json_add_string (json, "mode", runet_simpson_mode_to_string (mode));
  add_volumes (json, volumes->volume_ml[RUNET_INSTANT_ED],
               volumes->volume_ml[RUNET_INSTANT_ES], volumes->ef_percent);
  json_builder_set_member_name (json, "planes");
  json_builder_begin_object (json);
  for (guint i = 0; i < RUNET_INSTANTS; i++)
    runet_json_add_string (json, runet_instant_to_string (i),
                           describe_planes (volumes, i));
  json_builder_end_object (json);
  json_builder_set_member_name (json, "views");
  json_builder_begin_object (json);
  for (guint v = RUNET_VIEWS; v-- > 0;)
    add_view (json, self, v);
  json_builder_end_object (json);
  const RunetGivenVolumes given = runet_patient_get_given_volumes (self->patient);
  json_builder_set_member_name (json, "reference");
  json_builder_begin_object (json);
  add_volumes (json, given.edv_ml, given.esv_ml, given.ejection_fraction_percent);
  json_builder_end_object (json);
  runet_json_add_elements (json, "notes", self->notes);
  json_builder_end_object (json);
}

/* One patient's folder gives that patient's object, a data set all of them. */
static void
print_json (const GArray *all, RunetSimpsonMode mode, gboolean one) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  if (one)
    add_measurement (json, &g_array_index (all, Measurement, 0), mode);
  else {
    json_builder_begin_object (json);
    runet_json_add_string (json, "mode", runet_simpson_mode_to_string (mode));
    json_builder_set_member_name (json, "patients");
    json_builder_begin_array (json);
    for (guint i = 0; i < all->len; i++)
      add_measurement (json, &g_array_index (all, Measurement, i), mode);
    json_builder_end_array (json);
    json_builder_end_object (json);
  }
  runet_command_print_json (json);
}

/* TRUE when there were none. */
static gboolean
warn_errors (const char *command, const GArray *all) {
  gboolean none = TRUE;
  for (guint i = 0; i < all->len; i++) {
    const GPtrArray *errors = g_array_index (all, Measurement, i).errors;
    for (guint e = 0; e < errors->len; e++)
      runet_command_warn (command, "%s", (const char *)errors->pdata[e]);
    none = none && errors->len == 0;
  }
  return none;
}

static int
run (const char *command, const Options *options, const char *folder) {
  g_autoptr (GError) error = NULL;
  if (options->masks != NULL && !g_file_test (options->masks, G_FILE_TEST_IS_DIR)) {
    runet_command_warn (command, "%s: expected a folder of masks, found none",
                        options->masks);
    return RUNET_EXIT_FAILED;
  }
  g_autoptr (RunetDataset) dataset =
      runet_dataset_open (folder, runet_command_cancellable (), &error);
  g_autoptr (GPtrArray) patients =
      dataset != NULL
          ? runet_command_select_patients (command, dataset, options->list_path, &error)
          : NULL;
  g_autoptr (GArray) all =
      patients != NULL ? measure_all (command, options, patients, &error) : NULL;
  if (all == NULL)
    return runet_command_fail (command, error);
  const gboolean complete = warn_errors (command, all);
  const RunetPatient *first = patients->len == 1 ? patients->pdata[0] : NULL;
  if (options->common.json)
    print_json (all, options->mode,
                first != NULL && g_str_equal (first->path, dataset->path));
  else
    print_text (all, options->mode);
  return complete ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

static void
options_clear (Options *options) {
  g_free (options->list_path);
  g_free (options->masks);
  runet_common_options_clear (&options->common);
}

int
runet_command_measure (int argc, char *argv[]) {
  Options options = {.mode = RUNET_SIMPSON_ASE};
  g_autofree char *mode_name = NULL;
  const GOptionEntry entries[] = {
      {"masks", 0, 0, G_OPTION_ARG_FILENAME, &options.masks,
       "What 'runet segment' wrote here, instead of the experts' masks", "FOLDER"},
      {"mode", 0, 0, G_OPTION_ARG_STRING, &mode_name,
       "ase, or camus: as the script of that data set (ase)", "ase|camus"},
      {"patients", 0, 0, G_OPTION_ARG_FILENAME, &options.list_path,
       "These patients alone, one id a line", "LIST"},
      G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (argc, argv, RUNET_SHARED_THREADS, entries,
                            "PATIENT|DATASET",
                            "Volumes of the left ventricle at end-diastole and "
                            "end-systole and its ejection fraction, by Simpson's "
                            "biplane method of discs.",
                            &options.common, &rest, 1, 1)) {
    options_clear (&options);
    return RUNET_EXIT_USAGE;
  }
  int code = RUNET_EXIT_USAGE;
  if (mode_name != NULL && !runet_simpson_mode_from_string (mode_name, &options.mode))
    runet_command_warn (argv[0], "--mode: expected ase or camus, found '%s'",
                        mode_name);
  else
    code = run (argv[0], &options, rest[0]);
  options_clear (&options);
  return code;
}
