/* A retraining whose process is fake-runet.sh. */
#pragma once

#include "fixture.h"
#include "ui/retrain-run.h"

G_BEGIN_DECLS

/* What it is to be, see fake-runet.sh. */
static inline void
fake_set (const char *behaviour) {
  g_setenv ("FAKE_RUNET", behaviour, TRUE);
}

/* (transfer full) */
static inline char *
fake_get_path (void) {
  return g_test_build_filename (G_TEST_DIST, "fake-runet.sh", NULL);
}

/* Until it is in @state; fails after a minute. */
static inline void
fake_wait (RunetRetrainRun *run, RunetRetrainState state) {
  const gint64 start = g_get_monotonic_time ();
  while (runet_retrain_run_get_state (run) != state) {
    g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
}

/* Until it has said that it learns, so that it can be stopped. */
static inline void
fake_wait_for_steps (RunetRetrainRun *run) {
  const gint64 start = g_get_monotonic_time ();
  while (runet_retrain_run_get_progress (run)->epoch == 0) {
    g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
}

G_END_DECLS
