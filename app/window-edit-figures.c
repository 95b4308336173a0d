/* What is measured while one corrects: areas, shape, volumes and ejection fraction, and their change. */
#include "window-edit-private.h"

#include <string.h>
#include "ui/case-measures.h"
#include "ui/fit.h"

/* Both views of the patient. */
static void
list_views (RunetWindowEdit *self, RunetCase *views[RUNET_VIEWS]) {
  RunetCase *other = runet_viewer_get_other_view (runet_window_edit_get_viewer (self));
  memset (views, 0, RUNET_VIEWS * sizeof *views);
  views[runet_case_get_view (self->item)] = self->item;
  if (other && runet_case_get_patient (other) == runet_case_get_patient (self->item))
    views[runet_case_get_view (other)] = other;
}

static RunetSimpsonMode
get_mode (RunetWindowEdit *self) {
  g_autofree char *name = NULL;
  RunetSimpsonMode mode = RUNET_SIMPSON_ASE;
  g_object_get (self->window->inspector, "simpson-mode", &name, NULL);
  runet_simpson_mode_from_string (name, &mode);
  return mode;
}

RunetStructure
runet_window_edit_get_structure (RunetWindowEdit *self) {
  const RunetHit selected = runet_editor_get_selected (self->editor);
  if (selected.kind != RUNET_HIT_NOTHING)
    return selected.structure;
  return self->structure < RUNET_STRUCTURES ? self->structure : RUNET_STRUCTURE_ENDO;
}

/* On the image, which may be on another grid than what was measured. */
static void
show_discs (RunetWindowEdit *self, const RunetDiscs *discs, const RunetGrid *grid) {
  RunetCanvas *canvas = runet_window_edit_get_canvas (self);
  gsize image_frame;
  const RunetImage *image =
      runet_clip_get_image (runet_viewer_get_clip (runet_window_edit_get_viewer (self)),
                            self->frame, &image_frame);
  const RunetDiscs fitted = runet_discs_fit (discs, grid, image->grid);
  runet_canvas_set_measures (canvas, RUNET_OVERLAY_CORRECTED, &fitted, image_frame);
}

static void
show_figures (RunetWindowEdit *self) {
  const RunetCorrection *correction = runet_editor_get_correction (self->editor);
  const RunetGrid *grid = correction->grid;
  g_autofree guint8 *labels = g_try_malloc (grid->width * grid->height);
  if (!labels)
    return;
  runet_correction_draw (correction, labels);
  const RunetView view = runet_case_get_view (self->item);
  RunetInstant instant;
  gboolean counts = runet_clip_get_instant (
      runet_viewer_get_clip (runet_window_edit_get_viewer (self)), self->frame,
      &instant);
  RunetLive now;
  runet_live_measure (labels, grid->width, grid->height, grid->spacing_x_mm,
                      grid->spacing_y_mm, &now);
  RunetCase *views[RUNET_VIEWS];
  list_views (self, views);
  RunetPatientMeasures measures = runet_cases_take_shown_measures (views);
  const RunetPatientMeasures model =
      runet_cases_take_measures (views, RUNET_SHOWN_LAST);
  if (counts) {
    measures.discs[view][instant] = now.discs;
    measures.known[view][instant] = TRUE;
  }
  const RunetEditFigures figures = {
      .now = &now,
      .model = self->model,
      .structure = runet_window_edit_get_structure (self),
      .volumes = runet_patient_measures_compute (&measures, get_mode (self)),
      .model_volumes = runet_patient_measures_compute (&model, get_mode (self)),
  };
  runet_edit_bar_set_figures (runet_window_edit_get_bar (self), &figures);
  show_discs (self, &now.discs, grid);
}

/* Once a frame of the screen, however many events the pointer sends. */
static gboolean
figures_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data) {
  RunetWindowEdit *self = user_data;
  self->tick_id = 0;
  /* Between one case and the next the editor is still that of the one before. */
  if (!self->editor || !runet_viewer_get_clip (runet_window_edit_get_viewer (self)))
    return G_SOURCE_REMOVE;
  const gint64 start = g_get_monotonic_time ();
  show_figures (self);
  g_debug ("Figures of a correction took %.1f ms",
           (double)(g_get_monotonic_time () - start) / 1e3);
  return G_SOURCE_REMOVE;
}

void
runet_window_edit_queue_figures (RunetWindowEdit *self) {
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (
        GTK_WIDGET (runet_window_edit_get_canvas (self)), figures_cb, self, NULL);
}

void
runet_window_edit_cancel_figures (RunetWindowEdit *self) {
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (runet_window_edit_get_canvas (self)),
                                     self->tick_id);
  self->tick_id = 0;
}
