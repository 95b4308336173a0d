/* What is remembered from one start to the next. Where the schema is not installed nothing is
 * remembered, and the program works all the same. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer none) (nullable). */
GSettings *
runet_settings_get (void);

gboolean
runet_settings_get_boolean (const char *key, gboolean fallback);
int
runet_settings_get_int (const char *key, int fallback);
char *
runet_settings_get_string (const char *key,
                           const char *fallback) G_GNUC_WARN_UNUSED_RESULT;
void
runet_settings_set_string (const char *key, const char *value);
void
runet_settings_set_int (const char *key, int value);

/* Folders opened lately, the latest first. */
GStrv
runet_settings_list_recent (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_settings_add_recent (const char *path);

G_END_DECLS
