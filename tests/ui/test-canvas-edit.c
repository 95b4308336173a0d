/* Contours edited on the canvas: by real events of the pointer, by keys, in every layout; what is told and what is drawn. */
#include <math.h>
#include "canvas-fixture.h"
#ifdef HAVE_XTEST
#include "pointer.h"
#endif

#define EDIT_WIDTH 640
#define EDIT_HEIGHT 480

typedef struct {
  RunetCanvas *canvas;
  GtkWidget *widget;
  GtkWindow *window;
  RunetImage *image;
  RunetLabelMap *labels;
  RunetEditor *editor;
  guint told[RUNET_EDIT_SIGNALS];
} EditFixture;

static gboolean
is_inside (double x, double y, double cx, double cy, double rx, double ry) {
  const double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

/* A heart of ellipses, in parts of the image. */
static RunetLabel
get_label (double x, double y) {
  if (y < 0.58 && is_inside (x, y, 0.5, 0.4, 0.14, 0.28))
    return RUNET_LABEL_LV;
  if (y < 0.58 && is_inside (x, y, 0.5, 0.4, 0.22, 0.36))
    return RUNET_LABEL_MYOCARDIUM;
  return y >= 0.58 && is_inside (x, y, 0.5, 0.7, 0.16, 0.16) ? RUNET_LABEL_LA
                                                             : RUNET_LABEL_BACKGROUND;
}

static void
count_cb (RunetCanvas *canvas, guint *told) {
  (*told)++;
}

/* The signals of the canvas, in the order of RunetEditSignal. */
static const char *const signals[RUNET_EDIT_SIGNALS] = {
    "edit-changed", "edit-done", "edit-refused", "edit-selected", "edit-adjusted"};

/* @spacing_x, @spacing_y: mm; the image is 100 mm wide and high. */
static void
set_up (EditFixture *fixture, double spacing_x, double spacing_y) {
  *fixture = (EditFixture){.canvas = RUNET_CANVAS (runet_canvas_new ())};
  fixture->widget = GTK_WIDGET (fixture->canvas);
  fixture->image = canvas_test_image_new (
      (gsize)(100 / spacing_x), (gsize)(100 / spacing_y), 2, spacing_x, spacing_y);
  g_autoptr (RunetGrid) grid = runet_grid_with_frames (fixture->image->grid, 1);
  fixture->labels = runet_label_map_new (grid, NULL);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++)
      fixture->labels->labels[y * grid->width + x] =
          (guint8)get_label (((double)x + 0.5) / (double)grid->width,
                             ((double)y + 0.5) / (double)grid->height);
  g_autoptr (RunetCorrection) correction =
      runet_correction_new (grid, fixture->labels->labels);
  fixture->editor = runet_editor_new (correction);
  runet_canvas_set_image (fixture->canvas, fixture->image);
  runet_canvas_set_editor (fixture->canvas, fixture->editor, 0);
  for (int i = 0; i < RUNET_EDIT_SIGNALS; i++)
    g_signal_connect (fixture->canvas, signals[i], G_CALLBACK (count_cb),
                      &fixture->told[i]);
  fixture->window = runet_test_window_new (fixture->widget, EDIT_WIDTH, EDIT_HEIGHT);
}

static void
tear_down (EditFixture *fixture) {
  runet_canvas_set_editor (fixture->canvas, NULL, 0);
  gtk_window_destroy (fixture->window);
  runet_editor_free (fixture->editor);
  runet_image_unref (fixture->image);
  runet_label_map_unref (fixture->labels);
}

static const RunetContourModel *
get_model (EditFixture *fixture) {
  return &runet_editor_get_correction (fixture->editor)->model;
}

static RunetPoint
get_point (EditFixture *fixture, RunetStructure structure, guint index) {
  g_assert_cmpuint (index, <, get_model (fixture)->count[structure]);
  return get_model (fixture)->points[structure][index];
}

/* Of the widget, in whole pixels, in the pane that begins at @offset_x. */
static RunetPoint
to_widget (EditFixture *fixture, RunetPoint point, double offset_x) {
  RunetPoint at;
  runet_viewport_to_widget (&fixture->canvas->viewport, point.x, point.y, &at.x, &at.y);
  return (RunetPoint){floor (at.x + offset_x), floor (at.y)};
}

static void
assert_told (EditFixture *fixture, guint done, guint refused, guint adjusted) {
  g_assert_cmpuint (fixture->told[RUNET_EDIT_DONE], ==, done);
  g_assert_cmpuint (fixture->told[RUNET_EDIT_REFUSED], ==, refused);
  g_assert_cmpuint (fixture->told[RUNET_EDIT_ADJUSTED], ==, adjusted);
}

static gboolean
key (EditFixture *fixture, guint value, GdkModifierType state) {
  GtkEventController *keys =
      runet_test_find_controller (fixture->widget, GTK_TYPE_EVENT_CONTROLLER_KEY);
  gboolean handled = FALSE;
  g_signal_emit_by_name (keys, "key-pressed", value, 0, state, &handled);
  return handled;
}

/* @shot at @dx, @dy from @at. */
static guint32
color_at (const RunetShot *shot, RunetPoint at, int dx, int dy) {
  return runet_shot_at (shot, at.x + dx, at.y + dy);
}

/* ---- The pointer ---- */

#ifdef HAVE_XTEST
static void
pull (EditFixture *fixture, RunetPoint from, int dx, int dy) {
  pointer_move (fixture->widget, (int)from.x, (int)from.y);
  pointer_button (fixture->widget, 1, TRUE);
  for (int i = 1; i <= 4; i++)
    pointer_move (fixture->widget, (int)from.x + dx * i / 4, (int)from.y + dy * i / 4);
}

/* A point of the wall moves by as much of the image as the pointer does, and is told of once. */
static void
check_drag (EditFixture *fixture, double offset_x) {
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture->canvas->viewport, &scale_x, &scale_y);
  const RunetPoint before = get_point (fixture, RUNET_STRUCTURE_ENDO, 2);
  const guint done = fixture->told[RUNET_EDIT_DONE];
  fixture->told[RUNET_EDIT_CHANGED] = 0;
  pull (fixture, to_widget (fixture, before, offset_x), 12, 4);
  g_assert_cmpint (fixture->canvas->drag, ==, RUNET_DRAG_EDIT);
  g_assert_cmpuint (fixture->told[RUNET_EDIT_CHANGED], >=, 2);
  assert_told (fixture, done, 0, 0);
  pointer_button (fixture->widget, 1, FALSE);
  const RunetPoint after = get_point (fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat_with_epsilon (after.x - before.x, 12 / scale_x, 1e-6);
  g_assert_cmpfloat_with_epsilon (after.y - before.y, 4 / scale_y, 1e-6);
  g_assert_cmpint (fixture->canvas->drag, ==, RUNET_DRAG_NONE);
  g_assert_cmpstr (runet_editor_get_gesture (fixture->editor), ==, "points");
  assert_told (fixture, done + 1, 0, 0);
  g_assert_cmpint (runet_editor_get_correction (fixture->editor)->source[0], ==,
                   RUNET_SOURCE_SPLINE);
}

static void
test_drag (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  check_drag (&fixture, 0);
  runet_canvas_set_zoom_at (fixture.canvas, 2, EDIT_WIDTH / 2.0, EDIT_HEIGHT / 2.0);
  check_drag (&fixture, 0);
  tear_down (&fixture);

  set_up (&fixture, 0.5, 0.8);
  check_drag (&fixture, 0);
  tear_down (&fixture);
}

/* In both panes, and while one pulls across the line between them. */
static void
test_panes (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  runet_canvas_set_layout (fixture.canvas, RUNET_LAYOUT_SIDE_BY_SIDE);
  runet_test_settle (fixture.widget);
  RunetPane panes[2];
  g_assert_cmpuint (runet_canvas_list_panes (fixture.canvas, panes), ==, 2);
  check_drag (&fixture, panes[0].offset_x);
  check_drag (&fixture, panes[1].offset_x);

  const RunetPoint before = get_point (&fixture, RUNET_STRUCTURE_ENDO, 3);
  const RunetPoint at = to_widget (&fixture, before, panes[1].offset_x);
  runet_editor_set_allow_faults (fixture.editor, TRUE);
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture.canvas->viewport, &scale_x, &scale_y);
  const int across = (int)(at.x - panes[1].offset_x) + 20;
  pull (&fixture, at, -across, 0);
  pointer_button (fixture.widget, 1, FALSE);
  const RunetPoint after = get_point (&fixture, RUNET_STRUCTURE_ENDO, 3);
  g_assert_cmpfloat (after.x, <, before.x);
  g_assert_cmpfloat (before.x - after.x, >, across / scale_x - 1);
  runet_pane_clear (&panes[0]);
  runet_pane_clear (&panes[1]);

  runet_canvas_set_layout (fixture.canvas, RUNET_LAYOUT_SWIPE);
  runet_test_settle (fixture.widget);
  tear_down (&fixture);
}

/* While a point is held the wheel is its falloff; else it zooms. */
static void
test_wheel (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  const RunetPoint before = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  const RunetPoint neighbour = get_point (&fixture, RUNET_STRUCTURE_ENDO, 4);
  pull (&fixture, to_widget (&fixture, before, 0), 12, 0);
  const double falloff_mm = runet_editor_get_falloff_mm (fixture.editor);
  const RunetPoint little = get_point (&fixture, RUNET_STRUCTURE_ENDO, 4);
  for (int i = 0; i < 6; i++) {
    pointer_button (fixture.widget, 4, TRUE);
    pointer_button (fixture.widget, 4, FALSE);
  }
  const RunetPoint more = get_point (&fixture, RUNET_STRUCTURE_ENDO, 4);
  g_assert_cmpfloat_with_epsilon (runet_editor_get_falloff_mm (fixture.editor),
                                  falloff_mm * pow (1.15, 6), 1e-6);
  g_assert_cmpfloat (more.x - neighbour.x, >, little.x - neighbour.x + 0.1);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, ==, 1);
  assert_told (&fixture, 0, 0, 6);
  pointer_button (fixture.widget, 1, FALSE);
  assert_told (&fixture, 1, 0, 6);
  pointer_button (fixture.widget, 4, TRUE);
  pointer_button (fixture.widget, 4, FALSE);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, >, 1);

  runet_editor_set_tool (fixture.editor, RUNET_TOOL_PUSH);
  runet_canvas_refresh_editor (fixture.canvas);
  const double radius_mm = runet_editor_get_radius_mm (fixture.editor);
  const double zoom = fixture.canvas->viewport.zoom;
  pointer_hold (fixture.widget, GDK_KEY_Control_L, TRUE);
  pointer_button (fixture.widget, 5, TRUE);
  pointer_button (fixture.widget, 5, FALSE);
  pointer_hold (fixture.widget, GDK_KEY_Control_L, FALSE);
  g_assert_cmpfloat_with_epsilon (runet_editor_get_radius_mm (fixture.editor),
                                  radius_mm / 1.15, 1e-6);
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, ==, zoom);
  tear_down (&fixture);
}

/* Escape leaves no trace, and what the hand does after it neither. */
static void
test_escape (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  const RunetPoint before = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  const RunetPoint at = to_widget (&fixture, before, 0);
  pull (&fixture, at, 12, 4);
  g_assert_true (
      runet_correction_is_edited (runet_editor_get_correction (fixture.editor)));
  const guint changed = fixture.told[RUNET_EDIT_CHANGED];
  g_assert_true (key (&fixture, GDK_KEY_Escape, 0));
  g_assert_cmpuint (fixture.told[RUNET_EDIT_CHANGED], ==, changed + 1);
  pointer_move (fixture.widget, (int)at.x + 30, (int)at.y);
  pointer_button (fixture.widget, 1, FALSE);
  g_assert_false (
      runet_correction_is_edited (runet_editor_get_correction (fixture.editor)));
  assert_told (&fixture, 0, 0, 0);

  /* A click on a point selects it and changes nothing. */
  pull (&fixture, at, 0, 0);
  pointer_button (fixture.widget, 1, FALSE);
  g_assert_cmpint (runet_editor_get_selected (fixture.editor).kind, ==,
                   RUNET_HIT_POINT);
  g_assert_cmpuint (runet_editor_get_selected (fixture.editor).index, ==, 2);
  assert_told (&fixture, 0, 0, 0);
  tear_down (&fixture);
}

/* On nothing the hand pans; two clicks on a point are no wish to see all of the image. */
static void
test_beside (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  runet_canvas_set_zoom_at (fixture.canvas, 2, EDIT_WIDTH / 2.0, EDIT_HEIGHT / 2.0);
  const RunetPoint middle = {fixture.canvas->viewport.image_width / 2,
                             fixture.canvas->viewport.image_height * 0.4};
  const RunetPoint before = to_widget (&fixture, middle, 0);
  pull (&fixture, before, 16, 8);
  g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_PAN);
  pointer_button (fixture.widget, 1, FALSE);
  const RunetPoint after = to_widget (&fixture, middle, 0);
  g_assert_cmpfloat (after.x - before.x, ==, 16);
  g_assert_cmpfloat (after.y - before.y, ==, 8);

  const RunetPoint at =
      to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  pointer_move (fixture.widget, (int)at.x, (int)at.y);
  for (int i = 0; i < 2; i++) {
    pointer_button (fixture.widget, 1, TRUE);
    pointer_button (fixture.widget, 1, FALSE);
  }
  g_assert_cmpfloat (fixture.canvas->viewport.zoom, ==, 2);
  assert_told (&fixture, 0, 0, 0);
  tear_down (&fixture);
}

/* What no heart looks like is refused once, said on the image, and the sound part of the way is kept. */
static void
test_refused (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  const RunetPoint at =
      to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  g_autoptr (RunetShot) before = runet_shot_new (fixture.widget);
  pull (&fixture, at, -120, 0);
  assert_told (&fixture, 0, 1, 0);
  g_assert_cmpint (fixture.canvas->edit.refused, !=, RUNET_CONTOUR_SOUND);
  pointer_button (fixture.widget, 1, FALSE);
  assert_told (&fixture, 1, 1, 0);
  /* Still to be read. */
  static const guint32 vermillion = 0xff7329;
  g_autoptr (RunetShot) after = runet_shot_new (fixture.widget);
  const graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, EDIT_WIDTH, EDIT_HEIGHT);
  g_assert_cmpuint (runet_shot_count (before, &all, vermillion, 40), ==, 0);
  g_assert_cmpuint (runet_shot_count (after, &all, vermillion, 40), >, 40);
  tear_down (&fixture);
}

/* A grab that breaks ends the gesture where it is; another frame takes it back. */
static void
test_lost (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  GtkEventController *drag =
      runet_test_find_controller (fixture.widget, GTK_TYPE_GESTURE_DRAG);
  RunetPoint at =
      to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  pull (&fixture, at, 12, 4);
  gtk_event_controller_reset (drag);
  assert_told (&fixture, 1, 0, 0);
  pointer_button (fixture.widget, 1, FALSE);
  assert_told (&fixture, 1, 0, 0);

  at = to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  const RunetPoint before = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  pull (&fixture, at, 12, 4);
  runet_canvas_set_frame (fixture.canvas, 1);
  pointer_move (fixture.widget, (int)at.x + 40, (int)at.y);
  pointer_button (fixture.widget, 1, FALSE);
  const RunetPoint after = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat (after.x, ==, before.x);
  assert_told (&fixture, 1, 0, 0);
  g_assert_false (runet_canvas_is_edited (fixture.canvas));

  /* There is nothing to take on that frame. */
  pull (&fixture, at, 12, 4);
  g_assert_cmpint (fixture.canvas->drag, !=, RUNET_DRAG_EDIT);
  pointer_button (fixture.widget, 1, FALSE);
  tear_down (&fixture);
}

static const char *
get_cursor (EditFixture *fixture) {
  GdkCursor *cursor = gtk_widget_get_cursor (fixture->widget);
  return cursor != NULL ? gdk_cursor_get_name (cursor) : NULL;
}

/* What a press would do is seen before it: by the cursor, and at the place. */
static void
test_hover (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  const RunetContourModel *model = get_model (&fixture);
  const RunetPoint at =
      to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
  const RunetPoint between =
      to_widget (&fixture, runet_spline_at (model->points[0], model->count[0], 2.5), 0);
  pointer_move (fixture.widget, 5, 5);
  g_assert_cmpstr (get_cursor (&fixture), ==, "crosshair");
  g_autoptr (RunetShot) rest = runet_shot_new (fixture.widget);
  pointer_move (fixture.widget, (int)at.x + 4, (int)at.y);
  g_assert_cmpstr (get_cursor (&fixture), ==, "grab");
  g_autoptr (RunetShot) over = runet_shot_new (fixture.widget);
  g_assert_true (color_at (rest, at, 4, 0) != 0xffffff);
  g_assert_cmphex (color_at (over, at, 4, 0), ==, 0xffffff);
  pointer_button (fixture.widget, 1, TRUE);
  g_assert_cmpstr (get_cursor (&fixture), ==, "grabbing");
  pointer_button (fixture.widget, 1, FALSE);
  g_assert_cmpstr (get_cursor (&fixture), ==, "grab");
  pointer_move (fixture.widget, (int)between.x, (int)between.y);
  g_assert_cmpstr (get_cursor (&fixture), ==, "copy");

  /* A circle of its true size takes the cursor's place. */
  runet_editor_set_tool (fixture.editor, RUNET_TOOL_PUSH);
  runet_editor_set_radius_mm (fixture.editor, 10);
  runet_canvas_refresh_editor (fixture.canvas);
  g_assert_cmpstr (get_cursor (&fixture), ==, "none");
  double scale_x, scale_y;
  runet_viewport_get_scale (&fixture.canvas->viewport, &scale_x, &scale_y);
  const int radius = (int)lround (10 / 0.5 * scale_x);
  const RunetPoint inside = {EDIT_WIDTH / 2, floor (EDIT_HEIGHT * 0.4)};
  pointer_move (fixture.widget, (int)inside.x, (int)inside.y);
  g_autoptr (RunetShot) circle = runet_shot_new (fixture.widget);
  guint white = 0;
  for (int i = -2; i <= 2; i++)
    white += (color_at (circle, inside, 0, radius + i) & 0xff) > 0xd0;
  g_assert_cmpuint (white, >=, 1);
  g_assert_cmphex (color_at (circle, inside, 0, radius / 2), ==, GREY_COLOR);
  tear_down (&fixture);
}

/* Every tool goes through the same hand. */
static void
test_tools (void) {
  static const char *const names[] = {"push", "brush", "eraser"};
  static const RunetTool tools[] = {RUNET_TOOL_PUSH, RUNET_TOOL_BRUSH,
                                    RUNET_TOOL_ERASER};
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    EditFixture fixture;
    set_up (&fixture, 0.5, 0.5);
    runet_editor_set_tool (fixture.editor, tools[i]);
    runet_editor_set_structure (fixture.editor, RUNET_STRUCTURE_ENDO);
    runet_canvas_refresh_editor (fixture.canvas);
    RunetPoint at =
        to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 2), 0);
    /* From the inside for all but the eraser, which is on the wall's side. */
    pull (&fixture, at, tools[i] == RUNET_TOOL_PUSH ? 14 : 6, 2);
    g_assert_cmpint (fixture.canvas->drag, ==, RUNET_DRAG_EDIT);
    pointer_button (fixture.widget, 1, FALSE);
    assert_told (&fixture, 1, 0, 0);
    g_assert_cmpstr (runet_editor_get_gesture (fixture.editor), ==, names[i]);
    tear_down (&fixture);
  }
}
#endif

/* A finger takes what is twice as far away. */
static void
test_touch (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  const RunetContourModel *model = get_model (&fixture);
  RunetPoint top = model->points[RUNET_STRUCTURE_EPI][0];
  for (guint i = 0; i < model->count[RUNET_STRUCTURE_EPI]; i++)
    if (model->points[RUNET_STRUCTURE_EPI][i].y < top.y)
      top = model->points[RUNET_STRUCTURE_EPI][i];
  const RunetPoint at = to_widget (&fixture, top, 0);
  g_assert_false (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 18, 0, FALSE));
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 18, 0, TRUE));
  runet_canvas_edit_release (fixture.canvas);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 8, 0, FALSE));
  runet_canvas_edit_release (fixture.canvas);
  g_assert_false (runet_canvas_edit_press (fixture.canvas, at.x, at.y - 30, 0, TRUE));
  tear_down (&fixture);
}

/* ---- Keys ---- */

static void
test_walk (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  const RunetContourModel *model = get_model (&fixture);
  guint steps = 0;
  while (key (&fixture, GDK_KEY_Tab, 0)) {
    g_assert_cmpint (runet_editor_get_selected (fixture.editor).kind, !=,
                     RUNET_HIT_NOTHING);
    g_autofree char *words = runet_canvas_describe_selected (fixture.canvas);
    g_assert_nonnull (words);
    g_assert_cmpuint (++steps, <, 200);
    g_assert_cmpuint (fixture.told[RUNET_EDIT_SELECTED], ==, steps);
  }
  /* The annulus points are told of once or twice. */
  const guint points = model->count[0] + model->count[1] + model->count[2];
  g_assert_cmpuint (steps, <=, points);
  g_assert_cmpuint (steps, >=, points - 2);
  /* Past the last one the focus goes on. */
  g_assert_cmpint (runet_editor_get_selected (fixture.editor).kind, ==,
                   RUNET_HIT_NOTHING);
  g_assert_null (runet_canvas_describe_selected (fixture.canvas));

  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 3);
  g_assert_true (key (&fixture, GDK_KEY_ISO_Left_Tab, GDK_SHIFT_MASK));
  g_assert_cmpuint (runet_editor_get_selected (fixture.editor).index, ==, 2);
  g_autofree char *words = runet_canvas_describe_selected (fixture.canvas);
  g_autofree char *expected =
      g_strdup_printf ("Endocardium, point 3 of %u, ", model->count[0]);
  g_assert_true (g_str_has_prefix (words, expected));
  g_assert_true (g_str_has_suffix (words, " mm from the base"));

  /* Escape lets go of the point, and Tab then of the canvas. */
  g_assert_true (key (&fixture, GDK_KEY_Escape, 0));
  g_assert_false (key (&fixture, GDK_KEY_Escape, 0));
  g_assert_false (key (&fixture, GDK_KEY_Tab, 0));
  assert_told (&fixture, 0, 0, 0);
  tear_down (&fixture);
}

static void
test_nudge (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.8);
  /* Without a point the arrows are the timeline's. */
  g_assert_false (key (&fixture, GDK_KEY_Right, 0));
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 2);
  const RunetPoint start = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_true (key (&fixture, GDK_KEY_Right, 0));
  const RunetPoint near = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat_with_epsilon (near.x - start.x, 0.25 / 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (near.y, start.y, 1e-6);
  g_assert_true (key (&fixture, GDK_KEY_Down, GDK_SHIFT_MASK));
  const RunetPoint far = get_point (&fixture, RUNET_STRUCTURE_ENDO, 2);
  g_assert_cmpfloat_with_epsilon (far.y - near.y, 1 / 0.8, 1e-6);
  assert_told (&fixture, 2, 0, 0);
  g_assert_cmpuint (fixture.told[RUNET_EDIT_CHANGED], ==, 0);

  /* Ctrl takes all along. */
  const RunetPoint roof = get_point (&fixture, RUNET_STRUCTURE_LA, 3);
  g_assert_true (key (&fixture, GDK_KEY_Left, GDK_CONTROL_MASK));
  g_assert_cmpfloat_with_epsilon (
      get_point (&fixture, RUNET_STRUCTURE_LA, 3).x - roof.x, -0.25 / 0.5, 1e-6);
  assert_told (&fixture, 3, 0, 0);
  tear_down (&fixture);
}

static void
test_insert_and_delete (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 2);
  const guint count = get_model (&fixture)->count[RUNET_STRUCTURE_ENDO];
  g_assert_true (key (&fixture, GDK_KEY_Insert, 0));
  g_assert_cmpuint (get_model (&fixture)->count[RUNET_STRUCTURE_ENDO], ==, count + 1);
  g_assert_cmpuint (runet_editor_get_selected (fixture.editor).index, ==, 3);
  g_assert_true (key (&fixture, GDK_KEY_Delete, 0));
  g_assert_cmpuint (get_model (&fixture)->count[RUNET_STRUCTURE_ENDO], ==, count);
  assert_told (&fixture, 2, 0, 0);
  /* Not the annulus. */
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 0);
  g_assert_true (key (&fixture, GDK_KEY_Delete, 0));
  g_assert_cmpuint (get_model (&fixture)->count[RUNET_STRUCTURE_ENDO], ==, count);
  assert_told (&fixture, 2, 0, 0);

  runet_editor_set_tool (fixture.editor, RUNET_TOOL_BRUSH);
  const double radius_mm = runet_editor_get_radius_mm (fixture.editor);
  g_assert_true (key (&fixture, GDK_KEY_bracketright, 0));
  g_assert_cmpfloat (runet_editor_get_radius_mm (fixture.editor), >, radius_mm);
  g_assert_true (key (&fixture, GDK_KEY_bracketleft, 0));
  g_assert_cmpfloat_with_epsilon (runet_editor_get_radius_mm (fixture.editor),
                                  radius_mm, 1e-9);
  assert_told (&fixture, 2, 0, 2);
  tear_down (&fixture);
}

/* ---- What is drawn ---- */

/* Round ones are dark in the corners of their square. */
static void
test_handles (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetShot) shot = runet_shot_new (fixture.widget);
  const RunetContourModel *model = get_model (&fixture);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    for (guint i = 0; i < model->count[s]; i++) {
      const RunetPoint at = to_widget (&fixture, model->points[s][i], 0);
      g_assert_cmphex (color_at (shot, at, 0, 0), ==, 0xffffff);
    }
  const RunetPoint annulus = to_widget (&fixture, model->points[0][0], 0);
  const RunetPoint wall = to_widget (&fixture, model->points[0][2], 0);
  g_assert_cmphex (color_at (shot, annulus, 2, 2), ==, 0xffffff);
  g_assert_cmphex (color_at (shot, annulus, -2, -2), ==, 0xffffff);
  g_assert_true (color_at (shot, wall, 3, 3) != 0xffffff &&
                 color_at (shot, wall, -3, -3) != 0xffffff);

  /* A point that is selected has another colour, and a ring. */
  runet_editor_select (fixture.editor, RUNET_STRUCTURE_ENDO, 2);
  runet_canvas_refresh_editor (fixture.canvas);
  g_autoptr (RunetShot) selected = runet_shot_new (fixture.widget);
  g_assert_true (color_at (selected, wall, 0, 0) != 0xffffff);
  g_assert_true (color_at (selected, wall, 9, 0) != color_at (shot, wall, 9, 0));

  g_object_set (fixture.canvas, "handles", FALSE, NULL);
  g_autoptr (RunetShot) hidden = runet_shot_new (fixture.widget);
  const RunetPoint other = to_widget (&fixture, model->points[0][3], 0);
  g_assert_true (color_at (hidden, other, 0, 0) != 0xffffff);
  g_assert_true (color_at (hidden, wall, 0, 0) == color_at (selected, wall, 0, 0));
  g_object_set (fixture.canvas, "bare", TRUE, NULL);
  g_autoptr (RunetShot) bare = runet_shot_new (fixture.widget);
  g_assert_cmphex (color_at (bare, wall, 0, 0), ==, GREY_COLOR);
  tear_down (&fixture);
}

/* The model's own contour is fainter under what is edited, and back when nothing is. */
static void
test_faint (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetLabelMap) map = canvas_test_labels_new (fixture.image, 0);
  const graphene_rect_t all = GRAPHENE_RECT_INIT (0, 0, EDIT_WIDTH, EDIT_HEIGHT);
  const guint32 blue = canvas_style_color (RUNET_OVERLAY_STAGE2);
  runet_canvas_set_labels (fixture.canvas, RUNET_OVERLAY_STAGE2, map, 0);
  g_autoptr (RunetShot) edited = runet_shot_new (fixture.widget);
  runet_canvas_set_editor (fixture.canvas, NULL, 0);
  g_autoptr (RunetShot) seen = runet_shot_new (fixture.widget);
  g_assert_cmpuint (runet_shot_count (seen, &all, blue, 24), >,
                    4 * runet_shot_count (edited, &all, blue, 24));
  runet_canvas_set_editor (fixture.canvas, fixture.editor, 0);
  g_autoptr (RunetShot) again = runet_shot_new (fixture.widget);
  g_assert_cmpfloat (runet_shot_compare (edited, again, 0), ==, 0);
  tear_down (&fixture);
}

/* Above what is kept of the frame: a contour that moves leaves the scene as it is. */
static void
test_kept (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  g_autoptr (RunetShot) before = runet_shot_new (fixture.widget);
  const GskRenderNode *scene = fixture.canvas->scene;
  const GskRenderNode *roof = fixture.canvas->edit.lines[RUNET_STRUCTURE_LA].node;
  const GskRenderNode *wall = fixture.canvas->edit.lines[RUNET_STRUCTURE_ENDO].node;
  const RunetPoint at =
      to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 3), 0);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y, 0, FALSE));
  runet_canvas_edit_move (fixture.canvas, at.x + 10, at.y, 0);
  g_autoptr (RunetShot) pulled = runet_shot_new (fixture.widget);
  g_assert_true (fixture.canvas->scene == scene);
  g_assert_true (fixture.canvas->edit.lines[RUNET_STRUCTURE_LA].node == roof);
  g_assert_true (fixture.canvas->edit.lines[RUNET_STRUCTURE_ENDO].node != wall);
  g_assert_cmpfloat (runet_shot_compare (before, pulled, 8), >, 0.002);
  runet_canvas_edit_cancel (fixture.canvas);
  runet_canvas_edit_leave (fixture.canvas);
  runet_editor_clear_selection (fixture.editor);
  g_autoptr (RunetShot) after = runet_shot_new (fixture.widget);
  g_assert_cmpfloat (runet_shot_compare (before, after, 0), ==, 0);
  tear_down (&fixture);
}

/* Another image takes the editor away, and the canvas goes in the middle of a gesture. */
static void
test_end (void) {
  EditFixture fixture;
  set_up (&fixture, 0.5, 0.5);
  runet_canvas_set_image (fixture.canvas, NULL);
  g_assert_null (fixture.canvas->edit.editor);
  runet_canvas_set_image (fixture.canvas, fixture.image);
  runet_canvas_set_editor (fixture.canvas, fixture.editor, 0);
  runet_test_settle (fixture.widget);
  const RunetPoint at =
      to_widget (&fixture, get_point (&fixture, RUNET_STRUCTURE_ENDO, 3), 0);
  g_assert_true (runet_canvas_edit_press (fixture.canvas, at.x, at.y, 0, FALSE));
  runet_canvas_edit_move (fixture.canvas, at.x + 10, at.y, 0);
  GObject *canvas = g_object_ref (G_OBJECT (fixture.canvas));
  gtk_window_destroy (fixture.window);
  g_assert_finalize_object (canvas);
  g_assert_false (runet_editor_is_active (fixture.editor));
  runet_editor_free (fixture.editor);
  runet_image_unref (fixture.image);
  runet_label_map_unref (fixture.labels);
}

int
main (int argc, char *argv[]) {
  gtk_test_init (&argc, &argv, NULL);
#ifdef HAVE_XTEST
  g_test_add_func ("/ui/canvas-edit/drag", test_drag);
  g_test_add_func ("/ui/canvas-edit/panes", test_panes);
  g_test_add_func ("/ui/canvas-edit/hover", test_hover);
  g_test_add_func ("/ui/canvas-edit/wheel", test_wheel);
  g_test_add_func ("/ui/canvas-edit/escape", test_escape);
  g_test_add_func ("/ui/canvas-edit/beside", test_beside);
  g_test_add_func ("/ui/canvas-edit/refused", test_refused);
  g_test_add_func ("/ui/canvas-edit/lost", test_lost);
  g_test_add_func ("/ui/canvas-edit/tools", test_tools);
#endif
  g_test_add_func ("/ui/canvas-edit/touch", test_touch);
  g_test_add_func ("/ui/canvas-edit/walk", test_walk);
  g_test_add_func ("/ui/canvas-edit/nudge", test_nudge);
  g_test_add_func ("/ui/canvas-edit/insert-and-delete", test_insert_and_delete);
  g_test_add_func ("/ui/canvas-edit/handles", test_handles);
  g_test_add_func ("/ui/canvas-edit/faint", test_faint);
  g_test_add_func ("/ui/canvas-edit/kept", test_kept);
  g_test_add_func ("/ui/canvas-edit/end", test_end);
  return g_test_run ();
}
