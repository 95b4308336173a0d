/* An operation as a graph of cuDNN's. */
#include "operation-private.h"

static cudnnDataType_t
get_type (const RunetOperationShape *shape) {
  static const cudnnDataType_t types[] = {CUDNN_DATA_FLOAT, CUDNN_DATA_HALF,
                                          CUDNN_DATA_BFLOAT16};
  return types[shape->element];
}

static gint32
get_stride (const RunetOperationShape *shape) {
  return shape->kernel == 4 ? 2 : 1;
}

static RunetBackendTensor
make_x (const RunetOperationShape *shape) {
  return (RunetBackendTensor){.n = shape->n,
                              .c = shape->in_channels,
                              .h = shape->h,
                              .w = shape->w,
                              .type = get_type (shape)};
}

static RunetBackendTensor
make_w (const RunetOperationShape *shape) {
  return (RunetBackendTensor){.n = shape->out_channels,
                              .c = shape->in_channels,
                              .h = shape->kernel,
                              .w = shape->kernel,
                              .type = get_type (shape)};
}

static RunetBackendTensor
make_y (const RunetOperationShape *shape) {
  return (RunetBackendTensor){.n = shape->n,
                              .c = shape->out_channels,
                              .h = shape->h / get_stride (shape),
                              .w = shape->w / get_stride (shape),
                              .type = get_type (shape)};
}

static void
get_tensors (const RunetOperationShape *shape,
             RunetBackendTensor *a,
             RunetBackendTensor *b,
             RunetBackendTensor *result) {
  const RunetBackendTensor x = make_x (shape), w = make_w (shape), y = make_y (shape);
  *a = *result = y;
  *b = w;
  switch ((RunetOperationKind)shape->kind) {
  case RUNET_OPERATION_FORWARD:
    *a = x;
    break;
  case RUNET_OPERATION_BACKWARD_DATA:
    *result = x;
    break;
  case RUNET_OPERATION_BACKWARD_FILTER:
    *a = x;
    *b = y;
    *result = w;
    break;
  case RUNET_OPERATION_POINTWISE:
    break;
  }
  a->id = RUNET_TENSOR_A;
  b->id = RUNET_TENSOR_B;
  result->id = RUNET_TENSOR_RESULT;
}

static gsize
count (const RunetBackendTensor *tensor) {
  const gsize bytes = tensor->type == CUDNN_DATA_FLOAT ? 4 : 2;
  return bytes * (gsize)tensor->n * (gsize)tensor->c * (gsize)tensor->h *
         (gsize)tensor->w;
}

RunetOperationBytes
runet_operation_count_bytes (const RunetOperationShape *shape) {
  RunetBackendTensor a, b, result;
  get_tensors (shape, &a, &b, &result);
  return (RunetOperationBytes){count (&a), count (&b), count (&result),
                               runet_element_size ((RunetElement)shape->element) *
                                   (gsize)result.c};
}

/* The convolution itself, from tensors @a and @b to @result. */
static cudnnBackendDescriptor_t
add_convolution (RunetBackend *backend,
                 const RunetOperationShape *shape,
                 cudnnBackendDescriptor_t a,
                 cudnnBackendDescriptor_t b,
                 cudnnBackendDescriptor_t result) {
  /* Type, descriptor of the convolution, a, b, result, alpha, beta. */
  static const struct {
    cudnnBackendDescriptorType_t type;
    cudnnBackendAttributeName_t convolution, a, b, result, alpha, beta;
  } names[] = {
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
       CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
       CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA},
  };
  const float alpha = 1, beta = 0;
  cudnnBackendDescriptor_t convolution = runet_backend_add_convolution (
      backend, shape->kernel > 1 ? 1 : 0, get_stride (shape));
  cudnnBackendDescriptor_t d = runet_backend_add (backend, names[shape->kind].type);
  runet_backend_set_descriptor (backend, d, names[shape->kind].convolution,
                                convolution);
  runet_backend_set_descriptor (backend, d, names[shape->kind].a, a);
  runet_backend_set_descriptor (backend, d, names[shape->kind].b, b);
  runet_backend_set_descriptor (backend, d, names[shape->kind].result, result);
  runet_backend_set (backend, d, names[shape->kind].alpha, CUDNN_TYPE_FLOAT, 1, &alpha);
  runet_backend_set (backend, d, names[shape->kind].beta, CUDNN_TYPE_FLOAT, 1, &beta);
  runet_backend_finalize (backend, d);
  return d;
}

/* What is made so far of a graph. */
typedef struct {
  RunetBackend *backend;
  RunetBackendTensor result; /* the last tensor of all */
  gint32 left; /* pointwise operations still to come */
  gint64 next; /* name of the next tensor between two operations */
  cudnnBackendDescriptor_t operations[4];
  guint count;
} Chain;

/* Where the next operation of the chain writes. */
static cudnnBackendDescriptor_t
add_target (Chain *chain) {
  RunetBackendTensor tensor = chain->result;
  if (chain->left > 0) {
    tensor.id = chain->next++;
    tensor.type = CUDNN_DATA_FLOAT;
    tensor.is_virtual = TRUE;
  }
  return runet_backend_add_tensor (chain->backend, &tensor);
}

/* Appends y = x + b or a ReLU, and returns y. */
static cudnnBackendDescriptor_t
append_pointwise (Chain *chain,
                  cudnnBackendDescriptor_t x,
                  cudnnBackendDescriptor_t b) {
  chain->left--;
  cudnnBackendDescriptor_t y = add_target (chain);
  chain->operations[chain->count++] =
      runet_backend_add_pointwise (chain->backend, x, b, y);
  return y;
}

static void
append_epilogue (Chain *chain,
                 const RunetOperationShape *shape,
                 cudnnBackendDescriptor_t x) {
  if (shape->add) {
    RunetBackendTensor z = chain->result;
    z.id = RUNET_TENSOR_Z;
    x = append_pointwise (chain, x, runet_backend_add_tensor (chain->backend, &z));
  }
  if (shape->bias) {
    const RunetBackendTensor bias = {.id = RUNET_TENSOR_BIAS,
                                     .n = 1,
                                     .c = chain->result.c,
                                     .h = 1,
                                     .w = 1,
                                     .type = get_type (shape)};
    x = append_pointwise (chain, x, runet_backend_add_tensor (chain->backend, &bias));
  }
  if (shape->relu)
    append_pointwise (chain, x, NULL);
}

cudnnBackendDescriptor_t
runet_operation_describe (RunetBackend *backend,
                          const RunetOperationTarget *target,
                          const RunetOperationShape *shape) {
  RunetBackendTensor a, b, result;
  get_tensors (shape, &a, &b, &result);
  Chain chain = {.backend = backend,
                 .result = result,
                 .left = shape->add + shape->bias + shape->relu,
                 .next = RUNET_TENSOR_VIRTUAL};
  cudnnBackendDescriptor_t x = runet_backend_add_tensor (backend, &a);
  if (shape->kind != RUNET_OPERATION_POINTWISE) {
    cudnnBackendDescriptor_t w = runet_backend_add_tensor (backend, &b);
    cudnnBackendDescriptor_t y = add_target (&chain);
    chain.operations[chain.count++] = add_convolution (backend, shape, x, w, y);
    x = y;
  }
  append_epilogue (&chain, shape, x);

  cudnnBackendDescriptor_t graph =
      runet_backend_add (backend, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  runet_backend_set (backend, graph, CUDNN_ATTR_OPERATIONGRAPH_OPS,
                     CUDNN_TYPE_BACKEND_DESCRIPTOR, chain.count, chain.operations);
  if (target->handle != NULL)
    runet_backend_set (backend, graph, CUDNN_ATTR_OPERATIONGRAPH_HANDLE,
                       CUDNN_TYPE_HANDLE, 1, &target->handle);
  runet_backend_finalize (backend, graph);
  return graph;
}
