/* Modules that are not those of a GPU of this program. KIND: 0 = another program's, 1 = whose device does not answer,
 * else = of a build with that interface number. */
#include "core/nn/device.h"

#if KIND == 0

int
play_music (void);

int
play_music (void) {
  return 0;
}

#else

static RunetDevice *
open_device (GError **error) {
  g_set_error_literal (error, g_quark_from_static_string ("fan"), 0,
                       "the fan is too loud");
  return NULL;
}

const RunetDeviceClass *
runet_device_get_class (void);

const RunetDeviceClass *
runet_device_get_class (void) {
  static const RunetDeviceClass class = {
      .interface = KIND == 1 ? RUNET_DEVICE_INTERFACE : KIND,
      .open = open_device,
  };
  return &class;
}

#endif
