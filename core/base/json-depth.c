/* Whether a text may be given to the JSON parser. */
#include "json-depth.h"

#include <string.h>

/* What there is between strings: brackets, commas, white space, numbers, and the letters of true, false and null. */
static gboolean
is_plain (char c) {
  return c != '\0' && strchr ("{}[]:, \t\r\n+-.0123456789eEtrufalsn", c) != NULL;
}

gboolean
runet_json_is_shallow (const char *text, gsize length, guint most) {
  guint depth = 0;
  gboolean in_string = FALSE;
  for (gsize i = 0; text != NULL && i < length; i++) {
    const char c = text[i];
    if (in_string && c == '\\')
      i++;
    else if (c == '"')
      in_string = !in_string;
    else if (!in_string && !is_plain (c))
      return FALSE;
    else if (!in_string && (c == '{' || c == '['))
      depth++;
    else if (!in_string && (c == '}' || c == ']') && depth > 0)
      depth--;
    if (depth > most)
      return FALSE;
  }
  return text != NULL;
}
