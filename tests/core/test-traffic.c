/* The bytes that a plan says it moves at least, counted by hand for a network of three nodes. */
#include "core/nn/plan.h"

enum { BATCH = 2, SIZE = 32, MIDDLE = 8, CLASSES = 4 };

#define PIXELS (BATCH * SIZE * SIZE)

static RunetGraph *
make_graph (void) {
  RunetGraph *graph = runet_graph_new ();
  int image = runet_graph_input (graph, 1);
  int x = runet_graph_convolution (graph, image, MIDDLE, 3, TRUE, "conv");
  x = runet_graph_convolution (graph, x, CLASSES, 1, FALSE, "head");
  x = runet_graph_softmax (graph, x);
  g_array_append_val (graph->outputs, x);
  return graph;
}

static void
assert_traffic (RunetEngineKind kind, RunetPlanMode mode, const double expected[4][2]) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = runet_engine_new (kind, 1, &error);
  g_assert_no_error (error);
  RunetGraph *graph = make_graph ();
  g_autoptr (RunetPlan) plan =
      runet_plan_new (engine, graph, BATCH, SIZE, SIZE, mode, &error);
  g_assert_no_error (error);
  g_autoptr (GArray) timings = runet_plan_get_timings (plan);
  g_assert_cmpuint (timings->len, ==, 4);
  for (guint i = 0; i < timings->len; i++) {
    const RunetLayerTiming *timing = &g_array_index (timings, RunetLayerTiming, i);
    g_assert_cmpfloat (timing->bytes, ==, expected[i][0]);
    g_assert_cmpfloat (timing->backward_bytes, ==, expected[i][1]);
  }
  g_assert_cmpfloat (runet_plan_time_forward (plan), ==, 0);
  g_assert_cmpfloat (runet_engine_measure_bandwidth (engine), ==, 0);
  g_clear_pointer (&plan, runet_plan_free);
  runet_graph_free (graph);
}

#define WEIGHTS (MIDDLE * 9 * 4.)
#define HEAD_WEIGHTS (MIDDLE * CLASSES * 4.)
#define IMAGE (PIXELS * 4.)
#define MAP (PIXELS * MIDDLE * 4.)
#define SOFTMAX (PIXELS * CLASSES * 4.)

/* Each node by itself: what one writes the next one reads. */
static void
test_apart (void) {
  const double expected[4][2] = {
      {IMAGE, 0},
      {IMAGE + WEIGHTS + MAP, 2 * MAP + 2 * WEIGHTS + IMAGE},
      {MAP + HEAD_WEIGHTS + SOFTMAX, 2 * SOFTMAX + 2 * HEAD_WEIGHTS + 2 * MAP},
      {2 * SOFTMAX, 4 * SOFTMAX},
  };
  assert_traffic (RUNET_ENGINE_REFERENCE, RUNET_PLAN_TRAINING, expected);
}

/* What is done together hands on without memory: head and softmax are one. */
static void
test_together (void) {
  const double expected[4][2] = {
      {IMAGE, 0},
      {IMAGE + WEIGHTS + MAP, 0},
      {0, 0},
      {MAP + HEAD_WEIGHTS + SOFTMAX, 0},
  };
  assert_traffic (RUNET_ENGINE_BLAS, RUNET_PLAN_INFERENCE, expected);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/traffic/apart", test_apart);
  g_test_add_func ("/nn/traffic/together", test_together);
  return g_test_run ();
}
