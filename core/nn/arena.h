/* Where blocks of memory that are needed at different times lie in one piece of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Needed from time @first to time @last, both included. Blocks whose times have one in common do
 * not share memory. @bytes 0: no block. */
typedef struct {
  gsize bytes;
  int first, last;
  gsize offset; /* of 64 bytes; filled by runet_arena_place() */
} RunetArenaBlock;

/* Returns FALSE when the sizes overflow; otherwise @bytes is what the whole piece needs. */
gboolean
runet_arena_place (RunetArenaBlock *blocks, guint count, gsize *bytes);

/* Aligned to 64 bytes, large ones to a huge page. %NULL when there is not enough memory. Free with
 * free(). */
gpointer
runet_arena_allocate (gsize bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
