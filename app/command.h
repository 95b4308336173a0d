/* What every command of `runet` shares: options, exit codes, JSON, progress and Ctrl-C. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include "core/base/json-build.h"
#include "core/base/progress.h"
#include "core/echo/dataset.h"
#include "core/nn/plan.h"

G_BEGIN_DECLS

/* Exit codes. */
enum {
  RUNET_EXIT_DONE = 0,
  RUNET_EXIT_FAILED = 1, /* one line on stderr says why */
  RUNET_EXIT_USAGE = 2,
};

/* One command. @run gets its own arguments, argv[0] being the command's name. */
typedef struct {
  const char *name;
  const char *summary;
  int (*run) (int argc, char *argv[]);
} RunetCommand;

int
runet_command_bench (int argc, char *argv[]);
int
runet_command_calibrate (int argc, char *argv[]);
int
runet_command_compare (int argc, char *argv[]);
int
runet_command_crossval (int argc, char *argv[]);
int
runet_command_evaluate (int argc, char *argv[]);
int
runet_command_export (int argc, char *argv[]);
int
runet_command_import (int argc, char *argv[]);
int
runet_command_info (int argc, char *argv[]);
int
runet_command_measure (int argc, char *argv[]);
int
runet_command_models (int argc, char *argv[]);
int
runet_command_phantom (int argc, char *argv[]);
int
runet_command_queue (int argc, char *argv[]);
int
runet_command_retrain (int argc, char *argv[]);
int
runet_command_segment (int argc, char *argv[]);
int
runet_command_train (int argc, char *argv[]);

/* The options that several commands have; --help comes from GOption. */
typedef struct {
  const char *command; /* its name, of argv[0] */
  gboolean json;
  gboolean exact;
  int threads; /* 0: one per processor */
  char *engine, *precision; /* (nullable) */
} RunetCommonOptions;

/* Which of them a command has; each has those before it too. */
typedef enum {
  RUNET_SHARED_PLAIN, /* --json */
  RUNET_SHARED_THREADS, /* --threads: several work at once */
  RUNET_SHARED_ENGINE, /* --engine, --precision, --exact: a network runs */
} RunetSharedOptions;

/**
 * runet_command_parse:
 * @entries: (nullable): the command's own options, ended by an empty one
 * @arguments: what is expected after the options, for the usage line: "INPUT..."
 * @rest: (out) (transfer full): the remaining arguments, NULL-terminated
 * @min_rest, @max_rest: how many there may be; @max_rest -1 for any number
 *
 * Returns: FALSE after one line on stderr: the command then returns RUNET_EXIT_USAGE.
 */
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
                     int max_rest);
void
runet_common_options_clear (RunetCommonOptions *common);

/* The engine of --engine with --precision, --threads and --exact; NULL with @error. Warns of a precision that the
 * engine found does not have. */
RunetEngine *
runet_command_engine (const RunetCommonOptions *common, GError **error);
/* Says in one line on stderr when another engine than the one @asked for @works, as the processor does when the GPU's
 * memory does not suffice. */
void
runet_command_tell_engine (const char *command,
                           const RunetEngine *asked,
                           const RunetEngine *works);

/* Who does it, for what is recorded: the user's full name, else the one to log in with. */
const char *
runet_command_author (void);

/* Prints "runet COMMAND: MESSAGE" on stderr; returns RUNET_EXIT_FAILED. */
int
runet_command_fail (const char *command, const GError *error);
/* The same for something that does not end the command. */
void
runet_command_warn (const char *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * runet_command_select_patients:
 * @list_path: (nullable): one id a line; NULL for all
 *
 * Warns of listed patients that are absent, with their number.
 * Returns: (transfer container) (element-type RunetPatient): borrowed from @dataset
 */
GPtrArray *
runet_command_select_patients (const char *command,
                               const RunetDataset *dataset,
                               const char *list_path,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One line an image that was left out. @problems: (element-type RunetProblem). */
void
runet_command_warn_skipped (const char *command, const GPtrArray *problems);

/* One JSON object on stdout. @builder holds the whole object. */
void
runet_command_print_json (JsonBuilder *builder);
/* Ctrl-C and SIGTERM cancel it; a second Ctrl-C ends the program at once. Valid to the end. */
GCancellable *
runet_command_cancellable (void);

/* A RunetProgressFunc: one line on stderr that overwrites itself, only on a terminal.
 * @user_data: the command's name. */
void
runet_command_progress_cb (const RunetProgress *progress, gpointer user_data);
/* Ends that line, so that other output starts on its own. */
void
runet_command_progress_end (void);

/* "1 h 02 min", "3 min 20 s", "12 s". */
char *
runet_duration_to_string (double seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
