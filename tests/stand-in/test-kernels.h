/* Kernels that only test the stand-in itself. */
#pragma once

#include <cuda_runtime_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/* x[k] = value */
void
test_fill (cudaStream_t stream, float *x, int count, float value);
/* x[k] = factor · x[k] + k */
void
test_change (cudaStream_t stream, float *x, int count, float factor);
/* y[b] = the sum of the b-th 256 of @x, by threads that wait for each other. */
void
test_sum_blocks (cudaStream_t stream, const float *x, int blocks, float *y);
/* float16 and bfloat16: y[k] = x[k] as those keep it, one after the other. */
void
test_round (cudaStream_t stream,
            const float *x,
            int count,
            float *halves,
            float *bfloats);
/* What must not be: a barrier that half of the threads reach, one in threads that do not run together, an element
 * that is not there. */
void
test_wait_alone (cudaStream_t stream, float *x);
void
test_wait_apart (cudaStream_t stream, float *x);
void
test_write_beyond (cudaStream_t stream, float *x, int count);

#ifdef __cplusplus
}
#endif
