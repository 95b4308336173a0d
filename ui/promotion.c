/* Putting a model in use. */
#include "promotion.h"

#include "core/retraining/registry.h"

typedef struct {
  char *hash; /* (nullable): of the model to be promoted; NULL: roll back */
  char *architecture; /* (nullable) */
  char *author;
  char *reason; /* (nullable) */
} Wish;

static void
wish_free (Wish *wish) {
  g_free (wish->hash);
  g_free (wish->architecture);
  g_free (wish->author);
  g_free (wish->reason);
  g_free (wish);
}

static char *
fulfil (const Wish *wish, GError **error) {
  g_autoptr (RunetRegistry) registry = runet_registry_open (NULL, error);
  if (!registry)
    return NULL;
  const gboolean done =
      wish->hash ? runet_registry_promote (registry, wish->hash, wish->author,
                                           wish->reason != NULL, wish->reason, error)
                 : runet_registry_rollback (registry, wish->architecture, wish->author,
                                            wish->reason, error);
  g_autoptr (RunetRegisteredModel) current =
      done ? runet_registry_get_current (registry, NULL, error) : NULL;
  return current ? g_strdup (current->path) : NULL;
}

static void
in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  g_autoptr (GError) error = NULL;
  char *path = fulfil (data, &error);
  if (path)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
run (Wish *wish, GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_task_data (task, wish, (GDestroyNotify)wish_free);
  g_task_run_in_thread (task, in_thread);
}

void
runet_promote_async (const char *hash,
                     const char *author,
                     const char *reason,
                     GAsyncReadyCallback callback,
                     gpointer user_data) {
  g_return_if_fail (hash != NULL && author != NULL);
  Wish *wish = g_new0 (Wish, 1);
  wish->hash = g_strdup (hash);
  wish->author = g_strdup (author);
  wish->reason = g_strdup (reason);
  run (wish, callback, user_data);
}

void
runet_roll_back_async (const char *architecture,
                       const char *author,
                       GAsyncReadyCallback callback,
                       gpointer user_data) {
  g_return_if_fail (author != NULL);
  Wish *wish = g_new0 (Wish, 1);
  wish->architecture = g_strdup (architecture);
  wish->author = g_strdup (author);
  run (wish, callback, user_data);
}

char *
runet_promotion_finish (GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer (G_TASK (result), error);
}
