/* NIfTI-1 in one file, plain or gzip. Private to core/echo. */
#pragma once

#include "content.h"
#include "image.h"

G_BEGIN_DECLS

/* @header_only: @image->pixels is NULL. */
RunetImage *
runet_nifti_read (const char *path,
                  gboolean header_only,
                  GCancellable *cancellable,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @pixels: F × H × W of @grid. gzip when @path ends in ".gz". */
gboolean
runet_nifti_write (const RunetGrid *grid,
                   const float *pixels,
                   RunetContent content,
                   const char *path,
                   GError **error);

G_END_DECLS
