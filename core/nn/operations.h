/* What a node computes, apart from convolution: forward and backward of each operation.
 *
 * Used by the plans and by the tests. Every function runs on the pool and gives the same bits for
 * any number of workers. Forward overwrites @y. Backward overwrites @dx, or adds to it when @add.
 * All tensors may be strided; inputs and outputs never overlap. */
#pragma once

#include "core/base/pool.h"
#include "graph.h"
#include "tensor.h"

G_BEGIN_DECLS

/* Largest of each 2 × 2; the gradient goes to the first of equals in reading order. */
void
runet_max_pool_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y);
void
runet_max_pool_backward (RunetPool *pool,
                         const RunetTensor *x,
                         const RunetTensor *y,
                         const RunetTensor *dy,
                         const RunetTensor *dx,
                         gboolean add);

/* Each pixel four times. */
void
runet_upsample_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y);
void
runet_upsample_backward (RunetPool *pool,
                         const RunetTensor *dy,
                         const RunetTensor *dx,
                         gboolean add);

/* @y = @x, or @y += @x when @add: the part of a concatenation that could not be written in place,
 * and its gradient. */
void
runet_copy (RunetPool *pool, const RunetTensor *x, const RunetTensor *y, gboolean add);

/* Over the channels of each pixel. */
void
runet_softmax_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y);
void
runet_softmax_backward (RunetPool *pool,
                        const RunetTensor *y,
                        const RunetTensor *dy,
                        const RunetTensor *dx,
                        gboolean add);

/* Sum of all channels but the first. */
void
runet_foreground_forward (RunetPool *pool, const RunetTensor *x, const RunetTensor *y);
void
runet_foreground_backward (RunetPool *pool,
                           const RunetTensor *dy,
                           const RunetTensor *dx,
                           gboolean add);

/* 1 / (1 + exp (-slope (x - shift))), Eq. (1) of [RU]. */
void
runet_sigmoid_forward (RunetPool *pool,
                       const RunetTensor *x,
                       const RunetTensor *y,
                       float slope,
                       float shift);
void
runet_sigmoid_backward (RunetPool *pool,
                        const RunetTensor *y,
                        const RunetTensor *dy,
                        const RunetTensor *dx,
                        float slope,
                        gboolean add);

/* y = a × b; the gradient of one factor is dy × the other. */
void
runet_multiply_forward (RunetPool *pool,
                        const RunetTensor *a,
                        const RunetTensor *b,
                        const RunetTensor *y);
void
runet_multiply_backward (RunetPool *pool,
                         const RunetTensor *other,
                         const RunetTensor *dy,
                         const RunetTensor *dx,
                         gboolean add);

/* Mean over size × size of a one-channel map, zero padding, (size-1)/2 before and size/2 after.
 * @scratch: runet_box_scratch_floats() floats, aligned to 64 bytes. */
gsize
runet_box_scratch_floats (gsize n, gsize h, gsize w);
void
runet_box_forward (RunetPool *pool,
                   const RunetTensor *x,
                   const RunetTensor *y,
                   guint size,
                   float *scratch);
void
runet_box_backward (RunetPool *pool,
                    const RunetTensor *dy,
                    const RunetTensor *dx,
                    guint size,
                    gboolean add,
                    float *scratch);

/* box, sigmoid and product with the image in one: m = 1 / (1 + exp (-slope (box (x) - shift))),
 * y = image × m. All of one channel, @m of stride 1. @scratch: as for the box. */
void
runet_region_forward (RunetPool *pool,
                      const RunetTensor *x,
                      const RunetTensor *image,
                      const RunetTensor *m,
                      const RunetTensor *y,
                      guint size,
                      float slope,
                      float shift,
                      float *scratch);

/* Σ softmax (logits)_i x_i over RUNET_NODE_INPUTS one-channel maps.
 * Backward: entries of @dx whose data is %NULL are left out; @dlogits is added to;
 * @scratch: runet_mix_scratch_floats() floats, aligned to 64 bytes. */
gsize
runet_mix_scratch_floats (gsize n, gsize h);
void
runet_mix_forward (RunetPool *pool,
                   const RunetTensor *x[RUNET_NODE_INPUTS],
                   const RunetTensor *y,
                   const float logits[RUNET_NODE_INPUTS]);
void
runet_mix_backward (RunetPool *pool,
                    const RunetTensor *x[RUNET_NODE_INPUTS],
                    const RunetTensor *dy,
                    const RunetTensor *dx[RUNET_NODE_INPUTS],
                    const gboolean add[RUNET_NODE_INPUTS],
                    const float logits[RUNET_NODE_INPUTS],
                    float dlogits[RUNET_NODE_INPUTS],
                    float *scratch);

/* Calls @func for rows [first, last), several at once: enough in a task to be worth a worker. */
typedef void (*RunetRowsFunc) (gsize first, gsize last, gconstpointer arguments);
void
runet_for_rows (RunetPool *pool,
                gsize rows,
                gsize floats_in_row,
                RunetRowsFunc func,
                gconstpointer arguments);

G_END_DECLS
