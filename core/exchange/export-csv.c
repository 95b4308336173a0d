/* Measurements as tables: what the model said, what somebody made of it, and the difference. */
#include <math.h>

#include "core/base/csv.h"
#include "core/shape/patient-measures.h"
#include "export-private.h"

#define DECIMALS 4
#define MM2_PER_CM2 100

/* A figure of one frame. */
typedef struct {
  const char *name; /* of the column, with its unit */
  double (*read) (const RunetMeasuredFrame *frame, RunetSide side);
} Measure;

static double
read_endo_area (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->area_mm2[RUNET_STRUCTURE_ENDO] / MM2_PER_CM2;
}

static double
read_epi_area (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->area_mm2[RUNET_STRUCTURE_EPI] / MM2_PER_CM2;
}

static double
read_la_area (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->area_mm2[RUNET_STRUCTURE_LA] / MM2_PER_CM2;
}

static double
read_length (const RunetMeasuredFrame *frame, RunetSide side) {
  const RunetDiscs *discs = &frame->discs[side];
  return discs->state == RUNET_DISCS_FOUND ? discs->length_mm : NAN;
}

static double
read_endo_convexity (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->regularity[RUNET_STRUCTURE_ENDO].convexity;
}

static double
read_endo_simplicity (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->regularity[RUNET_STRUCTURE_ENDO].simplicity;
}

static double
read_epi_convexity (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->regularity[RUNET_STRUCTURE_EPI].convexity;
}

static double
read_epi_simplicity (const RunetMeasuredFrame *frame, RunetSide side) {
  return frame->anatomy[side]->regularity[RUNET_STRUCTURE_EPI].simplicity;
}

static const Measure measures[] = {
    {"endo_area_cm2", read_endo_area},       {"epi_area_cm2", read_epi_area},
    {"la_area_cm2", read_la_area},           {"lv_length_mm", read_length},
    {"endo_convexity", read_endo_convexity}, {"endo_simplicity", read_endo_simplicity},
    {"epi_convexity", read_epi_convexity},   {"epi_simplicity", read_epi_simplicity},
};

/* NAME, model_NAME and difference_NAME; @last: of the line. */
static void
append_columns (GString *csv, const char *name, gboolean last) {
  g_autofree char *model = g_strconcat ("model_", name, NULL);
  g_autofree char *difference = g_strconcat ("difference_", name, NULL);
  runet_csv_append (csv, name, FALSE);
  runet_csv_append (csv, model, FALSE);
  runet_csv_append (csv, difference, last);
}

static void
append_values (GString *csv, double final, double model, gboolean last) {
  runet_csv_append_number (csv, final, DECIMALS, FALSE);
  runet_csv_append_number (csv, model, DECIMALS, FALSE);
  runet_csv_append_number (csv, final - model, DECIMALS, last);
}

/* Names may be any bytes. */
static void
append_text (GString *csv, const char *text, gboolean last) {
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  runet_csv_append (csv, valid, last);
}

/* ---- A line for each frame ---- */

static void
append_frame (GString *csv,
              const RunetVersion *version,
              const RunetMeasuredFrame *frame) {
  g_autofree char *time = runet_time_to_string (version->time);
  g_autofree char *number =
      frame->frame > 0 ? g_strdup_printf ("%d", frame->frame) : NULL;
  g_autoptr (GString) tools = g_string_new (NULL);
  for (guint i = 0; i < frame->tools->len; i++)
    g_string_append_printf (tools, "%s%s", i > 0 ? "; " : "",
                            (const char *)frame->tools->pdata[i]);
  append_text (csv, version->subject.subset, FALSE);
  append_text (csv, version->subject.patient, FALSE);
  append_text (csv, runet_view_to_string (version->subject.view), FALSE);
  append_text (csv,
               frame->instant >= 0
                   ? runet_instant_to_string ((RunetInstant)frame->instant)
                   : NULL,
               FALSE);
  append_text (csv, number, FALSE);
  append_text (csv,
               version->finished ? runet_review_status_to_string (version->status)
                                 : "unfinished",
               FALSE);
  append_text (csv, frame->edited ? "yes" : "no", FALSE);
  append_text (csv, tools->str, FALSE);
  append_text (csv, version->author, FALSE);
  append_text (csv, version->role, FALSE);
  append_text (csv, time, FALSE);
  append_text (csv, version->model, FALSE);
  for (gsize m = 0; m < G_N_ELEMENTS (measures); m++)
    append_values (csv, measures[m].read (frame, RUNET_SIDE_FINAL),
                   measures[m].read (frame, RUNET_SIDE_MODEL),
                   m + 1 == G_N_ELEMENTS (measures));
}

static GString *
list_measurements (const RunetVersions *versions) {
  GString *csv = g_string_new (
      "subset,patient,view,instant,frame,status,edited,tools,author,role,time_utc,"
      "model_sha256,");
  for (gsize m = 0; m < G_N_ELEMENTS (measures); m++)
    append_columns (csv, measures[m].name, m + 1 == G_N_ELEMENTS (measures));
  for (guint i = 0; i < versions->versions->len; i++) {
    const RunetVersion *version = versions->versions->pdata[i];
    for (guint f = 0; f < version->measured->len; f++)
      append_frame (csv, version, version->measured->pdata[f]);
  }
  return csv;
}

/* ---- A line for each patient ---- */

static void
volumes_free (gpointer data) {
  RunetPatientVolumes *self = data;
  g_ptr_array_unref (self->versions);
  g_free (self);
}

static gboolean
is_of_patient (const RunetPatientVolumes *patient, const RunetSubject *subject) {
  return g_strcmp0 (patient->subject->subset, subject->subset) == 0 &&
         g_strcmp0 (patient->subject->patient, subject->patient) == 0;
}

static void
compute (RunetPatientVolumes *self) {
  for (int side = 0; side < RUNET_SIDES; side++) {
    RunetPatientMeasures all = {0};
    for (guint i = 0; i < self->versions->len; i++) {
      const RunetVersion *version = self->versions->pdata[i];
      for (int k = 0; k < RUNET_INSTANTS; k++) {
        const RunetMeasuredFrame *frame = runet_version_find_measured (version, k, 0);
        all.known[version->subject.view][k] = frame != NULL;
        if (frame != NULL)
          all.discs[version->subject.view][k] = frame->discs[side];
      }
    }
    self->volumes[side] = runet_patient_measures_compute (&all, RUNET_SIMPSON_ASE);
  }
}

GPtrArray *
runet_versions_list_volumes (const RunetVersions *versions) {
  g_return_val_if_fail (versions != NULL, NULL);
  GPtrArray *list = g_ptr_array_new_with_free_func (volumes_free);
  /* Versions are in the order of their patients. */
  for (guint i = 0; i < versions->versions->len; i++) {
    RunetVersion *version = versions->versions->pdata[i];
    RunetPatientVolumes *last = list->len > 0 ? list->pdata[list->len - 1] : NULL;
    if (last == NULL || !is_of_patient (last, &version->subject)) {
      last = g_new0 (RunetPatientVolumes, 1);
      last->subject = &version->subject;
      last->versions = g_ptr_array_new ();
      g_ptr_array_add (list, last);
    }
    g_ptr_array_add (last->versions, version);
  }
  for (guint i = 0; i < list->len; i++)
    compute (list->pdata[i]);
  return list;
}

/* What @read says of each of the patient's views, each once: most often all have one author. */
static void
append_joined (GString *csv,
               const RunetPatientVolumes *patient,
               char *(*read) (const RunetVersion *),
               gboolean last) {
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) joined = g_string_new (NULL);
  for (guint i = 0; i < patient->versions->len; i++) {
    char *text = read (patient->versions->pdata[i]);
    if (text == NULL ||
        g_ptr_array_find_with_equal_func (seen, text, g_str_equal, NULL)) {
      g_free (text);
      continue;
    }
    g_string_append_printf (joined, "%s%s", seen->len > 0 ? "; " : "", text);
    g_ptr_array_add (seen, text);
  }
  append_text (csv, joined->str, last);
}

static char *
read_view (const RunetVersion *version) {
  return g_strdup (runet_view_to_string (version->subject.view));
}

static char *
read_author (const RunetVersion *version) {
  return g_strdup (version->author);
}

static char *
read_time (const RunetVersion *version) {
  return runet_time_to_string (version->time);
}

static char *
read_model (const RunetVersion *version) {
  return g_strdup (version->model);
}

static GString *
list_volumes (const RunetVersions *versions) {
  static const char *const names[] = {"edv_ml", "esv_ml", "ef_percent"};
  GString *csv = g_string_new ("subset,patient,views,author,time_utc,model_sha256,");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    append_columns (csv, names[i], i + 1 == G_N_ELEMENTS (names));
  g_autoptr (GPtrArray) patients = runet_versions_list_volumes (versions);
  for (guint i = 0; i < patients->len; i++) {
    const RunetPatientVolumes *patient = patients->pdata[i];
    const RunetVolumes *final = &patient->volumes[RUNET_SIDE_FINAL];
    const RunetVolumes *model = &patient->volumes[RUNET_SIDE_MODEL];
    append_text (csv, patient->subject->subset, FALSE);
    append_text (csv, patient->subject->patient, FALSE);
    append_joined (csv, patient, read_view, FALSE);
    append_joined (csv, patient, read_author, FALSE);
    append_joined (csv, patient, read_time, FALSE);
    append_joined (csv, patient, read_model, FALSE);
    for (int k = 0; k < RUNET_INSTANTS; k++)
      append_values (csv, final->volume_ml[k], model->volume_ml[k], FALSE);
    append_values (csv, final->ef_percent, model->ef_percent, TRUE);
  }
  return csv;
}

gboolean
runet_export_csv_write (RunetExportFolder *folder,
                        const RunetVersions *versions,
                        GError **error) {
  g_autoptr (GString) frames = list_measurements (versions);
  g_autoptr (GString) patients = list_volumes (versions);
  return runet_export_folder_write (folder, "measurements.csv", frames->str,
                                    frames->len, error) &&
         runet_export_folder_write (folder, "volumes.csv", patients->str, patients->len,
                                    error);
}
