/* The companion: the other view of a patient beside the one that is looked at. */
#include "companion.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "wording.h"

/* Rates nearer to each other than this are the same to the eye. */
#define SAME_RATE 0.01

struct _RunetCompanion {
  RunetViewer *leader, *viewer; /* borrowed */
  GtkBox *views;
};

/* "Four-chamber · 52.5 Hz"; "Four-chamber · End-diastole" for stills. */
static char *
describe (RunetViewer *viewer) {
  const char *view =
      runet_view_name (runet_case_get_view (runet_viewer_get_case (viewer)));
  const RunetClip *clip = runet_viewer_get_clip (viewer);
  RunetInstant instant;
  if (clip && !clip->sequence &&
      runet_clip_get_instant (clip, runet_viewer_get_frame (viewer), &instant))
    return g_strdup_printf ("%s · %s", view, runet_instant_name (instant));
  if (!clip || !clip->sequence)
    return g_strdup (view);
  const RunetLink link = runet_timeline_get_link (runet_viewer_get_timeline (viewer));
  return g_strdup_printf (isfinite (clip->frame_rate_hz) && clip->frame_rate_hz > 0
                              ? _ ("%s · %.4g Hz")
                              : _ ("%s · %.4g Hz assumed"),
                          view, link.rate_hz);
}

/* Two recordings are of two beats: only the leader is played at its own rate, and the reader is told. */
static void
caption_companion (RunetCompanion *self) {
  if (!runet_viewer_get_case (self->viewer))
    return;
  g_autofree char *text = describe (self->viewer);
  const RunetClip *clip = runet_viewer_get_clip (self->viewer);
  const RunetLink from =
      runet_timeline_get_link (runet_viewer_get_timeline (self->leader));
  const RunetLink to =
      runet_timeline_get_link (runet_viewer_get_timeline (self->viewer));
  const double shown_hz = runet_link_get_rate_hz (&from, &to);
  if (!clip || !clip->sequence || !isfinite (shown_hz) ||
      fabs (shown_hz / to.rate_hz - 1) < SAME_RATE) {
    runet_viewer_set_caption (self->viewer, text, text);
    return;
  }
  g_autofree char *longer =
      g_strdup_printf (_ ("%s, played at %.2g×"), text, shown_hz / to.rate_hz);
  g_autofree char *tooltip = g_strdup_printf (
      _ ("%s. Its half cycle lasts %.0f ms, that of the view played at its own rate "
         "%.0f "
         "ms: %.4g frames a second are shown so that end-diastole and end-systole "
         "coincide."),
      text, runet_link_get_half_cycle_ms (&to), runet_link_get_half_cycle_ms (&from),
      shown_hz);
  runet_viewer_set_caption (self->viewer, longer, tooltip);
}

static void
update_captions (RunetCompanion *self) {
  if (!runet_viewer_get_case (self->viewer) || !runet_viewer_get_case (self->leader)) {
    runet_viewer_set_caption (self->leader, NULL, NULL);
    return;
  }
  g_autofree char *text = describe (self->leader);
  runet_viewer_set_caption (self->leader, text, text);
  caption_companion (self);
}

/* The moment that the leader is at. */
static void
follow (RunetCompanion *self) {
  if (!runet_viewer_get_clip (self->leader) || !runet_viewer_get_clip (self->viewer))
    return;
  RunetTimeline *timeline = runet_viewer_get_timeline (self->leader);
  RunetLinkRounding rounding;
  const double moment = runet_timeline_get_moment (timeline, &rounding);
  const RunetLink from = runet_timeline_get_link (timeline);
  const RunetLink to =
      runet_timeline_get_link (runet_viewer_get_timeline (self->viewer));
  runet_viewer_set_frame (self->viewer,
                          runet_link_get_frame (&from, &to, moment, rounding));
  /* A still may be of another instant than the leader is at: its caption says of which. */
  if (!runet_viewer_get_clip (self->leader)->sequence ||
      !runet_viewer_get_clip (self->viewer)->sequence)
    update_captions (self);
}

static void
clip_changed_cb (RunetCompanion *self) {
  update_captions (self);
  follow (self);
}

static void
problem_cb (RunetViewer *viewer, const char *message, RunetCompanion *self) {
  g_signal_emit_by_name (self->leader, "problem", message);
}

RunetCompanion *
runet_companion_new (RunetViewer *leader, GtkBox *views) {
  g_return_val_if_fail (RUNET_IS_VIEWER (leader) && GTK_IS_BOX (views), NULL);

  RunetCompanion *self = g_new0 (RunetCompanion, 1);
  self->leader = leader;
  self->views = views;
  self->viewer = RUNET_VIEWER (runet_viewer_new ());
  runet_viewer_set_bare (self->viewer, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->viewer), FALSE);
  gtk_box_append (views, GTK_WIDGET (self->viewer));

  static const char *const shared[] = {
      "show-stage1",       "show-region",    "show-stage2",
      "show-expert",       "show-corrected", "show-measures",
      "show-disagreement", "show-reasons",   "bare"};
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    g_object_bind_property (runet_viewer_get_canvas (leader), shared[i],
                            runet_viewer_get_canvas (self->viewer), shared[i],
                            G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (runet_viewer_get_timeline (leader), "moved",
                            G_CALLBACK (follow), self);
  g_signal_connect_swapped (leader, "clip-changed", G_CALLBACK (clip_changed_cb), self);
  g_signal_connect_swapped (self->viewer, "clip-changed", G_CALLBACK (clip_changed_cb),
                            self);
  g_signal_connect (self->viewer, "problem", G_CALLBACK (problem_cb), self);
  return self;
}

void
runet_companion_free (RunetCompanion *self) {
  g_return_if_fail (self != NULL);
  g_signal_handlers_disconnect_by_data (runet_viewer_get_timeline (self->leader), self);
  g_signal_handlers_disconnect_by_data (self->leader, self);
  g_signal_handlers_disconnect_by_data (self->viewer, self);
  g_free (self);
}

void
runet_companion_set_case (RunetCompanion *self, RunetCase *item) {
  g_return_if_fail (self != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->viewer), item != NULL);
  runet_viewer_set_case (self->viewer, item);
  if (item) {
    gboolean left = runet_case_get_view (item) == RUNET_VIEW_A4C;
    GtkWidget *viewer = GTK_WIDGET (self->viewer);
    GtkWidget *last = gtk_widget_get_last_child (GTK_WIDGET (self->views));
    if (left)
      gtk_box_reorder_child_after (self->views, viewer, NULL);
    else if (last != viewer)
      gtk_box_reorder_child_after (self->views, viewer, last);
  }
  update_captions (self);
}

RunetViewer *
runet_companion_get_viewer (RunetCompanion *self) {
  g_return_val_if_fail (self != NULL, NULL);
  return self->viewer;
}
