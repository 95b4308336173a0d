/* The work folder of a retraining: plan.json, and the trainer's checkpoint. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/json-depth.h"
#include "core/echo/file.h"
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

/* Names of folders need not be UTF-8, which JSON is. */
static void
add_ids (JsonBuilder *builder, const char *name, const GPtrArray *ids) {
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < ids->len; i++) {
    const char *id = ids->pdata[i];
    g_autofree char *escaped =
        g_uri_escape_bytes ((const guint8 *)id, strlen (id), NULL);
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
  json_builder_set_member_name (builder, "learning_rate");
  json_builder_add_double_value (builder, settings->learning_rate);
  for (guint i = 0; i < G_N_ELEMENTS (integers); i++) {
    json_builder_set_member_name (builder, integers[i].name);
    json_builder_add_int_value (builder, integers[i].value);
  }
  json_builder_set_member_name (builder, "replay");
  json_builder_add_double_value (builder, settings->replay);
  json_builder_set_member_name (builder, "augment");
  json_builder_add_boolean_value (builder, settings->augment);
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
  const char *const texts[][2] = {
      {"format", FORMAT}, {"parent", plan->parent}, {"snapshot", plan->snapshot}};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    json_builder_set_member_name (builder, texts[i][0]);
    json_builder_add_string_value (builder, texts[i][1]);
  }
  json_builder_set_member_name (builder, "settings");
  json_builder_add_value (builder, runet_retraining_settings_to_json (&plan->settings));
  add_ids (builder, "locked", plan->locked);
  add_ids (builder, "validation", plan->validation);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);
  g_autofree char *path = g_build_filename (folder, PLAN, NULL);
  return runet_file_replace (path, (const guint8 *)text, strlen (text), error);
}

/* ---- Reading ---- */

/* (nullable): a value of this type, integers being numbers too. */
static JsonNode *
get_value (JsonObject *object, const char *name, GType type) {
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  GType found = json_node_get_value_type (node);
  gboolean number = type == G_TYPE_DOUBLE && found == G_TYPE_INT64;
  return found == type || number ? node : NULL;
}

static gboolean
get_text (JsonObject *object, const char *name, char **text) {
  JsonNode *node = get_value (object, name, G_TYPE_STRING);
  if (node != NULL)
    *text = g_strdup (json_node_get_string (node));
  return node != NULL;
}

static gboolean
get_count (JsonObject *object, const char *name, guint *count) {
  JsonNode *node = get_value (object, name, G_TYPE_INT64);
  gint64 value = node != NULL ? json_node_get_int (node) : -1;
  if (value < 0 || value > G_MAXUINT)
    return FALSE;
  *count = (guint)value;
  return TRUE;
}

static gboolean
get_number (JsonObject *object, const char *name, double *number) {
  JsonNode *node = get_value (object, name, G_TYPE_DOUBLE);
  if (node != NULL)
    *number = json_node_get_double (node);
  return node != NULL;
}

static gboolean
get_ids (JsonObject *object, const char *name, GPtrArray *ids) {
  JsonNode *node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
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
  return TRUE;
}

static gboolean
get_settings (JsonObject *object, RunetRetrainingSettings *settings) {
  JsonNode *node = json_object_get_member (object, "settings");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  JsonObject *from = json_node_get_object (node);
  guint seed;
  JsonNode *augment = get_value (from, "augment", G_TYPE_BOOLEAN);
  if (augment == NULL ||
      !get_number (from, "learning_rate", &settings->learning_rate) ||
      !get_number (from, "replay", &settings->replay) ||
      !get_count (from, "batch", &settings->batch) ||
      !get_count (from, "epochs", &settings->epochs) ||
      !get_count (from, "patience", &settings->patience) ||
      !get_count (from, "stop_after", &settings->stop_after) ||
      !get_count (from, "seed", &seed))
    return FALSE;
  settings->seed = seed;
  settings->augment = json_node_get_boolean (augment);
  return TRUE;
}

static JsonNode *
read_json (const char *path, GError **error) {
  gsize size;
  if (!runet_file_check (path, &size, error)) {
    g_prefix_error (error, "nothing to resume: ");
    return NULL;
  }
  g_autofree guint8 *data = runet_file_read (path, 0, size, NULL, error);
  if (data == NULL)
    return NULL;
  g_autofree char *text = g_strndup ((const char *)data, size);
  JsonNode *node = runet_json_is_shallow (text, size, RUNET_JSON_DEPTH)
                       ? json_from_string (text, NULL)
                       : NULL;
  if (node == NULL)
    runet_file_error (error, RUNET_ERROR_FORMAT, path, "expected JSON, found none");
  return node;
}

RunetRetrainingPlan *
runet_retraining_plan_read (const char *folder, GError **error) {
  g_autofree char *path = g_build_filename (folder, PLAN, NULL);
  g_autoptr (JsonNode) root = read_json (path, error);
  if (root == NULL)
    return NULL;
  g_autoptr (RunetRetrainingPlan) plan = runet_retraining_plan_new ();
  JsonObject *object =
      JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  g_autofree char *format = NULL;
  if (object != NULL && get_text (object, "format", &format) &&
      strcmp (format, FORMAT) == 0 && get_text (object, "parent", &plan->parent) &&
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
