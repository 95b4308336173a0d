/* Members of a JSON object that is being built. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A number, or null when it is not finite. */
void
runet_json_add_number (JsonBuilder *builder, const char *name, double value);
/* @value: (nullable): NULL is null */
void
runet_json_add_string (JsonBuilder *builder, const char *name, const char *value);
/* A string of an array. What is not UTF-8, as file names may be, becomes what JSON can hold. */
void
runet_json_add_element (JsonBuilder *builder, const char *value);
/* An array of them. @values: (element-type utf8) */
void
runet_json_add_elements (JsonBuilder *builder,
                         const char *name,
                         const GPtrArray *values);
void
runet_json_add_int (JsonBuilder *builder, const char *name, gint64 value);
void
runet_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value);

/* (transfer full): as text that JSON can hold and g_uri_unescape_string() gives back, byte for byte: names of folders
 * need not be UTF-8. */
char *
runet_json_escape_bytes (const char *value) G_GNUC_WARN_UNUSED_RESULT;
/* @value: (nullable): added by runet_json_escape_bytes() */
void
runet_json_add_bytes (JsonBuilder *builder, const char *name, const char *value);

G_END_DECLS
