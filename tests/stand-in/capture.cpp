/* Capturing streams, and graphs, which are the works in one order that all waits allow. */
#include "stand-in.h"

#include <set>

namespace stand_in {

static std::set<std::shared_ptr<Capture>> captures;

cudaError_t
forbidden_by_capture () {
  for (const std::shared_ptr<Capture> &capture : captures) {
    if (capture->mode == cudaStreamCaptureModeRelaxed ||
        (capture->mode == cudaStreamCaptureModeThreadLocal &&
         capture->thread != std::this_thread::get_id ()))
      continue;
    capture->invalid = true;
    return cudaErrorStreamCaptureUnsupported;
  }
  return cudaSuccess;
}

/* The works that the first stream's end waits for, in order. Whatever is left over was never joined. */
static cudaError_t
flatten (Capture *capture, std::vector<Work> *works) {
  run_queue (capture->queues[capture->origin].get (), nullptr,
             [=] (Work &work) { works->push_back (std::move (work)); });
  for (auto &entry : capture->queues)
    for (Item &item : entry.second->items)
      if (item.work)
        return cudaErrorStreamCaptureUnjoined;
  return cudaSuccess;
}

} // namespace stand_in

using namespace stand_in;

extern "C" {

cudaError_t
cudaStreamBeginCapture (cudaStream_t which, cudaStreamCaptureMode mode) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream)
    return fail (cudaErrorInvalidResourceHandle);
  if (stream == resolve (nullptr) || stream->capture)
    return fail (stream->capture ? cudaErrorIllegalState
                                 : cudaErrorStreamCaptureUnsupported);
  auto capture = std::make_shared<Capture> ();
  capture->origin = stream;
  capture->mode = mode;
  capture->thread = std::this_thread::get_id ();
  capture->invalid = false;
  capture->queues[stream] = std::make_unique<Queue> ();
  stream->capture = capture;
  captures.insert (capture);
  return cudaSuccess;
}

cudaError_t
cudaStreamEndCapture (cudaStream_t which, cudaGraph_t *graph) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream || !graph)
    return fail (stream ? cudaErrorInvalidValue : cudaErrorInvalidResourceHandle);
  *graph = nullptr;
  std::shared_ptr<Capture> capture = stream->capture;
  if (!capture)
    return fail (cudaErrorIllegalState);
  if (capture->origin != stream)
    return fail (cudaErrorStreamCaptureUnmatched);
  if (capture->mode != cudaStreamCaptureModeRelaxed &&
      capture->thread != std::this_thread::get_id ())
    return fail (cudaErrorStreamCaptureWrongThread);
  auto works = std::make_shared<std::vector<Work>> ();
  cudaError_t error = capture->invalid ? cudaErrorStreamCaptureInvalidated
                                       : flatten (capture.get (), works.get ());
  for (auto &entry : capture->queues)
    entry.first->capture = nullptr;
  capture->queues.clear ();
  captures.erase (capture);
  if (error)
    return fail (error);
  *graph = new CUgraph_st{works};
  return cudaSuccess;
}

cudaError_t
cudaStreamIsCapturing (cudaStream_t which, cudaStreamCaptureStatus *status) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream || !status)
    return fail (stream ? cudaErrorInvalidValue : cudaErrorInvalidResourceHandle);
  *status = cudaStreamCaptureStatusNone;
  if (stream->capture)
    *status = stream->capture->invalid ? cudaStreamCaptureStatusInvalidated
                                       : cudaStreamCaptureStatusActive;
  return cudaSuccess;
}

cudaError_t
cudaGraphInstantiate (cudaGraphExec_t *executable,
                      cudaGraph_t graph,
                      unsigned long long flags) {
  STAND_IN_ENTER;
  if (!executable || !graph)
    return fail (cudaErrorInvalidValue);
  *executable = new CUgraphExec_st{graph->works};
  return cudaSuccess;
}

cudaError_t
cudaGraphInstantiateWithFlags (cudaGraphExec_t *executable,
                               cudaGraph_t graph,
                               unsigned long long flags) {
  return cudaGraphInstantiate (executable, graph, flags);
}

cudaError_t
cudaGraphUpload (cudaGraphExec_t executable, cudaStream_t stream) {
  STAND_IN_ENTER;
  return fail (executable && resolve (stream) ? cudaSuccess : cudaErrorInvalidValue);
}

cudaError_t
cudaGraphGetNodes (cudaGraph_t graph, cudaGraphNode_t *nodes, size_t *count) {
  STAND_IN_ENTER;
  /* The nodes themselves have no names here. */
  if (!graph || nodes || !count)
    return fail (cudaErrorInvalidValue);
  *count = graph->works->size ();
  return cudaSuccess;
}

cudaError_t
cudaGraphLaunch (cudaGraphExec_t executable, cudaStream_t stream) {
  STAND_IN_ENTER;
  if (!executable)
    return fail (cudaErrorInvalidValue);
  if (launch_is_to_fail ())
    return fail (cudaErrorLaunchOutOfResources);
  auto works = executable->works;
  return put (stream, [works] {
    for (const Work &work : *works)
      execute (work);
  });
}

cudaError_t
cudaGraphDestroy (cudaGraph_t graph) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  delete graph;
  return graph ? cudaSuccess : fail (cudaErrorInvalidValue);
}

cudaError_t
cudaGraphExecDestroy (cudaGraphExec_t executable) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  delete executable;
  return executable ? cudaSuccess : fail (cudaErrorInvalidValue);
}
}
