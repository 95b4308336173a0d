/* Opens and describes the GPU. */
#include "device-private.h"

#include <gmodule.h>
#include <string.h>

#include "core/base/error.h"
#include "measure.h"
#include "plan-private.h"
#include "training-private.h"

/* Turing: the oldest that the kernels are built for. */
#define OLDEST_MAJOR 7
#define OLDEST_MINOR 5

gboolean
runet_device_check (cudaError_t status, const char *what, GError **error) {
  if (status == cudaSuccess)
    return TRUE;
  /* Else the next call would report it again. */
  cudaGetLastError ();
  g_set_error (error, RUNET_ERROR,
               status == cudaErrorMemoryAllocation ? RUNET_ERROR_MEMORY
                                                   : RUNET_ERROR_ENGINE,
               "GPU: %s: %s", what, cudaGetErrorString (status));
  return FALSE;
}

gboolean
runet_device_check_cudnn (cudnnStatus_t status, const char *what, GError **error) {
  if (status == CUDNN_STATUS_SUCCESS)
    return TRUE;
  const gboolean memory =
      status == CUDNN_STATUS_ALLOC_FAILED ||
      status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
  g_set_error (error, RUNET_ERROR, memory ? RUNET_ERROR_MEMORY : RUNET_ERROR_ENGINE,
               "GPU: %s: %s", what, cudnnGetErrorString (status));
  return FALSE;
}

static char *
describe (const struct cudaDeviceProp *properties) {
  int runtime = 0;
  cudaRuntimeGetVersion (&runtime);
  const size_t cudnn = cudnnGetVersion ();
  return g_strdup_printf ("%s, CUDA %d.%d, cuDNN %u.%u", properties->name,
                          runtime / 1000, runtime % 1000 / 10, (guint)(cudnn / 10000),
                          (guint)(cudnn % 10000 / 100));
}

static gboolean
check_age (const struct cudaDeviceProp *properties, GError **error) {
  if (properties->major > OLDEST_MAJOR ||
      (properties->major == OLDEST_MAJOR && properties->minor >= OLDEST_MINOR))
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
               "GPU: %s has compute capability %d.%d; %d.%d is needed",
               properties->name, properties->major, properties->minor, OLDEST_MAJOR,
               OLDEST_MINOR);
  return FALSE;
}

static void
device_close (RunetDevice *device) {
  if (device == NULL)
    return;
  g_hash_table_unref (device->operations);
  if (device->cudnn != NULL)
    cudnnDestroy (device->cudnn);
  if (device->stream != NULL)
    cudaStreamDestroy (device->stream);
  g_free (device->description);
  g_free (device);
}

/* The processes that a launcher started on one machine share out its GPUs. What a process sees has been chosen by others
 * where it is only one. */
static int
choose_index (int count) {
  static const char *const places[] = {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID",
                                       "SLURM_LOCALID"};
  guint64 place = 0;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    const char *text = g_getenv (places[i]);
    if (text != NULL &&
        g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &place, NULL))
      break;
  }
  return (int)(place % (guint64)count);
}

static gboolean
set_up (RunetDevice *device, GError **error) {
  struct cudaDeviceProp properties;
  /* Of this thread: the first GPU is that of all threads, and a process that a launcher gave another one trains in
   * one. */
  if (!runet_device_check (cudaSetDevice (device->index), "choosing it", error) ||
      !runet_device_check (cudaGetDeviceProperties (&properties, device->index),
                           "its properties", error) ||
      !check_age (&properties, error))
    return FALSE;
  device->description = describe (&properties);
  return runet_device_check (
             cudaStreamCreateWithFlags (&device->stream, cudaStreamNonBlocking),
             "a stream", error) &&
         runet_device_check_cudnn (cudnnCreate (&device->cudnn), "cuDNN", error);
}

static guint
hash_shape (gconstpointer shape) {
  const gint32 *values = shape;
  guint hash = 0;
  for (gsize i = 0; i < sizeof (RunetOperationShape) / sizeof *values; i++)
    hash = hash * 31 + (guint)values[i];
  return hash;
}

static gboolean
equal_shapes (gconstpointer a, gconstpointer b) {
  return memcmp (a, b, sizeof (RunetOperationShape)) == 0;
}

GHashTable *
runet_device_make_operations (void) {
  return g_hash_table_new_full (hash_shape, equal_shapes, g_free,
                                (GDestroyNotify)runet_operation_free);
}

const RunetOperation *
runet_device_get_operation (RunetDevice *device,
                            const RunetOperationShape *shape,
                            GError **error) {
  const RunetOperationTarget target = {.handle = device->cudnn,
                                       .properties = device->properties,
                                       .stream = device->stream};
  RunetOperation *operation = g_hash_table_lookup (device->operations, shape);
  if (operation == NULL) {
    operation = runet_operation_new (&target, shape, error);
    if (operation != NULL)
      g_hash_table_insert (device->operations, g_memdup2 (shape, sizeof *shape),
                           operation);
  }
  return operation;
}

static RunetDevice *
device_open (GError **error) {
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount (&count);
  if (status != cudaSuccess || count == 0) {
    cudaGetLastError ();
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE, "no GPU can be used here: %s",
                 status == cudaSuccess ? "there is none" : cudaGetErrorString (status));
    return NULL;
  }
  RunetDevice *device = g_new0 (RunetDevice, 1);
  device->index = choose_index (count);
  device->operations = runet_device_make_operations ();
  if (!set_up (device, error)) {
    device_close (device);
    return NULL;
  }
  return device;
}

static const char *
device_describe (const RunetDevice *device) {
  return device->description;
}

const RunetDeviceClass runet_device_class = {
    .interface = RUNET_DEVICE_INTERFACE,
    .open = device_open,
    .close = device_close,
    .describe = device_describe,
    .measure_matrix_rate = runet_device_measure_matrix_rate,
    .measure_bandwidth = runet_device_measure_bandwidth,
    .plan_new = runet_device_plan_new,
    .plan_free = runet_device_plan_free,
    .plan_set_parameters = runet_device_plan_set_parameters,
    .plan_get_input = runet_device_plan_get_input,
    .plan_forward = runet_device_plan_forward,
    .plan_get_output = runet_device_plan_get_output,
    .plan_get_region = runet_device_plan_get_region,
    .plan_get_output_gradient = runet_device_plan_get_output_gradient,
    .plan_backward = runet_device_plan_backward,
    .plan_get_bytes = runet_device_plan_get_bytes,
    .plan_time_forward = runet_device_plan_time_forward,
    .plan_time_node = runet_device_plan_time_node,
    .plan_get_algorithm = runet_device_plan_get_algorithm,
    .group_make_id = runet_device_group_make_id,
    .training_new = runet_device_training_new,
    .training_join = runet_device_training_join,
    .training_free = runet_device_training_free,
    .training_set_state = runet_device_training_set_state,
    .training_get_state = runet_device_training_get_state,
    .training_begin = runet_device_training_begin,
    .training_end = runet_device_training_end,
};

/* What the program looks for in the module. */
G_MODULE_EXPORT const RunetDeviceClass *
runet_device_get_class (void);

G_MODULE_EXPORT const RunetDeviceClass *
runet_device_get_class (void) {
  return &runet_device_class;
}
