/* PNG, 8 and 16 bits, grey; colours become grey. Private to core/echo. */
#pragma once

#include "content.h"
#include "image.h"

G_BEGIN_DECLS

/* @header_only: @image->pixels is NULL. @content: labels with a palette are its indices, images its colours. Spacing is NaN: the pHYs chunk is about paper. */
RunetImage *
runet_png_read (const char *path,
                gboolean header_only,
                RunetContent content,
                GCancellable *cancellable,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One frame. 16 bits when the grid's integer type has them or a value of a float grid needs
 * them; labels always 8. */
gboolean
runet_png_write (const RunetGrid *grid,
                 const float *pixels,
                 RunetContent content,
                 const char *path,
                 GError **error);

G_END_DECLS
