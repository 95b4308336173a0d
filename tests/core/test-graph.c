/* Graphs as they are built: shapes, levels, names, parameters, and what the builder refuses. */
#include "core/nn/graph.h"

static const RunetNode *
get_node (const RunetGraph *graph, int index) {
  return &g_array_index (graph->nodes, RunetNode, index);
}

static const RunetParameter *
get_parameter (const RunetGraph *graph, int index) {
  return &g_array_index (graph->parameters, RunetParameter, index);
}

static void
test_nodes (void) {
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  const int image = runet_graph_input (graph, 2);
  const int conv =
      runet_graph_convolution (graph, image, 5, 3, TRUE, "stage1.down1.conv1");
  const int pool = runet_graph_max_pool (graph, conv);
  const int up = runet_graph_upsample (graph, pool);
  const int concat = runet_graph_concat (graph, up, conv);
  const int head = runet_graph_convolution (graph, concat, 4, 1, FALSE, "stage1.head");
  const int softmax = runet_graph_softmax (graph, head);

  g_assert_cmpstr (get_node (graph, pool)->name, ==, "stage1.down1.pool");
  g_assert_cmpstr (get_node (graph, softmax)->name, ==, "stage1.softmax");
  g_assert_cmpuint (get_node (graph, conv)->level, ==, 0);
  g_assert_cmpuint (get_node (graph, pool)->level, ==, 1);
  g_assert_cmpuint (get_node (graph, up)->level, ==, 0);
  g_assert_cmpuint (get_node (graph, concat)->channels, ==, 10);
  g_assert_cmpint (get_node (graph, concat)->inputs[0], ==, up);
  g_assert_cmpint (get_node (graph, concat)->inputs[1], ==, conv);
  g_assert_cmpint (get_node (graph, concat)->inputs[2], ==, -1);
  g_assert_cmpuint (runet_node_count_inputs (get_node (graph, image)), ==, 0);
  g_assert_cmpuint (runet_node_count_inputs (get_node (graph, concat)), ==, 2);
  g_assert_cmpuint (runet_graph_get_levels (graph), ==, 1);
}

static void
test_parameters (void) {
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  const int image = runet_graph_input (graph, 1);
  const int conv = runet_graph_convolution (graph, image, 3, 3, TRUE, "a.conv");
  const int maps[] = {image, image, image};
  const int mix = runet_graph_mix (graph, maps, "a.mix");

  const RunetParameter *weight = get_parameter (graph, get_node (graph, conv)->weight);
  g_assert_cmpstr (weight->name, ==, "a.conv.weight");
  g_assert_cmpuint (weight->dimensions, ==, 4);
  g_assert_cmpuint (weight->count, ==, 27);
  g_assert_cmpuint (weight->shape[0], ==, 3);
  g_assert_cmpuint (weight->shape[1], ==, 1);
  const RunetParameter *bias = get_parameter (graph, get_node (graph, conv)->bias);
  g_assert_cmpstr (bias->name, ==, "a.conv.bias");
  g_assert_cmpuint (bias->dimensions, ==, 1);
  g_assert_cmpuint (bias->shape[1], ==, 1);
  const RunetParameter *logits = get_parameter (graph, get_node (graph, mix)->weight);
  g_assert_cmpstr (logits->name, ==, "a.mix.weight");
  g_assert_cmpuint (logits->count, ==, 3);
  g_assert_cmpuint (runet_graph_count_parameters (graph), ==, 27 + 3 + 3);
}

/* Half the rows and columns on the level below, one tap in a 1 × 1. */
static void
test_macs (void) {
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  int x = runet_graph_input (graph, 1);
  x = runet_graph_convolution (graph, x, 8, 3, TRUE, "a");
  x = runet_graph_max_pool (graph, x);
  x = runet_graph_convolution (graph, x, 2, 1, FALSE, "b");
  const double expected = 64.0 * 32 * 8 * 9 + 32.0 * 16 * 8 * 2;
  g_assert_cmpfloat (runet_graph_count_macs (graph, 64, 32), ==, expected);
}

static void
expect_critical (void) {
  g_test_expect_message ("runet", G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
}

static void
test_misuse (void) {
  g_autoptr (RunetGraph) graph = runet_graph_new ();
  const int image = runet_graph_input (graph, 2);
  const int pool = runet_graph_max_pool (graph, image);
  expect_critical ();
  g_assert_cmpint (runet_graph_concat (graph, image, pool), ==, -1);
  expect_critical ();
  g_assert_cmpint (runet_graph_upsample (graph, image), ==, -1);
  expect_critical ();
  g_assert_cmpint (runet_graph_convolution (graph, image, 4, 5, TRUE, "a"), ==, -1);
  expect_critical ();
  g_assert_cmpint (runet_graph_box (graph, image, 3), ==, -1);
  expect_critical ();
  g_assert_cmpint (runet_graph_softmax (graph, 17), ==, -1);
  expect_critical ();
  g_assert_cmpint (runet_graph_input (graph, 1), ==, -1);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (graph->nodes->len, ==, 2);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/graph/nodes", test_nodes);
  g_test_add_func ("/nn/graph/parameters", test_parameters);
  g_test_add_func ("/nn/graph/macs", test_macs);
  g_test_add_func ("/nn/graph/misuse", test_misuse);
  return g_test_run ();
}
