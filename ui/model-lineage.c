/* The registered models in the order of their lineage. */
#include "model-lineage.h"

#include <json-glib/json-glib.h>
#include "core/base/error.h"
#include "core/base/json-depth.h"

/* No lineage is that long; a registry that goes round in a circle is shown all the same. */
#define DEEPEST 1000

static void
entry_free (gpointer data) {
  RunetModelEntry *entry = data;
  g_clear_pointer (&entry->model, runet_registered_model_free);
  g_free (entry->trouble);
  g_free (entry);
}

void
runet_model_lineage_free (RunetModelLineage *self) {
  if (!self)
    return;
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->changes);
  g_free (self->current);
  g_free (self->previous);
  g_free (self);
}

const RunetModelEntry *
runet_model_lineage_find (const RunetModelLineage *self, const char *hash) {
  for (guint i = 0; hash && i < self->entries->len; i++) {
    const RunetModelEntry *entry = self->entries->pdata[i];
    if (g_str_equal (entry->model->hash, hash))
      return entry;
  }
  return NULL;
}

const RunetRegistryChange *
runet_model_lineage_find_change (const RunetModelLineage *self, const char *hash) {
  for (guint i = self->changes->len; i-- > 0;) {
    const RunetRegistryChange *change = self->changes->pdata[i];
    if (g_strcmp0 (change->to, hash) == 0)
      return change;
  }
  return NULL;
}

/* (transfer full): nothing is registered. */
static RunetModelLineage *
lineage_new (void) {
  RunetModelLineage *self = g_new0 (RunetModelLineage, 1);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->changes =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_registry_change_free);
  return self;
}

/* ---- Order ---- */

static gboolean
contains (const GPtrArray *models, const char *hash) {
  for (guint i = 0; hash && i < models->len; i++) {
    const RunetRegisteredModel *model = models->pdata[i];
    if (model && g_str_equal (model->hash, hash))
      return TRUE;
  }
  return FALSE;
}

/* Takes the children of @parent (NULL: those whose parent is not there) out of @models, the oldest first, each with its
 * own children after it. */
static void
take_children (RunetModelLineage *self,
               GPtrArray *models,
               const char *parent,
               guint depth) {
  for (guint i = models->len; i-- > 0 && depth < DEEPEST;) {
    RunetRegisteredModel *model = models->pdata[i];
    const gboolean child = model && (parent ? g_strcmp0 (model->parent, parent) == 0
                                            : !contains (models, model->parent));
    if (!child)
      continue;
    models->pdata[i] = NULL;
    RunetModelEntry *entry = g_new0 (RunetModelEntry, 1);
    entry->model = model;
    entry->depth = depth;
    g_ptr_array_add (self->entries, entry);
    take_children (self, models, model->hash, depth + 1);
  }
}

/* What goes round in a circle has no root: it follows at the end. */
static void
take_rest (RunetModelLineage *self, GPtrArray *models) {
  for (guint i = models->len; i-- > 0;) {
    RunetModelEntry *entry = models->pdata[i] ? g_new0 (RunetModelEntry, 1) : NULL;
    if (!entry)
      continue;
    entry->model = g_steal_pointer (&models->pdata[i]);
    g_ptr_array_add (self->entries, entry);
  }
}

/* ---- The model in use, and the one before it ---- */

/* A promotion puts a model on top, a roll-back takes it away again. Of the architecture that was changed last. */
static void
find_current (RunetModelLineage *self, const GPtrArray *changes) {
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();
  const RunetRegistryChange *last =
      changes->len > 0 ? changes->pdata[changes->len - 1] : NULL;
  for (guint i = 0; i < changes->len; i++) {
    const RunetRegistryChange *change = changes->pdata[i];
    if (g_strcmp0 (change->architecture, last->architecture) != 0)
      continue;
    if (change->kind == RUNET_CHANGE_ROLLBACK && stack->len > 1)
      g_ptr_array_set_size (stack, (int)stack->len - 1);
    if (change->kind != RUNET_CHANGE_PROMOTE)
      continue;
    if (stack->len == 0 && change->from)
      g_ptr_array_add (stack, change->from);
    g_ptr_array_add (stack, change->to);
  }
  if (stack->len > 0)
    self->current = g_strdup (stack->pdata[stack->len - 1]);
  if (stack->len > 1)
    self->previous = g_strdup (stack->pdata[stack->len - 2]);
}

/* ---- Of each model ---- */

/* How many frames its snapshot has, by the manifest; the frames themselves are not read. */
static guint
count_frames (const char *folder, const char *snapshot) {
  g_autofree char *path = g_build_filename (folder, snapshot, "manifest.json", NULL);
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!g_file_get_contents (path, &text, &length, NULL) ||
      !runet_json_is_shallow (text, length, RUNET_JSON_DEPTH) ||
      !json_parser_load_from_data (parser, text, (gssize)length, NULL))
    return 0;
  JsonNode *root = json_parser_get_root (parser);
  if (!root || !JSON_NODE_HOLDS_OBJECT (root))
    return 0;
  JsonNode *frames = json_object_get_member (json_node_get_object (root), "frames");
  return frames && JSON_NODE_HOLDS_ARRAY (frames)
             ? json_array_get_length (json_node_get_array (frames))
             : 0;
}

static void
look_at (RunetModelEntry *entry, const char *snapshots) {
  g_autoptr (GError) error = NULL;
  if (!runet_registered_model_check (entry->model, &error))
    entry->trouble = g_strdup (error->message);
  if (entry->model->snapshot)
    entry->frames = count_frames (snapshots, entry->model->snapshot);
}

static RunetModelLineage *
make_lineage (RunetRegistry *registry, GCancellable *cancellable, GError **error) {
  g_autoptr (GPtrArray) models = runet_registry_list (registry, error);
  g_autoptr (GPtrArray) changes =
      models ? runet_registry_list_changes (registry, error) : NULL;
  if (!changes)
    return NULL;
  g_autoptr (RunetModelLineage) self = lineage_new ();
  find_current (self, changes);
  g_ptr_array_unref (self->changes);
  self->changes = g_steal_pointer (&changes);
  /* The entries own the models from here on. */
  g_ptr_array_set_free_func (models, NULL);
  take_children (self, models, NULL, 0);
  take_rest (self, models);
  g_autofree char *snapshots = runet_registry_get_snapshot_folder (registry);
  for (guint i = 0; i < self->entries->len && !g_cancellable_is_cancelled (cancellable);
       i++)
    look_at (self->entries->pdata[i], snapshots);
  return g_steal_pointer (&self);
}

/* ---- On another thread ---- */

static void
read_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable) {
  g_autofree char *file = g_build_filename (data, "registry.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModelLineage) lineage = NULL;
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    lineage = lineage_new ();
  else {
    g_autoptr (RunetRegistry) registry = runet_registry_open (data, &error);
    if (registry)
      lineage = make_lineage (registry, cancellable, &error);
  }
  if (lineage)
    g_task_return_pointer (task, g_steal_pointer (&lineage),
                           (GDestroyNotify)runet_model_lineage_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
runet_model_lineage_read_async (const char *folder,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_task_data (
      task, folder ? g_strdup (folder) : runet_registry_get_default_folder (), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

RunetModelLineage *
runet_model_lineage_read_finish (GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}
