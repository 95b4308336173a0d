/* Streams and events. */
#include "stand-in.h"

#include <set>

namespace stand_in {

/* What putting work on the device takes at least. */
static constexpr double start_seconds = 2e-6;

static std::set<cudaStream_t> streams;
static double device_time;
static CUstream_st default_stream = {{}, nullptr, true};

std::recursive_mutex &
device_lock () {
  static std::recursive_mutex lock;
  return lock;
}

void
add_device_time (double seconds) {
  device_time += seconds;
}

cudaStream_t
resolve (cudaStream_t stream) {
  if (!stream || stream == cudaStreamLegacy || stream == cudaStreamPerThread)
    return &default_stream;
  return streams.count (stream) ? stream : nullptr;
}

void
run_queue (Queue *queue, const Mark *mark, const std::function<void (Work &)> &take) {
  while (!queue->items.empty () && !(mark && mark->passed)) {
    Item item = std::move (queue->items.front ());
    queue->items.pop_front ();
    if (item.wait && !item.wait->passed)
      run_queue (item.wait->queue, item.wait.get (), take);
    if (item.work)
      take (item.work);
    if (item.record) {
      item.record->time = device_time;
      item.record->passed = true;
    }
  }
}

void
execute (const Work &work) {
  if (work_is_to_fail ())
    set_standing_error (cudaErrorIllegalAddress);
  add_device_time (start_seconds);
  if (!standing_error ())
    work ();
}

static void
run_live (Queue *queue, const Mark *mark) {
  open_memory (true);
  run_queue (queue, mark, [] (Work &work) { execute (work); });
  open_memory (false);
}

void
run_stream (cudaStream_t stream, const Mark *mark) {
  if (!stream->queue.items.empty ())
    run_live (&stream->queue, mark);
}

void
run_all () {
  run_stream (&default_stream, nullptr);
  for (cudaStream_t stream : streams)
    run_stream (stream, nullptr);
}

/* What the default stream and the blocking ones owe each other. */
static void
order_with_default (cudaStream_t stream) {
  if (stream != &default_stream) {
    if (stream->blocking)
      run_stream (&default_stream, nullptr);
    return;
  }
  for (cudaStream_t other : streams)
    if (other->blocking)
      run_stream (other, nullptr);
}

cudaError_t
forbidden_on_default_stream () {
  for (cudaStream_t stream : streams)
    if (stream->blocking && stream->capture) {
      stream->capture->invalid = true;
      return cudaErrorStreamCaptureImplicit;
    }
  return forbidden_by_capture ();
}

static Queue *
get_queue (cudaStream_t stream) {
  if (!stream->capture)
    return &stream->queue;
  return stream->capture->queues[stream].get ();
}

static cudaError_t
put_item (cudaStream_t which, Item item) {
  cudaStream_t stream = resolve (which);

  if (!stream)
    return fail (cudaErrorInvalidResourceHandle);
  if (stream->capture && stream->capture->invalid)
    return fail (cudaErrorStreamCaptureInvalidated);
  if (stream == &default_stream)
    for (cudaStream_t other : streams)
      if (other->blocking && other->capture)
        return fail (forbidden_on_default_stream ());
  if (!stream->capture)
    order_with_default (stream);
  get_queue (stream)->items.push_back (std::move (item));
  return cudaSuccess;
}

cudaError_t
put (cudaStream_t stream, Work work) {
  return put_item (stream, {std::move (work), nullptr, nullptr});
}

/* A stream that is not capturing waits for an event of one that is: it joins. */
static cudaError_t
wait_captured (cudaStream_t stream, const std::shared_ptr<Mark> &mark) {
  const std::shared_ptr<Capture> &capture = mark->capture;

  if (!capture->queues.count (capture->origin))
    return cudaErrorCapturedEvent;
  if (stream == &default_stream)
    return cudaErrorStreamCaptureImplicit;
  if (stream->capture && stream->capture != capture)
    return cudaErrorStreamCaptureMerge;
  if (!stream->capture) {
    stream->capture = capture;
    capture->queues[stream] = std::make_unique<Queue> ();
  }
  return put_item (stream, {nullptr, nullptr, mark});
}

static cudaError_t
wait_event (cudaStream_t stream, const std::shared_ptr<Mark> &mark) {
  if (stream->capture && (!mark || mark->capture != stream->capture)) {
    stream->capture->invalid = true;
    return cudaErrorStreamCaptureIsolation;
  }
  if (!mark)
    return cudaSuccess;
  if (mark->capture)
    return wait_captured (stream, mark);
  return put_item (stream, {nullptr, nullptr, mark});
}

/* Lets the work before @mark run. */
static cudaError_t
reach (const Mark *mark) {
  if (mark->capture)
    return cudaErrorCapturedEvent;
  if (!mark->passed)
    run_live (mark->queue, mark);
  return standing_error ();
}

} // namespace stand_in

using namespace stand_in;

extern "C" {

cudaError_t
cudaStreamCreateWithFlags (cudaStream_t *stream, unsigned flags) {
  STAND_IN_ENTER;
  if (!stream || flags & ~unsigned (cudaStreamNonBlocking))
    return fail (cudaErrorInvalidValue);
  *stream = new CUstream_st{{}, nullptr, !(flags & cudaStreamNonBlocking)};
  streams.insert (*stream);
  return cudaSuccess;
}

cudaError_t
cudaStreamCreate (cudaStream_t *stream) {
  return cudaStreamCreateWithFlags (stream, cudaStreamDefault);
}

cudaError_t
cudaStreamCreateWithPriority (cudaStream_t *stream, unsigned flags, int priority) {
  return cudaStreamCreateWithFlags (stream, flags);
}

cudaError_t
cudaStreamDestroy (cudaStream_t stream) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  if (!streams.count (stream))
    return fail (cudaErrorInvalidResourceHandle);
  if (stream->capture)
    return fail (cudaErrorStreamCaptureUnsupported);
  run_stream (stream, nullptr);
  streams.erase (stream);
  delete stream;
  return cudaSuccess;
}

/* Waiting for a stream is illegal while it captures, and ends the capture. */
static cudaError_t
spoil_capture (cudaStream_t stream) {
  if (!stream->capture)
    return cudaSuccess;
  stream->capture->invalid = true;
  return cudaErrorStreamCaptureUnsupported;
}

cudaError_t
cudaStreamSynchronize (cudaStream_t which) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream)
    return fail (cudaErrorInvalidResourceHandle);
  if (cudaError_t error = spoil_capture (stream))
    return fail (error);
  if (stream == &default_stream)
    if (cudaError_t error = forbidden_on_default_stream ())
      return fail (error);
  order_with_default (stream);
  run_stream (stream, nullptr);
  return fail (standing_error ());
}

/* Whoever asks again and again gets there: asking lets the work run. */
cudaError_t
cudaStreamQuery (cudaStream_t which) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream)
    return fail (cudaErrorInvalidResourceHandle);
  if (cudaError_t error = spoil_capture (stream))
    return fail (error);
  if (stream->queue.items.empty ())
    return cudaSuccess;
  run_stream (stream, nullptr);
  return cudaErrorNotReady;
}

cudaError_t
cudaDeviceSynchronize () {
  STAND_IN_ENTER;
  for (cudaStream_t stream : streams)
    if (stream->capture) {
      stream->capture->invalid = true;
      return fail (cudaErrorStreamCaptureUnsupported);
    }
  run_all ();
  return fail (standing_error ());
}

cudaError_t
cudaStreamWaitEvent (cudaStream_t which, cudaEvent_t event, unsigned flags) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream || !event)
    return fail (cudaErrorInvalidResourceHandle);
  return fail (wait_event (stream, event->mark));
}

cudaError_t
cudaEventCreateWithFlags (cudaEvent_t *event, unsigned flags) {
  STAND_IN_ENTER;
  if (!event || flags & ~unsigned (cudaEventBlockingSync | cudaEventDisableTiming))
    return fail (cudaErrorInvalidValue);
  *event = new CUevent_st{nullptr, !(flags & cudaEventDisableTiming)};
  return cudaSuccess;
}

cudaError_t
cudaEventCreate (cudaEvent_t *event) {
  return cudaEventCreateWithFlags (event, cudaEventDefault);
}

cudaError_t
cudaEventDestroy (cudaEvent_t event) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  if (!event)
    return fail (cudaErrorInvalidResourceHandle);
  delete event;
  return cudaSuccess;
}

cudaError_t
cudaEventRecord (cudaEvent_t event, cudaStream_t which) {
  STAND_IN_ENTER;
  cudaStream_t stream = resolve (which);
  if (!stream || !event)
    return fail (cudaErrorInvalidResourceHandle);
  auto mark =
      std::make_shared<Mark> (Mark{stream->capture, get_queue (stream), false, 0});
  if (cudaError_t error = put_item (stream, {nullptr, mark, nullptr}))
    return error;
  event->mark = mark;
  return cudaSuccess;
}

cudaError_t
cudaEventSynchronize (cudaEvent_t event) {
  STAND_IN_ENTER;
  if (!event)
    return fail (cudaErrorInvalidResourceHandle);
  return event->mark ? fail (reach (event->mark.get ())) : cudaSuccess;
}

cudaError_t
cudaEventQuery (cudaEvent_t event) {
  STAND_IN_ENTER;
  if (!event)
    return fail (cudaErrorInvalidResourceHandle);
  if (!event->mark || event->mark->passed)
    return cudaSuccess;
  if (cudaError_t error = reach (event->mark.get ()))
    return fail (error);
  return cudaErrorNotReady;
}

cudaError_t
cudaEventElapsedTime (float *milliseconds, cudaEvent_t start, cudaEvent_t end) {
  STAND_IN_ENTER;
  if (!start || !end || !start->mark || !end->mark || !start->timing || !end->timing)
    return fail (cudaErrorInvalidResourceHandle);
  if (!start->mark->passed || !end->mark->passed)
    return cudaErrorNotReady;
  *milliseconds = float (1e3 * (end->mark->time - start->mark->time));
  return cudaSuccess;
}
}
