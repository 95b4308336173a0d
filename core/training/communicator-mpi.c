/* The messages of a communicator, through MPI. */
#include <gmodule.h>
#include <mpi.h>
#include <sched.h>

#include "communicator-private.h"
#include "core/base/error.h"

static MPI_Comm group; /* our own, so that nobody else's messages come in between */
static gboolean used;

static gboolean
check (int result, GError **error) {
  if (result == MPI_SUCCESS)
    return TRUE;
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string (result, text, &length);
  g_strdelimit (text, "\n", ' ');
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_ENGINE, "MPI: %s", text);
  return FALSE;
}

/* How many processors fall to this process: a launcher may have bound each to its own, or to none. */
static gboolean
count_processors (MPI_Comm machine, guint *processors, GError **error) {
  static int sharers[CPU_SETSIZE];
  cpu_set_t set;
  gboolean known = sched_getaffinity (0, sizeof set, &set) == 0;
  for (int i = 0; i < CPU_SETSIZE; i++)
    sharers[i] = known && CPU_ISSET (i, &set);
  if (!check (
          MPI_Allreduce (MPI_IN_PLACE, sharers, CPU_SETSIZE, MPI_INT, MPI_SUM, machine),
          error))
    return FALSE;
  double share = 0;
  for (int i = 0; known && i < CPU_SETSIZE; i++)
    if (CPU_ISSET (i, &set))
      share += 1.0 / sharers[i];
  /* Thirds may add up to a little less than one. */
  *processors = MAX (1, (guint)(share + 1e-6));
  return TRUE;
}

static gboolean
find_place (RunetCommunicatorPlace *place, GError **error) {
  int rank = 0, size = 1, local_rank = 0;
  MPI_Comm machine;
  if (!check (MPI_Comm_dup (MPI_COMM_WORLD, &group), error) ||
      !check (MPI_Comm_set_errhandler (group, MPI_ERRORS_RETURN), error) ||
      !check (MPI_Comm_rank (group, &rank), error) ||
      !check (MPI_Comm_size (group, &size), error) ||
      !check (MPI_Comm_split_type (group, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL,
                                   &machine),
              error) ||
      !check (MPI_Comm_rank (machine, &local_rank), error) ||
      !count_processors (machine, &place->processors, error))
    return FALSE;
  place->rank = (guint)rank;
  place->size = (guint)size;
  place->local_rank = (guint)local_rank;
  return check (MPI_Comm_free (&machine), error);
}

static gboolean
open_group (RunetCommunicatorPlace *place, GError **error) {
  if (used) {
    g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                         "MPI: a process can join the others once only");
    return FALSE;
  }
  used = TRUE;
  int provided = 0;
  return check (MPI_Init_thread (NULL, NULL, MPI_THREAD_FUNNELED, &provided), error) &&
         find_place (place, error);
}

static void
close_group (gboolean broken) {
  if (broken)
    MPI_Abort (MPI_COMM_WORLD, 1);
  MPI_Comm_free (&group);
  MPI_Finalize ();
}

/* MPI counts in int: large arrays go in parts. */
static gboolean
sum (void *values, gsize count, gsize bytes, MPI_Datatype type, GError **error) {
  for (gsize done = 0; done < count;) {
    int part = (int)MIN (count - done, G_MAXINT32);
    if (!check (MPI_Allreduce (MPI_IN_PLACE, (guint8 *)values + done * bytes, part,
                               type, MPI_SUM, group),
                error))
      return FALSE;
    done += (gsize)part;
  }
  return TRUE;
}

static gboolean
sum_doubles (double *values, gsize count, GError **error) {
  return sum (values, count, sizeof *values, MPI_DOUBLE, error);
}

static gboolean
sum_floats (float *values, gsize count, GError **error) {
  return sum (values, count, sizeof *values, MPI_FLOAT, error);
}

static gboolean
broadcast (guint from, gpointer data, gsize bytes, GError **error) {
  for (gsize done = 0; done < bytes;) {
    int part = (int)MIN (bytes - done, G_MAXINT32);
    if (!check (MPI_Bcast ((guint8 *)data + done, part, MPI_BYTE, (int)from, group),
                error))
      return FALSE;
    done += (gsize)part;
  }
  return TRUE;
}

G_MODULE_EXPORT const RunetCommunicatorClass *
runet_communicator_get_class (void);

const RunetCommunicatorClass *
runet_communicator_get_class (void) {
  static const RunetCommunicatorClass class = {
      .interface = RUNET_COMMUNICATOR_INTERFACE,
      .open = open_group,
      .close = close_group,
      .sum_doubles = sum_doubles,
      .sum_floats = sum_floats,
      .broadcast = broadcast,
  };
  return &class;
}
