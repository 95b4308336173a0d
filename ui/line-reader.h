/* Lines of another program, as they come: whatever it writes, no more than a limit is kept of it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RunetLineReader RunetLineReader;

/* @line: valid UTF-8 without its end; NULL at the end of the stream, after which nothing comes. */
typedef void (*RunetLineFunc) (const char *line, gpointer user_data);

/**
 * runet_line_reader_new:
 * @stream: (transfer none)
 * @limit: bytes; a longer line is left out as a whole
 * @line: called on the main thread
 *
 * A line ends with a newline or, as of a counter on a terminal, a carriage return; the last one needs no end.
 */
RunetLineReader *
runet_line_reader_new (GInputStream *stream,
                       gsize limit,
                       RunetLineFunc line,
                       gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Nothing is called any more. */
void
runet_line_reader_free (RunetLineReader *self);

G_END_DECLS
