/* Where a retraining works and what it was begun with. */
#include "retrain-place.h"

#include <errno.h>
#include <string.h>
#include <glib/gstdio.h>
#include "core/base/error.h"
#include "core/retraining/registry.h"
#include "core/retraining/retraining.h"
#include "core/review/journal.h"

#define PROGRAM "runet"
#define SUFFIX ".safetensors"
#define ORDER "order.ini"
#define GROUP "Retraining"

char *
runet_retrain_find_program (void) {
  const char *named = g_getenv ("RUNET_PROGRAM");
  if (named && *named)
    return g_strdup (named);
  g_autofree char *own = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = own ? g_path_get_dirname (own) : NULL;
  g_autofree char *beside = folder ? g_build_filename (folder, PROGRAM, NULL) : NULL;
  if (beside && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_find_program_in_path (PROGRAM);
}

/* A folder for each data set, called like its record. */
static char *
get_folder (const char *dataset) {
  g_autofree char *record = runet_journal_default_path (dataset);
  g_autofree char *name = g_path_get_basename (record);
  char *dot = strrchr (name, '.');
  if (dot)
    *dot = '\0';
  return g_build_filename (g_get_user_data_dir (), "runet-review", "retraining", name,
                           NULL);
}

/* "ru-net-2026-11-30" of a parent that is called so already is begun anew with today's date. */
static char *
strip_date (const char *title) {
  g_autoptr (GRegex) date = g_regex_new ("-\\d{4}-\\d{2}-\\d{2}(-\\d+)?$", 0, 0, NULL);
  return g_regex_replace_literal (date, title, -1, 0, "", 0, NULL);
}

/* Of two models that are called the same nobody knows which is which. */
static gboolean
is_taken (const char *output, const GPtrArray *registered) {
  g_autofree char *work = runet_retraining_get_work_folder (output);
  g_autofree char *name = g_path_get_basename (output);
  for (guint i = 0; registered && i < registered->len; i++) {
    const RunetRegisteredModel *model = registered->pdata[i];
    if (g_strcmp0 (model->name, name) == 0)
      return TRUE;
  }
  return g_file_test (output, G_FILE_TEST_EXISTS) ||
         g_file_test (work, G_FILE_TEST_EXISTS);
}

char *
runet_retrain_place_make_output (const char *dataset,
                                 const char *title,
                                 GError **error) {
  g_return_val_if_fail (dataset != NULL && title != NULL, NULL);
  g_autofree char *folder = get_folder (dataset);
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
                 "%s: expected a folder that can be made, found: %s", folder,
                 g_strerror (errno));
    return NULL;
  }
  g_autofree char *valid = g_utf8_make_valid (title, -1);
  g_autofree char *stem = strip_date (valid);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");
  /* Without a registry there are no names to mistake. */
  g_autoptr (RunetRegistry) registry = runet_registry_open (NULL, NULL);
  g_autoptr (GPtrArray) registered =
      registry ? runet_registry_list (registry, NULL) : NULL;
  char *output = NULL;
  for (guint number = 1; !output; number++) {
    g_autofree char *name =
        number == 1 ? g_strdup_printf ("%s-%s" SUFFIX, stem, date)
                    : g_strdup_printf ("%s-%s-%u" SUFFIX, stem, date, number);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (!is_taken (path, registered))
      output = g_steal_pointer (&path);
  }
  return output;
}

/* ---- What was begun ---- */

gboolean
runet_retrain_place_write (const RunetRetrainOrder *order,
                           const char *process,
                           GError **error) {
  g_autofree char *folder = g_path_get_dirname (order->output);
  g_autofree char *path = g_build_filename (folder, ORDER, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_key_file_set_string (file, GROUP, "output", order->output);
  g_key_file_set_string (file, GROUP, "parent", order->parent);
  g_key_file_set_int64 (file, GROUP, "time", g_date_time_to_unix (now));
  g_key_file_set_string (file, GROUP, "process", process ? process : "");
  g_autoptr (GError) reason = NULL;
  if (g_key_file_save_to_file (file, path, &reason))
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_WRITE,
               "%s: expected to write what is begun, found: %s", path, reason->message);
  return FALSE;
}

void
runet_retrain_stopped_free (RunetRetrainStopped *self) {
  if (!self)
    return;
  g_free (self->output);
  g_free (self->parent);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_free (self);
}

/* Whether @process is there and has @output on its command line: numbers are used again. */
static gboolean
is_at_work (const char *process, const char *output) {
  g_autofree char *path = g_strdup_printf ("/proc/%s/cmdline", process);
  g_autofree char *line = NULL;
  gsize length;
  if (strspn (process, "0123456789") != strlen (process) ||
      !g_file_get_contents (path, &line, &length, NULL))
    return FALSE;
  for (const char *part = line; part < line + length; part += strlen (part) + 1)
    if (g_str_equal (part, output))
      return TRUE;
  return FALSE;
}

RunetRetrainStopped *
runet_retrain_place_find_stopped (const char *dataset) {
  g_return_val_if_fail (dataset != NULL, NULL);
  g_autofree char *folder = get_folder (dataset);
  g_autofree char *path = g_build_filename (folder, ORDER, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  g_autoptr (RunetRetrainStopped) found = g_new0 (RunetRetrainStopped, 1);
  found->output = g_key_file_get_string (file, GROUP, "output", NULL);
  found->parent = g_key_file_get_string (file, GROUP, "parent", NULL);
  found->time =
      g_date_time_new_from_unix_utc (g_key_file_get_int64 (file, GROUP, "time", NULL));
  g_autofree char *there = found->output ? g_path_get_dirname (found->output) : NULL;
  /* What somebody wrote into the file leads nowhere else. */
  if (!found->parent || !found->time || g_strcmp0 (there, folder) != 0)
    return NULL;
  g_autofree char *process = g_key_file_get_string (file, GROUP, "process", NULL);
  if (process && is_at_work (process, found->output))
    return NULL;
  g_autofree char *work = runet_retraining_get_work_folder (found->output);
  return g_file_test (work, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&found) : NULL;
}

/* Links are removed, not followed. */
static void
remove_tree (const char *path) {
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) &&
      g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name (dir));) {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  }
  g_remove (path);
}

void
runet_retrain_place_forget (const RunetRetrainStopped *stopped) {
  g_return_if_fail (stopped != NULL);
  g_autofree char *work = runet_retraining_get_work_folder (stopped->output);
  remove_tree (work);
}
