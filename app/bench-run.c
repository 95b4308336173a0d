/* The runs of `runet bench`. */
#include "bench-run.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "bench-step.h"
#include "command.h"
#include "core/base/error.h"
#include "core/training/adam.h"
#include "core/training/loss.h"

/* Runs that fill caches and page in the memory, and are not counted. */
#define WARM_UP 2
/* A GPU that was idle takes a while to be at its clock. */
#define GPU_WARM_UP_US (G_USEC_PER_SEC * 3 / 10)

/* A step small enough that the weights stay where they are sensible. */
#define LEARNING_RATE 1e-6

/* What is timed. */
typedef struct {
  RunetModel *model;
  RunetPlan *plan;
  guint batch;
  gboolean train;
  gboolean on_gpu;

  /* Training on a GPU only, which then has no plan. */
  RunetBenchStep *step;
  /* Training on the processor only. */
  RunetPool *pool;
  RunetAdam *adam;
  float **gradients;
  guint8 *labels; /* N × H × W */
} Network;

/* Seconds of every counted run. */
typedef struct {
  GArray *whole, *rest; /* double */
  GPtrArray *forward, *backward; /* GArray of double, one a layer */
} Times;

static int
compare_doubles (gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median (GArray *values) {
  g_array_sort (values, compare_doubles);
  guint middle = values->len / 2;
  double upper = g_array_index (values, double, middle);
  return values->len % 2 ? upper
                         : (upper + g_array_index (values, double, middle - 1)) / 2;
}

static GArray *
new_seconds (void) {
  return g_array_new (FALSE, FALSE, sizeof (double));
}

static void
times_init (Times *times) {
  times->whole = new_seconds ();
  times->rest = new_seconds ();
  times->forward = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  times->backward = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
}

static void
times_clear (Times *times) {
  g_array_unref (times->whole);
  g_array_unref (times->rest);
  g_ptr_array_unref (times->forward);
  g_ptr_array_unref (times->backward);
}

static void
network_clear (Network *network) {
  for (guint i = 0;
       network->gradients != NULL && i < network->model->graph->parameters->len; i++)
    g_free (network->gradients[i]);
  g_free (network->gradients);
  g_free (network->labels);
  g_clear_pointer (&network->adam, runet_adam_free);
  g_clear_pointer (&network->pool, runet_pool_free);
  g_clear_pointer (&network->plan, runet_plan_free);
  g_clear_pointer (&network->step, runet_bench_step_free);
  g_clear_pointer (&network->model, runet_model_unref);
}

/* Noise stands in for the image, blocks for the structures: no kernel's time depends on values. */
static void
fill_input (Network *network, GRand *random) {
  gsize side = network->model->hyperparameters.input_size;
  gsize count = network->batch * side * side;
  float *input = runet_plan_get_input (network->plan);
  for (gsize i = 0; i < count; i++)
    input[i] = (float)g_rand_double (random);
  if (!network->train)
    return;
  network->labels = g_malloc (count);
  for (gsize i = 0; i < count; i++)
    network->labels[i] =
        (guint8)(i / (side * side / 4) % network->model->hyperparameters.classes);
}

static void
prepare_training (Network *network, guint threads) {
  GArray *parameters = network->model->graph->parameters;
  g_autofree gsize *sizes = g_new (gsize, parameters->len);
  network->gradients = g_new0 (float *, parameters->len);
  for (guint i = 0; i < parameters->len; i++) {
    sizes[i] = g_array_index (parameters, RunetParameter, i).count;
    network->gradients[i] = g_new0 (float, sizes[i]);
  }
  network->adam = runet_adam_new (sizes, parameters->len);
  network->pool = runet_pool_get (threads);
}

static gboolean
make_model (Network *network, const RunetBenchOptions *options, GError **error) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  if (options->model_path != NULL)
    network->model = runet_model_read (options->model_path, error);
  else {
    RunetHyperparameters hyperparameters;
    runet_hyperparameters_init (&hyperparameters, options->architecture);
    network->model = runet_model_new (&hyperparameters, random);
  }
  return network->model != NULL;
}

static gboolean
make_plan (Network *network, RunetEngine *engine, GError **error) {
  const gsize side = network->model->hyperparameters.input_size;
  network->plan = runet_plan_new (
      engine, network->model->graph, network->batch, side, side,
      network->train ? RUNET_PLAN_TRAINING : RUNET_PLAN_INFERENCE, error);
  if (network->plan == NULL)
    return FALSE;
  RunetEngine *works = runet_plan_get_engine (network->plan);
  if (works != engine) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE, "expected %s, found %s",
                 runet_engine_get_name (engine), runet_engine_get_description (works));
    return FALSE;
  }
  runet_plan_set_parameters (network->plan,
                             (const float *const *)network->model->parameters);
  return TRUE;
}

static gboolean
network_init (Network *network,
              RunetEngine *engine,
              const RunetBenchOptions *options,
              GError **error) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  *network = (Network){.batch = options->batch,
                       .train = options->train,
                       .on_gpu = runet_bench_is_on_gpu (engine)};
  if (!make_model (network, options, error))
    return FALSE;
  if (network->train && network->on_gpu) {
    network->step =
        runet_bench_step_new (engine, network->model, network->batch, error);
    return network->step != NULL;
  }
  if (!make_plan (network, engine, error))
    return FALSE;
  if (network->train)
    prepare_training (network, runet_engine_get_threads (engine));
  fill_input (network, random);
  return TRUE;
}

/* What follows the forward pass in a training step. */
static gboolean
learn (Network *network, GCancellable *cancellable, GError **error) {
  GArray *parameters = network->model->graph->parameters;
  guint stages = network->model->graph->outputs->len;
  g_autofree double *weights = g_new (double, stages);
  g_autofree double *losses = g_new (double, stages);
  for (guint k = 0; k < stages; k++)
    weights[k] = 1;
  for (guint i = 0; i < parameters->len; i++)
    memset (network->gradients[i], 0,
            g_array_index (parameters, RunetParameter, i).count * sizeof (float));
  runet_dice_loss_stages (network->pool, network->plan, stages, network->labels, NULL,
                          weights, losses);
  if (!runet_plan_backward (network->plan, network->gradients, cancellable, error))
    return FALSE;
  runet_adam_step (network->adam, network->pool, LEARNING_RATE,
                   network->model->parameters, network->gradients);
  runet_plan_set_parameters (network->plan,
                             (const float *const *)network->model->parameters);
  return TRUE;
}

/* On a GPU the layers are not timed on the way. */
static void
note_times (const Network *network, double whole, Times *times) {
  g_array_append_val (times->whole, whole);
  if (network->on_gpu)
    return;
  g_autoptr (GArray) timings = runet_plan_get_timings (network->plan);
  double rest = whole;
  for (guint i = 0; i < timings->len; i++) {
    const RunetLayerTiming *timing = &g_array_index (timings, RunetLayerTiming, i);
    if (times->forward->len == i) {
      g_ptr_array_add (times->forward, new_seconds ());
      g_ptr_array_add (times->backward, new_seconds ());
    }
    g_array_append_val ((GArray *)times->forward->pdata[i], timing->forward_seconds);
    g_array_append_val ((GArray *)times->backward->pdata[i], timing->backward_seconds);
    rest -= timing->forward_seconds + timing->backward_seconds;
  }
  g_array_append_val (times->rest, rest);
}

static gboolean
run_once (Network *network, GError **error) {
  GCancellable *cancellable = runet_command_cancellable ();
  if (network->step != NULL)
    return runet_bench_step_run (network->step, cancellable, error);
  return runet_plan_forward (network->plan, cancellable, error) &&
         (!network->train || learn (network, cancellable, error));
}

static gboolean
warm_up (Network *network, GError **error) {
  const gint64 until = g_get_monotonic_time () + (network->on_gpu ? GPU_WARM_UP_US : 0);
  for (guint i = 0; i < WARM_UP || g_get_monotonic_time () < until; i++)
    if (!run_once (network, error))
      return FALSE;
  return TRUE;
}

static gboolean
network_run (Network *network, guint rounds, Times *times, GError **error) {
  if (!warm_up (network, error))
    return FALSE;
  for (guint i = 0; i < rounds; i++) {
    gint64 start = g_get_monotonic_time ();
    if (!run_once (network, error))
      return FALSE;
    note_times (network, (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC,
                times);
  }
  return TRUE;
}

/* getrusage() hands the peak of the program that started this one on to it, as long as that is
 * higher: the kernel's line is of this program alone. */
static double
measure_peak_mib (void) {
  g_autofree char *status = NULL;
  const char *line = NULL;
  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, "\nVmHWM:");
  if (line != NULL)
    return (double)g_ascii_strtoull (line + strlen ("\nVmHWM:"), NULL, 10) / 1024;
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / 1024;
}

static void
clear_layer (gpointer data) {
  g_free (((RunetBenchLayer *)data)->name);
}

/* Of the processor, the medians of its runs; of a GPU, what it took each layer by itself just now. */
static void
add_layers (RunetBench *bench, const Network *network, const Times *times) {
  g_autoptr (GArray) timings = runet_plan_get_timings (network->plan);
  for (guint i = 0; i < timings->len; i++) {
    const RunetLayerTiming *timing = &g_array_index (timings, RunetLayerTiming, i);
    const gboolean own = network->on_gpu;
    const RunetBenchLayer layer = {
        .name = g_strdup (timing->name),
        .algorithm = g_intern_string (timing->algorithm),
        .macs = timing->macs,
        .backward_macs = timing->backward_macs,
        .bytes = timing->bytes,
        .backward_bytes = timing->backward_bytes,
        .forward_seconds =
            own ? timing->forward_seconds : median (times->forward->pdata[i]),
        .backward_seconds =
            own ? timing->backward_seconds : median (times->backward->pdata[i]),
    };
    g_array_append_val (bench->layers, layer);
  }
}

static RunetBench *
summarise (const Network *network, const Times *times) {
  const RunetHyperparameters *h = &network->model->hyperparameters;
  RunetBench *bench = g_new0 (RunetBench, 1);
  bench->architecture = h->architecture;
  bench->batch = network->batch;
  bench->train = network->train;
  bench->on_gpu = network->on_gpu;
  bench->gmac_per_image =
      runet_graph_count_macs (network->model->graph, h->input_size, h->input_size) /
      1e9;
  bench->seconds = median (times->whole);
  bench->rest_seconds = network->on_gpu ? 0 : median (times->rest);
  bench->peak_mib = measure_peak_mib ();
  bench->layers = g_array_new (FALSE, FALSE, sizeof (RunetBenchLayer));
  g_array_set_clear_func (bench->layers, clear_layer);
  return bench;
}

gboolean
runet_bench_is_on_gpu (const RunetEngine *engine) {
  return g_str_equal (runet_engine_get_name (engine), "cudnn");
}

RunetBench *
runet_bench_run (RunetEngine *engine,
                 const RunetBenchOptions *options,
                 GError **error) {
  g_return_val_if_fail (engine != NULL && options != NULL, NULL);
  g_return_val_if_fail (options->batch > 0 && options->rounds > 0, NULL);
  Network network;
  Times times;
  g_autoptr (RunetBench) bench = NULL;
  times_init (&times);
  gboolean ok = network_init (&network, engine, options, error) &&
                network_run (&network, options->rounds, &times, error);
  if (ok) {
    bench = summarise (&network, &times);
    if (network.on_gpu && network.plan != NULL)
      bench->device_seconds = runet_plan_time_forward (network.plan);
    ok =
        network.plan != NULL || !options->layers || make_plan (&network, engine, error);
  }
  if (ok && network.plan != NULL && (options->layers || !network.on_gpu))
    add_layers (bench, &network, &times);
  times_clear (&times);
  network_clear (&network);
  return ok ? g_steal_pointer (&bench) : NULL;
}

void
runet_bench_free (RunetBench *bench) {
  if (bench == NULL)
    return;
  g_array_unref (bench->layers);
  g_free (bench);
}

double
runet_bench_get_ms_per_image (const RunetBench *bench) {
  return bench->seconds * 1e3 / bench->batch;
}
