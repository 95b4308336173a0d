/* Which patients a model has seen: recorded when it is trained, asked when it is judged.
 *
 * A model is passed on, and names of folders may be names of people: it holds no names but the beginning of the
 * SHA-256 of each. Two patients of the same name, in different data sets, are one to it. */
#pragma once

#include "model.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_SEEN_NEVER,
  RUNET_SEEN_IN_VALIDATION, /* chose the epoch */
  RUNET_SEEN_IN_TRAINING,
} RunetSeen;

/**
 * runet_model_record_patients:
 * @training, @validation: (element-type utf8): ids; twice the same counts once
 *
 * Adds to what was recorded before. A model that began with another one has seen the patients of that one
 * too: where that one does not say, this one cannot, and nothing is recorded.
 */
void
runet_model_record_patients (RunetModel *model,
                             const GPtrArray *training,
                             const GPtrArray *validation);
/* What @parent has seen, before anything is recorded for @model, which begins with its weights. */
void
runet_model_inherit_patients (RunetModel *model, const RunetModel *parent);

/* The keys of the metadata that hold it, %NULL-terminated. */
extern const char *const runet_model_patients_keys[];

/* (transfer full) (nullable): what runet_seen_find() asks; %NULL: the model does not say. */
GHashTable *
runet_model_get_seen (const RunetModel *model) G_GNUC_WARN_UNUSED_RESULT;
RunetSeen
runet_seen_find (GHashTable *seen, const char *id);

G_END_DECLS
