/* A network as data: nodes in order of evaluation, and the parameters they use. */
#include "graph.h"

#include <string.h>

static void
clear_node (gpointer data) {
  g_free (((RunetNode *)data)->name);
}

static void
clear_parameter (gpointer data) {
  g_free (((RunetParameter *)data)->name);
}

static RunetNode *
get_node (const RunetGraph *graph, int index) {
  return &g_array_index (graph->nodes, RunetNode, index);
}

static gboolean
has_node (const RunetGraph *graph, int index) {
  return index >= 0 && (guint)index < graph->nodes->len;
}

/* "stage1.down1.conv2" and "pool" make "stage1.down1.pool": a node without a name of its own is
 * called after the block that its input belongs to. */
static char *
name_after (const RunetGraph *graph, int x, const char *what) {
  const char *name = get_node (graph, x)->name;
  const char *dot = strrchr (name, '.');
  if (dot == NULL)
    return g_strdup (what);
  return g_strdup_printf ("%.*s.%s", (int)(dot - name), name, what);
}

static RunetNode
make_node (RunetOp op) {
  return (RunetNode){
      .op = op, .inputs = {-1, -1, -1}, .channels = 1, .weight = -1, .bias = -1};
}

static int
append (RunetGraph *graph, RunetNode node) {
  g_array_append_val (graph->nodes, node);
  return (int)graph->nodes->len - 1;
}

static int
append_parameter (RunetGraph *graph,
                  const char *owner,
                  const char *what,
                  const gsize shape[4],
                  guint dimensions) {
  RunetParameter parameter = {
      .name = g_strdup_printf ("%s.%s", owner, what),
      .dimensions = dimensions,
      .count = 1,
  };
  for (guint i = 0; i < 4; i++) {
    parameter.shape[i] = shape[i];
    parameter.count *= shape[i];
  }
  g_array_append_val (graph->parameters, parameter);
  return (int)graph->parameters->len - 1;
}

/* A node of one input that keeps its size. */
static int
append_pointwise (RunetGraph *graph,
                  RunetOp op,
                  int x,
                  gsize channels,
                  const char *what) {
  RunetNode node = make_node (op);
  node.inputs[0] = x;
  node.channels = channels;
  node.level = get_node (graph, x)->level;
  node.name = name_after (graph, x, what);
  return append (graph, node);
}

RunetGraph *
runet_graph_new (void) {
  RunetGraph *graph = g_new0 (RunetGraph, 1);
  graph->nodes = g_array_new (FALSE, TRUE, sizeof (RunetNode));
  graph->parameters = g_array_new (FALSE, TRUE, sizeof (RunetParameter));
  graph->outputs = g_array_new (FALSE, TRUE, sizeof (int));
  graph->regions = g_array_new (FALSE, TRUE, sizeof (int));
  g_array_set_clear_func (graph->nodes, clear_node);
  g_array_set_clear_func (graph->parameters, clear_parameter);
  return graph;
}

void
runet_graph_free (RunetGraph *graph) {
  if (graph == NULL)
    return;
  g_array_unref (graph->nodes);
  g_array_unref (graph->parameters);
  g_array_unref (graph->outputs);
  g_array_unref (graph->regions);
  g_free (graph);
}

int
runet_graph_input (RunetGraph *graph, gsize channels) {
  g_return_val_if_fail (graph != NULL && channels > 0, -1);
  /* A plan has one block for the caller to fill, so a graph has one input. */
  g_return_val_if_fail (graph->nodes->len == 0, -1);

  RunetNode node = make_node (RUNET_OP_INPUT);
  node.channels = channels;
  node.name = g_strdup ("input");
  return append (graph, node);
}

int
runet_graph_convolution (RunetGraph *graph,
                         int x,
                         gsize out_channels,
                         guint kernel,
                         gboolean relu,
                         const char *name) {
  g_return_val_if_fail (has_node (graph, x) && out_channels > 0 && name != NULL, -1);
  g_return_val_if_fail (kernel == 1 || kernel == 3, -1);

  RunetNode node = make_node (RUNET_OP_CONVOLUTION);
  node.inputs[0] = x;
  node.channels = out_channels;
  node.level = get_node (graph, x)->level;
  node.kernel = kernel;
  node.relu = relu;
  node.name = g_strdup (name);
  const gsize in_channels = get_node (graph, x)->channels;
  const gsize weight_shape[4] = {out_channels, in_channels, kernel, kernel};
  const gsize bias_shape[4] = {out_channels, 1, 1, 1};
  node.weight = append_parameter (graph, name, "weight", weight_shape, 4);
  node.bias = append_parameter (graph, name, "bias", bias_shape, 1);
  return append (graph, node);
}

int
runet_graph_max_pool (RunetGraph *graph, int x) {
  g_return_val_if_fail (has_node (graph, x), -1);
  int pool = append_pointwise (graph, RUNET_OP_MAX_POOL, x,
                               get_node (graph, x)->channels, "pool");
  get_node (graph, pool)->level++;
  return pool;
}

int
runet_graph_upsample (RunetGraph *graph, int x) {
  g_return_val_if_fail (has_node (graph, x) && get_node (graph, x)->level > 0, -1);
  int up = append_pointwise (graph, RUNET_OP_UPSAMPLE, x, get_node (graph, x)->channels,
                             "upsample");
  get_node (graph, up)->level--;
  return up;
}

int
runet_graph_concat (RunetGraph *graph, int a, int b) {
  g_return_val_if_fail (has_node (graph, a) && has_node (graph, b), -1);
  g_return_val_if_fail (get_node (graph, a)->level == get_node (graph, b)->level, -1);
  const gsize channels = get_node (graph, a)->channels + get_node (graph, b)->channels;
  int concat = append_pointwise (graph, RUNET_OP_CONCAT, a, channels, "concat");
  get_node (graph, concat)->inputs[1] = b;
  return concat;
}

int
runet_graph_softmax (RunetGraph *graph, int x) {
  g_return_val_if_fail (has_node (graph, x), -1);
  return append_pointwise (graph, RUNET_OP_SOFTMAX, x, get_node (graph, x)->channels,
                           "softmax");
}

int
runet_graph_foreground (RunetGraph *graph, int probabilities) {
  g_return_val_if_fail (has_node (graph, probabilities), -1);
  return append_pointwise (graph, RUNET_OP_FOREGROUND, probabilities, 1, "foreground");
}

int
runet_graph_sigmoid (RunetGraph *graph, int x, float slope, float shift) {
  g_return_val_if_fail (has_node (graph, x), -1);
  int sigmoid = append_pointwise (graph, RUNET_OP_SIGMOID, x,
                                  get_node (graph, x)->channels, "sigmoid");
  get_node (graph, sigmoid)->slope = slope;
  get_node (graph, sigmoid)->shift = shift;
  return sigmoid;
}

int
runet_graph_box (RunetGraph *graph, int x, guint size) {
  g_return_val_if_fail (has_node (graph, x) && size > 0, -1);
  g_return_val_if_fail (get_node (graph, x)->channels == 1, -1);
  int box = append_pointwise (graph, RUNET_OP_BOX, x, 1, "box");
  get_node (graph, box)->size = size;
  return box;
}

int
runet_graph_mix (RunetGraph *graph,
                 const int inputs[RUNET_NODE_INPUTS],
                 const char *name) {
  g_return_val_if_fail (name != NULL, -1);
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++) {
    g_return_val_if_fail (has_node (graph, inputs[i]), -1);
    g_return_val_if_fail (get_node (graph, inputs[i])->channels == 1, -1);
    g_return_val_if_fail (
        get_node (graph, inputs[i])->level == get_node (graph, inputs[0])->level, -1);
  }
  RunetNode node = make_node (RUNET_OP_MIX);
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
    node.inputs[i] = inputs[i];
  node.level = get_node (graph, inputs[0])->level;
  node.name = g_strdup (name);
  const gsize shape[4] = {RUNET_NODE_INPUTS, 1, 1, 1};
  node.weight = append_parameter (graph, name, "weight", shape, 1);
  return append (graph, node);
}

int
runet_graph_multiply (RunetGraph *graph, int a, int b) {
  g_return_val_if_fail (has_node (graph, a) && has_node (graph, b), -1);
  g_return_val_if_fail (get_node (graph, a)->level == get_node (graph, b)->level, -1);
  g_return_val_if_fail (get_node (graph, a)->channels == 1, -1);
  g_return_val_if_fail (get_node (graph, b)->channels == 1, -1);
  int product = append_pointwise (graph, RUNET_OP_MULTIPLY, b, 1, "multiply");
  get_node (graph, product)->inputs[0] = a;
  get_node (graph, product)->inputs[1] = b;
  return product;
}

guint
runet_node_count_inputs (const RunetNode *node) {
  guint count = 0;
  while (count < RUNET_NODE_INPUTS && node->inputs[count] >= 0)
    count++;
  return count;
}

gboolean
runet_node_reads (const RunetNode *node, int index) {
  for (guint i = 0; i < runet_node_count_inputs (node); i++)
    if (node->inputs[i] == index)
      return TRUE;
  return FALSE;
}

guint
runet_graph_get_levels (const RunetGraph *graph) {
  guint levels = 0;
  for (guint i = 0; i < graph->nodes->len; i++)
    levels = MAX (levels, get_node (graph, (int)i)->level);
  return levels;
}

double
runet_graph_count_macs (const RunetGraph *graph, gsize h, gsize w) {
  double macs = 0;
  for (guint i = 0; i < graph->nodes->len; i++) {
    const RunetNode *node = get_node (graph, (int)i);
    if (node->op != RUNET_OP_CONVOLUTION)
      continue;
    const RunetParameter *weight =
        &g_array_index (graph->parameters, RunetParameter, node->weight);
    macs +=
        (double)weight->count * (double)(h >> node->level) * (double)(w >> node->level);
  }
  return macs;
}

gsize
runet_graph_count_parameters (const RunetGraph *graph) {
  gsize count = 0;
  for (guint i = 0; i < graph->parameters->len; i++)
    count += g_array_index (graph->parameters, RunetParameter, i).count;
  return count;
}
