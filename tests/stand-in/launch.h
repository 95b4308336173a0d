/* CUDA's kernels as functions of the processor, for g++: core/nn/cudnn/launch.h includes this where nvcc does not
 * compile. A launch puts a closure with copies of its arguments on the stream, where it runs late; see stand-in.h.
 *
 * RUNET_LAUNCH runs the threads one after the other; RUNET_LAUNCH_TOGETHER gives each thread of a block a fibre,
 * switched at __syncthreads(). A barrier that not all threads of the block reach ends the program with a message. */
#pragma once

#include <cuda_runtime_api.h>
#include <math.h>
#include <string.h>
#include <tuple>
#include <utility>
#include <vector_functions.h>

#include "intrinsics.h"

#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __constant__
#undef __forceinline__
#undef __launch_bounds__
#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __constant__ static
#define __forceinline__ inline __attribute__ ((always_inline))
#define __launch_bounds__(...)

/* One thread of the device runs at a time, so these need not belong to a thread of the program. */
extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

#define __syncthreads() stand_in::wait_for_block (__FILE__, __LINE__)

namespace stand_in {

/* A kernel with its arguments. run() is one thread of it. */
class Kernel {
public:
  virtual ~Kernel () = default;
  virtual void run () = 0;
  /* All threads of the block, one after the other. */
  virtual void run_block () = 0;
};

void
wait_for_block (const char *file, int line);
bool
launch_begin (const char *name, dim3 grid, dim3 block, cudaStream_t stream);
void
launch_put (const char *name,
            dim3 grid,
            dim3 block,
            cudaStream_t stream,
            bool together,
            Kernel *kernel);

template <typename Call, typename... Arguments> class Bound : public Kernel {
  Call call;
  std::tuple<Arguments...> arguments;

public:
  Bound (Call function, Arguments... values) : call (function), arguments (values...) {
  }
  void run () override {
    std::apply (call, arguments);
  }
  void run_block () override {
    for (unsigned z = 0; z < blockDim.z; z++)
      for (unsigned y = 0; y < blockDim.y; y++)
        for (unsigned x = 0; x < blockDim.x; x++) {
          threadIdx = {x, y, z};
          std::apply (call, arguments);
        }
  }
};

template <typename Call, typename... Arguments>
void
launch (const char *name,
        bool together,
        Call call,
        dim3 grid,
        dim3 block,
        cudaStream_t stream,
        Arguments... arguments) {
  if (launch_begin (name, grid, block, stream))
    launch_put (name, grid, block, stream, together,
                new Bound<Call, Arguments...> (call, arguments...));
}

} // namespace stand_in

#define STAND_IN_LAUNCH(together, kernel, grid, block, stream, ...)                  \
  stand_in::launch (                                                                 \
      #kernel, together, [=] (auto... arguments) { kernel (arguments...); }, (grid), \
      (block), (stream), ##__VA_ARGS__)
#define RUNET_LAUNCH(kernel, grid, block, stream, ...) \
  STAND_IN_LAUNCH (false, kernel, grid, block, stream, ##__VA_ARGS__)
#define RUNET_LAUNCH_TOGETHER(kernel, grid, block, stream, ...) \
  STAND_IN_LAUNCH (true, kernel, grid, block, stream, ##__VA_ARGS__)
