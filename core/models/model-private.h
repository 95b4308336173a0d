/* What the files of a model share. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

/* With its graph, and room for pointers to weights that are not there yet. */
RunetModel *
runet_model_new_empty (const RunetHyperparameters *hyperparameters)
    G_GNUC_WARN_UNUSED_RESULT;

/* As strings in the metadata of a file, with numbers as C writes them whatever the locale. */
void
runet_hyperparameters_write (const RunetHyperparameters *self, GHashTable *metadata);
/* Errors: as runet_hyperparameters_check(), and %RUNET_ERROR_FORMAT for what is missing. */
gboolean
runet_hyperparameters_read (RunetHyperparameters *self,
                            GHashTable *metadata,
                            GError **error);
/* Whether @key is one that runet_hyperparameters_write() writes. */
gboolean
runet_hyperparameters_has_key (const char *key);

G_END_DECLS
