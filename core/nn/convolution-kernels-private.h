/* Names of the kernels of the instruction set that a file is compiled for. */
#pragma once

#include "convolution-kernels.h"
#include "convolution-vector.h"

/* RUNET_ISA: avx512, avx2 or portable (meson.build). */
#define KERNEL_JOIN_(name, isa) runet_##name##_##isa
#define KERNEL_JOIN(name, isa) KERNEL_JOIN_ (name, isa)
#define KERNEL(name) KERNEL_JOIN (name, RUNET_ISA)

void KERNEL (transform_input) (const RunetTensor *x,
                               const RunetTensor *gate,
                               gsize first,
                               gsize count,
                               const RunetFrequencies *v);
void KERNEL (transform_output) (const RunetFrequencies *m,
                                gsize first,
                                gsize count,
                                const RunetOutput *output,
                                const RunetTensor *y);
void KERNEL (transform_gradient) (const RunetTensor *dy,
                                  const RunetTensor *gate,
                                  gsize first,
                                  gsize count,
                                  const RunetFrequencies *m,
                                  float *sums);
void KERNEL (transform_weights) (const float *weight,
                                 const RunetKernelMatrix *matrix,
                                 gsize first,
                                 gsize end,
                                 gsize frequency_stride,
                                 const RunetPanels *layout,
                                 float *out);
void KERNEL (transform_weight_gradient) (const RunetFrequencies *du,
                                         gsize parts,
                                         gsize part_stride,
                                         const RunetKernelMatrix *matrix,
                                         gsize first,
                                         gsize end,
                                         float *dweight);
void KERNEL (multiply) (gsize rows,
                        gsize depth,
                        gsize columns,
                        const float *a,
                        gsize a_row,
                        gsize a_depth,
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
double KERNEL (multiply_add) (gsize rounds, float *sum);

extern const RunetKernels KERNEL (kernels);
