/* A stand-in for NCCL: processes of one machine add up through shared memory, in the order of their ranks. */
#include <atomic>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "core/nn/cudnn/nccl-functions.h"
#include "stand-in.h"

/* Most that each process has to add; untouched parts of it take no memory. */
#define SLOT_BYTES ((size_t)256 << 20)
/* A process that waits longer is alone. */
#define PATIENCE_S 60

struct Meeting {
  std::atomic<unsigned> joined, arrived, round;
};

struct ncclComm {
  std::string name;
  unsigned rank, size;
  Meeting *meeting;
  char *slots;
  size_t bytes;
};

/* All processes come here before any goes on. */
static bool
meet (ncclComm *comm) {
  const unsigned round = comm->meeting->round;
  if (comm->meeting->arrived.fetch_add (1) + 1 == comm->size) {
    comm->meeting->arrived = 0;
    comm->meeting->round++;
    return true;
  }
  const time_t last = time (nullptr) + PATIENCE_S;
  while (comm->meeting->round == round) {
    if (time (nullptr) > last)
      return false;
    sched_yield ();
  }
  return true;
}

static ncclResult_t
get_unique_id (ncclUniqueId *id) {
  static unsigned count;
  snprintf (id->internal, sizeof id->internal, "/runet-nccl-%ld-%u", (long)getpid (),
            count++);
  return ncclSuccess;
}

static ncclResult_t
init_rank (ncclComm_t *made, int size, ncclUniqueId id, int rank) {
  const size_t bytes = sizeof (Meeting) + (size_t)size * SLOT_BYTES;
  const int file = shm_open (id.internal, O_CREAT | O_RDWR, 0600);
  if (file < 0 || ftruncate (file, (off_t)bytes) != 0)
    return ncclSystemError;
  void *memory = mmap (nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                       file, 0);
  close (file);
  if (memory == MAP_FAILED)
    return ncclSystemError;
  char *start = static_cast<char *> (memory);
  auto comm = new ncclComm { id.internal,       (unsigned)rank,          (unsigned)size,
                             (Meeting *)memory, start + sizeof (Meeting), bytes };
  const bool together = meet (comm);
  shm_unlink (id.internal);
  *made = comm;
  return together ? ncclSuccess : ncclRemoteError;
}

template <typename T>
static void
add_up (ncclComm *comm, T *values, size_t count) {
  memcpy (comm->slots + comm->rank * SLOT_BYTES, values, count * sizeof (T));
  if (!meet (comm)) {
    stand_in::set_standing_error (cudaErrorLaunchTimeout);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    T sum = 0;
    for (unsigned r = 0; r < comm->size; r++)
      sum += reinterpret_cast<const T *> (comm->slots + r * SLOT_BYTES)[i];
    values[i] = sum;
  }
  meet (comm);
}

static ncclResult_t
all_reduce (const void *from,
            void *to,
            size_t count,
            ncclDataType_t type,
            ncclRedOp_t operation,
            ncclComm_t comm,
            cudaStream_t stream) {
  const size_t each = type == ncclFloat64 ? sizeof (double) : sizeof (float);
  if (from != to || operation != ncclSum || (type != ncclFloat64 && type != ncclFloat32) ||
      count * each > SLOT_BYTES || !stand_in::is_device_memory (to, count * each))
    return ncclInvalidArgument;
  const cudaError_t status = stand_in::put (stream, [=] {
    if (type == ncclFloat64)
      add_up (comm, static_cast<double *> (to), count);
    else
      add_up (comm, static_cast<float *> (to), count);
  });
  return status == cudaSuccess ? ncclSuccess : ncclUnhandledCudaError;
}

static ncclResult_t
destroy (ncclComm_t comm) {
  munmap (comm->meeting, comm->bytes);
  delete comm;
  return ncclSuccess;
}

static const char *
get_error_string (ncclResult_t result) {
  return result == ncclRemoteError ? "the others do not come" : "wrong use, or no memory";
}

extern "C" const RunetNccl *
runet_nccl_get (GError **) {
  static const RunetNccl functions = { get_unique_id, init_rank, all_reduce,
                                       destroy,       destroy,   get_error_string };
  return &functions;
}
