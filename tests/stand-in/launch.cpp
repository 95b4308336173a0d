/* Kernels: what may be launched, and how its threads run. */
#include "launch.h"

#include "fibre.h"
#include "stand-in.h"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

namespace stand_in {

/* Threads that the device gets through in a second. */
static constexpr double thread_rate = 1e10;

void
wait_for_block (const char *file, int line) {
  fibre_wait (file, line);
}

bool
launch_begin (const char *name, dim3 grid, dim3 block, cudaStream_t stream) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());
  bool fits = grid.x && grid.y && grid.z && block.x && block.y && block.z;

  if (cudaError_t error = standing_error ()) {
    fail (error);
    return false;
  }
  fits = fits && grid.x <= 0x7FFFFFFF && grid.y <= 65535 && grid.z <= 65535;
  fits = fits && block.x <= 1024 && block.y <= 1024 && block.z <= 64;
  if (!fits || size_t (block.x) * block.y * block.z > 1024) {
    fail (cudaErrorInvalidConfiguration);
    return false;
  }
  if (launch_is_to_fail ()) {
    fail (cudaErrorLaunchOutOfResources);
    return false;
  }
  return true;
}

static void
prepare (unsigned index) {
  threadIdx.x = index % blockDim.x;
  threadIdx.y = index / blockDim.x % blockDim.y;
  threadIdx.z = index / (blockDim.x * blockDim.y);
}

static void
run_one (void *kernel) {
  static_cast<Kernel *> (kernel)->run ();
}

static void
run_grid (const char *name, dim3 grid, dim3 block, bool together, Kernel *kernel) {
  const double threads =
      double (grid.x) * grid.y * grid.z * block.x * block.y * block.z;

  add_device_time (threads / thread_rate);
  gridDim = grid;
  blockDim = block;
  for (unsigned z = 0; z < grid.z; z++)
    for (unsigned y = 0; y < grid.y; y++)
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = {x, y, z};
        if (together)
          run_fibres (name, block.x * block.y * block.z, prepare, run_one, kernel);
        else
          kernel->run_block ();
      }
}

void
launch_put (const char *name,
            dim3 grid,
            dim3 block,
            cudaStream_t stream,
            bool together,
            Kernel *kernel) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());
  std::shared_ptr<Kernel> shared (kernel);

  put (stream, [=] { run_grid (name, grid, block, together, shared.get ()); });
}

} // namespace stand_in
