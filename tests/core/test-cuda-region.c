/* What is between two stages, on a device: the region of interest, and the operations that look at one pixel, against
 * those of core/nn/operations.h. */
#include "core/nn/operations.h"
#include "device-map.h"

typedef struct {
  gsize n, h, w;
} Shape;

/* The last are longer than what a block does in one go. */
static const Shape shapes[] = {{1, 1, 1},  {2, 5, 7},   {3, 33, 20},
                               {1, 70, 3}, {1, 3, 700}, {1, 300, 9}};
/* Even and odd, larger than the maps, and the largest that a model file may ask for. */
static const gint32 sizes[] = {1, 2, 5, 11, 30, 600, 65535};

typedef struct {
  RunetPool *pool;
  GRand *random;
  const Shape *shape;
  RunetNodeValues *values; /* on the device */
  RunetElement element;
} Run;

static DeviceMap
make_map (const Run *run, RunetElement element, gsize c, gsize stride) {
  return device_map_new (element, run->shape->n, run->shape->h, run->shape->w, c,
                         stride);
}

static void
set_values (const Run *run, float slope, float shift, gint32 size) {
  const RunetNodeValues values = {slope, shift, size};
  device_wait ();
  g_assert_cmpint (
      cudaMemcpy (run->values, &values, sizeof values, cudaMemcpyHostToDevice), ==,
      cudaSuccess);
}

static float *
make_scratch (const Run *run, float **device) {
  const Shape *s = run->shape;
  *device = device_allocate (s->n * s->h * s->w * sizeof (float));
  return g_aligned_alloc (runet_box_scratch_floats (s->n, s->h, s->w), sizeof (float),
                          64);
}

static void
check (DeviceMap *map) {
  device_map_check (map, device_tolerance (map->map.element));
  device_map_free (map);
}

/* ---------------------------------------------------------------- box */

static void
test_box_size (const Run *run, gint32 size, int backward, int add) {
  DeviceMap x = make_map (run, RUNET_ELEMENT_F32, 1, 1);
  DeviceMap y = make_map (run, RUNET_ELEMENT_F32, 1, backward ? 3 : 1);
  float *device, *scratch = make_scratch (run, &device);
  set_values (run, 0, 0, size);
  device_map_fill (&x, run->random, 0, 1);
  if (add)
    device_map_fill (&y, run->random, -1, 1);
  if (backward) {
    runet_box_backward (run->pool, &x.host, &y.host, (guint)size, add, scratch);
    runet_cuda_box_backward (NULL, &x.map, run->values, &y.map, add, device);
  } else {
    runet_box_forward (run->pool, &x.host, &y.host, (guint)size, scratch);
    runet_cuda_box_forward (NULL, &x.map, run->values, &y.map, device);
  }
  check (&y);
  device_map_free (&x);
  g_aligned_free (scratch);
  cudaFree (device);
}

static void
test_box_forward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    test_box_size (run, sizes[i], FALSE, FALSE);
}

static void
test_box_backward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    test_box_size (run, sizes[i], TRUE, add);
}

/* A small part of the map is foreground, so that the region is one. */
static void
fill_foreground (DeviceMap *map) {
  const gsize w = map->host.w, h = map->host.h;
  for (gsize i = 0; i < device_map_count_pixels (map); i++) {
    const gsize row = i / w % h, column = i % w;
    map->host.data[i] = row > h / 3 && row < h / 2 && column > w / 3 && column < w / 2;
  }
  device_map_upload (map);
}

static void
test_region_size (const Run *run, gint32 size) {
  const RunetNodeValues sigmoid = {.slope = 100, .shift = 0.01f};
  RunetNodeValues *device_sigmoid = device_upload (&sigmoid, sizeof sigmoid);
  DeviceMap s = make_map (run, RUNET_ELEMENT_F32, 1, 1);
  DeviceMap image = make_map (run, RUNET_ELEMENT_F32, 1, 1);
  DeviceMap m = make_map (run, RUNET_ELEMENT_F32, 1, 1);
  DeviceMap y = make_map (run, RUNET_ELEMENT_F32, 1, 1);
  float *device, *scratch = make_scratch (run, &device);
  set_values (run, 0, 0, size);
  fill_foreground (&s);
  device_map_fill (&image, run->random, 0, 1);
  runet_region_forward (run->pool, &s.host, &image.host, &m.host, &y.host, (guint)size,
                        sigmoid.slope, sigmoid.shift, scratch);
  runet_cuda_region_forward (NULL, &s.map, &image.map, run->values, device_sigmoid,
                             &m.map, &y.map, device);
  device_map_check (&m, 2e-5f);
  device_map_check (&y, 2e-5f);
  DeviceMap *const maps[] = {&s, &image, &m, &y};
  for (gsize i = 0; i < G_N_ELEMENTS (maps); i++)
    device_map_free (maps[i]);
  g_aligned_free (scratch);
  cudaFree (device);
  cudaFree (device_sigmoid);
}

static void
test_region (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    test_region_size (run, sizes[i]);
}

/* ---------------------------------------------------------------- one pixel at a time */

static const gsize channels[][2] = {{1, 1}, {4, 4}, {4, 8}, {3, 5}, {16, 16}};

static void
test_softmax_forward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++) {
    DeviceMap x = make_map (run, run->element, channels[i][0], channels[i][1]);
    DeviceMap y = make_map (run, run->element, channels[i][0], channels[i][1]);
    device_map_fill (&x, run->random, -4, 4);
    /* As far from each other as float16 allows. */
    x.host.data[0] = 60000;
    x.host.data[x.host.c - 1] = -60000;
    device_map_upload (&x);
    runet_softmax_forward (run->pool, &x.host, &y.host);
    runet_cuda_softmax_forward (NULL, &x.map, &y.map);
    check (&y);
    device_map_free (&x);
  }
}

static void
test_softmax_backward (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++) {
    DeviceMap y = make_map (run, run->element, channels[i][0], channels[i][1]);
    DeviceMap dy = make_map (run, RUNET_ELEMENT_F32, channels[i][0], channels[i][1]);
    DeviceMap dx = make_map (run, run->element, channels[i][0], channels[i][1]);
    device_map_fill (&y, run->random, 0, 1);
    device_map_fill (&dy, run->random, -1, 1);
    if (add)
      device_map_fill (&dx, run->random, -1, 1);
    runet_softmax_backward (run->pool, &y.host, &dy.host, &dx.host, add);
    runet_cuda_softmax_backward (NULL, &y.map, &dy.map, &dx.map, add);
    check (&dx);
    device_map_free (&y);
    device_map_free (&dy);
  }
}

static void
test_foreground (const Run *run, int add) {
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++) {
    DeviceMap x = make_map (run, RUNET_ELEMENT_F32, channels[i][0], channels[i][1]);
    DeviceMap dx = make_map (run, run->element, channels[i][0], channels[i][1]);
    DeviceMap y = make_map (run, run->element, 1, 2),
              dy = make_map (run, run->element, 1, 1);
    device_map_fill (&x, run->random, 0, 1);
    device_map_fill (&dy, run->random, -1, 1);
    if (add)
      device_map_fill (&dx, run->random, -1, 1);
    runet_foreground_forward (run->pool, &x.host, &y.host);
    runet_cuda_foreground_forward (NULL, &x.map, &y.map);
    runet_foreground_backward (run->pool, &dy.host, &dx.host, add);
    runet_cuda_foreground_backward (NULL, &dy.map, &dx.map, add);
    check (&y);
    check (&dx);
    device_map_free (&x);
    device_map_free (&dy);
  }
}

static void
test_sigmoid (const Run *run, int add) {
  const float slope = 100, shift = 0.5f;
  set_values (run, slope, shift, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++) {
    DeviceMap x = make_map (run, run->element, channels[i][0], channels[i][1]);
    DeviceMap y = make_map (run, run->element, channels[i][0], channels[i][1]);
    DeviceMap dy = make_map (run, run->element, channels[i][0], channels[i][1]);
    DeviceMap dx = make_map (run, run->element, channels[i][0], channels[i][1]);
    device_map_fill (&x, run->random, 0.4, 0.6);
    x.host.data[0] = 60000;
    x.host.data[x.host.c - 1] = -60000;
    device_map_upload (&x);
    device_map_fill (&dy, run->random, -1, 1);
    if (add)
      device_map_fill (&dx, run->random, -1, 1);
    runet_sigmoid_forward (run->pool, &x.host, &y.host, slope, shift);
    runet_cuda_sigmoid_forward (NULL, &x.map, run->values, &y.map);
    device_map_check (&y, device_tolerance (run->element));
    device_map_upload (&y);
    runet_sigmoid_backward (run->pool, &y.host, &dy.host, &dx.host, slope, add);
    runet_cuda_sigmoid_backward (NULL, &y.map, &dy.map, run->values, &dx.map, add);
    check (&dx);
    device_map_free (&x);
    device_map_free (&y);
    device_map_free (&dy);
  }
}

static void
test_multiply (const Run *run, int add) {
  DeviceMap a = make_map (run, RUNET_ELEMENT_F32, 1, 1);
  DeviceMap b = make_map (run, run->element, 1, 8);
  DeviceMap y = make_map (run, run->element, 1, 16),
            dx = make_map (run, run->element, 1, 1);
  device_map_fill (&a, run->random, -1, 1);
  device_map_fill (&b, run->random, -1, 1);
  if (add)
    device_map_fill (&dx, run->random, -1, 1);
  runet_multiply_forward (run->pool, &a.host, &b.host, &y.host);
  runet_cuda_multiply_forward (NULL, &a.map, &b.map, &y.map);
  runet_multiply_backward (run->pool, &a.host, &b.host, &dx.host, add);
  runet_cuda_multiply_backward (NULL, &a.map, &b.map, &dx.map, add);
  check (&y);
  check (&dx);
  device_map_free (&a);
  device_map_free (&b);
}

/* ---------------------------------------------------------------- mixture */

typedef struct {
  DeviceMap x[3], dx[3], y, dy;
  float logits[3], dlogits[3];
} Mixture;

static Mixture
mixture_new (const Run *run, int add) {
  Mixture self = {.y = make_map (run, run->element, 1, 1),
                  .dy = make_map (run, run->element, 1, 1)};
  for (guint i = 0; i < 3; i++) {
    self.x[i] = make_map (run, run->element, 1, 1 + i);
    self.dx[i] = make_map (run, run->element, 1, 1);
    device_map_fill (&self.x[i], run->random, 0, 1);
    if (add)
      device_map_fill (&self.dx[i], run->random, 0, 1);
    self.logits[i] = (float)g_rand_double_range (run->random, -1, 1);
    self.dlogits[i] = (float)i;
  }
  device_map_fill (&self.dy, run->random, -1, 1);
  return self;
}

static void
mixture_check (Mixture *self) {
  device_map_check (&self->y, device_tolerance (self->y.map.element));
  for (guint i = 0; i < 3; i++) {
    if (self->dx[i].host.data != NULL)
      device_map_check (&self->dx[i], device_tolerance (self->y.map.element));
    device_map_free (&self->x[i]);
    device_map_free (&self->dx[i]);
  }
  device_map_free (&self->y);
  device_map_free (&self->dy);
}

/* The gradient of the second input is not wanted. */
static void
test_mix (const Run *run, int add) {
  Mixture mix = mixture_new (run, add);
  const RunetMap *x[] = {&mix.x[0].map, &mix.x[1].map, &mix.x[2].map};
  const RunetMap *dx[] = {&mix.dx[0].map, NULL, &mix.dx[2].map};
  const RunetTensor nothing = {0};
  const RunetTensor *hosts[] = {&mix.x[0].host, &mix.x[1].host, &mix.x[2].host};
  const RunetTensor *gradients[] = {&mix.dx[0].host, &nothing, &mix.dx[2].host};
  const gboolean adds[] = {add, add, add};
  const gsize floats = runet_mix_scratch_floats (run->shape->n, run->shape->h);
  float *scratch = g_aligned_alloc (floats, sizeof (float), 64);
  float *logits = device_upload (mix.logits, sizeof mix.logits);
  float *dlogits = device_upload (mix.dlogits, sizeof mix.dlogits);
  void *device = device_allocate (runet_cuda_mix_scratch (&mix.y.map));

  runet_mix_forward (run->pool, hosts, &mix.y.host, mix.logits);
  runet_mix_backward (run->pool, hosts, &mix.dy.host, gradients, adds, mix.logits,
                      mix.dlogits, scratch);
  runet_cuda_mix_forward (NULL, x, logits, &mix.y.map);
  runet_cuda_mix_backward (NULL, x, &mix.dy.map, dx, adds, logits, dlogits, device);
  device_check_floats (dlogits, mix.dlogits, 3, 1e-5f);
  /* Nobody has written there. */
  if (!add)
    for (gsize i = 0; i < device_map_count_pixels (&mix.dx[1]); i++)
      mix.dx[1].host.data[i] = DEVICE_MARK;
  mixture_check (&mix);
  g_aligned_free (scratch);
  cudaFree (logits);
  cudaFree (dlogits);
  cudaFree (device);
}

static const struct {
  const char *name;
  void (*func) (const Run *run, int add);
  gboolean elements; /* of all types; else of float32 */
} operations[] = {
    {"box/forward", test_box_forward, FALSE},
    {"box/backward", test_box_backward, FALSE},
    {"region", test_region, FALSE},
    {"softmax/forward", test_softmax_forward, TRUE},
    {"softmax/backward", test_softmax_backward, TRUE},
    {"foreground", test_foreground, TRUE},
    {"sigmoid", test_sigmoid, TRUE},
    {"multiply", test_multiply, TRUE},
    {"mix", test_mix, TRUE},
};

static void
test_operation (gconstpointer data) {
  const gsize operation = GPOINTER_TO_SIZE (data);
  const RunetElement last =
      operations[operation].elements ? RUNET_ELEMENT_BF16 : RUNET_ELEMENT_F32;
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  if (!device_is_there ())
    return;
  Run run = {.pool = pool, .random = random};
  run.values = device_allocate (sizeof (RunetNodeValues));
  for (run.element = 0; run.element <= last; run.element++)
    for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
      for (int add = 0; add < 2; add++) {
        run.shape = &shapes[i];
        operations[operation].func (&run, add);
      }
  cudaFree (run.values);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++) {
    g_autofree char *path = g_strdup_printf ("/cudnn/kernels/%s", operations[i].name);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_operation);
  }
  return g_test_run ();
}
