/* Names of the kernels of the instruction set that a file is compiled for. */
#pragma once

#include "convolution-kernels.h"
#include "convolution-vector.h"

/* RUNET_ISA: avx512, avx2 or portable (meson.build). */
#define KERNEL_JOIN_(name, isa) runet_##name##_##isa
#define KERNEL_JOIN(name, isa) KERNEL_JOIN_ (name, isa)
#define KERNEL(name) KERNEL_JOIN (name, RUNET_ISA)

void KERNEL (transform_input) (const RunetTensor *x,
                               gsize margin,
                               const RunetTensor *gate,
                               RunetWinogradPoints points,
                               gsize first,
                               gsize count,
                               const RunetFrequencies *v);
void KERNEL (transform_doubled) (const RunetTensor *x,
                                 gsize first,
                                 gsize count,
                                 const RunetFrequencies *v);
void KERNEL (transform_output) (const RunetFrequencies *m,
                                RunetWinogradPoints points,
                                gsize first,
                                gsize count,
                                const RunetOutput *output,
                                const RunetTensor *y);
void KERNEL (transform_gradient) (const RunetTensor *dy,
                                  const RunetTensor *gate,
                                  RunetWinogradPoints points,
                                  gsize first,
                                  gsize count,
                                  const RunetFrequencies *m,
                                  float *sums);
void KERNEL (transform_weights) (const float *weight,
                                 const RunetKernelMatrix *matrix,
                                 RunetWinogradPoints points,
                                 gsize first,
                                 gsize end,
                                 gsize frequency_stride,
                                 const RunetPanels *layout,
                                 float *out);
void KERNEL (transform_weight_gradient) (const RunetFrequencies *du,
                                         gsize parts,
                                         gsize part_stride,
                                         const RunetKernelMatrix *matrix,
                                         RunetWinogradPoints points,
                                         gsize first,
                                         gsize end,
                                         float *dweight);
void KERNEL (multiply) (gsize rows,
                        gsize columns,
                        const RunetFactor *factors,
                        guint count,
                        const RunetPanels *b,
                        float *c,
                        gsize c_row,
                        gboolean add);

void KERNEL (filter_row) (const float *const rows[3],
                          gsize pixels,
                          const float *weight,
                          gsize weight_stride,
                          const RunetOutput *output,
                          gsize channels,
                          float *y,
                          gsize stride);
void KERNEL (filter_row_gradient) (const float *const rows[3],
                                   gsize pixels,
                                   const float *dy,
                                   gsize stride,
                                   gsize channels,
                                   float *sums,
                                   gsize sums_stride);
void KERNEL (copy_pixels) (const float *from,
                           gsize from_stride,
                           const float *gate,
                           gsize gate_stride,
                           gsize pixels,
                           gsize channels,
                           float *to,
                           gsize to_stride);
void KERNEL (classify) (const float *x,
                        gsize x_stride,
                        gsize pixels,
                        gsize channels,
                        const float *weight,
                        const float *bias,
                        gsize classes,
                        float *y,
                        gsize y_stride,
                        float *foreground);
void KERNEL (sigmoid) (float *x, gsize count, float slope, float shift);
double KERNEL (multiply_add) (gsize rounds, float *sum);

extern const RunetKernels KERNEL (kernels);
