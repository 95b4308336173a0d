/* Winograd's transforms of one row or column, which the files of the two-dimensional ones share.
 *
 * F(4, 3) evaluates at 0, ±a, ±b and ∞ [Lavin & Gray, CVPR 2016]; all matrices follow from a and
 * b. With √½ and √2 the error is 2.3 times smaller on average, 7 times at worst, than with the
 * usual 1 and 2. Those are taken where a part of the input is doubled: at -1 the transform of any
 * doubled row vanishes, at 2 and -2 it differs by a factor only. */
#pragma once

#include "convolution-kernels-private.h"

typedef struct {
  float a, b;
} WinogradPair;

/* To be called with a constant, so that what follows from it is constant too. */
ALWAYS_INLINE WinogradPair
get_pair (RunetWinogradPoints points) {
  if (points == RUNET_WINOGRAD_INTEGERS)
    return (WinogradPair){1.0f, 2.0f};
  return (WinogradPair){0.70710678f, 1.41421356f};
}

/* Bᵀ d. Multiplications by a and b come before the sums, since processors add beside a fused
 * multiply-add. */
ALWAYS_INLINE void
transform_6 (WinogradPair p, const Vector d[6], Vector t[6]) {
  const float aa = p.a * p.a, bb = p.b * p.b;
  const Vector even_a = d[4] - bb * d[2], odd_a = p.a * d[3] - (p.a * bb) * d[1];
  const Vector even_b = d[4] - aa * d[2], odd_b = p.b * d[3] - (p.b * aa) * d[1];
  /* (ab)² is 1 or 4 but for rounding. */
  const float product = p.b > 1.5f ? 4.0f : 1.0f;
  t[0] = (product * d[0] + d[4]) - (aa + bb) * d[2];
  t[1] = even_a + odd_a;
  t[2] = even_a - odd_a;
  t[3] = even_b + odd_b;
  t[4] = even_b - odd_b;
  t[5] = (product * d[1] + d[5]) - (aa + bb) * d[3];
}

/* Bᵀ d at 0, 1, 2 and ∞ of the doubled row (x₀, x₁, x₁, x₂, x₂, x₃), without the factors 2 and 3 of
 * the middle ones; get_doubled_factor() has them. */
ALWAYS_INLINE void
transform_doubled_4 (const Vector x[4], Vector t[4]) {
  t[0] = 4.0f * x[0] + (x[2] - 5.0f * x[1]);
  t[1] = x[2] - 4.0f * x[1];
  t[2] = x[2] - x[1];
  t[3] = (4.0f * x[1] + x[3]) - 5.0f * x[2];
}

/* Element @i of Bᵀ d of a doubled row is this times element runet_winograd_doubled[i] above. */
ALWAYS_INLINE float
get_doubled_factor (gsize i) {
  static const float factors[6] = {1, 2, 0, 3, -1, 1};
  return factors[i];
}

/* Aᵀ m. */
ALWAYS_INLINE void
transform_6_to_4 (WinogradPair p, const Vector m[6], Vector y[4]) {
  const float aa = p.a * p.a, bb = p.b * p.b;
  const Vector even_a = m[1] + m[2], odd_a = m[1] - m[2];
  const Vector even_b = m[3] + m[4], odd_b = m[3] - m[4];
  y[0] = m[0] + (even_a + even_b);
  y[1] = p.a * odd_a + p.b * odd_b;
  y[2] = aa * even_a + bb * even_b;
  y[3] = m[5] + (aa * p.a) * odd_a + (bb * p.b) * odd_b;
}

/* The sums y₀ + y₁ and y₂ + y₃ of the same. */
ALWAYS_INLINE void
transform_6_to_2 (WinogradPair p, const Vector m[6], Vector y[2]) {
  const float aa = p.a * p.a, bb = p.b * p.b;
  const Vector even_a = m[1] + m[2], odd_a = m[1] - m[2];
  const Vector even_b = m[3] + m[4], odd_b = m[3] - m[4];
  const Vector a = even_a + p.a * odd_a, b = even_b + p.b * odd_b;
  y[0] = m[0] + (a + b);
  y[1] = m[5] + (aa * a + bb * b);
}

/* A y. */
ALWAYS_INLINE void
transform_4_to_6 (WinogradPair p, const Vector y[4], Vector m[6]) {
  const float aa = p.a * p.a, bb = p.b * p.b;
  const Vector even_a = y[0] + aa * y[2], odd_a = p.a * y[1] + (aa * p.a) * y[3];
  const Vector even_b = y[0] + bb * y[2], odd_b = p.b * y[1] + (bb * p.b) * y[3];
  m[0] = y[0];
  m[1] = even_a + odd_a;
  m[2] = even_a - odd_a;
  m[3] = even_b + odd_b;
  m[4] = even_b - odd_b;
  m[5] = y[3];
}

/* G g. */
ALWAYS_INLINE void
transform_3_to_6 (WinogradPair p, const Vector g[3], Vector u[6]) {
  const float aa = p.a * p.a, bb = p.b * p.b;
  const float at_a = 0.5f / (aa * (aa - bb)), at_b = 0.5f / (bb * (bb - aa));
  const Vector even_a = at_a * g[0] + (at_a * aa) * g[2], odd_a = (at_a * p.a) * g[1];
  const Vector even_b = at_b * g[0] + (at_b * bb) * g[2], odd_b = (at_b * p.b) * g[1];
  u[0] = g[0] * (p.b > 1.5f ? 0.25f : 1.0f);
  u[1] = even_a + odd_a;
  u[2] = even_a - odd_a;
  u[3] = even_b + odd_b;
  u[4] = even_b - odd_b;
  u[5] = g[2];
}

/* Gᵀ u. */
ALWAYS_INLINE void
transform_6_to_3 (WinogradPair p, const Vector u[6], Vector g[3]) {
  const float aa = p.a * p.a, bb = p.b * p.b;
  const float at_a = 0.5f / (aa * (aa - bb)), at_b = 0.5f / (bb * (bb - aa));
  const Vector even_a = u[1] + u[2], odd_a = u[1] - u[2];
  const Vector even_b = u[3] + u[4], odd_b = u[3] - u[4];
  g[0] = u[0] * (p.b > 1.5f ? 0.25f : 1.0f) + at_a * even_a + at_b * even_b;
  g[1] = (at_a * p.a) * odd_a + (at_b * p.b) * odd_b;
  g[2] = (at_a * aa) * even_a + (at_b * bb) * even_b + u[5];
}

/* The compilers would compute the addresses of all pixels and all frequencies beforehand and, having
 * too few registers, store and load them. What they cannot see through, they compute step by step. */
ALWAYS_INLINE const float *
step (const float *p, gsize floats) {
  p += floats;
  __asm__("" : "+r"(p));
  return p;
}

ALWAYS_INLINE float *
step_out (float *p, gsize floats) {
  p += floats;
  __asm__("" : "+r"(p));
  return p;
}
