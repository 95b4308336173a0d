/* How the threads of a launch are laid over a map, and which kernel of a family is launched. For launchers.
 *
 * A block is (groups of channels, pixels); a group is what one vector load reads. Neighbours in a warp then read
 * neighbours in memory, whatever the number of channels. */
#pragma once

#include "element.h"

#include <initializer_list>
#include <type_traits>

#define RUNET_BLOCK_THREADS 256
/* Blocks that a reduction is cut into at most: enough to fill the largest card eight times over. By the shape alone, never by
 * the card, so that the order of additions is everywhere the same. */
#define RUNET_REDUCTION_BLOCKS 1024

static inline unsigned
divide_up (size_t a, size_t b) {
  return (unsigned)((a + b - 1) / b);
}

static inline unsigned
count_pixels (const RunetMap *map) {
  return (unsigned)(map->n * map->h * map->w);
}

static inline bool
is_aligned (const RunetMap *map, size_t bytes) {
  return (uintptr_t)map->data % bytes == 0;
}

/* The padding that belongs to a map; see RunetMap. */
static inline unsigned
count_written (const RunetMap *map) {
  const size_t lanes = 16 / runet_element_size (map->element);
  const size_t padded = (map->c + lanes - 1) / lanes * lanes;
  if (!is_aligned (map, 16))
    return (unsigned)map->c;
  return (unsigned)(padded < map->stride ? padded : map->stride);
}

/* Whether all the maps can be read @lanes values at a time. */
static inline bool
can_read (unsigned lanes, std::initializer_list<const RunetMap *> maps) {
  for (const RunetMap *map : maps) {
    const size_t bytes = lanes * runet_element_size (map->element);
    if (!is_aligned (map, bytes < 16 ? bytes : 16) || map->stride % lanes != 0)
      return false;
  }
  return true;
}

template <typename T>
static inline View<T>
make_view (const RunetMap *map, int add = 0) {
  return {static_cast<T *> (map->data),
          (unsigned)map->h,
          (unsigned)map->w,
          (unsigned)map->c,
          (unsigned)map->stride,
          count_pixels (map),
          count_written (map),
          add};
}

static inline AnyView
make_any_view (const RunetMap *map, int add = 0) {
  return {map->data,
          map->element,
          (unsigned)map->c,
          (unsigned)map->stride,
          count_pixels (map),
          count_written (map),
          add};
}

/* Calls @func with a value of the element's type. */
template <typename Func>
static inline void
with_element (RunetElement element, Func func) {
  if (element == RUNET_ELEMENT_F32)
    func (float ());
  else if (element == RUNET_ELEMENT_F16)
    func (__half ());
  else
    func (__nv_bfloat16 ());
}

/* … and with the number of values read at a time: 16 bytes or one value. */
template <typename Func>
static inline void
with_lanes (std::initializer_list<const RunetMap *> maps, Func func) {
  with_element ((*maps.begin ())->element, [&] (auto zero) {
    using T = decltype (zero);
    constexpr unsigned lanes = 16 / sizeof (T);
    if (can_read (lanes, maps))
      func (zero, std::integral_constant<unsigned, lanes> ());
    else
      func (zero, std::integral_constant<unsigned, 1> ());
  });
}

struct Layout {
  dim3 grid, block;
};

/* @groups: of channels. */
static inline Layout
lay_out (size_t pixels, size_t groups) {
  const unsigned x =
      groups < RUNET_BLOCK_THREADS / 4 ? (unsigned)groups : RUNET_BLOCK_THREADS / 4;
  const unsigned y = RUNET_BLOCK_THREADS / x;
  return {dim3 (divide_up (pixels, y)), dim3 (x, y)};
}

static __device__ inline unsigned
get_pixel () {
  return blockIdx.x * blockDim.y + threadIdx.y;
}
