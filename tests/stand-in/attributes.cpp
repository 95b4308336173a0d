/* The attributes of the descriptors that the stand-in knows. */
#include "descriptor.h"

namespace stand_in {

using Attributes = std::vector<Attribute>;

static Attribute
one (cudnnBackendAttributeName_t name,
     cudnnBackendAttributeType_t type,
     Attribute::Need need = Attribute::required) {
  return {name, type, 1, 1, need};
}

static Attribute
inner (cudnnBackendAttributeName_t name, Attribute::Need need = Attribute::required) {
  return one (name, CUDNN_TYPE_BACKEND_DESCRIPTOR, need);
}

static Attribute
list (cudnnBackendAttributeName_t name,
      cudnnBackendAttributeType_t type,
      int64_t max = INT64_MAX) {
  return {name, type, 1, max, Attribute::required};
}

static Attribute
optional (cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) {
  return one (name, type, Attribute::optional);
}

/* Any number, that cuDNN says. */
static Attribute
said (cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type) {
  return {name, type, 0, INT64_MAX, Attribute::read_only};
}

static const Attributes tensor = {
    one (CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE),
    list (CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, CUDNN_DIM_MAX),
    list (CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, CUDNN_DIM_MAX),
    one (CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64),
    one (CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64),
    optional (CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN),
};

static const Attributes convolution = {
    one (CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE),
    one (CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE),
    one (CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64),
    list (CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, CUDNN_DIM_MAX),
    list (CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, CUDNN_DIM_MAX),
    list (CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, CUDNN_DIM_MAX),
    list (CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, CUDNN_DIM_MAX),
};

static const Attributes pointwise = {
    one (CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE),
    one (CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE),
};

static const Attributes forward = {
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y),
    optional (CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, CUDNN_TYPE_FLOAT),
    optional (CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, CUDNN_TYPE_FLOAT),
};

static const Attributes backward_data = {
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY),
    optional (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA, CUDNN_TYPE_FLOAT),
    optional (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA, CUDNN_TYPE_FLOAT),
};

static const Attributes backward_filter = {
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW),
    inner (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY),
    optional (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA, CUDNN_TYPE_FLOAT),
    optional (CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA, CUDNN_TYPE_FLOAT),
};

static const Attributes pointwise_operation = {
    inner (CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR),
    inner (CUDNN_ATTR_OPERATION_POINTWISE_XDESC),
    inner (CUDNN_ATTR_OPERATION_POINTWISE_BDESC, Attribute::optional),
    inner (CUDNN_ATTR_OPERATION_POINTWISE_YDESC),
    optional (CUDNN_ATTR_OPERATION_POINTWISE_ALPHA1, CUDNN_TYPE_FLOAT),
    optional (CUDNN_ATTR_OPERATION_POINTWISE_ALPHA2, CUDNN_TYPE_FLOAT),
};

static const Attributes graph = {
    list (CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR),
    optional (CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE),
    said (CUDNN_ATTR_OPERATIONGRAPH_ENGINE_GLOBAL_COUNT, CUDNN_TYPE_INT64),
};

static const Attributes heuristic = {
    inner (CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH),
    optional (CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE),
    inner (CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, Attribute::optional),
    said (CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_TYPE_BACKEND_DESCRIPTOR),
};

static const Attributes engine = {
    inner (CUDNN_ATTR_ENGINE_OPERATION_GRAPH),
    one (CUDNN_ATTR_ENGINE_GLOBAL_INDEX, CUDNN_TYPE_INT64),
    inner (CUDNN_ATTR_ENGINE_DEVICEPROP, Attribute::optional),
    said (CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE),
    said (CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE, CUDNN_TYPE_BEHAVIOR_NOTE),
};

static const Attributes config = {inner (CUDNN_ATTR_ENGINECFG_ENGINE)};

static const Attributes plan = {
    inner (CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG),
    optional (CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE),
    inner (CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, Attribute::optional),
    said (CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64),
};

static const Attributes pack = {
    list (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64),
    list (CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR),
    optional (CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR),
};

static const Attributes properties = {
    optional (CUDNN_ATTR_DEVICEPROP_DEVICE_ID, CUDNN_TYPE_INT32),
    optional (CUDNN_ATTR_DEVICEPROP_HANDLE, CUDNN_TYPE_HANDLE),
    list (CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR),
};

const Attributes *
find_attributes (cudnnBackendDescriptorType_t type) {
  static const std::map<cudnnBackendDescriptorType_t, const Attributes *> known = {
      {CUDNN_BACKEND_TENSOR_DESCRIPTOR, &tensor},
      {CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR, &convolution},
      {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, &pointwise},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR, &forward},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR, &backward_data},
      {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
       &backward_filter},
      {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, &pointwise_operation},
      {CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, &graph},
      {CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, &heuristic},
      {CUDNN_BACKEND_ENGINE_DESCRIPTOR, &engine},
      {CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, &config},
      {CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, &plan},
      {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, &pack},
      {CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR, &properties},
  };
  auto found = known.find (type);

  return found == known.end () ? nullptr : found->second;
}

size_t
get_type_size (cudnnBackendAttributeType_t type) {
  switch (type) {
  case CUDNN_TYPE_HANDLE:
  case CUDNN_TYPE_VOID_PTR:
  case CUDNN_TYPE_BACKEND_DESCRIPTOR:
    return sizeof (void *);
  case CUDNN_TYPE_INT64:
  case CUDNN_TYPE_DOUBLE:
    return 8;
  case CUDNN_TYPE_BOOLEAN:
    return sizeof (bool);
  case CUDNN_TYPE_CHAR:
    return 1;
  default:
    return 4; /* float, int32 and the enumerations */
  }
}

} // namespace stand_in
