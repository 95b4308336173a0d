/* The fold: decisions, locks, second readers, undo and redo; and the review that keeps it up to date. */
#include <string.h>

#include "core/base/error.h"
#include "core/review/review.h"
#include "tests/remove-tree.h"

#define ADA "Ada Lovelace"
#define BEN "Ben Casey"

typedef struct {
  RunetSubject subject;
  GPtrArray *events;
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  runet_subject_init (&fixture->subject, NULL, "patient0001", RUNET_VIEW_A4C);
  fixture->events = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  fixture->folder = g_dir_make_tmp ("runet-review-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "record.sqlite", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  runet_subject_clear (&fixture->subject);
  g_ptr_array_unref (fixture->events);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

/* Adds an event as the journal would number it. */
static RunetEvent *
add (Fixture *fixture, RunetEventKind kind, const char *author) {
  RunetEvent *event = runet_event_new (kind, author, &fixture->subject);
  event->number = fixture->events->len + 1;
  g_ptr_array_add (fixture->events, event);
  return event;
}

static void
add_undo (Fixture *fixture, const char *author, gint64 undoes) {
  add (fixture, RUNET_EVENT_UNDO, author)->undoes = undoes;
}

static void
add_rejection (Fixture *fixture, const char *author, RunetRejection rejection) {
  add (fixture, RUNET_EVENT_REJECT, author)->rejection = rejection;
}

static RunetReviewState *
fold (Fixture *fixture) {
  return runet_review_state_new (&fixture->subject, fixture->events);
}

static void
assert_status (Fixture *fixture, const char *author, RunetReviewStatus status) {
  g_autoptr (RunetReviewState) state = fold (fixture);
  g_assert_cmpstr (
      runet_review_status_to_string (runet_review_state_get_status_of (state, author)),
      ==, runet_review_status_to_string (status));
}

static void
test_nothing (Fixture *fixture, gconstpointer data) {
  g_autoptr (RunetReviewState) state = fold (fixture);
  g_assert_cmpint (state->status, ==, RUNET_REVIEW_NONE);
  g_assert_null (state->decision);
  g_assert_false (state->flagged);
  g_assert_cmpuint (state->readings->len, ==, 0);
  g_assert_cmpint (runet_review_state_get_status_of (NULL, ADA), ==, RUNET_REVIEW_NONE);
  g_assert_false (runet_review_state_is_locked (state, ADA));
}

/* Accepted means locked, until it is reopened in so many words. */
static void
test_lock (Fixture *fixture, gconstpointer data) {
  add (fixture, RUNET_EVENT_ACCEPT, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_ACCEPTED);
  add_rejection (fixture, ADA, RUNET_REJECTION_POOR_IMAGE);
  add (fixture, RUNET_EVENT_EDIT, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_ACCEPTED);
  add (fixture, RUNET_EVENT_REOPEN, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_NONE);
  add_rejection (fixture, ADA, RUNET_REJECTION_WRONG_VIEW);
  assert_status (fixture, ADA, RUNET_REVIEW_REJECTED);
  g_autoptr (RunetReviewState) state = fold (fixture);
  g_assert_cmpint (state->decision->rejection, ==, RUNET_REJECTION_WRONG_VIEW);
  g_assert_false (runet_review_state_is_locked (state, ADA));
  /* A rejection locks nothing. */
  add (fixture, RUNET_EVENT_ACCEPT, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_ACCEPTED);
}

static void
test_corrected (Fixture *fixture, gconstpointer data) {
  add (fixture, RUNET_EVENT_EDIT, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_NONE);
  add (fixture, RUNET_EVENT_ACCEPT, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_CORRECTED);
  /* Edits are each reader's own. */
  add (fixture, RUNET_EVENT_ACCEPT, BEN);
  assert_status (fixture, BEN, RUNET_REVIEW_ACCEPTED);
  /* What was accepted stays as it was accepted: an undo under the lock is none, then and later. */
  add_undo (fixture, ADA, 1); /* 4 */
  assert_status (fixture, ADA, RUNET_REVIEW_CORRECTED);
  add (fixture, RUNET_EVENT_REOPEN, ADA); /* 5 */
  add (fixture, RUNET_EVENT_ACCEPT, ADA); /* 6 */
  assert_status (fixture, ADA, RUNET_REVIEW_CORRECTED);
  add_undo (fixture, ADA, 6);
  add_undo (fixture, ADA, 1);
  add (fixture, RUNET_EVENT_ACCEPT, ADA);
  assert_status (fixture, ADA, RUNET_REVIEW_ACCEPTED);
}

static void
add_edit (Fixture *fixture, const char *author, int instant, int frame) {
  RunetEvent *event = add (fixture, RUNET_EVENT_EDIT, author);
  event->subject.instant = instant;
  event->subject.frame = frame;
}

static void
assert_edit (Fixture *fixture,
             const char *author,
             int instant,
             int frame,
             gint64 number) {
  g_autoptr (RunetReviewState) state = fold (fixture);
  const RunetReading *reading = runet_review_state_find_reading (state, author);
  const RunetEvent *edit = runet_reading_find_edit (reading, instant, frame);
  g_assert_cmpint (edit != NULL ? edit->number : 0, ==, number);
}

/* Of each frame the last edit that is in force, each reader's own. */
static void
test_frames (Fixture *fixture, gconstpointer data) {
  add_edit (fixture, ADA, RUNET_INSTANT_ED, 0); /* 1 */
  add_edit (fixture, ADA, RUNET_INSTANT_ES, 0); /* 2 */
  add_edit (fixture, ADA, -1, 7); /* 3 */
  add_edit (fixture, ADA, RUNET_INSTANT_ED, 0); /* 4 */
  add_edit (fixture, BEN, -1, 7); /* 5 */
  assert_edit (fixture, ADA, RUNET_INSTANT_ED, 0, 4);
  assert_edit (fixture, ADA, RUNET_INSTANT_ES, 0, 2);
  assert_edit (fixture, ADA, -1, 7, 3);
  assert_edit (fixture, ADA, -1, 8, 0);
  assert_edit (fixture, BEN, -1, 7, 5);
  assert_edit (fixture, BEN, RUNET_INSTANT_ED, 0, 0);
  add_undo (fixture, ADA, 4); /* 6 */
  assert_edit (fixture, ADA, RUNET_INSTANT_ED, 0, 1);
  add_undo (fixture, ADA, 3); /* 7 */
  assert_edit (fixture, ADA, -1, 7, 0);
  add_undo (fixture, ADA, 6); /* 8: redo */
  assert_edit (fixture, ADA, RUNET_INSTANT_ED, 0, 4);
  /* Locked out. */
  add (fixture, RUNET_EVENT_ACCEPT, ADA); /* 9 */
  add_edit (fixture, ADA, RUNET_INSTANT_ES, 0); /* 10 */
  assert_edit (fixture, ADA, RUNET_INSTANT_ES, 0, 2);
  add (fixture, RUNET_EVENT_REOPEN, ADA); /* 11 */
  add_edit (fixture, ADA, RUNET_INSTANT_ES, 0); /* 12 */
  assert_edit (fixture, ADA, RUNET_INSTANT_ES, 0, 12);
  /* Without the reopening the case is as it was accepted. */
  add_undo (fixture, ADA, 11); /* 13 */
  assert_edit (fixture, ADA, RUNET_INSTANT_ES, 0, 2);
  assert_status (fixture, ADA, RUNET_REVIEW_CORRECTED);
  g_autoptr (RunetReviewState) state = fold (fixture);
  g_assert_cmpuint (runet_review_state_find_reading (state, ADA)->frames->len, ==, 2);
  g_assert_cmpuint (runet_review_state_find_reading (state, ADA)->edits, ==, 3);
}

static void
add_adjudication (Fixture *fixture, RunetEventKind kind, const char *author) {
  RunetEvent *event = add (fixture, kind, author);
  g_free (event->role);
  event->role = g_strdup (RUNET_ROLE_ADJUDICATOR);
}

static void
assert_final (Fixture *fixture, const char *author, gboolean disputed) {
  g_autoptr (RunetReviewState) state = fold (fixture);
  const RunetReading *final = runet_review_state_get_final (state);
  g_assert_cmpstr (final != NULL ? final->author : NULL, ==, author);
  g_assert_cmpint (state->disputed, ==, disputed);
  if (final != NULL)
    g_assert_true (state->decision == final->decision &&
                   state->status == final->status);
}

/* Readers who differ need somebody with the last word. */
static void
test_adjudication (Fixture *fixture, gconstpointer data) {
  assert_final (fixture, NULL, FALSE);
  add (fixture, RUNET_EVENT_ACCEPT, ADA); /* 1 */
  assert_final (fixture, ADA, FALSE);
  add (fixture, RUNET_EVENT_ACCEPT, BEN); /* 2 */
  assert_final (fixture, BEN, FALSE);
  add_undo (fixture, BEN, 2); /* 3 */
  add_rejection (fixture, BEN, RUNET_REJECTION_OTHER); /* 4 */
  assert_final (fixture, NULL, TRUE);
  add_adjudication (fixture, RUNET_EVENT_EDIT, "Cy"); /* 5 */
  assert_final (fixture, NULL, TRUE);
  add_adjudication (fixture, RUNET_EVENT_ACCEPT, "Cy"); /* 6 */
  assert_final (fixture, "Cy", FALSE);
  {
    g_autoptr (RunetReviewState) state = fold (fixture);
    g_assert_cmpint (state->status, ==, RUNET_REVIEW_CORRECTED);
    g_assert_true (runet_review_state_get_final (state)->adjudicator);
    g_assert_false (runet_review_state_find_reading (state, ADA)->adjudicator);
  }
  /* A reader who comes late does not overrule; another adjudicator does. */
  add (fixture, RUNET_EVENT_ACCEPT, "Dan"); /* 7 */
  assert_final (fixture, "Cy", FALSE);
  add_adjudication (fixture, RUNET_EVENT_ACCEPT, "Eve"); /* 8 */
  assert_final (fixture, "Eve", FALSE);
  add_undo (fixture, "Eve", 8); /* 9 */
  add_adjudication (fixture, RUNET_EVENT_REOPEN, "Cy"); /* 10 */
  assert_final (fixture, NULL, TRUE);
}

static void
test_second_reader (Fixture *fixture, gconstpointer data) {
  add (fixture, RUNET_EVENT_ACCEPT, ADA);
  add (fixture, RUNET_EVENT_ACCEPT, BEN);
  {
    g_autoptr (RunetReviewState) state = fold (fixture);
    g_assert_false (state->disputed);
    g_assert_cmpuint (state->readings->len, ==, 2);
    g_assert_cmpstr (state->decision->author, ==, BEN);
  }
  add (fixture, RUNET_EVENT_REOPEN, BEN);
  add_rejection (fixture, BEN, RUNET_REJECTION_OTHER);
  {
    g_autoptr (RunetReviewState) state = fold (fixture);
    g_assert_true (state->disputed);
    g_assert_cmpint (state->status, ==, RUNET_REVIEW_REJECTED);
    g_assert_true (runet_review_state_is_locked (state, ADA));
    g_assert_false (runet_review_state_is_locked (state, BEN));
    g_assert_cmpint (runet_review_state_get_status_of (state, ADA), ==,
                     RUNET_REVIEW_ACCEPTED);
  }
  /* Who takes the own decision back leaves the other's. */
  add (fixture, RUNET_EVENT_REOPEN, BEN);
  g_autoptr (RunetReviewState) state = fold (fixture);
  g_assert_false (state->disputed);
  g_assert_cmpint (state->status, ==, RUNET_REVIEW_ACCEPTED);
  g_assert_cmpstr (state->decision->author, ==, ADA);
}

static void
test_flag_and_comment (Fixture *fixture, gconstpointer data) {
  add (fixture, RUNET_EVENT_FLAG, ADA);
  add (fixture, RUNET_EVENT_COMMENT, ADA)->text = g_strdup ("first");
  add (fixture, RUNET_EVENT_COMMENT, BEN)->text = g_strdup ("second");
  g_autoptr (RunetReviewState) state = fold (fixture);
  g_assert_true (state->flagged);
  g_assert_cmpstr (state->flag->author, ==, ADA);
  g_assert_cmpstr (state->comment->text, ==, "second");
  g_assert_cmpuint (state->comments->len, ==, 2);
  g_assert_cmpstr (runet_review_state_find_reading (state, ADA)->comment->text, ==,
                   "first");
  g_assert_cmpint (state->status, ==, RUNET_REVIEW_NONE);
  /* The flag is everybody's. */
  add (fixture, RUNET_EVENT_UNFLAG, BEN);
  g_autoptr (RunetReviewState) after = fold (fixture);
  g_assert_false (after->flagged);
}

static void
test_undo (Fixture *fixture, gconstpointer data) {
  add_rejection (fixture, ADA, RUNET_REJECTION_POOR_IMAGE); /* 1 */
  add (fixture, RUNET_EVENT_ACCEPT, ADA); /* 2 */
  add_undo (fixture, ADA, 2); /* 3 */
  assert_status (fixture, ADA, RUNET_REVIEW_REJECTED);
  add_undo (fixture, ADA, 3); /* 4: redo */
  assert_status (fixture, ADA, RUNET_REVIEW_ACCEPTED);
  add_undo (fixture, ADA, 4); /* 5: and undone again */
  assert_status (fixture, ADA, RUNET_REVIEW_REJECTED);
  add_undo (fixture, ADA, 1); /* 6 */
  assert_status (fixture, ADA, RUNET_REVIEW_NONE);
  /* Twice the same, as two windows of one person may do. */
  add_undo (fixture, ADA, 1);
  assert_status (fixture, ADA, RUNET_REVIEW_NONE);
}

/* Undos that no honest program writes change nothing and end. */
static void
test_lying_undo (Fixture *fixture, gconstpointer data) {
  add (fixture, RUNET_EVENT_ACCEPT, ADA); /* 1 */
  add_undo (fixture, BEN, 1); /* somebody else's */
  add_undo (fixture, ADA, 3); /* itself */
  add_undo (fixture, ADA, 5); /* a later one … */
  add_undo (fixture, ADA, 4); /* … which is about this one */
  add_undo (fixture, ADA, 99); /* none */
  assert_status (fixture, ADA, RUNET_REVIEW_ACCEPTED);
}

/* ---- The review ---- */

static RunetReview *
open_review (Fixture *fixture, RunetJournalMode mode) {
  g_autoptr (GError) error = NULL;
  RunetReview *review = runet_review_open (fixture->path, mode, &error);
  g_assert_no_error (error);
  return review;
}

static gboolean
act (RunetReview *review,
     Fixture *fixture,
     RunetEventKind kind,
     const char *author,
     GError **error) {
  g_autoptr (RunetEvent) event = runet_event_new (kind, author, &fixture->subject);
  if (kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_OTHER;
  return runet_review_append (review, event, error);
}

static RunetReviewStatus
status_of (RunetReview *review, Fixture *fixture, const char *author) {
  return runet_review_state_get_status_of (
      runet_review_get_state (review, &fixture->subject), author);
}

static void
test_review (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) mine = open_review (fixture, RUNET_JOURNAL_WRITE);
  g_autoptr (RunetReview) theirs = open_review (fixture, RUNET_JOURNAL_WRITE);
  g_assert_null (runet_review_get_state (mine, &fixture->subject));

  g_assert_true (act (mine, fixture, RUNET_EVENT_ACCEPT, ADA, &error));
  g_assert_false (act (mine, fixture, RUNET_EVENT_REJECT, ADA, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_true (act (theirs, fixture, RUNET_EVENT_REJECT, BEN, &error));
  g_assert_no_error (error);

  g_autoptr (GPtrArray) own = runet_review_take_changes (mine);
  g_assert_cmpuint (own->len, ==, 1);
  g_assert_true (runet_review_refresh (mine, &error));
  g_autoptr (GPtrArray) changes = runet_review_take_changes (mine);
  g_assert_cmpuint (changes->len, ==, 1);
  g_assert_true (((RunetReviewState *)changes->pdata[0])->disputed);
  g_autoptr (GPtrArray) none = runet_review_take_changes (mine);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (runet_review_count_events (mine), ==, 2);
}

/* The same person in two windows: the second one learns of the lock before it writes. */
static void
test_two_windows (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) one = open_review (fixture, RUNET_JOURNAL_WRITE);
  g_autoptr (RunetReview) two = open_review (fixture, RUNET_JOURNAL_WRITE);
  g_assert_true (act (one, fixture, RUNET_EVENT_ACCEPT, ADA, &error));
  g_assert_false (act (two, fixture, RUNET_EVENT_REJECT, ADA, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_assert_cmpint (status_of (two, fixture, ADA), ==, RUNET_REVIEW_ACCEPTED);
}

static void
step (RunetReview *review,
      RunetEvent *(*make) (const RunetReview *, const char *, const RunetEvent **),
      RunetEventKind kind) {
  g_autoptr (GError) error = NULL;
  const RunetEvent *target = NULL;
  g_autoptr (RunetEvent) event = make (review, ADA, &target);
  g_assert_nonnull (event);
  g_assert_cmpstr (runet_event_kind_to_string (target->kind), ==,
                   runet_event_kind_to_string (kind));
  g_assert_true (runet_review_append (review, event, &error));
  g_assert_no_error (error);
}

static void
test_steps (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  {
    g_autoptr (RunetReview) review = open_review (fixture, RUNET_JOURNAL_WRITE);
    g_assert_null (runet_review_new_undo (review, ADA, NULL));
    g_assert_true (act (review, fixture, RUNET_EVENT_REJECT, ADA, &error));
    g_assert_true (act (review, fixture, RUNET_EVENT_ACCEPT, ADA, &error));
    g_assert_true (act (review, fixture, RUNET_EVENT_FLAG, BEN, &error));
    g_assert_null (runet_review_new_redo (review, ADA, NULL));
  }
  /* After a restart too; never what somebody else did. */
  g_autoptr (RunetReview) review = open_review (fixture, RUNET_JOURNAL_WRITE);
  step (review, runet_review_new_undo, RUNET_EVENT_ACCEPT);
  g_assert_cmpint (status_of (review, fixture, ADA), ==, RUNET_REVIEW_REJECTED);
  step (review, runet_review_new_undo, RUNET_EVENT_REJECT);
  g_assert_cmpint (status_of (review, fixture, ADA), ==, RUNET_REVIEW_NONE);
  g_assert_null (runet_review_new_undo (review, ADA, NULL));
  step (review, runet_review_new_redo, RUNET_EVENT_REJECT);
  step (review, runet_review_new_redo, RUNET_EVENT_ACCEPT);
  g_assert_null (runet_review_new_redo (review, ADA, NULL));
  g_assert_cmpint (status_of (review, fixture, ADA), ==, RUNET_REVIEW_ACCEPTED);
  step (review, runet_review_new_undo, RUNET_EVENT_ACCEPT);
  /* Something new ends what could be done again. */
  g_assert_true (act (review, fixture, RUNET_EVENT_FLAG, ADA, &error));
  g_assert_null (runet_review_new_redo (review, ADA, NULL));
  g_assert_true (runet_review_get_state (review, &fixture->subject)->flagged);
}

static void
test_order (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *subset, *patient;
    RunetView view;
  } cases[] = {
      {"training", "patient0001", RUNET_VIEW_A2C},
      {"testing", "patient0001", RUNET_VIEW_A4C},
      {"training", "patient0001", RUNET_VIEW_A4C},
      {NULL, "patient0009", RUNET_VIEW_A4C},
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) review = open_review (fixture, RUNET_JOURNAL_WRITE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (RunetSubject) subject = {0};
    runet_subject_init (&subject, cases[i].subset, cases[i].patient, cases[i].view);
    g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_FLAG, ADA, &subject);
    g_assert_true (runet_review_append (review, event, &error));
  }
  g_autoptr (GPtrArray) states = runet_review_list_states (review);
  g_autoptr (GString) order = g_string_new (NULL);
  for (guint i = 0; i < states->len; i++) {
    g_autofree char *key =
        runet_subject_to_key (&((RunetReviewState *)states->pdata[i])->subject);
    g_string_append_printf (order, "%s ", key);
  }
  g_assert_cmpstr (order->str, ==,
                   "/patient0009/4CH testing/patient0001/4CH "
                   "training/patient0001/4CH training/patient0001/2CH ");
}

/* A hostile record: contours of no frame, or of one that no sequence has, stand for none. */
static void
test_of_no_frame (Fixture *fixture, gconstpointer data) {
  static const int frames[] = {0, -7, G_MAXINT, 3};
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    add (fixture, RUNET_EVENT_EDIT, ADA)->subject.frame = frames[i];
  ((RunetEvent *)fixture->events->pdata[3])->subject.content = g_strdup ("c0ffee");
  g_autoptr (RunetReviewState) state =
      runet_review_state_new (&fixture->subject, fixture->events);
  const RunetReading *reading = runet_review_state_find_reading (state, ADA);
  g_assert_cmpuint (reading->edits, ==, 4);
  g_assert_cmpuint (reading->frames->len, ==, 1);
  g_assert_nonnull (runet_reading_find_edit (reading, -1, 3));
  g_assert_cmpstr (runet_reading_find_content (reading, -1, 3), ==, "c0ffee");
  g_assert_null (runet_reading_find_content (reading, -1, 4));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/state/nothing", test_nothing);
  ADD ("/review/state/lock", test_lock);
  ADD ("/review/state/corrected", test_corrected);
  ADD ("/review/state/frames", test_frames);
  ADD ("/review/state/of-no-frame", test_of_no_frame);
  ADD ("/review/state/adjudication", test_adjudication);
  ADD ("/review/state/second-reader", test_second_reader);
  ADD ("/review/state/flag-and-comment", test_flag_and_comment);
  ADD ("/review/state/undo", test_undo);
  ADD ("/review/state/lying-undo", test_lying_undo);
  ADD ("/review/review/append", test_review);
  ADD ("/review/review/two-windows", test_two_windows);
  ADD ("/review/review/steps", test_steps);
  ADD ("/review/review/order", test_order);
#undef ADD
  return g_test_run ();
}
