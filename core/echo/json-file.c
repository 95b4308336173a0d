/* Files of the program's own that hold one JSON object. */
#include "json-file.h"

#include <string.h>

#include "core/base/json-text.h"
#include "core/echo/file.h"

JsonObject *
runet_json_file_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (GBytes) bytes = runet_file_read_bytes (path, error);
  if (bytes == NULL)
    return NULL;
  g_autofree char *name = g_filename_display_name (path);
  return runet_json_read_object (bytes, name, error);
}

gboolean
runet_json_file_write (JsonNode *root, const char *path, GError **error) {
  g_return_val_if_fail (root != NULL && path != NULL, FALSE);
  g_autofree char *text = json_to_string (root, TRUE);
  return runet_file_replace (path, (const guint8 *)text, strlen (text), error);
}
