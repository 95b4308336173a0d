/* Whether cuDNN has a way to do every convolution of every architecture on an H200, forward with all that belongs to it
 * in one launch, and backward: asked of the real library, which plans for a device that is described to it. */
#include "core/nn/cudnn/plan-private.h"

#include <string.h>

#include "core/models/architecture.h"

#define SIZE 256

/* What cuDNN asks of a device, as an H200 answers. */
static const char h200[] =
    "{\"maxGridSize\": [2147483647, 65535, 65535], \"maxBlockSize\": [1024, 1024, 64], "
    "\"regsPerBlock\": 65536, \"multiProcessorCount\": 132, \"warpSize\": 32, "
    "\"maxSharedMemoryPerBlock\": 49152, \"maxSharedMemoryPerBlockOptin\": 232448, "
    "\"reservedSharedMemoryPerBlock\": 1024, \"maxRegistersPerSM\": 65536, "
    "\"maxCtasPerSM\": 32, \"maxThreadsPerBlock\": 1024, \"maxThreadsPerSM\": 2048, "
    "\"pciDeviceId\": 0, \"isTccDriver\": 0, \"supportCoopLaunch\": 1, "
    "\"smClockRateKHz\": 1980000, \"memClockRateKHz\": 3201000, "
    "\"l2CacheSize\": 62914560, \"deviceName\": \"NVIDIA H200\", \"deviceVer\": 900, "
    "\"driverVer\": 13000, \"totalGlobalMem\": 150754820096, \"cudaDeviceId\": 0, "
    "\"runtimeVer\": 13000, \"memoryBusWidth\": 6144, "
    "\"sharedMemPerMultiprocessor\": 233472}";

typedef struct {
  RunetArchitecture architecture;
  RunetPrecision precision;
  gsize batch;
} Case;

static cudnnBackendDescriptor_t
describe_device (void) {
  cudnnBackendDescriptor_t properties;
  g_assert_cmpint (
      cudnnBackendCreateDescriptor (CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR, &properties),
      ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (
      cudnnBackendSetAttribute (properties, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION,
                                CUDNN_TYPE_CHAR, (gint64)strlen (h200), h200),
      ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (cudnnBackendFinalize (properties), ==, CUDNN_STATUS_SUCCESS);
  return properties;
}

/* A plan as far as it goes without memory. */
static void
plan_init (RunetPlan *plan, const RunetGraph *graph, gsize batch) {
  *plan = (RunetPlan){
      .class = &runet_plan_on_device,
      .engine = runet_engine_new (RUNET_ENGINE_BLAS, 1, NULL),
      .graph = graph,
      .mode = RUNET_PLAN_TRAINING,
      .n = batch,
      .h = SIZE,
      .w = SIZE,
      .count = graph->nodes->len,
      .nodes = g_new0 (RunetPlanNode, graph->nodes->len),
  };
  for (guint i = 0; i < plan->count; i++)
    plan->nodes[i].node = &g_array_index (graph->nodes, RunetNode, i);
  for (guint k = 0; k < graph->outputs->len; k++)
    plan->nodes[g_array_index (graph->outputs, int, k)].is_output = TRUE;
  runet_plan_fuse (plan);
  runet_plan_find_gradients (plan);
}

/* All of cuDNN's were found by now; counts them. */
static guint
check_node (const RunetDevicePlan *self, guint index) {
  const RunetDeviceNode *mine = &self->nodes[index];
  for (guint j = 0; j < mine->count; j++) {
    const RunetDevicePart *part = &mine->parts[j];
    g_assert_cmpuint (runet_operation_count_steps (part->forward), ==, 1);
    g_assert_cmpuint (runet_operation_count_steps (part->backward_filter), ==, 1);
    if (part->backward_data != NULL)
      g_assert_cmpuint (runet_operation_count_steps (part->backward_data), ==, 1);
  }
  return mine->count;
}

static void
test_plans (gconstpointer data) {
  const Case *test = data;
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, test->architecture);
  g_autoptr (RunetGraph) graph = runet_architecture_build (&hyperparameters);
  g_autoptr (GError) error = NULL;
  RunetPlan plan;
  plan_init (&plan, graph, test->batch);
  RunetDevice device = {.properties = describe_device (),
                        .operations = runet_device_make_operations ()};
  RunetDevicePlan self = {
      .device = &device,
      .plan = &plan,
      .precision = test->precision,
      .element = runet_device_plan_choose_element (test->precision),
      .nodes = g_new0 (RunetDeviceNode, plan.count),
  };
  guint parts = 0;
  runet_device_plan_shape (&self, &error);
  g_assert_no_error (error);
  runet_device_plan_choose (&self, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < plan.count; i++)
    parts += check_node (&self, i);
  g_test_message ("%u convolutions, %u operations, %.1f MiB of workspace", parts,
                  g_hash_table_size (device.operations),
                  (double)self.scratch.workspace_bytes / (1 << 20));
  g_assert_cmpuint (parts, >=, 20);
  g_hash_table_unref (device.operations);
  cudnnBackendDestroyDescriptor (device.properties);
  g_free (self.nodes);
  g_free (plan.nodes);
  runet_engine_unref (plan.engine);
}

int
main (int argc, char *argv[]) {
  const gsize batches[] = {1, 32};
  g_test_init (&argc, &argv, NULL);
  for (RunetArchitecture a = 0; a < RUNET_ARCHITECTURES; a++)
    for (RunetPrecision p = RUNET_PRECISION_TF32; p <= RUNET_PRECISION_BFLOAT16; p++)
      for (guint b = 0; b < G_N_ELEMENTS (batches); b++) {
        Case *test = g_new (Case, 1);
        *test = (Case){a, p, batches[b]};
        g_autofree char *path = g_strdup_printf (
            "/nn/cudnn/plans/%s/%s/%" G_GSIZE_FORMAT, runet_architecture_to_string (a),
            runet_precision_to_string (p), batches[b]);
        g_test_add_data_func_full (path, test, test_plans, g_free);
      }
  return g_test_run ();
}
