/* The processes that one `runet train` is when a launcher started several. */
#pragma once

#include "command.h"
#include "core/training/communicator.h"
#include "core/training/settings.h"

G_BEGIN_DECLS

/* @asked: also when a launcher says nothing of others. @communicator: (out): NULL for a process that trains alone. */
gboolean
runet_train_join (gboolean asked, RunetCommunicator **communicator, GError **error);

/* Process 0 alone speaks, reads what only it needs, and writes. */
gboolean
runet_train_is_first (const RunetCommunicator *communicator);

/* @prepared: this process is ready, with settings if it is the first. Collective: all get those. */
gboolean
runet_train_share_settings (RunetCommunicator *communicator,
                            gboolean prepared,
                            RunetTrainingSettings *settings,
                            GError **error);

/* @threads: as given on the command line, 0 for this process's share of the processors. */
int
runet_train_share_threads (const RunetCommunicator *communicator, int threads);

/* runet_command_fail(), by the process that speaks: what fails in one has failed in all. */
int
runet_train_fail (const RunetCommunicator *communicator,
                  const char *command,
                  const GError *error);

G_END_DECLS
