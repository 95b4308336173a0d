/* The viewer: the canvas, the legend under it and the timeline, showing one case. */
#include "viewer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "companion.h"
#include "edit-bar.h"
#include "edit-room.h"
#include "first-look.h"
#include "frame-view.h"
#include "legend.h"

/* Images are there sooner as a rule; a message that only flashes is left out. */
#define MESSAGE_DELAY_MS 250

struct _RunetViewer {
  GtkWidget parent;

  GtkWidget *content;
  GtkWidget *edit_bar;
  GtkWidget *edit_button;
  RunetEditRoom *room;
  GtkWidget *views;
  GtkWidget *caption;
  GtkWidget *caption_title;
  GtkWidget *enlarge;
  GtkWidget *canvas;
  GtkWidget *legend;
  GtkWidget *modes;
  GtkWidget *zoom;
  GtkWidget *bottom;
  GtkWidget *timeline;
  guint stages; /* of the model whose results were shown last */

  RunetCase *item;
  RunetClip *clip;
  guint frame;
  RunetFrameView *view; /* of @frame */
  GCancellable *reading;
  gulong changed_id;
  guint message_id;
  RunetCase *other; /* (nullable): the other view of the patient */
  gboolean both_views; /* shown beside it … */
  gboolean editing; /* … but while this one is corrected, for room */
  RunetCompanion *companion; /* (nullable): made when first needed */
  gint64 chosen_at; /* monotonic: when the case was; 0 once it was painted */
};

G_DEFINE_FINAL_TYPE (RunetViewer, runet_viewer, GTK_TYPE_WIDGET)

enum { PROP_FRAME = 1, PROP_BOTH_VIEWS, PROP_EXPERIMENT, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

enum { CLIP_CHANGED, PROBLEM, SIGNALS };
static guint signals[SIGNALS];

static void
show_stages (RunetViewer *self, guint stages) {
  if (stages == 0 || self->stages == stages)
    return;
  self->stages = stages;
  runet_legend_set_stages (RUNET_LEGEND (self->legend), stages);
  gtk_widget_set_visible (self->modes, stages > 1);
  runet_canvas_set_stages (RUNET_CANVAS (self->canvas), stages);
}

static void
show_frame (RunetViewer *self) {
  if (self->clip)
    show_stages (
        self, runet_frame_view_show (self->view, self->item, self->clip, self->frame));
}

static void
show_marks (RunetViewer *self) {
  for (guint frame = 0; self->clip && frame < self->clip->frames; frame++) {
    RunetFrameResult *result = runet_case_get_shown (self->item, self->clip, frame);
    RunetFrameMark mark = !result ? RUNET_FRAME_PLAIN
                          : runet_frame_result_is_outlier (result)
                              ? RUNET_FRAME_OUTLIER
                              : RUNET_FRAME_SEGMENTED;
    runet_timeline_set_mark (RUNET_TIMELINE (self->timeline), frame, mark);
    const RunetCaseCorrection *correction =
        runet_case_get_correction (self->item, self->clip, frame);
    runet_timeline_set_touch (RUNET_TIMELINE (self->timeline), frame,
                              !correction           ? RUNET_FRAME_UNTOUCHED
                              : correction->derived ? RUNET_FRAME_DERIVED
                                                    : RUNET_FRAME_EDITED);
  }
}

static void
show_curves (RunetViewer *self) {
  for (int curve = 0; self->clip && curve < RUNET_CURVES; curve++) {
    g_autofree double *values = runet_case_get_curve (self->item, self->clip, curve);
    runet_timeline_set_curve (RUNET_TIMELINE (self->timeline), curve, values);
  }
}

/* Not at the first gesture: the image would move. */
static void
show_legend (RunetViewer *self) {
  const gboolean corrected = self->item && runet_case_get_corrections (self->item);
  runet_legend_set_corrected (RUNET_LEGEND (self->legend), corrected || self->editing);
}

static void
case_changed_cb (RunetCase *item, RunetViewer *self) {
  if (!self->clip)
    return;
  show_legend (self);
  if (!runet_frame_view_is_current (
          self->view, self->frame,
          runet_case_get_result (item, self->clip, self->frame)))
    show_frame (self);
  show_marks (self);
  show_curves (self);
}

/* FALSE when there was none to end. */
static gboolean
set_experiment (RunetViewer *self, RunetSegmentation *found, const char *tag) {
  if (!runet_frame_view_set_experiment (self->view, found, tag))
    return FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPERIMENT]);
  return TRUE;
}

static void
set_frame (RunetViewer *self, guint frame) {
  if (!self->clip || frame >= self->clip->frames || frame == self->frame)
    return;
  self->frame = frame;
  set_experiment (self, NULL, NULL);
  runet_frame_view_point_out (self->view, NULL);
  runet_timeline_set_frame (RUNET_TIMELINE (self->timeline), frame);
  show_frame (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRAME]);
}

static void
timeline_frame_cb (RunetViewer *self) {
  set_frame (self, runet_timeline_get_frame (RUNET_TIMELINE (self->timeline)));
}

static void
zoom_cb (RunetViewer *self) {
  double zoom;
  g_object_get (self->canvas, "zoom", &zoom, NULL);
  g_autofree char *text = g_strdup_printf (_ ("%.0f %%"), 100.0 * zoom);
  gtk_button_set_label (GTK_BUTTON (self->zoom), text);
  g_autofree char *label = g_strdup_printf (_ ("Zoom %s, fit to the window"), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->zoom),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
forget_clip (RunetViewer *self) {
  runet_timeline_set_playing (RUNET_TIMELINE (self->timeline), FALSE);
  set_experiment (self, NULL, NULL);
  runet_frame_view_clear (self->view);
  g_clear_pointer (&self->clip, runet_clip_unref);
}

/* For who measures: G_MESSAGES_DEBUG=all prints it. */
static void
painted_cb (GdkFrameClock *clock, RunetViewer *self) {
  if (self->chosen_at == 0)
    return;
  const gint64 now = g_get_monotonic_time ();
  g_debug ("Painted %s %s at %" G_GINT64_FORMAT " us, %.1f ms after it was chosen",
           runet_case_get_name (self->item),
           runet_view_to_string (runet_case_get_view (self->item)), now,
           (double)(now - self->chosen_at) / 1e3);
  self->chosen_at = 0;
  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
}

static void
tell_when_painted (RunetViewer *self) {
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  if (!clock)
    return;
  g_signal_handlers_disconnect_by_func (clock, painted_cb, self);
  g_signal_connect_object (clock, "after-paint", G_CALLBACK (painted_cb), self, 0);
}

/* (nullable) @clip: -1 when it has no such frame. */
static int
find_reason (const RunetClip *clip, const RunetCaseReason *one) {
  if (!clip)
    return -1;
  if (one->frame < 0)
    return clip->instant_frame[one->instant];
  return clip->sequence && one->frame < (int)clip->frames ? one->frame : -1;
}

/* Where there is most to see: what makes it an outlier, else the first sign, else end-diastole. */
static guint
find_first_frame (RunetViewer *self) {
  g_autoptr (GArray) reasons = runet_case_list_reasons (self->item);
  int first = -1;
  for (guint i = 0; i < reasons->len; i++) {
    const RunetCaseReason *one = &g_array_index (reasons, RunetCaseReason, i);
    const int frame = find_reason (self->clip, one);
    if (one->reason.severity != RUNET_SEVERITY_NOTE && frame >= 0)
      return (guint)frame;
    if (first < 0 && runet_reason_is_sign (&one->reason))
      first = frame;
  }
  return (guint)MAX (0,
                     first >= 0 ? first : self->clip->instant_frame[RUNET_INSTANT_ED]);
}

static void
adopt_clip (RunetViewer *self, RunetClip *clip) {
  forget_clip (self);
  self->clip = clip;
  RunetCanvas *canvas = RUNET_CANVAS (self->canvas);
  runet_canvas_set_message (canvas, NULL);
  int ed = clip->instant_frame[RUNET_INSTANT_ED];
  runet_timeline_set_sequence (RUNET_TIMELINE (self->timeline), clip->frames, ed,
                               clip->instant_frame[RUNET_INSTANT_ES],
                               clip->frame_rate_hz);
  self->frame = find_first_frame (self);
  show_legend (self);
  runet_timeline_set_frame (RUNET_TIMELINE (self->timeline), self->frame);
  show_frame (self);
  show_marks (self);
  show_curves (self);
  for (guint i = 0; i < clip->problems->len; i++)
    g_signal_emit (self, signals[PROBLEM], 0, clip->problems->pdata[i]);
  g_signal_emit (self, signals[CLIP_CHANGED], 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRAME]);
  tell_when_painted (self);
}

static void
read_clip_in_thread (GTask *task,
                     gpointer source,
                     gpointer data,
                     GCancellable *cancellable) {
  g_autoptr (GError) error = NULL;
  RunetClip *clip =
      runet_clip_new (runet_case_get_files (RUNET_CASE (data)), cancellable, &error);
  if (clip)
    g_task_return_pointer (task, clip, (GDestroyNotify)runet_clip_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
stop_reading (RunetViewer *self) {
  g_clear_handle_id (&self->message_id, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
read_clip_cb (GObject *source, GAsyncResult *result, gpointer user_data) {
  RunetViewer *self = RUNET_VIEWER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetClip) clip = g_task_propagate_pointer (G_TASK (result), &error);
  /* Another case was chosen meanwhile. */
  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  /* A first look that comes later than this is not wanted. */
  stop_reading (self);
  if (clip) {
    adopt_clip (self, g_steal_pointer (&clip));
    return;
  }
  forget_clip (self);
  runet_canvas_set_image (RUNET_CANVAS (self->canvas), NULL);
  runet_canvas_set_message (RUNET_CANVAS (self->canvas), error->message);
  runet_timeline_set_sequence (RUNET_TIMELINE (self->timeline), 0, -1, -1, NAN);
  g_signal_emit (self, signals[PROBLEM], 0, error->message);
  g_signal_emit (self, signals[CLIP_CHANGED], 0);
}

static gboolean
show_reading_cb (gpointer user_data) {
  RunetViewer *self = user_data;
  self->message_id = 0;
  runet_canvas_set_message (RUNET_CANVAS (self->canvas), _ ("Reading the images …"));
  return G_SOURCE_REMOVE;
}

void
runet_viewer_set_case (RunetViewer *self, RunetCase *item) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  if (self->item == item)
    return;

  stop_reading (self);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_set_object (&self->item, item);
  self->chosen_at = item ? g_get_monotonic_time () : 0;
  /* The old image stays until the new one is there, so that nothing flickers; what was said of it
   * goes at once. */
  forget_clip (self);
  runet_canvas_set_reasons (RUNET_CANVAS (self->canvas), NULL, 0);
  g_signal_emit (self, signals[CLIP_CHANGED], 0);
  if (!item) {
    runet_canvas_set_image (RUNET_CANVAS (self->canvas), NULL);
    runet_timeline_set_sequence (RUNET_TIMELINE (self->timeline), 0, -1, -1, NAN);
    return;
  }
  self->changed_id =
      g_signal_connect (item, "changed", G_CALLBACK (case_changed_cb), self);
  self->reading = g_cancellable_new ();
  self->message_id = g_timeout_add (MESSAGE_DELAY_MS, show_reading_cb, self);
  runet_first_look_start (item, RUNET_CANVAS (self->canvas), self->reading);
  g_autoptr (GTask) task = g_task_new (self, self->reading, read_clip_cb, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_object_ref (item), g_object_unref);
  g_task_run_in_thread (task, read_clip_in_thread);
}

static void
update_companion (RunetViewer *self) {
  RunetCase *shown = self->both_views && !self->editing ? self->other : NULL;
  if (!self->companion && shown)
    self->companion = runet_companion_new (self, GTK_BOX (self->views));
  if (self->companion)
    runet_companion_set_case (self->companion, shown);
}

void
runet_viewer_set_other_view (RunetViewer *self, RunetCase *other) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  if (g_set_object (&self->other, other))
    update_companion (self);
}

RunetCase *
runet_viewer_get_other_view (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return self->other;
}

void
runet_viewer_set_bare (RunetViewer *self, gboolean bare) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  gtk_widget_set_visible (self->legend, !bare);
  gtk_widget_set_visible (self->bottom, !bare);
}

void
runet_viewer_set_caption (RunetViewer *self, const char *text, const char *tooltip) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  gtk_widget_set_visible (self->caption, text != NULL);
  gtk_label_set_label (GTK_LABEL (self->caption_title), text ? text : "");
  gtk_widget_set_tooltip_text (self->caption_title, tooltip);
  if (!text || !self->item)
    return;
  gtk_actionable_set_action_target (
      GTK_ACTIONABLE (self->enlarge), "s",
      runet_view_to_string (runet_case_get_view (self->item)));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->enlarge), "win.enlarge");
}

RunetCase *
runet_viewer_get_case (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return self->item;
}

RunetClip *
runet_viewer_get_clip (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return self->clip;
}

RunetCanvas *
runet_viewer_get_canvas (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return RUNET_CANVAS (self->canvas);
}

RunetCanvas *
runet_viewer_get_focused_canvas (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  RunetViewer *other =
      self->companion ? runet_companion_get_viewer (self->companion) : NULL;
  const gboolean beside =
      other && (gtk_widget_get_state_flags (other->canvas) &
                (GTK_STATE_FLAG_FOCUSED | GTK_STATE_FLAG_FOCUS_WITHIN)) != 0;
  return RUNET_CANVAS (beside ? other->canvas : self->canvas);
}

RunetTimeline *
runet_viewer_get_timeline (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return RUNET_TIMELINE (self->timeline);
}

RunetEditBar *
runet_viewer_get_edit_bar (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return RUNET_EDIT_BAR (self->edit_bar);
}

GtkWidget *
runet_viewer_get_edit_button (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return self->edit_button;
}

void
runet_viewer_set_editing (RunetViewer *self, gboolean editing) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  if (self->editing == editing)
    return;
  self->editing = editing;
  gtk_widget_set_visible (self->edit_bar, editing);
  runet_edit_room_set_editing (self->room, editing);
  show_legend (self);
  update_companion (self);
}

void
runet_viewer_set_version (RunetViewer *self, GPtrArray *version) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  runet_frame_view_set_version (self->view, version);
  show_frame (self);
}

void
runet_viewer_set_edited (RunetViewer *self, gboolean edited) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  if (runet_frame_view_set_editing (self->view, edited))
    show_frame (self);
}

GtkWidget *
runet_viewer_get_legend (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), NULL);
  return self->legend;
}

void
runet_viewer_set_frame (RunetViewer *self, guint frame) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  set_frame (self, frame);
}

guint
runet_viewer_get_frame (RunetViewer *self) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), 0);
  return self->frame;
}

void
runet_viewer_step (RunetViewer *self, int step) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  if (!self->clip)
    return;
  int frames = (int)self->clip->frames;
  runet_timeline_set_playing (RUNET_TIMELINE (self->timeline), FALSE);
  set_frame (self, (guint)((((int)self->frame + step) % frames + frames) % frames));
}

void
runet_viewer_go_to_end (RunetViewer *self, gboolean last) {
  g_return_if_fail (RUNET_IS_VIEWER (self));
  if (!self->clip)
    return;
  runet_timeline_set_playing (RUNET_TIMELINE (self->timeline), FALSE);
  set_frame (self, last ? self->clip->frames - 1 : 0);
}

gboolean
runet_viewer_go_to_instant (RunetViewer *self, RunetInstant instant) {
  g_return_val_if_fail (RUNET_IS_VIEWER (self), FALSE);
  if (!self->clip || self->clip->instant_frame[instant] < 0)
    return FALSE;
  runet_timeline_set_playing (RUNET_TIMELINE (self->timeline), FALSE);
  set_frame (self, (guint)self->clip->instant_frame[instant]);
  return TRUE;
}

void
runet_viewer_point_out (RunetViewer *self, const RunetCaseReason *one) {
  g_return_if_fail (RUNET_IS_VIEWER (self) && one != NULL);
  const int frame = find_reason (self->clip, one);
  if (frame < 0)
    return;
  runet_timeline_set_playing (RUNET_TIMELINE (self->timeline), FALSE);
  set_frame (self, (guint)frame);
  g_object_set (self->canvas, "show-stage2", TRUE, "show-reasons", TRUE, NULL);
  runet_frame_view_point_out (self->view, &one->reason);
  show_frame (self);
}

void
runet_viewer_set_experiment (RunetViewer *self,
                             RunetSegmentation *found,
                             const char *tag) {
  g_return_if_fail (RUNET_IS_VIEWER (self) && (found == NULL) == (tag == NULL));
  if (self->clip && set_experiment (self, found, tag))
    show_frame (self);
}

static void
runet_viewer_get_property (GObject *object,
                           guint id,
                           GValue *value,
                           GParamSpec *pspec) {
  if (id == PROP_FRAME)
    g_value_set_uint (value, RUNET_VIEWER (object)->frame);
  else if (id == PROP_BOTH_VIEWS)
    g_value_set_boolean (value, RUNET_VIEWER (object)->both_views);
  else if (id == PROP_EXPERIMENT)
    g_value_set_boolean (value,
                         runet_frame_view_has_experiment (RUNET_VIEWER (object)->view));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
set_both_views (RunetViewer *self, gboolean both_views) {
  if (self->both_views == both_views)
    return;
  self->both_views = both_views;
  update_companion (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BOTH_VIEWS]);
}

static void
runet_viewer_set_property (GObject *object,
                           guint id,
                           const GValue *value,
                           GParamSpec *pspec) {
  if (id == PROP_FRAME)
    set_frame (RUNET_VIEWER (object), g_value_get_uint (value));
  else if (id == PROP_BOTH_VIEWS)
    set_both_views (RUNET_VIEWER (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
runet_viewer_dispose (GObject *object) {
  RunetViewer *self = RUNET_VIEWER (object);
  stop_reading (self);
  g_clear_signal_handler (&self->changed_id, self->item);
  g_clear_pointer (&self->companion, runet_companion_free);
  g_clear_object (&self->other);
  g_clear_object (&self->item);
  g_clear_pointer (&self->view, runet_frame_view_free);
  g_clear_pointer (&self->clip, runet_clip_unref);
  g_clear_pointer (&self->room, runet_edit_room_free);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (runet_viewer_parent_class)->dispose (object);
}

static void
runet_viewer_class_init (RunetViewerClass *class) {
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  object_class->dispose = runet_viewer_dispose;
  object_class->get_property = runet_viewer_get_property;
  object_class->set_property = runet_viewer_set_property;
  properties[PROP_FRAME] = g_param_spec_uint (
      "frame", NULL, NULL, 0, G_MAXUINT, 0,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BOTH_VIEWS] = g_param_spec_boolean (
      "both-views", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_EXPERIMENT] = g_param_spec_boolean (
      "experiment", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CLIP_CHANGED] =
      g_signal_new ("clip-changed", RUNET_TYPE_VIEWER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[PROBLEM] = g_signal_new ("problem", RUNET_TYPE_VIEWER, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (RUNET_TYPE_CANVAS);
  g_type_ensure (RUNET_TYPE_EDIT_BAR);
  g_type_ensure (RUNET_TYPE_LEGEND);
  g_type_ensure (RUNET_TYPE_TIMELINE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "viewer");
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/runet/Review/ui/viewer.ui");
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, content);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, edit_bar);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, edit_button);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, views);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, caption);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, caption_title);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, enlarge);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, canvas);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, legend);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, modes);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, zoom);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, bottom);
  gtk_widget_class_bind_template_child (widget_class, RunetViewer, timeline);
}

static void
runet_viewer_init (RunetViewer *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  self->view = runet_frame_view_new (RUNET_CANVAS (self->canvas));
  self->room = runet_edit_room_new (GTK_WIDGET (self), RUNET_LEGEND (self->legend),
                                    RUNET_TIMELINE (self->timeline));
  g_signal_connect_swapped (self->timeline, "notify::frame",
                            G_CALLBACK (timeline_frame_cb), self);
  g_signal_connect_swapped (self->canvas, "notify::zoom", G_CALLBACK (zoom_cb), self);
  zoom_cb (self);
}

GtkWidget *
runet_viewer_new (void) {
  return g_object_new (RUNET_TYPE_VIEWER, NULL);
}
