/* Multiply-adds in registers alone, to measure the peak of the machine; compiled once an
 * instruction set. */
#include "convolution-kernels-private.h"

/* Two units of four cycles each are busy with eight chains; 16 registers hold twelve and the factors. */
#define CHAINS 12

/* s ← s · a + b goes to b / (1 - a) = 1, so that no value is ever too small or too large to be fast.
 * No chain starts there: compilers see that it would stand still, and leave it out. */
double
KERNEL (multiply_add) (gsize rounds, float *sum) {
  Vector chain[CHAINS];
  const Vector a = (Vector){0} + 0.75f, b = (Vector){0} + 0.25f;
#pragma GCC unroll 16
  for (int i = 0; i < CHAINS; i++)
    chain[i] = (Vector){0} + (float)(i + 2);
  for (gsize k = 0; k < rounds; k++) {
#pragma GCC unroll 16
    for (int i = 0; i < CHAINS; i++)
      chain[i] = chain[i] * a + b;
  }
  Vector total = {0};
#pragma GCC unroll 16
  for (int i = 0; i < CHAINS; i++)
    total += chain[i];
  *sum = 0;
  for (int i = 0; i < VECTOR_FLOATS; i++)
    *sum += total[i];
  return 2.0 * CHAINS * VECTOR_FLOATS * (double)rounds;
}
