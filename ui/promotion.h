/* Putting a model in use, or the one before it again: in the registry, on another thread, since the file is read and
 * checked. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * runet_promote_async:
 * @hash: of a registered model
 * @author: who wants it
 * @reason: (nullable): with it the model is put in use even where the gate did not pass it
 */
void
runet_promote_async (const char *hash,
                     const char *author,
                     const char *reason,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
/* Back to the model that was in use before the current one of @architecture (nullable). */
void
runet_roll_back_async (const char *architecture,
                       const char *author,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
/* (transfer full): path of the model that is in use now. */
char *
runet_promotion_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
