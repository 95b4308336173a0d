/* Reads frames of views one after the other. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

/* Several frames of a sequence may be asked for in turn, so the last sequence is kept. All zero at first. */
typedef struct {
  const RunetViewFiles *files; /* of the sequence; borrowed */
  RunetImage *sequence; /* (nullable) */
} RunetFrameReader;

/**
 * runet_frame_reader_read:
 * @files: must stay as long as the reader
 * @instant: ED or ES; or -1, and then @frame is the 1-based frame of the sequence
 * @index: (out): where the frame is in the image, from 0
 *
 * Returns: (transfer full). Errors: those of runet_image_read(); %RUNET_ERROR_MISSING when there is no such frame.
 */
RunetImage *
runet_frame_reader_read (RunetFrameReader *self,
                         const RunetViewFiles *files,
                         int instant,
                         int frame,
                         gsize *index,
                         GCancellable *cancellable,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): runet_image_hash_frame() of that frame. Errors: likewise. */
char *
runet_frame_reader_hash (RunetFrameReader *self,
                         const RunetViewFiles *files,
                         int instant,
                         int frame,
                         GCancellable *cancellable,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_frame_reader_clear (RunetFrameReader *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetFrameReader, runet_frame_reader_clear)

G_END_DECLS
