/* Sums over the processes of a training, made by NCCL between their GPUs. */
#include "group.h"

#include <string.h>

#include "core/base/error.h"
#include "nccl-functions.h"

G_STATIC_ASSERT (RUNET_DEVICE_GROUP_ID == sizeof (ncclUniqueId));

struct _RunetDeviceSum {
  const RunetNccl *nccl;
  ncclComm_t comm;
};

static gboolean
check (const RunetNccl *nccl, ncclResult_t result, const char *what, GError **error) {
  if (result == ncclSuccess)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE, "GPU: NCCL: %s: %s", what,
               nccl->get_error_string (result));
  return FALSE;
}

gboolean
runet_device_group_make_id (guint8 *id, GError **error) {
  const RunetNccl *nccl = runet_nccl_get (error);
  ncclUniqueId made;
  if (nccl != NULL && id == NULL)
    return TRUE;
  if (nccl == NULL || !check (nccl, nccl->get_unique_id (&made), "an id", error))
    return FALSE;
  memcpy (id, &made, sizeof made);
  return TRUE;
}

RunetDeviceSum *
runet_device_sum_new (const RunetDeviceGroup *group, GError **error) {
  const RunetNccl *nccl = runet_nccl_get (error);
  if (nccl == NULL)
    return NULL;
  ncclUniqueId id;
  memcpy (&id, group->id, sizeof id);
  ncclComm_t comm = NULL;
  if (!check (nccl, nccl->init_rank (&comm, (int)group->size, id, (int)group->rank),
              "the processes do not find each other", error))
    return NULL;
  RunetDeviceSum *self = g_new0 (RunetDeviceSum, 1);
  self->nccl = nccl;
  self->comm = comm;
  return self;
}

void
runet_device_sum_free (RunetDeviceSum *self, gboolean broken) {
  if (self == NULL)
    return;
  if (broken)
    self->nccl->abort (self->comm);
  else
    self->nccl->destroy (self->comm);
  g_free (self);
}

static gboolean
enqueue (RunetDeviceSum *self,
         cudaStream_t stream,
         gpointer values,
         gsize count,
         ncclDataType_t type,
         GError **error) {
  if (self == NULL)
    return TRUE;
  const ncclResult_t result =
      self->nccl->all_reduce (values, values, count, type, ncclSum, self->comm, stream);
  return check (self->nccl, result, "a sum over the processes", error);
}

gboolean
runet_device_sum_enqueue_doubles (RunetDeviceSum *self,
                                  cudaStream_t stream,
                                  double *values,
                                  gsize count,
                                  GError **error) {
  return enqueue (self, stream, values, count, ncclDouble, error);
}

gboolean
runet_device_sum_enqueue_floats (RunetDeviceSum *self,
                                 cudaStream_t stream,
                                 float *values,
                                 gsize count,
                                 GError **error) {
  return enqueue (self, stream, values, count, ncclFloat, error);
}
