/* Members of a JSON object that is being built. */
#include "json-build.h"

#include <math.h>
#include <string.h>

void
runet_json_add_number (JsonBuilder *builder, const char *name, double value) {
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
runet_json_add_string (JsonBuilder *builder, const char *name, const char *value) {
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    runet_json_add_element (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
runet_json_add_element (JsonBuilder *builder, const char *value) {
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  json_builder_add_string_value (builder, valid);
}

void
runet_json_add_elements (JsonBuilder *builder,
                         const char *name,
                         const GPtrArray *values) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < values->len; i++)
    runet_json_add_element (builder, values->pdata[i]);
  json_builder_end_array (builder);
}

void
runet_json_add_int (JsonBuilder *builder, const char *name, gint64 value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
runet_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value) {
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

char *
runet_json_escape_bytes (const char *value) {
  g_return_val_if_fail (value != NULL, NULL);
  return g_uri_escape_bytes ((const guint8 *)value, strlen (value), NULL);
}

void
runet_json_add_bytes (JsonBuilder *builder, const char *name, const char *value) {
  g_autofree char *escaped = value != NULL ? runet_json_escape_bytes (value) : NULL;
  runet_json_add_string (builder, name, escaped);
}
