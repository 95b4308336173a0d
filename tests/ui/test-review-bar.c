/* The review bar: what it says of a case, what its buttons and popovers do, who is asked for a name. */
#include <gtk/gtk.h>
#include <string.h>

#include "fixture.h"
#include "ui/author-dialog.h"
#include "ui/comment-popover.h"
#include "ui/reject-popover.h"
#include "ui/review-bar.h"

#define ADA "Ada Lovelace"
#define BEN "Ben Casey"

typedef struct {
  char *folder;
  RunetDataset *dataset;
  GListStore *cases;
  GtkWidget *window;
  GtkWidget *bar;
  GSimpleActionGroup *actions;
  GString *done; /* what was activated, one after the other */
  GPtrArray *events;
} Fixture;

static void
activated_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  Fixture *fixture = user_data;
  g_autofree char *text =
      parameter ? g_variant_print (parameter, FALSE) : g_strdup ("");
  g_string_append_printf (fixture->done, "%s%s;", g_action_get_name (G_ACTION (action)),
                          text);
}

static void
add_actions (Fixture *fixture) {
  const GActionEntry entries[] = {
      {.name = "accept", .activate = activated_cb},
      {.name = "reject", .activate = activated_cb},
      {.name = "reject-because", .activate = activated_cb, .parameter_type = "(ss)"},
      {.name = "reopen", .activate = activated_cb},
      {.name = "flag", .activate = activated_cb, .state = "false"},
      {.name = "comment", .activate = activated_cb},
      {.name = "add-comment", .activate = activated_cb, .parameter_type = "s"},
  };
  fixture->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (fixture->actions), entries,
                                   G_N_ELEMENTS (entries), fixture);
  gtk_widget_insert_action_group (fixture->window, "win",
                                  G_ACTION_GROUP (fixture->actions));
}

static RunetCase *
get_case (Fixture *fixture, guint index) {
  g_autoptr (RunetCase) item =
      g_list_model_get_item (G_LIST_MODEL (fixture->cases), index);
  return item;
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->folder = fixture_folder ();
  fixture_write_patient (fixture->folder, "patient0001", FIXTURE_PLAIN, FALSE);
  fixture_write_patient (fixture->folder, "patient0002", FIXTURE_PLAIN, FALSE);
  fixture->dataset = runet_dataset_open (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  fixture->cases = runet_cases_of_dataset (fixture->dataset);
  fixture->done = g_string_new (NULL);
  fixture->events = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  fixture->bar = runet_review_bar_new ();
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 340, 600);
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->bar);
  add_actions (fixture);
  runet_review_bar_set_author (RUNET_REVIEW_BAR (fixture->bar), ADA);
  runet_review_bar_set_case (RUNET_REVIEW_BAR (fixture->bar), get_case (fixture, 0));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->actions);
  g_object_unref (fixture->cases);
  g_ptr_array_unref (fixture->events);
  g_string_free (fixture->done, TRUE);
  runet_dataset_unref (fixture->dataset);
  fixture_remove (fixture->folder);
}

static RunetEvent *
add (Fixture *fixture, RunetEventKind kind, const char *author, const char *text) {
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, "patient0001", RUNET_VIEW_A4C);
  RunetEvent *event = runet_event_new (kind, author, &subject);
  event->number = fixture->events->len + 1;
  event->time = g_date_time_new_utc (2026, 11, 25, 15, 42, 0);
  event->text = g_strdup (text);
  if (kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_POOR_IMAGE;
  g_ptr_array_add (fixture->events, event);
  return event;
}

/* Gives the first case what the events say. */
static void
show (Fixture *fixture) {
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, "patient0001", RUNET_VIEW_A4C);
  g_autoptr (RunetReviewState) state =
      runet_review_state_new (&subject, fixture->events);
  runet_case_set_review (get_case (fixture, 0), state);
}

typedef gboolean (*Match) (GtkWidget *widget, const char *text);

static GtkWidget *
find (GtkWidget *widget, Match match, const char *text) {
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (match (widget, text))
    return widget;
  GtkWidget *child = gtk_widget_get_first_child (widget);
  for (; child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, match, text);
    if (found)
      return found;
  }
  return NULL;
}

static gboolean
is_label (GtkWidget *widget, const char *text) {
  return GTK_IS_LABEL (widget) &&
         strstr (gtk_label_get_label (GTK_LABEL (widget)), text) != NULL;
}

static gboolean
is_button (GtkWidget *widget, const char *action) {
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) ==
             0;
}

static gboolean
is_type (GtkWidget *widget, const char *name) {
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), name);
}

static gboolean
is_check (GtkWidget *widget, const char *text) {
  return GTK_IS_CHECK_BUTTON (widget) &&
         g_strcmp0 (gtk_check_button_get_label (GTK_CHECK_BUTTON (widget)), text) == 0;
}

static gboolean
is_named (GtkWidget *widget, const char *text) {
  return GTK_IS_BUTTON (widget) &&
         g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0;
}

static gboolean
says (Fixture *fixture, const char *text) {
  return find (fixture->bar, is_label, text) != NULL;
}

static gboolean
offers (Fixture *fixture, const char *action) {
  return find (fixture->bar, is_button, action) != NULL;
}

/* ---- What it says ---- */

static void
test_states (Fixture *fixture, gconstpointer data) {
  g_assert_true (says (fixture, "Not reviewed"));
  g_assert_true (offers (fixture, "win.accept"));
  g_assert_true (offers (fixture, "win.reject"));
  g_assert_false (offers (fixture, "win.reopen"));

  add (fixture, RUNET_EVENT_REJECT, ADA, "too dark");
  show (fixture);
  g_assert_true (says (fixture, "Rejected: Poor image"));
  g_assert_true (says (fixture, "“too dark”\n" ADA));
  g_assert_true (offers (fixture, "win.accept"));
  g_assert_true (offers (fixture, "win.reopen"));

  add (fixture, RUNET_EVENT_ACCEPT, ADA, NULL);
  show (fixture);
  g_assert_true (says (fixture, "Accepted"));
  g_assert_true (says (fixture, ADA " · 25 Nov 2026"));
  g_assert_false (offers (fixture, "win.accept"));
  g_assert_false (offers (fixture, "win.reject"));
  g_assert_true (offers (fixture, "win.reopen"));

  runet_review_bar_set_case (RUNET_REVIEW_BAR (fixture->bar), get_case (fixture, 1));
  g_assert_true (says (fixture, "Not reviewed"));
}

static void
test_other_readers (Fixture *fixture, gconstpointer data) {
  add (fixture, RUNET_EVENT_ACCEPT, BEN, NULL);
  show (fixture);
  g_assert_true (says (fixture, "Not reviewed"));
  g_assert_true (says (fixture, "Other readers"));
  g_assert_true (says (fixture, "Accepted\n" BEN));
  g_assert_true (offers (fixture, "win.accept"));
  add (fixture, RUNET_EVENT_REJECT, ADA, NULL);
  show (fixture);
  g_assert_true (says (fixture, "Readers disagree"));
  /* The same record read by the other one. */
  runet_review_bar_set_author (RUNET_REVIEW_BAR (fixture->bar), BEN);
  g_assert_true (says (fixture, "Rejected: Poor image\n" ADA));
  g_assert_false (offers (fixture, "win.accept"));
}

static void
test_notes (Fixture *fixture, gconstpointer data) {
  g_assert_false (says (fixture, "Flagged"));
  add (fixture, RUNET_EVENT_FLAG, BEN, NULL);
  add (fixture, RUNET_EVENT_COMMENT, BEN, "<b>first</b> & last");
  show (fixture);
  g_assert_true (says (fixture, "Flagged: " BEN));
  g_assert_true (says (fixture, "“<b>first</b> & last”\n" BEN));
}

static void
test_trouble (Fixture *fixture, gconstpointer data) {
  RunetReviewBar *bar = RUNET_REVIEW_BAR (fixture->bar);
  g_assert_false (says (fixture, "nothing can be decided"));
  runet_review_bar_set_trouble (bar, "record.sqlite: expected …");
  g_assert_true (says (fixture, "nothing can be decided"));
  runet_review_bar_set_trouble (bar, NULL);
  g_assert_false (says (fixture, "nothing can be decided"));
}

/* ---- What it does ---- */

static void
click (GtkWidget *root, Match match, const char *text) {
  GtkWidget *button = find (root, match, text);
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_buttons (Fixture *fixture, gconstpointer data) {
  click (fixture->bar, is_button, "win.accept");
  click (fixture->bar, is_button, "win.reject");
  click (fixture->bar, is_button, "win.flag");
  click (fixture->bar, is_button, "win.comment");
  g_assert_cmpstr (fixture->done->str, ==, "accept;reject;flag;comment;");
  GAction *accept =
      g_action_map_lookup_action (G_ACTION_MAP (fixture->actions), "accept");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (accept), FALSE);
  g_assert_false (
      gtk_widget_get_sensitive (find (fixture->bar, is_button, "win.accept")));
}

static void
test_reject (Fixture *fixture, gconstpointer data) {
  runet_review_bar_ask_reason (RUNET_REVIEW_BAR (fixture->bar));
  GtkWidget *popover = find (fixture->bar, is_type, "RunetRejectPopover");
  g_assert_nonnull (popover);
  GtkWidget *reject = find (popover, is_named, "Reject");
  GtkWidget *text = find (popover, is_type, "GtkEntry");
  g_assert_false (gtk_widget_get_sensitive (reject));
  GtkWidget *other = find (popover, is_check, "Other");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (other), TRUE);
  /* “Other” without words says nothing. */
  g_assert_false (gtk_widget_get_sensitive (reject));
  gtk_editable_set_text (GTK_EDITABLE (text), "  ");
  g_assert_false (gtk_widget_get_sensitive (reject));
  gtk_editable_set_text (GTK_EDITABLE (text), " two hearts ");
  g_assert_true (gtk_widget_get_sensitive (reject));
  g_signal_emit_by_name (reject, "clicked");
  g_assert_cmpstr (fixture->done->str, ==, "reject-because('other', 'two hearts');");
  g_assert_false (gtk_widget_get_visible (popover));

  /* What could not be written is still there, and goes once it is. */
  g_string_truncate (fixture->done, 0);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (text)), ==, " two hearts ");
  add (fixture, RUNET_EVENT_REJECT, ADA, "two hearts");
  show (fixture);
  runet_review_bar_ask_reason (RUNET_REVIEW_BAR (fixture->bar));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (text)), ==, "");
  g_assert_false (gtk_widget_get_sensitive (reject));
  GtkWidget *view = find (popover, is_check, "Wrong view");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (view), TRUE);
  g_signal_emit_by_name (reject, "clicked");
  g_assert_cmpstr (fixture->done->str, ==, "reject-because('wrong-view', '');");
}

static void
test_comment (Fixture *fixture, gconstpointer data) {
  RunetReviewBar *bar = RUNET_REVIEW_BAR (fixture->bar);
  runet_review_bar_ask_comment (bar);
  GtkWidget *popover = find (fixture->bar, is_type, "RunetCommentPopover");
  GtkWidget *button = find (popover, is_named, "Add Comment");
  GtkTextBuffer *buffer =
      gtk_text_view_get_buffer (GTK_TEXT_VIEW (find (popover, is_type, "GtkTextView")));
  g_assert_false (gtk_widget_get_sensitive (button));
  gtk_text_buffer_set_text (buffer, "the apex\nis cut", -1);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (fixture->done->str, ==, "add-comment'the apex\\nis cut';");
  /* What could not be written is not lost. */
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), >, 0);
  add (fixture, RUNET_EVENT_COMMENT, ADA, "the apex\nis cut");
  show (fixture);
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, 0);
  runet_review_bar_ask_comment (bar);
  g_assert_nonnull (find (popover, is_label, "the apex\nis cut"));
  /* Nor is it said of another case. */
  gtk_text_buffer_set_text (buffer, "half a sent", -1);
  runet_review_bar_set_case (bar, get_case (fixture, 1));
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, 0);
  g_assert_false (gtk_widget_get_visible (popover));
}

static void
test_finalized (Fixture *fixture, gconstpointer data) {
  GtkWidget *bar = g_object_ref_sink (runet_review_bar_new ());
  runet_review_bar_set_case (RUNET_REVIEW_BAR (bar), get_case (fixture, 0));
  g_assert_finalize_object (bar);
  g_assert_finalize_object (
      (GtkWidget *)g_object_ref_sink (runet_reject_popover_new ()));
  g_assert_finalize_object (
      (GtkWidget *)g_object_ref_sink (runet_comment_popover_new ()));
}

/* ---- Who ---- */

static void
chosen_cb (RunetAuthorDialog *dialog, const char *name, GString *done) {
  g_string_append_printf (done, "%s;", name);
}

static void
test_author (Fixture *fixture, gconstpointer data) {
  GtkWidget *dialog = runet_author_dialog_new (GTK_WINDOW (fixture->window), NULL);
  g_signal_connect (dialog, "chosen", G_CALLBACK (chosen_cb), fixture->done);
  gtk_window_present (GTK_WINDOW (dialog));
  GtkWidget *name = find (dialog, is_type, "GtkEntry");
  GtkWidget *use = find (dialog, is_named, "_Use This Name");
  /* The account's name is offered, whatever it is here. */
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (name)), !=, "");
  gtk_editable_set_text (GTK_EDITABLE (name), "   ");
  g_assert_false (gtk_widget_get_sensitive (use));
  gtk_editable_set_text (GTK_EDITABLE (name), " " ADA " ");
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *)&dialog);
  g_signal_emit_by_name (use, "clicked");
  g_assert_cmpstr (fixture->done->str, ==, ADA ";");
  while (dialog)
    g_main_context_iteration (NULL, TRUE);

  /* Closed without an answer it says nothing. */
  dialog = runet_author_dialog_new (GTK_WINDOW (fixture->window), BEN);
  g_signal_connect (dialog, "chosen", G_CALLBACK (chosen_cb), fixture->done);
  gtk_window_present (GTK_WINDOW (dialog));
  g_assert_cmpstr (
      gtk_editable_get_text (GTK_EDITABLE (find (dialog, is_type, "GtkEntry"))), ==,
      BEN);
  gtk_window_close (GTK_WINDOW (dialog));
  g_assert_cmpstr (fixture->done->str, ==, ADA ";");
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/review-bar/states", test_states);
  ADD ("/ui/review-bar/other-readers", test_other_readers);
  ADD ("/ui/review-bar/notes", test_notes);
  ADD ("/ui/review-bar/trouble", test_trouble);
  ADD ("/ui/review-bar/buttons", test_buttons);
  ADD ("/ui/review-bar/reject", test_reject);
  ADD ("/ui/review-bar/comment", test_comment);
  ADD ("/ui/review-bar/finalized", test_finalized);
  ADD ("/ui/author-dialog/name", test_author);
#undef ADD
  return g_test_run ();
}
