/* How long a step takes on the device, as plans run it: in a CUDA graph, where starting it from the host costs nothing. */
#include "device-private.h"
#include "operation-private.h"
#include "replay.h"

/* In one graph, after one outside it that loads the kernel. */
#define RUNS 3
/* The shortest of so many counts, unless they take longer than this together. */
#define TRIES 5
#define LONG_ENOUGH_US 5000
/* What cannot be captured keeps all of its network from it: slower than anything that can. */
#define UNCAPTURABLE_S 1000

/* All that one run needs, in one piece of memory. */
static gboolean
allocate (const RunetOperationStep *step,
          const RunetOperationTarget *target,
          const RunetOperationShape *shape,
          RunetOperationArguments *arguments,
          char **memory) {
  const RunetOperationBytes bytes = runet_operation_count_bytes (shape);
  const gsize sizes[] = {bytes.a,      bytes.b,
                         bytes.result, shape->add ? bytes.result : 0,
                         bytes.bias,   (gsize)step->workspace};
  void *pointers[G_N_ELEMENTS (sizes)];
  gsize total = 0;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    total += (sizes[i] + 255) & ~(gsize)255;
  if (cudaMalloc ((void **)memory, total) != cudaSuccess) {
    cudaGetLastError ();
    return FALSE;
  }
  gsize at = 0;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    pointers[i] = *memory + at;
    at += (sizes[i] + 255) & ~(gsize)255;
  }
  *arguments = (RunetOperationArguments){.a = pointers[0],
                                         .b = pointers[1],
                                         .result = pointers[2],
                                         .z = pointers[3],
                                         .bias = pointers[4],
                                         .workspace = pointers[5]};
  return cudaMemsetAsync (*memory, 0, total, target->stream) == cudaSuccess;
}

/* What is timed: a step with its memory. */
typedef struct {
  const RunetOperationStep *step;
  const RunetOperationTarget *target;
  const RunetOperationShape *shape;
  RunetOperationArguments arguments;
  cudaEvent_t before, after;
  cudaGraphExec_t graph; /* of its runs; NULL where they cannot be captured */
} Timing;

static gboolean
run (const Timing *timing) {
  return runet_operation_run_step (timing->step, timing->target->handle, timing->shape,
                                   &timing->arguments) == CUDNN_STATUS_SUCCESS;
}

static gboolean
enqueue (gpointer data, GError **error) {
  for (guint i = 0; i < RUNS; i++)
    if (!run (data))
      return runet_device_check_cudnn (CUDNN_STATUS_EXECUTION_FAILED, "a convolution",
                                       error);
  return TRUE;
}

static double
measure_once (Timing *timing) {
  cudaStream_t stream = timing->target->stream;
  float milliseconds = 0;
  if (cudaEventRecord (timing->before, stream) != cudaSuccess ||
      !(timing->graph != NULL ? cudaGraphLaunch (timing->graph, stream) == cudaSuccess
                              : enqueue (timing, NULL)) ||
      cudaEventRecord (timing->after, stream) != cudaSuccess ||
      cudaEventSynchronize (timing->after) != cudaSuccess ||
      cudaEventElapsedTime (&milliseconds, timing->before, timing->after) !=
          cudaSuccess)
    return G_MAXDOUBLE;
  return 1e-3 * (double)milliseconds / RUNS;
}

static double
measure (Timing *timing) {
  cudaStream_t stream = timing->target->stream;
  double seconds = G_MAXDOUBLE;
  if (cudnnSetStream (timing->target->handle, stream) != CUDNN_STATUS_SUCCESS ||
      !run (timing) || cudaStreamSynchronize (stream) != cudaSuccess)
    return G_MAXDOUBLE;
  runet_device_capture (stream, enqueue, timing, &timing->graph, NULL);
  const gint64 until = g_get_monotonic_time () + LONG_ENOUGH_US;
  for (guint i = 0; i < TRIES && (i == 0 || g_get_monotonic_time () < until); i++)
    seconds = MIN (seconds, measure_once (timing));
  if (timing->graph == NULL && seconds < G_MAXDOUBLE)
    seconds += UNCAPTURABLE_S;
  return seconds;
}

double
runet_operation_measure_step (const RunetOperationStep *step,
                              const RunetOperationTarget *target,
                              const RunetOperationShape *shape) {
  Timing timing = {.step = step, .target = target, .shape = shape};
  char *memory = NULL;
  double seconds = G_MAXDOUBLE;
  if (allocate (step, target, shape, &timing.arguments, &memory) &&
      cudaEventCreate (&timing.before) == cudaSuccess &&
      cudaEventCreate (&timing.after) == cudaSuccess)
    seconds = measure (&timing);
  if (timing.graph != NULL)
    cudaGraphExecDestroy (timing.graph);
  if (timing.before != NULL)
    cudaEventDestroy (timing.before);
  if (timing.after != NULL)
    cudaEventDestroy (timing.after);
  cudaFree (memory);
  /* What a plan that does not work leaves behind is not the fault of the next. */
  cudaGetLastError ();
  return seconds;
}
