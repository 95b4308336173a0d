/* zlib and gzip streams in memory, and what a stream of a given size can hold. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum { RUNET_DEFLATE_ZLIB, RUNET_DEFLATE_GZIP } RunetDeflateFormat;

/* @bytes compressed. NULL when memory is short. The same input gives the same output. */
GByteArray *
runet_deflate (const guint8 *bytes,
               gsize length,
               RunetDeflateFormat format) G_GNUC_WARN_UNUSED_RESULT;

/* Inflates a zlib or gzip stream to exactly @length bytes. Returns the number of bytes that the
 * stream gave, @length when all is well, more than @length when there would have been more. */
gsize
runet_inflate (const guint8 *stream, gsize stream_length, guint8 *bytes, gsize length);

/* No stream of @length bytes yields more. */
gsize
runet_inflate_bound (gsize length);

G_END_DECLS
