/* The report window that belongs to a window: what is clicked there is selected here. */
#include "window-report.h"

#include "models.h"
#include "ui/report-window.h"
#include "window-go.h"
#include "window-private.h"

static void
case_activated_cb (RunetReportWindow *report,
                   RunetCase *item,
                   int instant,
                   RunetWindow *self) {
  runet_window_go_to_case (self, item, instant);
}

static void
frame_activated_cb (RunetReportWindow *report, guint frame, RunetWindow *self) {
  self->touched = TRUE;
  runet_viewer_set_frame (RUNET_VIEWER (self->viewer), frame);
}

static void
clip_changed_cb (RunetWindow *self) {
  RunetViewer *viewer = RUNET_VIEWER (self->viewer);
  if (!self->report)
    return;
  runet_report_window_set_selected (RUNET_REPORT_WINDOW (self->report),
                                    runet_viewer_get_case (viewer),
                                    runet_viewer_get_clip (viewer));
}

void
runet_window_update_report (RunetWindow *self) {
  if (!self->report)
    return;
  RunetReportWindow *report = RUNET_REPORT_WINDOW (self->report);
  g_autofree char *model = self->model ? runet_model_title (self->model) : NULL;
  g_autofree char *study = self->path ? g_path_get_basename (self->path) : NULL;
  g_autofree char *name = study ? g_utf8_make_valid (study, -1) : NULL;
  /* Known once it is loaded. */
  const gboolean loaded = runet_analysis_get_model_description (self->analysis) != NULL;
  runet_report_window_set_model (report, model, loaded,
                                 runet_analysis_get_seen (self->analysis));
  runet_report_window_set_cases (report, G_LIST_MODEL (self->cases), name);
}

/* It goes with its window; closed alone, it is made anew the next time. */
static void
make_report (RunetWindow *self) {
  RunetReportWindow *report = runet_report_window_new ();
  g_set_weak_pointer (&self->report, GTK_WIDGET (report));
  g_signal_connect_object (self, "destroy", G_CALLBACK (gtk_window_destroy), report,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (report, "case-activated", G_CALLBACK (case_activated_cb),
                           self, 0);
  g_signal_connect_object (report, "frame-activated", G_CALLBACK (frame_activated_cb),
                           self, 0);
  /* Connected to the viewer for as long as there is this report. */
  GClosure *closure = g_cclosure_new_swap (G_CALLBACK (clip_changed_cb), self, NULL);
  g_object_watch_closure (G_OBJECT (report), closure);
  g_signal_connect_closure (self->viewer, "clip-changed", closure, FALSE);
  g_signal_connect_object (report, "opened", G_CALLBACK (gtk_window_present), self,
                           G_CONNECT_SWAPPED);
  runet_window_update_report (self);
  clip_changed_cb (self);
}

void
runet_window_show_report (RunetWindow *self) {
  g_return_if_fail (RUNET_IS_WINDOW (self));
  if (!self->report)
    make_report (self);
  gtk_window_present (GTK_WINDOW (self->report));
}
