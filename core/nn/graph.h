/* A network as data: nodes in order of evaluation, and the parameters they use.
 *
 * Nothing here knows sizes or memory; a plan (plan.h) fixes both. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  RUNET_OP_INPUT, /* the image, C = channels */
  RUNET_OP_CONVOLUTION, /* inputs: x; kernel 1 or 3; weight, bias; optional ReLU */
  RUNET_OP_MAX_POOL, /* 2 × 2 */
  RUNET_OP_UPSAMPLE, /* nearest, 2 × */
  RUNET_OP_CONCAT, /* two inputs, channels in that order */
  RUNET_OP_SOFTMAX, /* over the channels */
  RUNET_OP_FOREGROUND, /* sum of channels 1 … C-1; C = 1 */
  RUNET_OP_SIGMOID, /* 1 / (1 + exp (-slope (x - shift))), Eq. (1) of [RU] */
  RUNET_OP_BOX, /* mean over size × size, zero padding, (size-1)/2 before, size/2 after */
  RUNET_OP_MIX, /* Σ softmax (w)_i x_i over its inputs; w trainable */
  RUNET_OP_MULTIPLY, /* two inputs of one channel */
} RunetOp;

#define RUNET_NODE_INPUTS 3

typedef struct {
  RunetOp op;
  int inputs[RUNET_NODE_INPUTS]; /* indices of nodes; -1 = none */
  gsize channels; /* of the output */
  guint level; /* the output is (H >> level) × (W >> level) */
  guint kernel; /* CONVOLUTION */
  gboolean relu; /* CONVOLUTION */
  float slope, shift; /* SIGMOID */
  guint size; /* BOX */
  int weight, bias; /* indices of parameters; -1 = none */
  char *name; /* "stage1.down1.conv1" */
} RunetNode;

typedef struct {
  char *name; /* "stage1.down1.conv1.weight" */
  gsize shape[4]; /* O, I, K, K; unused trailing ones are 1 */
  guint dimensions;
  gsize count; /* product of shape */
} RunetParameter;

typedef struct {
  GArray *nodes; /* RunetNode */
  GArray *parameters; /* RunetParameter */
  GArray *outputs; /* int: the softmax node of each stage */
  GArray *regions; /* int: the region of interest that each later stage is given */
} RunetGraph;

RunetGraph *
runet_graph_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_graph_free (RunetGraph *graph);

/* Each adds a node and returns its index. */
int
runet_graph_input (RunetGraph *graph, gsize channels);
int
runet_graph_convolution (RunetGraph *graph,
                         int x,
                         gsize out_channels,
                         guint kernel,
                         gboolean relu,
                         const char *name);
int
runet_graph_max_pool (RunetGraph *graph, int x);
int
runet_graph_upsample (RunetGraph *graph, int x);
int
runet_graph_concat (RunetGraph *graph, int a, int b);
int
runet_graph_softmax (RunetGraph *graph, int x);
int
runet_graph_foreground (RunetGraph *graph, int probabilities);
int
runet_graph_sigmoid (RunetGraph *graph, int x, float slope, float shift);
int
runet_graph_box (RunetGraph *graph, int x, guint size);
int
runet_graph_mix (RunetGraph *graph,
                 const int inputs[RUNET_NODE_INPUTS],
                 const char *name);
int
runet_graph_multiply (RunetGraph *graph, int a, int b);

/* The deepest level: H and W have to be multiples of 1 << this. */
guint
runet_graph_get_levels (const RunetGraph *graph);
/* How many of its inputs @node has. */
guint
runet_node_count_inputs (const RunetNode *node);
/* Whether the node of index @index is one of them. */
gboolean
runet_node_reads (const RunetNode *node, int index);

/* Number of multiply-accumulates of one H × W image. */
double
runet_graph_count_macs (const RunetGraph *graph, gsize h, gsize w);
/* Number of trainable values. */
gsize
runet_graph_count_parameters (const RunetGraph *graph);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetGraph, runet_graph_free)

G_END_DECLS
