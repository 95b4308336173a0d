/* The volumes of the experts' masks: a reference for patients whose ejection fraction the data set does not
 * say. */
#pragma once

#include <gio/gio.h>
#include "case.h"
#include "core/shape/volume.h"

G_BEGIN_DECLS

/* Reads masks on another thread, of those patients of @cases (nullable) only that need it. */
void
runet_experts_measure_async (GListModel *cases,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* Returns: (transfer full) (element-type RunetPatient RunetVolumes): without patients whose masks give no
 * ejection fraction. Errors: %G_IO_ERROR_CANCELLED. */
GHashTable *
runet_experts_measure_finish (GAsyncResult *result,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
