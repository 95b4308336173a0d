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
  gboolean layers; /* of a GPU, which takes a while; the processor's come without */
} RunetBenchOptions;

/* Of one run, all images; each time is the median of its own. */
typedef struct {
  char *name;
  const char *algorithm;
  double macs, backward_macs;
  double bytes, backward_bytes; /* that have to be moved at least */
  double forward_seconds, backward_seconds;
} RunetBenchLayer;

typedef struct {
  RunetArchitecture architecture;
  guint batch;
  gboolean train;
  gboolean on_gpu;
  double gmac_per_image; /* forward */
  double seconds; /* of one run, all images: the median */
  double
      device_seconds; /* of a forward run on a GPU without the host's copies; 0 = not known */
  double rest_seconds; /* of a run outside its layers: the median; not of a GPU */
  double peak_mib; /* of the process when the run had ended */
  GArray *layers; /* RunetBenchLayer, in the order of the graph */
} RunetBench;

gboolean
runet_bench_is_on_gpu (const RunetEngine *engine);

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
