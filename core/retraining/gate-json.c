/* A verdict as JSON: what the registry keeps and windows show. */
#include <math.h>

#include "core/base/error.h"
#include "gate-private.h"

static void
add_number (JsonBuilder *builder, const char *name, double value) {
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_boolean (JsonBuilder *builder, const char *name, gboolean value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_lines (JsonBuilder *builder, const char *name, const GPtrArray *lines) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < lines->len; i++) {
    g_autofree char *valid = g_utf8_make_valid (lines->pdata[i], -1);
    json_builder_add_string_value (builder, valid);
  }
  json_builder_end_array (builder);
}

static void
add_measures (JsonBuilder *builder, const RunetGate *gate) {
  json_builder_set_member_name (builder, "measures");
  json_builder_begin_array (builder);
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    const RunetGateFigure *figure = &gate->figures[m];
    json_builder_begin_object (builder);
    add_string (builder, "name", runet_gate_limits[m].name);
    add_number (builder, "parent", figure->parent);
    add_number (builder, "candidate", figure->candidate);
    add_int (builder, "count", figure->count);
    add_number (builder, "p", figure->p);
    add_number (builder, "limit", runet_gate_limits[m].worsening);
    add_boolean (builder, "failed", figure->failed);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_cases (JsonBuilder *builder, const RunetGate *gate) {
  json_builder_set_member_name (builder, "cases");
  json_builder_begin_array (builder);
  for (guint i = 0; i < gate->cases->len; i++) {
    const RunetGateCase *one = gate->cases->pdata[i];
    g_autofree char *name = g_utf8_make_valid (one->name, -1);
    json_builder_begin_object (builder);
    add_string (builder, "name", name);
    add_number (builder, "parent", one->parent);
    add_number (builder, "candidate", one->candidate);
    add_boolean (builder, "parent_outlier", one->parent_outlier);
    add_boolean (builder, "candidate_outlier", one->candidate_outlier);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

JsonNode *
runet_gate_to_json (const RunetGate *gate) {
  g_return_val_if_fail (gate != NULL, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_boolean (builder, "passed", gate->passed);
  add_int (builder, "patients", gate->patients);
  add_int (builder, "images", gate->images);
  add_measures (builder, gate);
  add_cases (builder, gate);
  add_lines (builder, "skipped", gate->skipped);
  add_lines (builder, "reasons", gate->reasons);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* ---- Back ---- */

static JsonNode *
get_value (JsonObject *object, const char *name, GType type) {
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  GType found = json_node_get_value_type (node);
  gboolean number = type == G_TYPE_DOUBLE && found == G_TYPE_INT64;
  return found == type || number ? node : NULL;
}

/* Null is NaN. */
static gboolean
get_number (JsonObject *object, const char *name, double *value) {
  JsonNode *node = json_object_get_member (object, name);
  *value = NAN;
  if (node != NULL && JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  node = get_value (object, name, G_TYPE_DOUBLE);
  if (node != NULL)
    *value = json_node_get_double (node);
  return node != NULL;
}

static gboolean
get_boolean (JsonObject *object, const char *name, gboolean *value) {
  JsonNode *node = get_value (object, name, G_TYPE_BOOLEAN);
  if (node != NULL)
    *value = json_node_get_boolean (node);
  return node != NULL;
}

static gboolean
get_count (JsonObject *object, const char *name, guint *value) {
  JsonNode *node = get_value (object, name, G_TYPE_INT64);
  gint64 count = node != NULL ? json_node_get_int (node) : -1;
  if (count < 0 || count > G_MAXUINT)
    return FALSE;
  *value = (guint)count;
  return TRUE;
}

static JsonArray *
get_array (JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node)
                                                      : NULL;
}

static JsonObject *
get_element (JsonArray *array, guint index) {
  JsonNode *node = json_array_get_element (array, index);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_lines (JsonObject *object, const char *name, GPtrArray *lines) {
  JsonArray *array = get_array (object, name);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_STRING)
      return FALSE;
    g_ptr_array_add (lines, g_strdup (json_node_get_string (node)));
  }
  return array != NULL;
}

static gboolean
read_measures (JsonObject *object, RunetGate *gate) {
  JsonArray *array = get_array (object, "measures");
  if (array == NULL || json_array_get_length (array) != RUNET_GATE_MEASURES)
    return FALSE;
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    JsonObject *one = get_element (array, m);
    RunetGateFigure *figure = &gate->figures[m];
    JsonNode *name = one != NULL ? get_value (one, "name", G_TYPE_STRING) : NULL;
    if (name == NULL ||
        g_strcmp0 (json_node_get_string (name), runet_gate_limits[m].name) != 0 ||
        !get_number (one, "parent", &figure->parent) ||
        !get_number (one, "candidate", &figure->candidate) ||
        !get_count (one, "count", &figure->count) ||
        !get_number (one, "p", &figure->p) ||
        !get_boolean (one, "failed", &figure->failed))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_cases (JsonObject *object, RunetGate *gate) {
  JsonArray *array = get_array (object, "cases");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *from = get_element (array, i);
    JsonNode *name = from != NULL ? get_value (from, "name", G_TYPE_STRING) : NULL;
    RunetGateCase one = {0};
    if (name == NULL || !get_number (from, "parent", &one.parent) ||
        !get_number (from, "candidate", &one.candidate) ||
        !get_boolean (from, "parent_outlier", &one.parent_outlier) ||
        !get_boolean (from, "candidate_outlier", &one.candidate_outlier))
      return FALSE;
    one.name = g_strdup (json_node_get_string (name));
    g_ptr_array_add (gate->cases, g_memdup2 (&one, sizeof one));
  }
  return array != NULL;
}

RunetGate *
runet_gate_from_json (JsonNode *node, GError **error) {
  g_return_val_if_fail (node != NULL, NULL);
  g_autoptr (RunetGate) gate = runet_gate_new_empty ();
  JsonObject *object =
      JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (object != NULL && get_boolean (object, "passed", &gate->passed) &&
      get_count (object, "patients", &gate->patients) &&
      get_count (object, "images", &gate->images) && read_measures (object, gate) &&
      read_cases (object, gate) && read_lines (object, "skipped", gate->skipped) &&
      read_lines (object, "reasons", gate->reasons))
    return g_steal_pointer (&gate);
  g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                       "expected the verdict of a gate, found other JSON");
  return NULL;
}
