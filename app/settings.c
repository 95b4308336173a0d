/* What is remembered from one start to the next. */
#include "settings.h"

#define SCHEMA "org.runet.Review"
#define RECENT "recent-folders"
#define RECENT_MAX 8

GSettings *
runet_settings_get (void) {
  static GSettings *settings;
  static gsize looked;
  if (g_once_init_enter (&looked)) {
    /* g_settings_new() ends the program when the schema is missing. */
    GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
    g_autoptr (GSettingsSchema) schema =
        source ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;
    if (schema)
      settings = g_settings_new_full (schema, NULL, NULL);
    g_once_init_leave (&looked, 1);
  }
  return settings;
}

gboolean
runet_settings_get_boolean (const char *key, gboolean fallback) {
  GSettings *settings = runet_settings_get ();
  return settings ? g_settings_get_boolean (settings, key) : fallback;
}

int
runet_settings_get_int (const char *key, int fallback) {
  GSettings *settings = runet_settings_get ();
  return settings ? g_settings_get_int (settings, key) : fallback;
}

char *
runet_settings_get_string (const char *key, const char *fallback) {
  GSettings *settings = runet_settings_get ();
  return settings ? g_settings_get_string (settings, key) : g_strdup (fallback);
}

void
runet_settings_set_string (const char *key, const char *value) {
  GSettings *settings = runet_settings_get ();
  if (settings)
    g_settings_set_string (settings, key, value);
}

void
runet_settings_set_int (const char *key, int value) {
  GSettings *settings = runet_settings_get ();
  if (settings)
    g_settings_set_int (settings, key, value);
}

GStrv
runet_settings_list_recent (void) {
  GSettings *settings = runet_settings_get ();
  return settings ? g_settings_get_strv (settings, RECENT) : g_new0 (char *, 1);
}

void
runet_settings_add_recent (const char *path) {
  GSettings *settings = runet_settings_get ();
  if (!settings)
    return;
  g_auto (GStrv) before = g_settings_get_strv (settings, RECENT);
  g_autoptr (GPtrArray) after = g_ptr_array_new ();
  g_ptr_array_add (after, (gpointer)path);
  for (guint i = 0; before[i] && after->len < RECENT_MAX; i++)
    if (g_strcmp0 (before[i], path) != 0)
      g_ptr_array_add (after, before[i]);
  g_ptr_array_add (after, NULL);
  g_settings_set_strv (settings, RECENT, (const char *const *)after->pdata);
}
