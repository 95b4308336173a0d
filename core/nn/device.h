/* A GPU, as the plans of this folder use it.
 *
 * The one implementation, core/nn/cudnn, is a module that is opened at run time, so that a machine without CUDA
 * never looks for its libraries. The module exports one function, runet_device_get_class(). */
#pragma once

#include "plan.h"

G_BEGIN_DECLS

typedef struct _RunetDevice RunetDevice;
typedef struct _RunetDevicePlan RunetDevicePlan;
typedef struct _RunetDeviceTraining RunetDeviceTraining;

/* Of a module that was built from other sources than the program: refused. */
#define RUNET_DEVICE_INTERFACE 1
#define RUNET_DEVICE_SYMBOL "runet_device_get_class"

/* Images that a training keeps on the device: @count of S × S bytes each. @weights: (nullable), as its elements. */
typedef struct {
  gsize count, size;
  const guint8 *const *images;
  const guint8 *const *labels;
  const guint8 *const *weights;
} RunetDeviceImages;

/* One place of a batch: an image and how it is changed.
 * @matrix: from a pixel of the batch (x, y), both from 0, to the place in the image that it shows:
 *   (m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5]); only read when @changed
 * @gain, @gamma: grey becomes gain · grey^gamma; only read when @changed */
typedef struct {
  guint32 index;
  gint32 changed;
  float matrix[6];
  float gain, gamma;
} RunetDevicePlace;

/* What a training has besides the graph's parameters, in the graph's order, float32. */
typedef struct {
  float *const *parameters;
  float *const *moment1, *const *moment2;
  guint64 step; /* of Adam: steps made */
  /* What float16's gradients are multiplied by, and the steps since it last changed. 0 before the first step in float16, which
   * begins with the scale of its own; the other precisions leave both alone. */
  double loss_scale;
  guint good_steps;
} RunetDeviceState;

/* What makes several processes one training; see core/training/communicator.h. @id: NCCL's, the same in all. */
#define RUNET_DEVICE_GROUP_ID 128
typedef struct {
  guint rank, size;
  const guint8 *id;
} RunetDeviceGroup;

/* Every function that can fail returns %FALSE or %NULL with an error: %RUNET_ERROR_MEMORY where the device's memory
 * does not suffice, %RUNET_ERROR_ENGINE for all else that CUDA and cuDNN say. All of one device is used by one thread at a time. */
typedef struct {
  guint interface; /* RUNET_DEVICE_INTERFACE */

  RunetDevice *(*open) (GError **error);
  void (*close) (RunetDevice *device);
  /* "NVIDIA H200, CUDA 13.0, cuDNN 9.19"; (transfer none). */
  const char *(*describe) (const RunetDevice *device);
  /* What nothing on this device gets past, for benchmarks: operations a second of large matrix products of this
   * precision, each multiply-add counted as two; and bytes a second read and written by a copy. 0 when it cannot. */
  double (*measure_matrix_rate) (RunetDevice *device, RunetPrecision precision);
  double (*measure_bandwidth) (RunetDevice *device);

  /* @plan: (transfer none): laid out as the plan files do; its nodes say what is done together, its graph is read
   * for slopes, shifts and sizes at each run. */
  RunetDevicePlan *(*plan_new) (RunetDevice *device,
                                const RunetPlan *plan,
                                RunetPrecision precision,
                                GError **error);
  void (*plan_free) (RunetDevicePlan *self);
  gboolean (*plan_set_parameters) (RunetDevicePlan *self,
                                   const float *const *parameters,
                                   GError **error);
  /* Host memory, pinned: N × H × W × C floats; as in plan.h. */
  float *(*plan_get_input) (RunetDevicePlan *self);
  gboolean (*plan_forward) (RunetDevicePlan *self, GError **error);
  const RunetTensor *(*plan_get_output) (const RunetDevicePlan *self, guint k);
  const RunetTensor *(*plan_get_region) (const RunetDevicePlan *self, guint k);
  const RunetTensor *(*plan_get_output_gradient) (RunetDevicePlan *self, guint k);
  gboolean (*plan_backward) (RunetDevicePlan *self,
                             float *const *gradients,
                             GError **error);
  gsize (*plan_get_bytes) (const RunetDevicePlan *self);
  /* Seconds of a forward pass without the host's copies, as the graph that plan_forward() runs; 0 when it cannot be
   * measured. */
  double (*plan_time_forward) (RunetDevicePlan *self);
  /* Seconds of node @node, forward or backward, measured for itself on the device; and what does it
   * ("cudnn, fused", "kernel", "with another"). */
  double (*plan_time_node) (RunetDevicePlan *self, guint node, gboolean backward);
  const char *(*plan_get_algorithm) (const RunetDevicePlan *self, guint node);

  /* An id for a group, to be made by one of its processes and sent to the others. @id: (out) (nullable):
   * RUNET_DEVICE_GROUP_ID bytes; without it only whether this process can have one is found out.
   * Errors: %RUNET_ERROR_UNSUPPORTED: there is no NCCL. */
  gboolean (*group_make_id) (guint8 *id, GError **error);
  /* Training that stays on the device. @plan: of %RUNET_PLAN_TRAINING, (transfer none), must outlive it.
   * @images: copied. @stage_weights: of the losses, one a stage. */
  RunetDeviceTraining *(*training_new) (RunetDevicePlan *plan,
                                        const RunetDeviceImages *images,
                                        const double *stage_weights,
                                        GError **error);
  /* Before the first step. All processes of @group do this at the same time, and then the same steps, each with its
   * part of the batch. */
  gboolean (*training_join) (RunetDeviceTraining *self,
                             const RunetDeviceGroup *group,
                             GError **error);
  void (*training_free) (RunetDeviceTraining *self);
  gboolean (*training_set_state) (RunetDeviceTraining *self,
                                  const RunetDeviceState *state,
                                  GError **error);
  /* Fills the arrays that @state points to, and its numbers. */
  gboolean (*training_get_state) (RunetDeviceTraining *self,
                                  RunetDeviceState *state,
                                  GError **error);
  /* Starts a step and returns: draws the batch, runs forward, Dice loss, backward and Adam. @places: N of them,
   * copied. Between this and its end nothing else is asked of the training. */
  gboolean (*training_begin) (RunetDeviceTraining *self,
                              const RunetDevicePlace *places,
                              double learning_rate,
                              GError **error);
  /* Waits for it. @losses: (out): one a stage, not weighted, of the whole group's batch. A step whose loss or
   * gradients are not finite changes nothing but the loss scale; @skipped: (out) says so. */
  gboolean (*training_end) (RunetDeviceTraining *self,
                            double *losses,
                            gboolean *skipped,
                            GError **error);
} RunetDeviceClass;

typedef const RunetDeviceClass *(*RunetDeviceGetClass) (void);

G_END_DECLS
