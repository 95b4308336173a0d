/* Training that stays on the GPU learns what the processor does, and copes where it cannot. */
#include <glib/gstdio.h>
#include <math.h>

#include "core/base/error.h"
#include "core/nn/engine.h"
#include "core/training/adam.h"
#include "training-fixture.h"

static RunetEngine *
make_engine (RunetEngineKind kind, RunetPrecision precision) {
  g_autoptr (GError) error = NULL;
  RunetEngine *engine =
      runet_engine_choose ((RunetEngineChoice){kind, precision}, 2, &error);
  if (engine == NULL)
    g_test_skip (error->message);
  return engine;
}

/* What is learned from: how each image is changed, what is left out of it, which come how often. */
typedef struct {
  const char *name;
  gboolean augment, weights;
  RunetMix mix;
} Lesson;

static void
add_weights (RunetSamples *samples) {
  for (guint i = 0; i < samples->samples->len; i += 2) {
    RunetSample *sample = samples->samples->pdata[i];
    sample->weights = g_malloc (PIXELS);
    for (gsize j = 0; j < PIXELS; j++)
      sample->weights[j] = j / SIZE % 3 != 0;
  }
}

static void
train (Fixture *fixture,
       const Lesson *lesson,
       RunetEngine *engine,
       RunetTrainingFunc progress,
       gpointer user_data) {
  RunetTrainingSettings settings = make_settings ();
  g_autoptr (GError) error = NULL;
  settings.augment = lesson->augment;
  settings.epochs = 2;
  fixture_prepare (fixture, &settings, engine, 6, 3);
  if (lesson->weights)
    add_weights (fixture->training);
  fixture->training->mix = lesson->mix;
  fixture_make_trainer (fixture);
  g_assert_true (
      runet_trainer_run (fixture->trainer, progress, user_data, NULL, &error));
  g_assert_no_error (error);
}

/* The means of the losses of each epoch so far, batch by batch. */
static void
note_loss_cb (const RunetTrainingProgress *progress, gpointer user_data) {
  if (progress->phase == RUNET_TRAINING_STEP)
    g_array_append_val ((GArray *)user_data, progress->loss);
}

static const Lesson lessons[] = {
    {"plain", FALSE, FALSE, {0}},
    {"augmented", TRUE, FALSE, {0}},
    {"weights", TRUE, TRUE, {0}},
    {"mix", FALSE, FALSE, {.leading = 2, .repeat = 2, .drawn = 3}},
};

/* Step by step the same losses, but for rounding, which grows from step to step. */
static void
check_like_blas (const Lesson *lesson, RunetPrecision precision, double tolerance) {
  g_autoptr (RunetEngine) device = make_engine (RUNET_ENGINE_CUDNN, precision);
  if (device == NULL)
    return;
  g_autoptr (RunetEngine) blas =
      make_engine (RUNET_ENGINE_BLAS, RUNET_PRECISION_FLOAT32);
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (Fixture) on_device, on_host;
  train (&on_device, lesson, device, note_loss_cb, ours);
  train (&on_host, lesson, blas, note_loss_cb, theirs);
  g_assert_cmpstr (runet_trainer_get_engine (on_device.trainer), ==,
                   runet_engine_get_description (device));
  g_assert_cmpuint (ours->len, ==, theirs->len);
  double worst = 0;
  for (guint i = 0; i < ours->len; i++)
    worst = MAX (worst, fabs (g_array_index (ours, double, i) -
                              g_array_index (theirs, double, i)));
  g_test_message ("%s, %s: %u losses, the worst differs by %.2g", lesson->name,
                  runet_precision_to_string (precision), ours->len, worst);
  g_assert_cmpfloat (worst, <, tolerance);
  for (guint s = 0; s < RUNET_STRUCTURES; s++)
    g_assert_cmpfloat_with_epsilon (get_epoch (&on_device, 2)->dice[1][s],
                                    get_epoch (&on_host, 2)->dice[1][s],
                                    100 * tolerance);
}

static void
test_like_blas (gconstpointer lesson) {
  check_like_blas (lesson, RUNET_PRECISION_FLOAT32, 1e-4);
}

static void
test_precisions (void) {
  check_like_blas (&lessons[0], RUNET_PRECISION_TF32, 1e-2);
  check_like_blas (&lessons[0], RUNET_PRECISION_BFLOAT16, 2e-2);
  check_like_blas (&lessons[0], RUNET_PRECISION_FLOAT16, 1e-2);
}

/* The device's part of a training by itself: a plan, the images on the device, and the state on the host. */
typedef struct {
  Fixture fixture;
  RunetPlan *plan;
  const RunetDeviceClass *class;
  RunetDeviceTraining *training;
  RunetAdam *adam;
  RunetDeviceState state;
} Bench;

static void
bench_clear (Bench *bench) {
  if (bench->training != NULL)
    bench->class->training_free (bench->training);
  runet_plan_free (bench->plan);
  runet_adam_free (bench->adam);
  fixture_clear (&bench->fixture);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static RunetDeviceTraining *
make_training (const Bench *bench) {
  const GPtrArray *samples = bench->fixture.training->samples;
  g_autofree const guint8 **images = g_new (const guint8 *, samples->len);
  g_autofree const guint8 **labels = g_new (const guint8 *, samples->len);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < samples->len; i++) {
    images[i] = ((RunetSample *)samples->pdata[i])->image;
    labels[i] = ((RunetSample *)samples->pdata[i])->labels;
  }
  const RunetDeviceImages all = {samples->len, SIZE, images, labels, NULL};
  RunetDeviceTraining *training =
      bench->class->training_new (runet_plan_get_device_plan (bench->plan), &all,
                                  bench->fixture.settings.stage_weights, &error);
  g_assert_no_error (error);
  return training;
}

static void
bench_init (Bench *bench, RunetEngine *engine) {
  const RunetTrainingSettings settings = make_settings ();
  g_autoptr (GError) error = NULL;
  RunetDevice *device = NULL;
  *bench = (Bench){0};
  fixture_prepare (&bench->fixture, &settings, engine, 4, 0);
  const RunetGraph *graph = bench->fixture.model->graph;
  bench->class = runet_engine_get_device (engine, &device);
  bench->plan =
      runet_plan_new (engine, graph, 4, SIZE, SIZE, RUNET_PLAN_TRAINING, &error);
  g_assert_no_error (error);
  g_autofree gsize *sizes = g_new (gsize, graph->parameters->len);
  for (guint i = 0; i < graph->parameters->len; i++)
    sizes[i] = g_array_index (graph->parameters, RunetParameter, i).count;
  bench->adam = runet_adam_new (sizes, graph->parameters->len);
  bench->state = (RunetDeviceState){
      .parameters = bench->fixture.model->parameters,
      .moment1 = bench->adam->moment1,
      .moment2 = bench->adam->moment2,
  };
  bench->training = make_training (bench);
}

static gboolean
make_step (Bench *bench, double *losses) {
  RunetDevicePlace places[4] = {{.index = 0}, {.index = 1}, {.index = 2}, {.index = 3}};
  g_autoptr (GError) error = NULL;
  gboolean skipped = FALSE;
  g_assert_true (bench->class->training_begin (bench->training, places, 1e-3, &error));
  g_assert_no_error (error);
  g_assert_true (
      bench->class->training_end (bench->training, losses, &skipped, &error));
  g_assert_no_error (error);
  return skipped;
}

static void
set_state (Bench *bench) {
  g_autoptr (GError) error = NULL;
  g_assert_true (
      bench->class->training_set_state (bench->training, &bench->state, &error));
  g_assert_no_error (error);
}

static void
get_state (Bench *bench) {
  g_autoptr (GError) error = NULL;
  g_assert_true (
      bench->class->training_get_state (bench->training, &bench->state, &error));
  g_assert_no_error (error);
}

/* A step whose gradients overflow changes nothing but the scale, which is halved; after 2000 good ones it is
 * doubled. The weights do not depend on it. */
static void
test_loss_scale (void) {
  g_autoptr (RunetEngine) engine =
      make_engine (RUNET_ENGINE_CUDNN, RUNET_PRECISION_FLOAT16);
  if (engine == NULL)
    return;
  double losses[RUNET_TRAINING_STAGES];
  g_auto (Bench) bench;
  bench_init (&bench, engine);
  float *first = bench.state.parameters[0];
  set_state (&bench);
  get_state (&bench);
  g_assert_cmpfloat (bench.state.loss_scale, ==, 65536);
  g_assert_cmpuint (bench.state.good_steps, ==, 0);

  const float before = first[0];
  bench.state.loss_scale = 0x1p100;
  set_state (&bench);
  /* With the graph and without it. */
  for (guint i = 1; i <= 3; i++) {
    g_assert_true (make_step (&bench, losses));
    get_state (&bench);
    g_assert_cmpfloat (bench.state.loss_scale, ==, ldexp (1, 100 - (int)i));
    g_assert_cmpuint (bench.state.step, ==, 0);
    g_assert_cmpfloat (first[0], ==, before);
    g_assert_cmpfloat (bench.state.moment1[0][0], ==, 0);
    g_assert_true (isfinite (losses[0]));
  }

  bench.state.loss_scale = 1024;
  bench.state.good_steps = 1998;
  set_state (&bench);
  g_assert_false (make_step (&bench, losses));
  get_state (&bench);
  g_assert_cmpfloat (bench.state.loss_scale, ==, 1024);
  g_assert_cmpuint (bench.state.good_steps, ==, 1999);
  g_assert_cmpuint (bench.state.step, ==, 1);
  g_assert_cmpfloat (first[0], !=, before);
  g_assert_false (make_step (&bench, losses));
  get_state (&bench);
  g_assert_cmpfloat (bench.state.loss_scale, ==, 2048);
  g_assert_cmpuint (bench.state.good_steps, ==, 0);
}

/* Where products are float32 or bfloat16 there is no scale, and what a checkpoint says of it is kept. */
static void
test_no_loss_scale (void) {
  g_autoptr (RunetEngine) engine =
      make_engine (RUNET_ENGINE_CUDNN, RUNET_PRECISION_BFLOAT16);
  if (engine == NULL)
    return;
  double losses[RUNET_TRAINING_STAGES];
  g_auto (Bench) bench;
  bench_init (&bench, engine);
  bench.state.loss_scale = 512;
  bench.state.good_steps = 7;
  set_state (&bench);
  g_assert_false (make_step (&bench, losses));
  get_state (&bench);
  g_assert_cmpuint (bench.state.step, ==, 1);
  g_assert_cmpfloat (bench.state.loss_scale, ==, 512);
  g_assert_cmpuint (bench.state.good_steps, ==, 7);
}

static void
stop_cb (const RunetTrainingProgress *progress, gpointer user_data) {
  if (progress->phase == RUNET_TRAINING_STEP)
    g_cancellable_cancel (user_data);
}

/* A training in float16 that was stopped goes on with its scale, to the same bits. */
static void
test_resume_half (void) {
  g_autoptr (RunetEngine) engine =
      make_engine (RUNET_ENGINE_CUDNN, RUNET_PRECISION_FLOAT16);
  if (engine == NULL)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *folder = g_dir_make_tmp ("runet-training-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "checkpoint", NULL);
  const RunetTrainingSettings settings = make_settings ();
  g_auto (Fixture) whole, first, rest;
  fixture_prepare (&whole, &settings, engine, 6, 0);
  fixture_make_trainer (&whole);
  run_to_the_end (&whole);
  fixture_prepare (&first, &settings, engine, 6, 0);
  fixture_make_trainer (&first);
  runet_trainer_set_checkpoint (first.trainer, path, -1);
  g_assert_false (
      runet_trainer_run (first.trainer, stop_cb, cancellable, cancellable, &error));
  g_clear_error (&error);
  fixture_prepare (&rest, &settings, engine, 6, 0);
  fixture_make_trainer (&rest);
  g_assert_true (runet_trainer_resume (rest.trainer, path, &error));
  g_assert_no_error (error);
  run_to_the_end (&rest);
  const GArray *parameters = whole.model->graph->parameters;
  for (guint i = 0; i < parameters->len; i++) {
    const gsize bytes =
        g_array_index (parameters, RunetParameter, i).count * sizeof (float);
    g_assert_cmpmem (whole.model->parameters[i], bytes, rest.model->parameters[i],
                     bytes);
  }
  g_autofree char *bytes = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (path, &bytes, &length, &error));
  /* Behind the eight bytes of the header's length, which hold zeros. */
  g_assert_nonnull (g_strstr_len (bytes + 8, (gssize)length - 8, "loss_scale"));
  g_unlink (path);
  g_rmdir (folder);
}

/* A training of @count images with the device's memory limited to that of its plan and @more bytes. */
static char *
train_with_memory (guint count, gssize more, RunetPrecision precision) {
  g_autoptr (RunetEngine) engine = make_engine (RUNET_ENGINE_CUDNN, precision);
  if (engine == NULL)
    return NULL;
  g_autoptr (GError) error = NULL;
  RunetTrainingSettings settings = make_settings ();
  g_auto (Fixture) fixture;
  fixture_prepare (&fixture, &settings, engine, count, 0);
  /* One epoch of one step. */
  fixture.settings.epochs = 1;
  fixture.training->mix = (RunetMix){.leading = 1, .repeat = 4, .drawn = 0};
  RunetPlan *plan = runet_plan_new (engine, fixture.model->graph, 4, SIZE, SIZE,
                                    RUNET_PLAN_TRAINING, &error);
  g_assert_no_error (error);
  const gsize needed = runet_plan_get_bytes (plan);
  runet_plan_free (plan);
  g_autofree char *limit = g_strdup_printf ("%" G_GSIZE_FORMAT, needed + (gsize)more);
  g_setenv ("RUNET_STAND_IN_MEMORY", limit, TRUE);
  fixture_make_trainer (&fixture);
  run_to_the_end (&fixture);
  g_unsetenv ("RUNET_STAND_IN_MEMORY");
  const RunetEpoch *epoch = get_epoch (&fixture, 1);
  g_assert_cmpfloat (epoch->loss, >, 0.5);
  g_test_message ("%s", runet_trainer_get_engine (fixture.trainer));
  return g_strdup (runet_trainer_get_engine (fixture.trainer));
}

/* Images that do not fit keep the batches on the processor, a network that does not keeps all of it there. Float16,
 * whose loss only the device scales, is not trained in halves. */
static void
test_memory (void) {
  enum { MANY = 4096 }; /* 8 MiB with their labels */
  g_autofree char *all = train_with_memory (MANY, 64 << 20, RUNET_PRECISION_FLOAT32);
  if (all == NULL)
    return;
  g_assert_null (strstr (all, "because the GPU's memory"));
  /* Of a GPU the limits are none. */
  if (strstr (all, "Stand-in device") == NULL)
    return;
  g_autofree char *batches = train_with_memory (MANY, 4 << 20, RUNET_PRECISION_FLOAT32);
  g_assert_nonnull (strstr (batches, "batches and weights on the processor"));
  g_autofree char *half = train_with_memory (MANY, 4 << 20, RUNET_PRECISION_FLOAT16);
  g_assert_nonnull (strstr (half, "OpenBLAS"));
  g_assert_nonnull (strstr (half, "the GPU's memory does not hold the images"));
  g_autofree char *none = train_with_memory (4, -(4 << 10), RUNET_PRECISION_FLOAT32);
  g_assert_nonnull (strstr (none, "OpenBLAS"));
  g_assert_nonnull (strstr (none, "the GPU's memory does not suffice"));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (lessons); i++) {
    g_autofree char *path =
        g_strdup_printf ("/training/device/like-blas-%s", lessons[i].name);
    g_test_add_data_func (path, &lessons[i], test_like_blas);
  }
  g_test_add_func ("/training/device/precisions", test_precisions);
  g_test_add_func ("/training/device/loss-scale", test_loss_scale);
  g_test_add_func ("/training/device/no-loss-scale", test_no_loss_scale);
  g_test_add_func ("/training/device/resume-half", test_resume_half);
  g_test_add_func ("/training/device/memory", test_memory);
  return g_test_run ();
}
