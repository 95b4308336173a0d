/* `runet segment`: what a model sees in images, patients or data sets, as files. */
#include "command.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include "comparison-json.h"
#include "core/base/error.h"
#include "core/segmentation/segmenter.h"
#include "core/shape/anatomy.h"
#include "segment-jobs.h"

typedef struct {
  char *model;
  char *output;
  gboolean roi, stages, probabilities, raw, sequences;
} SegmentOptions;

/* All frames of one image: per stage the label maps, the regions, the probabilities. */
typedef struct {
  guint stages;
  gsize classes;
  RunetLabelMap **labels; /* stages */
  float **regions; /* stages - 1: F × H × W */
  float **probabilities; /* stages: F × classes × H × W, or NULL */
} Result;

static void
result_free (Result *result) {
  if (result == NULL)
    return;
  for (guint k = 0; k < result->stages; k++) {
    g_clear_pointer (&result->labels[k], runet_label_map_unref);
    g_free (result->regions[k]);
    g_free (result->probabilities[k]);
  }
  g_free (result->labels);
  g_free (result->regions);
  g_free (result->probabilities);
  g_free (result);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Result, result_free)

static float *
try_planes (const RunetGrid *grid, gsize planes, GError **error) {
  float *values = g_try_malloc0_n (grid->width * grid->height, planes * sizeof (float));
  if (values == NULL)
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "expected memory for %" G_GSIZE_FORMAT " planes of %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT ", found none",
                 planes, grid->width, grid->height);
  return values;
}

static Result *
result_new (RunetGrid *grid,
            const RunetSegmentation *first,
            const SegmentOptions *options,
            GError **error) {
  g_autoptr (Result) result = g_new0 (Result, 1);
  result->stages = first->stages;
  result->classes = first->classes;
  result->labels = g_new0 (RunetLabelMap *, first->stages);
  result->regions = g_new0 (float *, first->stages);
  result->probabilities = g_new0 (float *, first->stages);
  for (guint k = 0; k < first->stages; k++) {
    result->labels[k] = runet_label_map_new (grid, error);
    if (result->labels[k] == NULL)
      return NULL;
    if (options->roi && first->regions[k] != NULL) {
      result->regions[k] = try_planes (grid, grid->frames, error);
      if (result->regions[k] == NULL)
        return NULL;
    }
    if (options->probabilities) {
      result->probabilities[k] =
          try_planes (grid, grid->frames * first->classes, error);
      if (result->probabilities[k] == NULL)
        return NULL;
    }
  }
  return g_steal_pointer (&result);
}

static void
result_store (Result *result,
              const RunetGrid *grid,
              gsize frame,
              const RunetSegmentation *from) {
  gsize area = grid->width * grid->height;
  for (guint k = 0; k < result->stages; k++) {
    memcpy (result->labels[k]->labels + frame * area, from->labels[k]->labels, area);
    if (result->regions[k] != NULL)
      memcpy (result->regions[k] + frame * area, from->regions[k],
              area * sizeof (float));
    if (result->probabilities[k] != NULL)
      memcpy (result->probabilities[k] + frame * area * result->classes,
              from->probabilities[k], area * result->classes * sizeof (float));
  }
}

static Result *
segment_image (RunetSegmenter *segmenter,
               const RunetImage *image,
               const SegmentOptions *options,
               GError **error) {
  RunetSegmentFlags flags = (options->raw ? RUNET_SEGMENT_RAW : 0) |
                            (options->probabilities ? RUNET_SEGMENT_PROBABILITIES : 0);
  g_autoptr (Result) result = NULL;
  for (gsize f = 0; f < image->grid->frames; f++) {
    g_autoptr (RunetSegmentation) one = runet_segmenter_run (
        segmenter, image, f, flags, runet_command_cancellable (), error);
    if (one == NULL)
      return NULL;
    if (result == NULL)
      result = result_new (image->grid, one, options, error);
    if (result == NULL)
      return NULL;
    result_store (result, image->grid, f, one);
  }
  return g_steal_pointer (&result);
}

/* "FOLDER/STEM_roi1.nii.gz". */
static char *
output_path (const RunetSegmentJob *job, const char *extension, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static char *
output_path (const RunetSegmentJob *job,
             const char *extension,
             const char *format,
             ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *suffix = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *name = g_strdup_printf ("%s_%s.%s", job->stem, suffix, extension);
  return g_build_filename (job->folder, name, NULL);
}

static gboolean
write_planes_of (const RunetSegmentJob *job,
                 const RunetGrid *grid,
                 const float *values,
                 gsize planes,
                 const char *path,
                 JsonBuilder *json,
                 GError **error) {
  if (!runet_planes_write (grid, values, planes * grid->frames, path, error))
    return FALSE;
  runet_json_add_element (json, path);
  return TRUE;
}

static gboolean
write_result (const Result *result,
              const RunetSegmentJob *job,
              const RunetGrid *grid,
              const SegmentOptions *options,
              JsonBuilder *json,
              GError **error) {
  const char *extension = runet_format_extension (grid->format);
  g_autofree char *final = output_path (job, extension, "pred");
  if (!runet_label_map_write (result->labels[result->stages - 1], final, error))
    return FALSE;
  runet_json_add_element (json, final);
  for (guint k = 0; k < result->stages; k++) {
    g_autofree char *stage = output_path (job, extension, "stage%u", k + 1);
    g_autofree char *roi = output_path (job, "nii.gz", "roi%u", k + 1);
    g_autofree char *prob = output_path (job, "nii.gz", "stage%u_prob", k + 1);
    if (options->stages) {
      if (!runet_label_map_write (result->labels[k], stage, error))
        return FALSE;
      runet_json_add_element (json, stage);
    }
    if (result->regions[k] != NULL &&
        !write_planes_of (job, grid, result->regions[k], 1, roi, json, error))
      return FALSE;
    if (result->probabilities[k] != NULL &&
        !write_planes_of (job, grid, result->probabilities[k], result->classes, prob,
                          json, error))
      return FALSE;
  }
  return TRUE;
}

static void
add_anatomy (const Result *result, JsonBuilder *json) {
  const RunetLabelMap *map = result->labels[result->stages - 1];
  const RunetGrid *grid = map->grid;
  json_builder_set_member_name (json, "frames");
  json_builder_begin_array (json);
  for (gsize f = 0; f < grid->frames; f++) {
    g_autoptr (RunetAnatomy) anatomy =
        runet_anatomy_new (runet_label_map_frame (map, f), grid->width, grid->height,
                           grid->spacing_x_mm, grid->spacing_y_mm);
    json_builder_begin_object (json);
    runet_json_add_comparison (json, NULL, anatomy);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

static gboolean
run_job (RunetSegmenter *segmenter,
         const RunetSegmentJob *job,
         const SegmentOptions *options,
         JsonBuilder *json,
         GError **error) {
  g_autoptr (RunetImage) image =
      runet_segment_job_read (job, runet_command_cancellable (), error);
  if (image == NULL)
    return FALSE;
  g_autoptr (Result) result = segment_image (segmenter, image, options, error);
  if (result == NULL)
    return FALSE;
  if (g_mkdir_with_parents (job->folder, 0777) != 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                 "%s: expected a folder that can be made: %s", job->folder,
                 g_strerror (errno));
    return FALSE;
  }
  add_anatomy (result, json);
  json_builder_set_member_name (json, "outputs");
  json_builder_begin_array (json);
  gboolean ok = write_result (result, job, image->grid, options, json, error);
  json_builder_end_array (json);
  return ok;
}

/* Returns how many jobs failed; -1 when the user cancelled. */
static int
run_jobs (RunetSegmenter *segmenter,
          const RunetSegmentJobs *jobs,
          const SegmentOptions *options,
          const char *command,
          JsonBuilder *json) {
  int failed = 0;
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < jobs->jobs->len; i++) {
    const RunetSegmentJob *job = g_ptr_array_index (jobs->jobs, i);
    double taken = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    RunetProgress progress = {
        i, jobs->jobs->len, i > 0 ? taken / i * (jobs->jobs->len - i) : -1, job->stem};
    runet_command_progress_cb (&progress, (gpointer)command);
    g_autoptr (GError) error = NULL;
    json_builder_begin_object (json);
    runet_json_add_string (json, "image", runet_segment_job_name (job));
    if (!run_job (segmenter, job, options, json, &error)) {
      runet_command_warn (command, "%s", error->message);
      runet_json_add_string (json, "error", error->message);
      failed++;
    }
    json_builder_end_object (json);
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return -1;
  }
  runet_command_progress_end ();
  return failed;
}

static int
segment (const char *command,
         const SegmentOptions *options,
         const RunetCommonOptions *common,
         char *const *inputs) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_command_engine (common, &error);
  g_autoptr (RunetModel) model =
      engine ? runet_model_read (options->model, &error) : NULL;
  g_autoptr (RunetSegmenter) segmenter =
      model ? runet_segmenter_new (model, engine, 1, &error) : NULL;
  g_autoptr (RunetSegmentJobs) jobs =
      segmenter
          ? runet_segment_jobs_new (inputs, options->output, options->sequences, &error)
          : NULL;
  if (jobs == NULL)
    return runet_command_fail (command, error);
  for (guint i = 0; i < jobs->problems->len; i++)
    runet_command_warn (command, "%s", (char *)g_ptr_array_index (jobs->problems, i));

  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "engine", runet_engine_get_name (engine));
  runet_json_add_string (json, "model", model->hash);
  json_builder_set_member_name (json, "images");
  json_builder_begin_array (json);
  int failed = run_jobs (segmenter, jobs, options, command, json);
  json_builder_end_array (json);
  json_builder_end_object (json);
  if (common->json)
    runet_command_print_json (json);
  else if (failed >= 0)
    g_print ("%u images segmented, %u not\n", jobs->jobs->len - (guint)failed,
             (guint)failed + jobs->problems->len);
  return failed == 0 && jobs->problems->len == 0 ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

int
runet_command_segment (int argc, char *argv[]) {
  SegmentOptions options = {0};
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "The model (needed)",
       "FILE"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
       "Where the results go (needed); made when missing", "FOLDER"},
      {"stages", 0, 0, G_OPTION_ARG_NONE, &options.stages,
       "Also each stage's label map", NULL},
      {"roi", 0, 0, G_OPTION_ARG_NONE, &options.roi, "Also the regions of interest",
       NULL},
      {"probabilities", 0, 0, G_OPTION_ARG_NONE, &options.probabilities,
       "Also each stage's class probabilities", NULL},
      {"raw", 0, 0, G_OPTION_ARG_NONE, &options.raw,
       "Keep stray components and holes as the network left them", NULL},
      {"sequences", 0, 0, G_OPTION_ARG_NONE, &options.sequences,
       "Of patients and data sets also the sequences, not the stills alone", NULL},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, entries, "INPUT...",
          "Segments images, patient folders or data sets. Results keep the "
          "format and grid of their image.",
          &common, &rest, 1, -1))
    return RUNET_EXIT_USAGE;
  int exit_code = RUNET_EXIT_USAGE;
  if (options.model == NULL || options.output == NULL)
    runet_command_warn (argv[0], "expected --model FILE and --output FOLDER");
  else
    exit_code = segment (argv[0], &options, &common, rest);
  g_free (options.model);
  g_free (options.output);
  runet_common_options_clear (&common);
  return exit_code;
}
