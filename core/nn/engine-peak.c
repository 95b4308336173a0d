/* What nothing on an engine's machine gets past: how fast it multiplies and adds when it does nothing else, and a GPU's
 * memory. */
#include "engine.h"

#include "convolution-kernels.h"

/* Half a millisecond or so: long beside the hand-out of a task, short beside a scheduler's turn. */
#define TASK_ROUNDS (1 << 18)

/* Enough that the others make up for a worker that wakes late. */
#define TASKS_PER_WORKER 4

#define ATTEMPTS 50

/* A cache line, so that no worker waits for another's result. */
typedef struct {
  _Alignas(64) double operations;
  float sum;
} Tally;

static void
multiply_add_cb (gsize task, guint worker, gpointer data) {
  Tally *mine = (Tally *)data + worker;
  mine->operations += runet_kernels_get ()->multiply_add (TASK_ROUNDS, &mine->sum);
}

/* The fastest attempt counts: whatever disturbs one can only make it slower. */
static double
measure_processor (RunetEngine *engine) {
  RunetPool *pool = runet_engine_get_pool (engine);
  const guint workers = runet_pool_get_workers (pool);
  Tally *tally = g_aligned_alloc0 (workers, sizeof *tally, _Alignof(Tally));
  double peak = 0;
  for (guint attempt = 0; attempt < ATTEMPTS; attempt++) {
    const gint64 start = g_get_monotonic_time ();
    runet_pool_run (pool, (gsize)workers * TASKS_PER_WORKER, multiply_add_cb, tally);
    const gint64 taken = MAX (g_get_monotonic_time () - start, 1);
    double operations = 0;
    for (guint i = 0; i < workers; i++) {
      operations += tally[i].operations;
      tally[i].operations = 0;
    }
    peak = MAX (peak, operations / (double)taken * G_USEC_PER_SEC);
  }
  g_aligned_free (tally);
  return peak;
}

double
runet_engine_measure_peak (RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, 0);
  RunetDevice *device;
  const RunetDeviceClass *class = runet_engine_get_device (engine, &device);
  if (class == NULL)
    return measure_processor (engine);
  g_autoptr (GRecMutexLocker) locker =
      g_rec_mutex_locker_new (runet_engine_get_device_lock (engine));
  return class->measure_matrix_rate (device, runet_engine_get_precision (engine));
}

double
runet_engine_measure_bandwidth (RunetEngine *engine) {
  g_return_val_if_fail (engine != NULL, 0);
  RunetDevice *device;
  const RunetDeviceClass *class = runet_engine_get_device (engine, &device);
  if (class == NULL)
    return 0;
  g_autoptr (GRecMutexLocker) locker =
      g_rec_mutex_locker_new (runet_engine_get_device_lock (engine));
  return class->measure_bandwidth (device);
}
