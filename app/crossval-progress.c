/* What `runet crossval` tells while it works. */
#include "crossval-progress.h"

#include <stdio.h>

#include "command.h"

static void
print_left (GString *line, const RunetCrossvalProgress *progress) {
  if (progress->seconds_left <= 0)
    return;
  g_autofree char *left = runet_duration_to_string (progress->seconds_left);
  g_string_append_printf (line, "; all jobs: at most %s left", left);
}

static void
print_epoch (const RunetCrossvalProgress *progress) {
  const RunetEpoch *epoch = progress->training->record;
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_append_printf (line, "%s, fold %u: epoch %u/%u, loss %.4f, Dice",
                          progress->method->name, progress->fold, epoch->number,
                          progress->training->epochs, epoch->loss);
  for (guint k = 0; k < epoch->stages; k++)
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      g_string_append_printf (line, "%s %.4f", s == 0 && k > 0 ? " |" : "",
                              epoch->dice[k][s]);
  g_autofree char *taken = runet_duration_to_string (epoch->seconds);
  g_string_append_printf (line, ", rate %g, %s%s", epoch->learning_rate, taken,
                          epoch->best ? ", best" : "");
  print_left (line, progress);
  runet_command_progress_end ();
  fprintf (stderr, "%s\n", line->str);
}

static void
print_result (const RunetCrossvalProgress *progress) {
  const RunetCrossvalResult *result = progress->result;
  g_autofree char *taken = runet_duration_to_string (result->training_seconds);
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_append_printf (
      line,
      "%s, fold %u: done in %s: weights of epoch %u of %u, %u images measured, %u not",
      progress->method->name, progress->fold, taken, result->best_epoch, result->epochs,
      result->images->len, result->skipped);
  print_left (line, progress);
  runet_command_progress_end ();
  fprintf (stderr, "%s\n", line->str);
}

/* The line of a terminal that overwrites itself. */
static void
print_fleeting (const RunetCrossvalProgress *progress, const char *command) {
  const RunetTrainingProgress *training = progress->training;
  g_autofree char *text = NULL;
  RunetProgress now = {.seconds_left = progress->seconds_left};
  if (training != NULL) {
    text = g_strdup_printf (
        "%s, job %u/%u: %s fold %u, epoch %u/%u, loss %.4f; all jobs",
        training->phase == RUNET_TRAINING_STEP ? "steps" : "validated", progress->job,
        progress->jobs, progress->method->name, progress->fold, training->epoch,
        training->epochs, training->loss);
    now.done = training->done;
    now.total = training->total;
  } else {
    text = progress->method != NULL
               ? g_strdup_printf ("images measured, job %u/%u: %s fold %u; all jobs",
                                  progress->job, progress->jobs, progress->method->name,
                                  progress->fold)
               : g_strdup ("read");
    now.done = progress->count->done;
    now.total = progress->count->total;
  }
  now.text = text;
  runet_command_progress_cb (&now, (gpointer)command);
}

void
runet_crossval_progress_cb (const RunetCrossvalProgress *progress, gpointer user_data) {
  switch (progress->phase) {
  case RUNET_CROSSVAL_READING:
  case RUNET_CROSSVAL_TESTING:
    print_fleeting (progress, user_data);
    break;
  case RUNET_CROSSVAL_TRAINING:
    if (progress->training->phase == RUNET_TRAINING_EPOCH)
      print_epoch (progress);
    else
      print_fleeting (progress, user_data);
    break;
  case RUNET_CROSSVAL_BEGIN:
    runet_command_progress_end ();
    fprintf (stderr, "job %u/%u: %s, fold %u: %s\n", progress->job, progress->jobs,
             progress->method->name, progress->fold, progress->message);
    break;
  case RUNET_CROSSVAL_RESULT:
    print_result (progress);
    break;
  case RUNET_CROSSVAL_WARNING:
    if (progress->method != NULL)
      runet_command_warn (user_data, "%s, fold %u: %s", progress->method->name,
                          progress->fold, progress->message);
    else
      runet_command_warn (user_data, "%s", progress->message);
    break;
  }
}
