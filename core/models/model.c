/* A model in memory: made, copied from, described. */
#include "model.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "model-private.h"

static const RunetParameter *
get_parameter (const RunetGraph *graph, guint index) {
  return &g_array_index (graph->parameters, RunetParameter, index);
}

RunetModel *
runet_model_new_empty (const RunetHyperparameters *hyperparameters) {
  RunetModel *model = g_new0 (RunetModel, 1);
  g_atomic_ref_count_init (&model->references);
  model->hyperparameters = *hyperparameters;
  model->graph = runet_architecture_build (hyperparameters);
  model->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  model->parameters = g_new0 (float *, model->graph->parameters->len);
  return model;
}

/* Glorot and Bengio, AISTATS 2010, Eq. (16): uniform in ± sqrt (6 / (fan in + fan out)). */
static void
draw_weights (const RunetParameter *parameter, float *values, GRand *random) {
  const gsize taps = parameter->shape[2] * parameter->shape[3];
  const gsize fans = (parameter->shape[0] + parameter->shape[1]) * taps;
  const double limit = sqrt (6.0 / (double)fans);
  for (gsize i = 0; i < parameter->count; i++)
    values[i] = (float)g_rand_double_range (random, -limit, limit);
}

RunetModel *
runet_model_new (const RunetHyperparameters *hyperparameters, GRand *random) {
  g_return_val_if_fail (hyperparameters != NULL && random != NULL, NULL);
  g_return_val_if_fail (runet_hyperparameters_check (hyperparameters, NULL), NULL);

  RunetModel *model = runet_model_new_empty (hyperparameters);
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    const RunetParameter *parameter = get_parameter (model->graph, i);
    model->parameters[i] = g_new0 (float, parameter->count);
    /* Biases begin at zero, and so do the logits of a mixture: equal shares. */
    if (parameter->dimensions == 4)
      draw_weights (parameter, model->parameters[i], random);
  }
  return model;
}

RunetModel *
runet_model_ref (RunetModel *model) {
  g_return_val_if_fail (model != NULL, NULL);
  g_atomic_ref_count_inc (&model->references);
  return model;
}

void
runet_model_unref (RunetModel *model) {
  if (model == NULL || !g_atomic_ref_count_dec (&model->references))
    return;
  for (guint i = 0; i < model->graph->parameters->len; i++)
    g_free (model->parameters[i]);
  g_free (model->parameters);
  runet_graph_free (model->graph);
  g_hash_table_unref (model->metadata);
  g_free (model->hash);
  g_free (model->path);
  g_free (model);
}

/* Index of @name in @from when it has the shape of @like; -1 otherwise. */
static int
find_match (const RunetGraph *from, const char *name, const RunetParameter *like) {
  for (guint i = 0; i < from->parameters->len; i++) {
    const RunetParameter *parameter = get_parameter (from, i);
    if (g_str_equal (parameter->name, name))
      return memcmp (parameter->shape, like->shape, sizeof like->shape) == 0 ? (int)i
                                                                             : -1;
  }
  return -1;
}

/* The name that "stage5.head.bias" has in a model of @stages stages that repeat: with two of them
 * "stage1.head.bias". */
static char *
fold_stage (const char *name, guint stages) {
  char *rest;
  if (!g_str_has_prefix (name, "stage"))
    return g_strdup (name);
  const guint64 stage = g_ascii_strtoull (name + strlen ("stage"), &rest, 10);
  if (stage == 0)
    return g_strdup (name);
  return g_strdup_printf ("stage%u%s", (guint)((stage - 1) % stages) + 1, rest);
}

guint
runet_model_copy_weights (RunetModel *model,
                          const RunetModel *from,
                          gboolean every_stage,
                          GError **error) {
  g_return_val_if_fail (model != NULL && from != NULL && model != from, 0);
  guint copied = 0;
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    const RunetParameter *parameter = get_parameter (model->graph, i);
    g_autofree char *folded =
        fold_stage (parameter->name, from->hyperparameters.stages);
    const char *name = every_stage ? folded : parameter->name;
    const int source = find_match (from->graph, name, parameter);
    if (source < 0)
      continue;
    memcpy (model->parameters[i], from->parameters[source],
            parameter->count * sizeof (float));
    copied++;
  }
  if (copied == 0)
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "%s: expected a model with tensors of %s, found %s of other widths",
                 from->path != NULL ? from->path : "model",
                 runet_architecture_to_string (model->hyperparameters.architecture),
                 runet_architecture_to_string (from->hyperparameters.architecture));
  return copied;
}

const char *
runet_model_get_metadata (const RunetModel *model, const char *key) {
  g_return_val_if_fail (model != NULL && key != NULL, NULL);
  return g_hash_table_lookup (model->metadata, key);
}

void
runet_model_set_metadata (RunetModel *model, const char *key, const char *value) {
  g_return_if_fail (model != NULL && key != NULL && value != NULL);
  g_return_if_fail (g_utf8_validate (key, -1, NULL) &&
                    g_utf8_validate (value, -1, NULL));
  g_hash_table_insert (model->metadata, g_strdup (key), g_strdup (value));
}
