/* What image.c shares with the readers and with label-map.c. Private to core/echo. */
#pragma once

#include "content.h"
#include "image.h"

G_BEGIN_DECLS

/* Without pixels, for a header alone. @grid: (transfer none) */
RunetImage *
runet_image_new_bare (RunetGrid *grid) G_GNUC_WARN_UNUSED_RESULT;

/* As runet_image_read(); labels of a PNG with a palette are its indices. */
RunetImage *
runet_pixels_read (const char *path,
                   RunetContent content,
                   GCancellable *cancellable,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As runet_image_write(), for pixels that are nobody's image. */
gboolean
runet_pixels_write (const RunetGrid *grid,
                    const float *pixels,
                    RunetContent content,
                    const char *path,
                    GError **error);

G_END_DECLS
