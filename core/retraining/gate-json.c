/* A verdict as JSON: what the registry keeps and windows show. */
#include <math.h>

#include "core/base/error.h"
#include "core/base/json-build.h"
#include "core/base/json-text.h"
#include "gate-private.h"

static void
add_measures (JsonBuilder *builder, const RunetGate *gate) {
  json_builder_set_member_name (builder, "measures");
  json_builder_begin_array (builder);
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    const RunetGateFigure *figure = &gate->figures[m];
    json_builder_begin_object (builder);
    runet_json_add_string (builder, "name", runet_gate_limits[m].name);
    runet_json_add_number (builder, "parent", figure->parent);
    runet_json_add_number (builder, "candidate", figure->candidate);
    runet_json_add_int (builder, "count", figure->count);
    runet_json_add_number (builder, "p", figure->p);
    runet_json_add_number (builder, "limit", runet_gate_limits[m].worsening);
    runet_json_add_boolean (builder, "failed", figure->failed);
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
    json_builder_begin_object (builder);
    runet_json_add_string (builder, "name", one->name);
    runet_json_add_number (builder, "parent", one->parent);
    runet_json_add_number (builder, "candidate", one->candidate);
    runet_json_add_boolean (builder, "parent_outlier", one->parent_outlier);
    runet_json_add_boolean (builder, "candidate_outlier", one->candidate_outlier);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

JsonNode *
runet_gate_to_json (const RunetGate *gate) {
  g_return_val_if_fail (gate != NULL, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_boolean (builder, "passed", gate->passed);
  runet_json_add_int (builder, "patients", gate->patients);
  runet_json_add_int (builder, "images", gate->images);
  add_measures (builder, gate);
  add_cases (builder, gate);
  runet_json_add_elements (builder, "skipped", gate->skipped);
  runet_json_add_elements (builder, "reasons", gate->reasons);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* ---- Back ---- */

/* Null is NaN. */
static gboolean
get_number (JsonObject *object, const char *name, double *value) {
  JsonNode *node = json_object_get_member (object, name);
  *value = NAN;
  return node != NULL &&
         (JSON_NODE_HOLDS_NULL (node) ||
          runet_json_is_number (node, -G_MAXDOUBLE, G_MAXDOUBLE, value));
}

static gboolean
get_boolean (JsonObject *object, const char *name, gboolean *value) {
  return runet_json_get_boolean (object, name, value, NULL);
}

static gboolean
get_count (JsonObject *object, const char *name, guint *value) {
  gint64 count;
  if (!runet_json_get_integer (object, name, 0, G_MAXUINT, &count, NULL))
    return FALSE;
  *value = (guint)count;
  return TRUE;
}

static JsonObject *
get_element (JsonArray *array, guint index) {
  JsonNode *node = json_array_get_element (array, index);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
read_lines (JsonObject *object, const char *name, GPtrArray *lines) {
  JsonArray *array = runet_json_get_array (object, name, G_MAXUINT, NULL);
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
  JsonArray *array = runet_json_get_array (object, "measures", G_MAXUINT, NULL);
  if (array == NULL || json_array_get_length (array) != RUNET_GATE_MEASURES)
    return FALSE;
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    JsonObject *one = get_element (array, m);
    RunetGateFigure *figure = &gate->figures[m];
    const char *name = one != NULL ? runet_json_get_string (one, "name", NULL) : NULL;
    if (name == NULL || g_strcmp0 (name, runet_gate_limits[m].name) != 0 ||
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
  JsonArray *array = runet_json_get_array (object, "cases", G_MAXUINT, NULL);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonObject *from = get_element (array, i);
    const char *name = from != NULL ? runet_json_get_string (from, "name", NULL) : NULL;
    RunetGateCase one = {0};
    if (name == NULL || !get_number (from, "parent", &one.parent) ||
        !get_number (from, "candidate", &one.candidate) ||
        !get_boolean (from, "parent_outlier", &one.parent_outlier) ||
        !get_boolean (from, "candidate_outlier", &one.candidate_outlier))
      return FALSE;
    one.name = g_strdup (name);
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
