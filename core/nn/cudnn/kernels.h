/* What cuDNN has no operation for: the launchers of our own kernels. C and C++, without GLib.
 *
 * Everything is put on a stream and returns at once; an error is found by cudaGetLastError(). Pointers are the device's unless
 * said otherwise. Sums are made in a fixed order, so that the same input gives the same bits: no atomic
 * additions of floating point. A kernel may use static __shared__ arrays and __syncthreads(), but no
 * warp intrinsics, no dynamic shared memory and no textures: the tests run it on the processor.
 *
 * Dimension legend as in core/nn: N batch, H rows, W columns, C channels, NHWC. */
#pragma once

#include <cuda_runtime_api.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { RUNET_ELEMENT_F32, RUNET_ELEMENT_F16, RUNET_ELEMENT_BF16 } RunetElement;

static inline size_t
runet_element_size (RunetElement element) {
  return element == RUNET_ELEMENT_F32 ? 4 : 2;
}

/* Element (n, y, x, c) is at ((n · h + y) · w + x) · stride + c. cuDNN's tensor cores want maps between convolutions in
 * 16 bytes, and channels that are not there to be zero, as their weights are: the padding of a map that begins on
 * 16 bytes are the channels from c to the next multiple of 16 bytes, at most to the stride. Whoever overwrites such a map writes
 * zeros there; a map that begins elsewhere is a part of another and has none. A map has fewer than 2³² pixels.
 * The maps of one call have the same element type where nothing else is said. */
typedef struct {
  void *data;
  size_t n, h, w, c, stride;
  RunetElement element;
} RunetMap;

/* Values that change from run to run while the launches, captured once, do not: kept in device memory. */
typedef struct {
  float slope, shift;
  int32_t size; /* of a box */
} RunetNodeValues;

/* ---------------------------------------------------------------- convolution with one input channel, 3 × 3 */

/* y = [relu] (w ∗ x + b). @x: one channel, F32; @weight: O × 1 × 3 × 3 F32; @bias: O, F32. */
void
runet_cuda_single_forward (cudaStream_t stream,
                           const RunetMap *x,
                           const float *weight,
                           const float *bias,
                           int relu,
                           const RunetMap *y);
/* @dy: already behind the ReLU. @dx: (nullable), F32, overwritten or added to. @dweight, @dbias (F32): added to.
 * @scratch: runet_cuda_single_scratch() bytes. */
size_t
runet_cuda_single_scratch (const RunetMap *dy);
void
runet_cuda_single_backward (cudaStream_t stream,
                            const RunetMap *x,
                            const float *weight,
                            const RunetMap *dy,
                            const RunetMap *dx,
                            int add_dx,
                            float *dweight,
                            float *dbias,
                            void *scratch);

/* ---------------------------------------------------------------- head: 1 × 1 convolution and softmax */

/* p = softmax (w x + b), and where @foreground (nullable, one channel, F32) is wanted the sigmoid of Σ p_c, c ≥ 1, by
 * @values. @x: any element; @weight: C × I F32; @p: F32, C ≤ 16. */
void
runet_cuda_head_forward (cudaStream_t stream,
                         const RunetMap *x,
                         const float *weight,
                         const float *bias,
                         const RunetMap *p,
                         const RunetMap *foreground,
                         const RunetNodeValues *values);
/* From dLoss/dp (F32) to dx (of x's element type, overwritten or added to), @dweight and @dbias (added to). */
size_t
runet_cuda_head_scratch (const RunetMap *x, size_t classes);
void
runet_cuda_head_backward (cudaStream_t stream,
                          const RunetMap *x,
                          const float *weight,
                          const RunetMap *p,
                          const RunetMap *dp,
                          const RunetMap *dx,
                          int add_dx,
                          float *dweight,
                          float *dbias,
                          void *scratch);

/* ---------------------------------------------------------------- around cuDNN's convolutions */

/* dy becomes dy where y > 0, else 0, in place (when @relu; else @y may be %NULL), and @dbias ((nullable), F32, C values) is
 * added its sum to. */
size_t
runet_cuda_relu_bias_scratch (const RunetMap *dy);
void
runet_cuda_relu_bias_backward (cudaStream_t stream,
                               const RunetMap *y,
                               const RunetMap *dy,
                               int relu,
                               float *dbias,
                               void *scratch);

/* How one convolution's weights lie for cuDNN. Of the input channels first … first + channels - 1:
 * plain: O × K × K × I', I' = channels padded to @stride elements, O padded to @rows: the filter of a forward convolution;
 * doubled (3 × 3 of an up-sampled map): the 4 × 4 filter, stride 2, padding 1, of the transposed convolution that does the same
 * on the small map: I' × 4 × 4 × O', I' = channels padded to @rows, O padded to @stride. In one dimension
 * (k0 k1 k2) becomes (k2, k1+k2, k0+k1, k0). */
typedef struct {
  const float *weight; /* O × I × K × K, F32 */
  float *gradient; /* the same; (nullable) */
  void *packed, *packed_gradient; /* the latter nullable */
  int32_t out_channels, in_channels, first, channels, kernel, doubled;
  int32_t rows, stride;
} RunetPacking;
/* @packings: @count of them, on the device; @largest: of all, elements packed. One launch for all layers. */
void
runet_cuda_pack_weights (cudaStream_t stream,
                         const RunetPacking *packings,
                         size_t count,
                         size_t largest,
                         RunetElement element);
/* gradient += packed gradient, brought back. */
void
runet_cuda_unpack_gradients (cudaStream_t stream,
                             const RunetPacking *packings,
                             size_t count,
                             size_t largest,
                             RunetElement element);

/* ---------------------------------------------------------------- the region of interest */

/* m = 1 / (1 + exp (-slope (box (s) - shift))), y = image × m: Eq. (1) of [RU]. Box: mean over size × size, zero padding, (size-1)/2 before
 * and size/2 after. All of one channel, F32. Two launches: rows, then columns with the rest.
 * @scratch: N × H × W floats. */
void
runet_cuda_region_forward (cudaStream_t stream,
                           const RunetMap *s,
                           const RunetMap *image,
                           const RunetNodeValues *box,
                           const RunetNodeValues *sigmoid,
                           const RunetMap *m,
                           const RunetMap *y,
                           float *scratch);
void
runet_cuda_box_forward (cudaStream_t stream,
                        const RunetMap *x,
                        const RunetNodeValues *box,
                        const RunetMap *y,
                        float *scratch);
void
runet_cuda_box_backward (cudaStream_t stream,
                         const RunetMap *dy,
                         const RunetNodeValues *box,
                         const RunetMap *dx,
                         int add,
                         float *scratch);

/* ---------------------------------------------------------------- the other operations of the graph, as in core/nn/operations.h
 *
 * Max-pool and up-sampling have maps of one element type; each map of the others may have its own. */

void
runet_cuda_max_pool_forward (cudaStream_t stream, const RunetMap *x, const RunetMap *y);
void
runet_cuda_max_pool_backward (cudaStream_t stream,
                              const RunetMap *x,
                              const RunetMap *y,
                              const RunetMap *dy,
                              const RunetMap *dx,
                              int add);
void
runet_cuda_upsample_forward (cudaStream_t stream, const RunetMap *x, const RunetMap *y);
void
runet_cuda_upsample_backward (cudaStream_t stream,
                              const RunetMap *dy,
                              const RunetMap *dx,
                              int add);
/* Also from one element type to another; the channels of @y beyond @x's up to @y's c are left alone, so that a concatenation is
 * made of copies: the first to @y, which writes its padding, the others to maps that begin within it. */
void
runet_cuda_copy (cudaStream_t stream, const RunetMap *x, const RunetMap *y, int add);
void
runet_cuda_softmax_forward (cudaStream_t stream, const RunetMap *x, const RunetMap *y);
void
runet_cuda_softmax_backward (cudaStream_t stream,
                             const RunetMap *y,
                             const RunetMap *dy,
                             const RunetMap *dx,
                             int add);
void
runet_cuda_foreground_forward (cudaStream_t stream,
                               const RunetMap *x,
                               const RunetMap *y);
void
runet_cuda_foreground_backward (cudaStream_t stream,
                                const RunetMap *dy,
                                const RunetMap *dx,
                                int add);
void
runet_cuda_sigmoid_forward (cudaStream_t stream,
                            const RunetMap *x,
                            const RunetNodeValues *values,
                            const RunetMap *y);
void
runet_cuda_sigmoid_backward (cudaStream_t stream,
                             const RunetMap *y,
                             const RunetMap *dy,
                             const RunetNodeValues *values,
                             const RunetMap *dx,
                             int add);
void
runet_cuda_multiply_forward (cudaStream_t stream,
                             const RunetMap *a,
                             const RunetMap *b,
                             const RunetMap *y);
void
runet_cuda_multiply_backward (cudaStream_t stream,
                              const RunetMap *other,
                              const RunetMap *dy,
                              const RunetMap *dx,
                              int add);
/* @logits: 3, F32. @x: three maps (host array of maps). */
void
runet_cuda_mix_forward (cudaStream_t stream,
                        const RunetMap *const x[3],
                        const float *logits,
                        const RunetMap *y);
/* @dx: elements that are %NULL are not wanted; @dlogits: 3, added to. */
size_t
runet_cuda_mix_scratch (const RunetMap *y);
void
runet_cuda_mix_backward (cudaStream_t stream,
                         const RunetMap *const x[3],
                         const RunetMap *dy,
                         const RunetMap *const dx[3],
                         const int add[3],
                         const float *logits,
                         float *dlogits,
                         void *scratch);

/* ---------------------------------------------------------------- training */

/* As RunetDevicePlace of core/nn/device.h. */
typedef struct {
  uint32_t index;
  int32_t changed;
  float matrix[6];
  float gain, gamma;
} RunetBatchPlace;

/* Fills a batch from images that lie on the device one after the other, S × S bytes each. @weights: (nullable), as is
 * @batch_weights. @x: N × S × S × 1, F32. The arithmetic is that of core/training/augmentation.c:
 * places by the matrix in double, whose products are exact, so that labels are the same; grey in float. */
void
runet_cuda_fill_batch (cudaStream_t stream,
                       const uint8_t *images,
                       const uint8_t *labels,
                       const uint8_t *weights,
                       const RunetBatchPlace *places,
                       const RunetMap *x,
                       uint8_t *batch_labels,
                       uint8_t *batch_weights);

/* Of each class c: Σ p g, Σ p², Σ g, in that order, in double: classes × 3 of them, class 0 unused. */
size_t
runet_cuda_dice_scratch (const RunetMap *p);
void
runet_cuda_dice_sums (cudaStream_t stream,
                      const RunetMap *p,
                      const uint8_t *labels,
                      const uint8_t *weights,
                      double *sums,
                      void *scratch);
/* @dp: overwritten with weight · *scale · dLoss/dp; @loss: overwritten with the loss, not weighted.
 * @scale: (nullable): 1. The formulas are in core/training/loss.h. */
void
runet_cuda_dice_gradient (cudaStream_t stream,
                          const RunetMap *p,
                          const uint8_t *labels,
                          const uint8_t *weights,
                          const double *sums,
                          float weight,
                          const float *scale,
                          const RunetMap *dp,
                          double *loss);

/* The loss scale of float16: halved after a step whose gradients were not finite, doubled after
 * @growth_interval steps that all were, between 2⁻²⁴ and 2²⁴. On the device, changed by runet_cuda_adam_finish(). */
typedef struct {
  float scale;
  int32_t growth_interval; /* 0: the scale stays */
  int32_t good_steps;
  int32_t overflow; /* set when a gradient of this step is not finite */
  uint64_t step; /* of Adam: steps made */
  float learning_rate;
} RunetStepState;

/* Sets @state->overflow where one of @count gradients is not finite (else clears it). */
void
runet_cuda_check_gradients (cudaStream_t stream,
                            const float *gradients,
                            size_t count,
                            RunetStepState *state);
/* One step of all parameters in one launch, with gradient / scale; nothing when @state->overflow. As core/training/adam.h. */
void
runet_cuda_adam (cudaStream_t stream,
                 float *parameters,
                 float *moment1,
                 float *moment2,
                 const float *gradients,
                 size_t count,
                 const RunetStepState *state);
/* Counts the step and moves the scale. */
void
runet_cuda_adam_finish (cudaStream_t stream, RunetStepState *state);

#ifdef __cplusplus
}
#endif
