/* Which files of a folder are masks, and of which frames. */
#include <stdlib.h>
#include <string.h>

#include "core/echo/file.h"
#include "import-private.h"

/* The output folder, a subset, a patient, and one more for who keeps them elsewhere. */
#define MAX_DEPTH 4

typedef struct {
  const RunetDataset *dataset;
  GHashTable *masks; /* of what → RunetImportMask */
  GPtrArray *problems;
  guint sequences; /* masks of whole sequences, which are left out */
} Search;

static void
mask_free (gpointer data) {
  RunetImportMask *self = data;
  g_free (self->path);
  g_free (self);
}

/* Takes the end of @stem away and returns how good a name it is; what has no known end is the last choice. */
static guint
strip_suffix (char *stem) {
  static const char *const suffixes[] = {"_gt", "_pred"};
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (stem, suffixes[i])) {
      stem[strlen (stem) - strlen (suffixes[i])] = '\0';
      return i;
    }
  return G_N_ELEMENTS (suffixes);
}

/* Parts of "patient0001_4CH_ED" and "patient0001_4CH_frame07"; @stem is cut in two. FALSE for any other name. */
static gboolean
parse_stem (char *stem, RunetImportMask *mask) {
  char *moment = strrchr (stem, '_');
  if (moment == NULL)
    return FALSE;
  *moment++ = '\0';
  char *view = strrchr (stem, '_');
  if (view == NULL)
    return FALSE;
  *view++ = '\0';
  guint v = 0, k = 0;
  while (v < RUNET_VIEWS && !g_str_equal (view, runet_view_to_string (v)))
    v++;
  while (k < RUNET_INSTANTS && !g_str_equal (moment, runet_instant_to_string (k)))
    k++;
  mask->view = v;
  mask->instant = k < RUNET_INSTANTS ? (int)k : -1;
  mask->frame = 0;
  if (k == RUNET_INSTANTS && g_str_has_prefix (moment, "frame")) {
    guint64 frame;
    if (g_ascii_string_to_unsigned (moment + strlen ("frame"), 10, 1, RUNET_FRAMES_MAX,
                                    &frame, NULL))
      mask->frame = (int)frame;
  }
  return v < RUNET_VIEWS && (mask->instant >= 0 || mask->frame > 0);
}

/* Whether @folder is a part of @path. */
static gboolean
has_part (const char *path, const char *folder) {
  g_auto (GStrv) parts = g_strsplit (path, G_DIR_SEPARATOR_S, -1);
  return g_strv_contains ((const char *const *)parts, folder);
}

/* In a release whose ids restart, the name of the subset must be among the folders. */
static const RunetPatient *
find_patient (const Search *search, const char *id, const char *path) {
  const RunetPatient *found = NULL;
  guint count = 0;
  for (guint i = 0; i < search->dataset->patients->len; i++) {
    const RunetPatient *patient = search->dataset->patients->pdata[i];
    if (strcmp (patient->id, id) != 0)
      continue;
    if (patient->subset != NULL && has_part (path, patient->subset))
      return patient;
    found = patient;
    count++;
  }
  return count == 1 ? found : NULL;
}

static void
add_problem (Search *search, const char *path, const char *message) {
  g_autofree char *name = g_filename_display_name (path);
  g_ptr_array_add (search->problems, g_strdup_printf ("%s: %s", name, message));
}

static void
add_file (Search *search, const char *path) {
  RunetFormat format;
  if (!runet_format_from_path (path, &format))
    return;
  g_autofree char *stem = g_path_get_basename (path);
  const gsize ending = strlen (runet_format_extension (format)) + 1;
  if (strlen (stem) <= ending)
    return;
  stem[strlen (stem) - ending] = '\0';
  RunetImportMask mask = {.rank = strip_suffix (stem)};
  if (mask.rank < 2 && g_str_has_suffix (stem, "_sequence")) {
    search->sequences++;
    return;
  }
  if (!parse_stem (stem, &mask)) {
    if (mask.rank < 2)
      add_problem (search, path,
                   "expected a name like patient0001_4CH_ED_gt or "
                   "patient0001_4CH_frame07_gt, found another");
    return;
  }
  mask.patient = find_patient (search, stem, path);
  if (mask.patient == NULL) {
    add_problem (search, path, "expected a patient of the data set, found none");
    return;
  }
  char *key = g_strdup_printf ("%s/%s/%d/%d/%d",
                               mask.patient->subset != NULL ? mask.patient->subset : "",
                               mask.patient->id, mask.view, mask.instant, mask.frame);
  const RunetImportMask *known = g_hash_table_lookup (search->masks, key);
  if (known != NULL && known->rank <= mask.rank) {
    g_free (key);
    return;
  }
  mask.path = g_strdup (path);
  if (known != NULL)
    mask_free ((gpointer)known);
  g_hash_table_replace (search->masks, key, g_memdup2 (&mask, sizeof mask));
}

static void
search_folder (Search *search, const char *folder, guint depth) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (*name == '.')
      continue;
    if (!g_file_test (path, G_FILE_TEST_IS_DIR))
      add_file (search, path);
    else if (depth < MAX_DEPTH)
      search_folder (search, path, depth + 1);
  }
}

static int
compare_masks (gconstpointer a, gconstpointer b) {
  const RunetImportMask *first = *(const RunetImportMask *const *)a;
  const RunetImportMask *second = *(const RunetImportMask *const *)b;
  int order = g_strcmp0 (first->patient->subset, second->patient->subset);
  if (order == 0)
    order = strcmp (first->patient->id, second->patient->id);
  if (order == 0)
    order = (int)second->view - (int)first->view;
  if (order == 0)
    order = second->instant >= 0 || first->instant >= 0
                ? (first->instant < 0) - (second->instant < 0)
                : first->frame - second->frame;
  return order != 0 ? order : first->instant - second->instant;
}

static int
compare_texts (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
runet_import_find_masks (const RunetDataset *dataset,
                         const char *folder,
                         GPtrArray *problems) {
  g_autoptr (GHashTable) masks =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Search search = {.dataset = dataset, .masks = masks, .problems = problems};
  search_folder (&search, folder, 1);
  if (search.sequences > 0) {
    g_autofree char *message = g_strdup_printf (
        "expected masks of single frames, left out %u of whole sequences",
        search.sequences);
    add_problem (&search, folder, message);
  }
  GPtrArray *list = g_ptr_array_new_with_free_func (mask_free);
  GHashTableIter iter;
  gpointer mask;
  g_hash_table_iter_init (&iter, masks);
  while (g_hash_table_iter_next (&iter, NULL, &mask))
    g_ptr_array_add (list, mask);
  g_ptr_array_sort (list, compare_masks);
  g_ptr_array_sort (problems, compare_texts);
  return list;
}

gboolean
runet_import_check_record (const RunetImportOptions *options, GError **error) {
  if (!runet_path_is_inside (options->record, options->dataset))
    return TRUE;
  runet_file_error (error, RUNET_ERROR_WRITE, options->record,
                    "expected a record outside of the data set %s, which is never "
                    "written to",
                    options->dataset);
  return FALSE;
}
