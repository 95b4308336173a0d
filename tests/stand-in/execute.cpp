/* cuDNN's handles, and plans put on the stream of one. */
#include "graph.h"
#include "stand-in.h"

#include <string.h>

namespace stand_in {

static cudnnStatus_t
check_pointer (const Tensor &tensor, void *pointer) {
  std::string name = "tensor " + std::to_string (tensor.id);

  if (!pointer)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, name + ": no memory");
  if (uintptr_t (pointer) % size_t (tensor.alignment))
    return refuse (CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER,
                   name + ": less aligned than it says");
  if (!is_device_memory (pointer, tensor.bytes ()))
    return refuse (CUDNN_STATUS_BAD_PARAM_OUT_OF_BOUND,
                   name + ": " + std::to_string (tensor.bytes ()) +
                       " bytes do not all lie in one block of device memory");
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t
read_pointers (const std::vector<Step> &steps,
               const Content *pack,
               std::map<int64_t, void *> *pointers) {
  const Value *ids = pack->find (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);

  for (size_t k = 0; k < size_t (ids->count); k++)
    (*pointers)[pack->get<int64_t> (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, 0, k)] =
        pack->get<void *> (CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, nullptr, k);
  for (const Step &step : steps)
    for (const Tensor *tensor : {&step.a, step.b ? &*step.b : nullptr, &step.result}) {
      if (!tensor || tensor->is_virtual)
        continue;
      auto found = pointers->find (tensor->id);
      if (found == pointers->end ())
        return refuse (CUDNN_STATUS_BAD_PARAM,
                       "tensor " + std::to_string (tensor->id) + " is not in the pack");
      if (cudnnStatus_t status = check_pointer (*tensor, found->second))
        return status;
    }
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t
execute_plan (cudnnHandle_t handle, const Content *plan, const Content *pack) {
  const Content *engine = plan->get_content (CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG)
                              ->get_content (CUDNN_ATTR_ENGINECFG_ENGINE);
  std::vector<Step> steps =
      read_graph (engine->get_content (CUDNN_ATTR_ENGINE_OPERATION_GRAPH));
  auto index = engine->get<int64_t> (CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  auto bytes = plan->get<int64_t> (CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
  auto workspace = pack->get<void *> (CUDNN_ATTR_VARIANT_PACK_WORKSPACE);
  std::map<int64_t, void *> pointers;

  if (cudnnStatus_t status = read_pointers (steps, pack, &pointers))
    return status;
  if (bytes && !is_device_memory (workspace, size_t (bytes)))
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER,
                   "workspace of " + std::to_string (bytes) + " bytes is not given");
  if (launch_is_to_fail ())
    return refuse (CUDNN_STATUS_EXECUTION_FAILED, "the launch failed");
  cudaError_t error = put (handle->stream, [=] {
    if (bytes)
      memset (workspace, 0xFF, size_t (bytes));
    run_graph (steps, index, pointers);
  });
  return error
             ? refuse (CUDNN_STATUS_EXECUTION_FAILED_CUDART, cudaGetErrorString (error))
             : CUDNN_STATUS_SUCCESS;
}

} // namespace stand_in

using namespace stand_in;

extern "C" {

cudnnStatus_t
cudnnBackendExecute (cudnnHandle_t handle,
                     cudnnBackendDescriptor_t plan,
                     cudnnBackendDescriptor_t pack) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  if (!handle || !plan || !pack)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle, plan or pack");
  const Content *what = static_cast<Descriptor *> (plan)->content.get ();
  const Content *with = static_cast<Descriptor *> (pack)->content.get ();
  if (what->type != CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR ||
      with->type != CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)
    return refuse (CUDNN_STATUS_BAD_PARAM, "not a plan and a pack");
  if (!what->finalized || !with->finalized)
    return refuse (CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "plan or pack");
  if (standing_error ())
    return refuse (CUDNN_STATUS_EXECUTION_FAILED,
                   cudaGetErrorString (standing_error ()));
  return execute_plan (handle, what, with);
}

cudnnStatus_t
cudnnCreate (cudnnHandle_t *handle) {
  if (!handle)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no place for the handle");
  if (standing_error ())
    return refuse (CUDNN_STATUS_NOT_INITIALIZED,
                   cudaGetErrorString (standing_error ()));
  *handle = new cudnnContext{nullptr};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnDestroy (cudnnHandle_t handle) {
  delete handle;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnSetStream (cudnnHandle_t handle, cudaStream_t stream) {
  if (!handle)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle");
  handle->stream = stream;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t
cudnnGetStream (cudnnHandle_t handle, cudaStream_t *stream) {
  if (!handle || !stream)
    return refuse (CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "no handle or stream");
  *stream = handle->stream;
  return CUDNN_STATUS_SUCCESS;
}

size_t
cudnnGetVersion () {
  return CUDNN_VERSION;
}

size_t
cudnnGetCudartVersion () {
  return CUDART_VERSION;
}

const char *
cudnnGetErrorString (cudnnStatus_t status) {
#define NAME(status) \
  case status:       \
    return #status
  switch (status) {
    NAME (CUDNN_STATUS_SUCCESS);
    NAME (CUDNN_STATUS_NOT_INITIALIZED);
    NAME (CUDNN_STATUS_BAD_PARAM);
    NAME (CUDNN_STATUS_BAD_PARAM_NULL_POINTER);
    NAME (CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER);
    NAME (CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED);
    NAME (CUDNN_STATUS_BAD_PARAM_OUT_OF_BOUND);
    NAME (CUDNN_STATUS_BAD_PARAM_DUPLICATED_ENTRIES);
    NAME (CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE);
    NAME (CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE);
    NAME (CUDNN_STATUS_NOT_SUPPORTED);
    NAME (CUDNN_STATUS_EXECUTION_FAILED);
    NAME (CUDNN_STATUS_EXECUTION_FAILED_CUDART);
  default:
    return "CUDNN_STATUS_UNKNOWN";
  }
#undef NAME
}
}
