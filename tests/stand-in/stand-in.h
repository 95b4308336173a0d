/* The stand-in device: streams whose work runs late.
 *
 * Work that is put on a stream waits there until somebody synchronizes with it; then it runs, in the stream's order,
 * after the work of other streams that it waits for by events, and no other. So a synchronization that is missing,
 * or a buffer that the program reuses too early, shows as a wrong result.
 * One lock, recursive, is held by every call; work runs under it in the thread that synchronizes. */
#pragma once

#include <cuda_runtime_api.h>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace stand_in {

using Work = std::function<void ()>;

struct Capture;
struct Queue;

/* A place in a queue, that others can wait for. */
struct Mark {
  std::shared_ptr<Capture> capture; /* null: of a stream that ran */
  Queue *queue;
  bool passed;
  double time; /* seconds of the device's clock, when it passed */
};

struct Item {
  Work work;
  std::shared_ptr<Mark> record, wait;
};

struct Queue {
  std::deque<Item> items;
};

/* Streams that record, instead of to run. The first began. */
struct Capture {
  std::map<cudaStream_t, std::unique_ptr<Queue>> queues;
  cudaStream_t origin;
  cudaStreamCaptureMode mode;
  std::thread::id thread;
  bool invalid;
};

/* Runs @queue until @mark has passed (null: all), handing each work to @take. */
void
run_queue (Queue *queue, const Mark *mark, const std::function<void (Work &)> &take);
/* Runs @work, unless the device has failed. */
void
execute (const Work &work);
void
run_stream (cudaStream_t stream, const Mark *mark);
/* Everything of every stream that is not capturing. */
void
run_all ();
/* Puts @work on @stream, or records it. */
cudaError_t
put (cudaStream_t stream, Work work);
cudaStream_t
resolve (cudaStream_t stream);

std::recursive_mutex &
device_lock ();
/* Sets the thread's last error and returns it. */
cudaError_t
fail (cudaError_t error);
/* What every call fails with: no device, or what work that ran failed with. */
cudaError_t
standing_error ();
void
set_standing_error (cudaError_t error);
/* What a call that is unsafe while capturing fails with; it spoils the capture. */
cudaError_t
forbidden_by_capture ();
/* What a call that uses the default stream at once fails with. */
cudaError_t
forbidden_on_default_stream ();
/* Whether this launch is the one that RUNET_STAND_IN_FAIL_AFTER wants to fail. */
bool
launch_is_to_fail ();
/* Before each work that runs: whether RUNET_STAND_IN_FAIL_LATE wants it to fail. */
bool
work_is_to_fail ();
/* The device's clock counts what its work is worth, not how long the processor takes: the same each time. */
void
add_device_time (double seconds);

/* Whether @size bytes from @place all lie in one block of device memory; and whether any does. */
bool
is_device_memory (const void *place, size_t size);
bool
touches_device_memory (const void *place, size_t size);
/* Lets the program's thread at the device's memory, or keeps it off. */
void
open_memory (bool open);

} // namespace stand_in

struct CUstream_st {
  stand_in::Queue queue;
  std::shared_ptr<stand_in::Capture> capture;
  bool blocking; /* waits for the default stream, and it for this */
};

struct CUevent_st {
  std::shared_ptr<stand_in::Mark> mark;
  bool timing;
};

struct CUgraph_st {
  std::shared_ptr<const std::vector<stand_in::Work>> works;
};

struct CUgraphExec_st {
  std::shared_ptr<const std::vector<stand_in::Work>> works;
};

/* How most calls begin. */
#define STAND_IN_ENTER                                                             \
  std::lock_guard<std::recursive_mutex> stand_in_guard (stand_in::device_lock ()); \
  if (cudaError_t stand_in_error = stand_in::standing_error ())                    \
  return stand_in::fail (stand_in_error)
