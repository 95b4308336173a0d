/* A plan from inside: shared by the files that lay it out, own it and run it.
 *
 * Time, as the lifetimes of memory count it, for a graph of N nodes: node i runs forward at i, the
 * caller computes the loss at N, node i runs backward at 2 N - i. */
#pragma once

#include "arena.h"
#include "engine.h"

G_BEGIN_DECLS

/* Whose value a node reads. */
typedef struct {
  int node;
  gboolean doubled; /* each of its pixels stands for 2 × 2 */
} RunetPlanSource;

typedef struct {
  const RunetNode *node;
  const RunetConvolutionClass *class; /* CONVOLUTION */
  /* Nobody makes the value: those who read this concatenation or up-sampling read its inputs. */
  gboolean unmade;
  int carrier; /* the node whose forward makes this one's value as well; -1 = its own */
  gboolean stored; /* the value has memory */
  RunetPlanSource sources[RUNET_NODE_INPUTS]; /* the inputs, but no unmade ones */
  guint count; /* of the sources */
  int pool; /* CONVOLUTION: the max-pool that it carries; -1 = none */
  int before; /* CONVOLUTION: the one before it that it carries; -1 = none */
  int softmax; /* CONVOLUTION: the one after its head that it carries; -1 = none */
  int head; /* SOFTMAX: the convolution that it carries; -1 = none */
  int sigmoid; /* SOFTMAX, BOX: the sigmoid that it carries; -1 = none */
  int product; /* BOX with a sigmoid: the product that it carries */
  RunetTensor y; /* the value; no data where it is not stored */
  RunetTensor dy; /* its gradient; no data where none is needed */
  gboolean active; /* runs backward: a parameter is behind it and an output before it */
  gboolean is_output;
  gboolean
      add[RUNET_NODE_INPUTS]; /* the source's gradient holds that of a later node */
  RunetConvolution *convolution;
  float logits[RUNET_NODE_INPUTS]; /* MIX */
  double macs; /* of all N images */
  double forward_seconds, backward_seconds;
} RunetPlanNode;

/* Where a plan runs. The functions do what those of plan.h of the same names do, behind their checks. */
typedef struct {
  const RunetConvolutionClass *(
      *choose_convolution) (const RunetPlan *plan, const RunetConvolutionShape *shape);
  /* After the nodes are fused. Errors: %RUNET_ERROR_MEMORY; on a device also %RUNET_ERROR_UNSUPPORTED,
   * %RUNET_ERROR_ENGINE. */
  gboolean (*make) (RunetPlan *plan, GError **error);
  void (*clear) (RunetPlan *plan);
  void (*set_parameters) (RunetPlan *plan, const float *const *parameters);
  float *(*get_input) (RunetPlan *plan);
  gboolean (*forward) (RunetPlan *plan, GCancellable *cancellable, GError **error);
  gboolean (*backward) (RunetPlan *plan,
                        float *const *gradients,
                        GCancellable *cancellable,
                        GError **error);
  const RunetTensor *(*get_output) (const RunetPlan *plan, guint k);
  const RunetTensor *(*get_region) (const RunetPlan *plan, guint k);
  const RunetTensor *(*get_output_gradient) (RunetPlan *plan, guint k);
  gsize (*get_bytes) (const RunetPlan *plan);
  /* Fills the algorithm and the seconds. */
  void (*time_node) (const RunetPlan *plan, guint index, RunetLayerTiming *timing);
} RunetPlanClass;

extern const RunetPlanClass runet_plan_host, runet_plan_on_device;

struct _RunetPlan {
  RunetEngine *engine;
  const RunetPlanClass *class;
  RunetPool *pool; /* the engine's workers, with this plan's cancellable */
  const RunetGraph *graph;
  RunetPlanMode mode;
  gsize n, h, w;
  guint count;
  RunetPlanNode *nodes;
  gpointer arena;
  gsize arena_bytes;
  float *scratch; /* shared by all nodes, one after the other */
  gsize scratch_bytes;
  const float *const *new_parameters; /* during set_parameters */
  RunetDevicePlan
      *device_plan; /* of a plan on a device, which has none of the memory above */
  GError *failure; /* of set_parameters on a device, for the next forward to tell */
};

/* A clock that is not set, finer than GLib's: some nodes take less than a microsecond. */
double
runet_plan_get_seconds (void);

/* The node with whose forward that of @index runs: its carrier, who may be carried itself; or @index. */
int
runet_plan_find_runner (const RunetPlan *plan, int index);

/* Bytes that have to be moved for the nodes whose forward is that of @index, and for the gradients of @index. */
double
runet_plan_count_traffic (const RunetPlan *plan, int index);
double
runet_plan_count_backward_traffic (const RunetPlan *plan, int index);

/* Runs a convolution with all that it carries; as @convolution, which may be another of the same shape than
 * the plan's own. */
void
runet_plan_forward_convolution (const RunetPlan *plan,
                                const RunetPlanNode *node,
                                RunetConvolution *convolution,
                                float *scratch);

/* Decides which nodes are done together with others: see plan-fuse.c. */
void
runet_plan_fuse (RunetPlan *plan);

/* Decides how each convolution of an inference plan is done: see plan-choose.c. */
void
runet_plan_choose (RunetPlan *plan);

/* Decides which nodes run backward, and who adds to a gradient. */
void
runet_plan_find_gradients (RunetPlan *plan);

/* Bytes of the value (or gradient) of a node, which is needed; 0 for none. FALSE when they overflow. */
typedef gboolean (*RunetPlanMeasure) (const RunetPlan *plan,
                                      guint index,
                                      gboolean gradient,
                                      gsize *bytes,
                                      gpointer user_data);
/* Places what the nodes need by its lifetime. @blocks: two for each node: the values, then the gradients.
 * FALSE when sizes overflow. */
gboolean
runet_plan_place (const RunetPlan *plan,
                  RunetPlanMeasure measure,
                  gpointer user_data,
                  RunetArenaBlock *blocks,
                  gsize *bytes);

/* Decides what lies where, and points the tensors of the nodes into the arena, which it allocates.
 * Errors: %RUNET_ERROR_MEMORY. */
gboolean
runet_plan_lay_out (RunetPlan *plan, GError **error);

/* On the processor. */
gboolean
runet_plan_run_forward (RunetPlan *plan, GCancellable *cancellable, GError **error);
gboolean
runet_plan_run_backward (RunetPlan *plan,
                         float *const *gradients,
                         GCancellable *cancellable,
                         GError **error);

gboolean
runet_plan_fail_memory (const RunetPlan *plan, gsize bytes, GError **error);

G_END_DECLS
