/* Runs `runet`, which the environment names as RUNET, and keeps what it says. */
#pragma once

#include <glib.h>
#include <string.h>
#include <sys/wait.h>

/* One run of the program. */
typedef struct {
  int status;
  char *out, *err;
} Run;

static inline void
run_clear (Run *run) {
  g_free (run->out);
  g_free (run->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* @argv: (element-type utf8): the program, its arguments, and NULL at the end. */
static inline Run
run_program (GPtrArray *argv) {
  Run run = {-1, NULL, NULL};
  g_autoptr (GError) error = NULL;
  int status;
  g_spawn_sync (NULL, (char **)argv->pdata, NULL, 0, NULL, NULL, &run.out, &run.err,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  run.status = WEXITSTATUS (status);
  return run;
}

/* @first and what follows, ending with NULL: its arguments. */
static inline Run G_GNUC_NULL_TERMINATED
runet (const char *first, ...) {
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (char *)g_getenv ("RUNET"));
  va_list arguments;
  va_start (arguments, first);
  for (const char *a = first; a != NULL; a = va_arg (arguments, const char *))
    g_ptr_array_add (argv, (char *)a);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);
  return run_program (argv);
}

/* One line on stderr, of the command, that names what it is about. */
static inline void
assert_one_line (const Run *run, const char *mentions) {
  g_assert_cmpstr (run->err, !=, "");
  const char *end = strchr (run->err, '\n');
  g_assert_nonnull (end);
  g_assert_cmpint (end[1], ==, '\0');
  if (strstr (run->err, mentions) == NULL)
    g_error ("expected '%s' in: %s", mentions, run->err);
}
