/* A pool of workers for data-parallel loops.
 *
 * A loop is a counter that the workers increment until it passes the number of tasks; the calling
 * thread is worker 0. Workers spin a moment before they sleep, because a network is some hundred
 * short loops in a row and a wake-up costs as much as a small one. */
#include "pool.h"

#include <sched.h>

/* About 20 µs: longer than the serial part between two layers, far shorter than a time slice. */
#define SPINS 4000

/* The workers and the loop that they are at. */
typedef struct {
  gatomicrefcount references;
  guint workers;
  GThread **threads; /* workers - 1 */

  GMutex run_lock; /* one loop at a time */

  GMutex lock;
  GCond wake;
  GCond finished;
  gint generation; /* atomic; grows by one a loop */
  gboolean quit;

  RunetPoolFunc func;
  gpointer user_data;
  GCancellable *cancellable; /* (nullable) */
  gsize tasks;
  gsize next; /* atomic */
  gint active; /* atomic: workers that have not finished this loop */
  gint cancelled; /* atomic: tasks of this loop were left out */
} Crew;

struct _RunetPool {
  Crew *crew;
  GCancellable *cancellable; /* (nullable) */
};

typedef struct {
  Crew *crew;
  guint worker;
} Worker;

static inline void
relax (void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#endif
}

static guint
count_processors (void) {
  cpu_set_t set;
  if (sched_getaffinity (0, sizeof set, &set) == 0)
    return MAX (1, CPU_COUNT (&set));
  return MAX (1, g_get_num_processors ());
}

static void
take_tasks (Crew *crew, guint worker) {
  for (;;) {
    gsize task = __atomic_fetch_add (&crew->next, 1, __ATOMIC_RELAXED);
    if (task >= crew->tasks)
      return;
    if (g_cancellable_is_cancelled (crew->cancellable)) {
      __atomic_store_n (&crew->cancelled, TRUE, __ATOMIC_RELEASE);
      return;
    }
    crew->func (task, worker, crew->user_data);
  }
}

/* Returns FALSE when the pool is being freed. */
static gboolean
wait_for_loop (Crew *crew, gint seen) {
  for (int i = 0; i < SPINS; i++) {
    if (__atomic_load_n (&crew->generation, __ATOMIC_ACQUIRE) != seen)
      return !__atomic_load_n (&crew->quit, __ATOMIC_ACQUIRE);
    relax ();
  }
  g_mutex_lock (&crew->lock);
  while (crew->generation == seen)
    g_cond_wait (&crew->wake, &crew->lock);
  gboolean quit = crew->quit;
  g_mutex_unlock (&crew->lock);
  return !quit;
}

static gpointer
work (gpointer data) {
  Worker self = *(Worker *)data;
  g_free (data);
  Crew *crew = self.crew;
  gint seen = 0;

  while (wait_for_loop (crew, seen)) {
    seen++;
    take_tasks (crew, self.worker);
    if (__atomic_sub_fetch (&crew->active, 1, __ATOMIC_ACQ_REL) == 0) {
      g_mutex_lock (&crew->lock);
      g_cond_signal (&crew->finished);
      g_mutex_unlock (&crew->lock);
    }
  }
  return NULL;
}

static void
announce (Crew *crew) {
  g_mutex_lock (&crew->lock);
  __atomic_add_fetch (&crew->generation, 1, __ATOMIC_RELEASE);
  g_cond_broadcast (&crew->wake);
  g_mutex_unlock (&crew->lock);
}

static Crew *
crew_new (guint workers) {
  Crew *crew = g_new0 (Crew, 1);
  g_atomic_ref_count_init (&crew->references);
  crew->workers = workers > 0 ? workers : count_processors ();
  g_mutex_init (&crew->run_lock);
  g_mutex_init (&crew->lock);
  g_cond_init (&crew->wake);
  g_cond_init (&crew->finished);
  crew->threads = g_new0 (GThread *, crew->workers);
  for (guint i = 1; i < crew->workers; i++) {
    Worker *worker = g_new (Worker, 1);
    *worker = (Worker){crew, i};
    crew->threads[i - 1] = g_thread_new ("runet-worker", work, worker);
  }
  return crew;
}

/* The crews that runet_pool_get() made and that are still in use. */
static GMutex common_lock;
static GSList *common;

static void
crew_unref (Crew *crew) {
  g_mutex_lock (&common_lock);
  const gboolean last = g_atomic_ref_count_dec (&crew->references);
  if (last)
    common = g_slist_remove (common, crew);
  g_mutex_unlock (&common_lock);
  if (!last)
    return;
  __atomic_store_n (&crew->quit, TRUE, __ATOMIC_RELEASE);
  announce (crew);
  for (guint i = 1; i < crew->workers; i++)
    g_thread_join (crew->threads[i - 1]);
  g_free (crew->threads);
  g_mutex_clear (&crew->run_lock);
  g_mutex_clear (&crew->lock);
  g_cond_clear (&crew->wake);
  g_cond_clear (&crew->finished);
  g_free (crew);
}

RunetPool *
runet_pool_new (guint workers) {
  RunetPool *pool = g_new0 (RunetPool, 1);
  pool->crew = crew_new (workers);
  return pool;
}

RunetPool *
runet_pool_get (guint workers) {
  RunetPool *pool = g_new0 (RunetPool, 1);
  const guint wanted = workers > 0 ? workers : count_processors ();
  g_mutex_lock (&common_lock);
  for (GSList *item = common; item != NULL && pool->crew == NULL; item = item->next)
    if (((Crew *)item->data)->workers == wanted) {
      pool->crew = item->data;
      g_atomic_ref_count_inc (&pool->crew->references);
    }
  if (pool->crew == NULL) {
    pool->crew = crew_new (wanted);
    common = g_slist_prepend (common, pool->crew);
  }
  g_mutex_unlock (&common_lock);
  return pool;
}

RunetPool *
runet_pool_share (RunetPool *pool) {
  g_return_val_if_fail (pool != NULL, NULL);
  RunetPool *other = g_new0 (RunetPool, 1);
  other->crew = pool->crew;
  g_atomic_ref_count_inc (&pool->crew->references);
  return other;
}

void
runet_pool_free (RunetPool *pool) {
  if (pool == NULL)
    return;
  crew_unref (pool->crew);
  g_free (pool);
}

guint
runet_pool_get_workers (const RunetPool *pool) {
  return pool->crew->workers;
}

void
runet_pool_set_cancellable (RunetPool *pool, GCancellable *cancellable) {
  g_return_if_fail (pool != NULL);
  pool->cancellable = cancellable;
}

static void
wait_for_workers (Crew *crew) {
  for (int i = 0; i < SPINS; i++) {
    if (__atomic_load_n (&crew->active, __ATOMIC_ACQUIRE) == 0)
      return;
    relax ();
  }
  g_mutex_lock (&crew->lock);
  while (__atomic_load_n (&crew->active, __ATOMIC_ACQUIRE) != 0)
    g_cond_wait (&crew->finished, &crew->lock);
  g_mutex_unlock (&crew->lock);
}

gboolean
runet_pool_run (RunetPool *pool, gsize tasks, RunetPoolFunc func, gpointer user_data) {
  g_return_val_if_fail (func != NULL, FALSE);
  if (tasks == 0)
    return TRUE;

  Crew *crew = pool->crew;
  g_mutex_lock (&crew->run_lock);
  crew->func = func;
  crew->user_data = user_data;
  crew->cancellable = pool->cancellable;
  crew->cancelled = FALSE;
  crew->tasks = tasks;
  __atomic_store_n (&crew->next, 0, __ATOMIC_RELAXED);
  if (crew->workers > 1 && tasks > 1) {
    __atomic_store_n (&crew->active, (gint)crew->workers - 1, __ATOMIC_RELEASE);
    announce (crew);
    take_tasks (crew, 0);
    wait_for_workers (crew);
  } else
    take_tasks (crew, 0);
  const gboolean done = !__atomic_load_n (&crew->cancelled, __ATOMIC_ACQUIRE);
  g_mutex_unlock (&crew->run_lock);
  return done;
}
