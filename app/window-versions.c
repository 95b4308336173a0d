/* Whose contours are on the image. */
#include "window-versions.h"

#include "window-private.h"

/* The parameter is the author, "" for what counts. */
static void
show_version_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindow *window = user_data;
  RunetCase *item = runet_window_review_get_case (window->review);
  RunetReviewState *review = item ? runet_case_get_review (item) : NULL;
  const char *author = g_variant_get_string (state, NULL);
  const RunetReading *reading =
      review && *author ? runet_review_state_find_reading (review, author) : NULL;
  g_autoptr (GPtrArray) version =
      reading ? runet_window_corrections_measure (window->corrections, item, reading)
              : NULL;
  g_simple_action_set_state (action, reading ? state : g_variant_new_string (""));
  runet_viewer_set_version (RUNET_VIEWER (window->viewer), version);
  if (reading)
    g_object_set (runet_viewer_get_canvas (RUNET_VIEWER (window->viewer)),
                  "show-corrected", TRUE, NULL);
}

/* Both, the model's alone, what was drawn alone. */
static void
cycle_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  RunetCanvas *canvas =
      runet_viewer_get_canvas (RUNET_VIEWER (RUNET_WINDOW (user_data)->viewer));
  gboolean model = runet_canvas_get_overlay_visible (canvas, RUNET_OVERLAY_STAGE2);
  gboolean drawn = runet_canvas_get_overlay_visible (canvas, RUNET_OVERLAY_CORRECTED);
  gboolean both = model && drawn;
  g_object_set (canvas, "show-stage2", both || !model, "show-corrected", !both, NULL);
}

/* Another case begins with what counts, and with a reader like any other. */
static void
clip_cb (RunetWindow *window) {
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (window), "show-version");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (""));
  action = g_action_map_lookup_action (G_ACTION_MAP (window), "adjudicate");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (FALSE));
}

void
runet_window_add_versions (RunetWindow *window) {
  static const GActionEntry actions[] = {
      {.name = "show-version",
       .parameter_type = "s",
       .state = "''",
       .change_state = show_version_cb},
      {.name = "cycle-versions", .activate = cycle_cb},
  };
  g_action_map_add_action_entries (G_ACTION_MAP (window), actions,
                                   G_N_ELEMENTS (actions), window);
  g_signal_connect_object (window->viewer, "clip-changed", G_CALLBACK (clip_cb), window,
                           G_CONNECT_SWAPPED);
}
