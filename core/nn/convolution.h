/* One convolution layer of a plan, as an engine runs it.
 *
 * Stride 1, zero padding so that the size stays, bias, optional ReLU. Kernels 3 × 3 and 1 × 1.
 * An engine implements the table; a plan makes one instance a layer. */
#pragma once

#include <glib.h>
#include "core/base/pool.h"
#include "tensor.h"

G_BEGIN_DECLS

/* What a layer reads may be two tensors, one's channels after the other's: a concatenation that is
 * never made. */
#define RUNET_CONVOLUTION_PARTS 2

typedef struct _RunetConvolution RunetConvolution;
typedef struct _RunetClassification RunetClassification; /* convolution-pointwise.h */

typedef struct {
  gsize n, h, w;
  gsize in_channels, out_channels;
  guint kernel; /* 1 or 3 */
  gboolean relu;
  gsize split; /* channels of the first of two parts; 0 = there is one part */
  gboolean
      doubled; /* the first part has H/2 × W/2 pixels, each of which stands for 2 × 2 */
  /* Neighbours in the network that are done along the way, a patch at a time, so that the maps between
   * are never in memory. */
  const RunetConvolution *before; /* (nullable): makes the only part of the input */
  gboolean classified; /* the output is classified, and wanted by nobody else */
} RunetConvolutionShape;

/* What forward writes. */
typedef struct {
  RunetTensor y; /* no data where the shape is classified */
  const RunetTensor
      *pooled; /* (nullable): overwritten with the largest of each 2 × 2 of y */
  const RunetClassification *classification; /* (nullable): of y */
} RunetConvolutionOutputs;

/* Scratch memory belongs to the plan and is shared by all its layers: each says how many floats
 * it needs, and the plan hands the same block to every call. */
typedef struct {
  const char
      *algorithm; /* "winograd-4x4", "direct", "gemm" …: for the per-layer table */

  /* Takes two parts, and doubled ones; writes the max-pooled map beside. */
  gboolean reads_parts, pools;
  /* Reads parts only where the first is doubled. */
  gboolean only_doubled;
  /* 1 × 1: of a softmax that can be done with it, the most classes; 0 = none. */
  gsize classes;
  /* Does another convolution before it and a classification after it. */
  gboolean carries;

  RunetConvolution *(*new_) (const RunetConvolutionShape *shape,
                             gboolean training,
                             guint workers);
  void (*free) (RunetConvolution *self);
  gsize (*scratch_floats) (const RunetConvolution *self);
  /* Bytes of the weights that the instance holds, packed and not. */
  gsize (*weight_bytes) (const RunetConvolution *self);

  /* (nullable): how many ways there are to share out the work of forward, all with the same bits; and
   * takes one of them, 0 being the rule. Before weights are set, and before scratch_floats(). */
  guint (*count_ways) (const RunetConvolution *self);
  void (*choose_way) (RunetConvolution *self, guint way);

  /* @weight: O × I × K × K; @bias: O. Packs them for the kernels. */
  void (*set_weights) (RunetConvolution *self, const float *weight, const float *bias);

  /* y = [relu] (w * x + b); overwrites the outputs.
   * @x: as many tensors as there are parts; with one before it, what that one reads */
  void (*forward) (RunetConvolution *self,
                   RunetPool *pool,
                   const RunetTensor *x,
                   const RunetConvolutionOutputs *outputs,
                   float *scratch);
  /* (nullable): the same, but only a patch: the pixels from row @top and column @left on, of one image
   * @n, that fill @patch. Those above the first row or left of the first column (the numbers wrap), and
   * those after the last, are zero. */
  void (*forward_patch) (const RunetConvolution *self,
                         const RunetTensor *x,
                         gsize n,
                         gsize top,
                         gsize left,
                         const RunetTensor *patch);

  /* @y: the output of forward (for the ReLU). @dy: gradient of y.
   * @dx: (nullable): as many tensors as there are parts, each overwritten, or added to when its
   * @add_dx; one without data is not wanted.
   * @weight: as in set_weights. @dweight (O × I × K × K) and @dbias (O): added to.
   * The result does not depend on scheduling: same bits for the same number of workers. */
  void (*backward) (RunetConvolution *self,
                    RunetPool *pool,
                    const RunetTensor *x,
                    const RunetTensor *y,
                    const RunetTensor *dy,
                    const RunetTensor *dx,
                    const gboolean *add_dx,
                    float *dweight,
                    float *dbias,
                    float *scratch);
} RunetConvolutionClass;

/* Every instance begins with this. */
struct _RunetConvolution {
  const RunetConvolutionClass *class;
  RunetConvolutionShape shape;
};

static inline guint
runet_convolution_shape_count_parts (const RunetConvolutionShape *shape) {
  return shape->split > 0 ? 2 : 1;
}

/* The channels of part @part. */
static inline gsize
runet_convolution_shape_get_channels (const RunetConvolutionShape *shape, guint part) {
  if (shape->split == 0)
    return shape->in_channels;
  return part == 0 ? shape->split : shape->in_channels - shape->split;
}

/* Plain loops: the definition of correct. */
extern const RunetConvolutionClass runet_convolution_reference;

/* The fastest of the blas engine for @shape: Winograd F(4 × 4, 3 × 3), rows of pixels for one input
 * channel, a product for 1 × 1; the pool's workers in parallel, each with OpenBLAS on one thread.
 * OpenBLAS multiplies for the gradients of the weights and for 1 × 1; the forward products of
 * Winograd's blocks are the engine's own, because their operands are packed already.
 * @exact: sums of products as they are, without Winograd's transforms */
const RunetConvolutionClass *
runet_convolution_blas_choose (const RunetConvolutionShape *shape, gboolean exact);

/* What a GPU does with @shape: only what a plan asks of a class, because the device itself runs it. */
const RunetConvolutionClass *
runet_convolution_device_choose (const RunetConvolutionShape *shape);

G_END_DECLS
