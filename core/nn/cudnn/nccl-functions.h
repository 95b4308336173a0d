/* The functions of NCCL that are used, found at run time: only a training of several processes looks for them. */
#pragma once

#include <glib.h>
#include <nccl.h>

G_BEGIN_DECLS

typedef struct {
  ncclResult_t (*get_unique_id) (ncclUniqueId *id);
  ncclResult_t (*init_rank) (ncclComm_t *comm, int size, ncclUniqueId id, int rank);
  ncclResult_t (*all_reduce) (const void *from,
                              void *to,
                              size_t count,
                              ncclDataType_t type,
                              ncclRedOp_t operation,
                              ncclComm_t comm,
                              cudaStream_t stream);
  ncclResult_t (*destroy) (ncclComm_t comm);
  ncclResult_t (*abort) (ncclComm_t comm);
  const char *(*get_error_string) (ncclResult_t result);
} RunetNccl;

/* (transfer none). Errors: %RUNET_ERROR_UNSUPPORTED. */
const RunetNccl *
runet_nccl_get (GError **error);

G_END_DECLS
