/* Reading safetensors: nothing in the file is believed before it is checked, and no more memory is
 * taken than the file is long. */
#include "safetensors-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "core/base/json-depth.h"
#include "core/base/json-text.h"

#define LENGTH_BYTES 8

/* The limit of the format's own library. */
#define MAX_HEADER_BYTES 100000000

/* Tensor lists nest three deep; the parser recurses, so what is deeper must not reach it. */
#define MAX_DEPTH 4

typedef struct {
  const char *path;
  RunetSafetensors *file;
  const char *data; /* after the header */
  gsize data_bytes;
} Reader;

static gboolean
G_GNUC_PRINTF (3, 4) fail (GError **error, const char *path, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT, "%s: %s", path, message);
  return FALSE;
}

static gboolean
check_depth (const char *json, gsize length, const char *path, GError **error) {
  return runet_json_is_shallow (json, length, MAX_DEPTH) ||
         fail (error, path,
               "expected a list of tensors as header, found deeper nesting or no JSON");
}

static JsonObject *
parse_header (const char *json, gsize length, const char *path, GError **error) {
  g_autoptr (GError) local = NULL;
  g_autofree char *duplicate = NULL;
  g_autoptr (JsonNode) root = runet_json_parse (json, length, &duplicate, &local);
  if (root == NULL)
    fail (error, path, "expected JSON as header, found: %s", local->message);
  else if (duplicate != NULL)
    fail (error, path, "tensor %s: expected once, found twice", duplicate);
  else if (!JSON_NODE_HOLDS_OBJECT (root))
    fail (error, path, "expected a JSON object as header");
  else
    return json_object_ref (json_node_get_object (root));
  return NULL;
}

static gboolean
read_metadata (Reader *reader, JsonNode *node, GError **error) {
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, reader->path, "__metadata__: expected a JSON object");
  g_autoptr (GList) keys = json_object_get_members (json_node_get_object (node));
  for (GList *key = keys; key != NULL; key = key->next) {
    JsonNode *value = json_object_get_member (json_node_get_object (node), key->data);
    if (json_node_get_value_type (value) != G_TYPE_STRING)
      return fail (error, reader->path, "__metadata__: expected a string as %s",
                   (const char *)key->data);
    g_hash_table_insert (reader->file->metadata, g_strdup (key->data),
                         g_strdup (json_node_get_string (value)));
  }
  return TRUE;
}

/* Returns how many numbers @member has, each at least 0; -1 when it is something else. */
static int
read_sizes (JsonObject *object, const char *member, gsize *sizes, guint most) {
  JsonNode *node = json_object_get_member (object, member);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return -1;
  JsonArray *array = json_node_get_array (node);
  const guint length = json_array_get_length (array);
  if (length > most)
    return -1;
  for (guint i = 0; i < length; i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (json_node_get_value_type (element) != G_TYPE_INT64 ||
        json_node_get_int (element) < 0)
      return -1;
    sizes[i] = (gsize)json_node_get_int (element);
  }
  return (int)length;
}

static gboolean
read_dtype (const Reader *reader,
            JsonObject *object,
            RunetSafetensor *tensor,
            GError **error) {
  JsonNode *node = json_object_get_member (object, "dtype");
  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (error, reader->path, "tensor %s: expected a dtype", tensor->name);
  const char *name = json_node_get_string (node);
  for (guint i = 0; i < G_N_ELEMENTS (runet_dtypes); i++)
    if (g_str_equal (runet_dtypes[i].name, name)) {
      tensor->dtype = (RunetDtype)i;
      return TRUE;
    }
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "%s: tensor %s: expected type F32, F16 or I64, found %s", reader->path,
               tensor->name, name);
  return FALSE;
}

static gboolean
read_range (const Reader *reader,
            JsonObject *object,
            RunetSafetensor *tensor,
            GError **error) {
  gsize range[2], bytes = runet_dtypes[tensor->dtype].size;
  if (read_sizes (object, "data_offsets", range, 2) != 2 || range[0] > range[1])
    return fail (error, reader->path, "tensor %s: expected two increasing data_offsets",
                 tensor->name);
  if (range[1] > reader->data_bytes)
    return fail (error, reader->path,
                 "tensor %s: expected data up to byte %" G_GSIZE_FORMAT
                 ", found %" G_GSIZE_FORMAT " bytes",
                 tensor->name, range[1], reader->data_bytes);

  gboolean fits = TRUE;
  for (guint i = 0; i < tensor->dimensions; i++)
    fits = fits && g_size_checked_mul (&bytes, bytes, tensor->shape[i]);
  if (!fits || bytes != range[1] - range[0])
    return fail (error, reader->path,
                 "tensor %s: expected %" G_GSIZE_FORMAT
                 " bytes by its shape, found %" G_GSIZE_FORMAT,
                 tensor->name, fits ? bytes : G_MAXSIZE, range[1] - range[0]);
  tensor->count = bytes / runet_dtypes[tensor->dtype].size;
  tensor->data = reader->data + range[0];
  return TRUE;
}

static gboolean
read_tensor (Reader *reader, const char *name, JsonNode *node, GError **error) {
  RunetSafetensor *tensor = g_new0 (RunetSafetensor, 1);
  tensor->name = g_strdup (name);
  g_ptr_array_add (reader->file->tensors, tensor);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, reader->path, "tensor %s: expected a JSON object", name);
  JsonObject *object = json_node_get_object (node);
  if (!read_dtype (reader, object, tensor, error))
    return FALSE;

  const int dimensions =
      read_sizes (object, "shape", tensor->shape, G_N_ELEMENTS (tensor->shape));
  if (dimensions < 0)
    return fail (error, reader->path, "tensor %s: expected a shape of at most %d sizes",
                 name, (int)G_N_ELEMENTS (tensor->shape));
  tensor->dimensions = (guint)dimensions;
  return read_range (reader, object, tensor, error);
}

typedef struct {
  const RunetSafetensor *tensor;
  gsize first, end;
} Range;

static int
compare_ranges (gconstpointer a, gconstpointer b) {
  const Range *one = a, *other = b;
  if (one->first != other->first)
    return one->first < other->first ? -1 : 1;
  return one->end < other->end ? -1 : one->end > other->end;
}

/* Every byte belongs to one tensor: neither overlaps, which let a file hide one tensor in another,
 * nor holes. */
static gboolean
check_ranges (const Reader *reader, GError **error) {
  const GPtrArray *tensors = reader->file->tensors;
  g_autofree Range *ranges = g_new (Range, tensors->len + 1);
  for (guint i = 0; i < tensors->len; i++) {
    const RunetSafetensor *tensor = tensors->pdata[i];
    const gsize first = (gsize)((const char *)tensor->data - reader->data);
    ranges[i] = (Range){tensor, first,
                        first + tensor->count * runet_dtypes[tensor->dtype].size};
  }
  qsort (ranges, tensors->len, sizeof *ranges, compare_ranges);

  gsize end = 0;
  for (guint i = 0; i < tensors->len; end = ranges[i++].end)
    if (ranges[i].first != end)
      return fail (error, reader->path,
                   "tensor %s: expected data from byte %" G_GSIZE_FORMAT
                   ", found it from %" G_GSIZE_FORMAT ", which %s",
                   ranges[i].tensor->name, end, ranges[i].first,
                   ranges[i].first < end ? "overlaps another tensor" : "leaves a hole");
  if (end != reader->data_bytes)
    return fail (error, reader->path,
                 "expected %" G_GSIZE_FORMAT
                 " bytes of tensors, found %" G_GSIZE_FORMAT,
                 end, reader->data_bytes);
  return TRUE;
}

static gboolean
read_header (Reader *reader, JsonObject *header, GError **error) {
  g_autoptr (GList) names = json_object_get_members (header);
  for (GList *name = names; name != NULL; name = name->next) {
    JsonNode *node = json_object_get_member (header, name->data);
    const gboolean good = g_str_equal (name->data, "__metadata__")
                              ? read_metadata (reader, node, error)
                              : read_tensor (reader, name->data, node, error);
    if (!good)
      return FALSE;
  }
  return check_ranges (reader, error);
}

/* @bytes: at least the first LENGTH_BYTES of a file of @size bytes. */
static gboolean
check_length (const char *bytes,
              gsize size,
              const char *path,
              guint64 *length,
              GError **error) {
  memcpy (length, bytes, sizeof *length);
  if (*length > MAX_HEADER_BYTES || *length > size - LENGTH_BYTES)
    return fail (error, path,
                 "expected a header of %" G_GUINT64_FORMAT
                 " bytes, found a file of %" G_GSIZE_FORMAT
                 ": truncated, or not safetensors",
                 *length, size);
  return TRUE;
}

RunetSafetensors *
runet_safetensors_parse (GBytes *bytes, const char *path, GError **error) {
  g_return_val_if_fail (bytes != NULL && path != NULL, NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  guint64 length;
  if (size < LENGTH_BYTES) {
    fail (error, path, "expected a safetensors file, found %" G_GSIZE_FORMAT " bytes",
          size);
    return NULL;
  }
  if (!check_length (data, size, path, &length, error))
    return NULL;
  const char *json = data + LENGTH_BYTES;
  if (!g_utf8_validate_len (json, length, NULL)) {
    fail (error, path, "expected a header in UTF-8, found other bytes");
    return NULL;
  }
  if (!check_depth (json, length, path, error))
    return NULL;
  g_autoptr (JsonObject) header = parse_header (json, length, path, error);
  if (header == NULL)
    return NULL;

  g_autoptr (RunetSafetensors) file = runet_safetensors_new ();
  file->bytes = g_bytes_ref (bytes);
  Reader reader = {.path = path,
                   .file = file,
                   .data = json + length,
                   .data_bytes = size - LENGTH_BYTES - length};
  if (!read_header (&reader, header, error))
    return NULL;
  return g_steal_pointer (&file);
}

/* Looks at the length of the header before it takes memory for all of a file that may be anything. */
static GBytes *
load (FILE *stream, const char *path, GError **error) {
  struct stat status;
  char first[LENGTH_BYTES];
  guint64 length;
  if (fstat (fileno (stream), &status) != 0 || !S_ISREG (status.st_mode)) {
    fail (error, path, "expected a safetensors file, found no regular file");
    return NULL;
  }
  const gsize size = (gsize)status.st_size;
  if (fread (first, 1, sizeof first, stream) != sizeof first) {
    fail (error, path, "expected a safetensors file, found %" G_GSIZE_FORMAT " bytes",
          size);
    return NULL;
  }
  if (!check_length (first, MAX (size, sizeof first), path, &length, error))
    return NULL;

  g_autofree char *bytes = g_try_malloc (size);
  if (bytes == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "%s: not enough memory for %" G_GSIZE_FORMAT " bytes", path, size);
    return NULL;
  }
  memcpy (bytes, first, sizeof first);
  const gsize rest = size - sizeof first;
  if (fread (bytes + sizeof first, 1, rest, stream) != rest) {
    fail (error, path, "expected %" G_GSIZE_FORMAT " bytes, found fewer", size);
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&bytes), size);
}

RunetSafetensors *
runet_safetensors_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  FILE *stream = g_fopen (path, "rbe");
  if (stream == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 "%s: expected a safetensors file, found none: %s", path,
                 g_strerror (errno));
    return NULL;
  }
  g_autoptr (GBytes) bytes = load (stream, path, error);
  fclose (stream);
  return bytes != NULL ? runet_safetensors_parse (bytes, path, error) : NULL;
}
