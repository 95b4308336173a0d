/* Between float32 and float16 of IEEE 754: 1 bit of sign, 5 of exponent (bias 15), 10 of fraction. */
#include "safetensors.h"

#include <string.h>

#define FLOAT_INFINITY 0x7f800000u
#define HALF_INFINITY 0x7c00u

/* Drops the @shift lowest bits of @value, to nearest, ties to even. */
static guint32
round_off (guint32 value, guint shift) {
  const guint32 kept = value >> shift;
  const guint32 lost = value & ((1u << shift) - 1);
  const guint32 half = 1u << (shift - 1);
  return kept + (lost > half || (lost == half && (kept & 1)));
}

guint16
runet_float_to_half (float value) {
  guint32 bits;
  memcpy (&bits, &value, sizeof bits);
  const guint16 sign = (guint16)(bits >> 16 & 0x8000);
  const guint32 size = bits & 0x7fffffff;
  const guint32 exponent = size >> 23;

  if (size > FLOAT_INFINITY)
    return sign | HALF_INFINITY | 0x0200;
  /* 65520, half-way between the largest half and the next power of two. */
  if (size >= 0x477ff000)
    return sign | HALF_INFINITY;
  /* Below 2^-25 all is rounded to zero. */
  if (exponent < 102)
    return sign;
  /* Below 2^-14 a half counts units of 2^-24. */
  if (exponent < 113)
    return (guint16)(sign | round_off ((size & 0x7fffff) | 0x800000, 126 - exponent));
  /* A carry out of the fraction is the next exponent, as it should be. */
  return (guint16)(sign | round_off (size - (112u << 23), 13));
}

float
runet_half_to_float (guint16 half) {
  const guint32 sign = (guint32)(half & 0x8000) << 16;
  const guint32 size = half & 0x7fff;
  guint32 bits;
  if (size < 0x0400) {
    const float value = (float)size * 0x1p-24f;
    memcpy (&bits, &value, sizeof bits);
  } else if (size < HALF_INFINITY)
    bits = (size << 13) + (112u << 23);
  else
    bits = FLOAT_INFINITY | (size & 0x03ff) << 13;
  bits |= sign;
  float value;
  memcpy (&value, &bits, sizeof value);
  return value;
}
