/* The safetensors container in memory, and to a file.
 *
 * File: 8 bytes length of the header (little endian), the header (JSON), the tensors' bytes. */
#include "safetensors.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "safetensors-private.h"

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

const RunetDtypeTraits runet_dtypes[] = {
    [RUNET_DTYPE_F32] = {"F32", 4},
    [RUNET_DTYPE_F16] = {"F16", 2},
    [RUNET_DTYPE_I64] = {"I64", 8},
};

static void
free_tensor (gpointer data) {
  RunetSafetensor *tensor = data;
  g_free (tensor->name);
  g_free (tensor);
}

RunetSafetensors *
runet_safetensors_new (void) {
  RunetSafetensors *self = g_new0 (RunetSafetensors, 1);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tensors = g_ptr_array_new_with_free_func (free_tensor);
  return self;
}

void
runet_safetensors_free (RunetSafetensors *self) {
  if (self == NULL)
    return;
  g_hash_table_unref (self->metadata);
  g_ptr_array_unref (self->tensors);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

void
runet_safetensors_add (RunetSafetensors *self,
                       const char *name,
                       RunetDtype dtype,
                       const gsize *shape,
                       guint dimensions,
                       const void *data) {
  g_return_if_fail (self != NULL && name != NULL);
  g_return_if_fail (dimensions <= G_N_ELEMENTS (((RunetSafetensor *)NULL)->shape));
  g_return_if_fail (runet_safetensors_find (self, name) == NULL);

  RunetSafetensor *tensor = g_new0 (RunetSafetensor, 1);
  tensor->name = g_strdup (name);
  tensor->dtype = dtype;
  tensor->dimensions = dimensions;
  tensor->count = 1;
  tensor->data = data;
  for (guint i = 0; i < dimensions; i++)
    tensor->count *= tensor->shape[i] = shape[i];
  g_ptr_array_add (self->tensors, tensor);
}

const RunetSafetensor *
runet_safetensors_find (const RunetSafetensors *self, const char *name) {
  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  for (guint i = 0; i < self->tensors->len; i++) {
    const RunetSafetensor *tensor = self->tensors->pdata[i];
    if (g_str_equal (tensor->name, name))
      return tensor;
  }
  return NULL;
}

gboolean
runet_safetensor_to_floats (const RunetSafetensor *tensor, float *out, GError **error) {
  g_return_val_if_fail (tensor != NULL && (out != NULL || tensor->count == 0), FALSE);
  if (tensor->dtype != RUNET_DTYPE_F32 && tensor->dtype != RUNET_DTYPE_F16) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "tensor %s: expected F32 or F16, found %s", tensor->name,
                 runet_dtypes[tensor->dtype].name);
    return FALSE;
  }
  /* Bytes, because a file may put a tensor at an odd place. */
  const char *bytes = tensor->data;
  for (gsize i = 0; i < tensor->count; i++) {
    guint16 half;
    if (tensor->dtype == RUNET_DTYPE_F32)
      memcpy (&out[i], bytes + i * sizeof (float), sizeof (float));
    else {
      memcpy (&half, bytes + i * sizeof half, sizeof half);
      out[i] = runet_half_to_float (half);
    }
    if (!isfinite (out[i])) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                   "tensor %s: expected finite values, found %s at %" G_GSIZE_FORMAT,
                   tensor->name, isnan (out[i]) ? "NaN" : "infinity", i);
      return FALSE;
    }
  }
  return TRUE;
}

static void
build_metadata (JsonBuilder *builder, GHashTable *metadata) {
  g_autoptr (GList) keys = g_hash_table_get_keys (metadata);
  keys = g_list_sort (keys, (GCompareFunc)strcmp);
  json_builder_set_member_name (builder, "__metadata__");
  json_builder_begin_object (builder);
  for (GList *key = keys; key != NULL; key = key->next) {
    json_builder_set_member_name (builder, key->data);
    json_builder_add_string_value (builder, g_hash_table_lookup (metadata, key->data));
  }
  json_builder_end_object (builder);
}

static gsize
build_tensor (JsonBuilder *builder, const RunetSafetensor *tensor, gsize offset) {
  const gsize end = offset + tensor->count * runet_dtypes[tensor->dtype].size;
  json_builder_set_member_name (builder, tensor->name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "dtype");
  json_builder_add_string_value (builder, runet_dtypes[tensor->dtype].name);
  json_builder_set_member_name (builder, "shape");
  json_builder_begin_array (builder);
  for (guint i = 0; i < tensor->dimensions; i++)
    json_builder_add_int_value (builder, (gint64)tensor->shape[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "data_offsets");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, (gint64)offset);
  json_builder_add_int_value (builder, (gint64)end);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return end;
}

/* Returns the header, with spaces to a multiple of 8; @data_bytes: what follows it. */
static GString *
build_header (const RunetSafetensors *self, gsize *data_bytes) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  build_metadata (builder, self->metadata);
  *data_bytes = 0;
  for (guint i = 0; i < self->tensors->len; i++)
    *data_bytes = build_tensor (builder, self->tensors->pdata[i], *data_bytes);
  json_builder_end_object (builder);

  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, FALSE);
  GString *header = g_string_new (json);
  while (header->len % 8 != 0)
    g_string_append_c (header, ' ');
  return header;
}

GBytes *
runet_safetensors_serialize (const RunetSafetensors *self, GError **error) {
  g_return_val_if_fail (self != NULL, NULL);
  gsize data_bytes;
  g_autoptr (GString) header = build_header (self, &data_bytes);
  const guint64 length = header->len;
  const gsize total = sizeof length + header->len + data_bytes;
  char *bytes = g_try_malloc (total);
  if (bytes == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "not enough memory for a file of %" G_GSIZE_FORMAT " bytes", total);
    return NULL;
  }
  memcpy (bytes, &length, sizeof length);
  memcpy (bytes + sizeof length, header->str, header->len);
  char *at = bytes + sizeof length + header->len;
  for (guint i = 0; i < self->tensors->len; i++) {
    const RunetSafetensor *tensor = self->tensors->pdata[i];
    const gsize size = tensor->count * runet_dtypes[tensor->dtype].size;
    if (size > 0)
      memcpy (at, tensor->data, size);
    at += size;
  }
  return g_bytes_new_take (bytes, total);
}

gboolean
runet_safetensors_write_bytes (GBytes *bytes, const char *path, GError **error) {
  g_return_val_if_fail (bytes != NULL && path != NULL, FALSE);
  g_autoptr (GError) local = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  if (g_file_set_contents_full (
          path, data, (gssize)size,
          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &local))
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE, "%s: could not be written: %s",
               path, local->message);
  return FALSE;
}

gboolean
runet_safetensors_write (const RunetSafetensors *self,
                         const char *path,
                         GError **error) {
  g_return_val_if_fail (self != NULL && path != NULL, FALSE);
  g_autoptr (GBytes) bytes = runet_safetensors_serialize (self, error);
  if (bytes == NULL) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  return runet_safetensors_write_bytes (bytes, path, error);
}
