/* Where blocks of memory that are needed at different times lie in one piece of it.
 *
 * Largest first, each as low as those already placed allow: the order in which the layers of a
 * U-Net's top levels, some two thirds of all memory, find the same places again. */
#include "arena.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGNMENT 64
#define HUGE_PAGE (2 * 1024 * 1024)

static int
compare_sizes (gconstpointer a, gconstpointer b) {
  const RunetArenaBlock *one = *(RunetArenaBlock *const *)a;
  const RunetArenaBlock *other = *(RunetArenaBlock *const *)b;
  if (one->bytes != other->bytes)
    return one->bytes > other->bytes ? -1 : 1;
  /* Among equals the order of the array, so that a graph always gives the same layout. */
  return one < other ? -1 : one > other;
}

static int
compare_offsets (gconstpointer a, gconstpointer b) {
  const RunetArenaBlock *one = *(RunetArenaBlock *const *)a;
  const RunetArenaBlock *other = *(RunetArenaBlock *const *)b;
  return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static gboolean
meet (const RunetArenaBlock *a, const RunetArenaBlock *b) {
  return a->first <= b->last && b->first <= a->last;
}

/* @placed: those already placed, by offset. */
static gboolean
place_lowest (RunetArenaBlock *block, const GPtrArray *placed) {
  gsize offset = 0;
  for (guint i = 0; i < placed->len; i++) {
    const RunetArenaBlock *other = placed->pdata[i];
    if (!meet (block, other))
      continue;
    if (other->offset >= offset && other->offset - offset >= block->bytes)
      break;
    offset = MAX (offset, other->offset + other->bytes);
  }
  block->offset = offset;
  gsize end;
  return g_size_checked_add (&end, offset, block->bytes);
}

gboolean
runet_arena_place (RunetArenaBlock *blocks, guint count, gsize *bytes) {
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  g_autoptr (GPtrArray) placed = g_ptr_array_new ();
  for (guint i = 0; i < count; i++) {
    if (blocks[i].bytes == 0)
      continue;
    if (!g_size_checked_add (&blocks[i].bytes, blocks[i].bytes, ALIGNMENT - 1))
      return FALSE;
    blocks[i].bytes &= ~(gsize)(ALIGNMENT - 1);
    g_ptr_array_add (order, &blocks[i]);
  }
  g_ptr_array_sort (order, compare_sizes);

  *bytes = 0;
  for (guint i = 0; i < order->len; i++) {
    RunetArenaBlock *block = order->pdata[i];
    if (!place_lowest (block, placed))
      return FALSE;
    g_ptr_array_add (placed, block);
    g_ptr_array_sort (placed, compare_offsets);
    *bytes = MAX (*bytes, block->offset + block->bytes);
  }
  return TRUE;
}

gpointer
runet_arena_allocate (gsize bytes) {
  /* The kernel promises more memory than there is and ends the process when it is used. */
  const gsize pages = (gsize)MAX (0, sysconf (_SC_PHYS_PAGES));
  const gsize page = (gsize)MAX (1, sysconf (_SC_PAGESIZE));
  if (pages > 0 && bytes / page >= pages)
    return NULL;

  const gboolean huge = bytes >= 4 * HUGE_PAGE;
  gpointer memory = NULL;
  if (posix_memalign (&memory, huge ? HUGE_PAGE : ALIGNMENT, MAX (bytes, ALIGNMENT)) !=
      0)
    return NULL;
#ifdef MADV_HUGEPAGE
  /* Only advice: where there are no huge pages everything works, a little slower. */
  if (huge)
    madvise (memory, bytes, MADV_HUGEPAGE);
#endif
  return memory;
}
