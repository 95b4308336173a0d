/* Loops over the rows of a tensor, shared out to the pool. */
#include "operations.h"

/* 32 KiB of float: some ten times what handing out a task costs, and within the first cache. */
#define FLOATS_IN_TASK 8192

typedef struct {
  RunetRowsFunc func;
  gconstpointer arguments;
  gsize rows;
  gsize rows_in_task;
} Loop;

static void
run_task_cb (gsize task, guint worker, gpointer user_data) {
  const Loop *loop = user_data;
  gsize first = task * loop->rows_in_task;
  loop->func (first, MIN (first + loop->rows_in_task, loop->rows), loop->arguments);
}

void
runet_for_rows (RunetPool *pool,
                gsize rows,
                gsize floats_in_row,
                RunetRowsFunc func,
                gconstpointer arguments) {
  Loop loop = {func, arguments, rows, MAX (1, FLOATS_IN_TASK / MAX (1, floats_in_row))};
  runet_pool_run (pool, (rows + loop.rows_in_task - 1) / loop.rows_in_task, run_task_cb,
                  &loop);
}
