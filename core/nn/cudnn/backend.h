/* Descriptors of cuDNN's backend: made, filled and kept together, so that one look at the end tells whether all went
 * well. */
#pragma once

#include <cudnn.h>
#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct {
  cudnnStatus_t
      status; /* of the first call that failed; what follows it does nothing */
  GPtrArray *descriptors;
} RunetBackend;

void
runet_backend_init (RunetBackend *self);
void
runet_backend_clear (RunetBackend *self);

/* Belongs to @self. */
cudnnBackendDescriptor_t
runet_backend_add (RunetBackend *self, cudnnBackendDescriptorType_t type);
void
runet_backend_set (RunetBackend *self,
                   cudnnBackendDescriptor_t descriptor,
                   cudnnBackendAttributeName_t name,
                   cudnnBackendAttributeType_t type,
                   gint64 count,
                   const void *values);
void
runet_backend_set_descriptor (RunetBackend *self,
                              cudnnBackendDescriptor_t descriptor,
                              cudnnBackendAttributeName_t name,
                              cudnnBackendDescriptor_t value);
void
runet_backend_finalize (RunetBackend *self, cudnnBackendDescriptor_t descriptor);

/* How a tensor lies: N × H × W × C, or O × K × K × I; @alignment in bytes. */
typedef struct {
  gint64 id;
  gint64 n, c, h, w;
  cudnnDataType_t type;
  gboolean is_virtual; /* between two operations of a graph, never in memory */
} RunetBackendTensor;

cudnnBackendDescriptor_t
runet_backend_add_tensor (RunetBackend *self, const RunetBackendTensor *tensor);
/* y = x + b, or y = max (x, 0) when @b is %NULL. */
cudnnBackendDescriptor_t
runet_backend_add_pointwise (RunetBackend *self,
                             cudnnBackendDescriptor_t x,
                             cudnnBackendDescriptor_t b,
                             cudnnBackendDescriptor_t y);
/* Of two dimensions, sums in float32. */
cudnnBackendDescriptor_t
runet_backend_add_convolution (RunetBackend *self, gint64 padding, gint64 stride);

G_END_DECLS
