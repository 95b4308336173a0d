/* What each 3 × 3 and 1 × 1 layer of U-Net 1 costs: ms, and GFLOP/s as a direct convolution counts.
 *
 * bench-convolution [BATCH [WORKERS [RUNS]]]. Prints the medians of forward, of the gradients
 * without that of the input, and of all gradients. */
#include "core/nn/convolution.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  gsize size, in_channels, out_channels;
  guint kernel;
  const char *name;
} Row;

static const Row rows[] = {
    {256, 1, 32, 3, "down1.conv1"},   {256, 32, 32, 3, "down1.conv2"},
    {128, 32, 32, 3, "down2.conv1"},  {128, 32, 32, 3, "down2.conv2"},
    {64, 32, 64, 3, "down3.conv1"},   {64, 64, 64, 3, "down3.conv2"},
    {32, 64, 128, 3, "down4.conv1"},  {32, 128, 128, 3, "down4.conv2"},
    {16, 128, 128, 3, "down5.conv1"}, {16, 128, 128, 3, "down5.conv2"},
    {8, 128, 128, 3, "down6.conv1"},  {8, 128, 128, 3, "down6.conv2"},
    {16, 256, 128, 3, "up1.conv1"},   {16, 128, 128, 3, "up1.conv2"},
    {32, 256, 128, 3, "up2.conv1"},   {32, 128, 128, 3, "up2.conv2"},
    {64, 192, 64, 3, "up3.conv1"},    {64, 64, 64, 3, "up3.conv2"},
    {128, 96, 32, 3, "up4.conv1"},    {128, 32, 32, 3, "up4.conv2"},
    {256, 64, 16, 3, "up5.conv1"},    {256, 16, 16, 3, "up5.conv2"},
    {256, 16, 4, 1, "head"},
};

typedef struct {
  RunetConvolution *convolution;
  RunetPool *pool;
  RunetTensor x, y, dy, dx;
  float *dweight, *dbias, *scratch;
} Layer;

typedef enum { FORWARD, WEIGHT_GRADIENT, ALL_GRADIENTS, PASSES } Pass;

static float *
make_noise (gsize count, float scale) {
  float *data = g_aligned_alloc (count, sizeof (float), 64);
  guint32 state = 1;
  for (gsize i = 0; i < count; i++) {
    state = state * 1664525u + 1013904223u;
    data[i] = scale * ((float)(state >> 8) / 8388608.0f - 1.0f);
  }
  return data;
}

static RunetTensor
make_tensor (gsize n, gsize size, gsize channels) {
  return (RunetTensor){
      make_noise (n * size * size * channels, 1), n, size, size, channels, channels};
}

static Layer
layer_new (const Row *row, gsize batch, RunetPool *pool) {
  RunetConvolutionShape shape = {
      batch,       row->size,       row->size, row->in_channels, row->out_channels,
      row->kernel, row->kernel == 3};
  const RunetConvolutionClass *class = runet_convolution_blas_choose (&shape, FALSE);
  gsize weights = row->in_channels * row->out_channels * row->kernel * row->kernel;
  Layer layer = {.pool = pool};
  layer.convolution = class->new_ (&shape, TRUE, runet_pool_get_workers (pool));
  layer.x = make_tensor (batch, row->size, row->in_channels);
  layer.dx = make_tensor (batch, row->size, row->in_channels);
  layer.y = make_tensor (batch, row->size, row->out_channels);
  layer.dy = make_tensor (batch, row->size, row->out_channels);
  layer.dweight = g_new0 (float, weights);
  layer.dbias = g_new0 (float, row->out_channels);
  layer.scratch = make_noise (class->scratch_floats (layer.convolution), 0);
  float *weight = make_noise (weights, 0.05f);
  class->set_weights (layer.convolution, weight, layer.dbias);
  g_aligned_free (weight);
  return layer;
}

static void
layer_clear (Layer *layer) {
  layer->convolution->class->free (layer->convolution);
  g_aligned_free (layer->x.data);
  g_aligned_free (layer->y.data);
  g_aligned_free (layer->dx.data);
  g_aligned_free (layer->dy.data);
  g_aligned_free (layer->scratch);
  g_free (layer->dweight);
  g_free (layer->dbias);
}

static double
measure (Layer *layer, Pass pass) {
  const RunetConvolutionClass *class = layer->convolution->class;
  gint64 start = g_get_monotonic_time ();
  const gboolean overwrite = FALSE;
  const RunetConvolutionOutputs outputs = {.y = layer->y};
  if (pass == FORWARD)
    class->forward (layer->convolution, layer->pool, &layer->x, &outputs,
                    layer->scratch);
  else
    class->backward (layer->convolution, layer->pool, &layer->x, &layer->y, &layer->dy,
                     pass == ALL_GRADIENTS ? &layer->dx : NULL, &overwrite,
                     layer->dweight, layer->dbias, layer->scratch);
  return (double)(g_get_monotonic_time () - start) * 1e-3;
}

static int
compare (const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

/* The layer's memory has been used by nobody else since the last run; in a network it has. */
static double
measure_median (Layer *layer, Pass pass, int runs) {
  g_autofree double *ms = g_new (double, runs);
  measure (layer, pass);
  for (int i = 0; i < runs; i++)
    ms[i] = measure (layer, pass);
  qsort (ms, (size_t)runs, sizeof *ms, compare);
  return ms[runs / 2];
}

int
main (int argc, char *argv[]) {
  gsize batch = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 1;
  g_autoptr (RunetPool) pool = runet_pool_new (argc > 2 ? (guint)atoi (argv[2]) : 0);
  int runs = argc > 3 ? atoi (argv[3]) : 15;
  double total[PASSES] = {0};

  openblas_set_num_threads (1);
  printf ("%-12s %-13s | forward ms, GFLOP/s | weight gradient | + input gradient\n",
          "layer", "algorithm");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    double gflop = 2e-9 * (double)(batch * row->size * row->size * row->in_channels *
                                   row->out_channels * row->kernel * row->kernel);
    Layer layer = layer_new (row, batch, pool);
    printf ("%-12s %-13s |", row->name, layer.convolution->class->algorithm);
    for (Pass pass = FORWARD; pass < PASSES; pass++) {
      double ms = measure_median (&layer, pass, runs);
      total[pass] += ms;
      printf ("%9.3f %6.0f |", ms, gflop * (pass == ALL_GRADIENTS ? 2 : 1) / ms * 1e3);
    }
    printf ("\n");
    layer_clear (&layer);
  }
  printf ("sum: forward %.2f, weight gradients %.2f, all gradients %.2f ms; an image: "
          "%.2f, %.2f, %.2f\n",
          total[0], total[1], total[2], total[0] / (double)batch,
          total[1] / (double)batch, total[2] / (double)batch);
  return 0;
}
