/* Descriptors: made, filled, finalized, asked and destroyed. */
#include "descriptor.h"

#include "stand-in.h"

#include <string.h>

namespace stand_in {

static thread_local std::string last_message;

cudnnStatus_t
refuse (cudnnStatus_t status, const std::string &message) {
  last_message = message;
  return status;
}

static const Attribute *
find_attribute (const Content *content, cudnnBackendAttributeName_t name) {
  for (const Attribute &attribute : *find_attributes (content->type))
    if (attribute.name == name)
      return &attribute;
  return nullptr;
}

static bool
is_scale (const Attribute *attribute) {
  return attribute->type == CUDNN_TYPE_FLOAT;
}

static cudnnStatus_t
check_type (const Attribute *attribute, cudnnBackendAttributeType_t type) {
  std::string name = "attribute " + std::to_string (attribute->name);

  if (type == attribute->type || (is_scale (attribute) && type == CUDNN_TYPE_DOUBLE))
    return CUDNN_STATUS_SUCCESS;
  return refuse (is_scale (attribute) ? CUDNN_STATUS_BAD_PARAM
                                      : CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE,
                 name + ": type " + std::to_string (attribute->type) +
                     " expected, not " + std::to_string (type));
}

static cudnnStatus_t
check_new_value (const Content *content,
                 cudnnBackendAttributeName_t name,
                 cudnnBackendAttributeType_t type,
                 int64_t count,
                 const void *values) {
  const Attribute *attribute = find_attribute (content, name);
  std::string title = "attribute " + std::to_string (name);

  if (content->finalized)
    return refuse (CUDNN_STATUS_BAD_PARAM, title + ": the descriptor is finalized");
  if (!attribute || attribute->need == Attribute::read_only)
    return refuse (CUDNN_STATUS_BAD_PARAM,
                   title + " cannot be set in a descriptor of type " +
                       std::to_string (content->type));
  if (cudnnStatus_t status = check_type (attribute, type))
    return status;
  if (count < attribute->min || count > attribute->max)
    return refuse (CUDNN_STATUS_BAD_PARAM,
                   title + ": " + std::to_string (count) + " values");
  if (!values)
    return refuse (CUDNN_STATUS_BAD_PARAM, title + ": no values");
  for (int64_t k = 0; type == CUDNN_TYPE_BACKEND_DESCRIPTOR && k < count; k++) {
    const Descriptor *value = static_cast<Descriptor *const *> (values)[k];
    if (!value)
      return refuse (CUDNN_STATUS_BAD_PARAM, title + ": no descriptor");
    if (!value->content->finalized)
      return refuse (CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED,
                     title + ": the descriptor is not finalized");
  }
  return CUDNN_STATUS_SUCCESS;
}

void
set_value (Content *content,
           cudnnBackendAttributeName_t name,
           cudnnBackendAttributeType_t type,
           int64_t count,
           const void *values) {
  const char *bytes = static_cast<const char *> (values);
  Value value = {type, count, {}, {}};

  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR)
    for (int64_t k = 0; k < count; k++)
      value.contents.push_back (static_cast<Descriptor *const *> (values)[k]->content);
  else
    value.bytes.assign (bytes, bytes + size_t (count) * get_type_size (type));
  content->values[name] = std::move (value);
}

/* The descriptors that the caller made for the answer become the ones that are meant. */
static cudnnStatus_t
copy_descriptors (const Value *value, int64_t count, void *place) {
  for (int64_t k = 0; k < count; k++) {
    Descriptor *descriptor = static_cast<Descriptor **> (place)[k];
    if (!descriptor)
      return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no descriptor to fill");
    if (descriptor->content->type != value->contents[size_t (k)]->type)
      return refuse (CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE,
                     "the descriptor to fill is of another type");
    descriptor->content = value->contents[size_t (k)];
  }
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t
get_value (const Content *content,
           const Attribute *attribute,
           int64_t wanted,
           int64_t *count,
           void *place) {
  const Value *value = content->find (attribute->name);

  if (!value)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED,
                   "attribute " + std::to_string (attribute->name) + " is not set");
  int64_t given = std::min (wanted, value->count);
  /* Whoever asks without room wants to know how many there are. */
  if (count)
    *count = wanted > 0 ? given : value->count;
  if (given <= 0)
    return CUDNN_STATUS_SUCCESS;
  if (!place)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no place for the values");
  if (value->type == CUDNN_TYPE_BACKEND_DESCRIPTOR)
    return copy_descriptors (value, given, place);
  memcpy (place, value->bytes.data (), size_t (given) * get_type_size (value->type));
  return CUDNN_STATUS_SUCCESS;
}

} // namespace stand_in

using namespace stand_in;

extern "C" {

void
cudnnGetLastErrorString (char *message, size_t size) {
  if (!size)
    return;
  size_t length = last_message.copy (message, size - 1);
  message[length] = 0;
  last_message.clear ();
}

cudnnStatus_t
cudnnBackendCreateDescriptor (cudnnBackendDescriptorType_t type,
                              cudnnBackendDescriptor_t *descriptor) {
  if (!descriptor)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no place for the descriptor");
  if (!find_attributes (type))
    return refuse (CUDNN_STATUS_NOT_SUPPORTED,
                   "descriptors of type " + std::to_string (type));
  *descriptor = new Descriptor{std::make_shared<Content> (Content{type, false, {}})};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendDestroyDescriptor (cudnnBackendDescriptor_t descriptor) {
  delete static_cast<Descriptor *> (descriptor);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendSetAttribute (cudnnBackendDescriptor_t descriptor,
                          cudnnBackendAttributeName_t name,
                          cudnnBackendAttributeType_t type,
                          int64_t count,
                          const void *values) {
  if (!descriptor)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no descriptor");
  Content *content = static_cast<Descriptor *> (descriptor)->content.get ();
  if (cudnnStatus_t status = check_new_value (content, name, type, count, values))
    return status;
  set_value (content, name, type, count, values);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnBackendGetAttribute (cudnnBackendDescriptor_t const descriptor,
                          cudnnBackendAttributeName_t name,
                          cudnnBackendAttributeType_t type,
                          int64_t wanted,
                          int64_t *count,
                          void *place) {
  if (!descriptor)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no descriptor");
  const Content *content = static_cast<Descriptor *> (descriptor)->content.get ();
  const Attribute *attribute = find_attribute (content, name);
  if (!content->finalized)
    return refuse (CUDNN_STATUS_NOT_INITIALIZED, "the descriptor is not finalized");
  if (!attribute)
    return refuse (CUDNN_STATUS_NOT_SUPPORTED, "attribute " + std::to_string (name));
  if (cudnnStatus_t status = check_type (attribute, type))
    return status;
  return get_value (content, attribute, wanted, count, place);
}

cudnnStatus_t
cudnnBackendFinalize (cudnnBackendDescriptor_t descriptor) {
  if (!descriptor)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no descriptor");
  const ContentPointer &content = static_cast<Descriptor *> (descriptor)->content;
  if (content->finalized)
    return refuse (CUDNN_STATUS_BAD_PARAM, "the descriptor is finalized");
  for (const Attribute &attribute : *find_attributes (content->type))
    if (attribute.need == Attribute::required && !content->find (attribute.name))
      return refuse (CUDNN_STATUS_BAD_PARAM,
                     "attribute " + std::to_string (attribute.name) + " is not set");
  if (cudnnStatus_t status = check_content (content.get ()))
    return status;
  if (cudnnStatus_t status = complete_content (content))
    return status;
  content->finalized = true;
  return CUDNN_STATUS_SUCCESS;
}
}
