/* One model of the list: indented under the one that it was made from. */
#pragma once

#include <gtk/gtk.h>
#include "model-lineage.h"

G_BEGIN_DECLS

/* "In use", "Candidate", "Used before". */
const char *
runet_registered_state_name (RunetRegisteredState state);
/* The name without the suffix of its file. (transfer full) */
char *
runet_registered_model_title (const RunetRegisteredModel *model)
    G_GNUC_WARN_UNUSED_RESULT;

/* A GtkListBoxRow. */
GtkWidget *
runet_model_row_new (const RunetModelEntry *entry);
/* (transfer none): the hash of the model that @row was made for. */
const char *
runet_model_row_get_hash (GtkListBoxRow *row);

G_END_DECLS
