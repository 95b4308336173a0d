/* The two clocks of the benchmarks. */
#pragma once

#include <glib.h>
#include <time.h>

/* @start: of g_get_monotonic_time() */
static inline double
since_ms (gint64 start) {
  return (double)(g_get_monotonic_time () - start) / 1000.0;
}

/* Of this thread: says more than the other on a machine that is busy, and does not count the disk. */
static inline double
cpu_ms (void) {
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
