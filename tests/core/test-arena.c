/* Blocks that are needed at once never share memory, and the others do. */
#include "core/nn/arena.h"

#include <stdlib.h>

#define BLOCKS 200

static gboolean
meet (const RunetArenaBlock *a, const RunetArenaBlock *b) {
  return a->first <= b->last && b->first <= a->last;
}

static void
check_layout (const RunetArenaBlock *blocks, guint count, gsize bytes) {
  for (guint i = 0; i < count; i++) {
    g_assert_cmpuint (blocks[i].offset % 64, ==, 0);
    if (blocks[i].bytes > 0)
      g_assert_cmpuint (blocks[i].offset + blocks[i].bytes, <=, bytes);
    for (guint j = 0; j < i; j++)
      if (blocks[i].bytes > 0 && blocks[j].bytes > 0 && meet (&blocks[i], &blocks[j]))
        g_assert_true (blocks[i].offset + blocks[i].bytes <= blocks[j].offset ||
                       blocks[j].offset + blocks[j].bytes <= blocks[i].offset);
  }
}

/* The most that is needed at one time: no layout can do with less. */
static gsize
get_bound (const RunetArenaBlock *blocks, guint count, int times) {
  gsize bound = 0;
  for (int time = 0; time < times; time++) {
    gsize live = 0;
    for (guint i = 0; i < count; i++)
      if (blocks[i].first <= time && time <= blocks[i].last)
        live += blocks[i].bytes;
    bound = MAX (bound, live);
  }
  return bound;
}

static void
test_random (void) {
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  for (int round = 0; round < 20; round++) {
    RunetArenaBlock blocks[BLOCKS] = {0};
    gsize bytes;
    for (guint i = 0; i < BLOCKS; i++) {
      blocks[i].bytes = (gsize)g_rand_int_range (random, 0, 5) * 1000;
      blocks[i].first = g_rand_int_range (random, 0, 100);
      blocks[i].last = blocks[i].first + g_rand_int_range (random, 0, 20);
    }
    g_assert_true (runet_arena_place (blocks, BLOCKS, &bytes));
    check_layout (blocks, BLOCKS, bytes);
    g_assert_cmpuint (bytes, <=, get_bound (blocks, BLOCKS, 120) * 13 / 10);
  }
}

/* A chain of layers needs two blocks at a time. */
static void
test_chain (void) {
  RunetArenaBlock blocks[10] = {0};
  gsize bytes;
  for (int i = 0; i < 10; i++)
    blocks[i] = (RunetArenaBlock){.bytes = 640, .first = i, .last = i + 1};
  g_assert_true (runet_arena_place (blocks, 10, &bytes));
  g_assert_cmpuint (bytes, ==, 2 * 640);
}

static void
test_overflow (void) {
  RunetArenaBlock blocks[] = {
      {.bytes = G_MAXSIZE - 1000, .first = 0, .last = 1},
      {.bytes = 2000, .first = 1, .last = 2},
  };
  gsize bytes;
  g_assert_false (runet_arena_place (blocks, 2, &bytes));
  blocks[0].bytes = G_MAXSIZE;
  g_assert_false (runet_arena_place (blocks, 1, &bytes));
}

static void
test_allocate (void) {
  const gsize sizes[] = {0, 1, 1000, 20 * 1024 * 1024};
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    gpointer memory = runet_arena_allocate (sizes[i]);
    g_assert_nonnull (memory);
    g_assert_cmpuint ((guintptr)memory % 64, ==, 0);
    free (memory);
  }
  g_assert_null (runet_arena_allocate (G_MAXSIZE));
  g_assert_null (runet_arena_allocate ((gsize)1 << 50));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/arena/random", test_random);
  g_test_add_func ("/nn/arena/chain", test_chain);
  g_test_add_func ("/nn/arena/overflow", test_overflow);
  g_test_add_func ("/nn/arena/allocate", test_allocate);
  return g_test_run ();
}
