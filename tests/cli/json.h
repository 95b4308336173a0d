/* The JSON that `runet` prints. */
#pragma once

#include <json-glib/json-glib.h>

/* (transfer full): of @text, which is one object. */
static inline JsonObject *
parse (const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}
