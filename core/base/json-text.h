/* Reading JSON that comes from outside: nothing in it is believed before it is checked. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Returns FALSE, with one line as RUNET_ERROR_FORMAT. */
gboolean
runet_json_fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * runet_json_parse:
 * @text: shallow enough, see json-depth.h
 * @duplicate: (out) (transfer full) (nullable): the first member that an object has twice: the parser keeps the last
 *
 * Returns: (transfer full): of an empty text a null; NULL with @error, which is the parser's, when it is no JSON.
 */
JsonNode *
runet_json_parse (const char *text, gsize length, char **duplicate, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_json_read_object:
 * @what: of which the bytes are to be, for the error
 *
 * One object, no member of any object twice, no deeper than what is nested here.
 */
JsonObject *
runet_json_read_object (GBytes *json,
                        const char *what,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Each fails where the member is missing or of another type. */
gboolean
runet_json_get_integer (JsonObject *object,
                        const char *name,
                        gint64 least,
                        gint64 most,
                        gint64 *value,
                        GError **error);
gboolean
runet_json_get_number (JsonObject *object,
                       const char *name,
                       double least,
                       double most,
                       double *value,
                       GError **error);
gboolean
runet_json_get_boolean (JsonObject *object,
                        const char *name,
                        gboolean *value,
                        GError **error);
/* (transfer none) */
const char *
runet_json_get_string (JsonObject *object, const char *name, GError **error);
JsonObject *
runet_json_get_object (JsonObject *object, const char *name, GError **error);
JsonArray *
runet_json_get_array (JsonObject *object, const char *name, guint most, GError **error);
/* FALSE when it is missing or null. */
gboolean
runet_json_has (JsonObject *object, const char *name);

/* Of an array; FALSE when it is no number between @least and @most. */
gboolean
runet_json_is_number (JsonNode *node, double least, double most, double *value);

G_END_DECLS
