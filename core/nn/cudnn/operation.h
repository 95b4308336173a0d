/* A convolution, or one of its gradients, with what is done to its result on the way out: a graph of cuDNN's and how
 * it is carried out.
 *
 * x: N × H × W × I; w: O × K × K × I; y: N × H/S × W/S × O; channels padded to 16 bytes. K = 1, K = 3 with padding 1,
 * or K = 4 with padding 1 and stride S = 2, which is how the 3 × 3 convolution of an up-sampled map is done on the
 * small one: see RunetPacking. */
#pragma once

#include <cuda_runtime_api.h>
#include <cudnn.h>
#include <glib.h>

#include "kernels.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_OPERATION_FORWARD, /* y from x and w */
  RUNET_OPERATION_BACKWARD_DATA, /* x from y and w: the transposed convolution */
  RUNET_OPERATION_BACKWARD_FILTER, /* w from x and y */
  RUNET_OPERATION_POINTWISE, /* y from y: only what is done to a result */
} RunetOperationKind;

/* Compared as memory: no padding, nothing else than int32. */
typedef struct {
  gint32 kind; /* RunetOperationKind */
  gint32 n, h, w; /* of x */
  gint32 in_channels, out_channels, kernel;
  gint32 element; /* RunetElement */
  gint32 exact; /* without tensor cores */
  gint32 add, bias, relu; /* result = relu (result + z + bias), each where wanted */
} RunetOperationShape;

/* @a, @b: the operands in the order that RunetOperationKind names them; @b is %NULL for POINTWISE.
 * @z: as the result; @bias: one a channel of the result. */
typedef struct {
  const void *a, *b, *z, *bias;
  void *result, *workspace;
} RunetOperationArguments;

/* What plans are made for: a handle, or where there is no device the properties of one (tests do that). */
typedef struct {
  cudnnHandle_t handle; /* (nullable) */
  cudnnBackendDescriptor_t properties; /* (nullable): a DEVICEPROP descriptor */
  cudaStream_t stream; /* to measure on; read when there is a @handle */
} RunetOperationTarget;

typedef struct _RunetOperation RunetOperation;

/* Errors: %RUNET_ERROR_UNSUPPORTED when cuDNN has no way to do it, %RUNET_ERROR_MEMORY. */
RunetOperation *
runet_operation_new (const RunetOperationTarget *target,
                     const RunetOperationShape *shape,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_operation_free (RunetOperation *self);
gsize
runet_operation_get_workspace (const RunetOperation *self);
/* How many launches of cuDNN's it takes: 1 where all is fused. */
guint
runet_operation_count_steps (const RunetOperation *self);
/* On the stream that @handle has. */
gboolean
runet_operation_run (const RunetOperation *self,
                     cudnnHandle_t handle,
                     const RunetOperationArguments *arguments,
                     GError **error);

G_END_DECLS
