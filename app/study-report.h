/* The report of a reviewed study on paper: what was decided, what the corrections changed, and a page for each case
 * that was corrected or rejected. */
#pragma once

#include "core/exchange/export.h"

G_BEGIN_DECLS

/* A RunetExportReport. */
gboolean
runet_study_report_write (RunetVersions *versions,
                          const char *path,
                          GCancellable *cancellable,
                          GError **error);

G_END_DECLS
