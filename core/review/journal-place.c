/* Where the record of a data set lies. */
#include "journal.h"

#include <string.h>
#include "core/echo/file.h"

/* File systems take 255 bytes a name; SQLite adds "-wal" and others to ours. */
#define NAME_BYTES 100
#define HASH_DIGITS 12

/* Only what no shell, file system or person stumbles over. */
static char *
make_name (const char *path) {
  g_autofree char *base = g_path_get_basename (path);
  char *name = g_strndup (base, NAME_BYTES);
  for (char *c = name; *c != 0; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-_.", *c) == NULL)
      *c = '_';
  if (*name == '.')
    *name = '_';
  return name;
}

char *
runet_journal_default_path (const char *dataset) {
  g_return_val_if_fail (dataset != NULL, NULL);

  g_autofree char *path = runet_path_resolve (dataset);
  g_autofree char *name = make_name (path);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *file = g_strdup_printf ("%s-%.*s.sqlite", name, HASH_DIGITS, hash);
  return g_build_filename (g_get_user_data_dir (), "runet-review", "reviews", file,
                           NULL);
}
