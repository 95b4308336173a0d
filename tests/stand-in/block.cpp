/* Blocks of device memory. With the address sanitizer they are blocks of the heap, of exactly their size; else
 * pages that only work of the device may touch, with a page after them that nobody may, and a pattern in what is
 * left of the last page's 256 bytes. */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

namespace stand_in {

static constexpr size_t alignment = 256;
/* As float32, float16 and bfloat16 not a number, as an integer -1. */
static constexpr int unset = 0xFF;

#ifdef __SANITIZE_ADDRESS__

void *
block_new (size_t size) {
  void *block = nullptr;

  if (posix_memalign (&block, alignment, size))
    return nullptr;
  memset (block, unset, size);
  return block;
}

void
block_free (void *block, size_t size) {
  free (block);
}

void
block_open (void *block, size_t size, bool open) {
}

#else

static constexpr unsigned char beside = 0xA5;

static size_t
round_up (size_t size, size_t unit) {
  return (size + unit - 1) / unit * unit;
}

static size_t
get_page () {
  static const size_t page = size_t (sysconf (_SC_PAGESIZE));
  return page;
}

/* The block's first page: it lies at the end of its pages. */
static unsigned char *
get_pages (void *block, size_t size, size_t *bytes) {
  *bytes = round_up (round_up (size, alignment), get_page ());
  return static_cast<unsigned char *> (block) + round_up (size, alignment) - *bytes;
}

void *
block_new (size_t size) {
  size_t bytes = round_up (round_up (size, alignment), get_page ());
  void *pages = mmap (nullptr, bytes + get_page (), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (pages == MAP_FAILED)
    return nullptr;
  unsigned char *first = static_cast<unsigned char *> (pages);
  unsigned char *block = first + bytes - round_up (size, alignment);
  mprotect (first + bytes, get_page (), PROT_NONE);
  memset (first, beside, size_t (block - first));
  memset (block, unset, size);
  memset (block + size, beside, round_up (size, alignment) - size);
  return block;
}

void
block_free (void *block, size_t size) {
  size_t bytes;
  unsigned char *pages = get_pages (block, size, &bytes);
  unsigned char *start = static_cast<unsigned char *> (block);

  block_open (block, size, true);
  for (unsigned char *place = pages; place < pages + bytes; place++) {
    if (place == start)
      place += size;
    if (place < pages + bytes && *place != beside) {
      fprintf (stderr,
               "stand-in: somebody wrote at byte %td of a block of device memory of "
               "%zu bytes\n",
               place - start, size);
      abort ();
    }
  }
  munmap (pages, bytes + get_page ());
}

void
block_open (void *block, size_t size, bool open) {
  size_t bytes;
  unsigned char *pages = get_pages (block, size, &bytes);

  mprotect (pages, bytes, open ? PROT_READ | PROT_WRITE : PROT_NONE);
}

#endif

} // namespace stand_in
