/* The state of a training as a file: enough to continue to the same bits.
 *
 * A safetensors file. Tensors: weights.<parameter>, moment1.<parameter>, moment2.<parameter> and
 * best.<parameter>. Metadata: format, parent (the model it began with, if any), and as JSON
 * settings, state and history. */
#include "checkpoint.h"

#include <float.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/json-depth.h"
#include "core/models/model-patients.h"
#include "core/nn/safetensors.h"
#include "trainer.h"

#define FORMAT "runet-checkpoint-1"

/* The four values kept of every parameter. */
typedef struct {
  const char *prefix;
  float *const *blocks;
} Set;

#define SETS 4

static void
list_sets (const RunetTrainingState *state, Set sets[SETS]) {
  sets[0] = (Set){"weights", state->model->parameters};
  sets[1] = (Set){"moment1", state->adam->moment1};
  sets[2] = (Set){"moment2", state->adam->moment2};
  sets[3] = (Set){"best", state->best};
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_double (JsonBuilder *builder, const char *name, double value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static JsonNode *
state_to_json (const RunetTrainingState *state) {
  const RunetSchedule *schedule = &state->schedule;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_int (builder, "epoch", state->epoch);
  add_int (builder, "batch", (gint64)state->batch);
  add_int (builder, "step", (gint64)state->adam->step);
  if (state->loss_scale.scale > 0) {
    add_double (builder, "loss_scale", state->loss_scale.scale);
    add_int (builder, "good_steps", state->loss_scale.good_steps);
  }
  add_double (builder, "rate", schedule->rate);
  /* Before the first epoch the best score is minus infinity, which JSON cannot hold. */
  add_double (builder, "best", schedule->best_epoch > 0 ? schedule->best : 0);
  add_int (builder, "best_epoch", schedule->best_epoch);
  add_int (builder, "since_best", schedule->since_best);
  add_int (builder, "since_cut", schedule->since_cut);
  add_double (builder, "loss_sum", state->loss_sum);
  json_builder_set_member_name (builder, "loss_sums");
  json_builder_begin_array (builder);
  for (guint k = 0; k < RUNET_TRAINING_STAGES; k++)
    json_builder_add_double_value (builder, state->loss_sums[k]);
  json_builder_end_array (builder);
  add_double (builder, "epoch_seconds", state->epoch_seconds);
  add_string (builder, "training_hash", state->training_hash);
  add_string (builder, "validation_hash", state->validation_hash);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
set_metadata (RunetSafetensors *file, const char *key, JsonNode *node) {
  g_hash_table_insert (file->metadata, g_strdup (key), json_to_string (node, FALSE));
  json_node_unref (node);
}

gboolean
runet_checkpoint_write (const RunetTrainingState *state,
                        const char *path,
                        GError **error) {
  g_autoptr (RunetSafetensors) file = runet_safetensors_new ();
  g_hash_table_insert (file->metadata, g_strdup ("format"), g_strdup (FORMAT));
  /* Of a fine-tuned model: its hash and its patients go into the model's file at the end. */
  const char *parent = runet_model_get_metadata (state->model, "parent");
  if (parent != NULL)
    g_hash_table_insert (file->metadata, g_strdup ("parent"), g_strdup (parent));
  for (gsize i = 0; runet_model_patients_keys[i] != NULL; i++) {
    const char *key = runet_model_patients_keys[i];
    const char *patients = runet_model_get_metadata (state->model, key);
    if (patients != NULL)
      g_hash_table_insert (file->metadata, g_strdup (key), g_strdup (patients));
  }
  set_metadata (file, "settings", runet_training_settings_to_json (&state->settings));
  set_metadata (file, "state", state_to_json (state));
  set_metadata (file, "history", runet_history_to_json (state->history));

  const GArray *parameters = state->model->graph->parameters;
  Set sets[SETS];
  list_sets (state, sets);
  for (guint s = 0; s < SETS; s++)
    for (guint i = 0; i < parameters->len; i++) {
      const RunetParameter *parameter = &g_array_index (parameters, RunetParameter, i);
      g_autofree char *name =
          g_strdup_printf ("%s.%s", sets[s].prefix, parameter->name);
      runet_safetensors_add (file, name, RUNET_DTYPE_F32, parameter->shape,
                             parameter->dimensions, sets[s].blocks[i]);
    }
  return runet_safetensors_write (file, path, error);
}

static gboolean
refuse (GError **error, int code, const char *path, const char *what) {
  g_set_error (error, RUNET_ERROR, code, "%s: %s", path, what);
  return FALSE;
}

static RunetSafetensors *
open_checkpoint (const char *path, GError **error) {
  g_autoptr (RunetSafetensors) file = runet_safetensors_read (path, error);
  if (file == NULL)
    return NULL;
  const char *format = g_hash_table_lookup (file->metadata, "format");
  if (g_strcmp0 (format, FORMAT) != 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "%s: expected a checkpoint of format %s, found %s", path, FORMAT,
                 format != NULL ? format : "none");
    return NULL;
  }
  return g_steal_pointer (&file);
}

static JsonNode *
get_metadata (const RunetSafetensors *file,
              const char *path,
              const char *key,
              GError **error) {
  const char *text = g_hash_table_lookup (file->metadata, key);
  if (text == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "%s: the checkpoint has no metadata \"%s\"", path, key);
    return NULL;
  }
  if (!runet_json_is_shallow (text, strlen (text), RUNET_JSON_DEPTH)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "%s: metadata \"%s\": expected JSON, found something else", path, key);
    return NULL;
  }
  JsonNode *node = json_from_string (text, error);
  if (node == NULL)
    g_prefix_error (error, "%s: metadata \"%s\": ", path, key);
  return node;
}

static gboolean
read_settings (const RunetSafetensors *file,
               const char *path,
               RunetTrainingSettings *settings,
               GError **error) {
  g_autoptr (JsonNode) node = get_metadata (file, path, "settings", error);
  if (node == NULL)
    return FALSE;
  if (runet_training_settings_from_json (settings, node, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

gboolean
runet_checkpoint_read_settings (const char *path,
                                RunetTrainingSettings *settings,
                                GError **error) {
  g_autoptr (RunetSafetensors) file = open_checkpoint (path, error);
  return file != NULL && read_settings (file, path, settings, error);
}

static gboolean
check_settings (const RunetTrainingState *state,
                const RunetSafetensors *file,
                const char *path,
                GError **error) {
  RunetTrainingSettings settings;
  if (!read_settings (file, path, &settings, error))
    return FALSE;
  /* More or fewer epochs change nothing of what was done so far. */
  settings.epochs = state->settings.epochs;
  g_autoptr (JsonNode) theirs = runet_training_settings_to_json (&settings);
  g_autoptr (JsonNode) ours = runet_training_settings_to_json (&state->settings);
  if (json_node_equal (theirs, ours))
    return TRUE;
  return refuse (error, RUNET_ERROR_MISMATCH, path,
                 "the checkpoint was made with other settings");
}

static gboolean
get_number (JsonObject *object, const char *name, double *value) {
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) == G_TYPE_STRING)
    return FALSE;
  *value = json_node_get_double (node);
  return TRUE;
}

static gboolean
get_count (JsonObject *object, const char *name, guint *value) {
  double number = 0;
  if (!get_number (object, name, &number) || number < 0 || number > G_MAXUINT32)
    return FALSE;
  *value = (guint)number;
  return TRUE;
}

static gboolean
read_sums (RunetTrainingState *state, JsonObject *object) {
  JsonNode *node = json_object_get_member (object, "loss_sums");
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) != RUNET_TRAINING_STAGES)
    return FALSE;
  for (guint k = 0; k < RUNET_TRAINING_STAGES; k++) {
    JsonNode *sum = json_array_get_element (json_node_get_array (node), k);
    if (!JSON_NODE_HOLDS_VALUE (sum))
      return FALSE;
    state->loss_sums[k] = json_node_get_double (sum);
  }
  return get_number (object, "loss_sum", &state->loss_sum);
}

/* Only trainings that learned in float16 have one. */
static gboolean
read_loss_scale (RunetTrainingState *state, JsonObject *object) {
  RunetLossScale *scale = &state->loss_scale;
  *scale = (RunetLossScale){0};
  if (!json_object_has_member (object, "loss_scale"))
    return TRUE;
  return get_number (object, "loss_scale", &scale->scale) &&
         get_count (object, "good_steps", &scale->good_steps) &&
         scale->scale >= FLT_MIN && scale->scale <= FLT_MAX;
}

static gboolean
read_place (RunetTrainingState *state, JsonObject *object) {
  guint batch = 0, step = 0;
  RunetSchedule *schedule = &state->schedule;
  if (!get_count (object, "epoch", &state->epoch) ||
      !get_count (object, "batch", &batch) || !get_count (object, "step", &step) ||
      !get_number (object, "rate", &schedule->rate) ||
      !get_number (object, "best", &schedule->best) ||
      !get_count (object, "best_epoch", &schedule->best_epoch) ||
      !get_count (object, "since_best", &schedule->since_best) ||
      !get_count (object, "since_cut", &schedule->since_cut) ||
      !get_number (object, "epoch_seconds", &state->epoch_seconds) ||
      !read_sums (state, object) || !read_loss_scale (state, object))
    return FALSE;
  state->batch = batch;
  state->adam->step = step;
  if (schedule->best_epoch == 0)
    schedule->best = -G_MAXDOUBLE;
  return schedule->best_epoch <= state->epoch && state->history->len == state->epoch;
}

static gboolean
same_images (JsonObject *object, const char *name, const char *hash) {
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         g_strcmp0 (json_node_get_string (node), hash) == 0;
}

static gboolean
read_state (RunetTrainingState *state,
            const RunetSafetensors *file,
            const char *path,
            GError **error) {
  g_autoptr (JsonNode) history = get_metadata (file, path, "history", error);
  g_autoptr (JsonNode) place =
      history != NULL ? get_metadata (file, path, "state", error) : NULL;
  if (place == NULL)
    return FALSE;
  if (!runet_history_from_json (state->history, history, error)) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  if (!JSON_NODE_HOLDS_OBJECT (place) ||
      !read_place (state, json_node_get_object (place)))
    return refuse (error, RUNET_ERROR_FORMAT, path,
                   "the checkpoint's state is incomplete or contradicts its history");
  JsonObject *object = json_node_get_object (place);
  if (!same_images (object, "training_hash", state->training_hash))
    return refuse (error, RUNET_ERROR_MISMATCH, path,
                   "the checkpoint was made with other training images");
  if (!same_images (object, "validation_hash", state->validation_hash))
    return refuse (error, RUNET_ERROR_MISMATCH, path,
                   "the checkpoint was made with other validation images");
  return TRUE;
}

static gboolean
read_tensor (const RunetSafetensors *file,
             const char *path,
             const char *prefix,
             const RunetParameter *parameter,
             float *out,
             GError **error) {
  g_autofree char *name = g_strdup_printf ("%s.%s", prefix, parameter->name);
  const RunetSafetensor *tensor = runet_safetensors_find (file, name);
  gboolean fits = tensor != NULL && tensor->dimensions == parameter->dimensions;
  for (guint d = 0; fits && d < parameter->dimensions; d++)
    fits = tensor->shape[d] == parameter->shape[d];
  if (!fits) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT, "%s: tensor %s is %s", path,
                 name, tensor == NULL ? "missing" : "of another shape");
    return FALSE;
  }
  if (runet_safetensor_to_floats (tensor, out, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

gboolean
runet_checkpoint_read (RunetTrainingState *state, const char *path, GError **error) {
  g_autoptr (RunetSafetensors) file = open_checkpoint (path, error);
  if (file == NULL || !check_settings (state, file, path, error) ||
      !read_state (state, file, path, error))
    return FALSE;

  const char *parent = g_hash_table_lookup (file->metadata, "parent");
  if (parent != NULL)
    runet_model_set_metadata (state->model, "parent", parent);
  for (gsize i = 0; runet_model_patients_keys[i] != NULL; i++) {
    const char *key = runet_model_patients_keys[i];
    const char *patients = g_hash_table_lookup (file->metadata, key);
    if (patients != NULL)
      runet_model_set_metadata (state->model, key, patients);
  }

  const GArray *parameters = state->model->graph->parameters;
  Set sets[SETS];
  list_sets (state, sets);
  for (guint s = 0; s < SETS; s++)
    for (guint i = 0; i < parameters->len; i++)
      if (!read_tensor (file, path, sets[s].prefix,
                        &g_array_index (parameters, RunetParameter, i),
                        sets[s].blocks[i], error))
        return FALSE;
  return TRUE;
}
