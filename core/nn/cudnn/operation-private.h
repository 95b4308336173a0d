/* An operation from inside: shared by the files that describe it to cuDNN, find what does it, and run it. */
#pragma once

#include "backend.h"
#include "operation.h"

G_BEGIN_DECLS

/* Names of the tensors of a graph. Those between two operations come after the last. */
enum {
  RUNET_TENSOR_A = 1,
  RUNET_TENSOR_B,
  RUNET_TENSOR_RESULT,
  RUNET_TENSOR_Z,
  RUNET_TENSOR_BIAS,
  RUNET_TENSOR_VIRTUAL,
};

/* One launch: an execution plan. */
typedef struct {
  RunetBackend backend; /* what the plan is made of */
  cudnnBackendDescriptor_t plan;
  gint64 workspace;
} RunetOperationStep;

/* The operation graph of @shape, in @backend. */
cudnnBackendDescriptor_t
runet_operation_describe (RunetBackend *backend,
                          const RunetOperationTarget *target,
                          const RunetOperationShape *shape);

/* Finds the fastest plan for @shape among the first that work. FALSE: there is none. */
gboolean
runet_operation_find_step (const RunetOperationTarget *target,
                           const RunetOperationShape *shape,
                           RunetOperationStep *step);
cudnnStatus_t
runet_operation_run_step (const RunetOperationStep *step,
                          cudnnHandle_t handle,
                          const RunetOperationShape *shape,
                          const RunetOperationArguments *arguments);
void
runet_operation_step_clear (RunetOperationStep *step);

/* Elements of the operands and the result, and bytes of one. */
typedef struct {
  gsize a, b, result, bias;
} RunetOperationBytes;
RunetOperationBytes
runet_operation_count_bytes (const RunetOperationShape *shape);

/* Seconds of one run, on memory that is taken for it; the longest there is when it cannot be measured. */
double
runet_operation_measure_step (const RunetOperationStep *step,
                              const RunetOperationTarget *target,
                              const RunetOperationShape *shape);

G_END_DECLS
