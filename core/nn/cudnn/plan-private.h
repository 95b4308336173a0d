/* A device plan from inside: shared by the files that lay it out, set it up and run it.
 *
 * Images, probabilities and what is made of them are float32 maps without padding. What lies between convolutions has
 * the precision's element type, and its channels padded to 16 bytes. */
#pragma once

#include "core/nn/plan-private.h"
#include "operation.h"
#include "plan-enqueue.h"
#include "replay.h"

G_BEGIN_DECLS

/* Who does a convolution. */
typedef enum {
  RUNET_WAY_CUDNN,
  RUNET_WAY_SINGLE, /* the kernel for one input channel */
  RUNET_WAY_HEAD, /* the kernel for the head and its softmax, which runs it */
} RunetDeviceWay;

/* One part of what a convolution reads: the parts' results are added up. */
typedef struct {
  RunetMap
      x; /* what is read: the source's value, or that brought into the form that cuDNN wants */
  gboolean converted; /* the latter */
  gboolean doubled; /* each of its pixels stands for 2 × 2 */
  gint32 first; /* of the convolution's input channels */
  void *weights, *weights_gradient; /* packed; the latter of plans for training */
  const RunetOperation *forward; /* all three belong to the device */
  const RunetOperation *backward_filter;
  const RunetOperation
      *backward_data; /* NULL when nothing is behind the source that learns */
} RunetDevicePart;

typedef struct {
  RunetMap y, dy; /* no data where the plan has none */
  RunetDeviceWay way; /* CONVOLUTION, as is all that follows */
  RunetDevicePart parts[RUNET_CONVOLUTION_PARTS];
  guint count;
  void *bias; /* packed */
} RunetDeviceNode;

/* What is used by one node after the other. */
typedef struct {
  void *workspace; /* cuDNN's */
  void *
      map; /* a convolution's first result, or a gradient on its way to where it is added */
  void *sums; /* of our kernels */
  gsize workspace_bytes, map_bytes, sums_bytes;
} RunetDeviceScratch;

/* Pinned memory of the host. */
typedef struct {
  float *input;
  RunetTensor *outputs, *regions, *gradients; /* one a stage; no data: not wanted */
  float *flat; /* parameters on their way up, gradients on their way down */
  RunetNodeValues *values; /* one a node */
} RunetDeviceHost;

struct _RunetDevicePlan {
  RunetDevice *device;
  const RunetPlan *plan;
  RunetPrecision precision;
  RunetElement element; /* between convolutions */
  RunetDeviceNode *nodes;
  cudaStream_t stream, copies; /* the second brings outputs to the host meanwhile */
  cudaEvent_t made, brought; /* an output; all outputs */

  char *arena; /* of the values and gradients */
  gsize arena_bytes;
  char *memory; /* of all else */
  gsize memory_bytes;
  char *pinned;
  gsize pinned_bytes;

  RunetDeviceFlat flat;
  gsize *offsets; /* of the parameters in @flat */
  GArray *packings; /* RunetPacking: weights, then biases */
  guint weight_packings; /* how many are weights */
  gsize largest_weights,
      largest; /* elements of the largest packing: of the weights, of all */
  RunetPacking *device_packings;
  RunetNodeValues *values; /* one a node */
  RunetDeviceScratch scratch;
  RunetDeviceHost host;
  RunetDeviceReplay forward, backward;
};

/* Channels with their padding. */
gsize
runet_device_plan_pad (const RunetDevicePlan *self, gsize channels);
/* Whether cuDNN reads and writes @map as it is. */
gboolean
runet_device_plan_is_native (const RunetDevicePlan *self, const RunetMap *map);
gsize
runet_device_plan_count_bytes (const RunetMap *map);
const RunetMap *
runet_device_plan_get_x (const RunetDevicePlan *self,
                         const RunetPlanNode *node,
                         guint slot);
/* (nullable): %NULL when nothing is behind the source that learns. */
const RunetMap *
runet_device_plan_get_dx (const RunetDevicePlan *self,
                          const RunetPlanNode *node,
                          guint slot);
/* Where parameter @index lies, and its gradient. */
float *
runet_device_plan_get_parameter (const RunetDevicePlan *self, int index);
float *
runet_device_plan_get_gradient (const RunetDevicePlan *self, int index);

/* plan-layout.c: the form of the values and gradients, and where they lie. Errors: %RUNET_ERROR_MEMORY,
 * %RUNET_ERROR_UNSUPPORTED. */
gboolean
runet_device_plan_shape (RunetDevicePlan *self, GError **error);
gboolean
runet_device_plan_lay_out (RunetDevicePlan *self, GError **error);
/* plan-operations.c: how each convolution is done. */
gboolean
runet_device_plan_choose (RunetDevicePlan *self, GError **error);
/* plan-memory.c: all other memory, of the device and of the host. */
gboolean
runet_device_plan_allocate (RunetDevicePlan *self, GError **error);

/* plan-convolution.c. */
gboolean
runet_device_plan_forward_convolution (const RunetDevicePlan *self,
                                       guint index,
                                       GError **error);
gboolean
runet_device_plan_backward_convolution (const RunetDevicePlan *self,
                                        guint index,
                                        GError **error);
/* plan-forward.c, plan-backward.c: one node. */
gboolean
runet_device_plan_forward_node (const RunetDevicePlan *self,
                                guint index,
                                GError **error);
gboolean
runet_device_plan_backward_node (const RunetDevicePlan *self,
                                 guint index,
                                 GError **error);
/* The same with all that is waited for on the way: @to_host: outputs and regions go to the host as they are made. */
gboolean
runet_device_plan_put_forward (RunetDevicePlan *self, gboolean to_host, GError **error);
gboolean
runet_device_plan_put_backward (RunetDevicePlan *self, GError **error);

/* plan-run.c: the functions of the class. */
gboolean
runet_device_plan_set_parameters (RunetDevicePlan *self,
                                  const float *const *parameters,
                                  GError **error);
gboolean
runet_device_plan_forward (RunetDevicePlan *self, GError **error);
gboolean
runet_device_plan_backward (RunetDevicePlan *self,
                            float *const *gradients,
                            GError **error);

/* plan-time.c. */
double
runet_device_plan_time_forward (RunetDevicePlan *self);
double
runet_device_plan_time_node (RunetDevicePlan *self, guint node, gboolean backward);

/* plan.c. */
RunetElement
runet_device_plan_choose_element (RunetPrecision precision);
RunetDevicePlan *
runet_device_plan_new (RunetDevice *device,
                       const RunetPlan *plan,
                       RunetPrecision precision,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_device_plan_free (RunetDevicePlan *self);
float *
runet_device_plan_get_input (RunetDevicePlan *self);
const RunetTensor *
runet_device_plan_get_output (const RunetDevicePlan *self, guint k);
const RunetTensor *
runet_device_plan_get_region (const RunetDevicePlan *self, guint k);
const RunetTensor *
runet_device_plan_get_output_gradient (RunetDevicePlan *self, guint k);
gsize
runet_device_plan_get_bytes (const RunetDevicePlan *self);
const char *
runet_device_plan_get_algorithm (const RunetDevicePlan *self, guint node);

G_END_DECLS
