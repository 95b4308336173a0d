/* The vector type of the instruction set that a file is compiled for.
 *
 * The kernels are written once with the compilers' vector extensions and compiled once for each
 * instruction set (meson.build), so that nothing names an instruction but vector_stream(). */
#pragma once

#include <string.h>
#ifdef __SSE__
#include <immintrin.h>
#endif

/* RUNET_WIDE: the vectors of AVX-512 in whatever instructions there are, so that what is written for
 * them can be tested anywhere. */
#if defined(__AVX512F__) || defined(RUNET_WIDE)
#define VECTOR_FLOATS 16
#define TILE_ROWS 8 /* 8 × 2 sums, of 32 registers */
#elif defined(__AVX2__)
#define VECTOR_FLOATS 8
#define TILE_ROWS 6 /* 6 × 2 sums, of 16 registers */
#else
#define VECTOR_FLOATS 4
#define TILE_ROWS 6
#endif

/* Columns that the product keeps in registers at a time. */
#define PANEL (2 * VECTOR_FLOATS)

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

typedef float Vector __attribute__ ((vector_size (VECTOR_FLOATS * 4)));
typedef int VectorMask __attribute__ ((vector_size (VECTOR_FLOATS * 4)));
typedef Vector VectorInMemory __attribute__ ((aligned (4), may_alias));

ALWAYS_INLINE Vector
vector_load (const float *p) {
  return *(const VectorInMemory *)p;
}

ALWAYS_INLINE void
vector_store (float *p, Vector v) {
  *(VectorInMemory *)p = v;
}

/* Stores past the caches what nobody reads soon, and does not read first what it overwrites: for whole
 * cache lines. @p is aligned to a vector. */
ALWAYS_INLINE void
vector_stream (float *p, Vector v) {
#if VECTOR_FLOATS == 16 && defined(__AVX512F__)
  _mm512_stream_ps (p, (__m512)v);
#elif VECTOR_FLOATS == 8 && defined(__AVX__)
  _mm256_stream_ps (p, (__m256)v);
#elif VECTOR_FLOATS == 4 && defined(__SSE__)
  _mm_stream_ps (p, (__m128)v);
#else
  vector_store (p, v);
#endif
}

/* Before others read what was streamed. */
ALWAYS_INLINE void
vector_stream_end (void) {
#ifdef __SSE__
  _mm_sfence ();
#endif
}

/* @v where @gate > 0, else 0: the gradient of a ReLU whose output was @gate. */
ALWAYS_INLINE Vector
vector_gate (Vector v, Vector gate) {
  return (Vector)((VectorMask)v & (gate > (Vector){0}));
}

ALWAYS_INLINE Vector
vector_relu (Vector v) {
  return (Vector)((VectorMask)v & (v > (Vector){0}));
}

ALWAYS_INLINE Vector
vector_max (Vector a, Vector b) {
  const VectorMask greater = a > b;
  return (Vector)(((VectorMask)a & greater) | ((VectorMask)b & ~greater));
}

/* exp (x) for x ≤ 0, to about two units in the last place; below -87 as at -87. NaN stays. */
ALWAYS_INLINE Vector
vector_exp (Vector x) {
  /* x = n ln 2 + r, |r| ≤ ln 2 / 2; the addition rounds n to a whole number. */
  const Vector magic = (Vector){0} + 12582912.0f; /* 1.5 · 2²³ */
  const Vector least = (Vector){0} - 87.0f;
  const VectorMask low = x < least;
  x = (Vector)(((VectorMask)least & low) | ((VectorMask)x & ~low));
  const Vector shifted = x * 1.44269504f + magic, n = shifted - magic;
  const Vector r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  /* The series, whose first term left out is below 1e-8. */
  Vector p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const VectorMask exponent = ((VectorMask)shifted - (VectorMask)magic + 127) << 23;
  return p * (Vector)exponent;
}
