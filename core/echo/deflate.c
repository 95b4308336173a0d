/* zlib and gzip streams in memory, and what a stream of a given size can hold. */
#include "deflate.h"

#include <zlib.h>

/* zlib's largest window, and what it adds to say "gzip" or "whichever of both". */
#define WINDOW_BITS 15
#define WINDOW_GZIP 16
#define WINDOW_EITHER 32

/* A third of the time of zlib's default level, for streams of speckle a seventh longer. */
#define LEVEL 3

/* The best that deflate can do: 258 bytes from two bits, https://zlib.net/zlib_tech.html . */
#define LARGEST_RATIO 1032

GByteArray *
runet_deflate (const guint8 *bytes, gsize length, RunetDeflateFormat format) {
  z_stream stream = {0};
  int window = WINDOW_BITS + (format == RUNET_DEFLATE_GZIP ? WINDOW_GZIP : 0);
  /* GByteArray counts in 32 bits. */
  if (length > G_MAXUINT / 2)
    return NULL;
  if (deflateInit2 (&stream, LEVEL, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    return NULL;
  g_autoptr (GByteArray) output = g_byte_array_new ();
  guint8 chunk[1 << 14];
  gsize taken = 0;
  int status = Z_OK;
  while (status == Z_OK || status == Z_BUF_ERROR) {
    if (stream.avail_in == 0) {
      /* avail_in is 32 bits wide. */
      stream.avail_in = (uInt)MIN (length - taken, (gsize)1 << 30);
      stream.next_in = (Bytef *)bytes + taken;
      taken += stream.avail_in;
    }
    stream.next_out = chunk;
    stream.avail_out = sizeof chunk;
    status = deflate (&stream, taken == length ? Z_FINISH : Z_NO_FLUSH);
    g_byte_array_append (output, chunk, (guint)(sizeof chunk - stream.avail_out));
  }
  deflateEnd (&stream);
  return status == Z_STREAM_END ? g_steal_pointer (&output) : NULL;
}

gsize
runet_inflate (const guint8 *source, gsize source_length, guint8 *bytes, gsize length) {
  z_stream stream = {0};
  if (inflateInit2 (&stream, WINDOW_BITS + WINDOW_EITHER) != Z_OK)
    return 0;
  gsize taken = 0, given = 0;
  int status = Z_OK;
  guint8 excess;
  while (status == Z_OK && given <= length) {
    if (stream.avail_in == 0) {
      stream.avail_in = (uInt)MIN (source_length - taken, (gsize)1 << 30);
      stream.next_in = (Bytef *)source + taken;
      taken += stream.avail_in;
    }
    /* One byte past the end tells a stream that is too long, and brings zlib to the checksum. */
    stream.next_out = given < length ? bytes + given : &excess;
    uInt room = given < length ? (uInt)MIN (length - given, (gsize)1 << 30) : 1;
    stream.avail_out = room;
    status = inflate (&stream, Z_NO_FLUSH);
    given += room - stream.avail_out;
  }
  inflateEnd (&stream);
  /* Z_OK and Z_BUF_ERROR: cut off. Z_DATA_ERROR: broken, maybe at the very last, the checksum. */
  if (status != Z_STREAM_END && given == length && length > 0)
    return length - 1;
  return given;
}

gsize
runet_inflate_bound (gsize length) {
  return length > G_MAXSIZE / LARGEST_RATIO ? G_MAXSIZE : length * LARGEST_RATIO;
}
