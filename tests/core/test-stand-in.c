/* The stand-in device itself: work that runs late, in its order; capture; memory; fibres. */
#include <cuda_runtime_api.h>
#include <glib.h>
#include <math.h>

#include "tests/stand-in/test-kernels.h"

#define COUNT 1000

typedef struct {
  cudaStream_t stream, other;
  cudaEvent_t event;
  float *x, *y; /* of the device, COUNT each */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data) {
  g_assert_cmpint (cudaStreamCreateWithFlags (&f->stream, cudaStreamNonBlocking), ==,
                   cudaSuccess);
  g_assert_cmpint (cudaStreamCreateWithFlags (&f->other, cudaStreamNonBlocking), ==,
                   cudaSuccess);
  g_assert_cmpint (cudaEventCreateWithFlags (&f->event, cudaEventDisableTiming), ==,
                   cudaSuccess);
  g_assert_cmpint (cudaMalloc ((void **)&f->x, COUNT * sizeof (float)), ==,
                   cudaSuccess);
  g_assert_cmpint (cudaMalloc ((void **)&f->y, COUNT * sizeof (float)), ==,
                   cudaSuccess);
}

static void
tear_down (Fixture *f, gconstpointer data) {
  cudaFree (f->x);
  cudaFree (f->y);
  cudaEventDestroy (f->event);
  cudaStreamDestroy (f->other);
  cudaStreamDestroy (f->stream);
}

static void
fetch (cudaStream_t stream, const float *x, float *values, int count) {
  g_assert_cmpint (cudaMemcpyAsync (values, x, (gsize)count * sizeof (float),
                                    cudaMemcpyDeviceToHost, stream),
                   ==, cudaSuccess);
}

static float
fetch_now (cudaStream_t stream, const float *x) {
  float value = 0;
  fetch (stream, x, &value, 1);
  g_assert_cmpint (cudaStreamSynchronize (stream), ==, cudaSuccess);
  return value;
}

/* ---------------------------------------------------------------- order */

static void
test_late (Fixture *f, gconstpointer data) {
  float values[COUNT] = {0};
  test_fill (f->stream, f->x, COUNT, 3);
  fetch (f->stream, f->x, values, COUNT);
  g_assert_cmpfloat (values[0], ==, 0);
  g_assert_cmpint (cudaStreamSynchronize (f->other), ==, cudaSuccess);
  g_assert_cmpfloat (values[0], ==, 0);
  g_assert_cmpint (cudaStreamSynchronize (f->stream), ==, cudaSuccess);
  for (int k = 0; k < COUNT; k++)
    g_assert_cmpfloat (values[k], ==, 3);
}

/* A buffer of the program that it changes before the copy has run. */
static void
test_early_reuse (Fixture *f, gconstpointer data) {
  float value = 1;
  g_assert_cmpint (
      cudaMemcpyAsync (f->x, &value, sizeof value, cudaMemcpyHostToDevice, f->stream),
      ==, cudaSuccess);
  value = 2;
  g_assert_cmpfloat (fetch_now (f->stream, f->x), ==, 2);
}

/* Arguments are those of the launch, whatever becomes of the variables. */
static void
test_arguments (Fixture *f, gconstpointer data) {
  float value = 5;
  test_fill (f->stream, f->x, COUNT, value);
  value = 6;
  g_assert_cmpfloat (fetch_now (f->stream, f->x), ==, 5);
  g_assert_cmpfloat (value, ==, 6);
}

static void
test_events (Fixture *f, gconstpointer data) {
  test_fill (f->stream, f->x, COUNT, 1);
  cudaEventRecord (f->event, f->stream);
  test_fill (f->stream, f->x, COUNT, 2);
  cudaStreamWaitEvent (f->other, f->event, 0);
  test_change (f->other, f->x, COUNT, 10);
  g_assert_cmpint (cudaEventQuery (f->event), ==, cudaErrorNotReady);
  g_assert_cmpfloat (fetch_now (f->other, f->x), ==, 10);
  g_assert_cmpint (cudaEventQuery (f->event), ==, cudaSuccess);
  g_assert_cmpfloat (fetch_now (f->stream, f->x), ==, 2);
}

static void
test_no_event (Fixture *f, gconstpointer data) {
  test_fill (f->stream, f->x, COUNT, 1);
  g_assert_true (isnan (fetch_now (f->other, f->x)));
}

static void
test_default_stream (Fixture *f, gconstpointer data) {
  cudaStream_t blocking;
  g_assert_cmpint (cudaStreamCreate (&blocking), ==, cudaSuccess);
  test_fill (blocking, f->x, COUNT, 4);
  float value = 0;
  g_assert_cmpint (cudaMemcpy (&value, f->x, sizeof value, cudaMemcpyDeviceToHost), ==,
                   cudaSuccess);
  g_assert_cmpfloat (value, ==, 4);
  cudaStreamDestroy (blocking);
}

/* ---------------------------------------------------------------- capture */

static cudaGraphExec_t
end_capture (cudaStream_t stream) {
  cudaGraph_t graph = NULL;
  cudaGraphExec_t executable = NULL;
  g_assert_cmpint (cudaStreamEndCapture (stream, &graph), ==, cudaSuccess);
  g_assert_cmpint (cudaGraphInstantiate (&executable, graph, 0), ==, cudaSuccess);
  cudaGraphDestroy (graph);
  return executable;
}

static void
test_capture (Fixture *f, gconstpointer data) {
  test_fill (f->stream, f->x, COUNT, 1);
  cudaStreamSynchronize (f->stream);
  cudaStreamBeginCapture (f->stream, cudaStreamCaptureModeThreadLocal);
  test_change (f->stream, f->x, COUNT, 2);
  cudaGraphExec_t executable = end_capture (f->stream);
  g_assert_cmpfloat (fetch_now (f->stream, f->x), ==, 1);
  for (int k = 0; k < 3; k++)
    g_assert_cmpint (cudaGraphLaunch (executable, f->stream), ==, cudaSuccess);
  g_assert_cmpfloat (fetch_now (f->stream, f->x), ==, 8);
  cudaGraphExecDestroy (executable);
}

/* Two streams, the second between two events of the first. */
static void
test_capture_fork (Fixture *f, gconstpointer data) {
  cudaStreamBeginCapture (f->stream, cudaStreamCaptureModeThreadLocal);
  test_fill (f->stream, f->x, COUNT, 7);
  cudaEventRecord (f->event, f->stream);
  g_assert_cmpint (cudaStreamWaitEvent (f->other, f->event, 0), ==, cudaSuccess);
  test_change (f->other, f->x, COUNT, 3);
  cudaEventRecord (f->event, f->other);
  g_assert_cmpint (cudaStreamWaitEvent (f->stream, f->event, 0), ==, cudaSuccess);
  test_change (f->stream, f->x, COUNT, 2);
  cudaGraphExec_t executable = end_capture (f->stream);
  cudaGraphLaunch (executable, f->other);
  g_assert_cmpfloat (fetch_now (f->other, f->x), ==, 42);
  cudaGraphExecDestroy (executable);
}

static void
test_capture_unjoined (Fixture *f, gconstpointer data) {
  cudaGraph_t graph;
  cudaStreamBeginCapture (f->stream, cudaStreamCaptureModeThreadLocal);
  cudaEventRecord (f->event, f->stream);
  cudaStreamWaitEvent (f->other, f->event, 0);
  test_fill (f->other, f->x, COUNT, 1);
  g_assert_cmpint (cudaStreamEndCapture (f->stream, &graph), ==,
                   cudaErrorStreamCaptureUnjoined);
  g_assert_cmpint (cudaGetLastError (), ==, cudaErrorStreamCaptureUnjoined);
  g_assert_cmpint (cudaGetLastError (), ==, cudaSuccess);
}

static cudaError_t
try_malloc (Fixture *f) {
  void *pointer;
  return cudaMalloc (&pointer, 16);
}

static cudaError_t
try_synchronize (Fixture *f) {
  return cudaStreamSynchronize (f->stream);
}

static cudaError_t
try_copy (Fixture *f) {
  float value;
  return cudaMemcpy (&value, f->x, sizeof value, cudaMemcpyDeviceToHost);
}

static void
test_capture_forbidden (Fixture *f, gconstpointer data) {
  cudaError_t (*const calls[]) (Fixture *) = {try_malloc, try_synchronize, try_copy};
  for (guint k = 0; k < G_N_ELEMENTS (calls); k++) {
    cudaGraph_t graph;
    cudaStreamBeginCapture (f->stream, cudaStreamCaptureModeThreadLocal);
    g_assert_cmpint (calls[k](f), ==, cudaErrorStreamCaptureUnsupported);
    g_assert_cmpint (cudaStreamEndCapture (f->stream, &graph), ==,
                     cudaErrorStreamCaptureInvalidated);
    g_assert_null (graph);
  }
  cudaGetLastError ();
}

/* ---------------------------------------------------------------- memory and errors */

static void
test_memory_limit (Fixture *f, gconstpointer data) {
  gsize before, total, after;
  void *pointer;
  g_setenv ("RUNET_STAND_IN_MEMORY", "100000", TRUE);
  g_assert_cmpint (cudaMemGetInfo (&before, &total), ==, cudaSuccess);
  g_assert_cmpuint (total, ==, 100000);
  g_assert_cmpint (cudaMalloc (&pointer, before + 1), ==, cudaErrorMemoryAllocation);
  g_assert_null (pointer);
  g_assert_cmpint (cudaMalloc (&pointer, before), ==, cudaSuccess);
  cudaMemGetInfo (&after, &total);
  g_assert_cmpuint (after, ==, 0);
  cudaFree (pointer);
  g_unsetenv ("RUNET_STAND_IN_MEMORY");
  g_assert_cmpint (cudaGetLastError (), ==, cudaErrorMemoryAllocation);
}

static void
test_wrong_sides (Fixture *f, gconstpointer data) {
  float values[2] = {0};
  g_assert_cmpint (cudaMemcpyAsync (f->x, values, 4, cudaMemcpyDeviceToHost, f->stream),
                   ==, cudaErrorInvalidValue);
  g_assert_cmpint (
      cudaMemcpyAsync (f->x + COUNT - 1, values, 8, cudaMemcpyHostToDevice, f->stream),
      ==, cudaErrorInvalidValue);
  g_assert_cmpint (cudaMemsetAsync (values, 0, 4, f->stream), ==,
                   cudaErrorInvalidValue);
  cudaGetLastError ();
}

static void
test_no_device (Fixture *f, gconstpointer data) {
  int count = -1;
  g_setenv ("RUNET_STAND_IN_DEVICES", "0", TRUE);
  g_assert_cmpint (cudaGetDeviceCount (&count), ==, cudaErrorNoDevice);
  g_assert_cmpint (count, ==, 0);
  g_assert_cmpint (cudaStreamSynchronize (f->stream), ==, cudaErrorNoDevice);
  g_unsetenv ("RUNET_STAND_IN_DEVICES");
  cudaGetLastError ();
}

static void
test_failing_launch (Fixture *f, gconstpointer data) {
  g_setenv ("RUNET_STAND_IN_FAIL_AFTER", "2", TRUE);
  test_fill (f->stream, f->x, COUNT, 1);
  g_assert_cmpint (cudaGetLastError (), ==, cudaSuccess);
  test_fill (f->stream, f->x, COUNT, 2);
  g_assert_cmpint (cudaGetLastError (), ==, cudaErrorLaunchOutOfResources);
  g_assert_cmpfloat (fetch_now (f->stream, f->x), ==, 1);
  g_unsetenv ("RUNET_STAND_IN_FAIL_AFTER");
}

static void
test_failing_work (Fixture *f, gconstpointer data) {
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    return;
  }
  g_setenv ("RUNET_STAND_IN_FAIL_LATE", "1", TRUE);
  test_fill (f->stream, f->x, COUNT, 1);
  g_assert_cmpint (cudaGetLastError (), ==, cudaSuccess);
  g_assert_cmpint (cudaStreamSynchronize (f->stream), ==, cudaErrorIllegalAddress);
  g_assert_cmpint (cudaGetLastError (), ==, cudaErrorIllegalAddress);
  g_assert_cmpint (cudaGetLastError (), ==, cudaErrorIllegalAddress);
}

/* ---------------------------------------------------------------- kernels */

static void
test_fibres (Fixture *f, gconstpointer data) {
  float sums[3];
  test_fill (f->stream, f->x, COUNT, 0);
  test_change (f->stream, f->x, COUNT, 1);
  test_sum_blocks (f->stream, f->x, 3, f->y);
  fetch (f->stream, f->y, sums, 3);
  cudaStreamSynchronize (f->stream);
  for (int b = 0; b < 3; b++)
    g_assert_cmpfloat (sums[b], ==, 256 * (256 * b + 127.5f));
}

static void
test_rounding (Fixture *f, gconstpointer data) {
  const float x[] = {1.0f + 0x1p-11f, 1.0f + 0x3p-11f, 65520, -0x1p-25f};
  const float halves[] = {1, 1 + 0x1p-9f, INFINITY, -0.0f};
  const float bfloats[] = {1, 1, 65536, -0x1p-25f};
  float got[8];
  cudaMemcpyAsync (f->x, x, sizeof x, cudaMemcpyHostToDevice, f->stream);
  test_round (f->stream, f->x, 4, f->y, f->y + 4);
  fetch (f->stream, f->y, got, 8);
  cudaStreamSynchronize (f->stream);
  for (int k = 0; k < 4; k++) {
    g_assert_cmpfloat (got[k], ==, halves[k]);
    g_assert_cmpfloat (got[4 + k], ==, bfloats[k]);
  }
}

static void
wait_alone (Fixture *f) {
  test_wait_alone (f->stream, f->x);
  cudaStreamSynchronize (f->stream);
}

static void
wait_apart (Fixture *f) {
  test_wait_apart (f->stream, f->x);
  cudaStreamSynchronize (f->stream);
}

static void
write_beyond (Fixture *f) {
  float *small;
  cudaMalloc ((void **)&small, 3 * sizeof (float));
  test_write_beyond (f->stream, small, 3);
  cudaFree (small);
}

static void
test_mistakes (Fixture *f, gconstpointer data) {
  static const struct {
    void (*make) (Fixture *);
    const char *said;
  } mistakes[] = {
      {wait_alone, "*is not reached by all threads of the block*"},
      {wait_apart, "*not launched by RUNET_LAUNCH_TOGETHER*"},
      {write_beyond, "*byte 12 of a block*of 12 bytes*"},
  };
  const char *which = g_getenv ("TEST_STAND_IN_MISTAKE");
  if (g_test_subprocess ()) {
    mistakes[atoi (which)].make (f);
    return;
  }
  for (guint k = 0; k < G_N_ELEMENTS (mistakes); k++) {
    char number[] = {(char)('0' + k), 0};
    g_setenv ("TEST_STAND_IN_MISTAKE", number, TRUE);
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_failed ();
#ifdef __SANITIZE_ADDRESS__
    g_test_trap_assert_stderr (k < 2 ? mistakes[k].said : "*heap-buffer-overflow*");
#else
    g_test_trap_assert_stderr (mistakes[k].said);
#endif
  }
}

int
main (int argc, char **argv) {
  static const struct {
    const char *path;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
      {"/stand-in/order/late", test_late},
      {"/stand-in/order/early-reuse", test_early_reuse},
      {"/stand-in/order/arguments", test_arguments},
      {"/stand-in/order/events", test_events},
      {"/stand-in/order/no-event", test_no_event},
      {"/stand-in/order/default-stream", test_default_stream},
      {"/stand-in/capture/replay", test_capture},
      {"/stand-in/capture/fork", test_capture_fork},
      {"/stand-in/capture/unjoined", test_capture_unjoined},
      {"/stand-in/capture/forbidden", test_capture_forbidden},
      {"/stand-in/memory/limit", test_memory_limit},
      {"/stand-in/memory/wrong-sides", test_wrong_sides},
      {"/stand-in/errors/no-device", test_no_device},
      {"/stand-in/errors/launch", test_failing_launch},
      {"/stand-in/errors/late", test_failing_work},
      {"/stand-in/kernels/fibres", test_fibres},
      {"/stand-in/kernels/rounding", test_rounding},
      {"/stand-in/kernels/mistakes", test_mistakes},
  };
  g_test_init (&argc, &argv, NULL);
  for (guint k = 0; k < G_N_ELEMENTS (tests); k++)
    g_test_add (tests[k].path, Fixture, NULL, set_up, tests[k].run, tear_down);
  return g_test_run ();
}
