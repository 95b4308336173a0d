/* Writes synthetic studies: images both views of a patient frame by frame and saves the
 * files. */
#include "phantom.h"
#include "patient.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include "core/base/error.h"
#include "core/base/pool.h"
#include "core/echo/image.h"
#include "core/echo/label-map.h"

#define FIRST_ID 9001
#define STILLS RUNET_INSTANTS
/* Streams of random numbers of a patient: 0 is the patient, then one for each scanner,
 * then one for each frame. */
#define SCANNER_STREAM 1
#define FRAME_STREAM 1000
/* Image and mask of the sequence and of each still. */
#define FILES_PER_VIEW (2 * (1 + STILLS))

/* Both views of one patient while they are made. */
typedef struct {
  RunetPhantomPatient patient;
  RunetScanner *scanners[RUNET_VIEWS];
  RunetImage *images[RUNET_VIEWS];
  RunetLabelMap *masks[RUNET_VIEWS];
  char *folder;
  char *id;
  GCancellable *cancellable;
  GMutex lock; /* of error */
  GError *error; /* of the first file that could not be written */
} Study;

static void
study_free (Study *study) {
  for (int view = 0; view < RUNET_VIEWS; view++) {
    g_clear_pointer (&study->scanners[view], runet_scanner_free);
    g_clear_pointer (&study->images[view], runet_image_unref);
    g_clear_pointer (&study->masks[view], runet_label_map_unref);
  }
  g_clear_error (&study->error);
  g_mutex_clear (&study->lock);
  g_free (study->folder);
  g_free (study->id);
  g_free (study);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Study, study_free)

static gboolean
prepare_view (Study *study, RunetView view, GError **error) {
  const RunetPhantomPatient *patient = &study->patient;
  const RunetPhantomView *plan = &patient->views[view];
  g_autofree RunetHeartShape *rest = g_new0 (RunetHeartShape, 1);
  g_autoptr (GRand) rand = runet_phantom_patient_rand (patient, SCANNER_STREAM + view);
  g_autoptr (RunetGrid) grid = runet_grid_new (
      plan->grid.width, plan->grid.height, plan->frames, plan->grid.spacing_mm,
      plan->grid.spacing_mm, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_FLOAT32);

  study->images[view] = runet_image_new (grid, error);
  if (study->images[view] == NULL)
    return FALSE;
  study->masks[view] = runet_label_map_new (grid, error);
  if (study->masks[view] == NULL)
    return FALSE;
  runet_heart_shape (&patient->heart, view, 0, 0, rest);
  study->scanners[view] = runet_scanner_new (&plan->settings, rest, &plan->grid, rand);
  return TRUE;
}

static Study *
study_new (const char *folder,
           guint32 seed,
           guint number,
           GCancellable *cancellable,
           GError **error) {
  g_autoptr (Study) study = g_new0 (Study, 1);
  g_mutex_init (&study->lock);
  study->cancellable = cancellable;
  study->id = g_strdup_printf ("patient%04u", FIRST_ID + number);
  study->folder = g_build_filename (folder, study->id, NULL);
  runet_phantom_patient_init (&study->patient, seed, number);
  for (int view = 0; view < RUNET_VIEWS; view++)
    if (!prepare_view (study, view, error))
      return NULL;
  return g_steal_pointer (&study);
}

/* Tasks count the frames of the one view, then those of the other. */
static void
image_frame_cb (gsize task, guint worker, gpointer user_data) {
  Study *study = user_data;
  guint first = study->patient.views[0].frames;
  RunetView view = task < first ? 0 : 1;
  guint frame = (guint)(task < first ? task : task - first);
  const RunetPhantomView *plan = &study->patient.views[view];
  gsize offset = frame * plan->grid.width * plan->grid.height;
  g_autofree RunetHeartShape *shape = g_new0 (RunetHeartShape, 1);
  g_autoptr (GRand) rand = NULL;
  double contraction, opening;

  if (g_cancellable_is_cancelled (study->cancellable))
    return;
  rand =
      runet_phantom_patient_rand (&study->patient, FRAME_STREAM * (view + 1) + frame);
  runet_phantom_view_moment (plan, frame, &contraction, &opening);
  runet_heart_shape (&study->patient.heart, view, contraction, opening, shape);
  runet_scanner_image (study->scanners[view], shape, rand,
                       study->images[view]->pixels + offset);
  runet_heart_fill_labels (shape, &plan->grid, study->masks[view]->labels + offset);
}

static guint
frame_of (const RunetPhantomView *plan, RunetInstant instant) {
  return (instant == RUNET_INSTANT_ED) == plan->es_first ? plan->frames - 1 : 0;
}

static gboolean
write_still (const Study *study,
             RunetView view,
             RunetInstant instant,
             const char *path,
             GError **error) {
  const RunetImage *sequence = study->images[view];
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (sequence->grid, 1);
  g_autoptr (RunetImage) still = NULL;

  grid->has_time_axis = FALSE;
  still = runet_image_new (grid, error);
  if (still == NULL)
    return FALSE;
  memcpy (still->pixels,
          runet_image_frame (sequence, frame_of (&study->patient.views[view], instant)),
          grid->width * grid->height * sizeof (float));
  return runet_image_write (still, path, error);
}

static gboolean
write_still_mask (const Study *study,
                  RunetView view,
                  RunetInstant instant,
                  const char *path,
                  GError **error) {
  guint frame = frame_of (&study->patient.views[view], instant);
  g_autoptr (RunetLabelMap) still =
      runet_label_map_extract (study->masks[view], frame, error);
  return still != NULL && runet_label_map_write (still, path, error);
}

/* File @file (0 … FILES_PER_VIEW - 1) of a view: ED, ES, the half sequence; each as
 * image, then as mask. */
static gboolean
write_file (const Study *study, RunetView view, guint file, GError **error) {
  guint part = file / 2;
  gboolean mask = file % 2 == 1;
  const char *what = part < STILLS ? runet_instant_to_string (part) : "half_sequence";
  g_autofree char *name =
      g_strdup_printf ("%s_%s_%s%s.nii.gz", study->id, runet_view_to_string (view),
                       what, mask ? "_gt" : "");
  g_autofree char *path = g_build_filename (study->folder, name, NULL);

  if (part < STILLS)
    return mask ? write_still_mask (study, view, part, path, error)
                : write_still (study, view, part, path, error);
  return mask ? runet_label_map_write (study->masks[view], path, error)
              : runet_image_write (study->images[view], path, error);
}

static void
write_file_cb (gsize task, guint worker, gpointer user_data) {
  Study *study = user_data;
  /* The sequences take longest, so they come first. */
  guint file = (guint)(FILES_PER_VIEW - 1 - task / RUNET_VIEWS);
  g_autoptr (GError) error = NULL;

  if (write_file (study, task % RUNET_VIEWS, file, &error))
    return;
  g_mutex_lock (&study->lock);
  if (study->error == NULL)
    study->error = g_steal_pointer (&error);
  g_mutex_unlock (&study->lock);
}

static gboolean
write_text (const Study *study, RunetView view, GError **error) {
  const RunetPhantomPatient *patient = &study->patient;
  const RunetPhantomView *plan = &patient->views[view];
  g_autofree char *name = g_strdup_printf ("Info_%s.cfg", runet_view_to_string (view));
  g_autofree char *path = g_build_filename (study->folder, name, NULL);
  g_autoptr (GError) cause = NULL;
  char ejection[G_ASCII_DTOSTR_BUF_SIZE], rate[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = g_strdup_printf (
      "ED: %u\nES: %u\nNbFrame: %u\nSex: %c\nAge: %d\nImageQuality: %s\nEF: %s\n"
      "FrameRate: %s\n",
      frame_of (plan, RUNET_INSTANT_ED) + 1, frame_of (plan, RUNET_INSTANT_ES) + 1,
      plan->frames, patient->sex, patient->age_years,
      runet_quality_to_string (plan->quality),
      g_ascii_formatd (ejection, sizeof ejection, "%.1f",
                       patient->ejection_fraction_percent),
      g_ascii_formatd (rate, sizeof rate, "%.1f", patient->frame_rate_hz));

  if (g_file_set_contents (path, text, -1, &cause))
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
               "%s: expected to write it, found: %s", path, cause->message);
  return FALSE;
}

/* Nothing is written before all frames are there, and then everything is: a patient is
 * complete or absent, also when the work is cancelled. */
static gboolean
write_patient (const char *folder,
               guint32 seed,
               guint number,
               RunetPool *pool,
               GCancellable *cancellable,
               GError **error) {
  g_autoptr (Study) study = study_new (folder, seed, number, cancellable, error);
  if (study == NULL)
    return FALSE;
  runet_pool_run (pool, study->patient.views[0].frames + study->patient.views[1].frames,
                  image_frame_cb, study);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (g_mkdir_with_parents (study->folder, 0777) != 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                 "%s: expected to make the folder, found: %s", study->folder,
                 g_strerror (errno));
    return FALSE;
  }
  runet_pool_run (pool, RUNET_VIEWS * FILES_PER_VIEW, write_file_cb, study);
  if (study->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&study->error));
    return FALSE;
  }
  for (int view = 0; view < RUNET_VIEWS; view++)
    if (!write_text (study, view, error))
      return FALSE;
  return TRUE;
}

gboolean
runet_phantom_write (const char *folder,
                     guint patients,
                     guint32 seed,
                     RunetProgressFunc progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error) {
  g_autoptr (RunetPool) pool = NULL;
  gint64 start = g_get_monotonic_time ();

  g_return_val_if_fail (folder != NULL, FALSE);
  pool = runet_pool_new (0);
  for (guint number = 0; number < patients; number++) {
    double seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    g_autofree char *text = g_strdup_printf ("patient%04u", FIRST_ID + number);
    RunetProgress state = {number, patients,
                           number > 0 ? seconds / number * (patients - number) : -1,
                           text};
    if (progress != NULL)
      progress (&state, user_data);
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !write_patient (folder, seed, number, pool, cancellable, error))
      return FALSE;
  }
  if (progress != NULL)
    progress (&(RunetProgress){patients, patients, 0, NULL}, user_data);
  return TRUE;
}
