/* What is checked of a descriptor when it is finalized, and what it knows from then on. */
#include "graph.h"

#include <set>

namespace stand_in {

static cudnnStatus_t
check_tensor (const Content *content) {
  int64_t count = content->find (CUDNN_ATTR_TENSOR_DIMENSIONS)->count;
  cudnnDataType_t type = content->get<cudnnDataType_t> (CUDNN_ATTR_TENSOR_DATA_TYPE);
  int64_t alignment = content->get<int64_t> (CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT);

  if (content->find (CUDNN_ATTR_TENSOR_STRIDES)->count != count)
    return refuse (CUDNN_STATUS_BAD_PARAM, "a tensor's dimensions and strides differ");
  if (type != CUDNN_DATA_FLOAT && type != CUDNN_DATA_HALF &&
      type != CUDNN_DATA_BFLOAT16)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "a tensor of another type");
  if (count != 4)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "a tensor of not 4 dimensions");
  if (alignment <= 0 || alignment & (alignment - 1))
    return refuse (CUDNN_STATUS_BAD_PARAM, "a tensor's alignment");
  Tensor tensor (content);
  for (size_t k = 0; k < 4; k++)
    if (tensor.dimensions[k] <= 0 || tensor.strides[k] <= 0)
      return refuse (CUDNN_STATUS_BAD_PARAM, "a tensor's dimensions and strides");
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t
check_convolution (const Content *content) {
  static const struct {
    cudnnBackendAttributeName_t name;
    int64_t least;
  } lists[] = {
      {CUDNN_ATTR_CONVOLUTION_DILATIONS, 1},
      {CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, 1},
      {CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, 0},
      {CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, 0},
  };

  if (content->get<int64_t> (CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS) != 2)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "a convolution of not 2 dimensions");
  if (content->get<cudnnDataType_t> (CUDNN_ATTR_CONVOLUTION_COMP_TYPE) !=
      CUDNN_DATA_FLOAT)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "a convolution of not float");
  for (auto &list : lists) {
    if (content->find (list.name)->count != 2)
      return refuse (CUDNN_STATUS_BAD_PARAM, "a convolution's dimensions differ");
    for (size_t k = 0; k < 2; k++)
      if (content->get<int64_t> (list.name, 0, k) < list.least)
        return refuse (CUDNN_STATUS_BAD_PARAM,
                       "a convolution's strides, dilations and paddings");
  }
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t
check_pointwise (const Content *content) {
  auto mode = content->get<cudnnPointwiseMode_t> (CUDNN_ATTR_POINTWISE_MODE);

  if (mode != CUDNN_POINTWISE_ADD && mode != CUDNN_POINTWISE_RELU_FWD)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED,
                   "pointwise operation " + std::to_string (mode));
  if (content->get<cudnnDataType_t> (CUDNN_ATTR_POINTWISE_MATH_PREC) !=
      CUDNN_DATA_FLOAT)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "a pointwise operation of not float");
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t
check_pack (const Content *content) {
  const Value *ids = content->find (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
  std::set<int64_t> seen;

  if (content->find (CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS)->count != ids->count)
    return refuse (CUDNN_STATUS_BAD_PARAM, "a pack's names and pointers differ");
  for (int64_t k = 0; k < ids->count; k++)
    if (!seen.insert (content->get<int64_t> (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, 0,
                                             size_t (k)))
             .second)
      return refuse (CUDNN_STATUS_BAD_PARAM_DUPLICATED_ENTRIES,
                     "a pack names a tensor twice");
  return CUDNN_STATUS_SUCCESS;
}

/* Of descriptors that others stand in: that they are of the right kind. */
static cudnnStatus_t
check_inner (const Content *content,
             cudnnBackendAttributeName_t name,
             cudnnBackendDescriptorType_t type) {
  if (content->get_content (name)->type != type)
    return refuse (CUDNN_STATUS_BAD_PARAM,
                   "attribute " + std::to_string (name) + " is of another type");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
check_content (const Content *content) {
  switch (content->type) {
  case CUDNN_BACKEND_TENSOR_DESCRIPTOR:
    return check_tensor (content);
  case CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR:
    return check_convolution (content);
  case CUDNN_BACKEND_POINTWISE_DESCRIPTOR:
    return check_pointwise (content);
  case CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR:
    return check_pointwise_operation (content);
  case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
    return check_graph (content);
  case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
    return check_inner (content, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH,
                        CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  case CUDNN_BACKEND_ENGINE_DESCRIPTOR:
    return check_inner (content, CUDNN_ATTR_ENGINE_OPERATION_GRAPH,
                        CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  case CUDNN_BACKEND_ENGINECFG_DESCRIPTOR:
    return check_inner (content, CUDNN_ATTR_ENGINECFG_ENGINE,
                        CUDNN_BACKEND_ENGINE_DESCRIPTOR);
  case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
    return check_inner (content, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG,
                        CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
    return check_pack (content);
  case CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR:
    return CUDNN_STATUS_SUCCESS;
  default:
    return check_convolution_operation (content);
  }
}

/* ---------------------------------------------------------------- engines */

static bool
has_kind (const std::vector<Step> &steps, StepKind kind) {
  for (const Step &step : steps)
    if (step.kind == kind)
      return true;
  return false;
}

static void
set_content (Content *content, cudnnBackendAttributeName_t name, ContentPointer inner) {
  content->values[name] = {CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, {}, {std::move (inner)}};
}

static void
note_engine (Content *engine) {
  auto index = engine->get<int64_t> (CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  const Content *graph = engine->get_content (CUDNN_ATTR_ENGINE_OPERATION_GRAPH);
  std::vector<cudnnBackendNumericalNote_t> notes;

  if (index == engine_matrix) {
    notes.push_back (CUDNN_NUMERICAL_NOTE_TENSOR_CORE);
    if (read_graph (graph)[0].a.type == CUDNN_DATA_FLOAT)
      notes.push_back (CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS);
  }
  if (index == engine_unsteady)
    notes.push_back (CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC);
  set_value (engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE,
             int64_t (notes.size ()), notes.data ());
  set_value (engine, CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE, CUDNN_TYPE_BEHAVIOR_NOTE, 0,
             nullptr);
}

static ContentPointer
make_config (const ContentPointer &graph, int64_t index) {
  auto engine =
      std::make_shared<Content> (Content{CUDNN_BACKEND_ENGINE_DESCRIPTOR, true, {}});
  auto config =
      std::make_shared<Content> (Content{CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, true, {}});

  set_content (engine.get (), CUDNN_ATTR_ENGINE_OPERATION_GRAPH, graph);
  set_value (engine.get (), CUDNN_ATTR_ENGINE_GLOBAL_INDEX, CUDNN_TYPE_INT64, 1,
             &index);
  note_engine (engine.get ());
  set_content (config.get (), CUDNN_ATTR_ENGINECFG_ENGINE, engine);
  return config;
}

static void
propose (Content *heuristic) {
  const ContentPointer &graph =
      heuristic->find (CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH)->contents[0];
  auto mode = heuristic->get<cudnnBackendHeurMode_t> (CUDNN_ATTR_ENGINEHEUR_MODE,
                                                      CUDNN_HEUR_MODE_A);
  std::vector<Step> steps = read_graph (graph.get ());
  bool filter = has_kind (steps, StepKind::filter);
  bool product =
      filter || has_kind (steps, StepKind::forward) || has_kind (steps, StepKind::data);
  std::vector<int64_t> indices;
  Value results = {CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, {}, {}};

  if (mode != CUDNN_HEUR_MODE_FALLBACK) {
    indices = {engine_unfit};
    if (filter)
      indices.push_back (engine_unsteady);
    if (product)
      indices.push_back (engine_matrix);
  }
  indices.push_back (engine_plain);
  for (int64_t index : indices)
    results.contents.push_back (make_config (graph, index));
  results.count = int64_t (indices.size ());
  heuristic->values[CUDNN_ATTR_ENGINEHEUR_RESULTS] = std::move (results);
}

static cudnnStatus_t
complete_plan (Content *plan) {
  static const int64_t workspaces[] = {0, 1024, 256, 256};
  const Content *engine = plan->get_content (CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)
                              ->get_content (CUDNN_ATTR_ENGINECFG_ENGINE);
  auto index = engine->get<int64_t> (CUDNN_ATTR_ENGINE_GLOBAL_INDEX);

  if (!plan->find (CUDNN_ATTR_EXECUTION_PLAN_HANDLE) &&
      !plan->find (CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP))
    return refuse (CUDNN_STATUS_BAD_PARAM, "a plan for no device");
  if (index == engine_unfit)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "this engine does not fit the graph");
  set_value (plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, 1,
             &workspaces[index]);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
complete_content (const ContentPointer &content) {
  static const int64_t engines = engine_count;

  if (content->type == CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR)
    set_value (content.get (), CUDNN_ATTR_OPERATIONGRAPH_ENGINE_GLOBAL_COUNT,
               CUDNN_TYPE_INT64, 1, &engines);
  if (content->type == CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR)
    propose (content.get ());
  if (content->type == CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)
    return complete_plan (content.get ());
  if (content->type != CUDNN_BACKEND_ENGINE_DESCRIPTOR)
    return CUDNN_STATUS_SUCCESS;
  auto index = content->get<int64_t> (CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  if (index < 0 || index >= engine_count)
    return refuse (CUDNN_STATUS_BAD_PARAM, "there is no such engine");
  note_engine (content.get ());
  return CUDNN_STATUS_SUCCESS;
}

} // namespace stand_in
