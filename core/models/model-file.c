/* A model as one safetensors file. */
#include "model-private.h"

#include <math.h>

#include "core/base/error.h"

#define FORMAT "runet-model-1"

static const RunetParameter *
get_parameter (const RunetModel *model, guint index) {
  return &g_array_index (model->graph->parameters, RunetParameter, index);
}

static char *
describe_shape (const gsize *shape, guint dimensions) {
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < dimensions; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? " × " : "", shape[i]);
  return g_string_free (text, FALSE);
}

static gboolean
check_shape (const RunetSafetensor *tensor,
             const RunetParameter *parameter,
             GError **error) {
  gboolean same = tensor->dimensions == parameter->dimensions;
  for (guint i = 0; same && i < parameter->dimensions; i++)
    same = tensor->shape[i] == parameter->shape[i];
  if (same)
    return TRUE;
  g_autofree char *expected = describe_shape (parameter->shape, parameter->dimensions);
  g_autofree char *found = describe_shape (tensor->shape, tensor->dimensions);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
               "tensor %s: expected shape %s, found %s", parameter->name, expected,
               found);
  return FALSE;
}

static gboolean
read_parameter (RunetModel *model,
                guint index,
                const RunetSafetensors *file,
                GError **error) {
  const RunetParameter *parameter = get_parameter (model, index);
  const RunetSafetensor *tensor = runet_safetensors_find (file, parameter->name);
  if (tensor == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "tensor %s: expected in a model of this architecture, found none",
                 parameter->name);
    return FALSE;
  }
  /* The shape first: it bounds the memory by what the file holds. */
  if (!check_shape (tensor, parameter, error))
    return FALSE;
  model->parameters[index] = g_try_new (float, parameter->count);
  if (model->parameters[index] == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MEMORY,
                 "tensor %s: not enough memory for %" G_GSIZE_FORMAT " values",
                 parameter->name, parameter->count);
    return FALSE;
  }
  return runet_safetensor_to_floats (tensor, model->parameters[index], error);
}

/* A tensor of a stage that the architecture has not means that the metadata are another model's. */
static gboolean
check_strangers (const RunetModel *model,
                 const RunetSafetensors *file,
                 GError **error) {
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < model->graph->parameters->len; i++)
    g_hash_table_add (known, get_parameter (model, i)->name);
  for (guint i = 0; i < file->tensors->len; i++) {
    const RunetSafetensor *tensor = file->tensors->pdata[i];
    if (!g_str_has_prefix (tensor->name, "stage") ||
        g_hash_table_contains (known, tensor->name))
      continue;
    g_set_error (
        error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
        "tensor %s: expected none of this name in %s with %u stages, found one",
        tensor->name,
        runet_architecture_to_string (model->hyperparameters.architecture),
        model->hyperparameters.stages);
    return FALSE;
  }
  return TRUE;
}

static void
copy_metadata (RunetModel *model, GHashTable *metadata) {
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_str_equal (key, "format") && !runet_hyperparameters_has_key (key))
      g_hash_table_insert (model->metadata, g_strdup (key), g_strdup (value));
}

static RunetModel *
read_model (const RunetSafetensors *file, GError **error) {
  RunetHyperparameters hyperparameters;
  const char *format = g_hash_table_lookup (file->metadata, "format");
  if (g_strcmp0 (format, FORMAT) != 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "metadata format: expected " FORMAT ", found %s",
                 format != NULL ? format : "none");
    return NULL;
  }
  if (!runet_hyperparameters_read (&hyperparameters, file->metadata, error))
    return NULL;

  g_autoptr (RunetModel) model = runet_model_new_empty (&hyperparameters);
  for (guint i = 0; i < model->graph->parameters->len; i++)
    if (!read_parameter (model, i, file, error))
      return NULL;
  if (!check_strangers (model, file, error))
    return NULL;
  copy_metadata (model, file->metadata);
  return g_steal_pointer (&model);
}

RunetModel *
runet_model_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (RunetSafetensors) file = runet_safetensors_read (path, error);
  if (file == NULL)
    return NULL;
  RunetModel *model = read_model (file, error);
  if (model == NULL) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  model->path = g_strdup (path);
  model->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, file->bytes);
  return model;
}

/* A value that float16 cannot hold would only be found out by the reader. */
static gboolean
check_values (const RunetModel *model, RunetDtype dtype, GError **error) {
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    const RunetParameter *parameter = get_parameter (model, i);
    for (gsize j = 0; j < parameter->count; j++) {
      const float value = model->parameters[i][j];
      const gboolean good =
          dtype == RUNET_DTYPE_F16
              ? isfinite (runet_half_to_float (runet_float_to_half (value)))
              : isfinite (value);
      if (good)
        continue;
      g_set_error (
          error, RUNET_ERROR, RUNET_ERROR_FORMAT,
          "tensor %s: expected values that %s can hold, found %g at %" G_GSIZE_FORMAT,
          parameter->name, dtype == RUNET_DTYPE_F16 ? "float16" : "a file",
          (double)value, j);
      return FALSE;
    }
  }
  return TRUE;
}

/* @blocks: (element-type float16 blocks): keeps what is converted until the file is written. */
static void
add_parameters (const RunetModel *model,
                RunetDtype dtype,
                RunetSafetensors *file,
                GPtrArray *blocks) {
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    const RunetParameter *parameter = get_parameter (model, i);
    const void *data = model->parameters[i];
    if (dtype == RUNET_DTYPE_F16) {
      guint16 *halves = g_new (guint16, parameter->count);
      for (gsize j = 0; j < parameter->count; j++)
        halves[j] = runet_float_to_half (model->parameters[i][j]);
      g_ptr_array_add (blocks, halves);
      data = halves;
    }
    runet_safetensors_add (file, parameter->name, dtype, parameter->shape,
                           parameter->dimensions, data);
  }
}

static GBytes *
serialize (const RunetModel *model, RunetDtype dtype, GError **error) {
  if (!check_values (model, dtype, error))
    return NULL;
  g_autoptr (RunetSafetensors) file = runet_safetensors_new ();
  g_autoptr (GPtrArray) blocks = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, model->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (file->metadata, g_strdup (key), g_strdup (value));
  g_hash_table_insert (file->metadata, g_strdup ("format"), g_strdup (FORMAT));
  runet_hyperparameters_write (&model->hyperparameters, file->metadata);
  add_parameters (model, dtype, file, blocks);
  return runet_safetensors_serialize (file, error);
}

gboolean
runet_model_write (RunetModel *model,
                   const char *path,
                   RunetDtype dtype,
                   GError **error) {
  g_return_val_if_fail (model != NULL && path != NULL, FALSE);
  g_return_val_if_fail (dtype == RUNET_DTYPE_F32 || dtype == RUNET_DTYPE_F16, FALSE);

  g_autoptr (GBytes) bytes = serialize (model, dtype, error);
  if (bytes == NULL) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  if (!runet_safetensors_write_bytes (bytes, path, error))
    return FALSE;
  char *copy = g_strdup (path);
  g_free (model->path);
  model->path = copy;
  g_free (model->hash);
  model->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  return TRUE;
}
