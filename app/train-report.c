/* What `runet train` tells: while it goes on, at its end, and in the model's metadata. */
#include "train-report.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core/models/model-patients.h"

static void
print_epoch (const RunetTrainingProgress *progress) {
  const RunetEpoch *epoch = progress->record;
  g_autoptr (GString) line = g_string_new (NULL);
  g_string_append_printf (line, "epoch %u/%u  loss %.4f", epoch->number,
                          progress->epochs, epoch->loss);
  for (guint k = 0; epoch->validated && k < epoch->stages; k++) {
    g_string_append_printf (line, "  stage %u Dice", k + 1);
    for (guint s = 0; s < RUNET_STRUCTURES; s++)
      g_string_append_printf (line, " %s %.4f", runet_structure_to_string (s),
                              epoch->dice[k][s]);
  }
  g_autofree char *taken = runet_duration_to_string (epoch->seconds);
  g_string_append_printf (line, "  rate %g  %s%s", epoch->learning_rate, taken,
                          epoch->best ? "  best" : "");
  if (progress->seconds_left > 0) {
    g_autofree char *left = runet_duration_to_string (progress->seconds_left);
    g_string_append_printf (line, "  at most %s left", left);
  }
  runet_command_progress_end ();
  fprintf (stderr, "%s\n", line->str);
}

void
runet_train_progress_cb (const RunetTrainingProgress *progress, gpointer user_data) {
  if (progress->phase == RUNET_TRAINING_EPOCH) {
    print_epoch (progress);
    return;
  }
  gboolean validation = progress->phase == RUNET_TRAINING_VALIDATION;
  g_autofree char *text =
      g_strdup_printf ("%s, epoch %u/%u, loss %.4f", validation ? "validated" : "steps",
                       progress->epoch, progress->epochs, progress->loss);
  RunetProgress now = {
      .done = progress->done,
      .total = progress->total,
      .seconds_left = validation ? -1 : progress->seconds_left_epoch,
      .text = text,
  };
  runet_command_progress_cb (&now, user_data);
}

/* {"images", "epoch", "stages": [{"stage", "endo": {"dice"}, …}]}: on the validation set. */
static char *
make_metrics (const RunetEpoch *best, guint images) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_int (builder, "validation_images", images);
  runet_json_add_int (builder, "epoch", best->number);
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_array (builder);
  for (guint k = 0; k < best->stages; k++) {
    json_builder_begin_object (builder);
    runet_json_add_int (builder, "stage", k + 1);
    runet_json_add_number (builder, "training_loss", best->stage_loss[k]);
    for (guint s = 0; best->validated && s < RUNET_STRUCTURES; s++) {
      json_builder_set_member_name (builder, runet_structure_to_string (s));
      json_builder_begin_object (builder);
      runet_json_add_number (builder, "dice", best->dice[k][s]);
      json_builder_end_object (builder);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Of the images that were used: "patient0001_4CH_ED" is of patient0001. (transfer full) */
static GPtrArray *
list_patients (const RunetSamples *samples) {
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; samples != NULL && i < samples->samples->len; i++) {
    const RunetSample *sample = samples->samples->pdata[i];
    char *id = g_strdup (sample->name);
    for (guint part = 0; part < 2; part++) {
      char *end = strrchr (id, '_');
      if (end != NULL)
        *end = '\0';
    }
    g_ptr_array_add (ids, id);
  }
  return ids;
}

void
runet_train_describe_model (RunetModel *model,
                            const RunetTrainer *trainer,
                            const RunetTrainingSettings *settings,
                            const RunetTrainData *data) {
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *created = g_date_time_format_iso8601 (now);
  g_autofree char *trained_on = g_strdup_printf (
      "%s, %u images, sha256:%s", data->name, data->training->samples->len,
      runet_trainer_get_training_hash (trainer));
  g_autoptr (JsonNode) node = runet_training_settings_to_json (settings);
  g_autofree char *training = json_to_string (node, FALSE);
  guint images = data->validation != NULL ? data->validation->samples->len : 0;
  g_autofree char *metrics = make_metrics (runet_trainer_get_best (trainer), images);
  g_autofree char *seed = g_strdup_printf ("%u", settings->seed);
  runet_model_set_metadata (model, "created", created);
  runet_model_set_metadata (model, "trained_on", trained_on);
  runet_model_set_metadata (model, "training", training);
  runet_model_set_metadata (model, "seed", seed);
  runet_model_set_metadata (model, "metrics", metrics);
  g_autoptr (GPtrArray) learned = list_patients (data->training);
  g_autoptr (GPtrArray) validated = list_patients (data->validation);
  runet_model_record_patients (model, learned, validated);
}

void
runet_train_print (const char *output, const RunetTrainer *trainer) {
  g_print ("%s: weights of epoch %u of %u\n", output,
           runet_trainer_get_best (trainer)->number,
           runet_trainer_get_history (trainer)->len);
}

void
runet_train_print_json (const char *output,
                        const RunetTrainer *trainer,
                        const RunetTrainData *data) {
  const RunetSamples *validation = data->validation;
  guint skipped = data->training->problems->len;
  if (validation != NULL)
    skipped += validation->problems->len;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_string (builder, "output", output);
  runet_json_add_int (builder, "training_images", data->training->samples->len);
  runet_json_add_int (builder, "validation_images",
                      validation != NULL ? validation->samples->len : 0);
  runet_json_add_int (builder, "skipped", skipped);
  runet_json_add_int (builder, "best_epoch", runet_trainer_get_best (trainer)->number);
  json_builder_set_member_name (builder, "history");
  json_builder_add_value (builder,
                          runet_history_to_json (runet_trainer_get_history (trainer)));
  json_builder_end_object (builder);
  runet_command_print_json (builder);
}
