/* The report on a printer: the dialog, and the pages as they are asked for. */
#pragma once

#include <gtk/gtk.h>
#include "report-page.h"

G_BEGIN_DECLS

/* What is printed of @window now, borrowed; FALSE when it is closed. */
typedef gboolean (*RunetReportSource) (GtkWindow *window,
                                       RunetReportDocument *document);
/* Tells in @window why there is no paper. */
typedef void (*RunetReportComplain) (GtkWindow *window, const char *message);

/* Asks for a printer. Pages may be drawn long after the return. */
void
runet_report_print (GtkWindow *window,
                    RunetReportSource source,
                    RunetReportComplain complain);

G_END_DECLS
