/* One network timed on one engine: forward, or a training step, and layer by layer. */
#pragma once

#include "core/models/model.h"
#include "core/nn/plan.h"

G_BEGIN_DECLS

typedef struct {
  const char *model_path; /* (nullable): random weights of @architecture instead */
  RunetArchitecture architecture;
  guint batch;
  guint rounds; /* that count, after some that do not */
  gboolean train;
} RunetBenchOptions;

/* Of one run, all images; each time is the median of its own. */
typedef struct {
  char *name;
  const char *algorithm;
  double macs, backward_macs;
  double forward_seconds, backward_seconds;
} RunetBenchLayer;

typedef struct {
  RunetArchitecture architecture;
  guint batch;
  gboolean train;
  double gmac_per_image; /* forward */
  double seconds; /* of one run, all images: the median */
  double rest_seconds; /* of a run outside its layers: the median */
  double peak_mib; /* of the process when the run had ended */
  GArray *layers; /* RunetBenchLayer, in the order of the graph */
} RunetBench;

/* Errors: those of the model's file and of the plan; cancelled by Ctrl-C. */
RunetBench *
runet_bench_run (RunetEngine *engine,
                 const RunetBenchOptions *options,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_bench_free (RunetBench *bench);

double
runet_bench_get_ms_per_image (const RunetBench *bench);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetBench, runet_bench_free)

G_END_DECLS
