/* Several processes that are one training, on one machine or on many.
 *
 * Each is started alike by a launcher (mpirun, srun) and has a rank from 0. What is marked as collective has to be
 * called by every one of them, in the same order; it returns when all have what they need. Wherever a communicator is
 * asked for, NULL is one process alone, and all of it returns at once.
 *
 * The messages go through MPI, in a module that is opened when a launcher is there: who trains alone never loads it.
 * A process that dies takes the others with it; that is the launcher's doing.
 *
 * On GPUs the gradients do not come by here: NCCL adds them up (RunetDeviceGroup of core/nn/device.h). Its id is
 * broadcast from here, and each process takes the GPU number local_rank modulo the GPUs of its machine. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _RunetCommunicator RunetCommunicator;

/* How many processes a launcher says that it started, this one among them; 1 without a launcher. */
guint
runet_communicator_count_launched (void);

/**
 * runet_communicator_open:
 *
 * Collective. Once in the life of a process, by the thread that will use it.
 * Errors: %RUNET_ERROR_UNSUPPORTED: this build has no MPI, or it sees fewer processes than the launcher started.
 */
RunetCommunicator *
runet_communicator_open (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Collective, unless a call failed. */
void
runet_communicator_close (RunetCommunicator *communicator);

guint
runet_communicator_get_rank (const RunetCommunicator *communicator);
guint
runet_communicator_get_size (const RunetCommunicator *communicator);
/* Among the processes of the same machine. */
guint
runet_communicator_get_local_rank (const RunetCommunicator *communicator);
/* How many processors fall to this process: those that it may run on, shared out among the processes of the machine that
 * may as well. 0 for one process alone: all. */
guint
runet_communicator_get_processors (const RunetCommunicator *communicator);

/**
 * runet_communicator_sum_doubles:
 * @done: this process has its part of the sum; FALSE with @error: it failed or was cancelled
 * @values: @count and one more, which is for the communicator
 * @error: (inout): of a process that failed, why
 *
 * Collective: @values becomes the sum of all processes' @values, the same to the bit in each. Where one has failed, all
 * have: @error becomes that of the lowest rank, with the number of its process in front.
 * Returns: whether none has failed
 */
gboolean
runet_communicator_sum_doubles (RunetCommunicator *communicator,
                                gboolean done,
                                double *values,
                                gsize count,
                                GError **error);
gboolean
runet_communicator_sum_floats (RunetCommunicator *communicator,
                               gboolean done,
                               float *values,
                               gsize count,
                               GError **error);
/* Collective: the same without a sum. */
gboolean
runet_communicator_agree (RunetCommunicator *communicator,
                          gboolean done,
                          GError **error);

/* Collective: @data becomes that of process @from. */
gboolean
runet_communicator_broadcast (RunetCommunicator *communicator,
                              guint from,
                              gpointer data,
                              gsize bytes,
                              GError **error);

/* Collective: refuses data that is not that of process 0. @what: "training images", for the message. */
gboolean
runet_communicator_compare (RunetCommunicator *communicator,
                            const char *what,
                            gconstpointer data,
                            gsize bytes,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCommunicator, runet_communicator_close)

G_END_DECLS
