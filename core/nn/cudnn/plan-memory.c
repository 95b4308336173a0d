/* All memory of a device plan but its arena: parameters, packed weights, scratch, and the host's. */
#include "plan-private.h"

#include <string.h>

#define ALIGNMENT 256
/* Values between the beginnings of two parameters are a multiple of this. */
#define FLAT_STEP 4

/* What is given out of one piece of memory; of none while it is only measured. */
typedef struct {
  char *base; /* (nullable) */
  gsize used;
} Piece;

static gpointer
take (Piece *piece, gsize bytes) {
  gpointer block = piece->base != NULL ? piece->base + piece->used : NULL;
  piece->used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return block;
}

static void
place_flat (RunetDevicePlan *self, Piece *piece) {
  const GArray *parameters = self->plan->graph->parameters;
  gsize count = 0;
  for (guint i = 0; i < parameters->len; i++) {
    self->offsets[i] = count;
    count += g_array_index (parameters, RunetParameter, i).count;
    count = (count + FLAT_STEP - 1) / FLAT_STEP * FLAT_STEP;
  }
  self->flat.offsets = self->offsets;
  self->flat.count = count;
  self->flat.parameters = take (piece, count * sizeof (float));
  if (self->plan->mode == RUNET_PLAN_TRAINING)
    self->flat.gradients = take (piece, count * sizeof (float));
}

/* ---------------------------------------------------------------- packed weights */

static void
add_packing (RunetDevicePlan *self, const RunetPacking *packing) {
  const gsize taps = packing->doubled ? 16 : (gsize)(packing->kernel * packing->kernel);
  const gsize elements = (gsize)packing->rows * taps * (gsize)packing->stride;
  self->largest = MAX (self->largest, elements);
  g_array_append_val (self->packings, *packing);
}

static void
pack_part (RunetDevicePlan *self, Piece *piece, guint index, RunetDevicePart *part) {
  const RunetNode *node = self->plan->nodes[index].node;
  const RunetParameter *weight =
      &g_array_index (self->plan->graph->parameters, RunetParameter, node->weight);
  const gsize inputs = runet_device_plan_pad (self, part->x.c);
  const gsize outputs = runet_device_plan_pad (self, node->channels);
  const gsize taps = part->doubled ? 16 : node->kernel * node->kernel;
  const gsize bytes = inputs * taps * outputs * runet_element_size (self->element);
  part->weights = take (piece, bytes);
  if (part->backward_filter != NULL)
    part->weights_gradient = take (piece, bytes);
  const RunetPacking packing = {
      .weight = runet_device_plan_get_parameter (self, node->weight),
      .gradient = runet_device_plan_get_gradient (self, node->weight),
      .packed = part->weights,
      .packed_gradient = part->weights_gradient,
      .out_channels = (gint32)node->channels,
      .in_channels = (gint32)weight->shape[1],
      .first = part->first,
      .channels = (gint32)part->x.c,
      .kernel = (gint32)node->kernel,
      .doubled = part->doubled,
      .rows = (gint32)(part->doubled ? inputs : outputs),
      .stride = (gint32)(part->doubled ? outputs : inputs),
  };
  add_packing (self, &packing);
}

/* As the weights of a 1 × 1 convolution of one channel. */
static void
pack_bias (RunetDevicePlan *self, Piece *piece, guint index) {
  const RunetNode *node = self->plan->nodes[index].node;
  const gsize outputs = runet_device_plan_pad (self, node->channels);
  self->nodes[index].bias = take (piece, outputs * runet_element_size (self->element));
  const RunetPacking packing = {
      .weight = runet_device_plan_get_parameter (self, node->bias),
      .packed = self->nodes[index].bias,
      .out_channels = (gint32)node->channels,
      .in_channels = 1,
      .channels = 1,
      .kernel = 1,
      .rows = (gint32)outputs,
      .stride = 1,
  };
  add_packing (self, &packing);
}

static void
place_packed (RunetDevicePlan *self, Piece *piece) {
  g_array_set_size (self->packings, 0);
  self->largest = 0;
  for (guint i = 0; i < self->plan->count; i++)
    for (guint j = 0; j < self->nodes[i].count; j++)
      pack_part (self, piece, i, &self->nodes[i].parts[j]);
  self->weight_packings = self->packings->len;
  self->largest_weights = self->largest;
  for (guint i = 0; i < self->plan->count; i++)
    if (self->nodes[i].count > 0)
      pack_bias (self, piece, i);
  self->device_packings =
      take (piece, MAX (1, self->packings->len) * sizeof (RunetPacking));
}

/* ---------------------------------------------------------------- all of it */

static void
place (RunetDevicePlan *self, Piece *piece) {
  place_flat (self, piece);
  place_packed (self, piece);
  self->values = take (piece, self->plan->count * sizeof (RunetNodeValues));
  for (guint i = 0; i < self->plan->count; i++)
    for (guint j = 0; j < self->nodes[i].count; j++) {
      RunetMap *x = &self->nodes[i].parts[j].x;
      if (self->nodes[i].parts[j].converted)
        x->data = take (piece, runet_device_plan_count_bytes (x));
    }
  self->scratch.workspace = take (piece, self->scratch.workspace_bytes);
  self->scratch.map = take (piece, self->scratch.map_bytes);
  self->scratch.sums = take (piece, self->scratch.sums_bytes);
}

/* @map: what it is a copy of, without padding. */
static void
place_tensor (RunetTensor *tensor, Piece *piece, const RunetMap *map) {
  *tensor = (RunetTensor){
      .n = map->n, .h = map->h, .w = map->w, .c = map->c, .stride = map->c};
  if (map->data != NULL)
    tensor->data = take (piece, map->n * map->h * map->w * map->c * sizeof (float));
}

static void
place_pinned (RunetDevicePlan *self, Piece *piece) {
  const RunetGraph *graph = self->plan->graph;
  RunetTensor input;
  place_tensor (&input, piece, &self->nodes[0].y);
  self->host.input = input.data;
  for (guint k = 0; k < graph->outputs->len; k++) {
    const RunetDeviceNode *node = &self->nodes[g_array_index (graph->outputs, int, k)];
    place_tensor (&self->host.outputs[k], piece, &node->y);
    place_tensor (&self->host.gradients[k], piece, &node->dy);
  }
  for (guint k = 0; k < graph->regions->len; k++)
    place_tensor (&self->host.regions[k], piece,
                  &self->nodes[g_array_index (graph->regions, int, k)].y);
  self->host.flat = take (piece, self->flat.count * sizeof (float));
  self->host.values = take (piece, self->plan->count * sizeof (RunetNodeValues));
}

static gboolean
upload_packings (RunetDevicePlan *self, GError **error) {
  if (self->packings->len == 0)
    return TRUE;
  return runet_device_check (
      cudaMemcpyAsync (self->device_packings, self->packings->data,
                       self->packings->len * sizeof (RunetPacking),
                       cudaMemcpyHostToDevice, self->stream),
      "where the weights lie", error);
}

gboolean
runet_device_plan_allocate (RunetDevicePlan *self, GError **error) {
  Piece device = {0}, pinned = {0};
  place (self, &device);
  place_pinned (self, &pinned);
  self->memory_bytes = device.used;
  self->pinned_bytes = pinned.used;
  if (!runet_device_check (cudaMalloc ((void **)&self->memory, device.used),
                           "memory for the network", error) ||
      !runet_device_check (cudaMallocHost ((void **)&self->pinned, pinned.used),
                           "pinned memory", error) ||
      !runet_device_check (cudaMemsetAsync (self->memory, 0, device.used, self->stream),
                           "memory for the network", error))
    return FALSE;
  memset (self->pinned, 0, pinned.used);
  place (self, &(Piece){.base = self->memory});
  place_pinned (self, &(Piece){.base = self->pinned});
  return upload_packings (self, error) &&
         runet_device_check (cudaStreamSynchronize (self->stream), "the network",
                             error);
}
