/* What `runet train` and `runet crossval` ask alike of how a network learns. */
#include "learning-options.h"

gboolean
runet_learning_options_are_given (const RunetLearningOptions *o) {
  return o->augment || !isnan (o->learning_rate) || o->input_size != RUNET_NOT_GIVEN ||
         o->batch != RUNET_NOT_GIVEN || o->patience != RUNET_NOT_GIVEN ||
         o->stop_after != RUNET_NOT_GIVEN || o->seed != RUNET_NOT_GIVEN;
}

gboolean
runet_learning_options_check_number (const char *name, int value, GError **error) {
  if (value >= 0 || value == RUNET_NOT_GIVEN)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--%s: expected 0 or more, found %d", name, value);
  return FALSE;
}

gboolean
runet_learning_options_check (const RunetLearningOptions *o, GError **error) {
  return runet_learning_options_check_number ("input-size", o->input_size, error) &&
         runet_learning_options_check_number ("batch", o->batch, error) &&
         runet_learning_options_check_number ("epochs", o->epochs, error) &&
         runet_learning_options_check_number ("patience", o->patience, error) &&
         runet_learning_options_check_number ("stop-after", o->stop_after, error) &&
         runet_learning_options_check_number ("seed", o->seed, error);
}

void
runet_learning_options_apply (const RunetLearningOptions *o,
                              RunetTrainingSettings *settings) {
  if (o->input_size != RUNET_NOT_GIVEN)
    settings->hyperparameters.input_size = (gsize)o->input_size;
  if (!isnan (o->learning_rate))
    settings->learning_rate = o->learning_rate;
  if (o->batch != RUNET_NOT_GIVEN)
    settings->batch = (guint)o->batch;
  if (o->epochs != RUNET_NOT_GIVEN)
    settings->epochs = (guint)o->epochs;
  if (o->patience != RUNET_NOT_GIVEN)
    settings->patience = (guint)o->patience;
  if (o->stop_after != RUNET_NOT_GIVEN)
    settings->stop_after = (guint)o->stop_after;
  if (o->seed != RUNET_NOT_GIVEN)
    settings->seed = (guint32)o->seed;
  settings->augment = o->augment;
}
