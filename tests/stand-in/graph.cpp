/* Reading and checking of graphs. */
#include "graph.h"

namespace stand_in {

static const struct ConvolutionNames {
  cudnnBackendDescriptorType_t type;
  StepKind kind;
  cudnnBackendAttributeName_t convolution, x, w, y, alpha, beta;
} convolutions[] = {
    {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR, StepKind::forward,
     CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
     CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
     CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
     CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
     CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
     CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA},
    {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR, StepKind::data,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA},
    {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR, StepKind::filter,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
     CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA},
};

static const ConvolutionNames *
find_names (const Content *operation) {
  for (const ConvolutionNames &names : convolutions)
    if (names.type == operation->type)
      return &names;
  return nullptr;
}

static Geometry
read_geometry (const Content *convolution,
               const Tensor &x,
               const Tensor &w,
               const Tensor &y) {
  Geometry g;

  g.n = x.dimensions[0];
  g.in_channels = x.dimensions[1];
  g.out_channels = y.dimensions[1];
  for (size_t k = 0; k < 2; k++) {
    g.in[k] = x.dimensions[2 + k];
    g.out[k] = y.dimensions[2 + k];
    g.kernel[k] = w.dimensions[2 + k];
    g.before[k] = convolution->get<int64_t> (CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 0, k);
    g.stride[k] =
        convolution->get<int64_t> (CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 0, k);
    g.dilation[k] = convolution->get<int64_t> (CUDNN_ATTR_CONVOLUTION_DILATIONS, 0, k);
  }
  g.flipped = convolution->get<cudnnConvolutionMode_t> (
                  CUDNN_ATTR_CONVOLUTION_CONV_MODE) == CUDNN_CONVOLUTION;
  return g;
}

static Step
read_convolution (const Content *operation, const ConvolutionNames *names) {
  Tensor x (operation->get_content (names->x)), w (operation->get_content (names->w)),
      y (operation->get_content (names->y));
  Geometry geometry =
      read_geometry (operation->get_content (names->convolution), x, w, y);
  double alpha = operation->get_scale (names->alpha, 1);
  double beta = operation->get_scale (names->beta, 0);

  if (names->kind == StepKind::forward)
    return {names->kind, x, w, y, geometry, alpha, beta};
  if (names->kind == StepKind::data)
    return {names->kind, y, w, x, geometry, alpha, beta};
  return {names->kind, x, y, w, geometry, alpha, beta};
}

static Step
read_pointwise (const Content *operation) {
  const Content *function =
      operation->get_content (CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
  const Content *b = operation->get_content (CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
  bool add = function->get<cudnnPointwiseMode_t> (CUDNN_ATTR_POINTWISE_MODE) ==
             CUDNN_POINTWISE_ADD;

  return {add ? StepKind::add : StepKind::relu,
          Tensor (operation->get_content (CUDNN_ATTR_OPERATION_POINTWISE_XDESC)),
          b ? std::optional<Tensor> (Tensor (b)) : std::nullopt,
          Tensor (operation->get_content (CUDNN_ATTR_OPERATION_POINTWISE_YDESC)),
          {},
          operation->get_scale (CUDNN_ATTR_OPERATION_POINTWISE_ALPHA1, 1),
          operation->get_scale (CUDNN_ATTR_OPERATION_POINTWISE_ALPHA2, 1)};
}

std::vector<Step>
read_graph (const Content *graph) {
  std::vector<Step> steps;

  for (const ContentPointer &operation :
       graph->find (CUDNN_ATTR_OPERATIONGRAPH_OPS)->contents) {
    const ConvolutionNames *names = find_names (operation.get ());
    steps.push_back (names ? read_convolution (operation.get (), names)
                           : read_pointwise (operation.get ()));
  }
  return steps;
}

static cudnnStatus_t
check_kinds (const Content *operation,
             std::initializer_list<cudnnBackendAttributeName_t> tensors,
             cudnnBackendAttributeName_t function,
             cudnnBackendDescriptorType_t function_type) {
  for (cudnnBackendAttributeName_t name : tensors) {
    const Content *tensor = operation->get_content (name);
    if (tensor && tensor->type != CUDNN_BACKEND_TENSOR_DESCRIPTOR)
      return refuse (CUDNN_STATUS_BAD_PARAM,
                     "attribute " + std::to_string (name) + " is not a tensor");
  }
  if (operation->get_content (function)->type != function_type)
    return refuse (CUDNN_STATUS_BAD_PARAM,
                   "attribute " + std::to_string (function) + " is of another type");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
check_convolution_operation (const Content *operation) {
  const ConvolutionNames *names = find_names (operation);

  if (cudnnStatus_t status =
          check_kinds (operation, {names->x, names->w, names->y}, names->convolution,
                       CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR))
    return status;
  Tensor x (operation->get_content (names->x)), w (operation->get_content (names->w)),
      y (operation->get_content (names->y));
  const Content *convolution = operation->get_content (names->convolution);
  Geometry g = read_geometry (convolution, x, w, y);
  if (w.dimensions[1] != g.in_channels || w.dimensions[0] != g.out_channels ||
      y.dimensions[0] != g.n)
    return refuse (CUDNN_STATUS_BAD_PARAM, "a convolution's channels or batch differ");
  for (size_t k = 0; k < 2; k++) {
    int64_t after =
        convolution->get<int64_t> (CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 0, k);
    int64_t room =
        g.in[k] + g.before[k] + after - g.dilation[k] * (g.kernel[k] - 1) - 1;
    if (room < 0 || g.out[k] != room / g.stride[k] + 1)
      return refuse (CUDNN_STATUS_BAD_PARAM,
                     "a convolution's sizes do not fit each other");
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
check_pointwise_operation (const Content *operation) {
  if (cudnnStatus_t status = check_kinds (operation,
                                          {CUDNN_ATTR_OPERATION_POINTWISE_XDESC,
                                           CUDNN_ATTR_OPERATION_POINTWISE_BDESC,
                                           CUDNN_ATTR_OPERATION_POINTWISE_YDESC},
                                          CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR,
                                          CUDNN_BACKEND_POINTWISE_DESCRIPTOR))
    return status;
  Step step = read_pointwise (operation);
  if ((step.kind == StepKind::add) != step.b.has_value ())
    return refuse (CUDNN_STATUS_BAD_PARAM, "a sum wants b, a ReLU does not");
  for (size_t k = 0; k < 4; k++) {
    int64_t wanted = step.result.dimensions[k];
    if (step.a.dimensions[k] != wanted ||
        (step.b && step.b->dimensions[k] != wanted && step.b->dimensions[k] != 1))
      return refuse (CUDNN_STATUS_BAD_PARAM, "a pointwise operation's sizes differ");
  }
  return CUDNN_STATUS_SUCCESS;
}

static bool
is_same (const Tensor &a, const Tensor &b) {
  return a.type == b.type && a.is_virtual == b.is_virtual &&
         a.dimensions == b.dimensions && a.strides == b.strides;
}

/* Every tensor is the same wherever it is named, virtual ones are made before they are used, nothing is made twice,
 * and only the last result and what is stored stay unused. */
cudnnStatus_t
check_graph (const Content *graph) {
  std::map<int64_t, Tensor> seen;
  std::map<int64_t, bool> made, used;

  for (const ContentPointer &operation :
       graph->find (CUDNN_ATTR_OPERATIONGRAPH_OPS)->contents)
    if (!find_names (operation.get ()) &&
        operation->type != CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
      return refuse (CUDNN_STATUS_BAD_PARAM,
                     "a graph of something else than operations");
  for (const Step &step : read_graph (graph)) {
    for (const Tensor *tensor : {&step.a, step.b ? &*step.b : nullptr, &step.result}) {
      if (!tensor)
        continue;
      std::string name = "tensor " + std::to_string (tensor->id);
      auto known = seen.emplace (tensor->id, *tensor).first;
      if (!is_same (known->second, *tensor))
        return refuse (CUDNN_STATUS_BAD_PARAM, name + " is described in two ways");
      if (tensor == &step.result && made[tensor->id])
        return refuse (CUDNN_STATUS_BAD_PARAM, name + " is made twice");
      if (tensor != &step.result && tensor->is_virtual && !made[tensor->id])
        return refuse (CUDNN_STATUS_BAD_PARAM, name + " is used before it is made");
      (tensor == &step.result ? made : used)[tensor->id] = true;
    }
  }
  for (auto &entry : seen)
    if (entry.second.is_virtual && !used[entry.first])
      return refuse (CUDNN_STATUS_BAD_PARAM,
                     "tensor " + std::to_string (entry.first) + " goes nowhere");
  return CUDNN_STATUS_SUCCESS;
}

} // namespace stand_in
