/* The tables of `runet crossval` beside the paper's, for programs. */
#include "crossval-report.h"

#include <math.h>

#include "command.h"

static void
add_pair (JsonBuilder *json, const char *name, double mean, double sd) {
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  runet_json_add_number (json, "mean", mean);
  runet_json_add_number (json, "sd", sd);
  json_builder_end_object (json);
}

static void
add_outliers (JsonBuilder *json, const char *name, guint count, double percent) {
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  runet_json_add_number (json, "count", count > 0 || percent == 0 ? count : NAN);
  runet_json_add_number (json, "percent", percent);
  json_builder_end_object (json);
}

static void
add_paper (JsonBuilder *json, const RunetPaperRow *row) {
  json_builder_set_member_name (json, "paper");
  if (row == NULL) {
    json_builder_add_null_value (json);
    return;
  }
  json_builder_begin_object (json);
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES; s++) {
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    add_pair (json, "mad_mm", row->mad_mm[s][0], row->mad_mm[s][1]);
    add_pair (json, "hd_mm", row->hd_mm[s][0], row->hd_mm[s][1]);
    json_builder_end_object (json);
  }
  add_outliers (json, "geometrical", row->geometrical, row->geometrical_percent);
  add_outliers (json, "anatomical", row->anatomical, row->anatomical_percent);
  runet_json_add_string (json, "words", row->words);
  json_builder_end_object (json);
}

static void
add_stage (JsonBuilder *json, const RunetCrossvalTable *table, guint stage) {
  const RunetCrossvalRow *row = &table->rows[stage];
  json_builder_begin_object (json);
  runet_json_add_int (json, "stage", stage + 1);
  runet_json_add_int (json, "images", row->images);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    add_pair (json, "dice", row->dice[s].mean, row->dice[s].sd);
    add_pair (json, "mad_mm", row->mad_mm[s].mean, row->mad_mm[s].sd);
    add_pair (json, "hd_mm", row->hd_mm[s].mean, row->hd_mm[s].sd);
    json_builder_end_object (json);
  }
  double images = row->images;
  add_outliers (json, "geometrical", row->geometrical, 100 * row->geometrical / images);
  add_outliers (json, "anatomical", row->anatomical, 100 * row->anatomical / images);
  add_paper (json, runet_paper_row_find (table->method->name, stage + 1));
  json_builder_end_object (json);
}

static void
add_fold (JsonBuilder *json, const RunetCrossvalResult *result) {
  json_builder_begin_object (json);
  runet_json_add_int (json, "fold", result->fold);
  runet_json_add_int (json, "images", result->images->len);
  runet_json_add_int (json, "skipped", result->skipped);
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++) {
    json_builder_set_member_name (json, runet_fold_part_to_string (p));
    json_builder_begin_object (json);
    runet_json_add_int (json, "patients", result->present[p]);
    runet_json_add_int (json, "absent", result->absent[p]);
    json_builder_end_object (json);
  }
  runet_json_add_int (json, "borrowed", result->borrowed);
  runet_json_add_int (json, "epochs", result->epochs);
  runet_json_add_int (json, "best_epoch", result->best_epoch);
  runet_json_add_number (json, "validation_dice", result->validation_dice);
  runet_json_add_number (json, "training_seconds", result->training_seconds);
  runet_json_add_number (json, "testing_seconds", result->testing_seconds);
  runet_json_add_string (json, "engine", result->engine);
  runet_json_add_string (json, "finished", result->finished);
  runet_json_add_string (json, "model", result->model_hash);
  json_builder_end_object (json);
}

static void
add_refinement (JsonBuilder *json, const RunetCrossvalTable *table) {
  json_builder_set_member_name (json, "refinement_p");
  json_builder_begin_object (json);
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES; s++)
    runet_json_add_number (json, runet_structure_to_string (s),
                           table->stages > 1 ? table->refinement[s].p : NAN);
  json_builder_end_object (json);
}

static void
add_table (JsonBuilder *json, const RunetCrossvalTable *table) {
  const RunetCrossvalResult *first = table->results->pdata[0];
  json_builder_begin_object (json);
  runet_json_add_string (json, "method", table->method->name);
  runet_json_add_int (json, "folds", table->folds);
  runet_json_add_int (json, "parameters", (gint64)first->parameters);
  json_builder_set_member_name (json, "settings");
  json_builder_add_value (json, runet_training_settings_to_json (&first->settings));
  json_builder_set_member_name (json, "results");
  json_builder_begin_array (json);
  for (guint i = 0; i < table->results->len; i++)
    add_fold (json, table->results->pdata[i]);
  json_builder_end_array (json);
  json_builder_set_member_name (json, "stages");
  json_builder_begin_array (json);
  for (guint k = 0; k < table->stages; k++)
    add_stage (json, table, k);
  json_builder_end_array (json);
  add_refinement (json, table);
  json_builder_end_object (json);
}

void
runet_crossval_report_print_json (const GPtrArray *tables, const GPtrArray *problems) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "methods");
  json_builder_begin_array (json);
  for (guint i = 0; i < tables->len; i++)
    add_table (json, tables->pdata[i]);
  json_builder_end_array (json);
  runet_json_add_elements (json, "problems", problems);
  json_builder_end_object (json);
  runet_command_print_json (json);
}
