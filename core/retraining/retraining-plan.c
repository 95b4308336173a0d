/* The work folder of a retraining: plan.json, and the trainer's checkpoint. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/json-build.h"
#include "core/base/json-text.h"
#include "core/echo/file.h"
#include "core/echo/json-file.h"
#include "retraining-private.h"

#define FORMAT "runet-retraining-1"
#define PLAN "plan.json"
#define CHECKPOINT "checkpoint.safetensors"

RunetRetrainingPlan *
runet_retraining_plan_new (void) {
  RunetRetrainingPlan *plan = g_new0 (RunetRetrainingPlan, 1);
  plan->locked = g_ptr_array_new_with_free_func (g_free);
  plan->validation = g_ptr_array_new_with_free_func (g_free);
  return plan;
}

void
runet_retraining_plan_free (RunetRetrainingPlan *plan) {
  if (plan == NULL)
    return;
  g_free (plan->parent);
  g_free (plan->snapshot);
  g_ptr_array_unref (plan->locked);
  g_ptr_array_unref (plan->validation);
  g_free (plan);
}

char *
runet_retraining_get_work_folder (const char *output) {
  return g_strconcat (output, ".retraining", NULL);
}

char *
runet_retraining_checkpoint_path (const char *folder) {
  return g_build_filename (folder, CHECKPOINT, NULL);
}

void
runet_retraining_remove_work (const char *folder) {
  static const char *const names[] = {CHECKPOINT, PLAN};
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_remove (path);
  }
  g_rmdir (folder);
}

int
runet_retraining_lock_work (const char *folder, GError **error) {
  g_autofree char *path = g_build_filename (folder, PLAN, NULL);
  int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, path,
                      "expected the plan of a retraining, found: %s",
                      g_strerror (errno));
    return -1;
  }
  /* A file system that has no locks does without. */
  if (flock (file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
    return file;
  runet_file_error (error, RUNET_ERROR_WRITE, folder,
                    "expected a retraining that was stopped, found another program at "
                    "work on it");
  close (file);
  return -1;
}

gboolean
runet_retraining_check_room (const char *folder, guint64 bytes, GError **error) {
  struct statvfs status;
  g_return_val_if_fail (folder != NULL, FALSE);
  /* A place that cannot be asked is found out when it is written to. */
  if (statvfs (folder, &status) != 0)
    return TRUE;
  guint64 free_bytes = (guint64)status.f_bavail * status.f_frsize;
  if (free_bytes >= bytes)
    return TRUE;
  g_autofree char *needed = g_format_size (bytes);
  g_autofree char *found = g_format_size (free_bytes);
  runet_file_error (error, RUNET_ERROR_WRITE, folder,
                    "expected room for %s, found %s: not enough space on the disk",
                    needed, found);
  return FALSE;
}

/* ---- Writing ---- */

static void
add_ids (JsonBuilder *builder, const char *name, const GPtrArray *ids) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < ids->len; i++) {
    g_autofree char *escaped = runet_json_escape_bytes (ids->pdata[i]);
    json_builder_add_string_value (builder, escaped);
  }
  json_builder_end_array (builder);
}

JsonNode *
runet_retraining_settings_to_json (const RunetRetrainingSettings *settings) {
  const struct {
    const char *name;
    gint64 value;
  } integers[] = {
      {"batch", settings->batch},       {"epochs", settings->epochs},
      {"patience", settings->patience}, {"stop_after", settings->stop_after},
      {"seed", settings->seed},
  };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_number (builder, "learning_rate", settings->learning_rate);
  for (guint i = 0; i < G_N_ELEMENTS (integers); i++)
    runet_json_add_int (builder, integers[i].name, integers[i].value);
  runet_json_add_number (builder, "replay", settings->replay);
  runet_json_add_boolean (builder, "augment", settings->augment);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
runet_retraining_plan_write (const RunetRetrainingPlan *plan,
                             const char *folder,
                             GError **error) {
  /* Of two that begin at once, only one makes it. */
  if (g_mkdir (folder, 0777) != 0) {
    runet_file_error (error, RUNET_ERROR_WRITE, folder,
                      "expected to make this folder, found: %s", g_strerror (errno));
    return FALSE;
  }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_string (builder, "format", FORMAT);
  runet_json_add_string (builder, "parent", plan->parent);
  runet_json_add_string (builder, "snapshot", plan->snapshot);
  json_builder_set_member_name (builder, "settings");
  json_builder_add_value (builder, runet_retraining_settings_to_json (&plan->settings));
  add_ids (builder, "locked", plan->locked);
  add_ids (builder, "validation", plan->validation);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *path = g_build_filename (folder, PLAN, NULL);
  return runet_json_file_write (root, path, error);
}

/* ---- Reading ---- */

static gboolean
get_text (JsonObject *object, const char *name, char **text) {
  *text = g_strdup (runet_json_get_string (object, name, NULL));
  return *text != NULL;
}

static gboolean
get_count (JsonObject *object, const char *name, guint *count) {
  gint64 value;
  if (!runet_json_get_integer (object, name, 0, G_MAXUINT, &value, NULL))
    return FALSE;
  *count = (guint)value;
  return TRUE;
}

static gboolean
get_number (JsonObject *object, const char *name, double *number) {
  return runet_json_get_number (object, name, -G_MAXDOUBLE, G_MAXDOUBLE, number, NULL);
}

static gboolean
get_ids (JsonObject *object, const char *name, GPtrArray *ids) {
  JsonArray *array = runet_json_get_array (object, name, G_MAXUINT, NULL);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    const char *text = JSON_NODE_HOLDS_VALUE (element) &&
                               json_node_get_value_type (element) == G_TYPE_STRING
                           ? json_node_get_string (element)
                           : NULL;
    char *id = text != NULL ? g_uri_unescape_string (text, NULL) : NULL;
    if (id == NULL)
      return FALSE;
    g_ptr_array_add (ids, id);
  }
  return array != NULL;
}

static gboolean
get_settings (JsonObject *object, RunetRetrainingSettings *settings) {
  JsonObject *from = runet_json_get_object (object, "settings", NULL);
  guint seed;
  gboolean augment;
  if (from == NULL || !runet_json_get_boolean (from, "augment", &augment, NULL) ||
      !get_number (from, "learning_rate", &settings->learning_rate) ||
      !get_number (from, "replay", &settings->replay) ||
      !get_count (from, "batch", &settings->batch) ||
      !get_count (from, "epochs", &settings->epochs) ||
      !get_count (from, "patience", &settings->patience) ||
      !get_count (from, "stop_after", &settings->stop_after) ||
      !get_count (from, "seed", &seed))
    return FALSE;
  settings->seed = seed;
  settings->augment = augment;
  return TRUE;
}

RunetRetrainingPlan *
runet_retraining_plan_read (const char *folder, GError **error) {
  g_autofree char *path = g_build_filename (folder, PLAN, NULL);
  g_autoptr (JsonObject) object = runet_json_file_read (path, error);
  if (object == NULL) {
    g_prefix_error (error, "nothing to resume: ");
    return NULL;
  }
  g_autoptr (RunetRetrainingPlan) plan = runet_retraining_plan_new ();
  g_autofree char *format = NULL;
  if (get_text (object, "format", &format) && strcmp (format, FORMAT) == 0 &&
      get_text (object, "parent", &plan->parent) &&
      get_text (object, "snapshot", &plan->snapshot) &&
      get_settings (object, &plan->settings) &&
      get_ids (object, "locked", plan->locked) &&
      get_ids (object, "validation", plan->validation))
    return g_steal_pointer (&plan);
  runet_file_error (error, RUNET_ERROR_FORMAT, path,
                    "expected the plan of a retraining with all its members, found "
                    "something else");
  return NULL;
}
