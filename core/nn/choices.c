/* Which way of convolving was the fastest here, kept from run to run. */
#include "choices.h"

static GMutex lock;
static GKeyFile *known; /* what the file held and what was set since */
static gboolean changed;

static char *
get_path (void) {
  return g_build_filename (g_get_user_cache_dir (), "runet-review", "choices.ini",
                           NULL);
}

static GKeyFile *
read_file (void) {
  g_autofree char *path = get_path ();
  GKeyFile *file = g_key_file_new ();
  /* A file that is damaged or absent is as good as an empty one. */
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL)) {
    g_key_file_unref (file);
    file = g_key_file_new ();
  }
  return file;
}

char *
runet_choices_get (const char *machine, const char *layer) {
  g_mutex_lock (&lock);
  if (known == NULL)
    known = read_file ();
  char *way = g_key_file_get_string (known, machine, layer, NULL);
  g_mutex_unlock (&lock);
  return way;
}

void
runet_choices_set (const char *machine, const char *layer, const char *way) {
  g_mutex_lock (&lock);
  if (known == NULL)
    known = read_file ();
  g_key_file_set_string (known, machine, layer, way);
  changed = TRUE;
  g_mutex_unlock (&lock);
}

/* What another process wrote since this one read the file is kept, and wins: the first choice stays. */
static void
add_from_file (GKeyFile *to) {
  g_autoptr (GKeyFile) file = read_file ();
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; groups[i] != NULL; i++) {
    g_auto (GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);
    for (gsize k = 0; keys != NULL && keys[k] != NULL; k++) {
      g_autofree char *value = g_key_file_get_string (file, groups[i], keys[k], NULL);
      if (value != NULL)
        g_key_file_set_string (to, groups[i], keys[k], value);
    }
  }
}

void
runet_choices_save (void) {
  g_mutex_lock (&lock);
  if (changed) {
    g_autofree char *path = get_path ();
    g_autofree char *folder = g_path_get_dirname (path);
    add_from_file (known);
    if (g_mkdir_with_parents (folder, 0700) == 0)
      g_key_file_save_to_file (known, path, NULL);
    changed = FALSE;
  }
  g_mutex_unlock (&lock);
}

void
runet_choices_forget (void) {
  g_mutex_lock (&lock);
  g_clear_pointer (&known, g_key_file_unref);
  changed = FALSE;
  g_mutex_unlock (&lock);
}
