/* The folds of a cross-validation as lists of patients. */
#include "folds.h"

#include <string.h>

#include "core/base/error.h"
#include "core/echo/file.h"

/* Of the training list, when nobody else can choose the epoch: 50 of the 400 that then are there. */
#define BORROW_EVERY 8

/* More folds than anybody has patients for are a mistake. */
#define MOST_FOLDS 1000

static const char *const part_names[RUNET_FOLD_PARTS] = {"training", "validation",
                                                         "testing"};

const char *
runet_fold_part_to_string (RunetFoldPart part) {
  g_return_val_if_fail (part < RUNET_FOLD_PARTS, NULL);
  return part_names[part];
}

static void
free_fold (gpointer data) {
  RunetFold *fold = data;
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++)
    g_clear_pointer (&fold->patients[p], g_ptr_array_unref);
  g_free (fold->hash);
  g_free (fold);
}

/* K of "subGroupK_PART.txt"; 0 of another name. */
static guint
parse_name (const char *name) {
  if (!g_str_has_prefix (name, "subGroup"))
    return 0;
  const char *digits = name + strlen ("subGroup");
  const char *end = strchr (digits, '_');
  g_autofree char *number = end != NULL ? g_strndup (digits, end - digits) : NULL;
  guint64 k;
  if (number == NULL || *number == '0' ||
      !g_ascii_string_to_unsigned (number, 10, 1, MOST_FOLDS, &k, NULL))
    return 0;
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++) {
    g_autofree char *rest = g_strdup_printf ("_%s.txt", part_names[p]);
    if (g_str_equal (end, rest))
      return (guint)k;
  }
  return 0;
}

static int
compare_numbers (gconstpointer a, gconstpointer b) {
  guint first = *(const guint *)a, second = *(const guint *)b;
  return (first > second) - (first < second);
}

/* (element-type guint): sorted, each once; names that do not end in .txt are nobody's business. */
static GArray *
list_numbers (const char *folder, GError **error) {
  g_autoptr (GError) failure = NULL;
  g_autoptr (GDir) directory = g_dir_open (folder, 0, &failure);
  if (directory == NULL) {
    runet_file_error (error, RUNET_ERROR_MISSING, folder,
                      "expected a folder of folds: %s", failure->message);
    return NULL;
  }
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  for (const char *name; (name = g_dir_read_name (directory)) != NULL;) {
    if (!g_str_has_suffix (name, ".txt"))
      continue;
    guint k = parse_name (name);
    if (k == 0) {
      g_autofree char *shown = g_filename_display_name (name);
      runet_file_error (error, RUNET_ERROR_UNSUPPORTED, folder,
                        "expected subGroupK_training.txt, subGroupK_validation.txt and "
                        "subGroupK_testing.txt, found %s",
                        shown);
      return NULL;
    }
    if (g_hash_table_add (seen, GUINT_TO_POINTER (k)))
      g_array_append_val (numbers, k);
  }
  if (numbers->len == 0) {
    runet_file_error (error, RUNET_ERROR_MISSING, folder,
                      "expected subGroup1_training.txt and so on, found no lists");
    return NULL;
  }
  g_array_sort (numbers, compare_numbers);
  return g_steal_pointer (&numbers);
}

/* Each patient in one part only: else what is tested would have been learned. */
static gboolean
check_apart (const RunetFold *fold, const char *folder, GError **error) {
  g_autoptr (GHashTable) parts = g_hash_table_new (NULL, NULL);
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++)
    for (guint i = 0; i < fold->patients[p]->len; i++) {
      const RunetPatient *patient = fold->patients[p]->pdata[i];
      gpointer other;
      if (g_hash_table_lookup_extended (parts, patient, NULL, &other)) {
        runet_file_error (error, RUNET_ERROR_MISMATCH, folder,
                          "fold %u: expected each patient in one list, found %s in %s "
                          "and in %s",
                          fold->number, patient->id,
                          part_names[GPOINTER_TO_UINT (other)], part_names[p]);
        return FALSE;
      }
      g_hash_table_insert (parts, (gpointer)patient, GUINT_TO_POINTER (p));
    }
  return TRUE;
}

static char *
hash_fold (const RunetFold *fold) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++) {
    g_checksum_update (checksum, (const guchar *)part_names[p], -1);
    for (guint i = 0; i < fold->patients[p]->len; i++) {
      const RunetPatient *patient = fold->patients[p]->pdata[i];
      g_checksum_update (checksum, (const guchar *)"\n", 1);
      g_checksum_update (checksum, (const guchar *)patient->id, -1);
    }
    g_checksum_update (checksum, (const guchar *)"\n\n", 2);
  }
  return g_strdup (g_checksum_get_string (checksum));
}

static void
borrow_validation (RunetFold *fold) {
  GPtrArray *training = fold->patients[RUNET_FOLD_TRAINING];
  GPtrArray *validation = fold->patients[RUNET_FOLD_VALIDATION];
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  guint step = MIN (BORROW_EVERY, training->len);
  for (guint i = 0; i < training->len; i++)
    g_ptr_array_add (i % step == step - 1 ? validation : kept, training->pdata[i]);
  fold->borrowed = validation->len;
  fold->patients[RUNET_FOLD_TRAINING] = g_steal_pointer (&kept);
  g_ptr_array_unref (training);
}

/* Two patients to learn from at least, when one of them is to choose the epoch. */
static gboolean
check_training (RunetFold *fold, const char *folder, GError **error) {
  guint least = fold->patients[RUNET_FOLD_VALIDATION]->len > 0 ? 1 : 2;
  if (fold->patients[RUNET_FOLD_TRAINING]->len >= least)
    return TRUE;
  runet_file_error (error, RUNET_ERROR_MISSING, folder,
                    "fold %u: expected patients to learn from, %u or more, found %u",
                    fold->number, least, fold->patients[RUNET_FOLD_TRAINING]->len);
  return FALSE;
}

static RunetFold *
read_fold (const RunetDataset *dataset,
           const char *folder,
           guint number,
           GError **error) {
  RunetFold *fold = g_new0 (RunetFold, 1);
  fold->number = number;
  gboolean ok = TRUE;
  for (guint p = 0; ok && p < RUNET_FOLD_PARTS; p++) {
    g_autofree char *name =
        g_strdup_printf ("subGroup%u_%s.txt", number, part_names[p]);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    fold->patients[p] = runet_dataset_select (dataset, path, &fold->absent[p], error);
    ok = fold->patients[p] != NULL;
  }
  if (!ok || !check_apart (fold, folder, error) ||
      !check_training (fold, folder, error)) {
    free_fold (fold);
    return NULL;
  }
  if (fold->patients[RUNET_FOLD_VALIDATION]->len == 0)
    borrow_validation (fold);
  fold->hash = hash_fold (fold);
  return fold;
}

/* A patient measured twice would count twice in the tables. */
static gboolean
check_tests (const GPtrArray *folds, const char *folder, GError **error) {
  g_autoptr (GHashTable) tested = g_hash_table_new (NULL, NULL);
  for (guint f = 0; f < folds->len; f++) {
    const RunetFold *fold = folds->pdata[f];
    const GPtrArray *patients = fold->patients[RUNET_FOLD_TESTING];
    for (guint i = 0; i < patients->len; i++) {
      const RunetPatient *patient = patients->pdata[i];
      gpointer other = g_hash_table_lookup (tested, patient);
      if (other != NULL) {
        runet_file_error (error, RUNET_ERROR_MISMATCH, folder,
                          "expected each patient tested in one fold, found %s in folds "
                          "%u and %u",
                          patient->id, GPOINTER_TO_UINT (other), fold->number);
        return FALSE;
      }
      g_hash_table_insert (tested, (gpointer)patient, GUINT_TO_POINTER (fold->number));
    }
  }
  if (g_hash_table_size (tested) > 0)
    return TRUE;
  runet_file_error (
      error, RUNET_ERROR_MISSING, folder,
      "expected patients for testing that are in the data set, found none");
  return FALSE;
}

GPtrArray *
runet_folds_read (const RunetDataset *dataset, const char *folder, GError **error) {
  g_return_val_if_fail (dataset != NULL && folder != NULL, NULL);
  g_autoptr (GArray) numbers = list_numbers (folder, error);
  if (numbers == NULL)
    return NULL;
  g_autoptr (GPtrArray) folds = g_ptr_array_new_with_free_func (free_fold);
  for (guint i = 0; i < numbers->len; i++) {
    RunetFold *fold =
        read_fold (dataset, folder, g_array_index (numbers, guint, i), error);
    if (fold == NULL)
      return NULL;
    g_ptr_array_add (folds, fold);
  }
  if (!check_tests (folds, folder, error))
    return NULL;
  return g_steal_pointer (&folds);
}
