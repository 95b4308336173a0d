/* What the files of versions share. Private to core/exchange. */
#pragma once

#include "version.h"

G_BEGIN_DECLS

void
runet_measured_frame_free (gpointer frame);

G_END_DECLS
