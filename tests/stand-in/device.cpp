/* The device itself: what it is, how it fails, and its errors' names. */
#include "stand-in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace stand_in {

static thread_local cudaError_t last_error;
static cudaError_t context_error;

static constexpr int processors = 4, shared_bytes = 49152;

cudaError_t
fail (cudaError_t error) {
  if (error)
    last_error = error;
  return error;
}

cudaError_t
standing_error () {
  const char *devices = getenv ("RUNET_STAND_IN_DEVICES");

  if (devices && !strcmp (devices, "0"))
    return cudaErrorNoDevice;
  return context_error;
}

void
set_standing_error (cudaError_t error) {
  context_error = error;
}

/* Counts down what @variable says, from the call after it was set or changed. */
static bool
is_nth (const char *variable, std::string *seen, unsigned long *left) {
  const char *text = getenv (variable);

  if (*seen != (text ? text : "")) {
    *seen = text ? text : "";
    *left = strtoul (seen->c_str (), nullptr, 10);
  }
  return *left && !--*left;
}

bool
launch_is_to_fail () {
  static std::string seen;
  static unsigned long left;

  return is_nth ("RUNET_STAND_IN_FAIL_AFTER", &seen, &left);
}

bool
work_is_to_fail () {
  static std::string seen;
  static unsigned long left;

  return is_nth ("RUNET_STAND_IN_FAIL_LATE", &seen, &left);
}

struct ErrorText {
  cudaError_t error;
  const char *name, *text;
};

#define ERROR_TEXT(name, text) \
  { name, #name, text }
static const ErrorText error_texts[] = {
    ERROR_TEXT (cudaSuccess, "no error"),
    ERROR_TEXT (cudaErrorInvalidValue, "invalid argument"),
    ERROR_TEXT (cudaErrorMemoryAllocation, "out of memory"),
    ERROR_TEXT (cudaErrorInvalidConfiguration, "invalid configuration argument"),
    ERROR_TEXT (cudaErrorInvalidPitchValue, "invalid pitch argument"),
    ERROR_TEXT (cudaErrorNoDevice, "no CUDA-capable device is detected"),
    ERROR_TEXT (cudaErrorInvalidDevice, "invalid device ordinal"),
    ERROR_TEXT (cudaErrorInvalidResourceHandle, "invalid resource handle"),
    ERROR_TEXT (cudaErrorIllegalState,
                "the operation cannot be performed in the present state"),
    ERROR_TEXT (cudaErrorNotReady, "device not ready"),
    ERROR_TEXT (cudaErrorNotSupported, "operation not supported"),
    ERROR_TEXT (cudaErrorIllegalAddress, "an illegal memory access was encountered"),
    ERROR_TEXT (cudaErrorLaunchOutOfResources,
                "too many resources requested for launch"),
    ERROR_TEXT (cudaErrorStreamCaptureUnsupported,
                "operation not permitted when stream is capturing"),
    ERROR_TEXT (cudaErrorStreamCaptureInvalidated,
                "operation failed due to a previous error during capture"),
    ERROR_TEXT (cudaErrorStreamCaptureMerge,
                "operation would result in a merge of separate capture sequences"),
    ERROR_TEXT (cudaErrorStreamCaptureUnmatched,
                "capture was not ended in the same stream as it began"),
    ERROR_TEXT (cudaErrorStreamCaptureUnjoined, "capturing stream has unjoined work"),
    ERROR_TEXT (cudaErrorStreamCaptureIsolation,
                "dependency created on uncaptured work in another stream"),
    ERROR_TEXT (
        cudaErrorStreamCaptureImplicit,
        "operation would make the legacy stream depend on a capturing blocking stream"),
    ERROR_TEXT (
        cudaErrorCapturedEvent,
        "operation not permitted on an event last recorded in a capturing stream"),
    ERROR_TEXT (
        cudaErrorStreamCaptureWrongThread,
        "attempt to terminate a thread-local capture sequence from another thread"),
};

static const ErrorText *
find_text (cudaError_t error) {
  static const ErrorText unknown = {cudaErrorUnknown, "unrecognized error code",
                                    "unrecognized error code"};

  for (const ErrorText &text : error_texts)
    if (text.error == error)
      return &text;
  return &unknown;
}

} // namespace stand_in

using namespace stand_in;

extern "C" {

const char *
cudaGetErrorName (cudaError_t error) {
  return find_text (error)->name;
}

const char *
cudaGetErrorString (cudaError_t error) {
  return find_text (error)->text;
}

cudaError_t
cudaPeekAtLastError () {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  return context_error ? context_error : last_error;
}

cudaError_t
cudaGetLastError () {
  cudaError_t error = cudaPeekAtLastError ();

  last_error = cudaSuccess;
  return error;
}

cudaError_t
cudaGetDeviceCount (int *count) {
  std::lock_guard<std::recursive_mutex> guard (device_lock ());

  *count = standing_error () == cudaErrorNoDevice ? 0 : 1;
  return fail (standing_error ());
}

cudaError_t
cudaSetDevice (int device) {
  STAND_IN_ENTER;
  return fail (device ? cudaErrorInvalidDevice : cudaSuccess);
}

cudaError_t
cudaGetDevice (int *device) {
  STAND_IN_ENTER;
  *device = 0;
  return cudaSuccess;
}

cudaError_t
cudaSetDeviceFlags (unsigned flags) {
  STAND_IN_ENTER;
  return cudaSuccess;
}

cudaError_t
cudaRuntimeGetVersion (int *version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t
cudaDriverGetVersion (int *version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t
cudaGetDeviceProperties (cudaDeviceProp *properties, int device) {
  STAND_IN_ENTER;
  if (device)
    return fail (cudaErrorInvalidDevice);
  size_t available;
  memset (properties, 0, sizeof *properties);
  snprintf (properties->name, sizeof properties->name, "Stand-in device");
  cudaMemGetInfo (&available, &properties->totalGlobalMem);
  properties->major = 9;
  properties->minor = 0;
  properties->multiProcessorCount = processors;
  properties->warpSize = 32;
  properties->maxThreadsPerBlock = 1024;
  properties->maxThreadsPerMultiProcessor = 2048;
  properties->sharedMemPerBlock = shared_bytes;
  properties->asyncEngineCount = 1;
  properties->concurrentKernels = 1;
  properties->unifiedAddressing = 1;
  const int block[] = {1024, 1024, 64}, grid[] = {0x7FFFFFFF, 65535, 65535};
  memcpy (properties->maxThreadsDim, block, sizeof block);
  memcpy (properties->maxGridSize, grid, sizeof grid);
  return cudaSuccess;
}

cudaError_t
cudaDeviceGetAttribute (int *value, cudaDeviceAttr attribute, int device) {
  STAND_IN_ENTER;
  static const std::map<cudaDeviceAttr, int> values = {
      {cudaDevAttrMaxThreadsPerBlock, 1024},
      {cudaDevAttrWarpSize, 32},
      {cudaDevAttrMultiProcessorCount, processors},
      {cudaDevAttrMaxThreadsPerMultiProcessor, 2048},
      {cudaDevAttrMaxSharedMemoryPerBlock, shared_bytes},
      {cudaDevAttrComputeCapabilityMajor, 9},
      {cudaDevAttrComputeCapabilityMinor, 0},
      {cudaDevAttrClockRate, 1000000},
      {cudaDevAttrMemoryClockRate, 1000000},
      {cudaDevAttrGlobalMemoryBusWidth, 64},
      {cudaDevAttrL2CacheSize, 1 << 20},
  };
  auto known = values.find (attribute);
  if (device || known == values.end ())
    return fail (device ? cudaErrorInvalidDevice : cudaErrorInvalidValue);
  *value = known->second;
  return cudaSuccess;
}
}
