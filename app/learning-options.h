/* What `runet train` and `runet crossval` ask alike of how a network learns. */
#pragma once

#include <math.h>

#include "core/training/settings.h"

G_BEGIN_DECLS

/* A number that is not on the command line. */
#define RUNET_NOT_GIVEN G_MININT

/* As given on the command line; what is not given is NaN or RUNET_NOT_GIVEN. */
typedef struct {
  double learning_rate;
  int input_size, batch, epochs, patience, stop_after, seed;
  gboolean augment;
} RunetLearningOptions;

/* Nothing given. */
#define RUNET_LEARNING_OPTIONS_INIT                                                \
  {                                                                                \
    .learning_rate = NAN, .input_size = RUNET_NOT_GIVEN, .batch = RUNET_NOT_GIVEN, \
    .epochs = RUNET_NOT_GIVEN, .patience = RUNET_NOT_GIVEN,                        \
    .stop_after = RUNET_NOT_GIVEN, .seed = RUNET_NOT_GIVEN                         \
  }

/* clang-format off */
/* Elements of an array of GOptionEntry that fill @o, a pointer. */
#define RUNET_LEARNING_OPTION_ENTRIES(o)                                                \
  {"input-size", 0, 0, G_OPTION_ARG_INT, &(o)->input_size,                              \
   "Side of the network's image, a multiple of 32 (256)", "N"},                         \
  {"learning-rate", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->learning_rate,                     \
   "Of Adam, at the start (0.001)", "R"},                                               \
  {"batch", 'b', 0, G_OPTION_ARG_INT, &(o)->batch, "Images a step (8)", "N"},           \
  {"epochs", 'e', 0, G_OPTION_ARG_INT, &(o)->epochs, "At most (100)", "N"},             \
  {"patience", 0, 0, G_OPTION_ARG_INT, &(o)->patience,                                  \
   "Epochs without progress before the rate is divided by ten (5); 0 for never", "N"},  \
  {"stop-after", 0, 0, G_OPTION_ARG_INT, &(o)->stop_after,                              \
   "Epochs without progress before the end (20); 0 for never", "N"},                    \
  {"seed", 's', 0, G_OPTION_ARG_INT, &(o)->seed,                                        \
   "Of weights, order and augmentation (1)", "N"},                                      \
  {"augment", 0, 0, G_OPTION_ARG_NONE, &(o)->augment,                                   \
   "Shift, turn, scale, and change gain and gamma at random", NULL}
/* clang-format on */

/* Whether anything is given; the number of epochs does not count. */
gboolean
runet_learning_options_are_given (const RunetLearningOptions *options);
/* Whether @value, of option --@name, is not given or at least 0: the library's settings are unsigned. */
gboolean
runet_learning_options_check_number (const char *name, int value, GError **error);
gboolean
runet_learning_options_check (const RunetLearningOptions *options, GError **error);
/* What is given, over what @settings has. */
void
runet_learning_options_apply (const RunetLearningOptions *options,
                              RunetTrainingSettings *settings);

G_END_DECLS
