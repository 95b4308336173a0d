/* PNG, 8 and 16 bits, grey; colours become grey.
 *
 * libpng leaves by longjmp(). Every call of it is in one of two functions, all that these use is
 * in a struct that their callers own, and nothing in them needs cleaning up. */
#include "png-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <png.h>

#include "deflate.h"
#include "file.h"
#include "image-private.h"
#include "label-map.h"
#include "pixel.h"

typedef struct {
  png_structp png;
  png_infop info;
  char message[128]; /* of libpng's error */
  FILE *file;
  gsize file_size;
  GCancellable *cancellable;
  RunetContent content;
  png_uint_32 width, height;
  int bits, channels;
  gsize row_bytes;
  guint8 *bytes; /* height × row_bytes */
  png_bytep *rows;
} Reader;

typedef struct {
  png_structp png;
  png_infop info;
  char message[128];
  GByteArray *output;
  const RunetGrid *grid;
  int bits;
  gboolean indexed; /* with the colours of labels as its palette */
  const guint8 *bytes;
} Writer;

/* Black, and three of Okabe and Ito's colours, which colour-blind people tell apart. */
static const png_color label_colors[RUNET_LABELS] = {
    [RUNET_LABEL_BACKGROUND] = {0, 0, 0},
    [RUNET_LABEL_LV] = {230, 159, 0},
    [RUNET_LABEL_MYOCARDIUM] = {0, 158, 115},
    [RUNET_LABEL_LA] = {86, 180, 233},
};

static void
fail_cb (png_structp png, png_const_charp message) {
  g_strlcpy (png_get_error_ptr (png), message, 128);
  png_longjmp (png, 1);
}

static void
ignore_cb (png_structp png, png_const_charp message) {
}

static void
read_header (Reader *reader) {
  png_init_io (reader->png, reader->file);
  png_read_info (reader->png, reader->info);
  /* Colour comes as three samples and palettes as the colours they stand for, all without alpha;
   * grey of 1, 2 and 4 bits keeps its values, since those may be labels. Of a label map with a palette the
   * indices are the labels. */
  if (png_get_color_type (reader->png, reader->info) == PNG_COLOR_TYPE_PALETTE &&
      reader->content != RUNET_CONTENT_LABELS)
    png_set_palette_to_rgb (reader->png);
  png_set_packing (reader->png);
  png_set_strip_alpha (reader->png);
  png_set_interlace_handling (reader->png);
  png_read_update_info (reader->png, reader->info);
  reader->width = png_get_image_width (reader->png, reader->info);
  reader->height = png_get_image_height (reader->png, reader->info);
  reader->bits = png_get_bit_depth (reader->png, reader->info);
  reader->channels = png_get_channels (reader->png, reader->info);
  reader->row_bytes = png_get_rowbytes (reader->png, reader->info);
}

/* FALSE when libpng gave up; @reader->message says why. */
static gboolean
run_reader (Reader *reader, gboolean header) {
  if (setjmp (png_jmpbuf (reader->png)) != 0)
    return FALSE;
  if (header)
    read_header (reader);
  else {
    png_read_image (reader->png, reader->rows);
    png_read_end (reader->png, NULL);
  }
  return TRUE;
}

/* What deflate can yield at best, each bit of it a pixel of a palette, which is three bytes here. */
static gboolean
allocate_rows (Reader *reader, const char *path, GError **error) {
  gsize bytes;
  if (!g_size_checked_mul (&bytes, reader->row_bytes, reader->height) ||
      bytes / (8 * 3) > runet_inflate_bound (reader->file_size)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected %u × %u pixels, found a file of %" G_GSIZE_FORMAT
                      " bytes",
                      reader->width, reader->height, reader->file_size);
    return FALSE;
  }
  reader->bytes = g_try_malloc (bytes);
  reader->rows = g_try_new (png_bytep, reader->height);
  if (reader->bytes == NULL || reader->rows == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "memory for %" G_GSIZE_FORMAT " bytes is not to be had", bytes);
    return FALSE;
  }
  for (gsize y = 0; y < reader->height; y++)
    reader->rows[y] = reader->bytes + y * reader->row_bytes;
  return TRUE;
}

/* Sample @index of a row; PNG is big-endian. */
static inline double
load_sample (const guint8 *row, gsize index, int bits) {
  return bits == 16 ? row[2 * index] * 256 + row[2 * index + 1] : row[index];
}

/* Colours by ITU-R BT.601 luma, in thousandths so that grey stays exactly what it was. */
static void
decode_rows (const Reader *reader, float *pixels) {
  gsize channels = (gsize)reader->channels;
  for (gsize y = 0; y < reader->height; y++)
    for (gsize x = 0; x < reader->width; x++) {
      const guint8 *row = reader->rows[y];
      double value = load_sample (row, x * channels, reader->bits);
      if (channels >= 3)
        value = (299 * value + 587 * load_sample (row, x * channels + 1, reader->bits) +
                 114 * load_sample (row, x * channels + 2, reader->bits)) /
                1000;
      pixels[y * reader->width + x] = (float)value;
    }
}

static RunetImage *
read_started (Reader *reader, const char *path, gboolean header_only, GError **error) {
  if (!run_reader (reader, TRUE)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path, "expected a PNG, found: %s",
                      reader->message);
    return NULL;
  }
  g_autoptr (RunetGrid) grid =
      runet_grid_new (reader->width, reader->height, 1, NAN, NAN, RUNET_FORMAT_PNG,
                      reader->bits == 16 ? RUNET_PIXEL_UINT16 : RUNET_PIXEL_UINT8);
  if (header_only)
    return runet_image_new_bare (grid);
  if (!allocate_rows (reader, path, error) ||
      g_cancellable_set_error_if_cancelled (reader->cancellable, error))
    return NULL;
  if (!run_reader (reader, FALSE)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected %u × %u pixels, found: %s", reader->width,
                      reader->height, reader->message);
    return NULL;
  }
  RunetImage *image = runet_image_new (grid, error);
  if (image != NULL)
    decode_rows (reader, image->pixels);
  return image;
}

RunetImage *
runet_png_read (const char *path,
                gboolean header_only,
                RunetContent content,
                GCancellable *cancellable,
                GError **error) {
  Reader reader = {.cancellable = cancellable, .content = content};
  if (!runet_file_check (path, &reader.file_size, error))
    return NULL;
  reader.file = g_fopen (path, "rb");
  if (reader.file == NULL) {
    runet_file_error (error, RUNET_ERROR_MISSING, path,
                      "expected a readable file, found: %s", g_strerror (errno));
    return NULL;
  }
  RunetImage *image = NULL;
  reader.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, reader.message, fail_cb,
                                       ignore_cb);
  if (reader.png != NULL)
    reader.info = png_create_info_struct (reader.png);
  if (reader.info != NULL)
    image = read_started (&reader, path, header_only, error);
  else
    runet_file_error (error, RUNET_ERROR_MEMORY, path, "libpng does not start");
  png_destroy_read_struct (&reader.png, &reader.info, NULL);
  fclose (reader.file);
  g_free (reader.rows);
  g_free (reader.bytes);
  return image;
}

static void
append_cb (png_structp png, png_bytep bytes, png_size_t length) {
  g_byte_array_append (png_get_io_ptr (png), bytes, (guint)length);
}

static void
flush_cb (png_structp png) {
}

static gboolean
run_writer (Writer *writer) {
  if (setjmp (png_jmpbuf (writer->png)) != 0)
    return FALSE;
  gsize row_bytes = writer->grid->width * (gsize)writer->bits / 8;
  png_set_write_fn (writer->png, writer->output, append_cb, flush_cb);
  png_set_IHDR (writer->png, writer->info, (png_uint_32)writer->grid->width,
                (png_uint_32)writer->grid->height, writer->bits,
                writer->indexed ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_GRAY,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  if (writer->indexed)
    png_set_PLTE (writer->png, writer->info, label_colors, RUNET_LABELS);
  png_write_info (writer->png, writer->info);
  for (gsize y = 0; y < writer->grid->height; y++)
    png_write_row (writer->png, writer->bytes + y * row_bytes);
  png_write_end (writer->png, writer->info);
  return TRUE;
}

static int
choose_bits (const RunetGrid *grid, const float *pixels, RunetContent content) {
  if (content == RUNET_CONTENT_LABELS || grid->type == RUNET_PIXEL_UINT8)
    return 8;
  if (grid->type == RUNET_PIXEL_INT16 || grid->type == RUNET_PIXEL_UINT16)
    return 16;
  for (gsize i = 0; i < grid->width * grid->height; i++)
    if (pixels[i] >= 255.5f)
      return 16;
  return 8;
}

static gboolean
encode (Writer *writer, const char *path, GError **error) {
  writer->png = png_create_write_struct (PNG_LIBPNG_VER_STRING, writer->message,
                                         fail_cb, ignore_cb);
  if (writer->png != NULL)
    writer->info = png_create_info_struct (writer->png);
  gboolean ok = writer->info != NULL && run_writer (writer);
  if (!ok)
    runet_file_error (error, RUNET_ERROR_WRITE, path,
                      "expected to encode a PNG, found: %s", writer->message);
  png_destroy_write_struct (&writer->png, &writer->info);
  return ok;
}

gboolean
runet_png_write (const RunetGrid *grid,
                 const float *pixels,
                 RunetContent content,
                 const char *path,
                 GError **error) {
  if (grid->frames != 1) {
    runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                      "expected one frame for a PNG, found %" G_GSIZE_FORMAT,
                      grid->frames);
    return FALSE;
  }
  int bits = choose_bits (grid, pixels, content);
  gsize count = grid->width * grid->height;
  g_autofree guint8 *bytes = g_try_malloc (count * (gsize)bits / 8);
  if (bytes == NULL) {
    runet_file_error (error, RUNET_ERROR_MEMORY, path,
                      "memory for %" G_GSIZE_FORMAT " pixels is not to be had", count);
    return FALSE;
  }
  runet_pixels_encode (pixels, bits == 16 ? RUNET_PIXEL_UINT16 : RUNET_PIXEL_UINT8, 1,
                       0, count, bytes);
  if (bits == 16 && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    runet_pixels_swap (bytes, 2, count);
  g_autoptr (GByteArray) output = g_byte_array_new ();
  Writer writer = {.output = output, .grid = grid, .bits = bits, .bytes = bytes};
  return encode (&writer, path, error) &&
         runet_file_replace (path, output->data, output->len, error);
}

gboolean
runet_label_map_write_indexed (const RunetLabelMap *map,
                               const char *path,
                               GError **error) {
  g_return_val_if_fail (map != NULL && map->grid->frames == 1 && path != NULL, FALSE);
  g_autoptr (GByteArray) output = g_byte_array_new ();
  Writer writer = {.output = output,
                   .grid = map->grid,
                   .bits = 8,
                   .indexed = TRUE,
                   .bytes = map->labels};
  return encode (&writer, path, error) &&
         runet_file_replace (path, output->data, output->len, error);
}
