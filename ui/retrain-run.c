/* A retraining in a process of its own. */
#include "retrain-run.h"

#include <signal.h>
#include <unistd.h>
#include <glib/gi18n-lib.h>
#include "line-reader.h"

/* The verdict lists every image that changed: some hundred bytes each. */
#define LINE_LIMIT (4 << 20)
#define ERROR_LIMIT 4096
/* Who works at the computer comes first. */
#define NICENESS 10

struct _RunetRetrainRun {
  GObject parent;

  RunetRetrainState state;
  RunetRetrainProgress *progress;
  char *output; /* (nullable): that it was started for */
  char *message;
  char *last_error; /* (nullable): the last line of its standard error */
  GSubprocess *process; /* (nullable) */
  RunetLineReader *out, *err;
  guint open; /* of the two streams and the process itself, those that have not ended */
  GCancellable *waiting;
};

G_DEFINE_FINAL_TYPE (RunetRetrainRun, runet_retrain_run, G_TYPE_OBJECT)

static guint changed_signal;

static void
set_state (RunetRetrainRun *self, RunetRetrainState state) {
  self->state = state;
  g_signal_emit (self, changed_signal, 0);
}

/* ---- The end ---- */

static char *
describe_end (RunetRetrainRun *self) {
  if (g_subprocess_get_if_signaled (self->process)) {
    const char *name = g_strsignal (g_subprocess_get_term_sig (self->process));
    return self->last_error
               ? g_strdup_printf (_ ("The retraining ended unexpectedly (%s). It last "
                                     "said: %s"),
                                  name, self->last_error)
               : g_strdup_printf (_ ("The retraining ended unexpectedly (%s)."), name);
  }
  if (self->progress->failure)
    return g_strdup (self->progress->failure);
  if (self->last_error)
    return g_strdup (self->last_error);
  return g_strdup_printf (
      _ ("The retraining ended with status %d and did not say why."),
      g_subprocess_get_exit_status (self->process));
}

/* What it said last has come through when both of its streams have ended. */
static void
end_one (RunetRetrainRun *self) {
  if (--self->open > 0)
    return;
  /* Somebody else may have stopped it, as Ctrl+C in a terminal does. */
  const gboolean stopping =
      self->state == RUNET_RETRAIN_STOPPING || self->progress->kept;
  const gboolean good = g_subprocess_get_successful (self->process);
  g_clear_pointer (&self->message, g_free);
  if (!good && !stopping)
    self->message = describe_end (self);
  else if (good && !self->progress->gate)
    self->message = g_strdup (_ ("The retraining ended without a verdict."));
  g_clear_pointer (&self->out, runet_line_reader_free);
  g_clear_pointer (&self->err, runet_line_reader_free);
  g_clear_object (&self->process);
  set_state (self, self->message ? RUNET_RETRAIN_FAILED
                   : good        ? RUNET_RETRAIN_DONE
                                 : RUNET_RETRAIN_STOPPED);
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetRetrainRun *self = user_data;
  g_autoptr (GError) error = NULL;
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  end_one (self);
}

/* ---- What it says ---- */

static void
out_cb (const char *line, gpointer user_data) {
  RunetRetrainRun *self = user_data;
  if (!line)
    end_one (self);
  else if (runet_retrain_progress_parse (self->progress, line))
    g_signal_emit (self, changed_signal, 0);
}

static void
err_cb (const char *line, gpointer user_data) {
  RunetRetrainRun *self = user_data;
  if (!line) {
    end_one (self);
    return;
  }
  g_autofree char *text = g_strstrip (g_strdup (line));
  if (!*text)
    return;
  g_free (self->last_error);
  self->last_error = g_steal_pointer (&text);
}

/* ---- Start and stop ---- */

static void
lower_priority (gpointer user_data) {
  /* Where it is refused the work is done all the same. */
  const int niceness = nice (NICENESS);
  (void)niceness;
}

/* What the program takes by itself is not said: it also goes on where another choice would be refused. */
static void
add_engine (GPtrArray *list, RunetEngineChoice engine) {
  const gboolean processor =
      engine.kind == RUNET_ENGINE_BLAS || engine.kind == RUNET_ENGINE_REFERENCE;
  if (engine.kind != RUNET_ENGINE_AUTO) {
    g_ptr_array_add (list, g_strdup ("--engine"));
    g_ptr_array_add (list, g_strdup (runet_engine_kind_to_string (engine.kind)));
  }
  if (!processor && engine.precision != RUNET_PRECISION_TF32) {
    g_ptr_array_add (list, g_strdup ("--precision"));
    g_ptr_array_add (list, g_strdup (runet_precision_to_string (engine.precision)));
  }
}

static GPtrArray *
make_arguments (const char *program, const RunetRetrainOrder *order) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const char *const first[] = {program,           "retrain",     order->dataset,
                               "--review",        order->record, "--parent",
                               order->parent,     "--output",    order->output,
                               "--progress-json", "--register"};
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    g_ptr_array_add (list, g_strdup (first[i]));
  if (order->resume)
    g_ptr_array_add (list, g_strdup ("--resume"));
  else {
    g_ptr_array_add (list, g_strdup ("--epochs"));
    g_ptr_array_add (list, g_strdup_printf ("%u", order->epochs));
    g_ptr_array_add (list, g_strdup ("--learning-rate"));
    g_ptr_array_add (
        list, g_strdup (g_ascii_dtostr (number, sizeof number, order->learning_rate)));
    g_ptr_array_add (list, g_strdup ("--replay"));
    g_ptr_array_add (list,
                     g_strdup (g_ascii_dtostr (number, sizeof number, order->replay)));
  }
  add_engine (list, order->engine);
  if (order->author && *order->author) {
    g_ptr_array_add (list, g_strdup ("--author"));
    g_ptr_array_add (list, g_strdup (order->author));
  }
  g_ptr_array_add (list, NULL);
  return list;
}

/* What is gone on with keeps the curves that it has. */
static void
forget_last (RunetRetrainRun *self, const RunetRetrainOrder *order) {
  g_autoptr (RunetRetrainProgress) last = self->progress;
  self->progress = runet_retrain_progress_new ();
  if (order->resume && g_strcmp0 (order->output, self->output) == 0) {
    g_array_unref (self->progress->history);
    self->progress->history = g_array_ref (last->history);
  }
  g_free (self->output);
  self->output = g_strdup (order->output);
  g_clear_pointer (&self->message, g_free);
  g_clear_pointer (&self->last_error, g_free);
}

void
runet_retrain_run_start (RunetRetrainRun *self,
                         const char *program,
                         const RunetRetrainOrder *order) {
  g_return_if_fail (RUNET_IS_RETRAIN_RUN (self) && program != NULL && order != NULL);
  g_return_if_fail (!self->process);
  forget_last (self, order);
  g_autoptr (GPtrArray) arguments = make_arguments (program, order);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, lower_priority, NULL, NULL);
  g_autoptr (GError) error = NULL;
  self->process = g_subprocess_launcher_spawnv (
      launcher, (const char *const *)arguments->pdata, &error);
  if (!self->process) {
    self->message =
        g_strdup_printf (_ ("%s could not be started: %s"), program, error->message);
    set_state (self, RUNET_RETRAIN_FAILED);
    return;
  }
  self->open = 3;
  self->out = runet_line_reader_new (g_subprocess_get_stdout_pipe (self->process),
                                     LINE_LIMIT, out_cb, self);
  self->err = runet_line_reader_new (g_subprocess_get_stderr_pipe (self->process),
                                     ERROR_LIMIT, err_cb, self);
  g_subprocess_wait_async (self->process, self->waiting, waited_cb, self);
  set_state (self, RUNET_RETRAIN_RUNNING);
}

void
runet_retrain_run_stop (RunetRetrainRun *self) {
  g_return_if_fail (RUNET_IS_RETRAIN_RUN (self));
  if (!self->process)
    return;
  g_subprocess_send_signal (self->process, SIGINT);
  set_state (self, RUNET_RETRAIN_STOPPING);
}

static gboolean
late_cb (gpointer user_data) {
  gboolean *late = user_data;
  *late = TRUE;
  return G_SOURCE_CONTINUE;
}

void
runet_retrain_run_end (RunetRetrainRun *self, guint seconds) {
  g_return_if_fail (RUNET_IS_RETRAIN_RUN (self));
  g_autoptr (RunetRetrainRun) kept = g_object_ref (self);
  runet_retrain_run_stop (self);
  gboolean late = FALSE;
  const guint id = g_timeout_add_seconds (seconds, late_cb, &late);
  while (self->process && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  if (self->process)
    g_subprocess_force_exit (self->process);
}

/* ---- Object ---- */

const char *
runet_retrain_run_get_process (RunetRetrainRun *self) {
  g_return_val_if_fail (RUNET_IS_RETRAIN_RUN (self), NULL);
  return self->process ? g_subprocess_get_identifier (self->process) : NULL;
}

RunetRetrainState
runet_retrain_run_get_state (RunetRetrainRun *self) {
  g_return_val_if_fail (RUNET_IS_RETRAIN_RUN (self), RUNET_RETRAIN_IDLE);
  return self->state;
}

gboolean
runet_retrain_run_is_active (RunetRetrainRun *self) {
  g_return_val_if_fail (RUNET_IS_RETRAIN_RUN (self), FALSE);
  return self->state == RUNET_RETRAIN_RUNNING || self->state == RUNET_RETRAIN_STOPPING;
}

const RunetRetrainProgress *
runet_retrain_run_get_progress (RunetRetrainRun *self) {
  g_return_val_if_fail (RUNET_IS_RETRAIN_RUN (self), NULL);
  return self->progress;
}

const char *
runet_retrain_run_get_message (RunetRetrainRun *self) {
  g_return_val_if_fail (RUNET_IS_RETRAIN_RUN (self), NULL);
  return self->message;
}

/* Nobody is left to hear it: it keeps a checkpoint and ends. */
static void
runet_retrain_run_dispose (GObject *object) {
  RunetRetrainRun *self = RUNET_RETRAIN_RUN (object);
  g_clear_pointer (&self->out, runet_line_reader_free);
  g_clear_pointer (&self->err, runet_line_reader_free);
  if (self->process)
    g_subprocess_send_signal (self->process, SIGINT);
  g_cancellable_cancel (self->waiting);
  g_clear_object (&self->process);
  G_OBJECT_CLASS (runet_retrain_run_parent_class)->dispose (object);
}

static void
runet_retrain_run_finalize (GObject *object) {
  RunetRetrainRun *self = RUNET_RETRAIN_RUN (object);
  runet_retrain_progress_free (self->progress);
  g_free (self->output);
  g_free (self->message);
  g_free (self->last_error);
  g_object_unref (self->waiting);
  G_OBJECT_CLASS (runet_retrain_run_parent_class)->finalize (object);
}

static void
runet_retrain_run_class_init (RunetRetrainRunClass *class) {
  G_OBJECT_CLASS (class)->dispose = runet_retrain_run_dispose;
  G_OBJECT_CLASS (class)->finalize = runet_retrain_run_finalize;
  changed_signal =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
runet_retrain_run_init (RunetRetrainRun *self) {
  self->progress = runet_retrain_progress_new ();
  self->waiting = g_cancellable_new ();
}

RunetRetrainRun *
runet_retrain_run_new (void) {
  return g_object_new (RUNET_TYPE_RETRAIN_RUN, NULL);
}
