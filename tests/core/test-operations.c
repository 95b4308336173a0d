/* Every operation but convolution, on tensors of odd sizes with gaps between the pixels: forward
 * against plain loops in double, backward against finite differences of those loops, adding against
 * overwriting, what may not be touched, and the same bits for any number of workers. */
#include "core/nn/operations.h"

#include <math.h>
#include <string.h>

#define CANARY 4321.0f
#define MAX_INPUTS 3
/* Of the largest value. */
#define FORWARD_TOLERANCE 1e-6
#define BACKWARD_TOLERANCE 2e-5
/* In double, where it costs some eight digits of sixteen. */
#define STEP 1e-6

typedef struct _Operation Operation;

/* The tensors of one run; all gaps between pixels hold CANARY. */
typedef struct {
  const Operation *operation;
  RunetTensor x[MAX_INPUTS], dx[MAX_INPUTS], y, dy;
  float logits[MAX_INPUTS], dlogits[MAX_INPUTS];
  float *scratch;
  RunetPool *pool;
} Run;

/* @naive: from dense doubles, N × H × W × C, to the same. */
struct _Operation {
  const char *name;
  gsize n, h, w, c; /* of the inputs */
  guint inputs;
  gsize out_h, out_w, out_c;
  guint size;
  float slope, shift;
  void (*forward) (Run *run);
  void (*backward) (Run *run, gboolean add);
  void (*naive) (const Operation *self, double **x, const float *logits, double *y);
};

static gsize
at (gsize h, gsize w, gsize c, gsize n, gsize i, gsize j, gsize k) {
  return ((n * h + i) * w + j) * c + k;
}

static void
naive_max_pool (const Operation *self, double **x, const float *logits, double *y) {
  for (gsize n = 0; n < self->n; n++)
    for (gsize i = 0; i < self->out_h; i++)
      for (gsize j = 0; j < self->out_w; j++)
        for (gsize k = 0; k < self->c; k++) {
          double largest = -HUGE_VAL;
          for (gsize q = 0; q < 4; q++)
            largest = MAX (largest, x[0][at (self->h, self->w, self->c, n,
                                             2 * i + q / 2, 2 * j + q % 2, k)]);
          y[at (self->out_h, self->out_w, self->c, n, i, j, k)] = largest;
        }
}

static void
naive_upsample (const Operation *self, double **x, const float *logits, double *y) {
  for (gsize n = 0; n < self->n; n++)
    for (gsize i = 0; i < self->out_h; i++)
      for (gsize j = 0; j < self->out_w; j++)
        for (gsize k = 0; k < self->c; k++)
          y[at (self->out_h, self->out_w, self->c, n, i, j, k)] =
              x[0][at (self->h, self->w, self->c, n, i / 2, j / 2, k)];
}

static void
naive_copy (const Operation *self, double **x, const float *logits, double *y) {
  memcpy (y, x[0], self->n * self->h * self->w * self->c * sizeof (double));
}

static void
naive_softmax (const Operation *self, double **x, const float *logits, double *y) {
  for (gsize p = 0; p < self->n * self->h * self->w; p++) {
    double sum = 0;
    for (gsize k = 0; k < self->c; k++)
      sum += exp (x[0][p * self->c + k]);
    for (gsize k = 0; k < self->c; k++)
      y[p * self->c + k] = exp (x[0][p * self->c + k]) / sum;
  }
}

static void
naive_foreground (const Operation *self, double **x, const float *logits, double *y) {
  for (gsize p = 0; p < self->n * self->h * self->w; p++) {
    y[p] = 0;
    for (gsize k = 1; k < self->c; k++)
      y[p] += x[0][p * self->c + k];
  }
}

static void
naive_sigmoid (const Operation *self, double **x, const float *logits, double *y) {
  for (gsize p = 0; p < self->n * self->h * self->w * self->c; p++)
    y[p] = 1 / (1 + exp (-(double)self->slope * (x[0][p] - (double)self->shift)));
}

static void
naive_multiply (const Operation *self, double **x, const float *logits, double *y) {
  for (gsize p = 0; p < self->n * self->h * self->w; p++)
    y[p] = x[0][p] * x[1][p];
}

static void
naive_box (const Operation *self, double **x, const float *logits, double *y) {
  const int before = ((int)self->size - 1) / 2, after = (int)self->size / 2;
  const int h = (int)self->h, w = (int)self->w;
  for (int n = 0; n < (int)self->n; n++)
    for (int i = 0; i < h; i++)
      for (int j = 0; j < w; j++) {
        double sum = 0;
        for (int r = MAX (0, i - before); r <= MIN (h - 1, i + after); r++)
          for (int c = MAX (0, j - before); c <= MIN (w - 1, j + after); c++)
            sum += x[0][(n * h + r) * w + c];
        y[(n * h + i) * w + j] = sum / ((double)self->size * self->size);
      }
}

static void
naive_mix (const Operation *self, double **x, const float *logits, double *y) {
  double weights[3], sum = 0;
  for (guint i = 0; i < 3; i++)
    sum += weights[i] = exp ((double)logits[i]);
  for (gsize p = 0; p < self->n * self->h * self->w; p++)
    y[p] = (weights[0] * x[0][p] + weights[1] * x[1][p] + weights[2] * x[2][p]) / sum;
}

static void
forward_max_pool (Run *run) {
  runet_max_pool_forward (run->pool, &run->x[0], &run->y);
}

static void
backward_max_pool (Run *run, gboolean add) {
  runet_max_pool_backward (run->pool, &run->x[0], &run->y, &run->dy, &run->dx[0], add);
}

static void
forward_upsample (Run *run) {
  runet_upsample_forward (run->pool, &run->x[0], &run->y);
}

static void
backward_upsample (Run *run, gboolean add) {
  runet_upsample_backward (run->pool, &run->dy, &run->dx[0], add);
}

static void
forward_copy (Run *run) {
  runet_copy (run->pool, &run->x[0], &run->y, FALSE);
}

static void
backward_copy (Run *run, gboolean add) {
  runet_copy (run->pool, &run->dy, &run->dx[0], add);
}

static void
forward_softmax (Run *run) {
  runet_softmax_forward (run->pool, &run->x[0], &run->y);
}

static void
backward_softmax (Run *run, gboolean add) {
  runet_softmax_backward (run->pool, &run->y, &run->dy, &run->dx[0], add);
}

static void
forward_foreground (Run *run) {
  runet_foreground_forward (run->pool, &run->x[0], &run->y);
}

static void
backward_foreground (Run *run, gboolean add) {
  runet_foreground_backward (run->pool, &run->dy, &run->dx[0], add);
}

static void
forward_sigmoid (Run *run) {
  runet_sigmoid_forward (run->pool, &run->x[0], &run->y, run->operation->slope,
                         run->operation->shift);
}

static void
backward_sigmoid (Run *run, gboolean add) {
  runet_sigmoid_backward (run->pool, &run->y, &run->dy, &run->dx[0],
                          run->operation->slope, add);
}

static void
forward_multiply (Run *run) {
  runet_multiply_forward (run->pool, &run->x[0], &run->x[1], &run->y);
}

static void
backward_multiply (Run *run, gboolean add) {
  runet_multiply_backward (run->pool, &run->x[1], &run->dy, &run->dx[0], add);
  runet_multiply_backward (run->pool, &run->x[0], &run->dy, &run->dx[1], add);
}

static void
forward_box (Run *run) {
  runet_box_forward (run->pool, &run->x[0], &run->y, run->operation->size,
                     run->scratch);
}

static void
backward_box (Run *run, gboolean add) {
  runet_box_backward (run->pool, &run->dy, &run->dx[0], run->operation->size, add,
                      run->scratch);
}

static void
forward_mix (Run *run) {
  const RunetTensor *x[] = {&run->x[0], &run->x[1], &run->x[2]};
  runet_mix_forward (run->pool, x, &run->y, run->logits);
}

static void
backward_mix (Run *run, gboolean add) {
  const RunetTensor *x[] = {&run->x[0], &run->x[1], &run->x[2]};
  const RunetTensor *dx[] = {&run->dx[0], &run->dx[1], &run->dx[2]};
  const gboolean adds[] = {add, add, add};
  runet_mix_backward (run->pool, x, &run->dy, dx, adds, run->logits, run->dlogits,
                      run->scratch);
}

#define OPERATION(op) \
  .forward = forward_##op, .backward = backward_##op, .naive = naive_##op

#define BOX(side, rows, columns)                                                      \
  {                                                                                   \
    "box/" #side "-on-" #rows "x" #columns, 2, rows, columns, 1, 1, rows, columns, 1, \
        side, 0, 0, OPERATION (box)                                                   \
  }

static const Operation operations[] = {
    {"max-pool/3", 2, 6, 10, 3, 1, 3, 5, 3, 0, 0, 0, OPERATION (max_pool)},
    {"max-pool/17", 1, 10, 6, 17, 1, 5, 3, 17, 0, 0, 0, OPERATION (max_pool)},
    {"upsample/3", 2, 5, 7, 3, 1, 10, 14, 3, 0, 0, 0, OPERATION (upsample)},
    {"upsample/17", 1, 3, 3, 17, 1, 6, 6, 17, 0, 0, 0, OPERATION (upsample)},
    {"copy", 2, 5, 7, 5, 1, 5, 7, 5, 0, 0, 0, OPERATION (copy)},
    {"softmax/2", 1, 7, 3, 2, 1, 7, 3, 2, 0, 0, 0, OPERATION (softmax)},
    {"softmax/4", 2, 5, 7, 4, 1, 5, 7, 4, 0, 0, 0, OPERATION (softmax)},
    {"foreground", 2, 5, 7, 4, 1, 5, 7, 1, 0, 0, 0, OPERATION (foreground)},
    {"sigmoid/slope-5", 2, 5, 7, 1, 1, 5, 7, 1, 0, 5, 0.5f, OPERATION (sigmoid)},
    {"sigmoid/slope-100", 2, 9, 7, 2, 1, 9, 7, 2, 0, 100, 0.01f, OPERATION (sigmoid)},
    {"multiply", 2, 5, 7, 1, 2, 5, 7, 1, 0, 0, 0, OPERATION (multiply)},
    {"mix", 2, 5, 7, 1, 3, 5, 7, 1, 0, 0, 0, OPERATION (mix)},
    BOX (1, 5, 7),
    BOX (2, 5, 7),
    BOX (3, 9, 7),
    BOX (4, 7, 9),
    BOX (5, 5, 5),
    BOX (11, 5, 37),
    BOX (30, 7, 9),
    BOX (31, 7, 9),
    BOX (8, 35, 1),
    BOX (6, 1, 65),
};

static RunetTensor
make_tensor (gsize n, gsize h, gsize w, gsize c) {
  const gsize stride = c + 3;
  RunetTensor tensor = {g_new (float, n *h *w *stride), n, h, w, c, stride};
  for (gsize i = 0; i < n * h * w * stride; i++)
    tensor.data[i] = CANARY;
  return tensor;
}

static gsize
count (const RunetTensor *tensor) {
  return tensor->n * tensor->h * tensor->w * tensor->c;
}

/* The @i-th value as if there were no gaps. */
static float *
value (const RunetTensor *tensor, gsize i) {
  return tensor->data + i / tensor->c * tensor->stride + i % tensor->c;
}

static void
fill (const RunetTensor *tensor, GRand *random) {
  for (gsize i = 0; i < count (tensor); i++)
    *value (tensor, i) = (float)g_rand_double_range (random, -1, 1);
}

static void
check_gaps (const RunetTensor *tensor) {
  for (gsize p = 0; p < tensor->n * tensor->h * tensor->w; p++)
    for (gsize c = tensor->c; c < tensor->stride; c++)
      g_assert_cmpfloat (tensor->data[p * tensor->stride + c], ==, CANARY);
}

static Run
make_run (const Operation *operation, guint workers) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  Run run = {.operation = operation, .pool = runet_pool_new (workers)};
  const gsize floats =
      MAX (runet_box_scratch_floats (operation->n, operation->h, operation->w),
           runet_mix_scratch_floats (operation->n, operation->h));
  run.scratch = g_aligned_alloc (floats, sizeof (float), 64);
  for (guint i = 0; i < operation->inputs; i++) {
    run.x[i] = make_tensor (operation->n, operation->h, operation->w, operation->c);
    run.dx[i] = make_tensor (operation->n, operation->h, operation->w, operation->c);
    run.logits[i] = (float)g_rand_double_range (random, -1, 1);
    fill (&run.x[i], random);
  }
  run.y =
      make_tensor (operation->n, operation->out_h, operation->out_w, operation->out_c);
  run.dy =
      make_tensor (operation->n, operation->out_h, operation->out_w, operation->out_c);
  fill (&run.dy, random);
  return run;
}

static void
clear_run (Run *run) {
  for (guint i = 0; i < run->operation->inputs; i++) {
    g_free (run->x[i].data);
    g_free (run->dx[i].data);
  }
  g_free (run->y.data);
  g_free (run->dy.data);
  g_aligned_free (run->scratch);
  runet_pool_free (run->pool);
}

/* Σ dy · naive (x): its derivatives are what backward computes. */
static double
evaluate (const Run *run, double **x, const float *logits, double *y) {
  double sum = 0;
  run->operation->naive (run->operation, x, logits, y);
  for (gsize i = 0; i < count (&run->dy); i++)
    sum += (double)*value (&run->dy, i) * y[i];
  return sum;
}

static void
check_forward (const Run *run, const double *y) {
  for (gsize i = 0; i < count (&run->y); i++) {
    const double difference = fabs ((double)*value (&run->y, i) - y[i]);
    g_assert_cmpfloat (difference, <=, FORWARD_TOLERANCE * MAX (1, fabs (y[i])));
  }
  check_gaps (&run->y);
}

/* By finite differences over every value of input @index. */
static void
check_backward (Run *run, guint index, double **x, double *y) {
  g_autofree double *expected = g_new (double, count (&run->x[index]));
  double largest = 0;
  for (gsize i = 0; i < count (&run->x[index]); i++) {
    const double before = x[index][i];
    x[index][i] = before + STEP;
    const double up = evaluate (run, x, run->logits, y);
    x[index][i] = before - STEP;
    const double down = evaluate (run, x, run->logits, y);
    x[index][i] = before;
    expected[i] = (up - down) / (2 * STEP);
    largest = MAX (largest, fabs (expected[i]));
  }
  for (gsize i = 0; i < count (&run->x[index]); i++)
    g_assert_cmpfloat (fabs ((double)*value (&run->dx[index], i) - expected[i]), <=,
                       BACKWARD_TOLERANCE * largest);
  check_gaps (&run->dx[index]);
}

static void
check_logits (Run *run, double **x, double *y) {
  for (guint i = 0; i < RUNET_NODE_INPUTS; i++) {
    float logits[RUNET_NODE_INPUTS];
    const float step = 0x1p-10f;
    memcpy (logits, run->logits, sizeof logits);
    logits[i] = run->logits[i] + step;
    const double up = evaluate (run, x, logits, y);
    const double width = (double)logits[i];
    logits[i] = run->logits[i] - step;
    const double down = evaluate (run, x, logits, y);
    const double expected = (up - down) / (width - (double)logits[i]);
    g_assert_cmpfloat (fabs ((double)run->dlogits[i] - expected), <=, 1e-5);
  }
}

static void
test_values (gconstpointer data) {
  const Operation *operation = data;
  Run run = make_run (operation, 2);
  double *x[MAX_INPUTS] = {0};
  g_autofree double *y = g_new (double, count (&run.y));
  for (guint i = 0; i < operation->inputs; i++) {
    x[i] = g_new (double, count (&run.x[i]));
    for (gsize j = 0; j < count (&run.x[i]); j++)
      x[i][j] = (double)*value (&run.x[i], j);
  }
  operation->forward (&run);
  operation->naive (operation, x, run.logits, y);
  check_forward (&run, y);
  operation->backward (&run, FALSE);
  for (guint i = 0; i < operation->inputs; i++)
    check_backward (&run, i, x, y);
  if (operation->forward == forward_mix)
    check_logits (&run, x, y);
  for (guint i = 0; i < operation->inputs; i++)
    g_free (x[i]);
  clear_run (&run);
}

static void
test_addition (gconstpointer data) {
  const Operation *operation = data;
  Run set = make_run (operation, 2), added = make_run (operation, 2);
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  operation->forward (&set);
  operation->backward (&set, FALSE);
  operation->forward (&added);
  for (guint i = 0; i < operation->inputs; i++)
    fill (&added.dx[i], random);

  Run before = make_run (operation, 1);
  for (guint i = 0; i < operation->inputs; i++)
    for (gsize j = 0; j < count (&set.x[i]); j++)
      *value (&before.dx[i], j) = *value (&added.dx[i], j);
  operation->backward (&added, TRUE);
  for (guint i = 0; i < operation->inputs; i++)
    for (gsize j = 0; j < count (&set.x[i]); j++)
      g_assert_cmpfloat_with_epsilon (
          *value (&added.dx[i], j), *value (&before.dx[i], j) + *value (&set.dx[i], j),
          1e-5f);
  clear_run (&before);
  clear_run (&added);
  clear_run (&set);
}

static void
test_workers (gconstpointer data) {
  const Operation *operation = data;
  Run one = make_run (operation, 1), many = make_run (operation, 5);
  operation->forward (&one);
  operation->forward (&many);
  operation->backward (&one, FALSE);
  operation->backward (&many, FALSE);
  for (gsize i = 0; i < count (&one.y); i++)
    g_assert_cmpfloat (*value (&one.y, i), ==, *value (&many.y, i));
  for (guint j = 0; j < operation->inputs; j++)
    for (gsize i = 0; i < count (&one.dx[j]); i++)
      g_assert_cmpfloat (*value (&one.dx[j], i), ==, *value (&many.dx[j], i));
  g_assert_cmpint (memcmp (one.dlogits, many.dlogits, sizeof one.dlogits), ==, 0);
  clear_run (&many);
  clear_run (&one);
}

/* Eq. (1) of [RU] with slope 100 is given arguments where exp overflows. */
static void
test_sigmoid_extremes (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  float values[] = {-1e30f, -10, 0, 10, 1e30f}, results[5], gradients[5];
  float ones[] = {1, 1, 1, 1, 1};
  const RunetTensor x = {values, 1, 1, 5, 1, 1}, y = {results, 1, 1, 5, 1, 1};
  const RunetTensor dy = {ones, 1, 1, 5, 1, 1}, dx = {gradients, 1, 1, 5, 1, 1};
  runet_sigmoid_forward (pool, &x, &y, 100, 0);
  runet_sigmoid_backward (pool, &y, &dy, &dx, 100, FALSE);
  const float expected[] = {0, 0, 0.5f, 1, 1}, slopes[] = {0, 0, 25, 0, 0};
  for (guint i = 0; i < 5; i++) {
    g_assert_cmpfloat_with_epsilon (results[i], expected[i], 1e-30f);
    g_assert_cmpfloat_with_epsilon (gradients[i], slopes[i], 1e-30f);
  }
}

/* Logits that differ by more than a float's exponent holds. */
static void
test_softmax_extremes (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  float values[] = {1000, -1000, 0, 1000}, results[4];
  const RunetTensor x = {values, 1, 1, 1, 4, 4}, y = {results, 1, 1, 1, 4, 4};
  runet_softmax_forward (pool, &x, &y);
  const float expected[] = {0.5f, 0, 0, 0.5f};
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (results[i], ==, expected[i]);
}

/* Of equal pixels the first has the gradient, as in PyTorch. */
static void
test_max_pool_ties (void) {
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  float values[] = {1, 2, 2, 2}, result, gradients[4], one = 1;
  const RunetTensor x = {values, 1, 2, 2, 1, 1}, y = {&result, 1, 1, 1, 1, 1};
  const RunetTensor dy = {&one, 1, 1, 1, 1, 1}, dx = {gradients, 1, 2, 2, 1, 1};
  runet_max_pool_forward (pool, &x, &y);
  runet_max_pool_backward (pool, &x, &y, &dy, &dx, FALSE);
  const float expected[] = {0, 1, 0, 0};
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (gradients[i], ==, expected[i]);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++) {
    const char *name = operations[i].name;
    g_autofree char *values = g_strdup_printf ("/nn/operations/%s/values", name);
    g_autofree char *addition = g_strdup_printf ("/nn/operations/%s/addition", name);
    g_autofree char *workers = g_strdup_printf ("/nn/operations/%s/workers", name);
    g_test_add_data_func (values, &operations[i], test_values);
    g_test_add_data_func (addition, &operations[i], test_addition);
    g_test_add_data_func (workers, &operations[i], test_workers);
  }
  g_test_add_func ("/nn/operations/sigmoid/extremes", test_sigmoid_extremes);
  g_test_add_func ("/nn/operations/softmax/extremes", test_softmax_extremes);
  g_test_add_func ("/nn/operations/max-pool/ties", test_max_pool_ties);
  return g_test_run ();
}
