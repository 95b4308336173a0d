/* A graph made ready to run on one engine for one shape: buffers placed, weights packed.
 * Running it allocates nothing. */
#pragma once

#include <gio/gio.h>
#include "core/base/pool.h"
#include "graph.h"
#include "tensor.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_ENGINE_AUTO, /* the fastest that works here */
  RUNET_ENGINE_REFERENCE,
  RUNET_ENGINE_BLAS,
  RUNET_ENGINE_CUDNN, /* a GPU */
} RunetEngineKind;

/* How a GPU multiplies and what it keeps maps in; the other engines always do float32. Sums are float32. */
typedef enum {
  RUNET_PRECISION_TF32, /* maps in float32, products of 10 bits of mantissa: the default */
  RUNET_PRECISION_FLOAT32, /* without tensor cores */
  RUNET_PRECISION_FLOAT16,
  RUNET_PRECISION_BFLOAT16,
} RunetPrecision;

typedef struct _RunetEngine RunetEngine;

/* @threads: 0 for one per processor.
 * Errors: %RUNET_ERROR_ENGINE, also when a GPU is asked for and none can be had; %RUNET_ENGINE_AUTO then takes the
 * processor and says why. */
RunetEngine *
runet_engine_new (RunetEngineKind kind,
                  guint threads,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is asked for; @precision is a GPU's. */
typedef struct {
  RunetEngineKind kind;
  RunetPrecision precision;
} RunetEngineChoice;

/* As above, with its precision. */
RunetEngine *
runet_engine_choose (RunetEngineChoice choice,
                     guint threads,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The processor's engine that goes on where @engine's device cannot, with as many threads and as exact. @reason: why, to
 * stand after "because": "the GPU's memory does not suffice". */
RunetEngine *
runet_engine_new_instead (const RunetEngine *engine,
                          const char *reason) G_GNUC_WARN_UNUSED_RESULT;
RunetEngine *
runet_engine_ref (RunetEngine *engine);
void
runet_engine_unref (RunetEngine *engine);
const char *
runet_engine_get_name (const RunetEngine *engine); /* "reference", "blas", "cudnn" */
/* One line for people, with why it was chosen: "OpenBLAS 0.3.21, 2 threads, AVX-512; chosen because no NVIDIA driver
 * is installed". Valid until the next change of exactness or precision. */
const char *
runet_engine_get_description (const RunetEngine *engine);
/* Whether plans made from now on convolve without Winograd's transforms: some three times slower, and
 * as exact as sums in float32 are. On a GPU: in float32 whatever the precision. No effect on the reference engine. */
void
runet_engine_set_exact (RunetEngine *engine, gboolean exact);
/* Of the plans made from now on, on a GPU; TF32 unless it is set. */
void
runet_engine_set_precision (RunetEngine *engine, RunetPrecision precision);
/* Float32 where there is no GPU or exactness is asked for. */
RunetPrecision
runet_engine_get_precision (const RunetEngine *engine);
/* (transfer none): its workers, for what is done between runs of the network. */
RunetPool *
runet_engine_get_pool (RunetEngine *engine);
guint
runet_engine_get_threads (const RunetEngine *engine);
/* Operations a second of independent multiply-adds on all its threads, each counted as two: what
 * nothing that multiplies on this processor gets past. On a GPU those of large matrix products of the engine's precision.
 * Takes about a tenth of a second. */
double
runet_engine_measure_peak (RunetEngine *engine);
/* Bytes a second that a copy in a GPU's memory reads and writes; 0 where there is no GPU. */
double
runet_engine_measure_bandwidth (RunetEngine *engine);
gboolean
runet_engine_kind_from_string (const char *name, RunetEngineKind *kind);
/* "auto", and the names of engines. */
const char *
runet_engine_kind_to_string (RunetEngineKind kind);
/* "tf32", "float32", "float16", "bfloat16". */
gboolean
runet_precision_from_string (const char *name, RunetPrecision *precision);
const char *
runet_precision_to_string (RunetPrecision precision);

/* An engine that this program knows. */
typedef struct {
  RunetEngineKind kind;
  const char *name;
  char *
      equipment; /* "NVIDIA H200, CUDA 13.0, cuDNN 9.19, TF32"; NULL when it cannot be had … */
  char *reason; /* … and then why: "no NVIDIA driver is installed" */
} RunetEngineEntry;
/* (transfer full) (element-type RunetEngineEntry): the fastest first, of which %RUNET_ENGINE_AUTO takes the first that can be had.
 * Opens the GPU for a moment. */
GPtrArray *
runet_engine_list (void) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  RUNET_PLAN_INFERENCE,
  RUNET_PLAN_TRAINING, /* keeps what backward needs */
} RunetPlanMode;

typedef struct _RunetPlan RunetPlan;

/**
 * runet_plan_new:
 * @graph: (transfer none): must outlive the plan. What it says of sigmoids (slope, shift) and boxes (size)
 *   is read at each run; everything else when the plan is made.
 * @h, @w: multiples of the graph's total pooling (32 for the U-Nets)
 *
 * On a GPU whose memory does not suffice the processor takes over: see runet_plan_get_engine().
 *
 * Errors: %RUNET_ERROR_MEMORY, %RUNET_ERROR_MISMATCH (sizes), %RUNET_ERROR_ENGINE.
 */
RunetPlan *
runet_plan_new (RunetEngine *engine,
                const RunetGraph *graph,
                gsize n,
                gsize h,
                gsize w,
                RunetPlanMode mode,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_plan_free (RunetPlan *plan);

/* @parameters: one pointer a parameter of the graph, in its order, O × I × K × K. Copied and packed. */
void
runet_plan_set_parameters (RunetPlan *plan, const float *const *parameters);

/* N × H × W × C floats to fill before forward. */
float *
runet_plan_get_input (RunetPlan *plan);

/* Looks at @cancellable before each task of each node: on the blas engine every millisecond or so. FALSE when
 * cancelled (%G_IO_ERROR_CANCELLED); the outputs are then rubbish, and the plan may run again. On a GPU also when that
 * fails (%RUNET_ERROR_ENGINE). */
gboolean
runet_plan_forward (RunetPlan *plan, GCancellable *cancellable, GError **error);

/* Valid until the next forward. Output k: the softmax of stage k+1 (C = classes); region k: the
 * m that multiplied the image of stage k+2 (C = 1). */
const RunetTensor *
runet_plan_get_output (const RunetPlan *plan, guint k);
const RunetTensor *
runet_plan_get_region (const RunetPlan *plan, guint k);

/* Training: write dLoss/dOutput of each stage here (overwrite all of it) after forward … */
const RunetTensor *
runet_plan_get_output_gradient (RunetPlan *plan, guint k);
/* … then this adds dLoss/dParameter to @gradients (one pointer a parameter). Once a forward: it uses
 * up what forward kept. */
gboolean
runet_plan_backward (RunetPlan *plan,
                     float *const *gradients,
                     GCancellable *cancellable,
                     GError **error);

/* Who runs it: the engine that it was made for, or the processor's in its place when the GPU's memory did not suffice.
 * (transfer none). */
RunetEngine *
runet_plan_get_engine (const RunetPlan *plan);
/* Bytes of the arena, packed weights and scratch. */
gsize
runet_plan_get_bytes (const RunetPlan *plan);

/* Seconds of a forward pass on a GPU, of its own, without the host's copies; 0 where there is no GPU. */
double
runet_plan_time_forward (RunetPlan *plan);

/* What each node took since the plan was made, for `runet bench`. */
typedef struct {
  const char *name;
  const char *algorithm;
  double macs; /* forward, of one run, all N images */
  double backward_macs; /* of the gradients that are needed */
  double bytes, backward_bytes; /* read and written when each value is only once */
  double forward_seconds; /* median is the caller's business: this is the last run's */
  double backward_seconds;
} RunetLayerTiming;
/* (transfer container) (element-type RunetLayerTiming). */
GArray *
runet_plan_get_timings (const RunetPlan *plan) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetEngine, runet_engine_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetPlan, runet_plan_free)

G_END_DECLS
