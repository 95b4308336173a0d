/* How long a step takes on the device. */
#include "operation-private.h"

/* After one that loads the kernel. */
#define RUNS 3

/* All that one run needs, in one piece of memory. */
static gboolean
allocate (const RunetOperationStep *step,
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
  for (guint i = 0, at = 0; i < G_N_ELEMENTS (sizes); i++) {
    pointers[i] = *memory + at;
    at += (sizes[i] + 255) & ~(gsize)255;
  }
  *arguments = (RunetOperationArguments){.a = pointers[0],
                                         .b = pointers[1],
                                         .result = pointers[2],
                                         .z = pointers[3],
                                         .bias = pointers[4],
                                         .workspace = pointers[5]};
  return cudaMemset (*memory, 0, total) == cudaSuccess;
}

static double
measure (const RunetOperationStep *step,
         const RunetOperationTarget *target,
         const RunetOperationShape *shape,
         const RunetOperationArguments *arguments,
         cudaEvent_t before,
         cudaEvent_t after) {
  float milliseconds = 0;
  if (cudnnSetStream (target->handle, target->stream) != CUDNN_STATUS_SUCCESS)
    return G_MAXDOUBLE;
  for (guint run = 0; run <= RUNS; run++) {
    if (run == 1)
      cudaEventRecord (before, target->stream);
    if (runet_operation_run_step (step, target->handle, shape, arguments) !=
        CUDNN_STATUS_SUCCESS)
      return G_MAXDOUBLE;
  }
  cudaEventRecord (after, target->stream);
  if (cudaEventSynchronize (after) != cudaSuccess ||
      cudaEventElapsedTime (&milliseconds, before, after) != cudaSuccess)
    return G_MAXDOUBLE;
  return 1e-3 * (double)milliseconds / RUNS;
}

double
runet_operation_measure_step (const RunetOperationStep *step,
                              const RunetOperationTarget *target,
                              const RunetOperationShape *shape) {
  RunetOperationArguments arguments;
  char *memory = NULL;
  cudaEvent_t before = NULL, after = NULL;
  double seconds = G_MAXDOUBLE;
  if (allocate (step, shape, &arguments, &memory) &&
      cudaEventCreate (&before) == cudaSuccess &&
      cudaEventCreate (&after) == cudaSuccess)
    seconds = measure (step, target, shape, &arguments, before, after);
  if (before != NULL)
    cudaEventDestroy (before);
  if (after != NULL)
    cudaEventDestroy (after);
  cudaFree (memory);
  return seconds;
}
