/* The tables of `runet crossval` beside the paper's: on the standard output, as JSON, as Markdown. */
#pragma once

#include "core/training/crossval-tables.h"

G_BEGIN_DECLS

/**
 * runet_crossval_report_print:
 * @folder: of the results
 * @markdown: (nullable): file to write them to as well
 * @failed: (inout): raised by the results that had to be left out, of which a line on the standard error tells
 *
 * Errors: those of runet_crossval_tables_read(), %RUNET_ERROR_WRITE.
 */
gboolean
runet_crossval_report_print (const char *command,
                             const char *folder,
                             const char *markdown,
                             gboolean json,
                             guint *failed,
                             GError **error);

/* As one JSON object. @tables: (element-type RunetCrossvalTable); @problems: (element-type utf8) */
void
runet_crossval_report_print_json (const GPtrArray *tables, const GPtrArray *problems);

G_END_DECLS
