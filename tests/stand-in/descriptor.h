/* Descriptors of cuDNN's backend. What one says is shared by all that point to it, and stays when it is destroyed;
 * once finalized it does not change. */
#pragma once

#include <cudnn.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stand_in {

struct Content;
using ContentPointer = std::shared_ptr<Content>;

struct Value {
  cudnnBackendAttributeType_t type;
  int64_t count;
  std::vector<char> bytes;
  std::vector<ContentPointer> contents; /* of %CUDNN_TYPE_BACKEND_DESCRIPTOR */
};

struct Content {
  cudnnBackendDescriptorType_t type;
  bool finalized;
  std::map<cudnnBackendAttributeName_t, Value> values;

  const Value *find (cudnnBackendAttributeName_t name) const {
    auto found = values.find (name);
    return found == values.end () ? nullptr : &found->second;
  }
  template <typename T>
  T get (cudnnBackendAttributeName_t name, T otherwise = {}, size_t index = 0) const {
    const Value *value = find (name);
    return value ? reinterpret_cast<const T *> (value->bytes.data ())[index]
                 : otherwise;
  }
  const Content *get_content (cudnnBackendAttributeName_t name) const {
    const Value *value = find (name);
    return value ? value->contents[0].get () : nullptr;
  }
  /* A scale of an operation, float or double. */
  double get_scale (cudnnBackendAttributeName_t name, double otherwise) const {
    const Value *value = find (name);
    if (value && value->type == CUDNN_TYPE_DOUBLE)
      return get<double> (name);
    return value ? double (get<float> (name)) : otherwise;
  }
};

/* What a cudnnBackendDescriptor_t points to. */
struct Descriptor {
  ContentPointer content;
};

/* Which values a descriptor may have. */
struct Attribute {
  cudnnBackendAttributeName_t name;
  cudnnBackendAttributeType_t type;
  int64_t min, max; /* values */
  enum Need { required, optional, read_only } need;
};
/* %NULL where the stand-in has no descriptors of @type. */
const std::vector<Attribute> *
find_attributes (cudnnBackendDescriptorType_t type);
size_t
get_type_size (cudnnBackendAttributeType_t type);

/* Keeps @message for cudnnGetLastErrorString() and returns @status. */
cudnnStatus_t
refuse (cudnnStatus_t status, const std::string &message);
/* Whether what @content says makes sense. */
cudnnStatus_t
check_content (const Content *content);
void
set_value (Content *content,
           cudnnBackendAttributeName_t name,
           cudnnBackendAttributeType_t type,
           int64_t count,
           const void *values);
/* What is known of an engine, a heuristic or a plan once it is finalized. */
cudnnStatus_t
complete_content (const ContentPointer &content);

} // namespace stand_in

struct cudnnContext {
  cudaStream_t stream;
};
