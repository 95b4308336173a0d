/* Several processes that are one training: alone, or by the module that has MPI. */
#include "communicator.h"

#include <gmodule.h>
#include <string.h>

#include "communicator-private.h"
#include "core/base/error.h"
#include "core/base/module.h"

#define MODULE "librunet-mpi." G_MODULE_SUFFIX

struct _RunetCommunicator {
  const RunetCommunicatorClass *class;
  RunetCommunicatorPlace place;
  gboolean broken; /* a message was lost: whatever followed would wait for ever */
};

/* An error on its way to the others. */
typedef struct {
  char domain[64];
  gint32 code;
  char message[2048];
} Failure;

/* The number that a launcher put into the environment; 1 without one. */
static guint
read_count (const char *name) {
  const char *text = g_getenv (name);
  guint64 count = 0;
  if (text == NULL ||
      !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &count, NULL))
    return 1;
  return (guint)count;
}

/* Slurm's number counts only where it also offers MPI's way of finding each other: many start programs of one process
 * each with srun. */
guint
runet_communicator_count_launched (void) {
  guint count = MAX (read_count ("OMPI_COMM_WORLD_SIZE"), read_count ("PMI_SIZE"));
  gboolean offered = g_getenv ("PMIX_RANK") != NULL || g_getenv ("PMI_RANK") != NULL;
  return offered ? MAX (count, read_count ("SLURM_STEP_NUM_TASKS")) : count;
}

static const RunetCommunicatorClass *
open_module (GError **error) {
  g_autofree char *path = runet_module_find ("core/training", MODULE);
  if (path == NULL) {
    g_set_error_literal (
        error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
        "this build has no MPI, so every process would train for itself; "
        "build with -Dmpi=enabled, or start one process");
    return NULL;
  }
  return runet_module_open (path, G_MODULE_BIND_LAZY, RUNET_COMMUNICATOR_SYMBOL,
                            RUNET_COMMUNICATOR_INTERFACE, "the module for MPI",
                            RUNET_ERROR_UNSUPPORTED, error);
}

RunetCommunicator *
runet_communicator_open (GError **error) {
  const RunetCommunicatorClass *class = open_module (error);
  RunetCommunicatorPlace place;
  if (class == NULL || !class->open (&place, error))
    return NULL;
  guint launched =
      MAX (runet_communicator_count_launched (), read_count ("SLURM_STEP_NUM_TASKS"));
  if (place.size < launched) {
    g_set_error (
        error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
        "expected %u processes, MPI sees %u; start them with this MPI's mpirun, "
        "or with srun --mpi=pmix",
        launched, place.size);
    class->close (FALSE);
    return NULL;
  }
  RunetCommunicator *self = g_new0 (RunetCommunicator, 1);
  self->class = class;
  self->place = place;
  return self;
}

void
runet_communicator_close (RunetCommunicator *self) {
  if (self == NULL)
    return;
  self->class->close (self->broken);
  g_free (self);
}

guint
runet_communicator_get_rank (const RunetCommunicator *self) {
  return self != NULL ? self->place.rank : 0;
}

guint
runet_communicator_get_size (const RunetCommunicator *self) {
  return self != NULL ? self->place.size : 1;
}

guint
runet_communicator_get_local_rank (const RunetCommunicator *self) {
  return self != NULL ? self->place.local_rank : 0;
}

guint
runet_communicator_get_processors (const RunetCommunicator *self) {
  return self != NULL ? self->place.processors : 0;
}

static gboolean
check_whole (const RunetCommunicator *self, GError **error) {
  if (!self->broken)
    return TRUE;
  g_set_error_literal (error, RUNET_ERROR, RUNET_ERROR_ENGINE,
                       "the connection to the other processes is lost");
  return FALSE;
}

gboolean
runet_communicator_broadcast (RunetCommunicator *self,
                              guint from,
                              gpointer data,
                              gsize bytes,
                              GError **error) {
  if (self == NULL)
    return TRUE;
  if (!check_whole (self, error))
    return FALSE;
  self->broken = !self->class->broadcast (from, data, bytes, error);
  return !self->broken;
}

static void
describe_failure (Failure *failure, const GError *error) {
  *failure = (Failure){0};
  g_strlcpy (failure->domain, g_quark_to_string (error->domain),
             sizeof failure->domain);
  g_strlcpy (failure->message, error->message, sizeof failure->message);
  failure->code = error->code;
}

/* The reason of process @first goes to all. @own: (inout): what this process has to say, and then what is said. */
static gboolean
spread_failure (RunetCommunicator *self, guint first, GError **own, GError **lost) {
  Failure failure = {0};
  if (self->place.rank == first)
    describe_failure (&failure, *own);
  if (!runet_communicator_broadcast (self, first, &failure, sizeof failure, lost))
    return FALSE;
  if (self->place.rank == first)
    return TRUE;
  g_clear_error (own);
  *own = g_error_new (g_quark_from_string (failure.domain), failure.code,
                      "process %u of %u: %s", first + 1, self->place.size,
                      failure.message);
  return TRUE;
}

/* Everybody knows that somebody has failed; now they find out who, and why. */
static gboolean
find_failure (RunetCommunicator *self, GError **own, GError **lost) {
  guint size = self->place.size, first = 0;
  g_autofree double *failed = g_new0 (double, size);
  failed[self->place.rank] = *own != NULL;
  self->broken = !self->class->sum_doubles (failed, size, lost);
  if (self->broken)
    return FALSE;
  while (first + 1 < size && failed[first] == 0)
    first++;
  return spread_failure (self, first, own, lost);
}

/* The end of a sum. @lost: (transfer full) (nullable): why it could not be made; @own: (transfer full) (nullable): why
 * this process failed; @failed: how many did. */
static gboolean
conclude (RunetCommunicator *self,
          double failed,
          GError *own,
          GError *lost,
          GError **error) {
  if (lost == NULL && failed == 0)
    return TRUE;
  if (lost == NULL)
    find_failure (self, &own, &lost);
  /* One's own reason is worth more than that the others cannot be told. */
  GError *reason = own != NULL ? own : lost;
  if (reason == own)
    g_clear_error (&lost);
  g_propagate_error (error, reason);
  return FALSE;
}

/* (nullable) (transfer full) */
static GError *
take_reason (gboolean done, GError **error) {
  if (done)
    return NULL;
  return error != NULL && *error != NULL
             ? g_steal_pointer (error)
             : g_error_new_literal (RUNET_ERROR, RUNET_ERROR_ENGINE, "failed");
}

gboolean
runet_communicator_sum_doubles (RunetCommunicator *self,
                                gboolean done,
                                double *values,
                                gsize count,
                                GError **error) {
  if (self == NULL)
    return done;
  GError *own = take_reason (done, error), *lost = NULL;
  values[count] = !done;
  if (check_whole (self, &lost))
    self->broken = !self->class->sum_doubles (values, count + 1, &lost);
  return conclude (self, values[count], own, lost, error);
}

gboolean
runet_communicator_sum_floats (RunetCommunicator *self,
                               gboolean done,
                               float *values,
                               gsize count,
                               GError **error) {
  if (self == NULL)
    return done;
  GError *own = take_reason (done, error), *lost = NULL;
  values[count] = !done;
  if (check_whole (self, &lost))
    self->broken = !self->class->sum_floats (values, count + 1, &lost);
  return conclude (self, values[count], own, lost, error);
}

gboolean
runet_communicator_agree (RunetCommunicator *self, gboolean done, GError **error) {
  double failed = 0;
  return runet_communicator_sum_doubles (self, done, &failed, 0, error);
}

gboolean
runet_communicator_compare (RunetCommunicator *self,
                            const char *what,
                            gconstpointer data,
                            gsize bytes,
                            GError **error) {
  if (self == NULL)
    return TRUE;
  guint64 length = bytes;
  if (!runet_communicator_broadcast (self, 0, &length, sizeof length, error))
    return FALSE;
  g_autofree guint8 *theirs = g_malloc0 (length);
  if (self->place.rank == 0 && length > 0)
    memcpy (theirs, data, bytes);
  if (!runet_communicator_broadcast (self, 0, theirs, length, error))
    return FALSE;
  gboolean same = length == bytes && (bytes == 0 || memcmp (theirs, data, bytes) == 0);
  if (!same)
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "expected the %s of the first process, found others", what);
  return runet_communicator_agree (self, same, error);
}
