/* `runet segment`: what a model sees in images, patients or data sets, as files. */
#include "command.h"

#include <errno.h>
#include <glib/gstdio.h>
#include "comparison-json.h"
#include "core/base/error.h"
#include "segment-jobs.h"
#include "segment-result.h"

/* The network keeps all workers busy by itself, one image after the other. What is around it (decoding,
 * measuring, compressing) the same workers do in turn with it for a group of images, each worker with an
 * image of its own. A group has some images a worker, so that none waits long for the last one, and fewer
 * when they and what is asked for take more than this: two of CAMUS as acquired with their label maps. */
#define GROUP_IMAGES_PER_WORKER 4
#define GROUP_BYTES_PER_WORKER ((gsize)6 << 20)

/* Frames through the network at once. Several are some per cent faster (RU-Net on two cores: two 4 %,
 * four 13 %), but each takes another 30 MiB, and with two the program no longer fits into 150 MiB. */
#define BATCH 1

typedef struct {
  char *model;
  char *output;
  gboolean sequences;
  RunetSegmentOutputs outputs;
  gboolean measure; /* somebody will read the anatomy */
} SegmentOptions;

/* One image on its way. */
typedef struct {
  const RunetSegmentJob *job;
  RunetImage *image; /* until it is segmented */
  RunetSegmentResult *result;
  GPtrArray *files; /* (element-type RunetSegmentFile) */
  GError *error; /* why it failed */
} Case;

/* One file, or the anatomy of one frame, of one of the cases. */
typedef struct {
  Case *of;
  const RunetSegmentFile *file; /* (nullable) */
  gsize frame;
  gboolean written;
  GError *error;
} Step;

typedef struct {
  const char *command;
  const SegmentOptions *options;
  RunetSegmenter *segmenter;
  GPtrArray *jobs; /* (element-type RunetSegmentJob) */
  gint64 start_us;
  guint done; /* jobs before the group */
  GArray *cases; /* (element-type Case): the group */
  GArray *steps; /* (element-type Step) */
} Work;

static void
clear_case (gpointer data) {
  Case *self = data;
  g_clear_pointer (&self->image, runet_image_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->result, runet_segment_result_free);
  g_clear_error (&self->error);
}

static void
clear_step (gpointer data) {
  Step *self = data;
  g_clear_error (&self->error);
}

/* What is in memory of one pixel between decoding and writing, with two stages and four classes. */
static gsize
count_bytes_per_pixel (const RunetSegmentOutputs *outputs) {
  return sizeof (float) + 1 + (outputs->stages ? 1 : 0) +
         (outputs->roi ? sizeof (float) : 0) +
         (outputs->probabilities ? 2 * RUNET_LABELS * sizeof (float) : 0);
}

/* The next jobs that make up a group; at least one. */
static void
start_group (Work *work) {
  gsize workers = runet_pool_get_workers (runet_segmenter_get_pool (work->segmenter));
  gsize most = workers * GROUP_BYTES_PER_WORKER /
               count_bytes_per_pixel (&work->options->outputs);
  gsize pixels = 0;
  g_array_set_size (work->steps, 0);
  g_array_set_size (work->cases, 0);
  for (guint i = work->done; i < work->jobs->len; i++) {
    Case one = {.job = g_ptr_array_index (work->jobs, i)};
    pixels += runet_segment_job_count_pixels (one.job);
    if (work->cases->len > 0 &&
        (pixels > most || work->cases->len >= workers * GROUP_IMAGES_PER_WORKER))
      return;
    g_array_append_val (work->cases, one);
  }
}

static void
read_cb (gsize task, guint worker, gpointer user_data) {
  const Work *work = user_data;
  Case *self = &g_array_index (work->cases, Case, task);
  self->image =
      runet_segment_job_read (self->job, runet_command_cancellable (), &self->error);
}

static gboolean
make_folder (const char *folder, GError **error) {
  if (g_mkdir_with_parents (folder, 0777) == 0)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
               "%s: expected a folder that can be made: %s", folder,
               g_strerror (errno));
  return FALSE;
}

/* Runs the network on one image and says what then remains to be done. */
static void
segment_case (Work *work, Case *self) {
  self->result =
      runet_segment_result_new (work->segmenter, self->image, &work->options->outputs,
                                runet_command_cancellable (), &self->error);
  g_clear_pointer (&self->image, runet_image_unref);
  if (self->result == NULL || !make_folder (self->job->folder, &self->error))
    return;
  self->files =
      runet_segment_result_list (self->result, self->job, &work->options->outputs);
  for (guint i = 0; i < self->files->len; i++) {
    Step step = {.of = self, .file = g_ptr_array_index (self->files, i)};
    g_array_append_val (work->steps, step);
  }
  for (gsize f = 0; work->options->measure && f < self->result->grid->frames; f++) {
    Step step = {.of = self, .frame = f};
    g_array_append_val (work->steps, step);
  }
}

static void
finish_cb (gsize task, guint worker, gpointer user_data) {
  const Work *work = user_data;
  Step *self = &g_array_index (work->steps, Step, task);
  if (g_cancellable_set_error_if_cancelled (runet_command_cancellable (), &self->error))
    return;
  if (self->file != NULL)
    self->written = runet_segment_file_write (self->file, &self->error);
  else
    runet_segment_result_measure (self->of->result, self->frame);
}

static void
show_progress (const Work *work, guint i) {
  guint done = work->done + i, total = work->jobs->len;
  double taken = (double)(g_get_monotonic_time () - work->start_us) / G_USEC_PER_SEC;
  RunetProgress progress = {done, total, done > 0 ? taken / done * (total - done) : -1,
                            g_array_index (work->cases, Case, i).job->stem};
  runet_command_progress_cb (&progress, (gpointer)work->command);
}

static void
run_group (Work *work) {
  RunetPool *pool = runet_segmenter_get_pool (work->segmenter);
  runet_pool_run (pool, work->cases->len, read_cb, work);
  for (guint i = 0; i < work->cases->len; i++) {
    Case *self = &g_array_index (work->cases, Case, i);
    show_progress (work, i);
    if (self->error == NULL)
      segment_case (work, self);
  }
  runet_pool_run (pool, work->steps->len, finish_cb, work);
  for (guint i = 0; i < work->steps->len; i++) {
    Step *step = &g_array_index (work->steps, Step, i);
    if (step->error != NULL && step->of->error == NULL)
      step->of->error = g_steal_pointer (&step->error);
  }
}

static void
add_frames (const RunetSegmentResult *result, JsonBuilder *json) {
  json_builder_set_member_name (json, "frames");
  json_builder_begin_array (json);
  for (gsize f = 0; f < result->grid->frames; f++) {
    if (result->anatomy[f] == NULL)
      continue;
    json_builder_begin_object (json);
    runet_json_add_comparison (json, NULL, result->anatomy[f]);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

static void
add_case (const Work *work, const Case *self, JsonBuilder *json) {
  json_builder_begin_object (json);
  runet_json_add_string (json, "image", runet_segment_job_name (self->job));
  if (self->files != NULL) {
    add_frames (self->result, json);
    json_builder_set_member_name (json, "outputs");
    json_builder_begin_array (json);
    for (guint i = 0; i < work->steps->len; i++) {
      const Step *step = &g_array_index (work->steps, Step, i);
      if (step->of == self && step->written)
        runet_json_add_element (json, step->file->path);
    }
    json_builder_end_array (json);
  }
  if (self->error != NULL)
    runet_json_add_string (json, "error", self->error->message);
  json_builder_end_object (json);
}

/* Tells of the group. Returns how many of it failed; -1 when the user cancelled. */
static int
report_group (const Work *work, JsonBuilder *json) {
  int failed = 0;
  for (guint i = 0; i < work->cases->len; i++) {
    const Case *self = &g_array_index (work->cases, Case, i);
    if (self->error != NULL) {
      runet_command_warn (work->command, "%s", self->error->message);
      failed++;
    }
    add_case (work, self, json);
    if (g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return -1;
  }
  return failed;
}

/* Returns how many jobs failed; -1 when the user cancelled. */
static int
run_jobs (RunetSegmenter *segmenter,
          const RunetSegmentJobs *jobs,
          const SegmentOptions *options,
          const char *command,
          JsonBuilder *json) {
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (Case));
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (cases, clear_case);
  g_array_set_clear_func (steps, clear_step);
  Work work = {.command = command,
               .options = options,
               .segmenter = segmenter,
               .jobs = jobs->jobs,
               .start_us = g_get_monotonic_time (),
               .cases = cases,
               .steps = steps};
  int failed = 0;
  for (; work.done < jobs->jobs->len; work.done += cases->len) {
    start_group (&work);
    run_group (&work);
    int more = report_group (&work, json);
    if (more < 0)
      return more;
    failed += more;
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
      model ? runet_segmenter_new (model, engine, BATCH, &error) : NULL;
  g_autoptr (RunetSegmentJobs) jobs =
      segmenter
          ? runet_segment_jobs_new (inputs, options->output, options->sequences, &error)
          : NULL;
  if (jobs == NULL)
    return runet_command_fail (command, error);
  RunetEngine *works = runet_segmenter_get_engine (segmenter);
  runet_command_tell_engine (command, engine, works);
  for (guint i = 0; i < jobs->problems->len; i++)
    runet_command_warn (command, "%s", (char *)g_ptr_array_index (jobs->problems, i));

  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "engine", runet_engine_get_name (works));
  runet_json_add_string (
      json, "precision",
      runet_precision_to_string (runet_engine_get_precision (works)));
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
      {"stages", 0, 0, G_OPTION_ARG_NONE, &options.outputs.stages,
       "Also each stage's label map", NULL},
      {"roi", 0, 0, G_OPTION_ARG_NONE, &options.outputs.roi,
       "Also the regions of interest", NULL},
      {"probabilities", 0, 0, G_OPTION_ARG_NONE, &options.outputs.probabilities,
       "Also each stage's class probabilities", NULL},
      {"raw", 0, 0, G_OPTION_ARG_NONE, &options.outputs.raw,
       "Keep stray components and holes as the network left them", NULL},
      {"sequences", 0, 0, G_OPTION_ARG_NONE, &options.sequences,
       "Of patients and data sets also the sequences, not the stills alone", NULL},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_ENGINE, entries, "INPUT...",
          "Segments images, patient folders or data sets. Results keep the "
          "format and grid of their image.",
          &common, &rest, 1, -1))
    return RUNET_EXIT_USAGE;
  int exit_code = RUNET_EXIT_USAGE;
  if (options.model == NULL || options.output == NULL)
    runet_command_warn (argv[0], "expected --model FILE and --output FOLDER");
  else {
    options.measure = common.json;
    exit_code = segment (argv[0], &options, &common, rest);
  }
  g_free (options.model);
  g_free (options.output);
  runet_common_options_clear (&common);
  return exit_code;
}
