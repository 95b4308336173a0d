/* All engines against the values of an independent implementation in PyTorch, computed in float64:
 * outputs, regions of interest, losses, gradients and one step of Adam of small networks.
 *
 * A gradient jumps where a ReLU is at zero or two pixels of a max-pool are equal. One fixture has
 * two that differ in the last bit of a float32, which only the engine with sums in double gets
 * right; so before it runs backward, an engine is put on the same side of such ties. */
#include <math.h>
#include <string.h>

#include "core/models/architecture.h"
#include "core/nn/plan-private.h"
#include "core/nn/safetensors.h"
#include "core/training/adam.h"
#include "core/training/loss.h"
#include "engine-fixture.h"

#define VALUE_TOLERANCE 1e-4
#define LOSS_TOLERANCE 1e-5
/* Of the largest value of the tensor. */
#define GRADIENT_TOLERANCE 1e-3
/* What is a tie, of values around 1. */
#define TIE 2e-6
#define LEARNING_RATE 1e-3
/* What float32 may add to a gradient, of the largest value of the tensor. */
#define GRADIENT_NOISE 1e-4
/* Where a tie cannot be settled, because the maps are a GPU's: what the other side of one may change. */
#define TIE_NOISE 5e-3

typedef struct {
  const char *name;
  RunetArchitecture architecture;
  guint stages;
  guint dilation;
  float shift, slope;
} Fixture;

static const Fixture fixtures[] = {
    {"unet1", RUNET_ARCHITECTURE_UNET1, 1, 11, 0.5f, 100},
    {"ru-net", RUNET_ARCHITECTURE_RU_NET, 2, 11, 0.5f, 100},
    {"ru-net-dil30", RUNET_ARCHITECTURE_RU_NET, 2, 30, 0.7f, 100},
    {"ru-net-slope5", RUNET_ARCHITECTURE_RU_NET, 2, 11, 0.5f, 5},
    {"ru-net-3-stages", RUNET_ARCHITECTURE_RU_NET, 3, 11, 0.5f, 100},
    {"shg", RUNET_ARCHITECTURE_SHG, 3, 11, 0.5f, 100},
};

typedef struct {
  const Fixture *fixture;
  RunetEngineKind kind;
} Case;

/* A network with the fixture's weights, made ready to train. */
typedef struct {
  RunetSafetensors *file;
  RunetGraph *graph;
  RunetEngine *engine;
  RunetPlan *plan;
  float **parameters, **gradients;
  guint8 *labels; /* N × H × W */
  gsize n, h, w;
} Network;

static const RunetParameter *
get_parameter (const Network *network, guint index) {
  return &g_array_index (network->graph->parameters, RunetParameter, index);
}

static const RunetSafetensor *
find (const RunetSafetensors *file, const char *format, ...) G_GNUC_PRINTF (2, 3);

static const RunetSafetensor *
find (const RunetSafetensors *file, const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *name = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  const RunetSafetensor *tensor = runet_safetensors_find (file, name);
  if (tensor == NULL)
    g_error ("the fixture has no tensor %s", name);
  return tensor;
}

static float *
get_floats (const RunetSafetensor *tensor) {
  g_autoptr (GError) error = NULL;
  float *values = g_new (float, MAX (1, tensor->count));
  runet_safetensor_to_floats (tensor, values, &error);
  g_assert_no_error (error);
  return values;
}

static RunetGraph *
build_graph (const Fixture *fixture, const RunetSafetensors *file) {
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, fixture->architecture);
  hyperparameters.stages = fixture->stages;
  hyperparameters.dilation = fixture->dilation;
  hyperparameters.shift = fixture->shift;
  hyperparameters.slope = fixture->slope;
  for (guint i = 0; i < RUNET_LEVELS; i++)
    hyperparameters.down[i] = find (file, "stage1.down%u.conv1.bias", i + 1)->shape[0];
  for (guint i = 0; i < RUNET_LEVELS - 1; i++)
    hyperparameters.up[i] = find (file, "stage1.up%u.conv1.bias", i + 1)->shape[0];
  return runet_architecture_build (&hyperparameters);
}

static void
read_parameters (Network *network) {
  const guint count = network->graph->parameters->len;
  network->parameters = g_new0 (float *, count);
  network->gradients = g_new0 (float *, count);
  for (guint i = 0; i < count; i++) {
    const RunetParameter *parameter = get_parameter (network, i);
    const RunetSafetensor *tensor = find (network->file, "%s", parameter->name);
    g_assert_cmpuint (tensor->count, ==, parameter->count);
    network->parameters[i] = get_floats (tensor);
    network->gradients[i] = g_new0 (float, parameter->count);
  }
}

static void
read_input (Network *network) {
  const RunetSafetensor *input = find (network->file, "input");
  const RunetSafetensor *target = find (network->file, "target");
  g_autofree float *values = get_floats (input);
  memcpy (runet_plan_get_input (network->plan), values, input->count * sizeof (float));
  g_assert_cmpint (target->dtype, ==, RUNET_DTYPE_I64);
  network->labels = g_new (guint8, target->count);
  for (gsize i = 0; i < target->count; i++) {
    gint64 label;
    memcpy (&label, (const char *)target->data + i * sizeof label, sizeof label);
    network->labels[i] = (guint8)label;
  }
}

static void
network_init (Network *network,
              const Fixture *fixture,
              RunetEngine *engine,
              const char *path) {
  g_autoptr (GError) error = NULL;
  *network = (Network){.file = runet_safetensors_read (path, &error)};
  g_assert_no_error (error);
  network->graph = build_graph (fixture, network->file);
  network->engine = engine;
  const RunetSafetensor *input = find (network->file, "input");
  network->n = input->shape[0];
  network->h = input->shape[2];
  network->w = input->shape[3];
  network->plan = runet_plan_new (network->engine, network->graph, network->n,
                                  network->h, network->w, RUNET_PLAN_TRAINING, &error);
  g_assert_no_error (error);
  /* Not another one in its place. */
  g_assert_true (runet_plan_get_engine (network->plan) == engine);
  read_parameters (network);
  read_input (network);
}

static void
network_clear (Network *network) {
  for (guint i = 0; i < network->graph->parameters->len; i++) {
    g_free (network->parameters[i]);
    g_free (network->gradients[i]);
  }
  g_free (network->parameters);
  g_free (network->gradients);
  g_free (network->labels);
  runet_plan_free (network->plan);
  runet_engine_unref (network->engine);
  runet_graph_free (network->graph);
  runet_safetensors_free (network->file);
}

/* @expected: N × C × H × W. */
static void
check_map (const RunetTensor *map, const RunetSafetensor *expected) {
  g_autofree float *values = get_floats (expected);
  g_assert_cmpuint (expected->shape[1], ==, map->c);
  double worst = 0;
  for (gsize n = 0; n < map->n; n++)
    for (gsize c = 0; c < map->c; c++)
      for (gsize y = 0; y < map->h; y++)
        for (gsize x = 0; x < map->w; x++) {
          const gsize index = ((n * map->c + c) * map->h + y) * map->w + x;
          const double difference =
              fabs ((double)runet_tensor_pixel (map, n, y, x)[c] - values[index]);
          g_assert_false (isnan (difference));
          worst = MAX (worst, difference);
        }
  g_test_message ("%s: largest difference %.2g", expected->name, worst);
  g_assert_cmpfloat (worst, <=, VALUE_TOLERANCE);
}

/* To @tolerance of the largest value. */
static void
check_values (const float *values, const RunetSafetensor *expected, double tolerance) {
  g_autofree float *wanted = get_floats (expected);
  double worst = 0, largest = 0;
  for (gsize i = 0; i < expected->count; i++) {
    g_assert_true (isfinite (values[i]));
    worst = MAX (worst, fabs ((double)values[i] - wanted[i]));
    largest = MAX (largest, fabs ((double)wanted[i]));
  }
  if (worst > tolerance * largest)
    g_error ("%s: differs by %g of its largest value %g", expected->name,
             worst / largest, largest);
}

static void
check_forward (const Network *network, const Fixture *fixture) {
  for (guint k = 0; k < fixture->stages; k++)
    check_map (runet_plan_get_output (network->plan, k),
               find (network->file, "output%u", k + 1));
  for (guint k = 0; k < network->graph->regions->len; k++)
    check_map (runet_plan_get_region (network->plan, k),
               find (network->file, "roi%u", k + 1));
}

/* The first step of Adam: almost the sign of the gradient. */
static double
get_first_step (double gradient) {
  return LEARNING_RATE * gradient / (fabs (gradient) + RUNET_ADAM_EPSILON);
}

/* How far @noise in @gradient can move that step: everywhere next to nothing, but the whole of it
 * where the gradient is nearly zero. */
static double
get_step_noise (double gradient, double noise) {
  const double step = get_first_step (gradient);
  return MAX (fabs (get_first_step (gradient + noise) - step),
              fabs (get_first_step (gradient - noise) - step));
}

static double
get_largest (const float *values, gsize count) {
  double largest = 0;
  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, fabs ((double)values[i]));
  return largest;
}

/* @noise: of the gradients that made @values, of each tensor's largest. */
static void
check_adam (const Network *network, guint index, const float *values, double noise) {
  const char *name = get_parameter (network, index)->name;
  const gsize count = get_parameter (network, index)->count;
  g_autofree float *gradient = get_floats (find (network->file, "grad.%s", name));
  g_autofree float *wanted = get_floats (find (network->file, "adam.%s", name));
  const double tolerance = GRADIENT_TOLERANCE * get_largest (wanted, count);
  const double absolute_noise = noise * get_largest (gradient, count);
  for (gsize i = 0; i < count; i++) {
    const double difference = fabs ((double)values[i] - (double)wanted[i]);
    const double allowed =
        tolerance + get_step_noise ((double)gradient[i], absolute_noise);
    if (!(difference <= allowed))
      g_error ("adam.%s: value %" G_GSIZE_FORMAT " is %g, expected %g within %g", name,
               i, (double)values[i], (double)wanted[i], allowed);
  }
}

/* @gradients: of one step; @noise: as above. */
static void
check_step (const Network *network, float **gradients, double noise) {
  const guint count = network->graph->parameters->len;
  g_autofree gsize *sizes = g_new (gsize, count);
  g_autofree float **stepped = g_new (float *, count);
  for (guint i = 0; i < count; i++) {
    sizes[i] = get_parameter (network, i)->count;
    stepped[i] = g_memdup2 (network->parameters[i], sizes[i] * sizeof (float));
  }
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  g_autoptr (RunetAdam) adam = runet_adam_new (sizes, count);
  runet_adam_step (adam, pool, LEARNING_RATE, stepped, gradients);
  for (guint i = 0; i < count; i++) {
    check_adam (network, i, stepped[i], noise);
    g_free (stepped[i]);
  }
}

/* @settled: whether ties are on the fixture's side. */
static void
check_gradients (const Network *network, gboolean settled) {
  const guint count = network->graph->parameters->len;
  g_autofree float **wanted = g_new (float *, count);
  for (guint i = 0; i < count; i++) {
    const RunetSafetensor *expected =
        find (network->file, "grad.%s", get_parameter (network, i)->name);
    check_values (network->gradients[i], expected,
                  settled ? GRADIENT_TOLERANCE : TIE_NOISE);
    wanted[i] = get_floats (expected);
  }
  /* Adam by itself on the very gradients of the fixture, then after ours. */
  check_step (network, wanted, 0);
  check_step (network, network->gradients, settled ? GRADIENT_NOISE : TIE_NOISE);
  for (guint i = 0; i < count; i++)
    g_free (wanted[i]);
}

/* Which of the four pixels @y was taken from. */
static guint
get_choice (const RunetTensor *x,
            const RunetTensor *y,
            gsize n,
            gsize row,
            gsize column,
            gsize c) {
  const float largest = runet_tensor_pixel (y, n, row, column)[c];
  guint i = 0;
  while (i < 3 &&
         runet_tensor_pixel (x, n, 2 * row + i / 2, 2 * column + i % 2)[c] != largest)
    i++;
  return i;
}

/* Exchanges the two nearly equal pixels of @x where @other chose differently. */
static void
settle_pool (const RunetTensor *x,
             const RunetTensor *y,
             const RunetTensor *other_x,
             const RunetTensor *other_y) {
  for (gsize i = 0; i < y->n * y->h * y->w * y->c; i++) {
    const gsize c = i % y->c, column = i / y->c % y->w;
    const gsize row = i / y->c / y->w % y->h, n = i / y->c / y->w / y->h;
    const guint ours = get_choice (x, y, n, row, column, c);
    const guint theirs = get_choice (other_x, other_y, n, row, column, c);
    float *a = runet_tensor_pixel (x, n, 2 * row + ours / 2, 2 * column + ours % 2) + c;
    float *b =
        runet_tensor_pixel (x, n, 2 * row + theirs / 2, 2 * column + theirs % 2) + c;
    if (ours == theirs)
      continue;
    g_test_message ("max-pool: %.9g and %.9g exchanged", (double)*a, (double)*b);
    g_assert_cmpfloat (fabs ((double)*a - (double)*b), <, TIE);
    const float value = *a;
    *a = *b;
    *b = value;
  }
}

/* Takes the value of @other where only one of the two is zero. */
static void
settle_relu (const RunetTensor *y, const RunetTensor *other) {
  for (gsize i = 0; i < y->n * y->h * y->w * y->c; i++) {
    float *value = y->data + i / y->c * y->stride + i % y->c;
    const float wanted = other->data[i / y->c * other->stride + i % y->c];
    if ((*value > 0) == (wanted > 0))
      continue;
    g_test_message ("ReLU: %g instead of %g", (double)wanted, (double)*value);
    g_assert_cmpfloat (fabs ((double)wanted - (double)*value), <, TIE);
    *value = wanted;
  }
}

static void
settle_ties (const Network *network, const Network *other) {
  for (guint i = 0; i < network->plan->count; i++) {
    const RunetPlanNode *ours = &network->plan->nodes[i];
    const RunetPlanNode *theirs = &other->plan->nodes[i];
    const int input = ours->node->inputs[0];
    if (ours->node->op == RUNET_OP_CONVOLUTION && ours->node->relu)
      settle_relu (&ours->y, &theirs->y);
    else if (ours->node->op == RUNET_OP_MAX_POOL)
      settle_pool (&network->plan->nodes[input].y, &ours->y,
                   &other->plan->nodes[input].y, &theirs->y);
  }
}

static void
run_forward (Network *network) {
  g_autoptr (GError) error = NULL;
  runet_plan_set_parameters (network->plan, (const float *const *)network->parameters);
  runet_plan_forward (network->plan, NULL, &error);
  g_assert_no_error (error);
}

static void
run_backward (Network *network, const Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  const double weights[] = {1, 1, 1};
  double losses[G_N_ELEMENTS (weights)];
  g_autoptr (RunetPool) pool = runet_pool_new (2);
  const double loss = runet_dice_loss_stages (pool, network->plan, fixture->stages,
                                              network->labels, NULL, weights, losses);
  g_autofree float *expected = get_floats (find (network->file, "loss"));
  g_assert_cmpfloat (fabs (loss - (double)*expected), <=, LOSS_TOLERANCE);
  runet_plan_backward (network->plan, network->gradients, NULL, &error);
  g_assert_no_error (error);
}

static void
test_fixture (gconstpointer data) {
  const Case *test = data;
  const char *shared = g_getenv ("RUNET_SHARED");
  g_autofree char *file = g_strconcat (test->fixture->name, ".safetensors", NULL);
  g_autofree char *path =
      g_build_filename (shared != NULL ? shared : ".", "reference", file, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_test_skip ("the reference fixtures are not here (RUNET_SHARED/reference)");
    return;
  }
  RunetEngine *engine = engine_fixture_new (test->kind, 0);
  if (engine == NULL)
    return;
  Network network, reference;
  network_init (&network, test->fixture, engine, path);
  network_init (&reference, test->fixture,
                engine_fixture_new (RUNET_ENGINE_REFERENCE, 0), path);
  run_forward (&network);
  run_forward (&reference);
  check_forward (&network, test->fixture);
  if (test->kind != RUNET_ENGINE_CUDNN)
    settle_ties (&network, &reference);
  run_backward (&network, test->fixture);
  check_gradients (&network, test->kind != RUNET_ENGINE_CUDNN);
  network_clear (&network);
  network_clear (&reference);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    for (guint j = 0; j < G_N_ELEMENTS (engine_fixture_kinds); j++) {
      Case *test = g_new (Case, 1);
      *test = (Case){&fixtures[i], engine_fixture_kinds[j]};
      g_autofree char *path =
          g_strdup_printf ("/models/fixtures/%s/%s",
                           engine_fixture_get_name (test->kind), fixtures[i].name);
      g_test_add_data_func_full (path, test, test_fixture, g_free);
    }
  return g_test_run ();
}
