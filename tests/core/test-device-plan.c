/* Plans on a GPU of graphs that no architecture has, against the reference: every operation at every place, in every
 * precision, run again with other values; and what happens when memory runs out. */
#include "core/nn/plan-private.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "device-graphs.h"
#include "engine-fixture.h"

#define SIZE 16
#define BATCH 2
#define RUNS 4
/* Gradients are differences, and some pass a ReLU on its other side. */
#define GRADIENT_FACTOR 25

typedef struct {
  guint graph;
  RunetPrecision precision;
} Case;

typedef struct {
  RunetPlan *plan;
  float **gradients;
} Network;

static float **
draw_parameters (const RunetGraph *graph, double range) {
  GRand *random = g_rand_new_with_seed (3);
  float **parameters = g_new (float *, graph->parameters->len);
  for (guint i = 0; i < graph->parameters->len; i++) {
    const gsize count = g_array_index (graph->parameters, RunetParameter, i).count;
    parameters[i] = g_new0 (float, count);
    for (gsize j = 0; range > 0 && j < count; j++)
      parameters[i][j] = (float)g_rand_double_range (random, -range, range);
  }
  g_rand_free (random);
  return parameters;
}

static void
free_all (float **arrays, const RunetGraph *graph) {
  for (guint i = 0; i < graph->parameters->len; i++)
    g_free (arrays[i]);
  g_free (arrays);
}

static void
network_init (Network *network, RunetEngine *engine, const RunetGraph *graph) {
  g_autoptr (GError) error = NULL;
  network->plan =
      runet_plan_new (engine, graph, BATCH, SIZE, SIZE, RUNET_PLAN_TRAINING, &error);
  g_assert_no_error (error);
  network->gradients = draw_parameters (graph, 0);
  float **parameters = draw_parameters (graph, 0.7);
  runet_plan_set_parameters (network->plan, (const float *const *)parameters);
  free_all (parameters, graph);
}

static void
network_clear (Network *network) {
  free_all (network->gradients, network->plan->graph);
  runet_plan_free (network->plan);
}

static void
run (Network *network, guint32 seed) {
  g_autoptr (GError) error = NULL;
  const RunetGraph *graph = network->plan->graph;
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  const gsize channels = g_array_index (graph->nodes, RunetNode, 0).channels;
  float *input = runet_plan_get_input (network->plan);
  for (gsize i = 0; i < BATCH * SIZE * SIZE * channels; i++)
    input[i] = (float)g_rand_double (random);
  runet_plan_forward (network->plan, NULL, &error);
  g_assert_no_error (error);
  for (guint k = 0; k < graph->outputs->len; k++) {
    const RunetTensor *dy = runet_plan_get_output_gradient (network->plan, k);
    for (gsize i = 0; dy->data != NULL && i < dy->n * dy->h * dy->w * dy->c; i++)
      dy->data[i] = (float)g_rand_double_range (random, -1, 1);
  }
  runet_plan_backward (network->plan, network->gradients, NULL, &error);
  g_assert_no_error (error);
}

/* The root of the mean square of the difference, of that of @b. */
static void
check_close (const float *a,
             const float *b,
             gsize count,
             double tolerance,
             const char *what) {
  double difference = 0, square = 0;
  for (gsize i = 0; i < count; i++) {
    difference += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    square += (double)b[i] * (double)b[i];
  }
  if (!(difference <= tolerance * tolerance * square))
    g_error ("%s: differs by %g of its size", what, sqrt (difference / square));
}

static void
check_map (const RunetTensor *a,
           const RunetTensor *b,
           double tolerance,
           const char *what) {
  g_assert_cmpuint (a->h, ==, b->h);
  g_assert_cmpuint (a->c, ==, b->c);
  check_close (a->data, b->data, b->n * b->h * b->w * b->c, tolerance, what);
}

static void
compare (const Network *ours, const Network *theirs, double tolerance) {
  const RunetGraph *graph = ours->plan->graph;
  for (guint k = 0; k < graph->outputs->len; k++)
    check_map (runet_plan_get_output (ours->plan, k),
               runet_plan_get_output (theirs->plan, k), tolerance, "output");
  for (guint k = 0; k < graph->regions->len; k++)
    check_map (runet_plan_get_region (ours->plan, k),
               runet_plan_get_region (theirs->plan, k), tolerance, "region");
  for (guint i = 0; i < graph->parameters->len; i++) {
    const RunetParameter *parameter =
        &g_array_index (graph->parameters, RunetParameter, i);
    check_close (ours->gradients[i], theirs->gradients[i], parameter->count,
                 GRADIENT_FACTOR * tolerance, parameter->name);
  }
}

/* What a plan reads at each run, also after it was captured. */
static void
change_values (RunetGraph *graph) {
  for (guint i = 0; i < graph->nodes->len; i++) {
    RunetNode *node = &g_array_index (graph->nodes, RunetNode, i);
    node->slope += 0.5f;
    node->shift -= 0.1f;
    node->size += node->op == RUNET_OP_BOX;
  }
}

static void
test_graph (gconstpointer data) {
  static const double tolerances[] = {
      [RUNET_PRECISION_TF32] = 4e-3,
      [RUNET_PRECISION_FLOAT32] = 1e-5,
      [RUNET_PRECISION_FLOAT16] = 4e-3,
      [RUNET_PRECISION_BFLOAT16] = 3e-2,
  };
  const Case *test = data;
  g_autoptr (RunetEngine) engine = engine_fixture_new (RUNET_ENGINE_CUDNN, 2);
  if (engine == NULL)
    return;
  runet_engine_set_precision (engine, test->precision);
  g_autoptr (RunetEngine) reference = engine_fixture_new (RUNET_ENGINE_REFERENCE, 2);
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  graphs[test->graph].build (graph);
  Network ours, theirs;
  network_init (&ours, engine, graph);
  network_init (&theirs, reference, graph);
  const gboolean narrow = test->precision >= RUNET_PRECISION_FLOAT16;
  g_assert_true ((ours.plan->device_plan == NULL) ==
                 (narrow && graphs[test->graph].build == build_boxed));
  for (guint i = 0; i < RUNS; i++) {
    if (i == RUNS - 1)
      change_values (graph);
    run (&ours, i);
    run (&theirs, i);
    compare (&ours, &theirs, tolerances[test->precision]);
  }
  network_clear (&ours);
  network_clear (&theirs);
}

/* Each part of the network says what does it, and what it took. */
static void
test_timings (void) {
  g_autoptr (RunetEngine) engine = engine_fixture_new (RUNET_ENGINE_CUDNN, 2);
  if (engine == NULL)
    return;
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  build_shared (graph);
  Network network;
  network_init (&network, engine, graph);
  run (&network, 1);
  g_autoptr (GArray) timings = runet_plan_get_timings (network.plan);
  double seconds = 0;
  for (guint i = 0; i < timings->len; i++) {
    const RunetLayerTiming *timing = &g_array_index (timings, RunetLayerTiming, i);
    g_assert_nonnull (timing->algorithm);
    seconds += timing->forward_seconds + timing->backward_seconds;
  }
  g_assert_cmpfloat (seconds, >, 0);
  g_assert_cmpfloat (runet_plan_time_forward (network.plan), >, 0);
  network_clear (&network);
}

/* Where the memory ends, at whatever moment, the processor goes on in its place and says why. */
static void
test_memory (void) {
  g_autoptr (RunetEngine) engine = engine_fixture_new (RUNET_ENGINE_CUDNN, 2);
  if (engine == NULL)
    return;
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  build_shared (graph);
  guint instead = 0;
  for (guint kib = 1; kib < 4096; kib += 1 + kib / 4) {
    g_autofree char *limit = g_strdup_printf ("%u", kib * 1024);
    Network network;
    g_setenv ("RUNET_STAND_IN_MEMORY", limit, TRUE);
    network_init (&network, engine, graph);
    RunetEngine *used = runet_plan_get_engine (network.plan);
    if (used != engine) {
      g_assert_cmpstr (runet_engine_get_name (used), ==, "blas");
      g_assert_nonnull (strstr (runet_engine_get_description (used),
                                "the GPU's memory does not suffice"));
      instead++;
    }
    run (&network, 1);
    network_clear (&network);
  }
  g_unsetenv ("RUNET_STAND_IN_MEMORY");
  /* Of a GPU the limit is none. */
  if (strstr (runet_engine_get_description (engine), "Stand-in device") != NULL)
    g_assert_cmpuint (instead, >, 0);
}

/* More pixels than can be counted there, and than the processor has memory for. */
static void
test_too_large (void) {
  g_autoptr (RunetEngine) engine = engine_fixture_new (RUNET_ENGINE_CUDNN, 2);
  if (engine == NULL)
    return;
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  g_autoptr (GError) error = NULL;
  build_shared (graph);
  g_assert_null (runet_plan_new (engine, graph, 1 << 20, 1 << 20, 1 << 20,
                                 RUNET_PLAN_INFERENCE, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY);
}

static void
fail_late (RunetEngine *engine) {
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  g_autoptr (GError) error = NULL;
  build_shared (graph);
  Network network;
  network_init (&network, engine, graph);
  g_setenv ("RUNET_STAND_IN_FAIL_LATE", "3", TRUE);
  /* A GPU, other than the stand-in, does not. */
  if (!runet_plan_forward (network.plan, NULL, &error))
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE);
  network_clear (&network);
}

/* A GPU that breaks down on the way is an error of that run, and no more. */
static void
test_failure (void) {
  g_autoptr (RunetEngine) engine = engine_fixture_new (RUNET_ENGINE_CUDNN, 2);
  if (engine == NULL)
    return;
  if (g_test_subprocess ()) {
    fail_late (engine);
    return;
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (graphs); i++)
    for (RunetPrecision p = RUNET_PRECISION_TF32; p <= RUNET_PRECISION_BFLOAT16; p++) {
      Case *test = g_new (Case, 1);
      *test = (Case){i, p};
      g_autofree char *path = g_strdup_printf ("/nn/device-plan/%s-%s", graphs[i].name,
                                               runet_precision_to_string (p));
      g_test_add_data_func_full (path, test, test_graph, g_free);
    }
  g_test_add_func ("/nn/device-plan/timings", test_timings);
  g_test_add_func ("/nn/device-plan/memory", test_memory);
  g_test_add_func ("/nn/device-plan/too-large", test_too_large);
  g_test_add_func ("/nn/device-plan/failure", test_failure);
  return g_test_run ();
}
