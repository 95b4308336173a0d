/* MetaImage: .mhd with a data file, .mha with the data inside. Private to core/echo. */
#pragma once

#include "content.h"
#include "image.h"

G_BEGIN_DECLS

/* @header_only: leave the pixels zero-length: @image->pixels is NULL. */
RunetImage *
runet_metaimage_read (const char *path,
                      gboolean header_only,
                      GCancellable *cancellable,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (nullable): see runet_image_find_data_file(). */
char *
runet_metaimage_find_data_file (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* @pixels: F × H × W of @grid. Compressed when the header that @grid carries says so. */
gboolean
runet_metaimage_write (const RunetGrid *grid,
                       const float *pixels,
                       const char *path,
                       GError **error);

G_END_DECLS
