/* Max-pool, up-sampling and copies on a device, against those of core/nn/operations.h. */
#include "core/nn/operations.h"
#include "device-map.h"

typedef struct {
  gsize n, h, w, c, stride;
} Shape;

/* Of the smaller map. */
static const Shape shapes[] = {
    {1, 5, 7, 1, 1},     {2, 3, 4, 4, 8},   {1, 3, 5, 5, 8},
    {2, 2, 3, 16, 16},   {1, 3, 3, 28, 32}, {2, 2, 2, 112, 112},
    {1, 1, 3, 300, 304}, {1, 3, 3, 5, 5},   {1, 2, 2, 14, 24},
};

typedef struct {
  RunetPool *pool;
  GRand *random;
  RunetElement element;
  const Shape *shape;
} Run;

static DeviceMap
make_small (const Run *run) {
  const Shape *s = run->shape;
  return device_map_new (run->element, s->n, s->h, s->w, s->c, s->stride);
}

static DeviceMap
make_large (const Run *run) {
  const Shape *s = run->shape;
  return device_map_new (run->element, s->n, 2 * s->h, 2 * s->w, s->c, s->stride);
}

/* A gradient that is added to, when @add, with what is there before. */
static void
prepare (const Run *run, DeviceMap *dx, int add) {
  if (add)
    device_map_fill (dx, run->random, -1, 1);
}

static void
check (DeviceMap *map) {
  device_map_check (map, device_tolerance (map->map.element));
  device_map_free (map);
}

static void
test_max_pool_forward (const Run *run, int add) {
  DeviceMap x = make_large (run), y = make_small (run);
  device_map_fill (&x, run->random, -1, 1);
  runet_max_pool_forward (run->pool, &x.host, &y.host);
  runet_cuda_max_pool_forward (NULL, &x.map, &y.map);
  check (&y);
  device_map_free (&x);
}

static void
test_max_pool_backward (const Run *run, int add) {
  DeviceMap x = make_large (run), y = make_small (run);
  DeviceMap dy = make_small (run), dx = make_large (run);
  /* Few values, so that some of four are equal. */
  device_map_fill (&x, run->random, -0.05, 0.05);
  device_map_fill (&dy, run->random, -1, 1);
  prepare (run, &dx, add);
  runet_max_pool_forward (run->pool, &x.host, &y.host);
  device_map_upload (&y);
  runet_max_pool_backward (run->pool, &x.host, &y.host, &dy.host, &dx.host, add);
  runet_cuda_max_pool_backward (NULL, &x.map, &y.map, &dy.map, &dx.map, add);
  check (&dx);
  device_map_free (&x);
  device_map_free (&y);
  device_map_free (&dy);
}

static void
test_upsample_forward (const Run *run, int add) {
  DeviceMap x = make_small (run), y = make_large (run);
  device_map_fill (&x, run->random, -1, 1);
  runet_upsample_forward (run->pool, &x.host, &y.host);
  runet_cuda_upsample_forward (NULL, &x.map, &y.map);
  check (&y);
  device_map_free (&x);
}

static void
test_upsample_backward (const Run *run, int add) {
  DeviceMap dy = make_large (run), dx = make_small (run);
  device_map_fill (&dy, run->random, -1, 1);
  prepare (run, &dx, add);
  runet_upsample_backward (run->pool, &dy.host, &dx.host, add);
  runet_cuda_upsample_backward (NULL, &dy.map, &dx.map, add);
  check (&dx);
  device_map_free (&dy);
}

/* To each of the element types. */
static void
test_copy (const Run *run, int add) {
  for (RunetElement to = 0; to < DEVICE_ELEMENTS; to++) {
    Run other = *run;
    other.element = to;
    DeviceMap x = make_small (run), y = make_small (&other);
    device_map_fill (&x, run->random, -1, 1);
    prepare (run, &y, add);
    runet_copy (run->pool, &x.host, &y.host, add);
    runet_cuda_copy (NULL, &x.map, &y.map, add);
    check (&y);
    device_map_free (&x);
  }
}

/* An image of one channel and then a map behind it, in one; and the gradient of each. */
static void
test_concatenation (const Run *run, int add) {
  const Shape *s = run->shape;
  const gsize lanes = 16 / runet_element_size (run->element);
  const gsize stride = (s->c + 1 + lanes - 1) / lanes * lanes;
  DeviceMap image = device_map_new (RUNET_ELEMENT_F32, s->n, s->h, s->w, 1, 1);
  DeviceMap x = make_small (run), dx = make_small (run);
  DeviceMap y = device_map_new (run->element, s->n, s->h, s->w, s->c + 1, stride);
  RunetTensor host = y.host;
  RunetMap part = y.map;
  device_map_fill (&image, run->random, -1, 1);
  device_map_fill (&x, run->random, -1, 1);
  runet_copy (run->pool, &image.host, &host, FALSE);
  runet_cuda_copy (NULL, &image.map, &y.map, FALSE);
  host.data++;
  host.c = part.c = s->c;
  part.data = (guint8 *)part.data + runet_element_size (run->element);
  runet_copy (run->pool, &x.host, &host, FALSE);
  runet_cuda_copy (NULL, &x.map, &part, FALSE);
  prepare (run, &dx, add);
  runet_copy (run->pool, &host, &dx.host, add);
  runet_cuda_copy (NULL, &part, &dx.map, add);
  check (&dx);
  check (&y);
  device_map_free (&image);
  device_map_free (&x);
}

static const struct {
  const char *name;
  void (*func) (const Run *run, int add);
} operations[] = {
    {"max-pool/forward", test_max_pool_forward},
    {"max-pool/backward", test_max_pool_backward},
    {"upsample/forward", test_upsample_forward},
    {"upsample/backward", test_upsample_backward},
    {"copy", test_copy},
    {"concatenation", test_concatenation},
};

static void
test_operation (gconstpointer data) {
  const gsize operation = GPOINTER_TO_SIZE (data) / DEVICE_ELEMENTS;
  g_autoptr (RunetPool) pool = runet_pool_new (1);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  Run run = {pool, random, GPOINTER_TO_SIZE (data) % DEVICE_ELEMENTS, NULL};
  if (!device_is_there ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (int add = 0; add < 2; add++) {
      run.shape = &shapes[i];
      operations[operation].func (&run, add);
    }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    device_add_tests (operations[i].name, i, test_operation);
  return g_test_run ();
}
