/* Which model is in use: what follows from the promotions and roll-backs, in their order. */
#include "registry-private.h"

void
runet_registry_change_free (RunetRegistryChange *change) {
  if (change == NULL)
    return;
  g_clear_pointer (&change->time, g_date_time_unref);
  g_free (change->author);
  g_free (change->architecture);
  g_free (change->from);
  g_free (change->to);
  g_free (change->reason);
  g_free (change);
}

GPtrArray *
runet_registry_list_changes (RunetRegistry *self, GError **error) {
  g_return_val_if_fail (self != NULL, NULL);
  sqlite3_stmt *statement = runet_registry_prepare (
      self,
      "SELECT number, kind, time, author, architecture, before, after, forced, reason"
      " FROM changes ORDER BY number",
      error);
  if (statement == NULL)
    return NULL;
  gboolean failed = FALSE;
  g_autoptr (GPtrArray) changes =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_registry_change_free);
  while (runet_registry_step (self, statement, &failed, error)) {
    RunetRegistryChange *change = g_new0 (RunetRegistryChange, 1);
    g_autofree char *kind = runet_registry_column (statement, 1);
    change->number = sqlite3_column_int64 (statement, 0);
    change->kind =
        g_strcmp0 (kind, "promote") == 0 ? RUNET_CHANGE_PROMOTE : RUNET_CHANGE_ROLLBACK;
    change->time = runet_registry_column_time (statement, 2);
    change->author = runet_registry_column (statement, 3);
    change->architecture = runet_registry_column (statement, 4);
    change->from = runet_registry_column (statement, 5);
    change->to = runet_registry_column (statement, 6);
    change->forced = sqlite3_column_int (statement, 7) != 0;
    change->reason = runet_registry_column (statement, 8);
    g_ptr_array_add (changes, change);
  }
  return failed ? NULL : g_steal_pointer (&changes);
}

/* (transfer container): of one architecture, the models to go back to and, last, the one in use: a promotion puts one
 * on top, a roll-back takes it away. Borrows from @changes. */
static GPtrArray *
fold (const GPtrArray *changes, const char *architecture) {
  GPtrArray *stack = g_ptr_array_new ();
  for (guint i = 0; i < changes->len; i++) {
    const RunetRegistryChange *change = changes->pdata[i];
    if (g_strcmp0 (change->architecture, architecture) != 0)
      continue;
    if (change->kind == RUNET_CHANGE_ROLLBACK) {
      if (stack->len > 1)
        g_ptr_array_set_size (stack, (int)stack->len - 1);
      continue;
    }
    if (stack->len == 0 && change->from != NULL)
      g_ptr_array_add (stack, change->from);
    g_ptr_array_add (stack, change->to);
  }
  return stack;
}

static const char *
get_top (const GPtrArray *stack) {
  return stack->len > 0 ? stack->pdata[stack->len - 1] : NULL;
}

static RunetRegisteredState
find_state (const GPtrArray *changes, const RunetRegisteredModel *model) {
  g_autoptr (GPtrArray) stack = fold (changes, model->architecture);
  if (g_strcmp0 (get_top (stack), model->hash) == 0)
    return RUNET_REGISTERED_CURRENT;
  for (guint i = 0; i < changes->len; i++) {
    const RunetRegistryChange *change = changes->pdata[i];
    if (g_strcmp0 (change->to, model->hash) == 0 ||
        g_strcmp0 (change->from, model->hash) == 0)
      return RUNET_REGISTERED_RETIRED;
  }
  return RUNET_REGISTERED_CANDIDATE;
}

gboolean
runet_registry_set_states (RunetRegistry *self, GPtrArray *models, GError **error) {
  g_autoptr (GPtrArray) changes = runet_registry_list_changes (self, error);
  if (changes == NULL)
    return FALSE;
  for (guint i = 0; i < models->len; i++) {
    RunetRegisteredModel *model = models->pdata[i];
    model->state = find_state (changes, model);
  }
  return TRUE;
}

/* That of the last change. */
static const char *
get_last_architecture (const GPtrArray *changes) {
  if (changes->len == 0)
    return NULL;
  const RunetRegistryChange *last = changes->pdata[changes->len - 1];
  return last->architecture;
}

RunetRegisteredModel *
runet_registry_get_current (RunetRegistry *self,
                            const char *architecture,
                            GError **error) {
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (GPtrArray) changes = runet_registry_list_changes (self, error);
  if (changes == NULL)
    return NULL;
  if (architecture == NULL)
    architecture = get_last_architecture (changes);
  g_autoptr (GPtrArray) stack = fold (changes, architecture);
  const char *hash = get_top (stack);
  return hash != NULL ? runet_registry_find (self, hash, error) : NULL;
}

static gboolean
append (RunetRegistry *self, const RunetRegistryChange *change, GError **error) {
  sqlite3_stmt *statement = runet_registry_prepare (
      self,
      "INSERT INTO changes (time, author, kind, architecture, before, after, forced,"
      " reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      error);
  if (statement == NULL)
    return FALSE;
  g_autofree char *now = runet_registry_now ();
  g_autofree char *author = g_utf8_make_valid (change->author, -1);
  g_autofree char *reason =
      change->reason != NULL ? g_utf8_make_valid (change->reason, -1) : NULL;
  runet_registry_bind (statement, 1, now);
  runet_registry_bind (statement, 2, author);
  runet_registry_bind (statement, 3,
                       change->kind == RUNET_CHANGE_PROMOTE ? "promote" : "rollback");
  runet_registry_bind (statement, 4, change->architecture);
  runet_registry_bind (statement, 5, change->from);
  runet_registry_bind (statement, 6, change->to);
  sqlite3_bind_int (statement, 7, change->forced);
  runet_registry_bind (statement, 8, reason);
  return runet_registry_finish (self, statement, error);
}

/* What was in use before the first promotion is what the first candidate began with, if that is registered. */
static char *
find_first (RunetRegistry *self, const RunetRegisteredModel *model) {
  g_autoptr (RunetRegisteredModel) parent =
      model->parent != NULL ? runet_registry_find (self, model->parent, NULL) : NULL;
  return parent != NULL ? g_strdup (parent->hash) : NULL;
}

static gboolean
refuse (GError **error, const RunetRegisteredModel *model, const char *why) {
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH, "model %.12s (%s): %s",
               model->hash, model->name, why);
  return FALSE;
}

/* @forced: (inout): whether it was needed. */
static gboolean
check_verdict (const RunetRegisteredModel *model,
               gboolean *forced,
               const char *reason,
               GError **error) {
  gboolean root = model->parent == NULL && model->verdict == RUNET_VERDICT_NONE;
  if (root || model->verdict == RUNET_VERDICT_PASSED) {
    *forced = FALSE;
    return TRUE;
  }
  if (!*forced)
    return refuse (
        error, model,
        model->verdict == RUNET_VERDICT_FAILED
            ? "expected one that passed the gate, found that it failed"
            : "expected one that passed the gate, found that none judged it");
  g_autofree char *said = g_strstrip (g_strdup (reason != NULL ? reason : ""));
  if (*said == '\0')
    return refuse (error, model,
                   "expected a reason for promoting what the gate did not pass, found "
                   "none");
  return TRUE;
}

/* Inside of a transaction. */
static gboolean
promote (RunetRegistry *self,
         const RunetRegisteredModel *model,
         RunetRegistryChange *change,
         GError **error) {
  g_autoptr (GPtrArray) changes = runet_registry_list_changes (self, error);
  if (changes == NULL)
    return FALSE;
  g_autoptr (GPtrArray) stack = fold (changes, model->architecture);
  const char *top = get_top (stack);
  if (g_strcmp0 (top, model->hash) == 0)
    return refuse (error, model, "it is in use already");
  g_autofree char *from = top != NULL ? g_strdup (top) : find_first (self, model);
  change->from = from;
  return append (self, change, error);
}

gboolean
runet_registry_promote (RunetRegistry *self,
                        const char *hash,
                        const char *author,
                        gboolean forced,
                        const char *reason,
                        GError **error) {
  g_return_val_if_fail (self != NULL && hash != NULL && author != NULL, FALSE);
  g_autoptr (RunetRegisteredModel) model = runet_registry_find (self, hash, error);
  if (model == NULL || !check_verdict (model, &forced, reason, error) ||
      !runet_registered_model_check (model, error))
    return FALSE;
  RunetRegistryChange change = {
      .kind = RUNET_CHANGE_PROMOTE,
      .author = (char *)author,
      .architecture = model->architecture,
      .to = model->hash,
      .forced = forced,
      .reason = (char *)reason,
  };
  if (!runet_registry_begin (self, error))
    return FALSE;
  if (promote (self, model, &change, error))
    return runet_registry_commit (self, error);
  runet_registry_cancel (self);
  return FALSE;
}

/* Inside of a transaction. */
static gboolean
roll_back (RunetRegistry *self,
           const char *architecture,
           RunetRegistryChange *change,
           GError **error) {
  g_autoptr (GPtrArray) changes = runet_registry_list_changes (self, error);
  if (changes == NULL)
    return FALSE;
  if (architecture == NULL)
    architecture = get_last_architecture (changes);
  g_autoptr (GPtrArray) stack = fold (changes, architecture);
  if (stack->len < 2) {
    g_set_error (
        error, RUNET_ERROR, RUNET_ERROR_MISSING,
        "%s: expected a model that was in use before, found none to go back to",
        architecture != NULL ? architecture : "registry of models");
    return FALSE;
  }
  g_autoptr (RunetRegisteredModel) to =
      runet_registry_find (self, stack->pdata[stack->len - 2], error);
  if (to == NULL || !runet_registered_model_check (to, error))
    return FALSE;
  change->architecture = (char *)architecture;
  change->from = (char *)get_top (stack);
  change->to = to->hash;
  return append (self, change, error);
}

gboolean
runet_registry_rollback (RunetRegistry *self,
                         const char *architecture,
                         const char *author,
                         const char *reason,
                         GError **error) {
  g_return_val_if_fail (self != NULL && author != NULL, FALSE);
  RunetRegistryChange change = {
      .kind = RUNET_CHANGE_ROLLBACK,
      .author = (char *)author,
      .reason = (char *)reason,
  };
  if (!runet_registry_begin (self, error))
    return FALSE;
  if (roll_back (self, architecture, &change, error))
    return runet_registry_commit (self, error);
  runet_registry_cancel (self);
  return FALSE;
}
