/* How long work tells how far it is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RunetProgress:
 * @done: units finished
 * @total: units in all; 0 when unknown
 * @seconds_left: estimate; negative when unknown
 * @text: (nullable): what is being worked on, for people
 */
typedef struct {
  gsize done;
  gsize total;
  double seconds_left;
  const char *text;
} RunetProgress;

/* Called on the thread that does the work. @progress is valid during the call only. */
typedef void (*RunetProgressFunc) (const RunetProgress *progress, gpointer user_data);

G_END_DECLS
