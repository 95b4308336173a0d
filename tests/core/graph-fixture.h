/* One operation graph of cuDNN's: a convolution or one of its gradients, alone or with relu (result + bias) after it. */
#pragma once

#include <cuda_runtime_api.h>
#include <cudnn.h>
#include <glib.h>
#include <string.h>

#include "core/nn/cudnn/backend.h"

enum { A = 1, B, RESULT, BIAS, SUM, BIASED };
enum { FORWARD, DATA, FILTER };

typedef struct {
  const char *name;
  int kind;
  gint64 n, h, w, in, out, kernel, padding, stride, dilation;
  gboolean planes; /* x and y channel by channel */
} Case;

typedef struct {
  gint64 n, c, h, w;
  gboolean planes;
} Map;

static gsize
count (Map m) {
  return (gsize)(m.n * m.c * m.h * m.w);
}

static gsize
place (Map m, gint64 n, gint64 c, gint64 y, gint64 x) {
  return (gsize)(m.planes ? ((n * m.c + c) * m.h + y) * m.w + x
                          : ((n * m.h + y) * m.w + x) * m.c + c);
}

static gint64
count_out (const Case *test, gint64 in) {
  return (in + 2 * test->padding - test->dilation * (test->kernel - 1) - 1) /
             test->stride +
         1;
}

static Map
get_x (const Case *t) {
  return (Map){t->n, t->in, t->h, t->w, t->planes};
}

static Map
get_w (const Case *t) {
  return (Map){t->out, t->in, t->kernel, t->kernel, FALSE};
}

static Map
get_y (const Case *t) {
  return (Map){t->n, t->out, count_out (t, t->h), count_out (t, t->w), t->planes};
}

/* ---------------------------------------------------------------- descriptors */

static cudnnBackendDescriptor_t
add_tensor (RunetBackend *backend,
            gint64 id,
            Map m,
            cudnnDataType_t type,
            gboolean virtual) {
  const gint64 dimensions[] = {m.n, m.c, m.h, m.w}, alignment = 4;
  const gint64 packed[] = {m.c * m.h * m.w, 1, m.c * m.w, m.c};
  const gint64 planes[] = {m.c * m.h * m.w, m.h * m.w, m.w, 1};
  const bool is_virtual = virtual;
  cudnnBackendDescriptor_t d =
      runet_backend_add (backend, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
  runet_backend_set (backend, d, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1,
                     &type);
  runet_backend_set (backend, d, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4,
                     dimensions);
  runet_backend_set (backend, d, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4,
                     m.planes ? planes : packed);
  runet_backend_set (backend, d, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &id);
  runet_backend_set (backend, d, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1,
                     &alignment);
  runet_backend_set (backend, d, CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, 1,
                     &is_virtual);
  runet_backend_finalize (backend, d);
  return d;
}

static cudnnBackendDescriptor_t
add_convolution (RunetBackend *backend, const Case *t) {
  const gint64 dimensions = 2, padding[] = {t->padding, t->padding};
  const gint64 stride[] = {t->stride, t->stride};
  const gint64 dilation[] = {t->dilation, t->dilation};
  const cudnnDataType_t type = CUDNN_DATA_FLOAT;
  const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  cudnnBackendDescriptor_t d =
      runet_backend_add (backend, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64,
                     1, &dimensions);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE,
                     1, &type);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_CONV_MODE,
                     CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64,
                     2, padding);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64,
                     2, padding);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, 2,
                     dilation);
  runet_backend_set (backend, d, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES,
                     CUDNN_TYPE_INT64, 2, stride);
  runet_backend_finalize (backend, d);
  return d;
}

static cudnnBackendDescriptor_t
add_operation (RunetBackend *backend,
               const Case *t,
               cudnnBackendDescriptor_t a,
               cudnnBackendDescriptor_t b,
               cudnnBackendDescriptor_t result) {
  static const struct {
    cudnnBackendDescriptorType_t type;
    cudnnBackendAttributeName_t convolution, a, b, result;
  } names[] = {
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW},
  };
  cudnnBackendDescriptor_t convolution = add_convolution (backend, t);
  cudnnBackendDescriptor_t d = runet_backend_add (backend, names[t->kind].type);
  runet_backend_set_descriptor (backend, d, names[t->kind].convolution, convolution);
  runet_backend_set_descriptor (backend, d, names[t->kind].a, a);
  runet_backend_set_descriptor (backend, d, names[t->kind].b, b);
  runet_backend_set_descriptor (backend, d, names[t->kind].result, result);
  runet_backend_finalize (backend, d);
  return d;
}

static void
get_maps (const Case *t, Map *a, Map *b, Map *result) {
  *a = t->kind == DATA ? get_y (t) : get_x (t);
  *b = t->kind == FILTER ? get_y (t) : get_w (t);
  *result = t->kind == FORWARD ? get_y (t) : t->kind == DATA ? get_x (t) : get_w (t);
}

/* The convolution, and when @type is not float relu (result + bias) after it. */
static cudnnBackendDescriptor_t
add_graph (RunetBackend *backend,
           const Case *t,
           cudnnDataType_t type,
           gboolean epilogue) {
  Map a, b, result;
  get_maps (t, &a, &b, &result);
  const Map bias = {1, result.c, 1, 1, FALSE};
  cudnnBackendDescriptor_t to = add_tensor (backend, RESULT, result, type, FALSE);
  cudnnBackendDescriptor_t sum =
      epilogue ? add_tensor (backend, SUM, result, CUDNN_DATA_FLOAT, TRUE) : to;
  cudnnBackendDescriptor_t operations[3];
  operations[0] = add_operation (backend, t, add_tensor (backend, A, a, type, FALSE),
                                 add_tensor (backend, B, b, type, FALSE), sum);
  if (epilogue) {
    cudnnBackendDescriptor_t biased =
        add_tensor (backend, BIASED, result, CUDNN_DATA_FLOAT, TRUE);
    operations[1] = runet_backend_add_pointwise (
        backend, sum, add_tensor (backend, BIAS, bias, type, FALSE), biased);
    operations[2] = runet_backend_add_pointwise (backend, biased, NULL, to);
  }
  cudnnBackendDescriptor_t graph =
      runet_backend_add (backend, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  runet_backend_set (backend, graph, CUDNN_ATTR_OPERATIONGRAPH_OPS,
                     CUDNN_TYPE_BACKEND_DESCRIPTOR, epilogue ? 3 : 1, operations);
  runet_backend_finalize (backend, graph);
  return graph;
}

static gboolean
has_notes (cudnnBackendDescriptor_t config) {
  cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
  cudnnBackendDescriptor_t engine;
  gint64 found = 0;
  cudnnBackendCreateDescriptor (CUDNN_BACKEND_ENGINE_DESCRIPTOR, &engine);
  g_assert_cmpint (cudnnBackendGetAttribute (config, CUDNN_ATTR_ENGINECFG_ENGINE,
                                             CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &found,
                                             &engine),
                   ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (cudnnBackendGetAttribute (engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                             CUDNN_TYPE_NUMERICAL_NOTE,
                                             G_N_ELEMENTS (notes), &found, notes),
                   ==, CUDNN_STATUS_SUCCESS);
  cudnnBackendDestroyDescriptor (engine);
  return found > 0;
}

/* The last proposal without notes; the first cannot be finalized. */
static cudnnBackendDescriptor_t
add_plan (RunetBackend *backend, cudnnHandle_t handle, cudnnBackendDescriptor_t graph) {
  const cudnnBackendHeurMode_t mode = CUDNN_HEUR_MODE_A;
  cudnnBackendDescriptor_t configs[8], chosen = NULL;
  gint64 found = 0;
  guint refused = 0;
  cudnnBackendDescriptor_t heuristic =
      runet_backend_add (backend, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  runet_backend_set_descriptor (backend, heuristic,
                                CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
  runet_backend_set (backend, heuristic, CUDNN_ATTR_ENGINEHEUR_MODE,
                     CUDNN_TYPE_HEUR_MODE, 1, &mode);
  runet_backend_finalize (backend, heuristic);
  for (guint k = 0; k < G_N_ELEMENTS (configs); k++)
    configs[k] = runet_backend_add (backend, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  g_assert_cmpint (cudnnBackendGetAttribute (heuristic, CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                             CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                             G_N_ELEMENTS (configs), &found, configs),
                   ==, CUDNN_STATUS_SUCCESS);
  g_assert_cmpint (found, >=, 2);
  for (gint64 k = 0; k < found; k++) {
    cudnnBackendDescriptor_t plan =
        runet_backend_add (backend, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    runet_backend_set_descriptor (backend, plan,
                                  CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configs[k]);
    runet_backend_set (backend, plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE,
                       CUDNN_TYPE_HANDLE, 1, &handle);
    if (cudnnBackendFinalize (plan) != CUDNN_STATUS_SUCCESS)
      refused++;
    else if (!has_notes (configs[k]))
      chosen = plan;
  }
  g_assert_cmpuint (refused, ==, 1);
  g_assert_nonnull (chosen);
  return chosen;
}

/* ---------------------------------------------------------------- running */

typedef struct {
  RunetBackend backend;
  cudnnHandle_t handle;
  cudnnBackendDescriptor_t plan;
  char *pointers[4], *workspace; /* a, b, result, bias; of the device */
  gint64 workspace_bytes;
} Run;

static void
run_begin (Run *run, const Case *t, cudnnDataType_t type, gboolean epilogue) {
  gint64 found;
  runet_backend_init (&run->backend);
  g_assert_cmpint (cudnnCreate (&run->handle), ==, CUDNN_STATUS_SUCCESS);
  cudnnBackendDescriptor_t graph = add_graph (&run->backend, t, type, epilogue);
  g_assert_cmpint (run->backend.status, ==, CUDNN_STATUS_SUCCESS);
  run->plan = add_plan (&run->backend, run->handle, graph);
  cudnnBackendGetAttribute (run->plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                            CUDNN_TYPE_INT64, 1, &found, &run->workspace_bytes);
  g_assert_cmpint (run->workspace_bytes, >, 0);
  cudaMalloc ((void **)&run->workspace, (gsize)run->workspace_bytes);
  memset (run->pointers, 0, sizeof run->pointers);
}

static void
run_put (Run *run, guint k, const void *values, gsize bytes) {
  g_assert_cmpint (cudaMalloc ((void **)&run->pointers[k], bytes), ==, cudaSuccess);
  if (values != NULL)
    cudaMemcpy (run->pointers[k], values, bytes, cudaMemcpyHostToDevice);
}

static cudnnStatus_t
run_execute (Run *run, const void *workspace) {
  const gint64 ids[] = {A, B, RESULT, BIAS};
  const gint64 used = run->pointers[3] != NULL ? 4 : 3;
  cudnnBackendDescriptor_t pack =
      runet_backend_add (&run->backend, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  runet_backend_set (&run->backend, pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS,
                     CUDNN_TYPE_INT64, used, ids);
  runet_backend_set (&run->backend, pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS,
                     CUDNN_TYPE_VOID_PTR, used, run->pointers);
  runet_backend_set (&run->backend, pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE,
                     CUDNN_TYPE_VOID_PTR, 1, &workspace);
  runet_backend_finalize (&run->backend, pack);
  g_assert_cmpint (run->backend.status, ==, CUDNN_STATUS_SUCCESS);
  return cudnnBackendExecute (run->handle, run->plan, pack);
}

static void
run_end (Run *run) {
  for (guint k = 0; k < G_N_ELEMENTS (run->pointers); k++)
    cudaFree (run->pointers[k]);
  cudaFree (run->workspace);
  runet_backend_clear (&run->backend);
  cudnnDestroy (run->handle);
}
