/* What one job of a cross-validation gave, as a file. Nothing in it is believed before it is checked. */
#include "crossval-result.h"

#include <math.h>

#include "core/base/error.h"
#include "core/base/json-build.h"
#include "core/base/json-text.h"
#include "core/echo/json-file.h"
#include "crossval-private.h"

#define FORMAT "runet-crossval-1"

/* Beyond any data set; what claims more is damaged. */
#define MOST_IMAGES 1000000
#define MOST_REASONS 64

/* ---- Out ---- */

static void
add_part (JsonBuilder *json, const RunetCrossvalResult *result, RunetFoldPart part) {
  json_builder_set_member_name (json, runet_fold_part_to_string (part));
  json_builder_begin_object (json);
  runet_json_add_int (json, "present", result->present[part]);
  runet_json_add_int (json, "absent", result->absent[part]);
  json_builder_end_object (json);
}

static void
add_figures (JsonBuilder *json, const RunetCrossvalFigures *figures) {
  json_builder_begin_object (json);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    runet_json_add_number (json, "dice", figures->dice[s]);
    runet_json_add_number (json, "mad_mm", figures->mad_mm[s]);
    runet_json_add_number (json, "hd_mm", figures->hd_mm[s]);
    json_builder_end_object (json);
  }
  runet_json_add_boolean (json, "geometrical", figures->geometrical);
  runet_json_add_boolean (json, "anatomical", figures->anatomical);
  json_builder_set_member_name (json, "reasons");
  json_builder_begin_array (json);
  for (guint i = 0; figures->reasons[i] != NULL; i++)
    runet_json_add_element (json, figures->reasons[i]);
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void
add_images (JsonBuilder *json, const RunetCrossvalResult *result) {
  json_builder_set_member_name (json, "images");
  json_builder_begin_array (json);
  for (guint i = 0; i < result->images->len; i++) {
    const RunetCrossvalImage *image = result->images->pdata[i];
    json_builder_begin_object (json);
    runet_json_add_string (json, "image", image->name);
    json_builder_set_member_name (json, "stages");
    json_builder_begin_array (json);
    for (guint k = 0; k < result->stages; k++)
      add_figures (json, &image->stages[k]);
    json_builder_end_array (json);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

gboolean
runet_crossval_result_write (const RunetCrossvalResult *result,
                             const char *path,
                             GError **error) {
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "format", FORMAT);
  runet_json_add_string (json, "method", result->method);
  runet_json_add_int (json, "fold", result->fold);
  runet_json_add_int (json, "folds", result->folds);
  json_builder_set_member_name (json, "settings");
  json_builder_add_value (json, runet_training_settings_to_json (&result->settings));
  runet_json_add_string (json, "fold_hash", result->fold_hash);
  runet_json_add_string (json, "parent", result->parent);
  json_builder_set_member_name (json, "patients");
  json_builder_begin_object (json);
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++)
    add_part (json, result, p);
  json_builder_end_object (json);
  runet_json_add_int (json, "borrowed", result->borrowed);
  runet_json_add_int (json, "training_images", result->training_images);
  runet_json_add_int (json, "validation_images", result->validation_images);
  runet_json_add_int (json, "skipped", result->skipped);
  runet_json_add_int (json, "parameters", (gint64)result->parameters);
  runet_json_add_int (json, "epochs", result->epochs);
  runet_json_add_int (json, "best_epoch", result->best_epoch);
  runet_json_add_number (json, "validation_dice", result->validation_dice);
  runet_json_add_number (json, "training_seconds", result->training_seconds);
  runet_json_add_number (json, "testing_seconds", result->testing_seconds);
  runet_json_add_string (json, "engine", result->engine);
  runet_json_add_string (json, "finished", result->finished);
  runet_json_add_string (json, "model_hash", result->model_hash);
  runet_json_add_int (json, "stages", result->stages);
  add_images (json, result);
  json_builder_end_object (json);
  g_autoptr (JsonNode) root = json_builder_get_root (json);
  return runet_json_file_write (root, path, error);
}

/* ---- In ---- */

static gboolean
read_string (JsonObject *object, const char *name, char **value, GError **error) {
  *value = g_strdup (runet_json_get_string (object, name, error));
  return *value != NULL;
}

static gboolean
read_count (JsonObject *object, const char *name, guint *value, GError **error) {
  gint64 number;
  if (!runet_json_get_integer (object, name, 0, MOST_IMAGES, &number, error))
    return FALSE;
  *value = (guint)number;
  return TRUE;
}

/* NaN of null. */
static gboolean
read_figure (JsonObject *object, const char *name, double *value, GError **error) {
  *value = NAN;
  if (json_object_has_member (object, name) && !runet_json_has (object, name))
    return TRUE;
  return runet_json_get_number (object, name, 0, 1e6, value, error);
}

static gboolean
read_patients (RunetCrossvalResult *result, JsonObject *root, GError **error) {
  JsonObject *patients = runet_json_get_object (root, "patients", error);
  for (guint p = 0; patients != NULL && p < RUNET_FOLD_PARTS; p++) {
    JsonObject *part =
        runet_json_get_object (patients, runet_fold_part_to_string (p), error);
    if (part == NULL || !read_count (part, "present", &result->present[p], error) ||
        !read_count (part, "absent", &result->absent[p], error))
      return FALSE;
  }
  return patients != NULL;
}

static gboolean
read_reasons (RunetCrossvalFigures *figures, JsonObject *object, GError **error) {
  JsonArray *reasons = runet_json_get_array (object, "reasons", MOST_REASONS, error);
  if (reasons == NULL)
    return FALSE;
  guint count = json_array_get_length (reasons);
  figures->reasons = g_new0 (char *, count + 1);
  for (guint i = 0; i < count; i++) {
    JsonNode *node = json_array_get_element (reasons, i);
    if (!JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_STRING)
      return runet_json_fail (error, "reasons: expected lines of text");
    figures->reasons[i] = g_strdup (json_node_get_string (node));
  }
  return TRUE;
}

static gboolean
read_figures (RunetCrossvalFigures *figures, JsonNode *node, GError **error) {
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return runet_json_fail (error, "stages: expected objects");
  JsonObject *object = json_node_get_object (node);
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    JsonObject *one =
        runet_json_get_object (object, runet_structure_to_string (s), error);
    if (one == NULL || !read_figure (one, "dice", &figures->dice[s], error) ||
        !read_figure (one, "mad_mm", &figures->mad_mm[s], error) ||
        !read_figure (one, "hd_mm", &figures->hd_mm[s], error))
      return FALSE;
  }
  return runet_json_get_boolean (object, "geometrical", &figures->geometrical, error) &&
         runet_json_get_boolean (object, "anatomical", &figures->anatomical, error) &&
         read_reasons (figures, object, error);
}

static gboolean
read_image (RunetCrossvalResult *result, JsonNode *node, GError **error) {
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return runet_json_fail (error, "images: expected objects");
  JsonObject *object = json_node_get_object (node);
  RunetCrossvalImage *image = g_new0 (RunetCrossvalImage, 1);
  image->stages = g_new0 (RunetCrossvalFigures, result->stages);
  g_ptr_array_add (result->images, image);
  if (!read_string (object, "image", &image->name, error))
    return FALSE;
  JsonArray *stages = runet_json_get_array (object, "stages", result->stages, error);
  if (stages == NULL)
    return FALSE;
  if (json_array_get_length (stages) != result->stages)
    return runet_json_fail (error, "%s: expected %u stages, found %u", image->name,
                            result->stages, json_array_get_length (stages));
  for (guint k = 0; k < result->stages; k++)
    if (!read_figures (&image->stages[k], json_array_get_element (stages, k), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_images (RunetCrossvalResult *result, JsonObject *root, GError **error) {
  gint64 stages;
  if (!runet_json_get_integer (root, "stages", 1, RUNET_TRAINING_STAGES, &stages,
                               error))
    return FALSE;
  result->stages = (guint)stages;
  guint trained = result->settings.hyperparameters.stages;
  if (result->stages != trained)
    return runet_json_fail (error, "stages: expected %u as trained, found %u", trained,
                            result->stages);
  JsonArray *images = runet_json_get_array (root, "images", MOST_IMAGES, error);
  if (images == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (images); i++)
    if (!read_image (result, json_array_get_element (images, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_training (RunetCrossvalResult *result, JsonObject *root, GError **error) {
  JsonNode *settings = json_object_get_member (root, "settings");
  gint64 parameters;
  if (!runet_training_settings_from_json (&result->settings, settings, error) ||
      !runet_json_get_integer (root, "parameters", 1, G_MAXUINT32, &parameters, error))
    return FALSE;
  result->parameters = (gsize)parameters;
  return read_count (root, "borrowed", &result->borrowed, error) &&
         read_count (root, "training_images", &result->training_images, error) &&
         read_count (root, "validation_images", &result->validation_images, error) &&
         read_count (root, "skipped", &result->skipped, error) &&
         read_count (root, "epochs", &result->epochs, error) &&
         read_count (root, "best_epoch", &result->best_epoch, error) &&
         read_figure (root, "validation_dice", &result->validation_dice, error) &&
         runet_json_get_number (root, "training_seconds", 0, 1e12,
                                &result->training_seconds, error) &&
         runet_json_get_number (root, "testing_seconds", 0, 1e12,
                                &result->testing_seconds, error);
}

static gboolean
parse (RunetCrossvalResult *result, JsonObject *root, GError **error) {
  const char *format = runet_json_get_string (root, "format", error);
  if (format == NULL)
    return FALSE;
  if (!g_str_equal (format, FORMAT))
    return runet_json_fail (
        error, "expected a result of runet crossval, " FORMAT ", found format %s",
        format);
  if (runet_json_has (root, "parent") &&
      !read_string (root, "parent", &result->parent, error))
    return FALSE;
  return read_string (root, "method", &result->method, error) &&
         read_count (root, "fold", &result->fold, error) &&
         read_count (root, "folds", &result->folds, error) &&
         read_string (root, "fold_hash", &result->fold_hash, error) &&
         read_string (root, "engine", &result->engine, error) &&
         read_string (root, "finished", &result->finished, error) &&
         read_string (root, "model_hash", &result->model_hash, error) &&
         read_patients (result, root, error) && read_training (result, root, error) &&
         read_images (result, root, error);
}

RunetCrossvalResult *
runet_crossval_result_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (JsonObject) root = runet_json_file_read (path, error);
  if (root == NULL)
    return NULL;
  g_autoptr (RunetCrossvalResult) result = runet_crossval_result_new ();
  if (parse (result, root, error))
    return g_steal_pointer (&result);
  g_autofree char *name = g_filename_display_name (path);
  g_prefix_error (error, "%s: ", name);
  return NULL;
}
