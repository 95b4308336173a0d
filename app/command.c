/* What every command of `runet` shares: options, exit codes, JSON, progress and Ctrl-C. */
#include "command.h"

#include <errno.h>
#include <glib-unix.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* A terminal does not need more than that. */
#define PROGRESS_INTERVAL_US (G_USEC_PER_SEC / 10)

static gboolean progress_line_open;

void
runet_common_options_clear (RunetCommonOptions *common) {
  g_clear_pointer (&common->engine, g_free);
  g_clear_pointer (&common->precision, g_free);
}

static gboolean
check_rest (char *const *rest, int min_rest, int max_rest, GError **error) {
  int count = rest != NULL ? (int)g_strv_length ((char **)rest) : 0;
  if (count < min_rest || (max_rest >= 0 && count > max_rest)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "expected %s%d argument%s after the options, found %d",
                 max_rest == min_rest ? "" : "at least ", min_rest,
                 min_rest == 1 ? "" : "s", count);
    return FALSE;
  }
  return TRUE;
}

/* @argv as the command's own program has it. */
static gboolean
parse_words (GOptionContext *context, int argc, char *argv[], GError **error) {
  g_autofree char *program = g_strdup_printf ("runet %s", argv[0]);
  g_set_prgname (program);
  g_auto (GStrv) copy = g_new0 (char *, argc + 1);
  for (int i = 0; i < argc; i++)
    copy[i] = g_strdup (i == 0 ? program : argv[i]);
  return g_option_context_parse_strv (context, &copy, error);
}

static void
add_shared (GOptionContext *context,
            RunetSharedOptions shared,
            RunetCommonOptions *common) {
  const GOptionEntry json[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &common->json, "Print one JSON object", NULL},
      G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry threads[] = {
      {"threads", 0, 0, G_OPTION_ARG_INT, &common->threads,
       "Threads; 0 = one per processor", "N"},
      G_OPTION_ENTRY_NULL,
  };
  const GOptionEntry engine[] = {
      {"engine", 0, 0, G_OPTION_ARG_STRING, &common->engine,
       "auto, cudnn (a GPU), blas or reference; see runet info --engines", "NAME"},
      {"precision", 0, 0, G_OPTION_ARG_STRING, &common->precision,
       "On a GPU: tf32 (unless given), float32, float16 or bfloat16", "NAME"},
      {"exact", 0, 0, G_OPTION_ARG_NONE, &common->exact,
       "Convolve without Winograd's transforms, on a GPU in float32: slower, a little "
       "more exact",
       NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_option_context_add_main_entries (context, json, NULL);
  if (shared >= RUNET_SHARED_THREADS)
    g_option_context_add_main_entries (context, threads, NULL);
  if (shared >= RUNET_SHARED_ENGINE)
    g_option_context_add_main_entries (context, engine, NULL);
}

static gboolean
check_threads (const RunetCommonOptions *common, GError **error) {
  if (common->threads >= 0 && common->threads <= 1024)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--threads: expected 0 … 1024, found %d", common->threads);
  return FALSE;
}

gboolean
runet_command_parse (int argc,
                     char *argv[],
                     RunetSharedOptions shared,
                     const GOptionEntry *entries,
                     const char *arguments,
                     const char *summary,
                     RunetCommonOptions *common,
                     char ***rest,
                     int min_rest,
                     int max_rest) {
  *common = (RunetCommonOptions){.command = argv[0]};
  g_auto (GStrv) remaining = NULL;
  const GOptionEntry last[] = {
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &remaining, NULL, NULL},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_option_context_set_summary (context, summary);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  add_shared (context, shared, common);
  g_option_context_add_main_entries (context, last, NULL);
  g_autoptr (GError) error = NULL;
  if (!parse_words (context, argc, argv, &error) ||
      !check_rest (remaining, min_rest, max_rest, &error) ||
      !check_threads (common, &error)) {
    fprintf (stderr, "runet %s: %s (see runet %s --help)\n", argv[0], error->message,
             argv[0]);
    runet_common_options_clear (common);
    return FALSE;
  }
  *rest = remaining != NULL ? g_steal_pointer (&remaining) : g_new0 (char *, 1);
  return TRUE;
}

const char *
runet_command_author (void) {
  const char *name = g_get_real_name ();
  gboolean known = *name != '\0' && g_strcmp0 (name, "Unknown") != 0;
  return known ? name : g_get_user_name ();
}

int
runet_command_fail (const char *command, const GError *error) {
  runet_command_progress_end ();
  fprintf (stderr, "runet %s: %s\n", command, error->message);
  return error->domain == G_OPTION_ERROR ? RUNET_EXIT_USAGE : RUNET_EXIT_FAILED;
}

void
runet_command_warn (const char *command, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  runet_command_progress_end ();
  fprintf (stderr, "runet %s: %s\n", command, message);
}

GPtrArray *
runet_command_select_patients (const char *command,
                               const RunetDataset *dataset,
                               const char *list_path,
                               GError **error) {
  if (list_path == NULL)
    return g_ptr_array_ref (dataset->patients);
  guint absent = 0;
  GPtrArray *patients = runet_dataset_select (dataset, list_path, &absent, error);
  if (patients != NULL && absent > 0)
    runet_command_warn (command, "%s: %u listed patients are not in %s", list_path,
                        absent, dataset->path);
  return patients;
}

void
runet_command_warn_skipped (const char *command, const GPtrArray *problems) {
  for (guint i = 0; i < problems->len; i++) {
    const RunetProblem *problem = g_ptr_array_index (problems, i);
    runet_command_warn (command, "skipped %s: %s", problem->path, problem->message);
  }
}

void
runet_command_print_json (JsonBuilder *builder) {
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, isatty (STDOUT_FILENO));
  g_autofree char *text = json_generator_to_data (generator, NULL);
  puts (text);
}

static int signal_pipe[2];
static volatile sig_atomic_t signalled;

/* g_cancellable_cancel() takes locks and so may not run inside a signal handler: a thread at the
 * other end of the pipe calls it. */
static void
signal_cb (int number) {
  if (signalled || write (signal_pipe[1], "", 1) < 0)
    _exit (128 + number);
  signalled = 1;
}

static gpointer
wait_for_signal (gpointer data) {
  char byte;
  while (read (signal_pipe[0], &byte, 1) < 0 && errno == EINTR)
    continue;
  g_cancellable_cancel (data);
  return NULL;
}

/* A handler, not a mask with sigwait(): OpenBLAS has made threads of its own before main(), which
 * no mask would reach. */
GCancellable *
runet_command_cancellable (void) {
  static GCancellable *cancellable;
  if (cancellable != NULL)
    return cancellable;
  cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  if (!g_unix_open_pipe (signal_pipe, FD_CLOEXEC, &error)) {
    runet_command_warn ("command", "Ctrl-C cannot be caught: %s", error->message);
    return cancellable;
  }
  g_thread_unref (g_thread_new ("signals", wait_for_signal, cancellable));
  struct sigaction action = {.sa_handler = signal_cb, .sa_flags = SA_RESTART}, before;
  sigemptyset (&action.sa_mask);
  sigaction (SIGTERM, &action, NULL);
  /* In the background of a script Ctrl-C is ignored, and should stay so. */
  sigaction (SIGINT, NULL, &before);
  if (before.sa_handler != SIG_IGN)
    sigaction (SIGINT, &action, NULL);
  return cancellable;
}

void
runet_command_progress_cb (const RunetProgress *progress, gpointer user_data) {
  static gint64 last;
  if (!isatty (STDERR_FILENO))
    return;
  gint64 now = g_get_monotonic_time ();
  if (now - last < PROGRESS_INTERVAL_US && progress->done < progress->total)
    return;
  last = now;
  fprintf (stderr, "\r\033[K%s", (const char *)user_data);
  if (progress->total > 0)
    fprintf (stderr, " %" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT, progress->done,
             progress->total);
  if (progress->text != NULL)
    fprintf (stderr, " %s", progress->text);
  if (progress->seconds_left >= 0) {
    g_autofree char *left = runet_duration_to_string (progress->seconds_left);
    fprintf (stderr, ", %s left", left);
  }
  fflush (stderr);
  progress_line_open = TRUE;
}

void
runet_command_progress_end (void) {
  if (progress_line_open)
    fputs ("\r\033[K", stderr);
  progress_line_open = FALSE;
}

char *
runet_duration_to_string (double seconds) {
  int s = (int)lround (MAX (seconds, 0));
  if (s >= 3600)
    return g_strdup_printf ("%d h %02d min", s / 3600, s / 60 % 60);
  if (s >= 60)
    return g_strdup_printf ("%d min %02d s", s / 60, s % 60);
  return g_strdup_printf ("%d s", s);
}
