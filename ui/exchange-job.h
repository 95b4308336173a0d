/* An export or an import, as a thread beside the main one does it. Private to the dialog. */
#pragma once

#include "exchange-dialog.h"

G_BEGIN_DECLS

/* What the worker has of its own; and how far it is, to be read at any time. */
typedef struct {
  RunetExchangeKind kind;
  char *record, *dataset, *folder;
  char *author; /* (nullable) */
  RunetExportFormats formats;
  RunetExportReport report;
  gboolean unfinished, accept;
  gint done, total; /* atomic */
} RunetExchangeJob;

void
runet_exchange_job_free (gpointer job);
/* (transfer full) (nullable): what came of it, in words. */
char *
runet_exchange_job_run (RunetExchangeJob *job,
                        GCancellable *cancellable,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
