/* Reading JSON that comes from outside: nothing in it is believed before it is checked. */
#include "json-text.h"

#include <math.h>

#include "error.h"
#include "json-depth.h"

/* Frames, frame, correction, contours, contour, points and point nest eight deep; the parser recurses, so what is
 * deeper must not reach it. */
#define MAX_DEPTH 10
/* More than the label maps of a long sequence take, and less than what memory is short of. */
#define MAX_BYTES ((gsize)512 << 20)

gboolean
runet_json_fail (GError **error, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT, "%s", message);
  return FALSE;
}

/* The parser keeps the last of two members with one name, so they are looked for on the way. */
typedef struct {
  GHashTable *seen; /* "object name" */
  char *duplicate; /* (nullable) */
} Members;

static void
object_member_cb (JsonParser *parser,
                  JsonObject *object,
                  const char *name,
                  gpointer data) {
  Members *members = data;
  char *key = g_strdup_printf ("%p %s", (gpointer)object, name);
  if (!g_hash_table_add (members->seen, key) && members->duplicate == NULL)
    members->duplicate = g_strdup (name);
}

JsonNode *
runet_json_parse (const char *text, gsize length, char **duplicate, GError **error) {
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Members members = {seen, NULL};
  g_signal_connect (parser, "object-member", G_CALLBACK (object_member_cb), &members);
  const gboolean parsed =
      json_parser_load_from_data (parser, text, (gssize)length, error);
  *duplicate = members.duplicate;
  if (!parsed)
    return NULL;
  JsonNode *root = json_parser_steal_root (parser);
  return root != NULL ? root : json_node_new (JSON_NODE_NULL);
}

/* The parser's own message may quote lines of the text. */
static void
fail_to_parse (GError **error, const char *what, const GError *reason) {
  g_autofree char *line = g_strdup (reason->message);
  runet_json_fail (error, "%s: expected JSON, found: %s", what,
                   g_strdelimit (line, "\n\r", ' '));
}

JsonObject *
runet_json_read_object (GBytes *json, const char *what, GError **error) {
  gsize length;
  const char *text = g_bytes_get_data (json, &length);
  if (length == 0 || length > MAX_BYTES ||
      !g_utf8_validate (text, (gssize)length, NULL) ||
      !runet_json_is_shallow (text, length, MAX_DEPTH)) {
    runet_json_fail (error, "%s: expected JSON of the program's own, found other bytes",
                     what);
    return NULL;
  }
  g_autoptr (GError) reason = NULL;
  g_autofree char *duplicate = NULL;
  g_autoptr (JsonNode) root = runet_json_parse (text, length, &duplicate, &reason);
  if (root == NULL)
    fail_to_parse (error, what, reason);
  else if (duplicate != NULL)
    runet_json_fail (error, "%s: %s: expected once, found twice", what, duplicate);
  else if (!JSON_NODE_HOLDS_OBJECT (root))
    runet_json_fail (error, "%s: expected a JSON object, found something else", what);
  else
    return json_object_ref (json_node_get_object (root));
  return NULL;
}

gboolean
runet_json_is_number (JsonNode *node, double least, double most, double *value) {
  const GType type =
      JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_double (node);
  return isfinite (*value) && *value >= least && *value <= most;
}

gboolean
runet_json_has (JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

gboolean
runet_json_get_number (JsonObject *object,
                       const char *name,
                       double least,
                       double most,
                       double *value,
                       GError **error) {
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && runet_json_is_number (node, least, most, value))
    return TRUE;
  return runet_json_fail (error, "%s: expected a number from %g to %g, found %s", name,
                          least, most, node == NULL ? "none" : "something else");
}

gboolean
runet_json_get_integer (JsonObject *object,
                        const char *name,
                        gint64 least,
                        gint64 most,
                        gint64 *value,
                        GError **error) {
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_INT64) {
    *value = json_node_get_int (node);
    if (*value >= least && *value <= most)
      return TRUE;
  }
  return runet_json_fail (error,
                          "%s: expected a whole number from %" G_GINT64_FORMAT
                          " to %" G_GINT64_FORMAT ", found %s",
                          name, least, most, node == NULL ? "none" : "something else");
}

gboolean
runet_json_get_boolean (JsonObject *object,
                        const char *name,
                        gboolean *value,
                        GError **error) {
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return runet_json_fail (error, "%s: expected true or false, found %s", name,
                            node == NULL ? "none" : "something else");
  *value = json_node_get_boolean (node);
  return TRUE;
}

const char *
runet_json_get_string (JsonObject *object, const char *name, GError **error) {
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  runet_json_fail (error, "%s: expected a text, found %s", name,
                   node == NULL ? "none" : "something else");
  return NULL;
}

JsonObject *
runet_json_get_object (JsonObject *object, const char *name, GError **error) {
  JsonNode *node = json_object_get_member (object, name);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  runet_json_fail (error, "%s: expected an object, found %s", name,
                   node == NULL ? "none" : "something else");
  return NULL;
}

JsonArray *
runet_json_get_array (JsonObject *object,
                      const char *name,
                      guint most,
                      GError **error) {
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node)) {
    runet_json_fail (error, "%s: expected a list, found %s", name,
                     node == NULL ? "none" : "something else");
    return NULL;
  }
  JsonArray *array = json_node_get_array (node);
  if (json_array_get_length (array) <= most)
    return array;
  runet_json_fail (error, "%s: expected at most %u entries, found %u", name, most,
                   json_array_get_length (array));
  return NULL;
}
