/* The tables and the JSON of `runet bench`. */
#include "bench-report.h"

#include <stdio.h>
#include "command.h"

#define COLUMN_WIDTH 9
#define SHORTEST_ROW_SECONDS 0.5e-6

/* A rate means nothing where there is nothing to multiply, nor where no time was taken. */
static void
print_rate (double macs, double seconds, double peak_flops) {
  double flops = macs > 0 && seconds > 0 ? 2 * macs / seconds : 0;
  if (flops > 0)
    printf (" %*.1f %*.1f", COLUMN_WIDTH, flops / 1e9, COLUMN_WIDTH,
            peak_flops > 0 ? 100 * flops / peak_flops : 0);
  else
    printf (" %*s %*s", COLUMN_WIDTH, "", COLUMN_WIDTH, "");
}

static void
print_layer (const RunetBenchLayer *layer, gboolean train, double peak_flops) {
  printf ("%-28s %-16s %*.3f", layer->name,
          layer->algorithm != NULL ? layer->algorithm : "", COLUMN_WIDTH,
          layer->forward_seconds * 1e3);
  print_rate (layer->macs, layer->forward_seconds, peak_flops);
  if (train) {
    printf ("  | %*.3f", COLUMN_WIDTH, layer->backward_seconds * 1e3);
    print_rate (layer->backward_macs, layer->backward_seconds, peak_flops);
  }
  putchar ('\n');
}

static void
print_heading (gboolean train) {
  printf ("%-28s %-16s", "layer", "algorithm");
  for (int i = 0; i <= train; i++)
    printf ("%s %*s %*s %*s", i > 0 ? "  |" : "", COLUMN_WIDTH,
            i > 0 ? "back ms" : "ms", COLUMN_WIDTH, "GFLOP/s", COLUMN_WIDTH,
            "% of peak");
  putchar ('\n');
}

static void
print_processor_note (const RunetBenchReport *report) {
  const RunetBench *bench = report->bench;
  printf ("%-28s %-16s %*.3f\n", "rest", bench->train ? "loss, Adam" : "", COLUMN_WIDTH,
          bench->rest_seconds * 1e3);
  printf (
      "Times are medians of a run of %u image%s. The peak, %.1f GFLOP/s, is that of "
      "multiply-adds in\nregisters on %u thread%s; GFLOP/s counts what a direct "
      "convolution would do, so that Winograd's\nmay pass 100 %%.\n",
      bench->batch, bench->batch == 1 ? "" : "s", report->peak_flops / 1e9,
      runet_engine_get_threads (report->engine),
      runet_engine_get_threads (report->engine) == 1 ? "" : "s");
}

/* What a GPU did of what it can; of a run, the host's copies left out where that is known. */
typedef struct {
  double flops, bytes; /* a second */
} Achieved;

static Achieved
get_achieved (const RunetBench *bench) {
  double operations = 0, bytes = 0;
  for (guint i = 0; i < bench->layers->len; i++) {
    const RunetBenchLayer *layer = &g_array_index (bench->layers, RunetBenchLayer, i);
    operations += 2 * (layer->macs + (bench->train ? layer->backward_macs : 0));
    bytes += layer->bytes + (bench->train ? layer->backward_bytes : 0);
  }
  const double seconds =
      bench->device_seconds > 0 ? bench->device_seconds : bench->seconds;
  return (Achieved){operations / seconds, bytes / seconds};
}

static void
print_gpu_note (const RunetBenchReport *report) {
  const Achieved achieved = get_achieved (report->bench);
  printf ("Each layer was timed by itself, on the device. The peak, %.1f TFLOP/s, is "
          "that of large matrix products;\na run reaches %.1f TFLOP/s",
          report->peak_flops / 1e12, achieved.flops / 1e12);
  if (report->bandwidth > 0)
    printf (", and moves at least %.0f GB/s (%.0f %% of the %.0f GB/s of a copy)",
            achieved.bytes / 1e9, 100 * achieved.bytes / report->bandwidth,
            report->bandwidth / 1e9);
  printf (".\n");
}

/* What another layer does on the way takes no time, and what would read 0.000 needs no row. */
static void
print_layers (const RunetBenchReport *report) {
  const RunetBench *bench = report->bench;
  RunetBenchLayer sum = {.name = (char *)"sum"};
  print_heading (bench->train);
  for (guint i = 0; i < bench->layers->len; i++) {
    const RunetBenchLayer *layer = &g_array_index (bench->layers, RunetBenchLayer, i);
    sum.macs += layer->macs;
    sum.backward_macs += layer->backward_macs;
    sum.forward_seconds += layer->forward_seconds;
    sum.backward_seconds += layer->backward_seconds;
    if (MAX (layer->forward_seconds, layer->backward_seconds) >= SHORTEST_ROW_SECONDS)
      print_layer (layer, bench->train, report->peak_flops);
  }
  print_layer (&sum, bench->train, report->peak_flops);
  if (bench->on_gpu)
    print_gpu_note (report);
  else
    print_processor_note (report);
}

static double
get_speed_up (const GArray *scaling, guint i) {
  return g_array_index (scaling, RunetBenchScale, 0).ms_per_image /
         g_array_index (scaling, RunetBenchScale, i).ms_per_image;
}

static void
print_scaling (const GArray *scaling) {
  printf ("%7s %12s %9s\n", "threads", "ms an image", "speed-up");
  for (guint i = 0; i < scaling->len; i++) {
    const RunetBenchScale *scale = &g_array_index (scaling, RunetBenchScale, i);
    printf ("%7u %12.1f %9.2f\n", scale->threads, scale->ms_per_image,
            get_speed_up (scaling, i));
  }
}

void
runet_bench_report_print (const RunetBenchReport *report) {
  const RunetBench *bench = report->bench;
  double ms_per_image = runet_bench_get_ms_per_image (bench);
  if (report->layers)
    print_layers (report);
  if (report->scaling != NULL)
    print_scaling (report->scaling);
  printf ("%s, %s (%s), batch %u, %s: %.*f ms an image, %.1f images/s, %.2f GMAC, peak "
          "%.0f MiB\n",
          runet_architecture_to_string (bench->architecture),
          runet_engine_get_name (report->engine),
          runet_engine_get_description (report->engine), bench->batch,
          bench->train ? "training step" : "forward", bench->on_gpu ? 3 : 1,
          ms_per_image, 1e3 / ms_per_image, bench->gmac_per_image, bench->peak_mib);
  if (bench->device_seconds > 0)
    printf ("Without the host's copies: %.3f ms an image\n",
            bench->device_seconds * 1e3 / bench->batch);
}

static void
add_layers (JsonBuilder *json, const RunetBench *bench) {
  json_builder_set_member_name (json, "layers");
  json_builder_begin_array (json);
  for (guint i = 0; i < bench->layers->len; i++) {
    const RunetBenchLayer *layer = &g_array_index (bench->layers, RunetBenchLayer, i);
    json_builder_begin_object (json);
    runet_json_add_string (json, "name", layer->name);
    runet_json_add_string (json, "algorithm", layer->algorithm);
    runet_json_add_number (json, "macs", layer->macs);
    if (bench->on_gpu)
      runet_json_add_number (json, "bytes", layer->bytes);
    runet_json_add_number (json, "forward_ms", layer->forward_seconds * 1e3);
    runet_json_add_number (json, "backward_ms", layer->backward_seconds * 1e3);
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

static void
add_gpu (JsonBuilder *json, const RunetBenchReport *report) {
  const RunetBench *bench = report->bench;
  runet_json_add_string (
      json, "precision",
      runet_precision_to_string (runet_engine_get_precision (report->engine)));
  if (bench->device_seconds > 0)
    runet_json_add_number (json, "device_ms_per_image",
                           bench->device_seconds * 1e3 / bench->batch);
  if (!(report->peak_flops > 0))
    return;
  const Achieved achieved = get_achieved (bench);
  runet_json_add_number (json, "tflops", achieved.flops / 1e12);
  runet_json_add_number (json, "matrix_share", achieved.flops / report->peak_flops);
  runet_json_add_number (json, "gbytes_per_s", achieved.bytes / 1e9);
  if (!(report->bandwidth > 0))
    return;
  runet_json_add_number (json, "peak_gbytes_per_s", report->bandwidth / 1e9);
  runet_json_add_number (json, "bandwidth_share", achieved.bytes / report->bandwidth);
}

static void
add_scaling (JsonBuilder *json, const GArray *scaling) {
  json_builder_set_member_name (json, "scaling");
  json_builder_begin_array (json);
  for (guint i = 0; i < scaling->len; i++) {
    const RunetBenchScale *scale = &g_array_index (scaling, RunetBenchScale, i);
    json_builder_begin_object (json);
    runet_json_add_int (json, "threads", scale->threads);
    runet_json_add_number (json, "median_ms_per_image", scale->ms_per_image);
    runet_json_add_number (json, "speed_up", get_speed_up (scaling, i));
    json_builder_end_object (json);
  }
  json_builder_end_array (json);
}

void
runet_bench_report_print_json (const RunetBenchReport *report) {
  const RunetBench *bench = report->bench;
  const RunetEngine *engine = report->engine;
  double ms_per_image = runet_bench_get_ms_per_image (bench);
  g_autoptr (JsonBuilder) json = json_builder_new ();
  json_builder_begin_object (json);
  runet_json_add_string (json, "engine", runet_engine_get_name (engine));
  runet_json_add_string (json, "device", runet_engine_get_description (engine));
  runet_json_add_string (json, "architecture",
                         runet_architecture_to_string (bench->architecture));
  runet_json_add_int (json, "batch", bench->batch);
  runet_json_add_int (json, "threads", runet_engine_get_threads (engine));
  runet_json_add_number (json, "median_ms_per_image", ms_per_image);
  runet_json_add_number (json, "images_per_s", 1e3 / ms_per_image);
  runet_json_add_number (json, "gmac_per_image", bench->gmac_per_image);
  runet_json_add_boolean (json, "train", bench->train);
  runet_json_add_number (json, "peak_mib", bench->peak_mib);
  if (bench->on_gpu)
    add_gpu (json, report);
  if (report->layers) {
    runet_json_add_number (json, "peak_gflops", report->peak_flops / 1e9);
    add_layers (json, bench);
  }
  if (report->scaling != NULL)
    add_scaling (json, report->scaling);
  json_builder_end_object (json);
  runet_command_print_json (json);
}
