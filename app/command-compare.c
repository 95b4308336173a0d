/* `runet compare`: one segmentation against another. */
#include "command.h"

#include <math.h>

#include "comparison-json.h"
#include "core/base/error.h"
#include "core/echo/label-map.h"
#include "core/shape/anatomy.h"

/* "…_ES_gt.nii.gz" is end-systole; everything else is held to the stricter limits of ED. */
static RunetInstant
guess_instant (const char *path) {
  g_autofree char *name = g_path_get_basename (path);
  g_auto (GStrv) parts = g_strsplit_set (name, "_.", -1);
  return g_strv_contains ((const char *const *)parts, "ES") ? RUNET_INSTANT_ES
                                                            : RUNET_INSTANT_ED;
}

static gboolean
check_pair (const RunetLabelMap *reference,
            const RunetLabelMap *prediction,
            const char *const paths[2],
            GError **error) {
  const RunetGrid *a = reference->grid, *b = prediction->grid;
  if (a->width != b->width || a->height != b->height || a->frames != b->frames) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "%s: expected the size of %s, %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT ", found %" G_GSIZE_FORMAT " × %" G_GSIZE_FORMAT
                 " × %" G_GSIZE_FORMAT,
                 paths[1], paths[0], a->width, a->height, a->frames, b->width,
                 b->height, b->frames);
    return FALSE;
  }
  gboolean spaced = isfinite (a->spacing_x_mm) && isfinite (b->spacing_x_mm);
  if (spaced && !runet_grid_equal (a, b)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "%s: expected pixels of %g × %g mm as %s has, found %g × %g mm",
                 paths[1], a->spacing_x_mm, a->spacing_y_mm, paths[0], b->spacing_x_mm,
                 b->spacing_y_mm);
    return FALSE;
  }
  if (a->frames != 1) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "%s: expected a still, found %" G_GSIZE_FORMAT " frames", paths[0],
                 a->frames);
    return FALSE;
  }
  return TRUE;
}

static void
print_text (const RunetComparison *comparison, const RunetAnatomy *anatomy) {
  g_print ("       Dice   MAD mm  HD mm   Cx     Sp\n");
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_print ("%-5s  %.3f  %5.2f  %6.2f   %.3f  %.3f\n", runet_structure_to_string (s),
             comparison->agreement[s].dice, comparison->agreement[s].mad_mm,
             comparison->agreement[s].hd_mm, anatomy->regularity[s].convexity,
             anatomy->regularity[s].simplicity);
  const GArray *lists[] = {comparison->reasons, anatomy->reasons};
  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->len; i++) {
      g_autofree char *line =
          runet_reason_to_string (&g_array_index (lists[l], RunetReason, i));
      g_print ("  %s\n", line);
    }
}

int
runet_command_compare (int argc, char *argv[]) {
  g_autofree char *instant_name = NULL;
  const GOptionEntry entries[] = {
      {"instant", 0, 0, G_OPTION_ARG_STRING, &instant_name,
       "ED or ES: whose limits apply (from the file's name)", "ED|ES"},
      G_OPTION_ENTRY_NULL,
  };
  RunetCommonOptions common;
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_PLAIN, entries, "REFERENCE PREDICTION",
          "Dice, mean absolute and Hausdorff distance of two label maps, and "
          "whether PREDICTION is an outlier.",
          &common, &rest, 2, 2))
    return RUNET_EXIT_USAGE;
  RunetInstant instant = guess_instant (rest[0]);
  if (instant_name != NULL) {
    instant = g_ascii_strcasecmp (instant_name, "ES") == 0 ? RUNET_INSTANT_ES
                                                           : RUNET_INSTANT_ED;
    if (instant == RUNET_INSTANT_ED && g_ascii_strcasecmp (instant_name, "ED") != 0) {
      runet_command_warn (argv[0], "--instant: expected ED or ES, found '%s'",
                          instant_name);
      return RUNET_EXIT_USAGE;
    }
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) reference = runet_label_map_read (rest[0], NULL, &error);
  g_autoptr (RunetLabelMap) prediction =
      reference != NULL ? runet_label_map_read (rest[1], NULL, &error) : NULL;
  const char *const paths[2] = {rest[0], rest[1]};
  if (prediction == NULL || !check_pair (reference, prediction, paths, &error))
    return runet_command_fail (argv[0], error);

  const RunetGrid *grid = reference->grid;
  g_autoptr (RunetComparison) comparison = runet_comparison_new (
      reference->labels, prediction->labels, grid->width, grid->height,
      grid->spacing_x_mm, grid->spacing_y_mm, instant);
  g_autoptr (RunetAnatomy) anatomy =
      runet_anatomy_new (prediction->labels, grid->width, grid->height,
                         grid->spacing_x_mm, grid->spacing_y_mm);
  if (common.json) {
    g_autoptr (JsonBuilder) json = json_builder_new ();
    json_builder_begin_object (json);
    runet_json_add_comparison (json, comparison, anatomy);
    json_builder_end_object (json);
    runet_command_print_json (json);
  } else
    print_text (comparison, anatomy);
  runet_common_options_clear (&common);
  return RUNET_EXIT_DONE;
}
