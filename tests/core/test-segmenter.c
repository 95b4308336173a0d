/* The way through a small network and back: with random weights for what must hold of any, and with
 * weights set by hand to a threshold on grey, where the answer is known. */
#include "core/segmentation/segmenter.h"
#include "core/segmentation/uncertainty.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/shape/mask.h"

#define INPUT_SIZE 64

static void
init_hyperparameters (RunetHyperparameters *self, RunetArchitecture architecture) {
  runet_hyperparameters_init (self, architecture);
  self->input_size = INPUT_SIZE;
  for (guint i = 0; i < RUNET_LEVELS; i++)
    self->down[i] = 4;
  for (guint i = 0; i + 1 < RUNET_LEVELS; i++)
    self->up[i] = 4;
}

static RunetModel *
random_model (RunetArchitecture architecture) {
  g_autoptr (GRand) random = g_rand_new_with_seed (61);
  RunetHyperparameters hyperparameters;
  init_hyperparameters (&hyperparameters, architecture);
  return runet_model_new (&hyperparameters, random);
}

/* Element (@o, @i) of the middle tap of the convolution @name of @stage. */
static void
set_weight (RunetModel *model,
            guint stage,
            const char *name,
            gsize o,
            gsize i,
            float to) {
  g_autofree char *wanted = g_strdup_printf ("stage%u.%s.weight", stage, name);
  for (guint p = 0; p < model->graph->parameters->len; p++) {
    const RunetParameter *parameter =
        &g_array_index (model->graph->parameters, RunetParameter, p);
    if (strcmp (parameter->name, wanted) != 0)
      continue;
    gsize kernel = parameter->shape[2];
    gsize tap = kernel / 2 * kernel + kernel / 2;
    model->parameters[p][(o * parameter->shape[1] + i) * kernel * kernel + tap] = to;
    return;
  }
  g_error ("no parameter %s", wanted);
}

static void
set_bias (RunetModel *model, guint stage, gsize o, float to) {
  g_autofree char *wanted = g_strdup_printf ("stage%u.head.bias", stage);
  for (guint p = 0; p < model->graph->parameters->len; p++)
    if (strcmp (g_array_index (model->graph->parameters, RunetParameter, p).name,
                wanted) == 0)
      model->parameters[p][o] = to;
}

/* Every stage carries its input along the outermost skip; its head says LV where that is above
 * 1/2, steeply, and never a label above. */
static RunetModel *
threshold_model (RunetArchitecture architecture) {
  RunetModel *model = random_model (architecture);
  for (guint p = 0; p < model->graph->parameters->len; p++) {
    const RunetParameter *parameter =
        &g_array_index (model->graph->parameters, RunetParameter, p);
    memset (model->parameters[p], 0, parameter->count * sizeof (float));
  }
  for (guint stage = 1; stage <= model->hyperparameters.stages; stage++) {
    set_weight (model, stage, "down1.conv1", 0, 0, 1);
    set_weight (model, stage, "down1.conv2", 0, 0, 1);
    /* Behind the channels that come from below. */
    set_weight (model, stage, "up5.conv1", 0, 4, 1);
    set_weight (model, stage, "up5.conv2", 0, 0, 1);
    set_weight (model, stage, "head", RUNET_LABEL_LV, 0, 40);
    set_bias (model, stage, RUNET_LABEL_LV, -20);
    set_bias (model, stage, RUNET_LABEL_MYOCARDIUM, -50);
    set_bias (model, stage, RUNET_LABEL_LA, -50);
  }
  return model;
}

static RunetEngine *
new_engine (RunetEngineKind kind) {
  g_autoptr (GError) error = NULL;
  RunetEngine *engine = runet_engine_new (kind, 1, &error);
  g_assert_no_error (error);
  return engine;
}

static RunetSegmenter *
new_segmenter (RunetModel *model, RunetEngineKind kind, gsize batch) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEngine) engine = new_engine (kind);
  RunetSegmenter *segmenter = runet_segmenter_new (model, engine, batch, &error);
  g_assert_no_error (error);
  return segmenter;
}

static RunetImage *
new_image (gsize width, gsize height, gsize frames) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid = runet_grid_new (
      width, height, frames, 0.3, 0.2, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_FLOAT32);
  RunetImage *image = runet_image_new (grid, &error);
  g_assert_no_error (error);
  return image;
}

static RunetImage *
random_image (gsize width, gsize height, gsize frames) {
  g_autoptr (GRand) random = g_rand_new_with_seed (62);
  RunetImage *image = new_image (width, height, frames);
  for (gsize i = 0; i < width * height * frames; i++)
    image->pixels[i] = (float)g_rand_double_range (random, 0, 255);
  return image;
}

static RunetSegmentation *
run (RunetSegmenter *segmenter,
     const RunetImage *image,
     gsize frame,
     RunetSegmentFlags flags) {
  g_autoptr (GError) error = NULL;
  RunetSegmentation *segmentation =
      runet_segmenter_run (segmenter, image, frame, flags, NULL, &error);
  g_assert_no_error (error);
  return segmentation;
}

static void
test_shapes (gconstpointer data) {
  RunetArchitecture architecture = (RunetArchitecture)GPOINTER_TO_UINT (data);
  const gsize w = 50, h = 71;
  g_autoptr (RunetModel) model = random_model (architecture);
  g_autoptr (RunetImage) image = random_image (w, h, 2);
  g_autoptr (RunetSegmenter) segmenter = new_segmenter (model, RUNET_ENGINE_AUTO, 1);
  g_assert_true (runet_segmenter_get_model (segmenter) == model);
  g_autoptr (RunetSegmentation) found =
      run (segmenter, image, 1, RUNET_SEGMENT_RAW | RUNET_SEGMENT_PROBABILITIES);
  g_assert_cmpuint (found->stages, ==, model->hyperparameters.stages);
  g_assert_cmpuint (found->classes, ==, 4);
  g_autoptr (RunetGrid) still = runet_grid_with_frames (image->grid, 1);
  for (guint k = 0; k < found->stages; k++) {
    const RunetLabelMap *map = found->labels[k];
    const float *p = found->probabilities[k];
    g_assert_true (runet_grid_equal (map->grid, still));
    g_assert_cmpint (map->grid->type, ==, RUNET_PIXEL_FLOAT32);
    gboolean has_region =
        architecture != RUNET_ARCHITECTURE_SHG && k + 1 < found->stages;
    g_assert_cmpint (found->regions[k] != NULL, ==, has_region);
    for (gsize i = 0; i < w * h; i++) {
      float sum = 0;
      for (gsize c = 0; c < 4; c++) {
        sum += p[c * w * h + i];
        g_assert_cmpfloat (p[c * w * h + i], <=, p[map->labels[i] * w * h + i]);
      }
      g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
      if (has_region)
        g_assert_true (found->regions[k][i] > 0 && found->regions[k][i] <= 1);
    }
  }
  /* It stays when its segmenter goes, and its reference is its own. */
  g_autoptr (RunetSegmentation) again = runet_segmentation_ref (found);
  g_assert_true (again == found);
}

static void
assert_same (const RunetSegmentation *a, const RunetSegmentation *b) {
  gsize area = a->labels[0]->grid->width * a->labels[0]->grid->height;
  for (guint k = 0; k < a->stages; k++) {
    g_assert_cmpmem (a->labels[k]->labels, area, b->labels[k]->labels, area);
    if (a->regions[k] != NULL)
      g_assert_cmpmem (a->regions[k], area * sizeof (float), b->regions[k],
                       area * sizeof (float));
    if (a->probabilities[k] != NULL)
      g_assert_cmpmem (a->probabilities[k], a->classes * area * sizeof (float),
                       b->probabilities[k], a->classes * area * sizeof (float));
  }
}

static float
largest_difference (const float *a, const float *b, gsize count) {
  float largest = 0;
  for (gsize i = 0; i < count; i++)
    largest = MAX (largest, fabsf (a[i] - b[i]));
  return largest;
}

/* The same frame gives the same bits, whatever ran between. */
static void
test_determinism (void) {
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = random_image (90, 40, 2);
  g_autoptr (RunetSegmenter) segmenter = new_segmenter (model, RUNET_ENGINE_AUTO, 1);
  g_autoptr (RunetSegmentation) a =
      run (segmenter, image, 0, RUNET_SEGMENT_PROBABILITIES);
  g_autoptr (RunetSegmentation) between =
      run (segmenter, image, 1, RUNET_SEGMENT_PROBABILITIES);
  g_autoptr (RunetSegmentation) b =
      run (segmenter, image, 0, RUNET_SEGMENT_PROBABILITIES);
  assert_same (a, b);
  g_assert_cmpfloat (
      largest_difference (a->probabilities[0], between->probabilities[0], 90 * 40 * 4),
      >, 0);
}

/* Three frames in batches of two are those three frames one by one. */
static void
test_batch (void) {
  const gsize area = 40 * 50;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = random_image (40, 50, 4);
  g_autoptr (RunetSegmenter) one = new_segmenter (model, RUNET_ENGINE_AUTO, 1);
  g_autoptr (RunetSegmenter) two = new_segmenter (model, RUNET_ENGINE_AUTO, 2);
  g_autoptr (GPtrArray) found = runet_segmenter_run_frames (
      two, image, 1, 3, RUNET_SEGMENT_PROBABILITIES, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (RunetSegmentation) expected =
        run (one, image, 1 + i, RUNET_SEGMENT_PROBABILITIES);
    const RunetSegmentation *batched = g_ptr_array_index (found, i);
    g_assert_cmpfloat (largest_difference (expected->probabilities[1],
                                           batched->probabilities[1], 4 * area),
                       <, 1e-5);
  }
}

/* Workers share what is around the network without a trace in the results; who wants labels alone gets
 * the same ones. */
static void
test_workers (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = random_image (90, 40, 3);
  g_autoptr (RunetSegmenter) one = new_segmenter (model, RUNET_ENGINE_REFERENCE, 1);
  g_autoptr (RunetEngine) engine = runet_engine_new (RUNET_ENGINE_REFERENCE, 3, &error);
  g_autoptr (RunetSegmenter) three = runet_segmenter_new (model, engine, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (runet_pool_get_workers (runet_segmenter_get_pool (three)), ==, 3);
  g_autoptr (GPtrArray) found = runet_segmenter_run_frames (
      three, image, 0, 3, RUNET_SEGMENT_PROBABILITIES, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (RunetSegmentation) expected =
        run (one, image, i, RUNET_SEGMENT_PROBABILITIES);
    assert_same (expected, g_ptr_array_index (found, i));
    g_autoptr (RunetSegmentation) bare = run (one, image, i, RUNET_SEGMENT_NO_REGIONS);
    g_assert_null (bare->regions[0]);
    g_assert_cmpmem (bare->labels[1]->labels, 90 * 40, expected->labels[1]->labels,
                     90 * 40);
  }
}

/* An image of the network's own size: its outputs, untouched. */
static void
test_identity (void) {
  const gsize n = INPUT_SIZE;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetEngine) engine = new_engine (RUNET_ENGINE_REFERENCE);
  g_autoptr (RunetImage) image = random_image (n, n, 1);
  g_autoptr (RunetSegmenter) segmenter = runet_segmenter_new (model, engine, 1, &error);
  g_assert_no_error (error);
  g_autoptr (RunetSegmentation) found =
      run (segmenter, image, 0, RUNET_SEGMENT_RAW | RUNET_SEGMENT_PROBABILITIES);

  g_autoptr (RunetPlan) plan =
      runet_plan_new (engine, model->graph, 1, n, n, RUNET_PLAN_INFERENCE, &error);
  g_assert_no_error (error);
  runet_plan_set_parameters (plan, (const float *const *)model->parameters);
  for (gsize i = 0; i < n * n; i++)
    runet_plan_get_input (plan)[i] = image->pixels[i] * (1.0f / 255.0f);
  g_assert_true (runet_plan_forward (plan, NULL, &error));
  for (guint k = 0; k < 2; k++)
    for (gsize i = 0; i < n * n; i++)
      for (gsize c = 0; c < 4; c++)
        g_assert_cmpfloat (
            found->probabilities[k][c * n * n + i], ==,
            runet_tensor_pixel (runet_plan_get_output (plan, k), 0, 0, i)[c]);
  for (gsize i = 0; i < n * n; i++)
    g_assert_cmpfloat (found->regions[0][i], ==,
                       *runet_tensor_pixel (runet_plan_get_region (plan, 0), 0, 0, i));
}

static void
test_engines (void) {
  const gsize area = 70 * 55;
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = random_image (70, 55, 1);
  g_autoptr (RunetSegmenter) reference =
      new_segmenter (model, RUNET_ENGINE_REFERENCE, 1);
  g_autoptr (RunetSegmenter) blas = new_segmenter (model, RUNET_ENGINE_BLAS, 1);
  g_autoptr (RunetSegmentation) a =
      run (reference, image, 0, RUNET_SEGMENT_PROBABILITIES);
  g_autoptr (RunetSegmentation) b = run (blas, image, 0, RUNET_SEGMENT_PROBABILITIES);
  for (guint k = 0; k < 2; k++)
    g_assert_cmpfloat (
        largest_difference (a->probabilities[k], b->probabilities[k], 4 * area), <,
        1e-4);
  g_assert_cmpfloat (largest_difference (a->regions[0], b->regions[0], area), <, 1e-4);
}

/* A segmenter whose model's refinement is changed says what one made of the changed model says. */
static void
test_refinement (void) {
  static const RunetEngineKind engines[] = {RUNET_ENGINE_REFERENCE, RUNET_ENGINE_BLAS};
  const RunetRefinement first = {7, 0.5f, 100}, second = {20, 0.8f, 4};
  const gsize area = 70 * 55;
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = random_image (70, 55, 1);
  for (guint i = 0; i < G_N_ELEMENTS (engines); i++) {
    g_autoptr (RunetModel) changed = runet_model_with_refinement (model, &first, NULL);
    g_autoptr (RunetModel) fresh = runet_model_with_refinement (model, &second, NULL);
    g_autoptr (RunetSegmenter) a = new_segmenter (changed, engines[i], 1);
    g_autoptr (RunetSegmenter) b = new_segmenter (fresh, engines[i], 1);
    g_autoptr (RunetSegmentation) before =
        run (a, image, 0, RUNET_SEGMENT_PROBABILITIES);
    g_assert_true (runet_model_set_refinement (changed, &second, NULL));
    g_autoptr (RunetSegmentation) after =
        run (a, image, 0, RUNET_SEGMENT_PROBABILITIES);
    g_autoptr (RunetSegmentation) wanted =
        run (b, image, 0, RUNET_SEGMENT_PROBABILITIES);
    g_assert_cmpfloat (largest_difference (after->regions[0], wanted->regions[0], area),
                       <, 1e-5);
    g_assert_cmpfloat (largest_difference (after->probabilities[1],
                                           wanted->probabilities[1], 4 * area),
                       <, 1e-5);
    g_assert_cmpfloat (
        largest_difference (before->regions[0], wanted->regions[0], area), >, 0.01);
  }
}

/* Without RAW the labels are those of RAW, cleaned. */
static void
test_clean (void) {
  const gsize w = 120, h = 100;
  g_autoptr (RunetModel) model = threshold_model (RUNET_ARCHITECTURE_UNET1);
  g_autoptr (RunetImage) image = random_image (w, h, 1);
  g_autoptr (RunetSegmenter) segmenter = new_segmenter (model, RUNET_ENGINE_AUTO, 1);
  g_autoptr (RunetSegmentation) raw = run (segmenter, image, 0, RUNET_SEGMENT_RAW);
  g_autoptr (RunetSegmentation) clean =
      run (segmenter, image, 0, RUNET_SEGMENT_DEFAULT);
  g_assert_null (raw->probabilities[0]);
  g_assert_cmpint (memcmp (raw->labels[0]->labels, clean->labels[0]->labels, w * h), !=,
                   0);
  runet_labels_clean (raw->labels[0]->labels, w, h);
  g_assert_cmpmem (raw->labels[0]->labels, w * h, clean->labels[0]->labels, w * h);
}

typedef struct {
  const char *name;
  gsize width, height;
} Size;

static const Size sizes[] = {{"larger", 301, 223},
                             {"smaller", 40, 51},
                             {"same", INPUT_SIZE, INPUT_SIZE}};

/* A bright ellipse is found where it is, as large as it is, by both stages; the region of interest
 * surrounds it evenly. */
static void
test_disc (gconstpointer data) {
  const Size *size = data;
  gsize w = size->width, h = size->height;
  const double cx = 0.45, cy = 0.54, rx = 0.25, ry = 0.2; /* of the image */
  g_autoptr (RunetModel) model = threshold_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = new_image (w, h, 1);
  double inside = 0;
  for (gsize i = 0; i < w * h; i++) {
    double x = ((double)(i % w) + 0.5) / (double)w - cx;
    double y = ((double)(i / w) + 0.5) / (double)h - cy;
    image->pixels[i] = hypot (x / rx, y / ry) < 1 ? 255 : 0;
    inside += image->pixels[i] > 0;
  }
  g_autoptr (RunetSegmenter) segmenter = new_segmenter (model, RUNET_ENGINE_AUTO, 1);
  g_autoptr (RunetSegmentation) found =
      run (segmenter, image, 0, RUNET_SEGMENT_DEFAULT);
  for (guint k = 0; k < 2; k++) {
    double sum_x = 0, sum_y = 0, area = 0;
    for (gsize i = 0; i < w * h; i++) {
      g_assert_cmpuint (found->labels[k]->labels[i], <=, RUNET_LABEL_LV);
      double here = found->labels[k]->labels[i];
      sum_x += here * ((double)(i % w) + 0.5);
      sum_y += here * ((double)(i / w) + 0.5);
      area += here;
    }
    /* A quarter of the network's pixel. */
    g_assert_cmpfloat_with_epsilon (sum_x / area / (double)w, cx, 0.25 / INPUT_SIZE);
    g_assert_cmpfloat_with_epsilon (sum_y / area / (double)h, cy, 0.25 / INPUT_SIZE);
    g_assert_cmpfloat_with_epsilon (area / inside, 1, 0.06);
  }
  double sum_x = 0, area = 0;
  for (gsize i = 0; i < w * h; i++) {
    double here = found->regions[0][i] > 0.5f;
    sum_x += here * ((double)(i % w) + 0.5);
    area += here;
    g_assert_true (here || image->pixels[i] == 0);
  }
  g_assert_cmpfloat_with_epsilon (sum_x / area / (double)w, cx, 0.25 / INPUT_SIZE);
  g_assert_cmpfloat (area, >, 1.3 * inside);
}

static void
test_cancel (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  g_autoptr (RunetImage) image = random_image (30, 30, 3);
  g_autoptr (RunetSegmenter) segmenter = new_segmenter (model, RUNET_ENGINE_AUTO, 2);
  g_autoptr (RunetSegmentation) before = run (segmenter, image, 2, 0);
  g_cancellable_cancel (cancellable);
  g_assert_null (runet_segmenter_run (segmenter, image, 0, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (
      runet_segmenter_run_frames (segmenter, image, 0, 3, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autoptr (RunetSegmentation) after = run (segmenter, image, 2, 0);
  assert_same (before, after);
}

static void
test_too_many_classes (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (63);
  RunetHyperparameters hyperparameters;
  init_hyperparameters (&hyperparameters, RUNET_ARCHITECTURE_UNET1);
  hyperparameters.classes = 5;
  g_autoptr (RunetModel) model = runet_model_new (&hyperparameters, random);
  g_autoptr (RunetEngine) engine = new_engine (RUNET_ENGINE_REFERENCE);
  g_assert_null (runet_segmenter_new (model, engine, 1, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==, "model: expected at most 4 classes, found 5");
}

/* Every weight is finite, but what comes of them is not: no answer rather than an empty one. */
static void
test_overflow (void) {
  static const RunetEngineKind engines[] = {RUNET_ENGINE_AUTO, RUNET_ENGINE_REFERENCE};
  g_autoptr (RunetModel) model = random_model (RUNET_ARCHITECTURE_RU_NET);
  for (guint p = 0; p < model->graph->parameters->len; p++) {
    const RunetParameter *parameter =
        &g_array_index (model->graph->parameters, RunetParameter, p);
    if (strstr (parameter->name, "head.weight") != NULL)
      for (gsize i = 0; i < parameter->count; i++)
        model->parameters[p][i] = FLT_MAX;
  }
  g_autoptr (RunetImage) image = random_image (30, 30, 1);
  for (gsize pixel = 0; pixel < 30 * 30; pixel++)
    image->pixels[pixel] *= 1e6f;
  for (gsize e = 0; e < G_N_ELEMENTS (engines); e++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetSegmenter) segmenter = new_segmenter (model, engines[e], 1);
    g_assert_null (runet_segmenter_run (segmenter, image, 0, 0, NULL, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, "expected finite probabilities"));
  }
}

/* Where one class is certain the entropy is 0, where all are alike it is 1. */
static void
test_uncertainty (void) {
  enum { W = 8, H = 6, CLASSES = 4 };
  guint8 labels[W * H] = {0};
  float probabilities[CLASSES * W * H] = {0};
  g_assert_true (
      isnan (runet_uncertainty_of_contours (probabilities, CLASSES, labels, W, H)));
  for (gsize y = 1; y < 5; y++)
    for (gsize x = 1; x < 7; x++)
      labels[y * W + x] = RUNET_LABEL_LV;
  for (gsize i = 0; i < W * H; i++)
    probabilities[labels[i] * W * H + i] = 1;
  g_assert_cmpfloat (
      runet_uncertainty_of_contours (probabilities, CLASSES, labels, W, H), ==, 0);
  /* What lies off the contour does not count. */
  for (gsize c = 0; c < CLASSES; c++)
    probabilities[c * W * H] = probabilities[c * W * H + 2 * W + 3] = 0.25F;
  g_assert_cmpfloat (
      runet_uncertainty_of_contours (probabilities, CLASSES, labels, W, H), ==, 0);
  for (gsize i = 0; i < CLASSES * W * H; i++)
    probabilities[i] = 0.25F;
  g_assert_cmpfloat_with_epsilon (
      runet_uncertainty_of_contours (probabilities, CLASSES, labels, W, H), 1, 1e-6);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < RUNET_ARCHITECTURES; i++) {
    g_autofree char *path = g_strdup_printf (
        "/segmenter/shapes/%s", runet_architecture_to_string ((RunetArchitecture)i));
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_shapes);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path = g_strdup_printf ("/segmenter/disc/%s", sizes[i].name);
    g_test_add_data_func (path, &sizes[i], test_disc);
  }
  g_test_add_func ("/segmenter/uncertainty", test_uncertainty);
  g_test_add_func ("/segmenter/determinism", test_determinism);
  g_test_add_func ("/segmenter/batch", test_batch);
  g_test_add_func ("/segmenter/workers", test_workers);
  g_test_add_func ("/segmenter/identity", test_identity);
  g_test_add_func ("/segmenter/engines", test_engines);
  g_test_add_func ("/segmenter/refinement", test_refinement);
  g_test_add_func ("/segmenter/clean", test_clean);
  g_test_add_func ("/segmenter/cancel", test_cancel);
  g_test_add_func ("/segmenter/overflow", test_overflow);
  g_test_add_func ("/segmenter/too-many-classes", test_too_many_classes);
  return g_test_run ();
}
