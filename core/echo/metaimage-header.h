/* The text header of a MetaImage: parsed by key, rewritten line by line. Private to core/echo.
 *
 * Keys: https://itk.org/Wiki/ITK/MetaIO/Documentation */
#pragma once

#include "grid.h"

G_BEGIN_DECLS

typedef struct {
  RunetGrid *grid; /* carries the text of the header */
  char *data_file; /* as the header names it; NULL when the pixels follow the header */
  gsize header_length; /* bytes of text before the pixels when they follow it */
  gsize skip; /* bytes to leave out at the start of the data file: HeaderSize */
  gboolean at_end; /* HeaderSize = -1: the pixels are the last bytes of the data file */
  gboolean compressed;
  gboolean swapped;
} RunetMetaimageHeader;

/**
 * runet_metaimage_parse:
 * @bytes: the beginning of the file, as long as a header may be
 * @header: (out caller-allocates): clear with runet_metaimage_header_clear(), also on failure
 */
gboolean
runet_metaimage_parse (const char *path,
                       RunetFormat format,
                       const char *bytes,
                       gsize length,
                       RunetMetaimageHeader *header,
                       GError **error);
void
runet_metaimage_header_clear (RunetMetaimageHeader *header);

/* TRUE when files on @grid are compressed because the one it came from was. */
gboolean
runet_metaimage_is_compressed (const RunetGrid *grid);

/**
 * runet_metaimage_compose:
 * @data_file: "LOCAL" or a name without folder
 * @compressed_size: 0 when the data are not compressed
 *
 * The lines of the header that @grid carries, changed only where the data differ from what they
 * say; or a header like that of CAMUS. Data are to be little-endian.
 */
char *
runet_metaimage_compose (const RunetGrid *grid,
                         const char *data_file,
                         gsize compressed_size) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetMetaimageHeader, runet_metaimage_header_clear)

G_END_DECLS
