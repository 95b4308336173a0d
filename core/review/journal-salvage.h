/* What can still be read of a damaged record, as a new one. */
#pragma once

#include "journal.h"

G_BEGIN_DECLS

/**
 * runet_journal_salvage:
 * @path: the damaged record, which stays as it is
 * @to: where there is nothing yet
 * @saved: (out) (optional): how many events were read
 * @lost: (out) (optional): how many numbers between the first and the last event read are missing
 *
 * Whole or not at all: a failure leaves nothing at @to. Errors: %RUNET_ERROR_FORMAT when nothing can be read,
 * %RUNET_ERROR_MISMATCH when there is something at @to, %RUNET_ERROR_WRITE.
 */
gboolean
runet_journal_salvage (const char *path,
                       const char *to,
                       guint *saved,
                       guint *lost,
                       GError **error);

/**
 * runet_journal_repair:
 * @kept: (out) (transfer full) (optional): where the damaged record is now: PATH.damaged-1 (2, …)
 *
 * Puts what runet_journal_salvage() saves in the place of the damaged record, which is kept beside it. On failure
 * the damaged record is where it was.
 */
gboolean
runet_journal_repair (const char *path,
                      char **kept,
                      guint *saved,
                      guint *lost,
                      GError **error);

G_END_DECLS
