/* Descriptors of cuDNN's backend. */
#include "backend.h"

/* What every map, filter and bias of a plan is aligned to: the arena's blocks are, cudaMalloc's are more so. */
#define ALIGNMENT 16

static void
destroy (gpointer descriptor) {
  cudnnBackendDestroyDescriptor (descriptor);
}

void
runet_backend_init (RunetBackend *self) {
  self->status = CUDNN_STATUS_SUCCESS;
  self->descriptors = g_ptr_array_new_with_free_func (destroy);
}

void
runet_backend_clear (RunetBackend *self) {
  g_clear_pointer (&self->descriptors, g_ptr_array_unref);
}

cudnnBackendDescriptor_t
runet_backend_add (RunetBackend *self, cudnnBackendDescriptorType_t type) {
  cudnnBackendDescriptor_t descriptor = NULL;
  if (self->status == CUDNN_STATUS_SUCCESS)
    self->status = cudnnBackendCreateDescriptor (type, &descriptor);
  if (self->status != CUDNN_STATUS_SUCCESS)
    return NULL;
  g_ptr_array_add (self->descriptors, descriptor);
  return descriptor;
}

void
runet_backend_set (RunetBackend *self,
                   cudnnBackendDescriptor_t descriptor,
                   cudnnBackendAttributeName_t name,
                   cudnnBackendAttributeType_t type,
                   gint64 count,
                   const void *values) {
  if (self->status == CUDNN_STATUS_SUCCESS)
    self->status = cudnnBackendSetAttribute (descriptor, name, type, count, values);
}

void
runet_backend_set_descriptor (RunetBackend *self,
                              cudnnBackendDescriptor_t descriptor,
                              cudnnBackendAttributeName_t name,
                              cudnnBackendDescriptor_t value) {
  runet_backend_set (self, descriptor, name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &value);
}

void
runet_backend_finalize (RunetBackend *self, cudnnBackendDescriptor_t descriptor) {
  if (self->status == CUDNN_STATUS_SUCCESS)
    self->status = cudnnBackendFinalize (descriptor);
}

cudnnBackendDescriptor_t
runet_backend_add_tensor (RunetBackend *self, const RunetBackendTensor *tensor) {
  cudnnBackendDescriptor_t d =
      runet_backend_add (self, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
  const gint64 dimensions[] = {tensor->n, tensor->c, tensor->h, tensor->w};
  const gint64 strides[] = {tensor->c * tensor->h * tensor->w, 1, tensor->c * tensor->w,
                            tensor->c};
  const gint64 alignment = ALIGNMENT;
  const bool is_virtual = tensor->is_virtual;
  runet_backend_set (self, d, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1,
                     &tensor->type);
  runet_backend_set (self, d, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4,
                     dimensions);
  runet_backend_set (self, d, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, strides);
  runet_backend_set (self, d, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1,
                     &tensor->id);
  runet_backend_set (self, d, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1,
                     &alignment);
  runet_backend_set (self, d, CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, 1,
                     &is_virtual);
  runet_backend_finalize (self, d);
  return d;
}

static cudnnBackendDescriptor_t
add_function (RunetBackend *self, cudnnPointwiseMode_t mode) {
  const cudnnDataType_t precision = CUDNN_DATA_FLOAT;
  cudnnBackendDescriptor_t d =
      runet_backend_add (self, CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
  runet_backend_set (self, d, CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, 1,
                     &mode);
  runet_backend_set (self, d, CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, 1,
                     &precision);
  runet_backend_finalize (self, d);
  return d;
}

cudnnBackendDescriptor_t
runet_backend_add_pointwise (RunetBackend *self,
                             cudnnBackendDescriptor_t x,
                             cudnnBackendDescriptor_t b,
                             cudnnBackendDescriptor_t y) {
  cudnnBackendDescriptor_t function =
      add_function (self, b != NULL ? CUDNN_POINTWISE_ADD : CUDNN_POINTWISE_RELU_FWD);
  cudnnBackendDescriptor_t d =
      runet_backend_add (self, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
  runet_backend_set_descriptor (self, d, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR,
                                function);
  runet_backend_set_descriptor (self, d, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, x);
  if (b != NULL)
    runet_backend_set_descriptor (self, d, CUDNN_ATTR_OPERATION_POINTWISE_BDESC, b);
  runet_backend_set_descriptor (self, d, CUDNN_ATTR_OPERATION_POINTWISE_YDESC, y);
  runet_backend_finalize (self, d);
  return d;
}

cudnnBackendDescriptor_t
runet_backend_add_convolution (RunetBackend *self, gint64 padding, gint64 stride) {
  const gint64 dimensions = 2, paddings[] = {padding, padding},
               strides[] = {stride, stride}, dilations[] = {1, 1};
  const cudnnDataType_t precision = CUDNN_DATA_FLOAT;
  const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  cudnnBackendDescriptor_t d =
      runet_backend_add (self, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, 1,
                     &dimensions);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1,
                     &precision);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_CONV_MODE,
                     CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, 2,
                     paddings);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, 2,
                     paddings);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, 2,
                     dilations);
  runet_backend_set (self, d, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64,
                     2, strides);
  runet_backend_finalize (self, d);
  return d;
}
