/* Lines of another program, as they come. */
#include "line-reader.h"

#include <string.h>

#define CHUNK 16384

struct _RunetLineReader {
  gatomicrefcount references; /* a read that is under way has one */
  GInputStream *stream;
  GCancellable *cancellable;
  GString *line; /* what came since the last end */
  gboolean too_long; /* it is left out */
  gsize limit;
  RunetLineFunc func; /* (nullable): freed */
  gpointer user_data;
};

static void
unref (RunetLineReader *self) {
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_object_unref (self->stream);
  g_object_unref (self->cancellable);
  g_string_free (self->line, TRUE);
  g_free (self);
}

static void
end_line (RunetLineReader *self) {
  const gboolean wanted = !self->too_long && self->line->len > 0;
  g_autofree char *valid =
      wanted ? g_utf8_make_valid (self->line->str, (gssize)self->line->len) : NULL;
  g_string_truncate (self->line, 0);
  self->too_long = FALSE;
  if (valid && self->func)
    self->func (valid, self->user_data);
}

static void
take (RunetLineReader *self, const char *bytes, gsize size) {
  for (gsize i = 0; i < size && self->func; i++) {
    if (bytes[i] == '\n' || bytes[i] == '\r')
      end_line (self);
    else if (self->line->len >= self->limit)
      self->too_long = TRUE;
    else
      g_string_append_c (self->line, bytes[i]);
  }
}

static void
read_more (RunetLineReader *self);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetLineReader *self = user_data;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (self->stream, result, NULL);
  gsize size = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  if (size > 0) {
    take (self, data, size);
    if (self->func)
      read_more (self);
  } else {
    end_line (self);
    if (self->func)
      self->func (NULL, self->user_data);
  }
  unref (self);
}

static void
read_more (RunetLineReader *self) {
  g_atomic_ref_count_inc (&self->references);
  g_input_stream_read_bytes_async (self->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   self->cancellable, read_cb, self);
}

RunetLineReader *
runet_line_reader_new (GInputStream *stream,
                       gsize limit,
                       RunetLineFunc line,
                       gpointer user_data) {
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream) && line != NULL, NULL);
  RunetLineReader *self = g_new0 (RunetLineReader, 1);
  g_atomic_ref_count_init (&self->references);
  self->stream = g_object_ref (stream);
  self->cancellable = g_cancellable_new ();
  self->line = g_string_new (NULL);
  self->limit = limit;
  self->func = line;
  self->user_data = user_data;
  read_more (self);
  return self;
}

void
runet_line_reader_free (RunetLineReader *self) {
  if (!self)
    return;
  self->func = NULL;
  g_cancellable_cancel (self->cancellable);
  unref (self);
}
