/* A plan from inside: shared by the files that lay it out, own it and run it.
 *
 * Time, as the lifetimes of memory count it, for a graph of N nodes: node i runs forward at i, the
 * caller computes the loss at N, node i runs backward at 2 N - i. */
#pragma once

#include "arena.h"
#include "engine.h"

G_BEGIN_DECLS

/* Some of the channels of a concatenation, where a tensor is part of one. */
typedef struct {
  int home; /* the CONCAT node; -1 = a block of its own */
  gsize channel; /* the first, in home */
} RunetPlacement;

typedef struct {
  const RunetNode *node;
  guint inputs;
  RunetTensor y; /* the value */
  RunetTensor dy; /* its gradient; no data where none is needed */
  gboolean active; /* runs backward: a parameter is behind it and an output before it */
  gboolean is_output;
  RunetPlacement y_placement, dy_placement;
  gboolean
      y_in_place[RUNET_NODE_INPUTS]; /* CONCAT: the input was written here already */
  gboolean
      dy_in_place[RUNET_NODE_INPUTS]; /* CONCAT: the input reads its gradient here */
  gboolean add
      [RUNET_NODE_INPUTS]; /* the input's gradient holds that of a later node already */
  RunetConvolution *convolution;
  float logits[RUNET_NODE_INPUTS]; /* MIX */
  double macs; /* of all N images */
  double forward_seconds, backward_seconds;
} RunetPlanNode;

struct _RunetPlan {
  RunetEngine *engine;
  RunetPool *pool;
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
};

/* Decides which nodes run backward, what lies where, and points the tensors of the nodes into the
 * arena, which it allocates. Errors: %RUNET_ERROR_MEMORY. */
gboolean
runet_plan_lay_out (RunetPlan *plan, GError **error);

gboolean
runet_plan_fail_memory (const RunetPlan *plan, gsize bytes, GError **error);

G_END_DECLS
