/* What is known of one registered model: names and values in a grid. */
#pragma once

#include <gtk/gtk.h>
#include "model-lineage.h"

G_BEGIN_DECLS

/* Fills @grid anew. */
void
runet_model_facts_show (GtkGrid *grid,
                        const RunetModelLineage *lineage,
                        const RunetModelEntry *entry);

G_END_DECLS
