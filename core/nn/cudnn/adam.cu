/* Adam on all parameters at once, and the loss scale of float16. */
#include "grid.h"

#include <float.h>

/* The paper's values, as in core/training/adam.h. */
#define BETA1 0.9
#define BETA2 0.999
#define EPSILON 1e-8

/* Blocks at most: threads go over the parameters in strides. */
#define BLOCKS 1056
#define LANES 4

/* Between them the loss scale moves; chosen: float16 has no use for more or for less. */
#define SMALLEST_SCALE 0x1p-24f
#define LARGEST_SCALE 0x1p24f

static __global__ void
clear_overflow (RunetStepState *state) {
  state->overflow = 0;
}

/* All that find one write the same. Bytes: the gradients once. */
static __global__ void
find_overflow (const float *gradients, size_t count, RunetStepState *state) {
  const size_t step = (size_t)gridDim.x * blockDim.x;
  bool finite = true;
  for (size_t i = (size_t)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step)
    finite = finite && fabsf (gradients[i]) <= FLT_MAX;
  if (!finite)
    state->overflow = 1;
}

struct Parameters {
  float *values, *moment1, *moment2;
  const float *gradients;
  size_t count;
};

/* What is the same for all parameters of a step. */
struct Step {
  float rate; /* learning rate / (1 - β1^t) */
  float scale; /* 1 / sqrt (1 - β2^t) */
  float unscale; /* 1 / loss scale */
};

static __device__ inline Step
compute_step (const RunetStepState &state) {
  const double t = (double)state.step + 1;
  return {(float)((double)state.learning_rate / (1 - pow (BETA1, t))),
          (float)(1 / sqrt (1 - pow (BETA2, t))), 1 / state.scale};
}

template <unsigned L>
static __device__ inline void
update (const Parameters &p, const Step &step, size_t at) {
  const float beta1 = (float)BETA1, rest1 = (float)(1 - BETA1);
  const float beta2 = (float)BETA2, rest2 = (float)(1 - BETA2);
  float value[L], m[L], v[L], gradient[L];
  load (p.values + at, value);
  load (p.moment1 + at, m);
  load (p.moment2 + at, v);
  load (p.gradients + at, gradient);
#pragma unroll
  for (unsigned l = 0; l < L; l++) {
    const float g = gradient[l] * step.unscale;
    m[l] = beta1 * m[l] + rest1 * g;
    v[l] = beta2 * v[l] + rest2 * g * g;
    value[l] -= step.rate * m[l] / (sqrtf (v[l]) * step.scale + (float)EPSILON);
  }
  store (p.values + at, value);
  store (p.moment1 + at, m);
  store (p.moment2 + at, v);
}

/* Bytes: 28 a parameter. */
template <unsigned L>
static __global__ void
update_parameters (Parameters p, const RunetStepState *state) {
  __shared__ Step step;
  if (state->overflow)
    return;
  if (threadIdx.x == 0)
    step = compute_step (*state);
  __syncthreads ();
  const size_t thread = (size_t)blockIdx.x * blockDim.x + threadIdx.x;
  const size_t threads = (size_t)gridDim.x * blockDim.x, groups = p.count / L;
  for (size_t i = thread; i < groups; i += threads)
    update<L> (p, step, i * L);
  if (groups * L + thread < p.count)
    update<1> (p, step, groups * L + thread);
}

static __global__ void
finish_step (RunetStepState *state) {
  const bool moves = state->growth_interval > 0;
  if (state->overflow) {
    state->good_steps = 0;
    if (moves && state->scale > SMALLEST_SCALE)
      state->scale /= 2;
    return;
  }
  state->step++;
  state->good_steps++;
  if (!moves || state->good_steps < state->growth_interval)
    return;
  state->good_steps = 0;
  if (state->scale < LARGEST_SCALE)
    state->scale *= 2;
}

static dim3
get_grid (size_t count) {
  const unsigned blocks = divide_up (count, RUNET_BLOCK_THREADS);
  return dim3 (blocks < 1 ? 1 : blocks < BLOCKS ? blocks : BLOCKS);
}

void
runet_cuda_check_gradients (cudaStream_t stream,
                            const float *gradients,
                            size_t count,
                            RunetStepState *state) {
  RUNET_LAUNCH (clear_overflow, dim3 (1), dim3 (1), stream, state);
  RUNET_LAUNCH (find_overflow, get_grid (count), dim3 (RUNET_BLOCK_THREADS), stream,
                gradients, count, state);
}

void
runet_cuda_adam (cudaStream_t stream,
                 float *parameters,
                 float *moment1,
                 float *moment2,
                 const float *gradients,
                 size_t count,
                 const RunetStepState *state) {
  const uintptr_t places = (uintptr_t)parameters | (uintptr_t)moment1 |
                           (uintptr_t)moment2 | (uintptr_t)gradients;
  const bool vectors = places % (LANES * sizeof (float)) == 0;
  const auto kernel = vectors ? update_parameters<LANES> : update_parameters<1>;
  RUNET_LAUNCH_TOGETHER (kernel, get_grid (divide_up (count, vectors ? LANES : 1)),
                         dim3 (RUNET_BLOCK_THREADS), stream,
                         Parameters{parameters, moment1, moment2, gradients, count},
                         state);
}

void
runet_cuda_adam_finish (cudaStream_t stream, RunetStepState *state) {
  RUNET_LAUNCH (finish_step, dim3 (1), dim3 (1), stream, state);
}
