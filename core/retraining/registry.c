/* The registry: which models there are, and which patients they are judged by. */
#include "registry.h"

#include <string.h>

#include "core/echo/file.h"
#include "registry-private.h"

#define SUFFIX ".safetensors"
/* What a person may shorten a hash to. */
#define LEAST_PREFIX 4

static const char *const states[RUNET_REGISTERED_STATES] = {"candidate", "current",
                                                            "retired"};
static const char *const verdicts[RUNET_VERDICTS] = {"none", "passed", "failed"};

const char *
runet_registered_state_to_string (RunetRegisteredState state) {
  g_return_val_if_fail ((guint)state < RUNET_REGISTERED_STATES, NULL);
  return states[state];
}

const char *
runet_verdict_to_string (RunetVerdict verdict) {
  g_return_val_if_fail ((guint)verdict < RUNET_VERDICTS, NULL);
  return verdicts[verdict];
}

static RunetVerdict
verdict_from_string (const char *name) {
  for (guint i = 0; i < RUNET_VERDICTS; i++)
    if (g_strcmp0 (name, verdicts[i]) == 0)
      return (RunetVerdict)i;
  return RUNET_VERDICT_NONE;
}

void
runet_registered_model_free (RunetRegisteredModel *model) {
  if (model == NULL)
    return;
  g_free (model->hash);
  g_free (model->path);
  g_free (model->name);
  g_free (model->architecture);
  g_free (model->parent);
  g_free (model->snapshot);
  g_clear_pointer (&model->time, g_date_time_unref);
  g_free (model->author);
  g_free (model->settings);
  g_free (model->gate);
  g_free (model);
}

char *
runet_registry_get_default_folder (void) {
  return g_build_filename (g_get_user_data_dir (), "runet-review", "models", NULL);
}

RunetRegistry *
runet_registry_open (const char *folder, GError **error) {
  g_autofree char *usual = folder == NULL ? runet_registry_get_default_folder () : NULL;
  g_autoptr (RunetRegistry) self = g_new0 (RunetRegistry, 1);
  self->folder = g_canonicalize_filename (folder != NULL ? folder : usual, NULL);
  self->path = g_build_filename (self->folder, "registry.sqlite", NULL);
  self->db = runet_registry_file_open (self->path, error);
  return self->db != NULL ? g_steal_pointer (&self) : NULL;
}

void
runet_registry_close (RunetRegistry *self) {
  if (self == NULL)
    return;
  sqlite3_close (self->db);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}

const char *
runet_registry_get_folder (const RunetRegistry *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->folder;
}

char *
runet_registry_get_snapshot_folder (const RunetRegistry *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return g_build_filename (self->folder, "snapshots", NULL);
}

/* ---- Models ---- */

static char *
make_path (const RunetRegistry *self, const char *hash) {
  g_autofree char *name = g_strconcat (hash, SUFFIX, NULL);
  return g_build_filename (self->folder, name, NULL);
}

/* (transfer full): what @path holds; NULL with an error when it is not what @hash says. */
static GBytes *
read_checked (const char *path, const char *hash, GError **error) {
  g_autoptr (GBytes) bytes = runet_file_read_bytes (path, error);
  if (bytes == NULL)
    return NULL;
  g_autofree char *found = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (g_strcmp0 (found, hash) == 0)
    return g_steal_pointer (&bytes);
  runet_file_error (
      error, RUNET_ERROR_MISMATCH, path,
      "expected the model %.12s, found a file of other content (%.12s): it has changed",
      hash, found);
  return NULL;
}

gboolean
runet_registered_model_check (const RunetRegisteredModel *model, GError **error) {
  g_return_val_if_fail (model != NULL, FALSE);
  g_autoptr (GBytes) bytes = read_checked (model->path, model->hash, error);
  return bytes != NULL;
}

/* A copy that is there and whole stays; one that is lost or damaged is made anew. */
static gboolean
copy_file (RunetRegistry *self, const RunetModel *model, GError **error) {
  g_autofree char *target = make_path (self, model->hash);
  g_autoptr (GBytes) there = read_checked (target, model->hash, NULL);
  if (there != NULL)
    return TRUE;
  g_autoptr (GBytes) bytes = read_checked (model->path, model->hash, error);
  if (bytes == NULL)
    return FALSE;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  return runet_file_replace (target, data, size, error);
}

gboolean
runet_registry_add (RunetRegistry *self,
                    const RunetModel *model,
                    const RunetRegistration *registration,
                    GError **error) {
  g_return_val_if_fail (self != NULL && model != NULL && registration != NULL, FALSE);
  g_return_val_if_fail (model->hash != NULL && model->path != NULL, FALSE);
  /* The file first: a row without one would be a model that is not there. */
  if (!copy_file (self, model, error))
    return FALSE;
  sqlite3_stmt *statement = runet_registry_prepare (
      self,
      "INSERT INTO models (hash, name, architecture, parent, snapshot, time,"
      " author, settings, gate, verdict) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
      " ?10) ON CONFLICT (hash) DO NOTHING",
      error);
  if (statement == NULL)
    return FALSE;
  g_autofree char *base = g_path_get_basename (model->path);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *now = runet_registry_now ();
  g_autofree char *author = g_utf8_make_valid (registration->author, -1);
  const char *const values[] = {
      model->hash,
      name,
      runet_architecture_to_string (model->hyperparameters.architecture),
      registration->parent,
      registration->snapshot,
      now,
      author,
      registration->settings,
      registration->gate,
      runet_verdict_to_string (registration->verdict),
  };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    runet_registry_bind (statement, (int)i + 1, values[i]);
  return runet_registry_finish (self, statement, error);
}

gboolean
runet_registry_add_root (RunetRegistry *self,
                         const RunetModel *model,
                         const char *author,
                         GError **error) {
  const RunetRegistration root = {.author = author, .verdict = RUNET_VERDICT_NONE};
  return runet_registry_add (self, model, &root, error);
}

static RunetRegisteredModel *
read_row (RunetRegistry *self, sqlite3_stmt *statement) {
  RunetRegisteredModel *model = g_new0 (RunetRegisteredModel, 1);
  g_autofree char *verdict = runet_registry_column (statement, 9);
  model->hash = runet_registry_column (statement, 0);
  model->path = make_path (self, model->hash);
  model->name = runet_registry_column (statement, 1);
  model->architecture = runet_registry_column (statement, 2);
  model->parent = runet_registry_column (statement, 3);
  model->snapshot = runet_registry_column (statement, 4);
  model->time = runet_registry_column_time (statement, 5);
  model->author = runet_registry_column (statement, 6);
  model->settings = runet_registry_column (statement, 7);
  model->gate = runet_registry_column (statement, 8);
  model->verdict = verdict_from_string (verdict);
  return model;
}

GPtrArray *
runet_registry_list (RunetRegistry *self, GError **error) {
  g_return_val_if_fail (self != NULL, NULL);
  sqlite3_stmt *statement = runet_registry_prepare (
      self,
      "SELECT hash, name, architecture, parent, snapshot, time, author, settings, gate,"
      " verdict FROM models ORDER BY rowid DESC",
      error);
  if (statement == NULL)
    return NULL;
  gboolean failed = FALSE;
  g_autoptr (GPtrArray) models =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_registered_model_free);
  while (runet_registry_step (self, statement, &failed, error))
    g_ptr_array_add (models, read_row (self, statement));
  if (failed || !runet_registry_set_states (self, models, error))
    return NULL;
  return g_steal_pointer (&models);
}

RunetRegisteredModel *
runet_registry_find (RunetRegistry *self, const char *prefix, GError **error) {
  g_return_val_if_fail (self != NULL && prefix != NULL, NULL);
  g_autoptr (GPtrArray) models = runet_registry_list (self, error);
  if (models == NULL)
    return NULL;
  guint found = 0, place = 0;
  for (guint i = 0; strlen (prefix) >= LEAST_PREFIX && i < models->len; i++)
    if (g_str_has_prefix (((RunetRegisteredModel *)models->pdata[i])->hash, prefix)) {
      found++;
      place = i;
    }
  if (found == 1)
    return g_ptr_array_steal_index (models, place);
  g_set_error (
      error, RUNET_ERROR, found == 0 ? RUNET_ERROR_MISSING : RUNET_ERROR_MISMATCH,
      "%s: expected the hash of one registered model, or at least its first %d "
      "characters, found %s",
      prefix, LEAST_PREFIX, found == 0 ? "none" : "several that begin so");
  return NULL;
}

/* ---- Locked patients ---- */

/* The same folder by whichever way, as in the record's name. */
static void
bind_dataset (sqlite3_stmt *statement, int index, const char *dataset) {
  g_autofree char *path = runet_path_resolve (dataset);
  sqlite3_bind_blob64 (statement, index, path, strlen (path), SQLITE_TRANSIENT);
}

GPtrArray *
runet_registry_get_locked (RunetRegistry *self, const char *dataset, GError **error) {
  g_return_val_if_fail (self != NULL && dataset != NULL, NULL);
  sqlite3_stmt *statement = runet_registry_prepare (
      self, "SELECT patient FROM locked WHERE dataset = ?1 ORDER BY patient", error);
  if (statement == NULL)
    return NULL;
  bind_dataset (statement, 1, dataset);
  gboolean failed = FALSE;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  while (runet_registry_step (self, statement, &failed, error)) {
    const char *bytes = sqlite3_column_blob (statement, 0);
    gsize length = (gsize)sqlite3_column_bytes (statement, 0);
    g_ptr_array_add (ids, g_strndup (length > 0 ? bytes : "", length));
  }
  return failed || ids->len == 0 ? NULL : g_steal_pointer (&ids);
}

static gboolean
insert_locked (RunetRegistry *self,
               const char *dataset,
               const char *id,
               GError **error) {
  sqlite3_stmt *statement = runet_registry_prepare (
      self, "INSERT OR IGNORE INTO locked (dataset, patient) VALUES (?1, ?2)", error);
  if (statement == NULL)
    return FALSE;
  bind_dataset (statement, 1, dataset);
  sqlite3_bind_blob64 (statement, 2, id, strlen (id), SQLITE_TRANSIENT);
  return runet_registry_finish (self, statement, error);
}

gboolean
runet_registry_lock (RunetRegistry *self,
                     const char *dataset,
                     const GPtrArray *ids,
                     GError **error) {
  g_return_val_if_fail (self != NULL && dataset != NULL && ids != NULL, FALSE);
  if (!runet_registry_begin (self, error))
    return FALSE;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GPtrArray) there = runet_registry_get_locked (self, dataset, &failure);
  for (guint i = 0; there == NULL && failure == NULL && i < ids->len; i++)
    insert_locked (self, dataset, ids->pdata[i], &failure);
  if (failure != NULL) {
    runet_registry_cancel (self);
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return runet_registry_commit (self, error);
}
