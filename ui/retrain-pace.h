/* How fast a network learns on this computer, before it does. */
#pragma once

#include <gio/gio.h>
#include "core/echo/dataset.h"
#include "core/nn/plan.h"

G_BEGIN_DECLS

/* Seconds to learn from one image with @engine, judged by how long the model at @model (nullable) takes to segment one; NaN when
 * that cannot be told. Takes a second or so. */
double
runet_retrain_pace_measure (const RunetDataset *dataset,
                            const char *model,
                            RunetEngineChoice engine,
                            GCancellable *cancellable);

G_END_DECLS
