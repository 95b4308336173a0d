/* Carrying out an operation: all of it in one launch where cuDNN can, else the convolution and then the rest. */
#include "operation-private.h"

#include <string.h>

#include "core/base/error.h"
#include "device-private.h"

#define STEPS 2

struct _RunetOperation {
  RunetOperationShape shapes[STEPS];
  RunetOperationStep steps[STEPS];
  guint count;
};

/* ---------------------------------------------------------------- one step */

cudnnStatus_t
runet_operation_run_step (const RunetOperationStep *step,
                          cudnnHandle_t handle,
                          const RunetOperationShape *shape,
                          const RunetOperationArguments *arguments) {
  gint64 ids[5] = {RUNET_TENSOR_A, RUNET_TENSOR_RESULT};
  const void *pointers[5] = {arguments->a, arguments->result};
  gint64 count = 2;
  const struct {
    gboolean wanted;
    gint64 id;
    const void *pointer;
  } others[] = {
      {shape->kind != RUNET_OPERATION_POINTWISE, RUNET_TENSOR_B, arguments->b},
      {shape->add, RUNET_TENSOR_Z, arguments->z},
      {shape->bias, RUNET_TENSOR_BIAS, arguments->bias},
  };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i].wanted) {
      ids[count] = others[i].id;
      pointers[count++] = others[i].pointer;
    }

  RunetBackend backend;
  runet_backend_init (&backend);
  cudnnBackendDescriptor_t pack =
      runet_backend_add (&backend, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  runet_backend_set (&backend, pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS,
                     CUDNN_TYPE_INT64, count, ids);
  runet_backend_set (&backend, pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS,
                     CUDNN_TYPE_VOID_PTR, count, pointers);
  runet_backend_set (&backend, pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE,
                     CUDNN_TYPE_VOID_PTR, 1, &arguments->workspace);
  runet_backend_finalize (&backend, pack);
  cudnnStatus_t status = backend.status;
  if (status == CUDNN_STATUS_SUCCESS)
    status = cudnnBackendExecute (handle, step->plan, pack);
  runet_backend_clear (&backend);
  return status;
}

/* ---------------------------------------------------------------- an operation */

/* The convolution into the result, and then all that is done to it, in place. */
static gboolean
find_two_steps (RunetOperation *self,
                const RunetOperationTarget *target,
                const RunetOperationShape *shape) {
  RunetOperationShape *first = &self->shapes[0], *second = &self->shapes[1];
  *first = *second = *shape;
  first->add = first->bias = first->relu = 0;
  second->kind = RUNET_OPERATION_POINTWISE;
  if (shape->kind == RUNET_OPERATION_BACKWARD_DATA)
    second->out_channels = shape->in_channels;
  second->kernel = 1;
  self->count = 0;
  while (self->count < STEPS &&
         runet_operation_find_step (target, &self->shapes[self->count],
                                    &self->steps[self->count]))
    self->count++;
  return self->count == STEPS;
}

RunetOperation *
runet_operation_new (const RunetOperationTarget *target,
                     const RunetOperationShape *shape,
                     GError **error) {
  static const char *const names[] = {"convolution", "gradient of a map",
                                      "gradient of weights", "sum"};
  RunetOperation *self = g_new0 (RunetOperation, 1);
  self->shapes[0] = *shape;
  if (runet_operation_find_step (target, shape, &self->steps[0])) {
    self->count = 1;
    return self;
  }
  if ((shape->add || shape->bias || shape->relu) &&
      shape->kind != RUNET_OPERATION_POINTWISE && find_two_steps (self, target, shape))
    return self;
  runet_operation_free (self);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "GPU: cuDNN has no %s of %d × %d × %d, %d to %d channels, kernel %d",
               names[shape->kind], shape->n, shape->h, shape->w, shape->in_channels,
               shape->out_channels, shape->kernel);
  return NULL;
}

void
runet_operation_free (RunetOperation *self) {
  if (self == NULL)
    return;
  for (guint i = 0; i < self->count; i++)
    runet_operation_step_clear (&self->steps[i]);
  g_free (self);
}

gsize
runet_operation_get_workspace (const RunetOperation *self) {
  gint64 bytes = 0;
  for (guint i = 0; i < self->count; i++)
    bytes = MAX (bytes, self->steps[i].workspace);
  return (gsize)bytes;
}

guint
runet_operation_count_steps (const RunetOperation *self) {
  return self->count;
}

gboolean
runet_operation_run (const RunetOperation *self,
                     cudnnHandle_t handle,
                     const RunetOperationArguments *arguments,
                     GError **error) {
  RunetOperationArguments now = *arguments;
  for (guint i = 0; i < self->count; i++) {
    const cudnnStatus_t status =
        runet_operation_run_step (&self->steps[i], handle, &self->shapes[i], &now);
    if (!runet_device_check_cudnn (status, "a convolution", error))
      return FALSE;
    now.a = now.result;
  }
  return TRUE;
}
