/* The registered models in the order of their lineage: each under the one that it was made from. */
#pragma once

#include "core/retraining/registry.h"

G_BEGIN_DECLS

/**
 * RunetModelEntry:
 * @depth: how many of its ancestors are registered
 * @trouble: (nullable): why its file cannot be used: missing or changed
 * @frames: that it learned from in its retraining; 0 when that is not known
 */
typedef struct {
  RunetRegisteredModel *model;
  guint depth;
  char *trouble;
  guint frames;
} RunetModelEntry;

/**
 * RunetModelLineage:
 * @entries: (element-type RunetModelEntry): roots by time, after each what was made from it
 * @changes: (element-type RunetRegistryChange): the history, the oldest first
 * @current, @previous: (nullable): hash of the model in use, and of the one that a roll-back puts in its place
 */
typedef struct {
  GPtrArray *entries;
  GPtrArray *changes;
  char *current, *previous;
} RunetModelLineage;

/* @folder: (nullable): the default registry. Reads every model's file, on another thread. Without a registry the list
 * is empty, and none is made. */
void
runet_model_lineage_read_async (const char *folder,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
RunetModelLineage *
runet_model_lineage_read_finish (GAsyncResult *result,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_model_lineage_free (RunetModelLineage *self);
/* (transfer none) (nullable). @hash: (nullable) */
const RunetModelEntry *
runet_model_lineage_find (const RunetModelLineage *self, const char *hash);
/* (transfer none) (nullable): what put the model in use last. */
const RunetRegistryChange *
runet_model_lineage_find_change (const RunetModelLineage *self, const char *hash);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetModelLineage, runet_model_lineage_free)

G_END_DECLS
