/* `runet bench`: how long a network takes here, forward or one training step, layer by layer and
 * thread by thread. */
#include "command.h"

#include "bench-report.h"
#include "core/base/error.h"

#define MAX_BATCH 256

typedef struct {
  RunetBenchOptions run;
  gboolean layers, scaling;
  RunetCommonOptions common;
} Options;

/* FALSE after one line on stderr. */
static gboolean
check_options (const char *command,
               const char *architecture,
               int batch,
               int rounds,
               RunetBenchOptions *run) {
  run->architecture = RUNET_ARCHITECTURE_RU_NET;
  if (architecture != NULL &&
      !runet_architecture_from_string (architecture, &run->architecture)) {
    runet_command_warn (command, "--architecture: '%s' is not known", architecture);
    return FALSE;
  }
  if (batch < 0 || batch > MAX_BATCH || rounds < 1) {
    runet_command_warn (command, "expected --batch 1 … %d and --rounds from 1 on",
                        MAX_BATCH);
    return FALSE;
  }
  run->batch = batch > 0 ? (guint)batch : run->train ? 8 : 1;
  run->rounds = (guint)rounds;
  return TRUE;
}

/* From one thread to those of @bench, which has been measured. (nullable) with @error. */
static GArray *
measure_scaling (const Options *options,
                 const RunetBench *bench,
                 guint threads,
                 GError **error) {
  g_autoptr (GArray) scaling = g_array_new (FALSE, FALSE, sizeof (RunetBenchScale));
  for (guint i = 1; i < threads; i++) {
    RunetCommonOptions common = options->common;
    common.threads = (int)i;
    g_autoptr (RunetEngine) engine = runet_command_engine (&common, error);
    g_autoptr (RunetBench) fewer =
        engine != NULL ? runet_bench_run (engine, &options->run, error) : NULL;
    if (fewer == NULL)
      return NULL;
    const RunetBenchScale scale = {i, runet_bench_get_ms_per_image (fewer)};
    g_array_append_val (scaling, scale);
  }
  const RunetBenchScale all = {threads, runet_bench_get_ms_per_image (bench)};
  g_array_append_val (scaling, all);
  return g_steal_pointer (&scaling);
}

static gboolean
measure (const Options *options, GError **error) {
  g_autoptr (RunetEngine) engine = runet_command_engine (&options->common, error);
  if (engine == NULL)
    return FALSE;
  RunetBenchReport report = {.engine = engine, .layers = options->layers};
  if (options->scaling && runet_bench_is_on_gpu (engine)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "--scaling: a GPU has no threads of this program");
    return FALSE;
  }
  if (options->layers) {
    report.peak_flops = runet_engine_measure_peak (engine);
    report.bandwidth = runet_engine_measure_bandwidth (engine);
  }
  g_autoptr (RunetBench) bench = runet_bench_run (engine, &options->run, error);
  if (bench == NULL)
    return FALSE;
  report.bench = bench;
  /* Again, because another program may have been in the way the first time. */
  if (options->layers)
    report.peak_flops = MAX (report.peak_flops, runet_engine_measure_peak (engine));
  g_autoptr (GArray) scaling = NULL;
  if (options->scaling) {
    scaling =
        measure_scaling (options, bench, runet_engine_get_threads (engine), error);
    if (scaling == NULL)
      return FALSE;
  }
  report.scaling = scaling;
  if (options->common.json)
    runet_bench_report_print_json (&report);
  else
    runet_bench_report_print (&report);
  return TRUE;
}

int
runet_command_bench (int argc, char *argv[]) {
  int batch = 0, rounds = 15;
  Options options = {0};
  g_autofree char *architecture = NULL, *model_path = NULL;
  const GOptionEntry entries[] = {
      {"train", 0, 0, G_OPTION_ARG_NONE, &options.run.train,
       "A training step: forward, backward, Adam", NULL},
      {"batch", 0, 0, G_OPTION_ARG_INT, &batch, "Images at once (1; 8 with --train)",
       "N"},
      {"rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "Counted runs, after two others (15)",
       "N"},
      {"layers", 0, 0, G_OPTION_ARG_NONE, &options.layers,
       "Also a table of the layers, beside the machine's peak", NULL},
      {"scaling", 0, 0, G_OPTION_ARG_NONE, &options.scaling,
       "Also with every smaller number of threads", NULL},
      {"architecture", 0, 0, G_OPTION_ARG_STRING, &architecture,
       "With random weights (ru-net)", "NAME"},
      {"model", 0, 0, G_OPTION_ARG_FILENAME, &model_path, "This model instead", "FILE"},
      G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (argc, argv, RUNET_SHARED_ENGINE, entries, "",
                            "Times a network on this machine. The time is the median.",
                            &options.common, &rest, 0, 0))
    return RUNET_EXIT_USAGE;
  options.run.model_path = model_path;
  options.run.layers = options.layers;
  g_autoptr (GError) error = NULL;
  int exit_code = RUNET_EXIT_DONE;
  if (!check_options (argv[0], architecture, batch, rounds, &options.run))
    exit_code = RUNET_EXIT_USAGE;
  else if (!measure (&options, &error))
    exit_code = runet_command_fail (argv[0], error);
  runet_common_options_clear (&options.common);
  return exit_code;
}
