/* The text header of a MetaImage: parsed by key, rewritten line by line. */
#include "metaimage-header.h"

#include <math.h>
#include <string.h>

#include "file.h"
#include "pixel.h"

/* Spacing in text: what a float32 of the other formats has. */
#define SPACING_FORMAT "%.7g"

static const struct {
  const char *name;
  RunetPixelType type;
} types[] = {
    {"MET_UCHAR", RUNET_PIXEL_UINT8},    {"MET_SHORT", RUNET_PIXEL_INT16},
    {"MET_USHORT", RUNET_PIXEL_UINT16},  {"MET_FLOAT", RUNET_PIXEL_FLOAT32},
    {"MET_DOUBLE", RUNET_PIXEL_FLOAT64},
};

/* "Key = value" into two, trimmed, in place. FALSE when there is no '='. */
static gboolean
split_line (char *line, char **key, char **value) {
  char *equals = strchr (line, '=');
  if (equals == NULL)
    return FALSE;
  *equals = '\0';
  *key = g_strstrip (line);
  *value = g_strstrip (equals + 1);
  return TRUE;
}

/* Reads lines until "ElementDataFile = LOCAL", after which pixels come, or to the end. */
static gboolean
read_keys (const char *path,
           const char *bytes,
           gsize length,
           GHashTable *keys,
           gsize *header_length,
           GError **error) {
  gsize start = 0;
  while (start < length) {
    const char *newline = memchr (bytes + start, '\n', length - start);
    gsize end = newline != NULL ? (gsize)(newline - bytes) : length;
    g_autofree char *line = g_strndup (bytes + start, end - start);
    start = MIN (end + 1, length);
    char *key, *value;
    if (*g_strstrip (line) == '\0')
      continue;
    if (!split_line (line, &key, &value) || !g_utf8_validate (value, -1, NULL)) {
      runet_file_error (error, RUNET_ERROR_FORMAT, path,
                        "expected lines of the form \"key = value\", found another");
      return FALSE;
    }
    g_hash_table_insert (keys, g_strdup (key), g_strdup (value));
    if (strcmp (key, "ElementDataFile") == 0 &&
        g_ascii_strcasecmp (value, "LOCAL") == 0)
      break;
  }
  *header_length = start;
  return TRUE;
}

/* Up to @limit numbers, separated by blanks. Returns how many; -1 when something else is there. */
static int
read_numbers (const char *text, double *numbers, int limit) {
  int count = 0;
  while (text != NULL && *text != '\0' && count < limit) {
    char *end;
    numbers[count] = g_ascii_strtod (text, &end);
    if (end == text)
      return -1;
    count++;
    text = end + strspn (end, " \t");
  }
  return text != NULL && *text != '\0' ? -1 : count;
}

static gboolean
read_size (const char *path, GHashTable *keys, gsize size[3], GError **error) {
  const char *text = g_hash_table_lookup (keys, "DimSize");
  const char *dimensions = g_hash_table_lookup (keys, "NDims");
  double sides[4];
  int count = read_numbers (text, sides, 4);
  gboolean ok = count >= 2 && dimensions != NULL &&
                g_ascii_strtoll (dimensions, NULL, 10) == count;
  size[2] = 1;
  for (int i = 0; ok && i < count; i++) {
    /* Whole, and exact in a double. */
    ok = sides[i] >= 1 && sides[i] <= 0x1p52 && sides[i] == floor (sides[i]);
    if (!ok)
      break;
    gsize side = (gsize)sides[i];
    if (i < 2)
      size[i] = side;
    else if (side > 1 && size[2] > 1) {
      runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                        "expected an image or a sequence, found DimSize = %s", text);
      return FALSE;
    } else
      size[2] = MAX (size[2], side);
  }
  if (!ok)
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected NDims of 2 to 4 and as many sizes, found NDims = %s, "
                      "DimSize = %s",
                      dimensions != NULL ? dimensions : "(none)",
                      text != NULL ? text : "(none)");
  return ok;
}

static gboolean
read_spacing (const char *path, GHashTable *keys, double spacing[2], GError **error) {
  const char *text = g_hash_table_lookup (keys, "ElementSpacing");
  if (text == NULL)
    text = g_hash_table_lookup (keys, "ElementSize");
  spacing[0] = spacing[1] = NAN;
  if (text == NULL)
    return TRUE;
  double numbers[4];
  if (read_numbers (text, numbers, 4) >= 2 && isfinite (numbers[0]) && numbers[0] > 0 &&
      isfinite (numbers[1]) && numbers[1] > 0) {
    spacing[0] = numbers[0];
    spacing[1] = numbers[1];
    return TRUE;
  }
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected positive numbers for ElementSpacing, found %s", text);
  return FALSE;
}

static gboolean
read_type (const char *path, GHashTable *keys, RunetPixelType *type, GError **error) {
  const char *text = g_hash_table_lookup (keys, "ElementType");
  if (text != NULL && *text == '\0')
    text = NULL;
  const char *channels = g_hash_table_lookup (keys, "ElementNumberOfChannels");
  if (channels != NULL && strcmp (channels, "1") != 0) {
    runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                      "expected one channel, found ElementNumberOfChannels = %s",
                      channels);
    return FALSE;
  }
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (types); i++)
    if (strcmp (text, types[i].name) == 0) {
      *type = types[i].type;
      return TRUE;
    }
  runet_file_error (
      error, text != NULL ? RUNET_ERROR_UNSUPPORTED : RUNET_ERROR_FORMAT, path,
      "expected ElementType MET_UCHAR, MET_SHORT, MET_USHORT, MET_FLOAT or "
      "MET_DOUBLE, found %s",
      text != NULL ? text : "none");
  return FALSE;
}

static gboolean
is_true (GHashTable *keys, const char *key) {
  const char *text = g_hash_table_lookup (keys, key);
  return text != NULL &&
         (g_ascii_strcasecmp (text, "True") == 0 || strcmp (text, "1") == 0);
}

static gboolean
read_storage (const char *path,
              GHashTable *keys,
              RunetMetaimageHeader *header,
              GError **error) {
  const char *file = g_hash_table_lookup (keys, "ElementDataFile");
  const char *skip = g_hash_table_lookup (keys, "HeaderSize");
  if (file == NULL || *file == '\0') {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected ElementDataFile, found no such key");
    return FALSE;
  }
  gboolean many = strcmp (file, "LIST") == 0 || strchr (file, '%') != NULL;
  gboolean text =
      g_hash_table_contains (keys, "BinaryData") && !is_true (keys, "BinaryData");
  if (many || text) {
    runet_file_error (error, RUNET_ERROR_UNSUPPORTED, path,
                      "expected binary pixels in one file, found %s%s",
                      many ? "ElementDataFile = " : "BinaryData = False",
                      many ? file : "");
    return FALSE;
  }
  if (g_ascii_strcasecmp (file, "LOCAL") != 0)
    header->data_file = g_strdup (file);
  header->compressed = is_true (keys, "CompressedData");
  gboolean big =
      is_true (keys, "BinaryDataByteOrderMSB") || is_true (keys, "ElementByteOrderMSB");
  header->swapped = big != (G_BYTE_ORDER == G_BIG_ENDIAN);
  gint64 bytes = skip != NULL ? g_ascii_strtoll (skip, NULL, 10) : 0;
  header->at_end = bytes < 0;
  header->skip = bytes > 0 ? (gsize)bytes : 0;
  return TRUE;
}

gboolean
runet_metaimage_parse (const char *path,
                       RunetFormat format,
                       const char *bytes,
                       gsize length,
                       RunetMetaimageHeader *header,
                       GError **error) {
  g_autoptr (GHashTable) keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gsize size[3];
  double spacing[2];
  RunetPixelType type;
  memset (header, 0, sizeof *header);
  if (!read_keys (path, bytes, length, keys, &header->header_length, error) ||
      !read_storage (path, keys, header, error) ||
      !read_size (path, keys, size, error) ||
      !read_spacing (path, keys, spacing, error) ||
      !read_type (path, keys, &type, error))
    return FALSE;
  header->grid =
      runet_grid_new (size[0], size[1], size[2], spacing[0], spacing[1], format, type);
  header->grid->header = g_bytes_new (bytes, header->header_length);
  return TRUE;
}

void
runet_metaimage_header_clear (RunetMetaimageHeader *header) {
  g_clear_pointer (&header->grid, runet_grid_unref);
  g_clear_pointer (&header->data_file, g_free);
}

static gboolean
carries_header (const RunetGrid *grid) {
  return grid->header != NULL && (grid->format == RUNET_FORMAT_METAIMAGE ||
                                  grid->format == RUNET_FORMAT_METAIMAGE_LOCAL);
}

/* The keys of the header that @grid carries; NULL when it carries none of this kind. */
static GHashTable *
get_keys (const RunetGrid *grid) {
  if (!carries_header (grid))
    return NULL;
  g_autoptr (GHashTable) keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gsize length, ignored;
  const char *text = g_bytes_get_data (grid->header, &length);
  return read_keys ("", text, length, keys, &ignored, NULL) ? g_steal_pointer (&keys)
                                                            : NULL;
}

gboolean
runet_metaimage_is_compressed (const RunetGrid *grid) {
  g_autoptr (GHashTable) keys = get_keys (grid);
  return keys != NULL && is_true (keys, "CompressedData");
}

static const char *
type_name (RunetPixelType type) {
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].name;
  g_return_val_if_reached (NULL);
}

static char *
format_size (const RunetGrid *grid, int dimensions) {
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT, grid->width,
                          grid->height);
  if (dimensions > 2)
    g_string_append_printf (text, " %" G_GSIZE_FORMAT, grid->frames);
  if (dimensions > 3)
    g_string_append (text, " 1");
  return g_string_free (text, FALSE);
}

static char *
compose_plain (const RunetGrid *grid, const char *data_file, gsize compressed_size) {
  GString *text = g_string_new ("ObjectType = Image\nNDims = 3\nBinaryData = True\n"
                                "BinaryDataByteOrderMSB = False\n");
  g_string_append_printf (text, "CompressedData = %s\n",
                          compressed_size > 0 ? "True" : "False");
  if (compressed_size > 0)
    g_string_append_printf (text, "CompressedDataSize = %" G_GSIZE_FORMAT "\n",
                            compressed_size);
  g_string_append (text,
                   "TransformMatrix = 1 0 0 0 1 0 0 0 1\nCenterOfRotation = 0 0 0\n"
                   "AnatomicalOrientation = RAI\nOffset = 0 0 0\n");
  if (!isnan (grid->spacing_x_mm) && !isnan (grid->spacing_y_mm)) {
    char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd (x, sizeof x, SPACING_FORMAT, grid->spacing_x_mm);
    g_ascii_formatd (y, sizeof y, SPACING_FORMAT, grid->spacing_y_mm);
    g_string_append_printf (text, "ElementSpacing = %s %s 1\n", x, y);
  }
  g_autofree char *size = format_size (grid, 3);
  g_string_append_printf (
      text,
      "DimSize = %s\nElementNumberOfChannels = 1\nElementType = %s\n"
      "ElementDataFile = %s\n",
      size, type_name (grid->type), data_file);
  return g_string_free (text, FALSE);
}

/* What a line of the old header becomes; NULL when it goes. */
static char *
rewrite_line (const RunetGrid *grid,
              const char *line,
              const char *key,
              const char *new_size,
              gsize compressed_size) {
  if (strcmp (key, "DimSize") == 0 && new_size != NULL)
    return g_strdup_printf ("DimSize = %s", new_size);
  if (strcmp (key, "ElementType") == 0)
    return g_strdup_printf ("ElementType = %s", type_name (grid->type));
  if (strcmp (key, "BinaryDataByteOrderMSB") == 0 ||
      strcmp (key, "ElementByteOrderMSB") == 0)
    return g_strdup_printf ("%s = False", key);
  if (strcmp (key, "CompressedDataSize") == 0)
    return g_strdup_printf ("CompressedDataSize = %" G_GSIZE_FORMAT, compressed_size);
  if (strcmp (key, "HeaderSize") == 0 || strcmp (key, "ElementDataFile") == 0)
    return NULL;
  return g_strdup (line);
}

char *
runet_metaimage_compose (const RunetGrid *grid,
                         const char *data_file,
                         gsize compressed_size) {
  g_autoptr (GHashTable) keys = get_keys (grid);
  gsize size[3];
  if (keys == NULL || !read_size ("", keys, size, NULL))
    return compose_plain (grid, data_file, compressed_size);
  const char *dimensions = g_hash_table_lookup (keys, "NDims");
  int count = (int)g_ascii_strtoll (dimensions, NULL, 10);
  /* A sequence on the header of a plane: its vectors have no third component to keep. */
  if (count < 3 && grid->frames > 1)
    return compose_plain (grid, data_file, compressed_size);
  g_autofree char *new_size = NULL;
  if (size[0] != grid->width || size[1] != grid->height || size[2] != grid->frames)
    new_size = format_size (grid, count);

  gsize length;
  const char *text = g_bytes_get_data (grid->header, &length);
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  GString *output = g_string_new (NULL);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_autofree char *parts = g_strdup (lines[i]);
    char *key, *value;
    if (!split_line (parts, &key, &value))
      continue;
    g_autofree char *line =
        rewrite_line (grid, g_strchomp (lines[i]), key, new_size, compressed_size);
    if (line != NULL)
      g_string_append_printf (output, "%s\n", line);
  }
  g_string_append_printf (output, "ElementDataFile = %s\n", data_file);
  return g_string_free (output, FALSE);
}
