/* The stand-in for cuDNN: convolutions and their gradients against plain loops, and what it refuses. */
#include "graph-fixture.h"

static const Case cases[] = {
    {"forward/same", FORWARD, 2, 5, 7, 8, 16, 3, 1, 1, 1, FALSE},
    {"forward/stride", FORWARD, 1, 9, 6, 3, 5, 4, 1, 2, 1, FALSE},
    {"forward/dilation", FORWARD, 1, 11, 12, 4, 2, 3, 2, 1, 2, FALSE},
    {"forward/planes", FORWARD, 2, 6, 5, 3, 4, 3, 0, 1, 1, TRUE},
    {"forward/point", FORWARD, 1, 70, 60, 8, 8, 1, 0, 1, 1, FALSE},
    {"data/same", DATA, 2, 5, 7, 8, 16, 3, 1, 1, 1, FALSE},
    {"data/stride", DATA, 1, 10, 6, 3, 5, 4, 1, 2, 1, FALSE},
    {"filter/same", FILTER, 2, 5, 7, 8, 16, 3, 1, 1, 1, FALSE},
    {"filter/stride", FILTER, 1, 10, 6, 3, 5, 4, 1, 2, 1, TRUE},
};

/* One product of an output's place: adds to the result of the case's kind. */
static void
add_tap (const Case *t,
         const gint64 at[6],
         const float *a,
         const float *b,
         double *result) {
  const gint64 n = at[0], o = at[1], row = at[2], column = at[3], v = at[4], u = at[5];
  const gint64 y = row * t->stride - t->padding + v * t->dilation;
  const gint64 x = column * t->stride - t->padding + u * t->dilation;
  if (y < 0 || y >= t->h || x < 0 || x >= t->w)
    return;
  for (gint64 c = 0; c < t->in; c++) {
    const gsize in_x = place (get_x (t), n, c, y, x);
    const gsize in_w = place (get_w (t), o, c, v, u);
    const gsize in_y = place (get_y (t), n, o, row, column);
    if (t->kind == FORWARD)
      result[in_y] += (double)a[in_x] * (double)b[in_w];
    else if (t->kind == DATA)
      result[in_x] += (double)a[in_y] * (double)b[in_w];
    else
      result[in_w] += (double)a[in_x] * (double)b[in_y];
  }
}

static double *
compute (const Case *t, const float *a, const float *b, gsize size) {
  const Map y = get_y (t);
  const gint64 sizes[] = {t->n, t->out, y.h, y.w, t->kernel, t->kernel};
  double *result = g_new0 (double, size);
  gint64 all = 1;
  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    all *= sizes[k];
  for (gint64 index = 0; index < all; index++) {
    gint64 at[6], rest = index;
    for (int k = 5; k >= 0; k--) {
      at[k] = rest % sizes[k];
      rest /= sizes[k];
    }
    add_tap (t, at, a, b, result);
  }
  return result;
}

/* ---------------------------------------------------------------- tests */

static float *
make_values (gsize size, guint32 seed) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  float *values = g_new (float, size);
  for (gsize k = 0; k < size; k++)
    values[k] = (float)g_rand_double_range (rand, -1, 1);
  return values;
}

static void
test_case (gconstpointer data) {
  const Case *t = data;
  Map a, b, result;
  get_maps (t, &a, &b, &result);
  g_autofree float *in_a = make_values (count (a), 1);
  g_autofree float *in_b = make_values (count (b), 2);
  g_autofree float *got = g_new (float, count (result));
  g_autofree double *expected = compute (t, in_a, in_b, count (result));
  Run run;
  run_begin (&run, t, CUDNN_DATA_FLOAT, FALSE);
  run_put (&run, 0, in_a, count (a) * sizeof (float));
  run_put (&run, 1, in_b, count (b) * sizeof (float));
  run_put (&run, 2, NULL, count (result) * sizeof (float));
  g_assert_cmpint (run_execute (&run, run.workspace), ==, CUDNN_STATUS_SUCCESS);
  cudaMemcpy (got, run.pointers[2], count (result) * sizeof (float),
              cudaMemcpyDeviceToHost);
  for (gsize k = 0; k < count (result); k++)
    g_assert_cmpfloat_with_epsilon ((double)got[k], expected[k], 1e-4);
  run_end (&run);
}

/* bfloat16: relu (sum + bias) is rounded once, at its end. */
static void
test_epilogue (void) {
  static const Case t = {"epilogue", FORWARD, 1, 1, 1, 2, 2, 1, 0, 1, 1, FALSE};
  const guint16 one = 0x3F80, minus_two = 0xC000, fraction = 0x3B80 /* 2⁻⁸ */;
  const guint16 a[] = {one, fraction}, b[] = {one, one, minus_two, one};
  const guint16 bias[] = {fraction, one};
  guint16 got[2];
  Run run;
  run_begin (&run, &t, CUDNN_DATA_BFLOAT16, TRUE);
  run_put (&run, 0, a, sizeof a);
  run_put (&run, 1, b, sizeof b);
  run_put (&run, 2, NULL, sizeof got);
  run_put (&run, 3, bias, sizeof bias);
  g_assert_cmpint (run_execute (&run, run.workspace), ==, CUDNN_STATUS_SUCCESS);
  cudaMemcpy (got, run.pointers[2], sizeof got, cudaMemcpyDeviceToHost);
  /* 1 + 2⁻⁸ + 2⁻⁸ = 1 + 2⁻⁷, while rounding after the first sum would drop both; and max (-1 + 2⁻⁸, 0). */
  g_assert_cmphex (got[0], ==, 0x3F81);
  g_assert_cmphex (got[1], ==, 0);
  run_end (&run);
}

static void
test_refused (void) {
  static const Case t = {"refused", FORWARD, 1, 4, 4, 8, 8, 3, 1, 1, 1, FALSE};
  char message[256];
  Run run;
  run_begin (&run, &t, CUDNN_DATA_FLOAT, FALSE);
  run_put (&run, 0, NULL, 4 * 4 * 8 * 4);
  run_put (&run, 1, NULL, 9 * 8 * 8 * 4);
  run_put (&run, 2, NULL, 4 * 4 * 8 * 4 - 4);
  g_assert_cmpint (run_execute (&run, run.workspace), ==,
                   CUDNN_STATUS_BAD_PARAM_OUT_OF_BOUND);
  cudnnGetLastErrorString (message, sizeof message);
  g_assert_cmpstr (message, ==,
                   "tensor 3: 512 bytes do not all lie in one block of device memory");
  cudaFree (run.pointers[2]);
  run_put (&run, 2, NULL, 4 * 4 * 8 * 4 + 4);
  g_assert_cmpint (run_execute (&run, NULL), ==, CUDNN_STATUS_BAD_PARAM_NULL_POINTER);
  run.pointers[2] += 2;
  g_assert_cmpint (run_execute (&run, run.workspace), ==,
                   CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER);
  run.pointers[2] -= 2;
  g_assert_cmpint (run_execute (&run, run.workspace), ==, CUDNN_STATUS_SUCCESS);
  g_setenv ("RUNET_STAND_IN_FAIL_AFTER", "1", TRUE);
  g_assert_cmpint (run_execute (&run, run.workspace), ==,
                   CUDNN_STATUS_EXECUTION_FAILED);
  g_unsetenv ("RUNET_STAND_IN_FAIL_AFTER");
  run_end (&run);
}

/* As the real library says to each of them. */
static void
test_attributes (void) {
  const gint64 number = 1, numbers[] = {1, 8, 4, 4};
  const cudnnDataType_t type = CUDNN_DATA_HALF;
  gint64 found;
  cudnnBackendDescriptor_t d;
  cudnnBackendCreateDescriptor (CUDNN_BACKEND_TENSOR_DESCRIPTOR, &d);
  g_assert_cmpint (cudnnBackendSetAttribute (d, CUDNN_ATTR_TENSOR_DATA_TYPE,
                                             CUDNN_TYPE_INT64, 1, &number),
                   ==, CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE);
  g_assert_cmpint (cudnnBackendSetAttribute (d, CUDNN_ATTR_TENSOR_DATA_TYPE,
                                             CUDNN_TYPE_DATA_TYPE, 2, numbers),
                   ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (cudnnBackendSetAttribute (d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS,
                                             CUDNN_TYPE_INT64, 1, &number),
                   ==, CUDNN_STATUS_BAD_PARAM);
  g_assert_cmpint (cudnnBackendSetAttribute (NULL, CUDNN_ATTR_TENSOR_DATA_TYPE,
                                             CUDNN_TYPE_DATA_TYPE, 1, &type),
                   ==, CUDNN_STATUS_BAD_PARAM_NULL_POINTER);
  g_assert_cmpint (cudnnBackendGetAttribute (d, CUDNN_ATTR_TENSOR_UNIQUE_ID,
                                             CUDNN_TYPE_INT64, 1, &found, NULL),
                   ==, CUDNN_STATUS_NOT_INITIALIZED);
  g_assert_cmpint (cudnnBackendFinalize (d), ==, CUDNN_STATUS_BAD_PARAM);
  cudnnBackendDestroyDescriptor (d);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  for (guint k = 0; k < G_N_ELEMENTS (cases); k++) {
    g_autofree char *path = g_strdup_printf ("/stand-in/convolution/%s", cases[k].name);
    g_test_add_data_func (path, &cases[k], test_case);
  }
  g_test_add_func ("/stand-in/convolution/epilogue", test_epilogue);
  g_test_add_func ("/stand-in/convolution/refused", test_refused);
  g_test_add_func ("/stand-in/attributes", test_attributes);
  return g_test_run ();
}
