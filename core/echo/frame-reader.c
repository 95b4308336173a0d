/* Reads frames of views one after the other. */
#include "frame-reader.h"

#include "core/base/error.h"

void
runet_frame_reader_clear (RunetFrameReader *self) {
  self->files = NULL;
  g_clear_pointer (&self->sequence, runet_image_unref);
}

RunetImage *
runet_frame_reader_read (RunetFrameReader *self,
                         const RunetViewFiles *files,
                         int instant,
                         int frame,
                         gsize *index,
                         GCancellable *cancellable,
                         GError **error) {
  *index = 0;
  if (instant >= 0)
    return runet_view_read_still (files, (RunetInstant)instant, cancellable, error);
  if (self->files != files)
    runet_frame_reader_clear (self);
  if (self->sequence == NULL && files->sequence != NULL) {
    self->sequence = runet_image_read (files->sequence, cancellable, error);
    if (self->sequence == NULL)
      return NULL;
    self->files = files;
  }
  gsize frames = self->sequence != NULL ? self->sequence->grid->frames : 0;
  if (frame < 1 || (gsize)frame > frames) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
                 "expected frame %d of a sequence, found %" G_GSIZE_FORMAT " frames",
                 frame, frames);
    return NULL;
  }
  *index = (gsize)frame - 1;
  return runet_image_ref (self->sequence);
}

char *
runet_frame_reader_hash (RunetFrameReader *self,
                         const RunetViewFiles *files,
                         int instant,
                         int frame,
                         GCancellable *cancellable,
                         GError **error) {
  gsize index;
  g_autoptr (RunetImage) image =
      runet_frame_reader_read (self, files, instant, frame, &index, cancellable, error);
  return image != NULL ? runet_image_hash_frame (image, index) : NULL;
}
