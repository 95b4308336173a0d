/* `runet bench`: how long a network takes here, forward or one training step, layer by layer. */
#include "command.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "core/base/error.h"
#include "core/models/model.h"
#include "core/training/adam.h"
#include "core/training/loss.h"

/* Runs that fill caches and page in the memory, and are not counted. */
#define WARM_UP 2

/* A step small enough that the weights stay where they are sensible. */
#define LEARNING_RATE 1e-6

typedef struct {
  RunetEngine *engine;
  RunetModel *model;
  RunetPlan *plan;
  guint batch;
  gboolean train;

  /* Training only. */
  RunetPool *pool;
  RunetAdam *adam;
  float **gradients;
  guint8 *labels; /* N × H × W */
} Bench;

/* One of each layer, by its own median over the rounds. */
typedef struct {
  const char *name;
  const char *algorithm;
  double macs;
  GArray *forward, *backward; /* double, seconds */
} Layer;

static int
compare_doubles (gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median (GArray *values) {
  if (values->len == 0)
    return 0;
  g_array_sort (values, compare_doubles);
  guint middle = values->len / 2;
  double upper = g_array_index (values, double, middle);
  return values->len % 2 ? upper
                         : (upper + g_array_index (values, double, middle - 1)) / 2;
}

static void
bench_clear (Bench *bench) {
  for (guint i = 0;
       bench->gradients != NULL && i < bench->model->graph->parameters->len; i++)
    g_free (bench->gradients[i]);
  g_free (bench->gradients);
  g_free (bench->labels);
  g_clear_pointer (&bench->adam, runet_adam_free);
  g_clear_pointer (&bench->pool, runet_pool_free);
  g_clear_pointer (&bench->plan, runet_plan_free);
  g_clear_pointer (&bench->model, runet_model_unref);
  g_clear_pointer (&bench->engine, runet_engine_unref);
}

/* Noise stands in for the image, blocks for the structures: no kernel's time depends on values. */
static void
fill_input (Bench *bench, GRand *random) {
  gsize side = bench->model->hyperparameters.input_size;
  gsize count = bench->batch * side * side;
  float *input = runet_plan_get_input (bench->plan);
  for (gsize i = 0; i < count; i++)
    input[i] = (float)g_rand_double (random);
  if (!bench->train)
    return;
  bench->labels = g_malloc (count);
  for (gsize i = 0; i < count; i++)
    bench->labels[i] =
        (guint8)(i / (side * side / 4) % bench->model->hyperparameters.classes);
}

static void
prepare_training (Bench *bench) {
  GArray *parameters = bench->model->graph->parameters;
  g_autofree gsize *sizes = g_new (gsize, parameters->len);
  bench->gradients = g_new0 (float *, parameters->len);
  for (guint i = 0; i < parameters->len; i++) {
    sizes[i] = g_array_index (parameters, RunetParameter, i).count;
    bench->gradients[i] = g_new0 (float, sizes[i]);
  }
  bench->adam = runet_adam_new (sizes, parameters->len);
  bench->pool = runet_pool_new (runet_engine_get_threads (bench->engine));
}

static gboolean
bench_init (Bench *bench,
            const char *model_path,
            RunetArchitecture architecture,
            GError **error) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  if (model_path != NULL)
    bench->model = runet_model_read (model_path, error);
  else {
    RunetHyperparameters hyperparameters;
    runet_hyperparameters_init (&hyperparameters, architecture);
    bench->model = runet_model_new (&hyperparameters, random);
  }
  if (bench->model == NULL)
    return FALSE;
  gsize side = bench->model->hyperparameters.input_size;
  bench->plan =
      runet_plan_new (bench->engine, bench->model->graph, bench->batch, side, side,
                      bench->train ? RUNET_PLAN_TRAINING : RUNET_PLAN_INFERENCE, error);
  if (bench->plan == NULL)
    return FALSE;
  runet_plan_set_parameters (bench->plan,
                             (const float *const *)bench->model->parameters);
  if (bench->train)
    prepare_training (bench);
  fill_input (bench, random);
  return TRUE;
}

static gboolean
train_once (Bench *bench, GCancellable *cancellable, GError **error) {
  GArray *parameters = bench->model->graph->parameters;
  guint stages = bench->model->graph->outputs->len;
  g_autofree double *weights = g_new (double, stages);
  g_autofree double *losses = g_new (double, stages);
  for (guint k = 0; k < stages; k++)
    weights[k] = 1;
  for (guint i = 0; i < parameters->len; i++)
    memset (bench->gradients[i], 0,
            g_array_index (parameters, RunetParameter, i).count * sizeof (float));
  runet_dice_loss_stages (bench->pool, bench->plan, stages, bench->labels, weights,
                          losses);
  if (!runet_plan_backward (bench->plan, bench->gradients, cancellable, error))
    return FALSE;
  runet_adam_step (bench->adam, bench->pool, LEARNING_RATE, bench->model->parameters,
                   bench->gradients);
  runet_plan_set_parameters (bench->plan,
                             (const float *const *)bench->model->parameters);
  return TRUE;
}

static void
note_layers (Bench *bench, GArray *layers) {
  g_autoptr (GArray) timings = runet_plan_get_timings (bench->plan);
  for (guint i = 0; i < timings->len; i++) {
    const RunetLayerTiming *timing = &g_array_index (timings, RunetLayerTiming, i);
    if (layers->len == i) {
      Layer layer = {timing->name, timing->algorithm, timing->macs,
                     g_array_new (FALSE, FALSE, sizeof (double)),
                     g_array_new (FALSE, FALSE, sizeof (double))};
      g_array_append_val (layers, layer);
    }
    Layer *layer = &g_array_index (layers, Layer, i);
    g_array_append_val (layer->forward, timing->forward_seconds);
    g_array_append_val (layer->backward, timing->backward_seconds);
  }
}

/* Median seconds of one run; negative with @error. */
static double
bench_run (Bench *bench, guint rounds, GArray *layers, GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  g_autoptr (GArray) seconds = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < WARM_UP + rounds; i++) {
    gint64 start = g_get_monotonic_time ();
    if (!runet_plan_forward (bench->plan, cancellable, error) ||
        (bench->train && !train_once (bench, cancellable, error)))
      return -1;
    double taken = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    if (i < WARM_UP)
      continue;
    g_array_append_val (seconds, taken);
    note_layers (bench, layers);
  }
  return median (seconds);
}

static void
print_layers (GArray *layers, gboolean train) {
  printf ("%-28s %-16s %9s %9s%s\n", "layer", "algorithm", "ms", "GFLOP/s",
          train ? "  backward ms   GFLOP/s" : "");
  for (guint i = 0; i < layers->len; i++) {
    const Layer *layer = &g_array_index (layers, Layer, i);
    double forward = median (layer->forward), backward = median (layer->backward);
    printf ("%-28s %-16s %9.3f %9.1f", layer->name,
            layer->algorithm != NULL ? layer->algorithm : "", forward * 1e3,
            forward > 0 ? 2e-9 * layer->macs / forward : 0);
    if (train)
      printf ("  %11.3f %9.1f", backward * 1e3,
              backward > 0 ? 4e-9 * layer->macs / backward : 0);
    putchar ('\n');
  }
}

static double
peak_mib (void) {
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

static void
report (const Bench *bench, double ms_per_image, gboolean json_wanted) {
  const RunetHyperparameters *h = &bench->model->hyperparameters;
  const char *architecture = runet_architecture_to_string (h->architecture);
  double gmac =
      runet_graph_count_macs (bench->model->graph, h->input_size, h->input_size) / 1e9;
  if (!json_wanted) {
    printf ("%s, %s (%s), batch %u, %s: %.1f ms an image, %.1f images/s, %.2f GMAC, "
            "peak %.0f MiB\n",
            architecture, runet_engine_get_name (bench->engine),
            runet_engine_get_description (bench->engine), bench->batch,
            bench->train ? "training step" : "forward", ms_per_image,
            1e3 / ms_per_image, gmac, peak_mib ());
    return;
  }
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "engine", runet_engine_get_name (bench->engine));
  runet_json_add_string (json, "device", runet_engine_get_description (bench->engine));
  runet_json_add_string (json, "architecture", architecture);
  runet_json_add_int (json, "batch", bench->batch);
  runet_json_add_int (json, "threads", runet_engine_get_threads (bench->engine));
  runet_json_add_number (json, "median_ms_per_image", ms_per_image);
  runet_json_add_number (json, "images_per_s", 1e3 / ms_per_image);
  runet_json_add_number (json, "gmac_per_image", gmac);
  runet_json_add_boolean (json, "train", bench->train);
  runet_json_add_number (json, "peak_mib", peak_mib ());
  json_builder_end_object (json);
  runet_command_print_json (json);
}

static void
clear_layer (gpointer data) {
  Layer *layer = data;
  g_array_unref (layer->forward);
  g_array_unref (layer->backward);
}

int
runet_command_bench (int argc, char *argv[]) {
  int batch = 0, rounds = 15;
  gboolean train = FALSE, show_layers = FALSE;
  g_autofree char *architecture_name = NULL, *model_path = NULL;
  const GOptionEntry entries[] = {
      {"train", 0, 0, G_OPTION_ARG_NONE, &train,
       "A training step: forward, backward, Adam", NULL},
      {"batch", 0, 0, G_OPTION_ARG_INT, &batch, "Images at once (1; 8 with --train)",
       "N"},
      {"rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Counted runs, after two others (15)",
       "N"},
      {"layers", 0, 0, G_OPTION_ARG_NONE, &show_layers, "Also a table of the layers",
       NULL},
      {"architecture", 0, 0, G_OPTION_ARG_STRING, &architecture_name,
       "With random weights (ru-net)", "NAME"},
      {"model", 0, 0, G_OPTION_ARG_FILENAME, &model_path, "This model instead", "FILE"},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (argc, argv, entries, "",
                            "Times a network on this machine. The time is the median.",
                            &common, &rest, 0, 0))
    return RUNET_EXIT_USAGE;
  RunetArchitecture architecture = RUNET_ARCHITECTURE_RU_NET;
  if (architecture_name != NULL &&
      !runet_architecture_from_string (architecture_name, &architecture)) {
    runet_command_warn (argv[0], "--architecture: '%s' is not known",
                        architecture_name);
    return RUNET_EXIT_USAGE;
  }
  if (batch < 0 || batch > 256 || rounds < 1) {
    runet_command_warn (argv[0], "expected --batch 1 … 256 and --rounds from 1 on");
    return RUNET_EXIT_USAGE;
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) layers = g_array_new (FALSE, FALSE, sizeof (Layer));
  g_array_set_clear_func (layers, clear_layer);
  Bench bench = {.batch = batch > 0 ? (guint)batch : train ? 8 : 1, .train = train};
  bench.engine = runet_command_engine (&common, &error);
  double seconds = -1;
  if (bench.engine != NULL && bench_init (&bench, model_path, architecture, &error))
    seconds = bench_run (&bench, (guint)rounds, layers, &error);
  int exit_code = seconds < 0 ? runet_command_fail (argv[0], error) : RUNET_EXIT_DONE;
  if (seconds >= 0) {
    if (show_layers && !common.json)
      print_layers (layers, train);
    report (&bench, seconds * 1e3 / bench.batch, common.json);
  }
  bench_clear (&bench);
  runet_common_options_clear (&common);
  return exit_code;
}
