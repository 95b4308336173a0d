/* The architectures of the paper: their sizes, their names, and numbers that make no network. */
#include "core/models/architecture.h"

#include "core/base/error.h"

/* Parameters as the design page and the reference implementation count them; inception adds three
 * logits, cascade is two RU-Nets. */
static const struct {
  const char *name;
  gsize parameters;
  guint outputs, regions;
  double gmacs; /* of a 256 × 256 image; 0 = not stated */
} expected[] = {
    {"unet1", 1976644, 1, 0, 4.01},           {"shg", 4542816, 3, 0, 0},
    {"ru-net", 3953288, 2, 1, 8.02},          {"ru-net-inception", 3953291, 2, 1, 8.02},
    {"ru-net-cascade", 7906576, 4, 3, 16.03}, {"ru-net-light", 3027200, 2, 1, 0},
};

static RunetGraph *
build (const char *name) {
  RunetArchitecture architecture;
  RunetHyperparameters hyperparameters;
  g_assert_true (runet_architecture_from_string (name, &architecture));
  g_assert_cmpstr (runet_architecture_to_string (architecture), ==, name);
  runet_hyperparameters_init (&hyperparameters, architecture);
  return runet_architecture_build (&hyperparameters);
}

static void
test_sizes (void) {
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (RunetGraph) graph = build (expected[i].name);
    g_assert_cmpuint (runet_graph_count_parameters (graph), ==, expected[i].parameters);
    g_assert_cmpuint (graph->outputs->len, ==, expected[i].outputs);
    g_assert_cmpuint (graph->regions->len, ==, expected[i].regions);
    g_assert_cmpuint (runet_graph_get_levels (graph), ==, 5);
    if (expected[i].gmacs > 0)
      g_assert_cmpfloat_with_epsilon (runet_graph_count_macs (graph, 256, 256) / 1e9,
                                      expected[i].gmacs, 0.011);
  }
}

static gboolean
has_parameter (const RunetGraph *graph, const char *name, gsize in_channels) {
  for (guint i = 0; i < graph->parameters->len; i++) {
    const RunetParameter *parameter =
        &g_array_index (graph->parameters, RunetParameter, i);
    if (g_str_equal (parameter->name, name))
      return parameter->shape[1] == in_channels;
  }
  return FALSE;
}

static void
test_names (void) {
  g_autoptr (RunetGraph) net = build ("ru-net");
  g_assert_true (has_parameter (net, "stage1.down1.conv1.weight", 1));
  g_assert_true (has_parameter (net, "stage1.down6.conv2.bias", 1));
  g_assert_true (has_parameter (net, "stage1.up1.conv1.weight", 256));
  g_assert_true (has_parameter (net, "stage2.up5.conv1.weight", 64));
  g_assert_true (has_parameter (net, "stage2.head.weight", 16));
  g_autoptr (RunetGraph) shg = build ("shg");
  g_assert_true (has_parameter (shg, "stage3.down1.conv1.weight", 5));
  g_autoptr (RunetGraph) inception = build ("ru-net-inception");
  g_assert_true (has_parameter (inception, "stage1.mix.weight", 1));

  RunetArchitecture architecture;
  g_assert_false (runet_architecture_from_string ("ru-net-xl", &architecture));
}

/* The last node of each stage is its softmax over the classes; a region has one channel. */
static void
test_outputs (void) {
  g_autoptr (RunetGraph) graph = build ("ru-net-cascade");
  for (guint k = 0; k < graph->outputs->len; k++) {
    const int index = g_array_index (graph->outputs, int, k);
    const RunetNode *node = &g_array_index (graph->nodes, RunetNode, index);
    g_assert_cmpint (node->op, ==, RUNET_OP_SOFTMAX);
    g_assert_cmpuint (node->channels, ==, 4);
  }
  for (guint k = 0; k < graph->regions->len; k++) {
    const int index = g_array_index (graph->regions, int, k);
    const RunetNode *node = &g_array_index (graph->nodes, RunetNode, index);
    g_assert_cmpint (node->op, ==, RUNET_OP_SIGMOID);
    g_assert_cmpuint (node->channels, ==, 1);
    g_assert_cmpfloat (node->shift, ==, 0.01f);
  }
}

static void
refuse (RunetArchitecture architecture,
        void (*spoil) (RunetHyperparameters *),
        int code) {
  g_autoptr (GError) error = NULL;
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, architecture);
  g_assert_true (runet_hyperparameters_check (&hyperparameters, NULL));
  spoil (&hyperparameters);
  g_assert_false (runet_hyperparameters_check (&hyperparameters, &error));
  g_assert_error (error, RUNET_ERROR, code);
}

static void
ask_five_stages (RunetHyperparameters *self) {
  self->stages = 5;
}

static void
ask_no_stages (RunetHyperparameters *self) {
  self->stages = 0;
}

static void
ask_wide (RunetHyperparameters *self) {
  self->up[2] = 1000000;
}

static void
ask_odd_size (RunetHyperparameters *self) {
  self->input_size = 250;
}

static void
ask_nan (RunetHyperparameters *self) {
  self->shift2 = (float)(0.0 / 0.0);
}

static void
test_refusals (void) {
  refuse (RUNET_ARCHITECTURE_UNET1, ask_five_stages, RUNET_ERROR_MISMATCH);
  refuse (RUNET_ARCHITECTURE_SHG, ask_five_stages, RUNET_ERROR_MISMATCH);
  refuse (RUNET_ARCHITECTURE_RU_NET_CASCADE, ask_five_stages, RUNET_ERROR_MISMATCH);
  refuse (RUNET_ARCHITECTURE_RU_NET, ask_no_stages, RUNET_ERROR_UNSUPPORTED);
  refuse (RUNET_ARCHITECTURE_RU_NET, ask_wide, RUNET_ERROR_UNSUPPORTED);
  refuse (RUNET_ARCHITECTURE_RU_NET, ask_odd_size, RUNET_ERROR_UNSUPPORTED);
  refuse (RUNET_ARCHITECTURE_RU_NET, ask_nan, RUNET_ERROR_UNSUPPORTED);
}

/* N stages of RU-Net, as the paper's "normally two" allows. */
static void
test_stages (void) {
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, RUNET_ARCHITECTURE_RU_NET);
  hyperparameters.stages = 5;
  g_autoptr (RunetGraph) graph = runet_architecture_build (&hyperparameters);
  g_assert_cmpuint (graph->outputs->len, ==, 5);
  g_assert_cmpuint (runet_graph_count_parameters (graph), ==, 5 * 1976644);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/architecture/sizes", test_sizes);
  g_test_add_func ("/models/architecture/names", test_names);
  g_test_add_func ("/models/architecture/outputs", test_outputs);
  g_test_add_func ("/models/architecture/refusals", test_refusals);
  g_test_add_func ("/models/architecture/stages", test_stages);
  return g_test_run ();
}
