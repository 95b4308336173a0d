/* The values of maps, read and written as float, one or a vector at a time. For kernels. */
#pragma once

#include "kernels.h"
#include "launch.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <math.h>
#include <string.h>

static __device__ inline float
to_float (float value) {
  return value;
}

static __device__ inline float
to_float (__half value) {
  return __half2float (value);
}

static __device__ inline float
to_float (__nv_bfloat16 value) {
  return __bfloat162float (value);
}

static __device__ inline void
set_value (float *to, float value) {
  *to = value;
}

static __device__ inline void
set_value (__half *to, float value) {
  *to = __float2half_rn (value);
}

static __device__ inline void
set_value (__nv_bfloat16 *to, float value) {
  *to = __float2bfloat16_rn (value);
}

/* What is read from memory in one go: 4, 8 or 16 bytes. */
template <unsigned bytes> struct __attribute__ ((may_alias, aligned (bytes))) Chunk {
  unsigned words[bytes / 4];
};

/* @from: on a multiple of the bytes read. */
template <typename T, unsigned L>
static __device__ inline void
load (const T *from, float (&to)[L]) {
  if constexpr (L == 1)
    to[0] = to_float (*from);
  else {
    T values[L];
    const auto chunk = *reinterpret_cast<const Chunk<L * sizeof (T)> *> (from);
    memcpy (static_cast<void *> (values), &chunk, sizeof chunk);
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      to[l] = to_float (values[l]);
  }
}

template <typename T, unsigned L>
static __device__ inline void
store (T *to, const float (&from)[L]) {
  if constexpr (L == 1)
    set_value (to, from[0]);
  else {
    T values[L];
    Chunk<L * sizeof (T)> chunk;
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      set_value (&values[l], from[l]);
    memcpy (&chunk, static_cast<const void *> (values), sizeof chunk);
    *reinterpret_cast<Chunk<L * sizeof (T)> *> (to) = chunk;
  }
}

/* A map as a kernel sees it, whose pixels are counted over all images and rows. */
template <typename T> struct View {
  T *data;
  unsigned h, w, c, stride;
  unsigned pixels;
  unsigned written; /* channels, those of the padding with them */
  int add;

  __device__ T *at (unsigned pixel, unsigned channel) const {
    return data + (size_t)pixel * stride + channel;
  }

  /* Zeros where there are no such channels. */
  template <unsigned L>
  __device__ void get (unsigned pixel, unsigned channel, float (&values)[L]) const {
    if (channel < c)
      load (at (pixel, channel), values);
    else
#pragma unroll
      for (unsigned l = 0; l < L; l++)
        values[l] = 0;
  }

  /* Overwrites, and the padding with zeros, or adds. */
  template <unsigned L>
  __device__ void put (unsigned pixel, unsigned channel, float (&values)[L]) const {
    float before[L];
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      before[l] = 0;
    if (add)
      load (at (pixel, channel), before);
#pragma unroll
    for (unsigned l = 0; l < L; l++)
      values[l] = channel + l < c ? before[l] + values[l] : before[l];
    store (at (pixel, channel), values);
  }

  /* The only channel of a map. */
  __device__ void put_only (unsigned pixel, float value) const {
    float values[1] = {value};
    put (pixel, 0, values);
    for (unsigned channel = 1; channel < written && !add; channel++)
      set_value (at (pixel, channel), 0);
  }
};

/* Of any element type, told while running: for what is rare or small. */
struct AnyView {
  void *data;
  RunetElement element;
  unsigned c, stride;
  unsigned pixels;
  unsigned written;
  int add;

  __device__ float get (unsigned pixel, unsigned channel) const {
    const size_t at = (size_t)pixel * stride + channel;
    if (element == RUNET_ELEMENT_F32)
      return static_cast<const float *> (data)[at];
    if (element == RUNET_ELEMENT_F16)
      return to_float (static_cast<const __half *> (data)[at]);
    return to_float (static_cast<const __nv_bfloat16 *> (data)[at]);
  }

  __device__ void put (unsigned pixel, unsigned channel, float value) const {
    const size_t at = (size_t)pixel * stride + channel;
    if (add)
      value += get (pixel, channel);
    if (element == RUNET_ELEMENT_F32)
      static_cast<float *> (data)[at] = value;
    else if (element == RUNET_ELEMENT_F16)
      set_value (static_cast<__half *> (data) + at, value);
    else
      set_value (static_cast<__nv_bfloat16 *> (data) + at, value);
  }

  /* Behind the last channel of an overwritten map. */
  __device__ void clear_padding (unsigned pixel) const {
    for (unsigned channel = c; channel < written && !add; channel++)
      put (pixel, channel, 0);
  }
};

/* Neither branch can overflow: the exponent is never positive. */
static __device__ inline float
evaluate_sigmoid (float z) {
  const float e = expf (-fabsf (z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}
