/* JSON that is built and read back: what is not as it should be is refused with a word that says where. */
#include "core/base/json-text.h"

#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/json-build.h"

static JsonObject *
parse (const char *text, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return runet_json_read_object (bytes, "x.json", error);
}

static void
test_back (void) {
  static const char name[] = "caf\xe9 / 50 %";
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_string (builder, "text", "a \"b\"");
  runet_json_add_string (builder, "none", NULL);
  runet_json_add_bytes (builder, "bytes", name);
  runet_json_add_int (builder, "integer", G_MAXINT64);
  runet_json_add_number (builder, "number", 0.25);
  runet_json_add_number (builder, "nan", NAN);
  runet_json_add_boolean (builder, "boolean", TRUE);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);
  g_autoptr (JsonObject) object = parse (text, &error);
  g_assert_no_error (error);

  gint64 integer;
  double number;
  gboolean boolean;
  g_autofree char *bytes =
      g_uri_unescape_string (runet_json_get_string (object, "bytes", &error), NULL);
  g_assert_cmpstr (bytes, ==, name);
  g_assert_cmpstr (runet_json_get_string (object, "text", &error), ==, "a \"b\"");
  g_assert_true (
      runet_json_get_integer (object, "integer", 0, G_MAXINT64, &integer, &error));
  g_assert_cmpint (integer, ==, G_MAXINT64);
  g_assert_true (runet_json_get_number (object, "number", 0, 1, &number, &error));
  g_assert_cmpfloat (number, ==, 0.25);
  g_assert_true (runet_json_get_boolean (object, "boolean", &boolean, &error));
  g_assert_true (boolean);
  g_assert_false (runet_json_has (object, "nan"));
  g_assert_false (runet_json_has (object, "none"));
  g_assert_no_error (error);
}

static void
test_refused (void) {
  static const char *const texts[] = {"", "[]", "{", "{\"a\":1,\"a\":2}", "{'a':1}"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (parse (texts[i], &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
    g_assert_true (g_str_has_prefix (error->message, "x.json: "));
    g_assert_null (strchr (error->message, '\n'));
  }
}

static void
test_members (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object =
      parse ("{\"text\":\"7\",\"number\":1.5,\"list\":[1,2]}", &error);
  gint64 integer;
  double number;
  g_assert_no_error (error);
  g_assert_false (runet_json_get_integer (object, "number", 0, 9, &integer, NULL));
  g_assert_false (runet_json_get_number (object, "number", 0, 1, &number, NULL));
  g_assert_false (runet_json_get_number (object, "text", 0, 9, &number, NULL));
  g_assert_null (runet_json_get_array (object, "list", 1, NULL));
  g_assert_null (runet_json_get_object (object, "list", NULL));
  g_assert_null (runet_json_get_string (object, "missing", &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  g_assert_true (g_str_has_prefix (error->message, "missing: "));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-text/back", test_back);
  g_test_add_func ("/json-text/refused", test_refused);
  g_test_add_func ("/json-text/members", test_members);
  return g_test_run ();
}
