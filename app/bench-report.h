/* What `runet bench` found, for people and for scripts. */
#pragma once

#include "bench-run.h"

G_BEGIN_DECLS

/* A network on one number of threads. */
typedef struct {
  guint threads;
  double ms_per_image;
} RunetBenchScale;

typedef struct {
  const RunetEngine *engine;
  const RunetBench *bench;
  gboolean layers; /* those of @bench are wanted */
  double peak_flops; /* the machine's, a second; 0 = not measured */
  double bandwidth; /* of a GPU's memory, bytes a second; 0 = not measured */
  const GArray *scaling; /* (nullable): RunetBenchScale, from one thread on */
} RunetBenchReport;

void
runet_bench_report_print (const RunetBenchReport *report);
void
runet_bench_report_print_json (const RunetBenchReport *report);

G_END_DECLS
