/* Plans of small networks of every architecture, on every engine: the same bits every time, where
 * tensors lie, derivatives along random directions, cancellation, refusals, many threads. */
#include "core/nn/plan-private.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/models/model.h"
#include "engine-fixture.h"

#define SIZE 32
#define BATCH 2

typedef struct {
  RunetArchitecture architecture;
  RunetEngineKind kind;
} Case;

/* A network with random weights and a random image. */
typedef struct {
  RunetModel *model;
  RunetPlan *plan;
  float **gradients;
} Network;

static RunetModel *
make_model (RunetArchitecture architecture) {
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, architecture);
  for (guint i = 0; i < RUNET_LEVELS; i++)
    hyperparameters.down[i] = 3 + i;
  for (guint i = 0; i < RUNET_LEVELS - 1; i++)
    hyperparameters.up[i] = 8 - i;
  /* A gentle slope, so that a finite step sees a derivative and not a cliff. */
  hyperparameters.slope = 4;
  RunetModel *model = runet_model_new (&hyperparameters, random);
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    const RunetParameter *parameter =
        &g_array_index (model->graph->parameters, RunetParameter, i);
    for (gsize j = 0; parameter->dimensions == 1 && j < parameter->count; j++)
      model->parameters[i][j] = (float)g_rand_double_range (random, -0.2, 0.2);
  }
  return model;
}

static void
network_init (Network *network,
              RunetEngine *engine,
              RunetArchitecture architecture,
              RunetPlanMode mode) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  network->model = make_model (architecture);
  const GArray *parameters = network->model->graph->parameters;
  network->plan =
      runet_plan_new (engine, network->model->graph, BATCH, SIZE, SIZE, mode, &error);
  g_assert_no_error (error);
  /* Not another one in its place. */
  g_assert_true (runet_plan_get_engine (network->plan) == engine);
  float *input = runet_plan_get_input (network->plan);
  for (gsize i = 0; i < BATCH * SIZE * SIZE; i++)
    input[i] = (float)g_rand_double (random);
  runet_plan_set_parameters (network->plan,
                             (const float *const *)network->model->parameters);
  network->gradients = g_new (float *, parameters->len);
  for (guint i = 0; i < parameters->len; i++)
    network->gradients[i] =
        g_new0 (float, g_array_index (parameters, RunetParameter, i).count);
}

static void
network_clear (Network *network) {
  for (guint i = 0; i < network->model->graph->parameters->len; i++)
    g_free (network->gradients[i]);
  g_free (network->gradients);
  runet_plan_free (network->plan);
  runet_model_unref (network->model);
}

static void
forward (Network *network) {
  g_autoptr (GError) error = NULL;
  runet_plan_forward (network->plan, NULL, &error);
  g_assert_no_error (error);
}

/* Random factors of the outputs: Σ factor · output is the loss of these tests. */
static double
get_factor (guint k, gsize index) {
  guint32 bits = (guint32)index * 2654435761u + k * 40503u + 12345u;
  bits ^= bits >> 15;
  bits *= 2246822519u;
  bits ^= bits >> 13;
  return (double)bits / G_MAXUINT32 - 0.5;
}

static double
compute_loss (const Network *network) {
  double loss = 0;
  for (guint k = 0; k < network->model->graph->outputs->len; k++) {
    const RunetTensor *y = runet_plan_get_output (network->plan, k);
    for (gsize i = 0; i < y->n * y->h * y->w * y->c; i++)
      loss += get_factor (k, i) * (double)y->data[i / y->c * y->stride + i % y->c];
  }
  return loss;
}

static void
backward (Network *network) {
  g_autoptr (GError) error = NULL;
  for (guint k = 0; k < network->model->graph->outputs->len; k++) {
    const RunetTensor *dy = runet_plan_get_output_gradient (network->plan, k);
    for (gsize i = 0; i < dy->n * dy->h * dy->w * dy->c; i++)
      dy->data[i / dy->c * dy->stride + i % dy->c] = (float)get_factor (k, i);
  }
  runet_plan_backward (network->plan, network->gradients, NULL, &error);
  g_assert_no_error (error);
}

static GChecksum *
add_map (GChecksum *checksum, const RunetTensor *map) {
  for (gsize p = 0; p < map->n * map->h * map->w; p++)
    g_checksum_update (checksum, (const guchar *)(map->data + p * map->stride),
                       (gssize)(map->c * sizeof (float)));
  return checksum;
}

/* Of all that a caller sees: outputs, regions and, when there are some, gradients. */
static char *
digest (const Network *network) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  const RunetGraph *graph = network->model->graph;
  for (guint k = 0; k < graph->outputs->len; k++)
    add_map (checksum, runet_plan_get_output (network->plan, k));
  for (guint k = 0; k < graph->regions->len; k++)
    add_map (checksum, runet_plan_get_region (network->plan, k));
  for (guint i = 0; i < graph->parameters->len; i++)
    g_checksum_update (
        checksum, (const guchar *)network->gradients[i],
        (gssize)(g_array_index (graph->parameters, RunetParameter, i).count *
                 sizeof (float)));
  return g_strdup (g_checksum_get_string (checksum));
}

static void
clear_gradients (Network *network) {
  const GArray *parameters = network->model->graph->parameters;
  for (guint i = 0; i < parameters->len; i++)
    memset (network->gradients[i], 0,
            g_array_index (parameters, RunetParameter, i).count * sizeof (float));
}

/* Nothing of a run is left over for the next, memory that is used twice included. */
static void
test_repeat (gconstpointer data) {
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (test->kind, 2);
  if (engine == NULL)
    return;
  for (RunetPlanMode mode = RUNET_PLAN_INFERENCE; mode <= RUNET_PLAN_TRAINING; mode++) {
    Network network;
    g_autofree char *first = NULL;
    network_init (&network, engine, test->architecture, mode);
    for (int run = 0; run < 3; run++) {
      clear_gradients (&network);
      forward (&network);
      if (mode == RUNET_PLAN_TRAINING)
        backward (&network);
      g_autofree char *now = digest (&network);
      if (first == NULL)
        first = g_steal_pointer (&now);
      else
        g_assert_cmpstr (now, ==, first);
    }
    network_clear (&network);
  }
}

/* Memory used once in training and several times in inference: the values must not care. */
static void
test_modes_agree (gconstpointer data) {
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (test->kind, 2);
  if (engine == NULL)
    return;
  Network inference, training;
  network_init (&inference, engine, test->architecture, RUNET_PLAN_INFERENCE);
  network_init (&training, engine, test->architecture, RUNET_PLAN_TRAINING);
  forward (&inference);
  forward (&training);
  g_autofree char *one = digest (&inference);
  g_autofree char *other = digest (&training);
  g_assert_cmpstr (one, ==, other);
  if (test->kind == RUNET_ENGINE_CUDNN)
    g_assert_cmpuint (runet_plan_get_bytes (inference.plan), <,
                      runet_plan_get_bytes (training.plan) / 2);
  else
    g_assert_cmpuint (inference.plan->arena_bytes, <, training.plan->arena_bytes / 2);
  network_clear (&training);
  network_clear (&inference);
}

/* Loss at weights + @step · gradient of one parameter (or of all: -1). */
static double
step_loss (Network *network, int only, double step) {
  const GArray *parameters = network->model->graph->parameters;
  g_autofree float **moved = g_new (float *, parameters->len);
  for (guint i = 0; i < parameters->len; i++) {
    const gsize count = g_array_index (parameters, RunetParameter, i).count;
    moved[i] = g_memdup2 (network->model->parameters[i], count * sizeof (float));
    for (gsize j = 0; (only < 0 || only == (int)i) && j < count; j++)
      moved[i][j] += (float)(step * (double)network->gradients[i][j]);
  }
  runet_plan_set_parameters (network->plan, (const float *const *)moved);
  forward (network);
  for (guint i = 0; i < parameters->len; i++)
    g_free (moved[i]);
  return compute_loss (network);
}

/* Along the gradient the loss grows by its length squared. @only: as above; @distance: to go. */
static void
check_derivative (Network *network, int only, double distance, double tolerance) {
  const GArray *parameters = network->model->graph->parameters;
  double square = 0;
  for (guint i = 0; i < parameters->len; i++)
    for (gsize j = 0; (only < 0 || only == (int)i) &&
                      j < g_array_index (parameters, RunetParameter, i).count;
         j++)
      square += (double)network->gradients[i][j] * (double)network->gradients[i][j];
  const double step = distance / sqrt (square);
  const double slope =
      (step_loss (network, only, step) - step_loss (network, only, -step)) / (2 * step);
  g_test_message ("expected %g, found %g", slope, square);
  g_assert_cmpfloat (square, >, 0);
  g_assert_cmpfloat (fabs (slope - square), <=, tolerance * square);
}

static void
test_derivative (gconstpointer data) {
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (test->kind, 2);
  if (engine == NULL)
    return;
  Network network;
  network_init (&network, engine, test->architecture, RUNET_PLAN_TRAINING);
  forward (&network);
  backward (&network);
  check_derivative (&network, -1, 2e-3, 0.02);
  const GArray *parameters = network.model->graph->parameters;
  for (guint i = 0; i < parameters->len; i++)
    if (strstr (g_array_index (parameters, RunetParameter, i).name, ".mix.") != NULL)
      check_derivative (&network, (int)i, 0.02, 0.05);
  network_clear (&network);
}

/* Gradients are added to what is there. */
static void
test_accumulation (gconstpointer data) {
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (test->kind, 2);
  if (engine == NULL)
    return;
  Network once, twice;
  network_init (&once, engine, test->architecture, RUNET_PLAN_TRAINING);
  network_init (&twice, engine, test->architecture, RUNET_PLAN_TRAINING);
  forward (&once);
  backward (&once);
  for (int i = 0; i < 2; i++) {
    forward (&twice);
    backward (&twice);
  }
  const GArray *parameters = once.model->graph->parameters;
  for (guint i = 0; i < parameters->len; i++)
    for (gsize j = 0; j < g_array_index (parameters, RunetParameter, i).count; j++) {
      const double expected = 2 * (double)once.gradients[i][j];
      g_assert_cmpfloat (fabs ((double)twice.gradients[i][j] - expected), <=,
                         1e-4 * (1e-2 + fabs (expected)));
    }
  network_clear (&twice);
  network_clear (&once);
}

/* No up-sampling and no concatenation takes memory: the convolutions read the parts. */
static void
test_concat_unmade (void) {
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 1, NULL);
  Network network;
  guint concats = 0;
  network_init (&network, engine, RUNET_ARCHITECTURE_RU_NET, RUNET_PLAN_TRAINING);
  for (guint i = 0; i < network.plan->count; i++) {
    const RunetPlanNode *node = &network.plan->nodes[i];
    if (node->node->op != RUNET_OP_CONCAT && node->node->op != RUNET_OP_UPSAMPLE)
      continue;
    concats += node->node->op == RUNET_OP_CONCAT;
    g_assert_true (node->unmade);
    g_assert_null (node->y.data);
    g_assert_null (node->dy.data);
  }
  g_assert_cmpuint (concats, ==, 10);
  network_clear (&network);
}

static RunetPlan *
make_full_plan (RunetArchitecture architecture,
                gsize n,
                gsize h,
                gsize w,
                RunetPlanMode mode,
                RunetGraph **graph,
                GError **error) {
  RunetHyperparameters hyperparameters;
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 2, NULL);
  runet_hyperparameters_init (&hyperparameters, architecture);
  *graph = runet_architecture_build (&hyperparameters);
  return runet_plan_new (engine, *graph, n, h, w, mode, error);
}

/* The paper's network on one image: three of the 256 × 256 × 32 maps are alive at once at most, and
 * the concatenation is two of them. */
static void
test_memory (void) {
  g_autoptr (RunetGraph) graph = NULL;
  g_autoptr (RunetPlan) plan = make_full_plan (RUNET_ARCHITECTURE_RU_NET, 1, 256, 256,
                                               RUNET_PLAN_INFERENCE, &graph, NULL);
  const gsize map = 256 * 256 * 32 * sizeof (float);
  g_assert_cmpuint (plan->arena_bytes, <, 4 * map);
  g_assert_cmpuint (runet_plan_get_bytes (plan), >, plan->arena_bytes);
  g_assert_cmpuint (runet_plan_get_bytes (plan), <, 200 * 1024 * 1024);
}

static void
test_sizes (void) {
  const gsize sizes[][3] = {{1, 100, 96}, {1, 96, 16}, {0, 32, 32}, {1, 0, 32}};
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (RunetGraph) graph = NULL;
    g_autoptr (GError) error = NULL;
    g_assert_null (make_full_plan (RUNET_ARCHITECTURE_UNET1, sizes[i][0], sizes[i][1],
                                   sizes[i][2], RUNET_PLAN_INFERENCE, &graph, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
    g_assert_nonnull (strstr (error->message, "multiples of 32"));
  }
}

static void
test_too_large (void) {
  const gsize sides[] = {(gsize)1 << 20, (gsize)1 << 32, (gsize)1 << 62};
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    g_autoptr (RunetGraph) graph = NULL;
    g_autoptr (GError) error = NULL;
    g_assert_null (make_full_plan (RUNET_ARCHITECTURE_UNET1, 64, sides[i], sides[i],
                                   RUNET_PLAN_TRAINING, &graph, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY);
  }
}

static gpointer
cancel_soon (gpointer cancellable) {
  g_usleep (2000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel (gconstpointer data) {
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (test->kind, 2);
  if (engine == NULL)
    return;
  Network network;
  network_init (&network, engine, test->architecture, RUNET_PLAN_TRAINING);
  forward (&network);
  backward (&network);
  g_autofree char *expected = digest (&network);

  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_cancellable_cancel (cancelled);
  g_autoptr (GError) error = NULL;
  g_assert_false (runet_plan_forward (network.plan, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (
      runet_plan_backward (network.plan, network.gradients, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  /* In the middle, from another thread; then the plan works as before. */
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("cancel", cancel_soon, g_object_ref (cancellable));
  while (runet_plan_forward (network.plan, cancellable, &error))
    continue;
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_object_unref (cancellable);
  clear_gradients (&network);
  forward (&network);
  backward (&network);
  g_autofree char *found = digest (&network);
  g_assert_cmpstr (found, ==, expected);
  network_clear (&network);
}

static gpointer
run_often (gpointer data) {
  Network *network = data;
  for (int i = 0; i < 10; i++) {
    clear_gradients (network);
    forward (network);
    backward (network);
  }
  return digest (network);
}

/* One engine, several plans, each with its own thread. */
static void
test_threads (gconstpointer data) {
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (test->kind, 2);
  if (engine == NULL)
    return;
  Network networks[3];
  GThread *threads[G_N_ELEMENTS (networks)];
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    network_init (&networks[i], engine, test->architecture, RUNET_PLAN_TRAINING);
  g_autofree char *expected = run_often (&networks[0]);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    threads[i] = g_thread_new ("plan", run_often, &networks[i]);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++) {
    g_autofree char *found = g_thread_join (threads[i]);
    g_assert_cmpstr (found, ==, expected);
    network_clear (&networks[i]);
  }
}

static void
test_timings (void) {
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_BLAS, 1, NULL);
  Network network;
  double macs = 0, seconds = 0;
  network_init (&network, engine, RUNET_ARCHITECTURE_UNET1, RUNET_PLAN_TRAINING);
  forward (&network);
  backward (&network);
  g_autoptr (GArray) timings = runet_plan_get_timings (network.plan);
  g_assert_cmpuint (timings->len, ==, network.model->graph->nodes->len);
  for (guint i = 0; i < timings->len; i++) {
    const RunetLayerTiming *timing = &g_array_index (timings, RunetLayerTiming, i);
    g_assert_nonnull (timing->name);
    g_assert_nonnull (timing->algorithm);
    macs += timing->macs;
    seconds += timing->forward_seconds + timing->backward_seconds;
  }
  g_assert_cmpfloat (macs, ==,
                     BATCH * runet_graph_count_macs (network.model->graph, SIZE, SIZE));
  g_assert_cmpfloat (seconds, >, 0);
  network_clear (&network);
}

static void
add_cases (const char *name,
           GTestDataFunc func,
           RunetArchitecture first,
           RunetArchitecture last) {
  for (guint i = 0; i < G_N_ELEMENTS (engine_fixture_kinds); i++)
    for (RunetArchitecture architecture = first; architecture <= last; architecture++) {
      Case *test = g_new (Case, 1);
      *test = (Case){architecture, engine_fixture_kinds[i]};
      g_autofree char *path =
          g_strdup_printf ("/nn/plan/%s/%s-%s", engine_fixture_get_name (test->kind),
                           name, runet_architecture_to_string (architecture));
      g_test_add_data_func_full (path, test, func, g_free);
    }
}

int
main (int argc, char *argv[]) {
  const RunetArchitecture last = RUNET_ARCHITECTURES - 1;
  g_test_init (&argc, &argv, NULL);
  add_cases ("repeat", test_repeat, 0, last);
  add_cases ("modes-agree", test_modes_agree, 0, last);
  add_cases ("derivative", test_derivative, 0, last);
  add_cases ("accumulation", test_accumulation, 0, last);
  add_cases ("cancel", test_cancel, RUNET_ARCHITECTURE_RU_NET,
             RUNET_ARCHITECTURE_RU_NET);
  add_cases ("threads", test_threads, RUNET_ARCHITECTURE_RU_NET,
             RUNET_ARCHITECTURE_RU_NET);
  g_test_add_func ("/nn/plan/concat-unmade", test_concat_unmade);
  g_test_add_func ("/nn/plan/memory", test_memory);
  g_test_add_func ("/nn/plan/sizes", test_sizes);
  g_test_add_func ("/nn/plan/too-large", test_too_large);
  g_test_add_func ("/nn/plan/timings", test_timings);
  return g_test_run ();
}
