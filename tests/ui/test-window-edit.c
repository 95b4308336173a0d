/* The program under an X server: contours are corrected by pointer and keys, and every gesture is in the record, also
 * when the program is killed, and can be taken back after a restart. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>

#include "core/editing/editor.h"
#include "driven-study.h"
#include "fixture.h"

#define ADA "Ada Lovelace"
#define GRACE "Grace Hopper"
/* Of the screen that the tests run on. */
#define SCREEN_WIDTH 1280
#define SCREEN_HEIGHT 800

typedef DrivenStudy Fixture;

/* ---- The record, as another program sees it ---- */

static void
init_subject (RunetSubject *subject) {
  runet_subject_init (subject, NULL, "patient0001", RUNET_VIEW_A4C);
}

/* (transfer full): the author's last edit that is in force of @instant or, when that is negative, of the 1-based
 * @frame; NULL: none. */
static RunetCorrection *
read_edit_of (Fixture *fixture, const char *author, int instant, int frame) {
  g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_READ);
  g_auto (RunetSubject) subject = {0};
  init_subject (&subject);
  const RunetReviewState *state = runet_review_get_state (review, &subject);
  const RunetReading *reading =
      state ? runet_review_state_find_reading (state, author) : NULL;
  RunetEvent *edit = reading ? runet_reading_find_edit (reading, instant, frame) : NULL;
  if (!edit)
    return NULL;
  g_autoptr (GBytes) before = NULL, after = NULL;
  g_autoptr (GError) error = NULL;
  runet_journal_read_edit (runet_review_get_journal (review), edit->number, &before,
                           &after, &error);
  g_assert_no_error (error);
  g_assert_nonnull (before);
  RunetCorrection *correction = runet_correction_parse (after, &error);
  g_assert_no_error (error);
  return correction;
}

/* Likewise, of end-diastole. */
static RunetCorrection *
read_edit (Fixture *fixture, const char *author) {
  return read_edit_of (fixture, author, RUNET_INSTANT_ED, 0);
}

static RunetReviewStatus
read_status (Fixture *fixture, const char *author) {
  g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_READ);
  g_auto (RunetSubject) subject = {0};
  init_subject (&subject);
  return runet_review_state_get_status_of (runet_review_get_state (review, &subject),
                                           author);
}

/* ---- The program ---- */

static void
launch (Fixture *fixture) {
  driven_launch (fixture);
  g_autofree char *sized =
      program_xdotool ("windowsize", "--sync", fixture->window, "1280", "800", NULL);
  g_autofree char *moved =
      program_xdotool ("windowmove", fixture->window, "0", "0", NULL);
  g_autoptr (GBytes) rest = program_wait_for_rest ();
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  driven_set_up (fixture, GPOINTER_TO_INT (data));
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  driven_tear_down (fixture);
}

/* The name is asked for once, and then what asked for it is done. */
static void
introduce (Fixture *fixture, const char *key) {
  driven_introduce (fixture, key, ADA);
  program_focus (fixture->title, &fixture->window);
  g_autoptr (GBytes) rest = program_wait_for_rest ();
}

/* Selects a point and moves it by a step. */
static void
nudge (Fixture *fixture, guint count) {
  program_press ("Tab");
  press_until (fixture, "Right", count);
}

/* ---- On the screen ---- */

/* The colour of contours that are edited. */
static gboolean
is_edit_color (const guint8 *pixels, int x, int y) {
  const guint8 *rgb = pixels + 3 * (y * SCREEN_WIDTH + x);
  return rgb[0] < 110 && rgb[1] > 170 && rgb[2] > 110 && rgb[2] < 200;
}

/* A thin upright line of it: a contour, and no label. */
static gboolean
find_contour (GBytes *screen, int *found_x, int *found_y) {
  gsize size;
  const guint8 *pixels = g_bytes_get_data (screen, &size);
  g_assert_cmpuint (size, ==, 3 * SCREEN_WIDTH * SCREEN_HEIGHT);
  for (int y = SCREEN_HEIGHT / 4; y < SCREEN_HEIGHT - 200; y++)
    for (int x = 380; x < SCREEN_WIDTH - 380; x++) {
      gboolean line = TRUE;
      for (int k = -6; k <= 6 && line; k++)
        line = is_edit_color (pixels, x, y + k);
      for (int k = 5; k <= 20 && line; k++)
        line = !is_edit_color (pixels, x - k, y) && !is_edit_color (pixels, x + k, y);
      if (!line)
        continue;
      *found_x = x;
      *found_y = y;
      return TRUE;
    }
  return FALSE;
}

static void
move_pointer (int x, int y) {
  g_autofree char *to_x = g_strdup_printf ("%d", x);
  g_autofree char *to_y = g_strdup_printf ("%d", y);
  g_autofree char *out = program_xdotool ("mousemove", to_x, to_y, NULL);
  g_assert_nonnull (out);
  g_usleep (G_USEC_PER_SEC / 20);
}

static void
drag_contour (void) {
  int x = 0, y = 0;
  g_autoptr (GBytes) screen = program_wait_for_rest ();
  g_assert_true (find_contour (screen, &x, &y));
  move_pointer (x, y);
  g_autofree char *down = program_xdotool ("mousedown", "1", NULL);
  for (int step = 1; step <= 4; step++)
    move_pointer (x - 3 * step, y);
  g_autofree char *up = program_xdotool ("mouseup", "1", NULL);
}

/* ---- Tests ---- */

static void
test_gestures (Fixture *fixture, gconstpointer data) {
  launch (fixture);
  introduce (fixture, "i");
  g_assert_cmpuint (count_events (fixture), ==, 0);
  nudge (fixture, 1);
  g_autoptr (RunetCorrection) nudged = read_edit (fixture, ADA);
  g_assert_nonnull (nudged);
  g_assert_true (runet_correction_is_edited (nudged));
  drag_contour ();
  wait_for (fixture, 2);
  g_autoptr (RunetCorrection) dragged = read_edit (fixture, ADA);
  g_assert_nonnull (dragged);
  g_assert_false (runet_correction_equal (nudged, dragged));

  press_until (fixture, "ctrl+z", 3);
  g_autoptr (RunetCorrection) undone = read_edit (fixture, ADA);
  g_assert_true (runet_correction_equal (nudged, undone));
  press_until (fixture, "ctrl+shift+z", 4);
  g_autoptr (RunetCorrection) redone = read_edit (fixture, ADA);
  g_assert_true (runet_correction_equal (dragged, redone));

  /* Nothing was closed in peace, and all can be taken back. */
  g_subprocess_send_signal (fixture->program, SIGKILL);
  g_subprocess_wait (fixture->program, NULL, NULL);
  launch (fixture);
  press_until (fixture, "ctrl+z", 5);
  press_until (fixture, "ctrl+z", 6);
  g_assert_null (read_edit (fixture, ADA));
  press_until (fixture, "ctrl+shift+z", 7);
  g_autoptr (RunetCorrection) again = read_edit (fixture, ADA);
  g_assert_true (runet_correction_equal (nudged, again));
  program_quit (fixture->program);
}

/* The edit and the acceptance both say which image end-diastole is. */
static void
assert_content (Fixture *fixture, const RunetReview *review) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "patient0001",
                                            "patient0001_4CH_ED.nii.gz", NULL);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *content = runet_image_hash_frame (image, 0);
  g_auto (RunetSubject) subject = {0};
  init_subject (&subject);
  const RunetReading *reading =
      runet_review_state_find_reading (runet_review_get_state (review, &subject), ADA);
  const RunetEvent *edit = runet_reading_find_edit (reading, RUNET_INSTANT_ED, 0);
  g_assert_cmpstr (edit->subject.content, ==, content);
  g_assert_cmpstr (reading->decision->subject.content, ==, content);
}

/* The acceptance holds every frame, and locks them until it is taken back. */
static void
test_accepted (Fixture *fixture, gconstpointer data) {
  launch (fixture);
  introduce (fixture, "i");
  nudge (fixture, 1);
  press_until (fixture, "Return", 2);
  g_assert_cmpint (read_status (fixture, ADA), ==, RUNET_REVIEW_CORRECTED);
  {
    g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_READ);
    g_autoptr (GBytes) before = NULL, after = NULL;
    g_autoptr (GError) error = NULL;
    runet_journal_read_edit (runet_review_get_journal (review), 2, &before, &after,
                             &error);
    g_assert_no_error (error);
    g_autoptr (GPtrArray) frames = runet_corrected_frames_parse (after, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (frames->len, ==, 2);
    guint edited = 0;
    for (guint i = 0; i < frames->len; i++)
      edited += ((RunetCorrectedFrame *)frames->pdata[i])->edited;
    g_assert_cmpuint (edited, ==, 1);
    assert_content (fixture, review);
  }
  /* Back to it: neither points nor keys do anything, until it is reopened. */
  program_press_and_see ("ctrl+Up");
  program_press ("Tab");
  program_press ("Right");
  g_autoptr (GBytes) rest = program_wait_for_rest ();
  g_assert_cmpuint (count_events (fixture), ==, 2);
  press_until (fixture, "o", 3);
  g_autoptr (GBytes) reopened = program_wait_for_rest ();
  nudge (fixture, 4);
  program_quit (fixture->program);
}

/* Somebody else's correction, accepted by them. */
static void
write_other (Fixture *fixture) {
  g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_WRITE);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (FIXTURE_WIDTH, FIXTURE_HEIGHT, 1, FIXTURE_SPACING_MM,
                      FIXTURE_SPACING_MM, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  guint8 labels[FIXTURE_WIDTH * FIXTURE_HEIGHT];
  fixture_draw (FIXTURE_PLAIN, labels);
  g_autoptr (RunetCorrection) before = runet_correction_new (grid, labels);
  g_autoptr (RunetEditor) editor = runet_editor_new (before);
  runet_editor_select (editor, RUNET_STRUCTURE_ENDO, before->model.apex);
  g_assert_true (runet_editor_nudge (editor, 0, 2, RUNET_EDIT_PLAIN));
  g_autoptr (RunetCorrection) after =
      runet_correction_copy (runet_editor_get_correction (editor));
  g_auto (RunetSubject) subject = {0};
  init_subject (&subject);
  g_autoptr (RunetEvent) accept = runet_event_new (RUNET_EVENT_ACCEPT, GRACE, &subject);
  subject.instant = RUNET_INSTANT_ED;
  g_autoptr (RunetEvent) edit = runet_event_new (RUNET_EVENT_EDIT, GRACE, &subject);
  edit->tool = g_strdup ("nudge");
  edit->before = runet_correction_serialise (before);
  edit->after = runet_correction_serialise (after);
  g_autoptr (GError) error = NULL;
  runet_review_append (review, edit, &error);
  g_assert_no_error (error);
  runet_review_append (review, accept, &error);
  g_assert_no_error (error);
}

/* Who accepts what another reader corrected makes it their own. */
static void
test_adopted (Fixture *fixture, gconstpointer data) {
  write_other (fixture);
  launch (fixture);
  introduce (fixture, "Return");
  wait_for (fixture, 4);
  g_autoptr (RunetCorrection) theirs = read_edit (fixture, GRACE);
  g_autoptr (RunetCorrection) own = read_edit (fixture, ADA);
  g_assert_nonnull (own);
  const guint count = theirs->model.count[RUNET_STRUCTURE_ENDO];
  g_assert_cmpuint (own->model.count[RUNET_STRUCTURE_ENDO], ==, count);
  for (guint i = 0; i < count; i++) {
    const RunetPoint expected = theirs->model.points[RUNET_STRUCTURE_ENDO][i];
    const RunetPoint found = own->model.points[RUNET_STRUCTURE_ENDO][i];
    g_assert_cmpfloat_with_epsilon (found.x, expected.x, 0.01);
    g_assert_cmpfloat_with_epsilon (found.y, expected.y, 0.01);
  }
  g_assert_cmpint (read_status (fixture, ADA), ==, RUNET_REVIEW_CORRECTED);
  program_quit (fixture->program);
}

/* Another program keeps the record to itself: what was drawn meanwhile is kept, and written as soon as that is
 * possible. */
static void
test_kept (Fixture *fixture, gconstpointer data) {
  launch (fixture);
  introduce (fixture, "i");
  nudge (fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) other = open_record (fixture, RUNET_JOURNAL_WRITE);
  RunetJournal *journal = runet_review_get_journal (other);
  g_assert_true (runet_journal_lock (journal, &error));
  /* It waits for the lock some seconds, then says so on the screen. */
  program_press_and_see ("Right");
  g_assert_cmpuint (count_events (fixture), ==, 1);
  runet_journal_unlock (journal);
  program_press ("Right");
  wait_for (fixture, 3);
  program_quit (fixture->program);
}

static guint
count_frames (Fixture *fixture) {
  g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_READ);
  g_auto (RunetSubject) subject = {0};
  init_subject (&subject);
  const RunetReading *reading =
      runet_review_state_find_reading (runet_review_get_state (review, &subject), ADA);
  return reading ? reading->frames->len : 0;
}

/* What was changed at both instants is spread over the frames between, and taken back as one. */
static void
test_interpolated (Fixture *fixture, gconstpointer data) {
  const guint between = FIXTURE_FRAMES - 2;
  launch (fixture);
  introduce (fixture, "i");
  program_press ("d");
  nudge (fixture, 1);
  program_press_and_see ("s");
  nudge (fixture, 2);
  g_assert_cmpuint (count_frames (fixture), ==, 2);
  program_press ("ctrl+i");
  wait_for (fixture, 2 + between);
  g_assert_cmpuint (count_frames (fixture), ==, FIXTURE_FRAMES);
  program_press ("ctrl+z");
  wait_for (fixture, 2 + 2 * between);
  g_assert_cmpuint (count_frames (fixture), ==, 2);
  program_press ("ctrl+shift+z");
  wait_for (fixture, 2 + 3 * between);
  g_assert_cmpuint (count_frames (fixture), ==, FIXTURE_FRAMES);
  program_quit (fixture->program);
}

/* How far @correction moved a point of endo, at most, from where the model's is. */
static double
get_moved_mm (const RunetCorrection *correction) {
  g_autoptr (RunetCorrection) original = runet_correction_new (
      correction->grid, g_bytes_get_data (correction->original, NULL));
  const RunetContourModel *was = &original->model, *now = &correction->model;
  double most = 0;
  g_assert_cmpuint (was->count[0], ==, now->count[0]);
  for (guint i = 0; i < now->count[0]; i++)
    most = MAX (most, hypot ((now->points[0][i].x - was->points[0][i].x) *
                                 correction->grid->spacing_x_mm,
                             (now->points[0][i].y - was->points[0][i].y) *
                                 correction->grid->spacing_y_mm));
  return most;
}

/* The sequence has larger pixels than the stills: ED and ES are corrected on the stills' grid, the frames between on
 * that of the sequence, and what is spread is as large in millimetres. */
static void
test_coarse (Fixture *fixture, gconstpointer data) {
  const guint between = FIXTURE_FRAMES - 2;
  fixture_coarsen_sequence (fixture->folder, "patient0001");
  launch (fixture);
  introduce (fixture, "i");
  program_press ("d");
  nudge (fixture, 1);
  program_press_and_see ("s");
  nudge (fixture, 2);
  program_press ("ctrl+i");
  wait_for (fixture, 2 + between);
  g_autoptr (RunetCorrection) ed = read_edit (fixture, ADA);
  g_autoptr (RunetCorrection) frame = read_edit_of (fixture, ADA, -1, 3);
  g_assert_cmpuint (ed->grid->width, ==, FIXTURE_WIDTH);
  g_assert_cmpuint (frame->grid->width, ==, FIXTURE_WIDTH / 2);
  g_assert_true (frame->derived);
  const double moved_mm = get_moved_mm (ed), spread_mm = get_moved_mm (frame);
  g_test_message ("moved by %.3f mm, spread as %.3f mm", moved_mm, spread_mm);
  g_assert_cmpfloat (spread_mm, >, 0.6 * moved_mm);
  g_assert_cmpfloat (spread_mm, <, 1.4 * moved_mm);
  program_press ("ctrl+z");
  wait_for (fixture, 2 + 2 * between);
  g_assert_cmpuint (count_frames (fixture), ==, 2);
  /* The pointer takes the contour where it is seen. */
  program_press ("d");
  drag_contour ();
  wait_for (fixture, 3 + 2 * between);
  g_autoptr (RunetCorrection) dragged = read_edit (fixture, ADA);
  g_assert_false (runet_contour_model_equal (&ed->model, &dragged->model));
  program_quit (fixture->program);
}

/* An edit that is none is told of, and the reader goes on from what the model said. */
static void
test_unreadable (Fixture *fixture, gconstpointer data) {
  {
    g_autoptr (RunetReview) review = open_record (fixture, RUNET_JOURNAL_WRITE);
    g_autoptr (GError) error = NULL;
    g_auto (RunetSubject) subject = {0};
    init_subject (&subject);
    subject.instant = RUNET_INSTANT_ED;
    g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_EDIT, ADA, &subject);
    event->tool = g_strdup ("points");
    event->after = g_bytes_new_static ("{/*\"*/\"a\":[[[", 14);
    g_assert_true (runet_review_append (review, event, &error));
    g_assert_no_error (error);
  }
  launch (fixture);
  introduce (fixture, "i");
  nudge (fixture, 2);
  g_autoptr (RunetCorrection) sound = read_edit (fixture, ADA);
  g_assert_true (runet_correction_is_edited (sound));
  program_quit (fixture->program);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!program_can_drive ())
    return 0;
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/window-edit/gestures", test_gestures);
  ADD ("/ui/window-edit/accepted", test_accepted);
  ADD ("/ui/window-edit/adopted", test_adopted);
  ADD ("/ui/window-edit/kept", test_kept);
  ADD ("/ui/window-edit/unreadable", test_unreadable);
  g_test_add ("/ui/window-edit/interpolated", Fixture, GINT_TO_POINTER (TRUE), set_up,
              test_interpolated, tear_down);
  g_test_add ("/ui/window-edit/coarse", Fixture, GINT_TO_POINTER (TRUE), set_up,
              test_coarse, tear_down);
#undef ADD
  return g_test_run ();
}
