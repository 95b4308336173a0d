/* The processes that one `runet train` is when a launcher started several. */
#include "train-processes.h"

gboolean
runet_train_join (gboolean asked, RunetCommunicator **communicator, GError **error) {
  *communicator = NULL;
  if (!asked && runet_communicator_count_launched () == 1)
    return TRUE;
  *communicator = runet_communicator_open (error);
  return *communicator != NULL;
}

gboolean
runet_train_is_first (const RunetCommunicator *communicator) {
  return runet_communicator_get_rank (communicator) == 0;
}

gboolean
runet_train_share_settings (RunetCommunicator *communicator,
                            gboolean prepared,
                            RunetTrainingSettings *settings,
                            GError **error) {
  return runet_communicator_agree (communicator, prepared, error) &&
         runet_communicator_broadcast (communicator, 0, settings, sizeof *settings,
                                       error);
}

int
runet_train_share_threads (const RunetCommunicator *communicator, int threads) {
  return threads > 0 ? threads : (int)runet_communicator_get_processors (communicator);
}

int
runet_train_fail (const RunetCommunicator *communicator,
                  const char *command,
                  const GError *error) {
  if (runet_train_is_first (communicator))
    return runet_command_fail (command, error);
  return error->domain == G_OPTION_ERROR ? RUNET_EXIT_USAGE : RUNET_EXIT_FAILED;
}
