/* Finds and opens the module of the GPU at run time, so that this program starts where there is none. */
#include "device-module.h"

#include <gmodule.h>

#include "core/base/error.h"
#include "core/base/module.h"

/* What the kernel's NVIDIA driver comes with; CUDA itself looks for no other name. */
#define DRIVER "libcuda.so.1"
#define FOLDER "core/nn/cudnn"
#define MODULE "librunet-cudnn." G_MODULE_SUFFIX

static GMutex opening; /* guards what follows */
static RunetSharedDevice *opened;
static guint users;

static char *
get_given_path (void) {
  const char *given = g_getenv ("RUNET_DEVICE_MODULE");
  return given != NULL && *given != '\0' ? g_strdup (given) : NULL;
}

/* It stays open: the module's libraries would open it again at once. */
static gboolean
check_driver (GError **error) {
  static gsize found;
  if (g_atomic_pointer_get (&found) != 0)
    return TRUE;
  if (g_module_open (DRIVER, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL) == NULL) {
    g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                         "no NVIDIA driver is installed");
    return FALSE;
  }
  g_atomic_pointer_set (&found, 1);
  return TRUE;
}

static RunetSharedDevice *
open_device (GError **error) {
  g_autofree char *given = get_given_path ();
  if (given == NULL && !check_driver (error))
    return NULL;
  g_autofree char *path =
      given != NULL ? g_steal_pointer (&given) : runet_module_find (FOLDER, MODULE);
  if (path == NULL) {
    g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                         "this build has no GPU module");
    return NULL;
  }
  const RunetDeviceClass *class = runet_module_open (
      path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL, RUNET_DEVICE_SYMBOL,
      RUNET_DEVICE_INTERFACE, "the GPU module", RUNET_ERROR_ENGINE, error);
  if (class == NULL)
    return NULL;
  g_autoptr (GError) local = NULL;
  RunetDevice *device = class->open (&local);
  if (device == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE, "no GPU answers (%s)",
                 local->message);
    return NULL;
  }
  RunetSharedDevice *shared = g_new0 (RunetSharedDevice, 1);
  shared->class = class;
  shared->device = device;
  g_rec_mutex_init (&shared->lock);
  return shared;
}

RunetSharedDevice *
runet_shared_device_take (GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&opening);
  if (opened == NULL)
    opened = open_device (error);
  if (opened != NULL)
    users++;
  return opened;
}

void
runet_shared_device_drop (RunetSharedDevice *shared) {
  if (shared == NULL)
    return;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&opening);
  g_return_if_fail (shared == opened && users > 0);
  if (--users > 0)
    return;
  shared->class->close (shared->device);
  g_rec_mutex_clear (&shared->lock);
  g_free (shared);
  opened = NULL;
}
