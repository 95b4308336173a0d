/* How well and how fast the contour model tells what experts' label maps say:
 * build/tests/bench/bench-contour-model DATASET… */
#include "tests/contour-quality.h"

static void
print_structure (ContourQuality *quality, RunetStructure s) {
  GArray *residual = quality->residual[s], *points = quality->points[s];
  GArray *bulge = quality->bulge[s];
  GArray *dice = quality->dice[s], *alone = quality->alone[s];
  g_print (
      "  %-4s %5u   %4.2f %4.2f %5.2f   %5.1f   %3.0f %3.0f %3.0f   %5.2f %5.2f "
      "%5.2f   %.4f %.4f %.4f   %.4f %.4f %.4f\n",
      runet_structure_to_string (s), residual->len, 100 * get_quantile (residual, 0.5),
      100 * get_quantile (residual, 0.95), 100 * get_quantile (residual, 1),
      100 * get_share_below (residual, RUNET_CONTOUR_RESIDUAL),
      get_quantile (points, 0.5), get_quantile (points, 0.95), get_quantile (points, 1),
      100 * get_quantile (bulge, 0.5), 100 * get_quantile (bulge, 0.95),
      100 * get_quantile (bulge, 1), get_quantile (dice, 0.5),
      get_quantile (dice, 0.05), get_quantile (dice, 0), get_quantile (alone, 0.5),
      get_quantile (alone, 0.05), get_quantile (alone, 0));
}

static void
print_times (const char *what, GArray *ms) {
  g_print ("  %-10s median %.2f ms, 95 %% %.2f ms, longest %.2f ms\n", what,
           get_quantile (ms, 0.5), get_quantile (ms, 0.95), get_quantile (ms, 1));
}

static void
print (const char *name, ContourQuality *quality) {
  static const char *const faults[] = {"crossing lines", "thin", "empty", "outside"};
  g_print (
      "%s: %u label maps\n"
      "               residual, %% of LV length  points        base off the line, %%"
      "  Dice, all drawn        Dice, this one drawn\n"
      "       there   med. 95%%   max. <= 1.5   med 95%% max    med.   95%%  max."
      "   med.   5%%     least    med.   5%%     least\n",
      name, quality->maps);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    print_structure (quality, s);
  print_times ("fit", quality->fit_ms);
  print_times ("rasterise", quality->draw_ms);
  print_times ("check", quality->check_ms);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    g_print ("  %s: %u\n", faults[i], quality->faults[i]);
}

int
main (int argc, char *argv[]) {
  for (int i = 1; i < argc; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetDataset) dataset = runet_dataset_open (argv[i], NULL, &error);
    if (dataset == NULL) {
      g_printerr ("%s\n", error->message);
      return 1;
    }
    g_auto (ContourQuality) quality;
    contour_quality_init (&quality);
    contour_quality_add_dataset (&quality, dataset, 1);
    print (argv[i], &quality);
  }
  return 0;
}
