/* What `runet retrain` tells while it works: lines for people, or JSON for programs.
 *
 * With --progress-json every line of the standard output is one object with "event":
 *
 *   snapshot    "hash", "frames", "edited", "patients" (counts), "exclusions": [{"kind", "name", "message"}]
 *   data        "corrected", "repeat", "replay", "drawn", "validation", "locked": see RunetRetrainingData
 *   reading     "done", "total", "text": the record, or images
 *   step        "epoch", "epochs", "done", "total" (batches of the epoch), "loss" (mean of the epoch so far),
 *               "seconds_left" (until the last epoch; null when unknown)
 *   validation  "epoch", "epochs", "done", "total" (images), "loss"
 *   epoch       "epoch", "epochs", "loss", "learning_rate", "seconds", "best", "seconds_left", "stages":
 *               [{"loss", "dice": {"endo", "epi", "la"} or null without validation}], one a stage of the network
 *   gate        "done", "total": images that were compared
 *   verdict     "gate": see runet_gate_to_json()
 *   warning     "message"
 *   done        the last line: "output", "hash", "parent", "snapshot", "frames", "best_epoch", "epochs", "registered",
 *               "gate"
 *   failed      or this is the last line: "message", "cancelled"; when cancelled "resume": the command line that goes on
 *
 * Numbers that are not known are null. Lines come as they happen, of "step", "validation", "reading" and "gate" at most
 * ten a second and always the last. */
#pragma once

#include "core/retraining/retraining.h"

G_BEGIN_DECLS

/**
 * RunetRetrainReport:
 * @command: for people's lines
 * @json: lines of JSON, on the standard output
 */
typedef struct {
  const char *command;
  gboolean json;
  gint64 last; /* monotonic, when the last fleeting line was printed */
} RunetRetrainReport;

/* A RunetRetrainingFunc; @user_data: a report. */
void
runet_retrain_progress_cb (const RunetRetrainingProgress *progress, gpointer user_data);

/* The result: one object for programs. */
void
runet_retrain_print_json (const RunetRetrained *retrained, gboolean registered);
/* The same as the last line of progress. */
void
runet_retrain_print_done (const RunetRetrained *retrained, gboolean registered);
/* @resume: (nullable): the command line that goes on. */
void
runet_retrain_print_failed (const char *message, const char *resume);
/* For people. */
void
runet_retrain_print (const RunetRetrained *retrained, gboolean registered);

G_END_DECLS
