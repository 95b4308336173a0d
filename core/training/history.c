/* What each epoch of a training gave. */
#include "history.h"

#include "core/base/error.h"

double
runet_epoch_mean_dice (const RunetEpoch *epoch, guint stage, gsize classes) {
  guint structures = classes > RUNET_LABEL_LA ? RUNET_STRUCTURES : RUNET_STRUCTURE_LA;
  double sum = 0;
  for (guint s = 0; s < structures; s++)
    sum += epoch->dice[stage][s];
  return sum / structures;
}

static void
add_double (JsonBuilder *builder, const char *name, double value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
add_stages (JsonBuilder *builder, const RunetEpoch *epoch) {
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_array (builder);
  for (guint k = 0; k < epoch->stages; k++) {
    json_builder_begin_object (builder);
    add_double (builder, "loss", epoch->stage_loss[k]);
    for (guint s = 0; epoch->validated && s < RUNET_STRUCTURES; s++)
      add_double (builder, runet_structure_to_string (s), epoch->dice[k][s]);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

JsonNode *
runet_history_to_json (const GArray *history) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < history->len; i++) {
    const RunetEpoch *epoch = &g_array_index (history, RunetEpoch, i);
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "epoch");
    json_builder_add_int_value (builder, epoch->number);
    add_double (builder, "learning_rate", epoch->learning_rate);
    add_double (builder, "loss", epoch->loss);
    add_stages (builder, epoch);
    add_double (builder, "seconds", epoch->seconds);
    json_builder_set_member_name (builder, "best");
    json_builder_add_boolean_value (builder, epoch->best);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* A number member of @node; FALSE when @node is no object or has no such number. */
static gboolean
read_double (JsonNode *node, const char *name, double *value) {
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  JsonNode *member = json_object_get_member (json_node_get_object (node), name);
  if (member == NULL || !JSON_NODE_HOLDS_VALUE (member) ||
      json_node_get_value_type (member) == G_TYPE_STRING)
    return FALSE;
  *value = json_node_get_double (member);
  return TRUE;
}

static gboolean
read_stages (JsonNode *node, RunetEpoch *epoch) {
  JsonNode *member = json_object_get_member (json_node_get_object (node), "stages");
  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member))
    return FALSE;
  JsonArray *array = json_node_get_array (member);
  if (json_array_get_length (array) > RUNET_TRAINING_STAGES)
    return FALSE;
  epoch->stages = json_array_get_length (array);
  epoch->validated = epoch->stages > 0;
  for (guint k = 0; k < epoch->stages; k++) {
    JsonNode *stage = json_array_get_element (array, k);
    if (!read_double (stage, "loss", &epoch->stage_loss[k]))
      return FALSE;
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      epoch->validated =
          read_double (stage, runet_structure_to_string (s), &epoch->dice[k][s]) &&
          epoch->validated;
  }
  return TRUE;
}

static gboolean
read_epoch (JsonNode *node, RunetEpoch *epoch) {
  double number = 0, best = 0;
  if (!read_double (node, "epoch", &number) ||
      !read_double (node, "learning_rate", &epoch->learning_rate) ||
      !read_double (node, "loss", &epoch->loss) ||
      !read_double (node, "seconds", &epoch->seconds) ||
      !read_double (node, "best", &best) || !read_stages (node, epoch))
    return FALSE;
  epoch->number = (guint)CLAMP (number, 0, G_MAXUINT32);
  epoch->best = best != 0;
  return TRUE;
}

gboolean
runet_history_from_json (GArray *history, JsonNode *node, GError **error) {
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint count = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < count; i++) {
    RunetEpoch epoch = {0};
    if (!read_epoch (json_array_get_element (array, i), &epoch)) {
      array = NULL;
      break;
    }
    g_array_append_val (history, epoch);
  }
  if (array == NULL)
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "training history: expected an array of epochs");
  return array != NULL;
}
