/* The report on a data set, in a window of its own: outliers, agreement with the experts, ejection fraction, and the
 * volume of the selected view over time. Follows the results as they come. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

#define RUNET_TYPE_REPORT_WINDOW (runet_report_window_get_type ())
G_DECLARE_FINAL_TYPE (RunetReportWindow,
                      runet_report_window,
                      RUNET,
                      REPORT_WINDOW,
                      GtkWindow)

/* Signals: "case-activated" (RunetCase, int): a point that stands for it was clicked, and which instant it is
 * of, or −1;
 * "frame-activated" (guint): a point of the curves of the selected view was, which stands for that frame;
 * "opened": after one of these, when the user wants to go there and not only see it beside the report. */
RunetReportWindow *
runet_report_window_new (void);
/* @cases: (nullable) (element-type RunetCase); @study: (nullable): its name. */
void
runet_report_window_set_cases (RunetReportWindow *self,
                               GListModel *cases,
                               const char *study);
/* @model: (nullable): what the results are of; @loaded: it was read, so that @seen (nullable) is known: see
 * runet_report_set_seen(). */
void
runet_report_window_set_model (RunetReportWindow *self,
                               const char *model,
                               gboolean loaded,
                               GHashTable *seen);
/* The view whose volume is shown over time; both (nullable). */
void
runet_report_window_set_selected (RunetReportWindow *self,
                                  RunetCase *item,
                                  RunetClip *clip);

G_END_DECLS
