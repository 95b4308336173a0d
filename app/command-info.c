/* `runet info`: what an image, a data set or a model is. */
#include "command.h"

#include <math.h>
#include "core/echo/dataset.h"
#include "core/models/model-patients.h"
#include "engine-list.h"

static const char *
format_name (RunetFormat format) {
  switch (format) {
  case RUNET_FORMAT_METAIMAGE:
  case RUNET_FORMAT_METAIMAGE_LOCAL:
    return "MetaImage";
  case RUNET_FORMAT_NIFTI:
  case RUNET_FORMAT_NIFTI_GZ:
    return "NIfTI";
  case RUNET_FORMAT_PNG:
    return "PNG";
  }
  g_return_val_if_reached (NULL);
}

static const char *
type_name (RunetPixelType type) {
  static const char *const names[] = {"uint8", "int16", "uint16", "float32", "float64"};
  g_return_val_if_fail ((guint)type < G_N_ELEMENTS (names), NULL);
  return names[type];
}

static gboolean
describe_image (const char *path, JsonBuilder *json, GError **error) {
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, error);
  if (image == NULL)
    return FALSE;
  const RunetGrid *grid = image->grid;
  gsize count = grid->width * grid->height * grid->frames;
  float low = image->pixels[0], high = image->pixels[0];
  for (gsize i = 1; i < count; i++) {
    low = MIN (low, image->pixels[i]);
    high = MAX (high, image->pixels[i]);
  }
  if (json == NULL) {
    g_print ("%s: %s %s, %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT, path,
             format_name (grid->format), type_name (grid->type), grid->width,
             grid->height);
    if (grid->has_time_axis)
      g_print (", %" G_GSIZE_FORMAT " frames", grid->frames);
    if (isfinite (grid->spacing_x_mm))
      g_print (", %.4g × %.4g mm", grid->spacing_x_mm, grid->spacing_y_mm);
    g_print (", values %g … %g\n", low, high);
    return TRUE;
  }
  runet_json_add_string (json, "kind", "image");
  runet_json_add_string (json, "format", format_name (grid->format));
  runet_json_add_string (json, "type", type_name (grid->type));
  runet_json_add_int (json, "width", (gint64)grid->width);
  runet_json_add_int (json, "height", (gint64)grid->height);
  runet_json_add_int (json, "frames", (gint64)grid->frames);
  runet_json_add_number (json, "spacing_x_mm", grid->spacing_x_mm);
  runet_json_add_number (json, "spacing_y_mm", grid->spacing_y_mm);
  runet_json_add_number (json, "min", low);
  runet_json_add_number (json, "max", high);
  return TRUE;
}

/* How many of each there are. */
typedef struct {
  guint views, stills, masks, sequences;
  guint quality[RUNET_QUALITY_POOR + 1];
} Inventory;

static Inventory
take_inventory (const RunetDataset *dataset) {
  Inventory inventory = {0};
  for (guint i = 0; i < dataset->patients->len; i++)
    for (guint v = 0; v < RUNET_VIEWS; v++) {
      const RunetPatient *patient = g_ptr_array_index (dataset->patients, i);
      const RunetViewFiles *files = &patient->views[v];
      if (!files->present)
        continue;
      inventory.views++;
      inventory.quality[files->quality]++;
      inventory.sequences += files->sequence != NULL;
      for (guint k = 0; k < RUNET_INSTANTS; k++) {
        inventory.stills += files->still[k] != NULL;
        inventory.masks += files->still_mask[k] != NULL;
      }
    }
  return inventory;
}

static void
print_dataset (const RunetDataset *dataset, const Inventory *n) {
  g_print ("%s: %u patients, %u views (%u good, %u medium, %u poor), %u stills, "
           "%u expert masks, %u sequences\n",
           dataset->path, dataset->patients->len, n->views,
           n->quality[RUNET_QUALITY_GOOD], n->quality[RUNET_QUALITY_MEDIUM],
           n->quality[RUNET_QUALITY_POOR], n->stills, n->masks, n->sequences);
  for (guint i = 0; i < dataset->problems->len; i++) {
    const RunetProblem *problem = g_ptr_array_index (dataset->problems, i);
    g_print ("  %s\n", problem->message);
  }
}

static gboolean
describe_dataset (const char *path, JsonBuilder *json, GError **error) {
  g_autoptr (RunetDataset) dataset = runet_dataset_open (path, NULL, error);
  if (dataset == NULL)
    return FALSE;
  Inventory n = take_inventory (dataset);
  if (json == NULL) {
    print_dataset (dataset, &n);
    return TRUE;
  }
  runet_json_add_string (json, "kind", "dataset");
  runet_json_add_int (json, "patients", dataset->patients->len);
  runet_json_add_int (json, "views", n.views);
  runet_json_add_int (json, "stills", n.stills);
  runet_json_add_int (json, "masks", n.masks);
  runet_json_add_int (json, "sequences", n.sequences);
  json_builder_set_member_name (json, "problems");
  json_builder_begin_array (json);
  for (guint i = 0; i < dataset->problems->len; i++) {
    const RunetProblem *problem = g_ptr_array_index (dataset->problems, i);
    runet_json_add_element (json, problem->message);
  }
  json_builder_end_array (json);
  return TRUE;
}

/* Of patients only how many: what is there of them is not for reading. */
static void
print_metadata (const char *key, const char *value) {
  if (!g_strv_contains (runet_model_patients_keys, key)) {
    g_print ("  %s: %s\n", key, value);
    return;
  }
  guint count = *value != '\0';
  for (const char *c = value; *c != '\0'; c++)
    count += *c == ' ';
  g_print ("  %s: %u\n", key, count);
}

static gboolean
describe_model (const char *path, JsonBuilder *json, GError **error) {
  g_autoptr (RunetModel) model = runet_model_read (path, error);
  if (model == NULL)
    return FALSE;
  const RunetHyperparameters *h = &model->hyperparameters;
  const char *architecture = runet_architecture_to_string (h->architecture);
  gsize parameters = runet_graph_count_parameters (model->graph);
  double gmac =
      runet_graph_count_macs (model->graph, h->input_size, h->input_size) / 1e9;
  g_autoptr (GList) keys =
      g_list_sort (g_hash_table_get_keys (model->metadata), (GCompareFunc)g_strcmp0);
  if (json == NULL) {
    g_print ("%s: %s, %u stages, %" G_GSIZE_FORMAT
             " parameters, %.2f GMAC an image of %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
             "\n  sha256: %s\n",
             path, architecture, h->stages, parameters, gmac, h->input_size,
             h->input_size, model->hash);
    for (GList *l = keys; l != NULL; l = l->next)
      print_metadata (l->data, runet_model_get_metadata (model, l->data));
    return TRUE;
  }
  runet_json_add_string (json, "kind", "model");
  runet_json_add_string (json, "architecture", architecture);
  runet_json_add_int (json, "stages", h->stages);
  runet_json_add_int (json, "parameters", (gint64)parameters);
  runet_json_add_number (json, "gmac_per_image", gmac);
  runet_json_add_string (json, "sha256", model->hash);
  json_builder_set_member_name (json, "metadata");
  json_builder_begin_object (json);
  for (GList *l = keys; l != NULL; l = l->next)
    runet_json_add_string (json, l->data, runet_model_get_metadata (model, l->data));
  json_builder_end_object (json);
  return TRUE;
}

static gboolean
describe (const char *path, JsonBuilder *json, GError **error) {
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return describe_dataset (path, json, error);
  if (g_str_has_suffix (path, ".safetensors"))
    return describe_model (path, json, error);
  return describe_image (path, json, error);
}

static int
describe_files (char *const *paths,
                const RunetCommonOptions *common,
                JsonBuilder *json) {
  int exit_code = RUNET_EXIT_DONE;
  json_builder_set_member_name (json, "files");
  json_builder_begin_array (json);
  for (; *paths != NULL; paths++) {
    g_autoptr (GError) error = NULL;
    json_builder_begin_object (json);
    runet_json_add_string (json, "path", *paths);
    if (!describe (*paths, common->json ? json : NULL, &error)) {
      exit_code = runet_command_fail (common->command, error);
      runet_json_add_string (json, "error", error->message);
    }
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
  return exit_code;
}

int
runet_command_info (int argc, char *argv[]) {
  gboolean engines = FALSE;
  const GOptionEntry entries[] = {
      {"engines", 0, 0, G_OPTION_ARG_NONE, &engines,
       "Also which engines can be had here, and why the others cannot", NULL},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_PLAIN, entries, "FILE...",
          "Says what each FILE is: an image, a folder with a data set, or a "
          "model.",
          &common, &rest, 0, -1))
    return RUNET_EXIT_USAGE;
  if (!engines && *rest == NULL) {
    runet_command_warn (argv[0], "expected at least 1 FILE, or --engines");
    return RUNET_EXIT_USAGE;
  }

  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  if (engines)
    runet_engines_describe (common.json ? json : NULL);
  const int exit_code = describe_files (rest, &common, json);
  json_builder_end_object (json);
  if (common.json)
    runet_command_print_json (json);
  runet_common_options_clear (&common);
  return exit_code;
}
