/* A pool of workers for data-parallel loops. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RunetPool RunetPool;

/**
 * RunetPoolFunc:
 * @task: 0 … tasks-1; which worker takes which task is not fixed
 * @worker: 0 … workers-1; no two calls run at once with the same worker, so that scratch
 *   memory can be indexed by it
 */
typedef void (*RunetPoolFunc) (gsize task, guint worker, gpointer user_data);

/* @workers: 0 for one per processor this process may use. The caller's thread is one of them. */
RunetPool *
runet_pool_new (guint workers) G_GNUC_WARN_UNUSED_RESULT;
/* The workers that all who ask here for so many have in common: networks that run at the same time
 * take turns, loop by loop, instead of getting in each other's way on the same processors. */
RunetPool *
runet_pool_get (guint workers) G_GNUC_WARN_UNUSED_RESULT;
/* Another pool of the same workers, with a cancellable of its own; either may be freed first. */
RunetPool *
runet_pool_share (RunetPool *pool) G_GNUC_WARN_UNUSED_RESULT;
void
runet_pool_free (RunetPool *pool);
guint
runet_pool_get_workers (const RunetPool *pool);

/* @cancellable: (nullable) (transfer none): once it is cancelled, no task of this pool is begun. To
 * be set by the only thread that uses this pool, and to be unset before it goes. */
void
runet_pool_set_cancellable (RunetPool *pool, GCancellable *cancellable);

/**
 * runet_pool_run:
 *
 * Runs @func for every task and returns when all are done. Calls from several threads are
 * served one after the other; a call from inside @func is a programmer's error.
 * Returns: FALSE when some tasks were left out because of the cancellable.
 */
gboolean
runet_pool_run (RunetPool *pool, gsize tasks, RunetPoolFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetPool, runet_pool_free)

G_END_DECLS
