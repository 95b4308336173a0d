/* What `runet retrain` tells while it works. */
#include "retrain-progress.h"

#include <math.h>
#include <stdio.h>

#include "command.h"
#include "gate-report.h"
#include "train-report.h"

/* Between two fleeting lines. */
#define INTERVAL_US (G_USEC_PER_SEC / 10)

/* ---- JSON ---- */

static JsonBuilder *
begin_event (const char *event) {
  JsonBuilder *builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_string (builder, "event", event);
  return builder;
}

/* Ends the object and prints it as one line, at once: somebody waits for it. */
static void
print_event (JsonBuilder *builder) {
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, FALSE);
  puts (text);
  fflush (stdout);
}

static void
add_count (JsonBuilder *builder, const RunetProgress *count) {
  runet_json_add_int (builder, "done", (gint64)count->done);
  runet_json_add_int (builder, "total", (gint64)count->total);
}

static void
print_snapshot (const RunetSnapshot *snapshot) {
  g_autoptr (JsonBuilder) builder = begin_event ("snapshot");
  g_autoptr (GPtrArray) patients = runet_snapshot_list_patients (snapshot);
  runet_json_add_string (builder, "hash", snapshot->hash);
  runet_json_add_int (builder, "frames", snapshot->frames->len);
  runet_json_add_int (builder, "edited", runet_snapshot_count_edited (snapshot));
  runet_json_add_int (builder, "patients", patients->len);
  json_builder_set_member_name (builder, "exclusions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < snapshot->exclusions->len; i++) {
    const RunetExclusion *exclusion = snapshot->exclusions->pdata[i];
    json_builder_begin_object (builder);
    runet_json_add_string (builder, "kind",
                           runet_exclusion_kind_to_string (exclusion->kind));
    runet_json_add_string (builder, "name", exclusion->name);
    runet_json_add_string (builder, "message", exclusion->message);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  print_event (builder);
}

static void
print_data (const RunetRetrainingData *data) {
  g_autoptr (JsonBuilder) builder = begin_event ("data");
  runet_json_add_int (builder, "corrected", data->corrected);
  runet_json_add_int (builder, "repeat", data->repeat);
  runet_json_add_int (builder, "replay", data->replay);
  runet_json_add_int (builder, "drawn", data->drawn);
  runet_json_add_int (builder, "validation", data->validation);
  runet_json_add_int (builder, "locked", data->locked);
  print_event (builder);
}

/* Null when it is unknown. */
static void
add_seconds_left (JsonBuilder *builder, double seconds) {
  runet_json_add_number (builder, "seconds_left", seconds >= 0 ? seconds : NAN);
}

static void
add_stages (JsonBuilder *builder, const RunetEpoch *epoch) {
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_array (builder);
  for (guint k = 0; k < epoch->stages; k++) {
    json_builder_begin_object (builder);
    runet_json_add_number (builder, "loss", epoch->stage_loss[k]);
    json_builder_set_member_name (builder, "dice");
    if (epoch->validated) {
      json_builder_begin_object (builder);
      for (guint s = 0; s < RUNET_STRUCTURES; s++)
        runet_json_add_number (builder, runet_structure_to_string (s),
                               epoch->dice[k][s]);
      json_builder_end_object (builder);
    } else
      json_builder_add_null_value (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
print_epoch (const RunetTrainingProgress *training) {
  const RunetEpoch *epoch = training->record;
  g_autoptr (JsonBuilder) builder = begin_event ("epoch");
  runet_json_add_int (builder, "epoch", epoch->number);
  runet_json_add_int (builder, "epochs", training->epochs);
  runet_json_add_number (builder, "loss", epoch->loss);
  runet_json_add_number (builder, "learning_rate", epoch->learning_rate);
  runet_json_add_number (builder, "seconds", epoch->seconds);
  runet_json_add_boolean (builder, "best", epoch->best);
  add_seconds_left (builder, training->seconds_left);
  add_stages (builder, epoch);
  print_event (builder);
}

static void
print_training (const RunetTrainingProgress *training) {
  if (training->phase == RUNET_TRAINING_EPOCH) {
    print_epoch (training);
    return;
  }
  gboolean step = training->phase == RUNET_TRAINING_STEP;
  g_autoptr (JsonBuilder) builder = begin_event (step ? "step" : "validation");
  runet_json_add_int (builder, "epoch", training->epoch);
  runet_json_add_int (builder, "epochs", training->epochs);
  runet_json_add_int (builder, "done", (gint64)training->done);
  runet_json_add_int (builder, "total", (gint64)training->total);
  runet_json_add_number (builder, "loss", training->loss);
  if (step)
    add_seconds_left (builder, training->seconds_left);
  print_event (builder);
}

/* Whether a fleeting line is to be left out: another was printed just now, and this is not the last of its kind. */
static gboolean
is_too_soon (RunetRetrainReport *report, const RunetRetrainingProgress *progress) {
  const RunetTrainingProgress *training = progress->training;
  gboolean fleeting = progress->count != NULL ||
                      (training != NULL && training->phase != RUNET_TRAINING_EPOCH);
  gsize done = progress->count != NULL ? progress->count->done
               : training != NULL      ? training->done
                                       : 0;
  gsize total = progress->count != NULL ? progress->count->total
                : training != NULL      ? training->total
                                        : 0;
  gint64 now = g_get_monotonic_time ();
  if (!fleeting)
    return FALSE;
  if (now - report->last < INTERVAL_US && done < total)
    return TRUE;
  report->last = now;
  return FALSE;
}

static void
print_json_line (const RunetRetrainingProgress *progress) {
  g_autoptr (JsonBuilder) builder = NULL;
  switch (progress->phase) {
  case RUNET_RETRAINING_SNAPSHOT:
    print_snapshot (progress->snapshot);
    break;
  case RUNET_RETRAINING_DATA:
    print_data (progress->data);
    break;
  case RUNET_RETRAINING_TRAINING:
    print_training (progress->training);
    break;
  case RUNET_RETRAINING_READING:
    builder = begin_event ("reading");
    add_count (builder, progress->count);
    runet_json_add_string (builder, "text", progress->count->text);
    print_event (builder);
    break;
  case RUNET_RETRAINING_GATE:
    builder = begin_event ("gate");
    add_count (builder, progress->count);
    print_event (builder);
    break;
  case RUNET_RETRAINING_VERDICT:
    builder = begin_event ("verdict");
    json_builder_set_member_name (builder, "gate");
    json_builder_add_value (builder, runet_gate_to_json (progress->gate));
    print_event (builder);
    break;
  case RUNET_RETRAINING_WARNING:
    builder = begin_event ("warning");
    runet_json_add_string (builder, "message", progress->warning);
    print_event (builder);
    break;
  default:
    break;
  }
}

static void
add_result (JsonBuilder *builder,
            const RunetRetrained *retrained,
            gboolean registered) {
  const RunetModel *model = retrained->model;
  runet_json_add_string (builder, "output", model->path);
  runet_json_add_string (builder, "hash", model->hash);
  runet_json_add_string (builder, "parent", runet_model_get_metadata (model, "parent"));
  runet_json_add_string (builder, "snapshot", retrained->snapshot->hash);
  runet_json_add_int (builder, "frames", retrained->snapshot->frames->len);
  runet_json_add_int (builder, "best_epoch", retrained->best);
  runet_json_add_int (builder, "epochs", retrained->history->len);
  runet_json_add_boolean (builder, "registered", registered);
  json_builder_set_member_name (builder, "gate");
  json_builder_add_value (builder, runet_gate_to_json (retrained->gate));
}

void
runet_retrain_print_json (const RunetRetrained *retrained, gboolean registered) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_result (builder, retrained, registered);
  json_builder_set_member_name (builder, "history");
  json_builder_add_value (builder, runet_history_to_json (retrained->history));
  json_builder_end_object (builder);
  runet_command_print_json (builder);
}

void
runet_retrain_print_done (const RunetRetrained *retrained, gboolean registered) {
  g_autoptr (JsonBuilder) builder = begin_event ("done");
  add_result (builder, retrained, registered);
  print_event (builder);
}

void
runet_retrain_print_failed (const char *message, const char *resume) {
  g_autoptr (JsonBuilder) builder = begin_event ("failed");
  runet_json_add_string (builder, "message", message);
  runet_json_add_boolean (builder, "cancelled", resume != NULL);
  if (resume != NULL)
    runet_json_add_string (builder, "resume", resume);
  print_event (builder);
}

/* ---- For people ---- */

static void
tell_snapshot (const char *command, const RunetSnapshot *snapshot) {
  for (guint i = 0; i < snapshot->exclusions->len; i++)
    runet_command_warn (
        command, "not learned from: %s",
        ((const RunetExclusion *)snapshot->exclusions->pdata[i])->message);
  g_autoptr (GPtrArray) patients = runet_snapshot_list_patients (snapshot);
  fprintf (stderr, "snapshot %.12s: %u frames of %u %s, %u of them corrected\n",
           snapshot->hash, snapshot->frames->len, patients->len,
           patients->len == 1 ? "patient" : "patients",
           runet_snapshot_count_edited (snapshot));
}

static void
tell (const char *command, const RunetRetrainingProgress *progress) {
  const RunetRetrainingData *data = progress->data;
  switch (progress->phase) {
  case RUNET_RETRAINING_READING:
  case RUNET_RETRAINING_GATE:
    runet_command_progress_cb (progress->count, (gpointer)command);
    break;
  case RUNET_RETRAINING_SNAPSHOT:
    runet_command_progress_end ();
    tell_snapshot (command, progress->snapshot);
    break;
  case RUNET_RETRAINING_DATA:
    runet_command_progress_end ();
    fprintf (
        stderr,
        "an epoch is %u corrected frames × %u and %u images drawn from %u original "
        "ones; %u images choose the epoch, %u %s locked\n",
        data->corrected, data->repeat, data->drawn, data->replay, data->validation,
        data->locked, data->locked == 1 ? "patient is" : "patients are");
    break;
  case RUNET_RETRAINING_TRAINING:
    runet_train_progress_cb (progress->training, (gpointer)command);
    break;
  case RUNET_RETRAINING_WARNING:
    runet_command_warn (command, "%s", progress->warning);
    break;
  default:
    runet_command_progress_end ();
    break;
  }
}

void
runet_retrain_progress_cb (const RunetRetrainingProgress *progress,
                           gpointer user_data) {
  RunetRetrainReport *report = user_data;
  if (!report->json)
    tell (report->command, progress);
  else if (!is_too_soon (report, progress))
    print_json_line (progress);
}

void
runet_retrain_print (const RunetRetrained *retrained, gboolean registered) {
  const RunetGate *gate = retrained->gate;
  runet_gate_report_print (gate);
  g_print ("%s: %s the gate on %u images of %u locked %s; weights of epoch %u of "
           "%u%s\n",
           retrained->model->path, gate->passed ? "passed" : "did not pass",
           gate->images, gate->patients, gate->patients == 1 ? "patient" : "patients",
           retrained->best, retrained->history->len,
           registered ? "; registered as a candidate" : "");
}
