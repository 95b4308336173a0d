/* The architectures of the RU-Net paper as graphs.
 *
 * [RU] Leclerc et al., RU-Net, IUS 2019. [TMI] Leclerc et al., IEEE TMI 38(9), 2019. */
#pragma once

#include "core/nn/graph.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_ARCHITECTURE_UNET1,
  RUNET_ARCHITECTURE_SHG,
  RUNET_ARCHITECTURE_RU_NET,
  RUNET_ARCHITECTURE_RU_NET_INCEPTION,
  RUNET_ARCHITECTURE_RU_NET_CASCADE,
  RUNET_ARCHITECTURE_RU_NET_LIGHT,
  RUNET_ARCHITECTURES
} RunetArchitecture;

#define RUNET_LEVELS 6
#define RUNET_MAX_STAGES 16
#define RUNET_MAX_WIDTH 4096

/* Hyper-parameters, all of them in the model file. */
typedef struct {
  RunetArchitecture architecture;
  guint stages;
  gsize input_size; /* 256 */
  gsize classes; /* 4 */
  gsize down[RUNET_LEVELS];
  gsize up[RUNET_LEVELS - 1];
  guint dilation; /* 11 */
  float shift; /* 0.5, first sigmoid */
  float slope; /* 100 */
  float shift2; /* 0.01, second sigmoid */
  guint dilations[3]; /* inception: 5, 11, 21 */
} RunetHyperparameters;

/* The paper's values for @architecture. */
void
runet_hyperparameters_init (RunetHyperparameters *self, RunetArchitecture architecture);
/* "ru-net" …; FALSE when unknown. */
gboolean
runet_architecture_from_string (const char *name, RunetArchitecture *architecture);
const char *
runet_architecture_to_string (RunetArchitecture architecture);
/* Whether a graph can be built of them: what comes from a file or from a person may be anything.
 * Errors: %RUNET_ERROR_MISMATCH (stages that the architecture does not have),
 * %RUNET_ERROR_UNSUPPORTED. */
gboolean
runet_hyperparameters_check (const RunetHyperparameters *self, GError **error);
/* Number of stages of outputs; cascade: 4, shg: 3. */
RunetGraph *
runet_architecture_build (const RunetHyperparameters *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
