/* Memory of the device and pinned memory, and copies between them. */
#include "memory.h"

#include "stand-in.h"

#include <stdlib.h>
#include <string.h>

namespace stand_in {

static std::map<char *, size_t> blocks; /* of the device */
static std::map<void *, size_t> pinned;
static size_t used;
static unsigned opened;

static size_t
get_total () {
  const char *text = getenv ("RUNET_STAND_IN_MEMORY");

  return text ? strtoull (text, nullptr, 10) : size_t (8) << 30;
}

bool
is_device_memory (const void *place, size_t size) {
  char *start = static_cast<char *> (const_cast<void *> (place));
  auto after = blocks.upper_bound (start);

  if (after == blocks.begin ())
    return false;
  auto block = std::prev (after);
  return start + size <= block->first + block->second &&
         start < block->first + block->second;
}

bool
touches_device_memory (const void *place, size_t size) {
  char *start = static_cast<char *> (const_cast<void *> (place));
  auto after = blocks.lower_bound (start + size);

  if (after == blocks.begin ())
    return false;
  auto block = std::prev (after);
  return start < block->first + block->second;
}

void
open_memory (bool open) {
  if (open ? opened++ : --opened)
    return;
  for (auto &block : blocks)
    block_open (block.first, block.second, open);
}

static bool
has_right_sides (const void *to, const void *from, size_t size, cudaMemcpyKind kind) {
  bool to_device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  bool from_device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;

  if (!to || !from)
    return size == 0;
  if (kind == cudaMemcpyDefault)
    return true;
  return (to_device ? is_device_memory (to, size)
                    : !touches_device_memory (to, size)) &&
         (from_device ? is_device_memory (from, size)
                      : !touches_device_memory (from, size));
}

static cudaError_t
free_block (void *pointer) {
  auto block = blocks.find (static_cast<char *> (pointer));

  if (block == blocks.end ())
    return cudaErrorInvalidValue;
  used -= block->second;
  block_free (block->first, block->second);
  blocks.erase (block);
  return cudaSuccess;
}

static cudaError_t
allocate (void **pointer, size_t size) {
  if (!pointer)
    return cudaErrorInvalidValue;
  *pointer = nullptr;
  if (!size)
    return cudaSuccess;
  if (size > get_total () || used > get_total () - size)
    return cudaErrorMemoryAllocation;
  void *block = block_new (size);
  if (!block)
    return cudaErrorMemoryAllocation;
  if (!opened)
    block_open (block, size, false);
  used += size;
  blocks[static_cast<char *> (block)] = size;
  *pointer = block;
  return cudaSuccess;
}

} // namespace stand_in

using namespace stand_in;

extern "C" {

cudaError_t
cudaMemGetInfo (size_t *available, size_t *total) {
  STAND_IN_ENTER;
  if (!available || !total)
    return fail (cudaErrorInvalidValue);
  *total = get_total ();
  *available = *total > used ? *total - used : 0;
  return cudaSuccess;
}

cudaError_t
cudaMalloc (void **pointer, size_t size) {
  STAND_IN_ENTER;
  if (cudaError_t error = forbidden_by_capture ())
    return fail (error);
  return fail (allocate (pointer, size));
}

cudaError_t
cudaFree (void *pointer) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  if (!pointer)
    return fail (standing_error ());
  if (cudaError_t error = forbidden_by_capture ())
    return fail (error);
  run_all ();
  if (cudaError_t error = free_block (pointer))
    return fail (error);
  return fail (standing_error ());
}

/* As a block of its own at once, and freed when the stream gets there. Not while capturing. */
cudaError_t
cudaMallocAsync (void **pointer, size_t size, cudaStream_t which) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream)
    return fail (cudaErrorInvalidResourceHandle);
  return fail (stream->capture ? cudaErrorNotSupported : allocate (pointer, size));
}

cudaError_t
cudaFreeAsync (void *pointer, cudaStream_t which) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream)
    return fail (cudaErrorInvalidResourceHandle);
  if (stream->capture || (pointer && !blocks.count (static_cast<char *> (pointer))))
    return fail (stream->capture ? cudaErrorNotSupported : cudaErrorInvalidValue);
  return pointer ? put (stream, [=] { free_block (pointer); }) : cudaSuccess;
}

cudaError_t
cudaHostAlloc (void **pointer, size_t size, unsigned flags) {
  STAND_IN_ENTER;
  if (cudaError_t error = forbidden_by_capture ())
    return fail (error);
  if (!pointer ||
      flags & ~unsigned (cudaHostAllocPortable | cudaHostAllocWriteCombined))
    return fail (cudaErrorInvalidValue);
  *pointer = nullptr;
  if (!size)
    return cudaSuccess;
  if (posix_memalign (pointer, 64, size))
    return fail (cudaErrorMemoryAllocation);
  memset (*pointer, 0xFF, size);
  pinned[*pointer] = size;
  return cudaSuccess;
}

cudaError_t
cudaMallocHost (void **pointer, size_t size) {
  return cudaHostAlloc (pointer, size, cudaHostAllocDefault);
}

cudaError_t
cudaFreeHost (void *pointer) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  if (!pointer)
    return fail (standing_error ());
  if (cudaError_t error = forbidden_by_capture ())
    return fail (error);
  run_all ();
  if (!pinned.erase (pointer))
    return fail (cudaErrorInvalidValue);
  free (pointer);
  return fail (standing_error ());
}

/* Pageable memory is read and written when the stream gets there, too: later than CUDA, which may read it at once. */
cudaError_t
cudaMemcpyAsync (void *to,
                 const void *from,
                 size_t size,
                 cudaMemcpyKind kind,
                 cudaStream_t stream) {
  STAND_IN_ENTER;
  if (!has_right_sides (to, from, size, kind))
    return fail (cudaErrorInvalidValue);
  return put (stream, [=] {
    if (size)
      memmove (to, from, size);
  });
}

cudaError_t
cudaMemcpy (void *to, const void *from, size_t size, cudaMemcpyKind kind) {
  STAND_IN_ENTER;
  if (cudaError_t error = forbidden_on_default_stream ())
    return fail (error);
  if (cudaError_t error = cudaMemcpyAsync (to, from, size, kind, nullptr))
    return error;
  return cudaStreamSynchronize (nullptr);
}

cudaError_t
cudaMemcpy2DAsync (void *to,
                   size_t to_pitch,
                   const void *from,
                   size_t from_pitch,
                   size_t width,
                   size_t height,
                   cudaMemcpyKind kind,
                   cudaStream_t stream) {
  STAND_IN_ENTER;
  if (to_pitch < width || from_pitch < width)
    return fail (cudaErrorInvalidPitchValue);
  for (size_t y = 0; y < height; y++) {
    char *row = static_cast<char *> (to) + y * to_pitch;
    const char *source = static_cast<const char *> (from) + y * from_pitch;
    if (!has_right_sides (row, source, width, kind))
      return fail (cudaErrorInvalidValue);
  }
  return put (stream, [=] {
    for (size_t y = 0; y < height; y++)
      memcpy (static_cast<char *> (to) + y * to_pitch,
              static_cast<const char *> (from) + y * from_pitch, width);
  });
}

cudaError_t
cudaMemsetAsync (void *place, int value, size_t size, cudaStream_t stream) {
  STAND_IN_ENTER;
  if (size && !is_device_memory (place, size))
    return fail (cudaErrorInvalidValue);
  return put (stream, [=] {
    if (size)
      memset (place, value, size);
  });
}

cudaError_t
cudaMemset (void *place, int value, size_t size) {
  STAND_IN_ENTER;
  if (cudaError_t error = forbidden_on_default_stream ())
    return fail (error);
  return cudaMemsetAsync (place, value, size, nullptr);
}
}
