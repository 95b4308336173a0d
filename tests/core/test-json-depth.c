/* What may reach the JSON parser. */
#include "core/base/json-depth.h"

#include <string.h>

static void
test_shallow (void) {
  static const char *const texts[] = {
      "",
      "{}",
      "[[[]]]",
      "[[],[],[],[],[[]]]",
      "{\"a\": [1, -2.5e+7, true, false, null]}\r\n",
      "{\"[[[[[[\": \"{{{{{{ \\\" [[[[ \\\\\", \"b\": [\"/* ' */\"]}",
      "]]]]]]",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_true (runet_json_is_shallow (texts[i], strlen (texts[i]), 3));
}

/* The parser passes over comments and takes single quotes, so that a bracket after them counts for it. */
static void
test_refused (void) {
  static const char *const texts[] = {
      "[[[[1]]]]",    "{\"a\":{\"a\":{\"a\":{}}}}",
      "\"\\\"\"[[[[", "/*\"*/[[[[",
      "//\"\n[[[[",   "['\"',[[[[",
      "#\"\n[[[[",    "var x = [[[[",
      "\xc2\xa0[]",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (runet_json_is_shallow (texts[i], strlen (texts[i]), 3));
  g_assert_false (runet_json_is_shallow (NULL, 0, 3));
  g_assert_false (runet_json_is_shallow ("[\0]", 3, 3));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json-depth/shallow", test_shallow);
  g_test_add_func ("/base/json-depth/refused", test_refused);
  return g_test_run ();
}
