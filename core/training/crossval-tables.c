/* The tables of [RU] of what a cross-validation has given so far. */
#include "crossval-tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/echo/file.h"

static void
free_table (gpointer data) {
  RunetCrossvalTable *table = data;
  g_ptr_array_unref (table->results);
  g_free (table);
}

/* ---- Reading ---- */

/* K of "foldK.json", as such a file is named by the cross-validation itself. */
static gboolean
parse_result_name (const char *name, guint *fold) {
  guint64 number = g_str_has_prefix (name, "fold")
                       ? g_ascii_strtoull (name + strlen ("fold"), NULL, 10)
                       : 0;
  *fold = (guint)MIN (number, G_MAXUINT);
  g_autofree char *expected = g_strdup_printf ("fold%u.json", *fold);
  return g_str_equal (name, expected);
}

static int
compare_folds (gconstpointer a, gconstpointer b) {
  const RunetCrossvalResult *first = *(const RunetCrossvalResult *const *)a;
  const RunetCrossvalResult *second = *(const RunetCrossvalResult *const *)b;
  return (first->fold > second->fold) - (first->fold < second->fold);
}

/* Leaves out, with a line each, what does not go with the first result. */
static void
keep_alike (GPtrArray *results, GPtrArray *problems) {
  const RunetCrossvalResult *first = results->len > 0 ? results->pdata[0] : NULL;
  for (guint i = 1; i < results->len;) {
    const RunetCrossvalResult *result = results->pdata[i];
    g_autofree char *difference =
        runet_crossval_settings_compare (&result->settings, &first->settings);
    if (difference == NULL && result->stages != first->stages)
      difference = g_strdup_printf ("%u stages there and %u here", result->stages,
                                    first->stages);
    if (difference == NULL) {
      i++;
      continue;
    }
    g_ptr_array_add (problems,
                     g_strdup_printf ("%s, fold %u does not go with fold %u: %s",
                                      result->method, result->fold, first->fold,
                                      difference));
    g_ptr_array_remove_index (results, i);
  }
}

/* (transfer full) (element-type RunetCrossvalResult): by fold */
static GPtrArray *
read_results (const char *folder, const RunetMethod *method, GPtrArray *problems) {
  GPtrArray *results =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_crossval_result_free);
  g_autofree char *place = g_build_filename (folder, method->name, NULL);
  g_autoptr (GDir) directory = g_dir_open (place, 0, NULL);
  const char *name;
  guint fold;
  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL) {
    if (!parse_result_name (name, &fold))
      continue;
    g_autofree char *path = g_build_filename (place, name, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetCrossvalResult) result = runet_crossval_result_read (path, &error);
    if (result == NULL)
      g_ptr_array_add (problems, g_strdup (error->message));
    else if (g_strcmp0 (result->method, method->name) != 0 || result->fold != fold)
      g_ptr_array_add (
          problems,
          g_strdup_printf ("%s: expected a result of %s, fold %u, found %s, fold %u",
                           path, method->name, fold, result->method, result->fold));
    else
      g_ptr_array_add (results, g_steal_pointer (&result));
  }
  g_ptr_array_sort (results, compare_folds);
  keep_alike (results, problems);
  return results;
}

/* ---- Figures ---- */

static guint
count_images (const GPtrArray *results) {
  guint count = 0;
  for (guint i = 0; i < results->len; i++)
    count += ((RunetCrossvalResult *)results->pdata[i])->images->len;
  return count;
}

/* Where the figures of image @i of all results are. */
typedef struct {
  const RunetCrossvalImage **images;
  guint count;
} Images;

static Images
gather_images (const GPtrArray *results) {
  Images all = {g_new (const RunetCrossvalImage *, count_images (results) + 1), 0};
  for (guint r = 0; r < results->len; r++) {
    const RunetCrossvalResult *result = results->pdata[r];
    for (guint i = 0; i < result->images->len; i++)
      all.images[all.count++] = result->images->pdata[i];
  }
  return all;
}

static RunetCrossvalRow
compute_row (const Images *all, guint stage) {
  RunetCrossvalRow row = {.images = all->count};
  g_autofree double *values = g_new (double, 3 * (gsize)all->count + 1);
  double *dice = values, *mad = values + all->count, *hd = mad + all->count;
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    for (guint i = 0; i < all->count; i++) {
      dice[i] = all->images[i]->stages[stage].dice[s];
      mad[i] = all->images[i]->stages[stage].mad_mm[s];
      hd[i] = all->images[i]->stages[stage].hd_mm[s];
    }
    row.dice[s] = runet_spread_compute (dice, all->count);
    row.mad_mm[s] = runet_spread_compute (mad, all->count);
    row.hd_mm[s] = runet_spread_compute (hd, all->count);
  }
  for (guint i = 0; i < all->count; i++) {
    row.geometrical += all->images[i]->stages[stage].geometrical ? 1 : 0;
    row.anatomical += all->images[i]->stages[stage].anatomical ? 1 : 0;
  }
  return row;
}

/* "patient0001" of "patient0001_4CH_ED": how many bytes. */
static gsize
patient_length (const char *name) {
  const char *end = strrchr (name, '_');
  const char *before = end != NULL ? g_strrstr_len (name, end - name, "_") : NULL;
  return before != NULL ? (gsize)(before - name) : strlen (name);
}

static gboolean
is_same_patient (const char *a, const char *b) {
  gsize length = patient_length (a);
  return length == patient_length (b) && strncmp (a, b, length) == 0;
}

/* The images of a patient follow each other, as they were measured. */
static RunetWilcoxon
compare_stages (const Images *all, guint last, RunetStructure structure) {
  g_autofree double *first = g_new0 (double, 2 * (gsize)all->count + 1);
  double *second = first + all->count;
  guint patients = 0, count = 0;
  for (guint i = 0; i < all->count; i++) {
    const RunetCrossvalImage *image = all->images[i];
    double a = image->stages[0].mad_mm[structure];
    double b = image->stages[last].mad_mm[structure];
    if (isfinite (a) && isfinite (b)) {
      first[patients] += a;
      second[patients] += b;
      count++;
    }
    if (i + 1 < all->count && is_same_patient (image->name, all->images[i + 1]->name))
      continue;
    first[patients] = count > 0 ? first[patients] / count : NAN;
    second[patients] = count > 0 ? second[patients] / count : NAN;
    count = 0;
    patients++;
  }
  return runet_wilcoxon_compute (first, second, patients);
}

static RunetCrossvalTable *
make_table (const RunetMethod *method, GPtrArray *results) {
  RunetCrossvalTable *table = g_new0 (RunetCrossvalTable, 1);
  table->method = method;
  table->results = results;
  for (guint i = 0; i < results->len; i++) {
    const RunetCrossvalResult *result = results->pdata[i];
    table->folds = MAX (table->folds, MAX (result->folds, result->fold));
  }
  table->stages = ((RunetCrossvalResult *)results->pdata[0])->stages;
  Images all = gather_images (results);
  for (guint k = 0; k < table->stages; k++)
    table->rows[k] = compute_row (&all, k);
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES && table->stages > 1; s++)
    table->refinement[s] = compare_stages (&all, table->stages - 1, s);
  g_free (all.images);
  return table;
}

GPtrArray *
runet_crossval_tables_read (const char *folder, GPtrArray **problems, GError **error) {
  g_return_val_if_fail (folder != NULL && problems != NULL, NULL);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (free_table);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  guint count;
  const RunetMethod *methods = runet_methods_list (&count);
  for (guint m = 0; m < count; m++) {
    GPtrArray *results = read_results (folder, &methods[m], lines);
    if (results->len > 0)
      g_ptr_array_add (tables, make_table (&methods[m], results));
    else
      g_ptr_array_unref (results);
  }
  if (tables->len == 0 && lines->len == 0) {
    runet_file_error (error, RUNET_ERROR_MISSING, folder,
                      "expected results of runet crossval, found none");
    return NULL;
  }
  *problems = g_steal_pointer (&lines);
  return g_steal_pointer (&tables);
}

char *
runet_crossval_table_list_missing (const RunetCrossvalTable *table) {
  g_autoptr (GString) list = g_string_new (NULL);
  guint i = 0;
  for (guint number = 1; number <= table->folds; number++) {
    const RunetCrossvalResult *next =
        i < table->results->len ? table->results->pdata[i] : NULL;
    if (next != NULL && next->fold == number)
      i++;
    else
      g_string_append_printf (list, "%s%u", list->len > 0 ? ", " : "", number);
  }
  return list->len > 0 ? g_strdup (list->str) : NULL;
}
