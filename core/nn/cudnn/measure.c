/* What nothing gets past on this GPU: its rate of matrix products and its memory's bandwidth, measured. */
#include "measure.h"

#include <stdlib.h>

#include "device-private.h"
#include "operation.h"

/* A product or a copy that takes this long hides what starting it takes; below it a larger one is tried. */
#define LONG_ENOUGH_S 1e-3
#define RUNS 10
#define TRIES 5
#define WARM_UP 2
/* A GPU that was idle takes a while to be at its clock. */
#define WARM_UP_US (G_USEC_PER_SEC / 100)

/* Of square matrices. */
static const gint32 sides[] = {256, 1024, 4096, 8192};
/* The largest is many times any cache. */
static const gsize copies[] = {(gsize)16 << 20, (gsize)128 << 20, (gsize)1024 << 20};

static int
compare_seconds (gconstpointer a, gconstpointer b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double
runet_device_time (cudaStream_t stream, RunetDeviceRun run, gpointer data) {
  cudaEvent_t begin = NULL, end = NULL;
  double seconds[TRIES];
  gboolean ok =
      cudaEventCreate (&begin) == cudaSuccess && cudaEventCreate (&end) == cudaSuccess;
  const gint64 until = g_get_monotonic_time () + WARM_UP_US;
  for (int i = 0; ok && (i < WARM_UP || g_get_monotonic_time () < until); i++)
    ok = run (data) && cudaStreamSynchronize (stream) == cudaSuccess;
  for (int try = 0; ok && try < TRIES; try++) {
    float ms = 0;
    ok = cudaEventRecord (begin, stream) == cudaSuccess;
    for (int i = 0; ok && i < RUNS; i++)
      ok = run (data);
    ok = ok && cudaEventRecord (end, stream) == cudaSuccess &&
         cudaEventSynchronize (end) == cudaSuccess &&
         cudaEventElapsedTime (&ms, begin, end) == cudaSuccess && ms > 0;
    seconds[try] = ms / 1e3 / RUNS;
  }
  if (begin != NULL)
    cudaEventDestroy (begin);
  if (end != NULL)
    cudaEventDestroy (end);
  if (!ok)
    cudaGetLastError ();
  qsort (seconds, ok ? TRIES : 0, sizeof *seconds, compare_seconds);
  return ok ? seconds[TRIES / 2] : 0;
}

/* ---------------------------------------------------------------- matrix products */

typedef struct {
  RunetDevice *device;
  RunetOperation *operation;
  RunetOperationArguments arguments;
  void *a, *b;
} Product;

static void
product_clear (Product *product) {
  runet_operation_free (product->operation);
  cudaFree (product->a);
  cudaFree (product->b);
  cudaFree (product->arguments.result);
  cudaFree (product->arguments.workspace);
}

/* Numbers from ½ to 1 of both signs, all bits of the mantissa drawn: zeros and round numbers are multiplied faster. */
static gboolean
fill (RunetDevice *device, void *there, gsize bytes, RunetElement element) {
  const gsize chunk = (gsize)1 << 18;
  g_autofree guint32 *values = g_new (guint32, chunk / sizeof (guint32));
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  for (gsize i = 0; i < chunk / sizeof (guint32); i++) {
    const guint32 bits = g_rand_int (random);
    values[i] = element == RUNET_ELEMENT_F32    ? 0x3f000000 | (bits & 0x807fffff)
                : element == RUNET_ELEMENT_BF16 ? 0x3f003f00 | (bits & 0x807f807f)
                                                : 0x38003800 | (bits & 0x83ff83ff);
  }
  for (gsize at = 0; at < bytes; at += chunk)
    if (cudaMemcpyAsync ((char *)there + at, values, MIN (chunk, bytes - at),
                         cudaMemcpyHostToDevice, device->stream) != cudaSuccess)
      return FALSE;
  return cudaStreamSynchronize (device->stream) == cudaSuccess;
}

/* As the 1 × 1 convolution of a map of @side pixels with @side channels into as many. */
static gboolean
product_init (Product *product,
              RunetDevice *device,
              gint32 side,
              RunetPrecision precision) {
  const gint32 row = 64;
  const RunetElement element = precision == RUNET_PRECISION_FLOAT16 ? RUNET_ELEMENT_F16
                               : precision == RUNET_PRECISION_BFLOAT16
                                   ? RUNET_ELEMENT_BF16
                                   : RUNET_ELEMENT_F32;
  const RunetOperationShape shape = {
      .kind = RUNET_OPERATION_FORWARD,
      .n = 1,
      .h = side / row,
      .w = row,
      .in_channels = side,
      .out_channels = side,
      .kernel = 1,
      .element = element,
      .exact = precision == RUNET_PRECISION_FLOAT32,
  };
  const RunetOperationTarget target = {.handle = device->cudnn,
                                       .stream = device->stream};
  const gsize bytes = (gsize)side * (gsize)side * runet_element_size (element);
  *product = (Product){.device = device,
                       .operation = runet_operation_new (&target, &shape, NULL)};
  if (product->operation == NULL)
    return FALSE;
  const gsize workspace = runet_operation_get_workspace (product->operation);
  if (cudaMalloc (&product->a, bytes) != cudaSuccess ||
      cudaMalloc (&product->b, bytes) != cudaSuccess ||
      cudaMalloc (&product->arguments.result, bytes) != cudaSuccess ||
      (workspace > 0 &&
       cudaMalloc (&product->arguments.workspace, workspace) != cudaSuccess))
    return FALSE;
  product->arguments.a = product->a;
  product->arguments.b = product->b;
  return fill (device, product->a, bytes, element) &&
         fill (device, product->b, bytes, element);
}

static gboolean
run_product (gpointer data) {
  Product *product = data;
  return runet_operation_run (product->operation, product->device->cudnn,
                              &product->arguments, NULL);
}

double
runet_device_measure_matrix_rate (RunetDevice *device, RunetPrecision precision) {
  double rate = 0, seconds = 0;
  gboolean ok = cudnnSetStream (device->cudnn, device->stream) == CUDNN_STATUS_SUCCESS;
  for (guint i = 0; ok && i < G_N_ELEMENTS (sides) && seconds < LONG_ENOUGH_S; i++) {
    const double side = sides[i];
    Product product;
    ok = product_init (&product, device, sides[i], precision);
    seconds = ok ? runet_device_time (device->stream, run_product, &product) : 0;
    ok = seconds > 0;
    if (ok)
      rate = MAX (rate, 2 * side * side * side / seconds);
    product_clear (&product);
  }
  cudaGetLastError ();
  return rate;
}

/* ---------------------------------------------------------------- copies */

typedef struct {
  cudaStream_t stream;
  void *from, *to;
  gsize bytes;
} Copy;

static gboolean
run_copy (gpointer data) {
  const Copy *copy = data;
  return cudaMemcpyAsync (copy->to, copy->from, copy->bytes, cudaMemcpyDeviceToDevice,
                          copy->stream) == cudaSuccess;
}

double
runet_device_measure_bandwidth (RunetDevice *device) {
  double rate = 0, seconds = 0;
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < G_N_ELEMENTS (copies) && seconds < LONG_ENOUGH_S; i++) {
    Copy copy = {.stream = device->stream, .bytes = copies[i]};
    ok = cudaMalloc (&copy.from, copy.bytes) == cudaSuccess &&
         cudaMalloc (&copy.to, copy.bytes) == cudaSuccess &&
         fill (device, copy.from, copy.bytes, RUNET_ELEMENT_F32);
    seconds = ok ? runet_device_time (device->stream, run_copy, &copy) : 0;
    ok = seconds > 0;
    /* The last counts, not the best: the smaller ones may lie in a cache. */
    if (ok)
      rate = 2 * (double)copy.bytes / seconds;
    cudaFree (copy.from);
    cudaFree (copy.to);
  }
  cudaGetLastError ();
  return rate;
}
