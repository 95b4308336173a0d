/* The functions that CUDA has in device code and the C library has not, as far as our kernels may want them. */
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#define STAND_IN_MIN_MAX(type)              \
  static inline type min (type a, type b) { \
    return b < a ? b : a;                   \
  }                                         \
  static inline type max (type a, type b) { \
    return a < b ? b : a;                   \
  }
STAND_IN_MIN_MAX (int)
STAND_IN_MIN_MAX (unsigned)
STAND_IN_MIN_MAX (long)
STAND_IN_MIN_MAX (unsigned long)
STAND_IN_MIN_MAX (long long)
STAND_IN_MIN_MAX (unsigned long long)
#undef STAND_IN_MIN_MAX

static inline float
min (float a, float b) {
  return fminf (a, b);
}

static inline float
max (float a, float b) {
  return fmaxf (a, b);
}

static inline double
min (double a, double b) {
  return fmin (a, b);
}

static inline double
max (double a, double b) {
  return fmax (a, b);
}

template <typename T>
static inline T
__ldg (const T *place) {
  return *place;
}

/* The C library has names like these for itself. */
#define __expf(x) expf (x)
#define __logf(x) logf (x)
#define __powf(x, y) powf (x, y)

static inline float
__fdividef (float x, float y) {
  return x / y;
}

static inline float
__frcp_rn (float x) {
  return 1 / x;
}

static inline float
rsqrtf (float x) {
  return 1 / sqrtf (x);
}

static inline float
__saturatef (float x) {
  return fminf (fmaxf (x, 0), 1);
}

/* What rounds by itself: the compiler must not make one operation of a product and a sum. */
static inline float
__fmul_rn (float x, float y) {
  volatile float product = x * y;
  return product;
}

static inline float
__fadd_rn (float x, float y) {
  volatile float sum = x + y;
  return sum;
}

static inline float
__fmaf_rn (float x, float y, float z) {
  return fmaf (x, y, z);
}

template <typename To, typename From>
static inline To
stand_in_bits (From value) {
  To result;
  static_assert (sizeof result == sizeof value, "the same bits");
  memcpy (&result, &value, sizeof result);
  return result;
}

static inline int
__float_as_int (float x) {
  return stand_in_bits<int> (x);
}

static inline unsigned
__float_as_uint (float x) {
  return stand_in_bits<unsigned> (x);
}

static inline float
__int_as_float (int x) {
  return stand_in_bits<float> (x);
}

static inline float
__uint_as_float (unsigned x) {
  return stand_in_bits<float> (x);
}

/* Of whole numbers: the threads run one at a time, so that nothing has to be atomic. */
template <typename T>
static inline T
atomicAdd (T *place, T value) {
  T old = *place;
  static_assert (T (0.5f) == T (0), "floating point has no fixed order of sums");
  *place = old + value;
  return old;
}

template <typename T>
static inline T
atomicOr (T *place, T value) {
  T old = *place;
  *place = old | value;
  return old;
}

template <typename T>
static inline T
atomicMax (T *place, T value) {
  T old = *place;
  *place = old < value ? value : old;
  return old;
}

template <typename T>
static inline T
atomicExch (T *place, T value) {
  T old = *place;
  *place = value;
  return old;
}
