/* Lists of patients as text, one id a line: the splits and folds of CAMUS. */
#include "dataset.h"

#include <string.h>

#include "file.h"

/* A million ids; what is longer is no list. */
#define LARGEST_LIST ((gsize)16 << 20)

static char *
read_list (const char *path, GError **error) {
  gsize size;
  if (!runet_file_check (path, &size, error))
    return NULL;
  g_autofree guint8 *bytes =
      runet_file_read (path, 0, MIN (size, LARGEST_LIST), NULL, error);
  if (bytes == NULL)
    return NULL;
  if (size <= LARGEST_LIST && g_utf8_validate ((const char *)bytes, (gssize)size, NULL))
    return g_strndup ((const char *)bytes, size);
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected a text of patient ids, found something else");
  return NULL;
}

GPtrArray *
runet_dataset_select (const RunetDataset *dataset,
                      const char *list_path,
                      guint *absent,
                      GError **error) {
  g_return_val_if_fail (dataset != NULL && list_path != NULL, NULL);
  g_autofree char *text = read_list (list_path, error);
  if (text == NULL)
    return NULL;
  GPtrArray *selected = g_ptr_array_new ();
  /* A patient listed twice counts once. */
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint missing = 0;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    if (*g_strstrip (lines[i]) == '\0' || !g_hash_table_add (seen, lines[i]))
      continue;
    const RunetPatient *patient = runet_dataset_find (dataset, lines[i]);
    if (patient != NULL)
      g_ptr_array_add (selected, (gpointer)patient);
    else
      missing++;
  }
  if (absent != NULL)
    *absent = missing;
  return selected;
}
