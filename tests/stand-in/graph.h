/* Operation graphs: read from descriptors, checked, and carried out. */
#pragma once

#include "convolution.h"
#include "tensor.h"

#include <optional>

namespace stand_in {

enum class StepKind { forward, data, filter, add, relu };

/* One operation: result = alpha · f (a, b) + beta · result, or alpha · a + beta · b. */
struct Step {
  StepKind kind;
  Tensor a;
  std::optional<Tensor> b;
  Tensor result;
  Geometry geometry; /* of convolutions */
  double alpha, beta;
};

std::vector<Step>
read_graph (const Content *graph);
/* Of an operation or a graph, before it is finalized. */
cudnnStatus_t
check_convolution_operation (const Content *operation);
cudnnStatus_t
check_pointwise_operation (const Content *operation);
cudnnStatus_t
check_graph (const Content *graph);

/* Engines. Of the first the plans cannot be finalized; the second reads float32 as tensor cores do; the third is
 * the plain one; the last, of gradients of weights only, does not give the same each time. */
enum { engine_unfit, engine_matrix, engine_plain, engine_unsteady, engine_count };

/* Runs on the device. @pointers: of each tensor that is not virtual. */
void
run_graph (const std::vector<Step> &steps,
           int64_t engine,
           const std::map<int64_t, void *> &pointers);

} // namespace stand_in
