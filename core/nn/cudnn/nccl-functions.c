/* Finds NCCL. */
#include "nccl-functions.h"

#include <gmodule.h>

#include "core/base/error.h"

#define LIBRARY "libnccl.so.2"

static GMutex opening; /* guards what follows */
static RunetNccl functions;
static GModule *library;

static gboolean
find_functions (GModule *module, RunetNccl *found) {
  const struct {
    const char *name;
    gpointer *function;
  } symbols[] = {
      {"ncclGetUniqueId", (gpointer *)&found->get_unique_id},
      {"ncclCommInitRank", (gpointer *)&found->init_rank},
      {"ncclAllReduce", (gpointer *)&found->all_reduce},
      {"ncclCommAbort", (gpointer *)&found->abort},
      {"ncclCommDestroy", (gpointer *)&found->destroy},
      {"ncclGetErrorString", (gpointer *)&found->get_error_string},
  };
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (!g_module_symbol (module, symbols[i].name, symbols[i].function))
      return FALSE;
  return TRUE;
}

/* It stays in memory for good, as CUDA's own libraries do. */
const RunetNccl *
runet_nccl_get (GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&opening);
  if (library != NULL)
    return &functions;
  GModule *module = g_module_open (LIBRARY, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module != NULL && find_functions (module, &functions)) {
    library = module;
    return &functions;
  }
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "training on several GPUs at once needs NCCL (%s)", g_module_error ());
  if (module != NULL)
    g_module_close (module);
  return NULL;
}
