/* Between communicator.c and the module that has the messages. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a module that was built from other sources than the program: refused. */
#define RUNET_COMMUNICATOR_INTERFACE 1
#define RUNET_COMMUNICATOR_SYMBOL "runet_communicator_get_class"

typedef struct {
  guint rank, size;
  guint local_rank;
  guint processors; /* see runet_communicator_get_processors() */
} RunetCommunicatorPlace;

/* One group of processes is all that a process can be in. Messages of errors are MPI's own. */
typedef struct {
  guint interface; /* RUNET_COMMUNICATOR_INTERFACE */
  gboolean (*open) (RunetCommunicatorPlace *place, GError **error);
  /* @broken: a call has failed: nothing can be said any more, and the others are ended as well. */
  void (*close) (gboolean broken);
  gboolean (*sum_doubles) (double *values, gsize count, GError **error);
  gboolean (*sum_floats) (float *values, gsize count, GError **error);
  gboolean (*broadcast) (guint from, gpointer data, gsize bytes, GError **error);
} RunetCommunicatorClass;

typedef const RunetCommunicatorClass *(*RunetCommunicatorGetClass) (void);

G_END_DECLS
