/* Files of the program's own that hold one JSON object. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): Errors: those of runet_file_check() and runet_json_read_object(), which name @path. */
JsonObject *
runet_json_file_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Replaces what is at @path as a whole. Errors: %RUNET_ERROR_WRITE. */
gboolean
runet_json_file_write (JsonNode *root, const char *path, GError **error);

G_END_DECLS
