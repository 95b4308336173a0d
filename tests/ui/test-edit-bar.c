/* The bar of tools: what it says of an editor and of figures, and what it asks for. */
#include <gtk/gtk.h>
#include <math.h>

#include "fixture.h"
#include "ui/edit-bar.h"
#include "ui/wrap-layout.h"
#include "widget-search.h"

typedef struct {
  RunetCorrection *correction;
  RunetEditor *editor;
  RunetLive live;
  RunetFrameResult *result;
  GtkWidget *bar;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (RunetGrid) grid =
      runet_grid_new (FIXTURE_WIDTH, FIXTURE_HEIGHT, 1, FIXTURE_SPACING_MM,
                      FIXTURE_SPACING_MM, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  guint8 labels[FIXTURE_WIDTH * FIXTURE_HEIGHT];
  fixture_draw (FIXTURE_PLAIN, labels);
  fixture->correction = runet_correction_new (grid, labels);
  fixture->editor = runet_editor_new (fixture->correction);
  fixture->result =
      runet_frame_result_new_of_labels (grid, labels, NULL, RUNET_INSTANT_ED);
  runet_live_measure (labels, grid->width, grid->height, grid->spacing_x_mm,
                      grid->spacing_y_mm, &fixture->live);
  fixture->bar = g_object_ref_sink (runet_edit_bar_new ());
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_assert_finalize_object (fixture->bar);
  runet_frame_result_unref (fixture->result);
  runet_editor_free (fixture->editor);
  runet_correction_unref (fixture->correction);
}

/* The first label that is seen and has @part in it; NULL: none. */
static const char *
find_text (GtkWidget *widget, const char *part) {
  if (!gtk_widget_get_visible (widget) || !gtk_widget_get_child_visible (widget))
    return NULL;
  const char *text =
      GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : NULL;
  if (text && strstr (text, part))
    return text;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    if ((text = find_text (child, part)))
      return text;
  return NULL;
}

static void
test_reach (Fixture *fixture, gconstpointer data) {
  RunetEditBar *bar = RUNET_EDIT_BAR (fixture->bar);
  GtkRange *scale = GTK_RANGE (find_type (fixture->bar, GTK_TYPE_SCALE));
  runet_edit_bar_show_editor (bar, fixture->editor);
  g_assert_nonnull (find_text (fixture->bar, "Falloff"));
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (scale),
                                  runet_editor_get_falloff_mm (fixture->editor), 1e-6);
  runet_editor_set_tool (fixture->editor, RUNET_TOOL_PUSH);
  runet_edit_bar_show_editor (bar, fixture->editor);
  g_assert_nonnull (find_text (fixture->bar, "Radius"));
  g_assert_cmpfloat_with_epsilon (gtk_range_get_value (scale),
                                  runet_editor_get_radius_mm (fixture->editor), 1e-6);
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (scale)));
  runet_editor_set_tool (fixture->editor, RUNET_TOOL_REDRAW);
  runet_edit_bar_show_editor (bar, fixture->editor);
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (scale)));
}

static void
reach_cb (RunetEditBar *bar, double mm, double *asked) {
  *asked = mm;
}

/* The slider tells what it was moved to, and nothing when it is filled. */
static void
test_reach_asked (Fixture *fixture, gconstpointer data) {
  double asked = NAN;
  g_signal_connect (fixture->bar, "reach-changed", G_CALLBACK (reach_cb), &asked);
  runet_edit_bar_show_editor (RUNET_EDIT_BAR (fixture->bar), fixture->editor);
  g_assert_true (isnan (asked));
  gtk_range_set_value (GTK_RANGE (find_type (fixture->bar, GTK_TYPE_SCALE)), 7.5);
  g_assert_cmpfloat_with_epsilon (asked, 7.5, 1e-6);
}

static void
test_fit (Fixture *fixture, gconstpointer data) {
  runet_edit_bar_show_editor (RUNET_EDIT_BAR (fixture->bar), NULL);
  g_assert_null (find_text (fixture->bar, "Fit residual"));
  runet_edit_bar_show_editor (RUNET_EDIT_BAR (fixture->bar), fixture->editor);
  const char *fit = find_text (fixture->bar, "Fit residual");
  g_assert_nonnull (fit);
  g_assert_nonnull (strstr (fit, "mm ("));
}

/* What is as the model says has no change beside it. */
static void
test_figures (Fixture *fixture, gconstpointer data) {
  RunetEditBar *bar = RUNET_EDIT_BAR (fixture->bar);
  RunetEditFigures figures = {.now = &fixture->live,
                              .model = fixture->result,
                              .structure = RUNET_STRUCTURE_EPI,
                              .volumes = {{100, 50}, 50, {{FALSE}}},
                              .model_volumes = {{100, 60}, 40, {{FALSE}}}};
  runet_edit_bar_show_editor (bar, fixture->editor);
  runet_edit_bar_set_figures (bar, &figures);
  g_assert_cmpstr (find_text (fixture->bar, "EDV"), ==,
                   "EF 50.0 (+10.0) %  EDV 100.0  ESV 50.0 (−10.0) ml");
  g_assert_nonnull (find_text (fixture->bar, "Epi: Cx "));
  g_assert_null (strstr (find_text (fixture->bar, "Epi: Cx "), "("));
  figures.volumes.ef_percent = NAN;
  figures.model = NULL;
  runet_edit_bar_set_figures (bar, &figures);
  g_assert_nonnull (strstr (find_text (fixture->bar, "EDV"), "EF – %"));
  runet_edit_bar_set_figures (bar, NULL);
  g_assert_null (find_text (fixture->bar, "EDV"));
}

static void
test_message (Fixture *fixture, gconstpointer data) {
  RunetEditBar *bar = RUNET_EDIT_BAR (fixture->bar);
  g_assert_null (find_text (fixture->bar, "locked"));
  runet_edit_bar_set_message (bar, "It is locked", "Reopen", "win.reopen");
  g_assert_nonnull (find_text (fixture->bar, "locked"));
  g_assert_nonnull (find_text (fixture->bar, "Reopen"));
  runet_edit_bar_set_message (bar, "Nothing here", NULL, NULL);
  g_assert_null (find_text (fixture->bar, "Reopen"));
  runet_edit_bar_set_message (bar, NULL, NULL, NULL);
  g_assert_null (find_text (fixture->bar, "Nothing"));
}

/* What was done is told for a while; then the figures are there again. */
static void
test_told (Fixture *fixture, gconstpointer data) {
  RunetEditBar *bar = RUNET_EDIT_BAR (fixture->bar);
  const RunetLive live = {.area_mm2 = {1000, 2000, 500}};
  const RunetEditFigures figures = {
      .now = &live,
      .structure = RUNET_STRUCTURE_ENDO,
      .volumes = {{100, 50}, 50, {{FALSE}}},
      .model_volumes = {{100, 50}, 50, {{FALSE}}},
  };
  runet_edit_bar_show_editor (bar, fixture->editor);
  runet_edit_bar_set_figures (bar, &figures);
  runet_edit_bar_set_message (bar, "15 frames were made", NULL, NULL);
  g_assert_nonnull (find_text (fixture->bar, "15 frames"));
  g_assert_null (find_text (fixture->bar, "EDV"));
  fixture_wait_ms (6500);
  g_assert_null (find_text (fixture->bar, "15 frames"));
  g_assert_nonnull (find_text (fixture->bar, "EDV"));
}

/* Rows below the last that may be shown take no height, and what would stand there is not drawn. */
static void
test_rows (Fixture *fixture, gconstpointer data) {
  GtkWidget *box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  GtkLayoutManager *layout = runet_wrap_layout_new (4);
  GtkWidget *part[3];
  int least;
  gtk_widget_set_layout_manager (box, layout);
  for (guint i = 0; i < G_N_ELEMENTS (part); i++) {
    part[i] = gtk_label_new (NULL);
    gtk_widget_set_size_request (part[i], 60, 20);
    gtk_box_append (GTK_BOX (box), part[i]);
  }
  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 100, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, ==, 68);
  runet_wrap_layout_set_rows (RUNET_WRAP_LAYOUT (layout), 2);
  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 100, &least, NULL, NULL, NULL);
  g_assert_cmpint (least, ==, 44);
  gtk_widget_allocate (box, 100, 44, -1, NULL);
  g_assert_true (gtk_widget_get_child_visible (part[1]));
  g_assert_false (gtk_widget_get_child_visible (part[2]));
  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, 200, &least, NULL, NULL, NULL);
  gtk_widget_allocate (box, 200, least, -1, NULL);
  g_assert_true (gtk_widget_get_child_visible (part[2]));
  g_object_unref (box);
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/edit-bar/reach", test_reach);
  ADD ("/ui/edit-bar/reach-asked", test_reach_asked);
  ADD ("/ui/edit-bar/fit", test_fit);
  ADD ("/ui/edit-bar/figures", test_figures);
  ADD ("/ui/edit-bar/message", test_message);
  ADD ("/ui/edit-bar/told", test_told);
  ADD ("/ui/edit-bar/rows", test_rows);
#undef ADD
  return g_test_run ();
}
