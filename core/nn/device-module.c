/* Finds and opens the module of the GPU at run time, so that this program starts where there is none. */
#include "device-module.h"

#include <gmodule.h>

#include "core/base/error.h"

/* What the kernel's NVIDIA driver comes with; CUDA itself looks for no other name. */
#define DRIVER "libcuda.so.1"
#define FOLDER "runet-review"
#define MODULE "librunet-cudnn." G_MODULE_SUFFIX
/* Where a build has it, from the top of its folder; programs and tests lie at most this far below that. */
#define BUILT "core/nn/cudnn"
#define BUILT_DEPTH 3

static GMutex opening; /* guards what follows */
static RunetSharedDevice *opened;
static guint users;

static char *
get_given_path (void) {
  const char *given = g_getenv ("RUNET_DEVICE_MODULE");
  return given != NULL && *given != '\0' ? g_strdup (given) : NULL;
}

/* (nullable): beside the program in its build folder, else where it is installed. */
static char *
find_module (void) {
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *prefix = folder != NULL ? g_path_get_dirname (folder) : NULL;
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; folder != NULL && i < BUILT_DEPTH; i++) {
    g_ptr_array_add (places, g_build_filename (folder, BUILT, MODULE, NULL));
    char *above = g_path_get_dirname (folder);
    g_free (folder);
    folder = above;
  }
  /* A program that was moved with its prefix finds what was moved with it. */
  if (prefix != NULL)
    g_ptr_array_add (places,
                     g_build_filename (prefix, RUNET_LIBDIR, FOLDER, MODULE, NULL));
  g_ptr_array_add (places, g_build_filename (RUNET_FULL_LIBDIR, FOLDER, MODULE, NULL));
  for (guint i = 0; i < places->len; i++)
    if (g_file_test (places->pdata[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup (places->pdata[i]);
  return NULL;
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

/* The module stays in memory for good: CUDA's libraries are not made to be closed. */
static const RunetDeviceClass *
open_module (const char *path, GError **error) {
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                 "the GPU module cannot be opened (%s)", g_module_error ());
    return NULL;
  }
  gpointer symbol = NULL;
  if (!g_module_symbol (module, RUNET_DEVICE_SYMBOL, &symbol) || symbol == NULL) {
    g_set_error (
        error, RUNET_ERROR, RUNET_ERROR_ENGINE,
        "the GPU module is another program's (%s: expected a function %s, found none)",
        path, RUNET_DEVICE_SYMBOL);
    g_module_close (module);
    return NULL;
  }
  const RunetDeviceClass *class = ((RunetDeviceGetClass)symbol) ();
  if (class == NULL || class->interface != RUNET_DEVICE_INTERFACE) {
    g_set_error (
        error, RUNET_ERROR, RUNET_ERROR_ENGINE,
        "the GPU module belongs to another build (%s: expected interface %d, found %u)",
        path, RUNET_DEVICE_INTERFACE, class != NULL ? class->interface : 0);
    g_module_close (module);
    return NULL;
  }
  g_module_make_resident (module);
  return class;
}

static RunetSharedDevice *
open_device (GError **error) {
  g_autofree char *given = get_given_path ();
  if (given == NULL && !check_driver (error))
    return NULL;
  g_autofree char *path = given != NULL ? g_steal_pointer (&given) : find_module ();
  if (path == NULL) {
    g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                         "this build has no GPU module");
    return NULL;
  }
  const RunetDeviceClass *class = open_module (path, error);
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
