/* `runet queue`: in which order views are best reviewed. */
#include "command.h"

#include <math.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/segmentation/lesson.h"
#include "core/segmentation/risk.h"

typedef enum {
  ORDER_TEACHING, /* what teaches the network most */
  ORDER_RISK, /* what is most likely wrong */
} Order;

typedef struct {
  char *model, *patients, *known, *order;
} QueueOptions;

static void
queue_options_clear (QueueOptions *options) {
  g_free (options->model);
  g_free (options->patients);
  g_free (options->known);
  g_free (options->order);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QueueOptions, queue_options_clear)

/* One view, and what the model says of it. */
typedef struct {
  const RunetPatient *patient;
  RunetView view;
  RunetRisk risk;
  double score; /* by which it stands where it does */
} Entry;

/* What is known of all views: @lessons has one for each of @entries, @failed what could not be read. */
typedef struct {
  GArray *entries, *lessons;
  GPtrArray *failed; /* (element-type utf8) */
} Queue;

static void
queue_clear (Queue *queue) {
  g_clear_pointer (&queue->entries, g_array_unref);
  g_clear_pointer (&queue->lessons, g_array_unref);
  g_clear_pointer (&queue->failed, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Queue, queue_clear)

/* (nullable): NULL with @error also when the image cannot be read. */
static RunetFrameResult *
run_still (RunetSegmenter *segmenter,
           const RunetViewFiles *files,
           RunetInstant instant,
           GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  g_autoptr (RunetImage) image =
      runet_view_read_still (files, instant, cancellable, error);
  if (image == NULL)
    return NULL;
  g_autoptr (RunetSegmentation) found = runet_segmenter_run (
      segmenter, image, 0, RUNET_SEGMENT_PROBABILITIES | RUNET_SEGMENT_NO_REGIONS,
      cancellable, error);
  return found != NULL ? runet_frame_result_new (found, NULL, instant) : NULL;
}

/* FALSE when the work must end. What cannot be read is a failure of that view. */
static gboolean
add_view (Queue *queue,
          RunetSegmenter *segmenter,
          const RunetPatient *patient,
          RunetView view,
          GError **error) {
  const RunetViewFiles *files = &patient->views[view];
  RunetFrameResult *results[RUNET_INSTANTS] = {NULL};
  gboolean failed = FALSE, ended = FALSE;
  for (int i = 0; i < RUNET_INSTANTS && !ended; i++) {
    g_autoptr (GError) trouble = NULL;
    if (!runet_view_has_still (files, i))
      continue;
    results[i] = run_still (segmenter, files, i, &trouble);
    if (trouble == NULL)
      continue;
    failed = TRUE;
    ended = g_error_matches (trouble, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
            g_error_matches (trouble, RUNET_ERROR, RUNET_ERROR_MEMORY);
    if (ended)
      g_propagate_error (error, g_steal_pointer (&trouble));
    else
      g_ptr_array_add (queue->failed, g_strdup (trouble->message));
  }
  if (!ended && (results[RUNET_INSTANT_ED] || results[RUNET_INSTANT_ES] || failed)) {
    const Entry entry = {.patient = patient,
                         .view = view,
                         .risk = runet_risk_assess (results, failed, NULL, 0)};
    g_autofree RunetLesson *lesson = g_new (RunetLesson, 1);
    runet_lesson_init (lesson, results);
    g_array_append_val (queue->entries, entry);
    g_array_append_vals (queue->lessons, lesson, 1);
  }
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_clear_pointer (&results[i], runet_frame_result_unref);
  return !ended;
}

static gboolean
fill_queue (Queue *queue,
            const char *command,
            RunetSegmenter *segmenter,
            const GPtrArray *patients,
            GError **error) {
  queue->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  queue->lessons = g_array_new (FALSE, TRUE, sizeof (RunetLesson));
  queue->failed = g_ptr_array_new_with_free_func (g_free);
  for (guint p = 0; p < patients->len; p++) {
    for (int v = 0; v < RUNET_VIEWS; v++)
      if (!add_view (queue, segmenter, g_ptr_array_index (patients, p), v, error))
        return FALSE;
    const RunetProgress now = {p + 1, patients->len, -1, "patients"};
    runet_command_progress_cb (&now, (gpointer)command);
  }
  return TRUE;
}

/* ---- The order ---- */

static int
compare_risks (gconstpointer a, gconstpointer b) {
  const Entry *x = a, *y = b;
  return (x->score < y->score) - (x->score > y->score);
}

/* Returns: (transfer full) (element-type Entry). */
static GArray *
sort_entries (const Queue *queue, const Queue *known, Order order) {
  const guint count = queue->entries->len;
  GArray *sorted = g_array_sized_new (FALSE, TRUE, sizeof (Entry), count);
  g_autofree guint *places = g_new0 (guint, count + 1);
  g_autofree double *gains = g_new0 (double, count + 1);
  const gboolean teaching = order == ORDER_TEACHING;
  if (teaching)
    runet_lessons_order ((const RunetLesson *)queue->lessons->data, count,
                         (const RunetLesson *)known->lessons->data, known->lessons->len,
                         places, gains);
  for (guint i = 0; i < count; i++) {
    Entry entry = g_array_index (queue->entries, Entry, teaching ? places[i] : i);
    entry.score = teaching ? gains[i] : runet_risk_score (&entry.risk);
    g_array_append_val (sorted, entry);
  }
  if (!teaching)
    g_array_sort (sorted, compare_risks);
  return sorted;
}

/* ---- Out ---- */

/* Right-aligned; a dash where there is none. */
static char *
format_value (double value) {
  return isfinite (value) ? g_strdup_printf ("%.3f", value) : g_strdup ("-");
}

static void
print_plain (const GArray *sorted, Order order) {
  const gboolean teaching = order == ORDER_TEACHING;
  printf ("%5s  %-24s %-4s %8s  %9s  %11s  %s\n", "place", "patient", "view",
          teaching ? "teaches" : "risk", "1 - Dice", "uncertainty", "outlier");
  for (guint i = 0; i < sorted->len; i++) {
    const Entry *entry = &g_array_index (sorted, Entry, i);
    const RunetPatient *patient = entry->patient;
    g_autofree char *name =
        patient->subset != NULL
            ? g_strdup_printf ("%s/%s", patient->subset, patient->id)
            : g_strdup (patient->id);
    g_autofree char *disagreement = format_value (entry->risk.disagreement);
    g_autofree char *uncertainty = format_value (entry->risk.uncertainty);
    g_autofree char *score = teaching ? g_strdup_printf ("%.2f %%", 100 * entry->score)
                                      : g_strdup_printf ("%.3f", entry->score);
    printf ("%5u  %-24s %-4s %8s  %9s  %11s  %s\n", i + 1, name,
            runet_view_to_string (entry->view), score, disagreement, uncertainty,
            entry->risk.anatomical ? "anatomical" : "");
  }
}

static void
print_json (const GArray *sorted, const Queue *queue, const char *order) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "order", order);
  runet_json_add_elements (json, "skipped", queue->failed);
  json_builder_set_member_name (json, "views");
  json_builder_begin_array (json);
  for (guint i = 0; i < sorted->len; i++) {
    const Entry *entry = &g_array_index (sorted, Entry, i);
    json_builder_begin_object (json);
    runet_json_add_string (json, "subset", entry->patient->subset);
    runet_json_add_string (json, "patient", entry->patient->id);
    runet_json_add_string (json, "view", runet_view_to_string (entry->view));
    runet_json_add_number (json, "score", entry->score);
    runet_json_add_number (json, "disagreement", entry->risk.disagreement);
    runet_json_add_number (json, "uncertainty", entry->risk.uncertainty);
    runet_json_add_boolean (json, "anatomical_outlier", entry->risk.anatomical);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  json_builder_end_object (json);
  runet_command_print_json (json);
}

/* ---- The whole ---- */

/* Returns: (transfer container) (element-type RunetPatient): those of @patients that are not among @learned. */
static GPtrArray *
leave_out (const GPtrArray *patients, GPtrArray *learned) {
  GPtrArray *left = g_ptr_array_new ();
  for (guint i = 0; i < patients->len; i++)
    if (!g_ptr_array_find (learned, patients->pdata[i], NULL))
      g_ptr_array_add (left, patients->pdata[i]);
  return left;
}

static gboolean
fill_queues (Queue *queue,
             Queue *known,
             const char *command,
             const QueueOptions *options,
             const RunetCommonOptions *common,
             const RunetDataset *dataset,
             GError **error) {
  g_autoptr (GPtrArray) patients =
      runet_command_select_patients (command, dataset, options->patients, error);
  if (patients == NULL)
    return FALSE;
  g_autoptr (GPtrArray) learned =
      options->known != NULL
          ? runet_command_select_patients (command, dataset, options->known, error)
          : g_ptr_array_new ();
  if (learned == NULL)
    return FALSE;
  g_autoptr (GPtrArray) left = leave_out (patients, learned);
  g_autoptr (RunetModel) model = runet_model_read (options->model, error);
  g_autoptr (RunetEngine) engine =
      model != NULL ? runet_command_engine (common, error) : NULL;
  g_autoptr (RunetSegmenter) segmenter =
      engine != NULL ? runet_segmenter_new (model, engine, 1, error) : NULL;
  if (segmenter == NULL)
    return FALSE;
  runet_command_tell_engine (command, engine, runet_segmenter_get_engine (segmenter));
  return fill_queue (queue, command, segmenter, left, error) &&
         fill_queue (known, command, segmenter, learned, error);
}

static int
run (const char *command,
     const QueueOptions *options,
     const RunetCommonOptions *common,
     const char *folder) {
  const char *name = options->order != NULL ? options->order : "teaching";
  const gboolean teaching = g_str_equal (name, "teaching");
  if (options->model == NULL || (!teaching && !g_str_equal (name, "risk"))) {
    runet_command_warn (command, "expected --model FILE, and --order teaching or risk");
    return RUNET_EXIT_USAGE;
  }
  g_autoptr (GError) error = NULL;
  g_auto (Queue) queue = {0}, known = {0};
  g_autoptr (RunetDataset) dataset =
      runet_dataset_open (folder, runet_command_cancellable (), &error);
  const gboolean filled =
      dataset != NULL &&
      fill_queues (&queue, &known, command, options, common, dataset, &error);
  runet_command_progress_end ();
  if (!filled)
    return runet_command_fail (command, error);
  const Order order = teaching ? ORDER_TEACHING : ORDER_RISK;
  g_autoptr (GArray) sorted = sort_entries (&queue, &known, order);
  for (guint i = 0; i < queue.failed->len; i++)
    runet_command_warn (command, "%s",
                        (const char *)g_ptr_array_index (queue.failed, i));
  if (common->json)
    print_json (sorted, &queue, name);
  else
    print_plain (sorted, order);
  return queue.failed->len == 0 ? RUNET_EXIT_DONE : RUNET_EXIT_FAILED;
}

int
runet_command_queue (int argc, char *argv[]) {
  g_auto (QueueOptions) options = {0};
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "The model to teach",
       "FILE"},
      {"order", 0, 0, G_OPTION_ARG_STRING, &options.order,
       "teaching (default): what teaches the model most; risk: what is most likely "
       "wrong",
       "NAME"},
      {"patients", 0, 0, G_OPTION_ARG_FILENAME, &options.patients,
       "These patients alone, one id a line", "LIST"},
      {"known", 0, 0, G_OPTION_ARG_FILENAME, &options.known,
       "Patients that the model learned from: left out, and what looks like them comes "
       "later",
       "LIST"},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_ENGINE, entries, "DATASET",
          "The views of a data set in the order in which they are best reviewed, by "
          "what the model says of their ED and ES images; the experts' masks are not "
          "looked at. Ends with 1 when images were skipped.",
          &common, &rest, 1, 1))
    return RUNET_EXIT_USAGE;
  int code = run (argv[0], &options, &common, rest[0]);
  runet_common_options_clear (&common);
  return code;
}
