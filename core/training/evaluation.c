/* How well a model, or predictions on disk, agree with the experts. */
#include "evaluation.h"

#include <math.h>

#include "core/base/error.h"
#include "prediction.h"

/* Images in memory at a time: read in parallel, segmented one after the other, measured in
 * parallel. Of large ones, which take 5 bytes a pixel as grey and expert's mask and 2 as both stages, fewer. */
#define IMAGES_AT_ONCE 16
#define PIXELS_AT_ONCE_PER_WORKER ((gsize)1 << 20)

/* One image on its way. */
typedef struct {
  const RunetPatient *patient;
  guint number; /* of the patient, from 0 */
  RunetView view;
  RunetInstant instant;

  RunetImage *image; /* (nullable): not needed for predictions on disk */
  RunetLabelMap *reference;
  GPtrArray *stages; /* (element-type RunetLabelMap) */
  GError *error; /* why it is skipped */
  RunetImageEvaluation *result;
} Case;

typedef struct {
  RunetSegmenter *segmenter; /* (nullable) */
  RunetSegmentFlags flags;
  const char *folder; /* (nullable) */
  GCancellable *cancellable;
  Case *cases;
} Work;

static void
clear_case (Case *self) {
  g_clear_pointer (&self->image, runet_image_unref);
  g_clear_pointer (&self->reference, runet_label_map_unref);
  g_clear_pointer (&self->stages, g_ptr_array_unref);
  g_clear_error (&self->error);
}

static void
free_result (gpointer data) {
  RunetImageEvaluation *result = data;
  for (guint k = 0; k < result->stages; k++) {
    g_clear_pointer (&result->comparison[k], runet_comparison_free);
    g_clear_pointer (&result->anatomy[k], runet_anatomy_free);
  }
  g_free (result->comparison);
  g_free (result->anatomy);
  g_free (result->name);
  g_free (result);
}

static void
free_problem (gpointer data) {
  RunetProblem *problem = data;
  g_free (problem->path);
  g_free (problem->message);
  g_free (problem);
}

/* "the image" or a prediction's path. Predictions may be PNGs, which do not tell their spacing. */
static gboolean
check_grid (const RunetGrid *reference,
            const RunetGrid *other,
            const char *what,
            GError **error) {
  gboolean spaced = !isnan (other->spacing_x_mm) && !isnan (other->spacing_y_mm);
  if (spaced ? runet_grid_equal (reference, other)
             : reference->width == other->width && reference->height == other->height &&
                   other->frames == 1)
    return TRUE;
  g_set_error (
      error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
      "%s: expected %zu × %zu × 1 pixels of %g × %g mm as the expert's mask has, "
      "found %zu × %zu × %zu of %g × %g mm",
      what, reference->width, reference->height, reference->spacing_x_mm,
      reference->spacing_y_mm, other->width, other->height, other->frames,
      other->spacing_x_mm, other->spacing_y_mm);
  return FALSE;
}

static gboolean
read_prediction (const Work *work, Case *self, const char *path, GError **error) {
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, work->cancellable, error);
  if (map == NULL)
    return FALSE;
  if (!check_grid (self->reference->grid, map->grid, path, error))
    return FALSE;
  g_ptr_array_add (self->stages, g_steal_pointer (&map));
  return TRUE;
}

static gboolean
read_predictions (const Work *work, Case *self, GError **error) {
  g_autofree char *stem = runet_patient_stem (self->patient, self->view, self->instant);
  for (;;) {
    g_autofree char *suffix = g_strdup_printf ("stage%u", self->stages->len + 1);
    g_autofree char *path =
        runet_prediction_find (work->folder, self->patient, stem, suffix);
    if (path == NULL)
      break;
    if (!read_prediction (work, self, path, error))
      return FALSE;
  }
  if (self->stages->len > 0)
    return TRUE;
  g_autofree char *path =
      runet_prediction_find (work->folder, self->patient, stem, "pred");
  if (path != NULL)
    return read_prediction (work, self, path, error);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
               "expected %s_pred.* in %s, found none", stem, work->folder);
  return FALSE;
}

static gboolean
read_case (const Work *work, Case *self, GError **error) {
  const RunetViewFiles *files = &self->patient->views[self->view];
  self->stages = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_label_map_unref);
  self->reference =
      runet_view_read_still_mask (files, self->instant, work->cancellable, error);
  if (self->reference == NULL)
    return FALSE;
  if (work->folder != NULL)
    return read_predictions (work, self, error);
  self->image = runet_view_read_still (files, self->instant, work->cancellable, error);
  return self->image != NULL &&
         check_grid (self->reference->grid, self->image->grid, "the image", error);
}

static void
read_cb (gsize task, guint worker, gpointer user_data) {
  const Work *work = user_data;
  Case *self = &work->cases[task];
  read_case (work, self, &self->error);
}

static void
segment_case (const Work *work, Case *self) {
  g_autoptr (RunetSegmentation) segmentation = runet_segmenter_run (
      work->segmenter, self->image, 0, work->flags | RUNET_SEGMENT_NO_REGIONS,
      work->cancellable, &self->error);
  g_clear_pointer (&self->image, runet_image_unref);
  for (guint k = 0; segmentation != NULL && k < segmentation->stages; k++)
    g_ptr_array_add (self->stages, runet_label_map_ref (segmentation->labels[k]));
}

static void
measure_cb (gsize task, guint worker, gpointer user_data) {
  const Work *work = user_data;
  Case *self = &work->cases[task];
  if (self->error != NULL)
    return;
  const RunetGrid *grid = self->reference->grid;
  RunetImageEvaluation *result = g_new0 (RunetImageEvaluation, 1);
  result->name = runet_patient_stem (self->patient, self->view, self->instant);
  result->patient = self->number;
  result->view = self->view;
  result->instant = self->instant;
  result->stages = self->stages->len;
  result->comparison = g_new0 (RunetComparison *, result->stages);
  result->anatomy = g_new0 (RunetAnatomy *, result->stages);
  for (guint k = 0; k < result->stages; k++) {
    const RunetLabelMap *map = g_ptr_array_index (self->stages, k);
    result->comparison[k] = runet_comparison_new (
        self->reference->labels, map->labels, grid->width, grid->height,
        grid->spacing_x_mm, grid->spacing_y_mm, self->instant);
    result->anatomy[k] = runet_anatomy_new (map->labels, grid->width, grid->height,
                                            grid->spacing_x_mm, grid->spacing_y_mm);
  }
  result->expert =
      runet_discs_measure (self->reference->labels, grid->width, grid->height,
                           grid->spacing_x_mm, grid->spacing_y_mm);
  if (result->stages > 0)
    result->found = runet_discs_measure (
        ((RunetLabelMap *)self->stages->pdata[result->stages - 1])->labels, grid->width,
        grid->height, grid->spacing_x_mm, grid->spacing_y_mm);
  self->result = result;
}

static GArray *
list_cases (GPtrArray *patients) {
  GArray *cases = g_array_new (FALSE, TRUE, sizeof (Case));
  for (guint i = 0; i < patients->len; i++)
    for (int view = 0; view < RUNET_VIEWS; view++)
      for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
        Case one = {g_ptr_array_index (patients, i), i, view, instant};
        if (one.patient->views[view].present)
          g_array_append_val (cases, one);
      }
  return cases;
}

/* Errors that are about the whole work, not about one image. */
static gboolean
is_fatal (const GError *error) {
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, RUNET_ERROR, RUNET_ERROR_ENGINE) ||
         g_error_matches (error, RUNET_ERROR, RUNET_ERROR_MEMORY);
}

/* Moves results and problems of @count cases into @evaluation, in order. */
static gboolean
collect (RunetEvaluation *evaluation, Case *cases, gsize count, GError **error) {
  for (gsize i = 0; i < count; i++) {
    if (cases[i].result != NULL)
      g_ptr_array_add (evaluation->images, g_steal_pointer (&cases[i].result));
    if (cases[i].error == NULL)
      continue;
    if (is_fatal (cases[i].error)) {
      if (error != NULL && *error == NULL)
        *error = g_steal_pointer (&cases[i].error);
      continue;
    }
    RunetProblem *problem = g_new0 (RunetProblem, 1);
    problem->path =
        runet_patient_stem (cases[i].patient, cases[i].view, cases[i].instant);
    problem->message = g_strdup (cases[i].error->message);
    g_ptr_array_add (evaluation->skipped, problem);
  }
  for (gsize i = 0; i < count; i++)
    clear_case (&cases[i]);
  return error == NULL || *error == NULL;
}

static void
run_cases (const Work *work, RunetPool *pool, gsize count) {
  runet_pool_run (pool, count, read_cb, (gpointer)work);
  for (gsize i = 0; work->segmenter != NULL && i < count; i++)
    if (work->cases[i].error == NULL)
      segment_case (work, &work->cases[i]);
  runet_pool_run (pool, count, measure_cb, (gpointer)work);
}

/* How many of the next @cases are run together; at least one. */
static gsize
count_together (const Case *cases, gsize left, guint workers) {
  gsize pixels = 0, count = 0;
  for (; count < MIN (IMAGES_AT_ONCE, left); count++) {
    const RunetViewFiles *files = &cases[count].patient->views[cases[count].view];
    pixels += runet_view_count_pixels (files, cases[count].instant);
    if (count > 0 && pixels > workers * PIXELS_AT_ONCE_PER_WORKER)
      break;
  }
  return count;
}

static RunetEvaluation *
evaluate (Work *work,
          GPtrArray *patients,
          RunetPool *pool,
          RunetProgressFunc progress,
          gpointer user_data,
          GError **error) {
  g_autoptr (RunetEvaluation) evaluation = g_new0 (RunetEvaluation, 1);
  evaluation->images = g_ptr_array_new_with_free_func (free_result);
  evaluation->skipped = g_ptr_array_new_with_free_func (free_problem);
  g_autoptr (GArray) cases = list_cases (patients);
  gint64 start = g_get_monotonic_time ();
  for (gsize done = 0; done < cases->len;) {
    work->cases = &g_array_index (cases, Case, done);
    gsize count =
        count_together (work->cases, cases->len - done, runet_pool_get_workers (pool));
    run_cases (work, pool, count);
    GError *failure = NULL;
    if (!collect (evaluation, work->cases, count, &failure) ||
        g_cancellable_set_error_if_cancelled (work->cancellable, &failure)) {
      g_propagate_error (error, failure);
      return NULL;
    }
    done += count;
    double seconds = (double)(g_get_monotonic_time () - start) * 1e-6;
    RunetProgress now = {done, cases->len,
                         seconds * (double)(cases->len - done) / (double)done,
                         "images"};
    if (progress != NULL)
      progress (&now, user_data);
  }
  return g_steal_pointer (&evaluation);
}

RunetEvaluation *
runet_evaluation_of_model (GPtrArray *patients,
                           RunetSegmenter *segmenter,
                           RunetSegmentFlags flags,
                           RunetPool *pool,
                           RunetProgressFunc progress,
                           gpointer user_data,
                           GCancellable *cancellable,
                           GError **error) {
  Work work = {.segmenter = segmenter, .flags = flags, .cancellable = cancellable};
  RunetEvaluation *evaluation =
      evaluate (&work, patients, pool, progress, user_data, error);
  if (evaluation != NULL)
    evaluation->stages = runet_segmenter_get_model (segmenter)->graph->outputs->len;
  return evaluation;
}

/* What not all images have cannot be compared: leaves the stages that all do. When only the
 * final label map is there, it is the one stage. */
static guint
count_common_stages (const RunetEvaluation *evaluation) {
  guint stages = G_MAXUINT;
  for (guint i = 0; i < evaluation->images->len; i++) {
    const RunetImageEvaluation *image = g_ptr_array_index (evaluation->images, i);
    stages = MIN (stages, image->stages);
  }
  return evaluation->images->len > 0 ? stages : 0;
}

RunetEvaluation *
runet_evaluation_of_predictions (GPtrArray *patients,
                                 const char *folder,
                                 RunetPool *pool,
                                 RunetProgressFunc progress,
                                 gpointer user_data,
                                 GCancellable *cancellable,
                                 GError **error) {
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 "%s: expected a folder of predictions, found none", folder);
    return NULL;
  }
  Work work = {.folder = folder, .cancellable = cancellable};
  RunetEvaluation *evaluation =
      evaluate (&work, patients, pool, progress, user_data, error);
  if (evaluation != NULL)
    evaluation->stages = count_common_stages (evaluation);
  return evaluation;
}

void
runet_evaluation_free (RunetEvaluation *evaluation) {
  if (evaluation == NULL)
    return;
  g_ptr_array_unref (evaluation->images);
  g_ptr_array_unref (evaluation->skipped);
  g_free (evaluation);
}

/* Running mean and sum of squared deviations (Welford, Technometrics 4(3), 1962). */
static void
add_value (RunetMeanSd *self, double value) {
  if (!isfinite (value))
    return;
  self->count++;
  double before = value - self->mean;
  self->mean += before / self->count;
  self->sd += before * (value - self->mean);
}

static void
finish (RunetMeanSd *self) {
  self->mean = self->count > 0 ? self->mean : NAN;
  self->sd = self->count > 1 ? sqrt (self->sd / (self->count - 1)) : NAN;
}

RunetStageSummary
runet_evaluation_summarize (const RunetEvaluation *evaluation,
                            guint stage,
                            RunetInstant instant) {
  RunetStageSummary summary = {0};
  for (guint i = 0; i < evaluation->images->len; i++) {
    const RunetImageEvaluation *image = g_ptr_array_index (evaluation->images, i);
    if (stage >= image->stages ||
        (instant != RUNET_INSTANTS && image->instant != instant))
      continue;
    summary.images++;
    summary.geometrical += image->comparison[stage]->outlier ? 1 : 0;
    summary.anatomical += image->anatomy[stage]->outlier ? 1 : 0;
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      const RunetAgreement *agreement = &image->comparison[stage]->agreement[s];
      add_value (&summary.dice[s], agreement->dice);
      add_value (&summary.mad_mm[s], agreement->mad_mm);
      add_value (&summary.hd_mm[s], agreement->hd_mm);
    }
  }
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    finish (&summary.dice[s]);
    finish (&summary.mad_mm[s]);
    finish (&summary.hd_mm[s]);
  }
  return summary;
}
