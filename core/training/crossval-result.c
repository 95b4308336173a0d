/* What one job of a cross-validation gave: in memory. The file is crossval-result-json.c. */
#include "crossval-result.h"

#include <string.h>

#include "crossval-private.h"

void
runet_crossval_image_free (gpointer data, guint stages) {
  RunetCrossvalImage *image = data;
  for (guint k = 0; image->stages != NULL && k < stages; k++)
    g_strfreev (image->stages[k].reasons);
  g_free (image->stages);
  g_free (image->name);
  g_free (image);
}

RunetCrossvalResult *
runet_crossval_result_new (void) {
  RunetCrossvalResult *result = g_new0 (RunetCrossvalResult, 1);
  result->images = g_ptr_array_new ();
  return result;
}

void
runet_crossval_result_free (RunetCrossvalResult *result) {
  if (result == NULL)
    return;
  for (guint i = 0; i < result->images->len; i++)
    runet_crossval_image_free (result->images->pdata[i], result->stages);
  g_ptr_array_unref (result->images);
  g_free (result->method);
  g_free (result->fold_hash);
  g_free (result->parent);
  g_free (result->engine);
  g_free (result->finished);
  g_free (result->model_hash);
  g_free (result);
}

static void
add_reasons (GStrvBuilder *lines, const GArray *reasons) {
  for (guint i = 0; i < reasons->len; i++) {
    const RunetReason *reason = &g_array_index (reasons, RunetReason, i);
    g_autofree char *line = runet_reason_to_string (reason);
    if (reason->severity != RUNET_SEVERITY_NOTE)
      g_strv_builder_add (lines, line);
  }
}

static void
set_figures (RunetCrossvalFigures *figures,
             const RunetComparison *comparison,
             const RunetAnatomy *anatomy) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    figures->dice[s] = comparison->agreement[s].dice;
    figures->mad_mm[s] = comparison->agreement[s].mad_mm;
    figures->hd_mm[s] = comparison->agreement[s].hd_mm;
  }
  figures->geometrical = comparison->outlier;
  figures->anatomical = anatomy->outlier;
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  add_reasons (lines, comparison->reasons);
  add_reasons (lines, anatomy->reasons);
  figures->reasons = g_strv_builder_end (lines);
}

void
runet_crossval_result_set_evaluation (RunetCrossvalResult *result,
                                      const RunetEvaluation *evaluation) {
  g_return_if_fail (result->images->len == 0);
  result->stages = evaluation->stages;
  result->skipped = evaluation->skipped->len;
  for (guint i = 0; i < evaluation->images->len; i++) {
    const RunetImageEvaluation *from = evaluation->images->pdata[i];
    RunetCrossvalImage *image = g_new0 (RunetCrossvalImage, 1);
    image->name = g_strdup (from->name);
    image->stages = g_new0 (RunetCrossvalFigures, result->stages);
    for (guint k = 0; k < result->stages; k++)
      set_figures (&image->stages[k], from->comparison[k], from->anatomy[k]);
    g_ptr_array_add (result->images, image);
  }
}

char *
runet_crossval_settings_compare (const RunetTrainingSettings *there,
                                 const RunetTrainingSettings *here) {
  g_autoptr (JsonNode) first = runet_training_settings_to_json (there);
  g_autoptr (JsonNode) second = runet_training_settings_to_json (here);
  JsonObject *other = json_node_get_object (second);
  JsonObjectIter iter;
  json_object_iter_init (&iter, json_node_get_object (first));
  const char *name;
  JsonNode *node;
  while (json_object_iter_next (&iter, &name, &node)) {
    g_autofree char *a = json_to_string (node, FALSE);
    g_autofree char *b = json_to_string (json_object_get_member (other, name), FALSE);
    if (!g_str_equal (a, b))
      return g_strdup_printf ("%s is %s there and %s here", name, a, b);
  }
  return NULL;
}
