/* The GPU of this process: its module opened, the device shared by all engines that use it. */
#pragma once

#include "device.h"

G_BEGIN_DECLS

/* @lock: held by whoever calls a function of @class: a device is used by one thread at a time. May be taken again by
 * the thread that holds it. */
typedef struct {
  const RunetDeviceClass *class;
  RunetDevice *device;
  GRecMutex lock;
} RunetSharedDevice;

/* Looks for a driver first, which costs next to nothing where there is none. Opens the device for the first that
 * asks; the others share it.
 * Errors: %RUNET_ERROR_ENGINE, worded to stand after "because". */
RunetSharedDevice *
runet_shared_device_take (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The last one to drop it closes the device. @shared: (nullable). */
void
runet_shared_device_drop (RunetSharedDevice *shared);

G_END_DECLS
