/* What decides the result of a training: kept in the checkpoint and in the model. */
#include "settings.h"

#include <math.h>

#include "core/base/error.h"

void
runet_training_settings_init (RunetTrainingSettings *self,
                              RunetArchitecture architecture) {
  *self = (RunetTrainingSettings){
      .learning_rate = 1e-3,
      .batch = 8,
      .epochs = 100,
      .patience = 5,
      .stop_after = 20,
      .seed = 1,
  };
  runet_hyperparameters_init (&self->hyperparameters, architecture);
  for (guint k = 0; k < RUNET_TRAINING_STAGES; k++)
    self->stage_weights[k] = 1;
}

static gboolean
refuse (GError **error, const char *what, double value) {
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "training settings: %s, found %g", what, value);
  return FALSE;
}

gboolean
runet_training_settings_check (const RunetTrainingSettings *self, GError **error) {
  const RunetHyperparameters *net = &self->hyperparameters;
  if (!(self->learning_rate > 0) || !isfinite (self->learning_rate))
    return refuse (error, "learning rate must be above 0", self->learning_rate);
  if (self->batch == 0)
    return refuse (error, "batch must be at least 1", 0);
  if (self->epochs == 0)
    return refuse (error, "epochs must be at least 1", 0);
  if (!runet_hyperparameters_check (net, error))
    return FALSE;
  if (net->stages > RUNET_TRAINING_STAGES)
    return refuse (error, "stages must be 1 … 8", net->stages);
  double sum = 0;
  for (guint k = 0; k < RUNET_TRAINING_STAGES; k++) {
    if (!(self->stage_weights[k] >= 0) || !isfinite (self->stage_weights[k]))
      return refuse (error, "weights of stages must be 0 or more",
                     self->stage_weights[k]);
    sum += k < net->stages ? self->stage_weights[k] : 0;
  }
  if (sum <= 0)
    return refuse (error, "one stage must have a weight above 0", sum);
  return TRUE;
}

static void
add_sizes (JsonBuilder *builder, const char *name, const gsize *values, guint count) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < count; i++)
    json_builder_add_int_value (builder, (gint64)values[i]);
  json_builder_end_array (builder);
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
add_network (JsonBuilder *builder, const RunetHyperparameters *net) {
  json_builder_set_member_name (builder, "architecture");
  json_builder_add_string_value (builder,
                                 runet_architecture_to_string (net->architecture));
  add_int (builder, "stages", net->stages);
  add_int (builder, "input_size", (gint64)net->input_size);
  add_int (builder, "classes", (gint64)net->classes);
  add_sizes (builder, "down", net->down, G_N_ELEMENTS (net->down));
  add_sizes (builder, "up", net->up, G_N_ELEMENTS (net->up));
  add_int (builder, "dilation", net->dilation);
  add_double (builder, "shift", net->shift);
  add_double (builder, "slope", net->slope);
  add_double (builder, "shift2", net->shift2);
  gsize dilations[G_N_ELEMENTS (net->dilations)];
  for (guint i = 0; i < G_N_ELEMENTS (dilations); i++)
    dilations[i] = net->dilations[i];
  add_sizes (builder, "dilations", dilations, G_N_ELEMENTS (dilations));
}

JsonNode *
runet_training_settings_to_json (const RunetTrainingSettings *self) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_network (builder, &self->hyperparameters);
  add_double (builder, "learning_rate", self->learning_rate);
  add_int (builder, "batch", self->batch);
  add_int (builder, "epochs", self->epochs);
  add_int (builder, "patience", self->patience);
  add_int (builder, "stop_after", self->stop_after);
  json_builder_set_member_name (builder, "stage_weights");
  json_builder_begin_array (builder);
  for (guint k = 0; k < RUNET_TRAINING_STAGES; k++)
    json_builder_add_double_value (builder, self->stage_weights[k]);
  json_builder_end_array (builder);
  add_int (builder, "seed", self->seed);
  json_builder_set_member_name (builder, "augment");
  json_builder_add_boolean_value (builder, self->augment);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* Reads members one after the other; the first that is wrong is kept. */
typedef struct {
  JsonObject *object;
  const char *wrong;
} Reader;

static double
read_number (Reader *reader, const char *name) {
  JsonNode *node = json_object_get_member (reader->object, name);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) != G_TYPE_STRING)
    return json_node_get_double (node);
  if (reader->wrong == NULL)
    reader->wrong = name;
  return 0;
}

static guint
read_count (Reader *reader, const char *name) {
  double value = read_number (reader, name);
  if (value >= 0 && value <= G_MAXUINT32)
    return (guint)value;
  if (reader->wrong == NULL)
    reader->wrong = name;
  return 0;
}

static gboolean
read_truth (Reader *reader, const char *name) {
  JsonNode *node = json_object_get_member (reader->object, name);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  if (reader->wrong == NULL)
    reader->wrong = name;
  return FALSE;
}

static void
read_numbers (Reader *reader, const char *name, double *values, guint count) {
  JsonNode *node = json_object_get_member (reader->object, name);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) != count) {
    if (reader->wrong == NULL)
      reader->wrong = name;
    return;
  }
  for (guint i = 0; i < count; i++)
    if (JSON_NODE_HOLDS_VALUE (json_array_get_element (array, i)))
      values[i] = json_array_get_double_element (array, i);
    else if (reader->wrong == NULL)
      reader->wrong = name;
}

static void
read_sizes (Reader *reader, const char *name, gsize *values, guint count) {
  g_autofree double *numbers = g_new0 (double, count);
  read_numbers (reader, name, numbers, count);
  for (guint i = 0; i < count; i++) {
    gboolean sensible = numbers[i] >= 0 && numbers[i] <= 65536;
    values[i] = sensible ? (gsize)numbers[i] : 0;
    if (!sensible && reader->wrong == NULL)
      reader->wrong = name;
  }
}

static void
read_network (Reader *reader, RunetHyperparameters *net) {
  JsonNode *node = json_object_get_member (reader->object, "architecture");
  const char *name =
      node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  if (name == NULL || !runet_architecture_from_string (name, &net->architecture))
    reader->wrong = "architecture";
  net->stages = read_count (reader, "stages");
  net->input_size = read_count (reader, "input_size");
  net->classes = read_count (reader, "classes");
  read_sizes (reader, "down", net->down, G_N_ELEMENTS (net->down));
  read_sizes (reader, "up", net->up, G_N_ELEMENTS (net->up));
  net->dilation = read_count (reader, "dilation");
  net->shift = (float)read_number (reader, "shift");
  net->slope = (float)read_number (reader, "slope");
  net->shift2 = (float)read_number (reader, "shift2");
  gsize dilations[G_N_ELEMENTS (net->dilations)];
  read_sizes (reader, "dilations", dilations, G_N_ELEMENTS (dilations));
  for (guint i = 0; i < G_N_ELEMENTS (dilations); i++)
    net->dilations[i] = (guint)dilations[i];
}

gboolean
runet_training_settings_from_json (RunetTrainingSettings *self,
                                   JsonNode *node,
                                   GError **error) {
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "training settings: expected a JSON object");
    return FALSE;
  }
  *self = (RunetTrainingSettings){0};
  Reader reader = {.object = json_node_get_object (node)};
  read_network (&reader, &self->hyperparameters);
  self->learning_rate = read_number (&reader, "learning_rate");
  self->batch = read_count (&reader, "batch");
  self->epochs = read_count (&reader, "epochs");
  self->patience = read_count (&reader, "patience");
  self->stop_after = read_count (&reader, "stop_after");
  read_numbers (&reader, "stage_weights", self->stage_weights, RUNET_TRAINING_STAGES);
  self->seed = read_count (&reader, "seed");
  self->augment = read_truth (&reader, "augment");
  if (reader.wrong != NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                 "training settings: member \"%s\" is missing or wrong", reader.wrong);
    return FALSE;
  }
  return runet_training_settings_check (self, error);
}
