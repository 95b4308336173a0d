/* A journal that is moved, deleted or replaced while it is open: nothing is lost, and it is said. */
#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal-fixture.h"

static void
assert_notice (RunetJournal *journal, const char *words) {
  g_autofree char *notice = runet_journal_take_notice (journal);
  g_assert_nonnull (notice);
  g_test_message ("%s", notice);
  g_assert_nonnull (strstr (notice, words));
  g_assert_null (strchr (notice, '\n'));
  g_assert_null (runet_journal_take_notice (journal));
}

/* @texts: of the comments in the file at @path, in their order, with spaces between. */
static void
assert_texts (const char *path, const char *texts) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_READ, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) events = read_all (journal);
  g_autoptr (GString) found = g_string_new (NULL);
  for (guint i = 0; i < events->len; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "",
                            ((RunetEvent *)events->pdata[i])->text);
  g_assert_cmpstr (found->str, ==, texts);
}

static void
test_deleted (Fixture *fixture, gconstpointer data) {
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  append_comment (journal, fixture, "two");
  g_assert_null (runet_journal_take_notice (journal));
  /* The log stays behind, as when somebody deletes the one file that has a sensible name. */
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_true (runet_journal_has_changed (journal));
  append_comment (journal, fixture, "three");
  assert_notice (journal, "moved or deleted");
  assert_texts (fixture->path, "one two three");
  g_autoptr (GPtrArray) events = read_all (journal);
  g_assert_cmpuint (events->len, ==, 3);
}

/* To look is enough, without a gesture; and the whole folder may be gone. */
static void
test_deleted_folder (Fixture *fixture, gconstpointer data) {
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  remove_tree (folder);
  g_assert_true (runet_journal_has_changed (journal));
  g_autoptr (GPtrArray) events = read_all (journal);
  g_assert_cmpuint (events->len, ==, 1);
  assert_notice (journal, "moved or deleted");
  assert_texts (fixture->path, "one");
}

/* The moved file is whole where it is now, and so is the one that takes its place. */
static void
test_moved_away (Fixture *fixture, gconstpointer data) {
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "moved.sqlite", NULL);
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  g_assert_cmpint (g_rename (fixture->path, elsewhere), ==, 0);
  append_comment (journal, fixture, "two");
  assert_notice (journal, "moved or deleted");
  assert_texts (fixture->path, "one two");
}

static void
test_replaced_by_text (Fixture *fixture, gconstpointer data) {
  g_autofree char *rescued = g_strconcat (fixture->path, ".rescued-1", NULL);
  g_autofree char *second = g_strconcat (fixture->path, ".rescued-2", NULL);
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_true (g_file_set_contents (fixture->path, "mine!", -1, NULL));
  append_comment (journal, fixture, "two");
  assert_notice (journal, ".rescued-1");
  g_assert_cmpstr (runet_journal_get_path (journal), ==, rescued);
  assert_texts (rescued, "one two");
  g_autofree char *content = NULL;
  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "mine!");
  runet_journal_close (g_steal_pointer (&journal));

  /* Who opens the record later learns of the other one, and its name is not used again. */
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_autoptr (RunetJournal) next = open_journal (fixture, RUNET_JOURNAL_WRITE);
  assert_notice (next, ".rescued-1");
  append_comment (next, fixture, "other");
  g_assert_true (g_file_set_contents (fixture->path, "mine!", -1, NULL));
  append_comment (next, fixture, "last");
  assert_texts (rescued, "one two");
  assert_texts (second, "other last");
}

static void
test_replaced_by_other_record (Fixture *fixture, gconstpointer data) {
  g_autofree char *other = g_build_filename (fixture->folder, "other.sqlite", NULL);
  g_autofree char *rescued = g_strconcat (fixture->path, ".rescued-1", NULL);
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetJournal) theirs =
        runet_journal_open (other, RUNET_JOURNAL_WRITE, &error);
    g_assert_no_error (error);
    append_comment (theirs, fixture, "theirs");
  }
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  g_assert_cmpint (g_rename (other, fixture->path), ==, 0);
  append_comment (journal, fixture, "two");
  assert_notice (journal, ".rescued-1");
  assert_texts (rescued, "one two");
}

/* Somebody put yesterday's copy back. */
static void
test_replaced_by_older (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = g_build_filename (fixture->folder, "copy.sqlite", NULL);
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  g_assert_true (runet_journal_save_copy (journal, copy, &error));
  g_assert_no_error (error);
  g_assert_false (runet_journal_save_copy (journal, copy, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  append_comment (journal, fixture, "two");
  append_comment (journal, fixture, "three");
  g_assert_cmpint (g_rename (copy, fixture->path), ==, 0);
  append_comment (journal, fixture, "four");
  assert_notice (journal, "2 events");
  g_assert_cmpstr (runet_journal_get_path (journal), ==, fixture->path);
  assert_texts (fixture->path, "one two three four");
}

static void
test_no_way_back (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (journal, fixture, "one");
  remove_tree (folder);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_FLAG, "Ada Lovelace", &fixture->subject);
  g_assert_false (runet_journal_append (journal, event, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_test_message ("%s", error->message);
  g_assert_cmpint (event->number, ==, 0);
  /* Once it can be, it is. */
  g_assert_cmpint (g_unlink (folder), ==, 0);
  append_comment (journal, fixture, "two");
  assert_texts (fixture->path, "one two");
}

/* ---- Two programs ---- */

static void
test_deleted_under_two (Fixture *fixture, gconstpointer data) {
  g_autoptr (RunetJournal) one = open_journal (fixture, RUNET_JOURNAL_WRITE);
  g_autoptr (RunetJournal) two = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (one, fixture, "one");
  append_comment (two, fixture, "two");
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  append_comment (one, fixture, "three");
  append_comment (two, fixture, "four");
  assert_notice (one, "moved or deleted");
  assert_notice (two, "lacks nothing");
  append_comment (one, fixture, "five");
  assert_texts (fixture->path, "one two three four five");
  runet_journal_close (g_steal_pointer (&two));
  append_comment (one, fixture, "six");
  assert_texts (fixture->path, "one two three four five six");
}

/* At the same moment, in processes of their own. */
static void
test_deleted_under_many (Fixture *fixture, gconstpointer data) {
  enum { PROGRAMS = 4, EACH = 10 };
  int ready[2], go[2];
  pid_t children[PROGRAMS];
  char byte = 0;
  g_assert_true (pipe (ready) == 0 && pipe (go) == 0);
  for (int p = 0; p < PROGRAMS; p++) {
    children[p] = fork ();
    if (children[p] != 0)
      continue;
    close (go[1]);
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    append_comment (journal, fixture, "before");
    if (write (ready[1], &byte, 1) != 1 || read (go[0], &byte, 1) != 0)
      _exit (1);
    for (int i = 0; i < EACH; i++)
      append_comment (journal, fixture, "after");
    runet_journal_close (g_steal_pointer (&journal));
    _exit (0);
  }
  for (int p = 0; p < PROGRAMS; p++)
    g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  close (go[1]);
  for (int p = 0; p < PROGRAMS; p++) {
    int status;
    g_assert_cmpint (waitpid (children[p], &status, 0), ==, children[p]);
    g_assert_true (WIFEXITED (status));
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  }
  close (ready[0]);
  close (ready[1]);
  close (go[0]);
  g_assert_cmpuint (count_in_file (fixture), ==, PROGRAMS * (1 + EACH));
}

/* Another program that ends must not take the log away that this process writes to, though this one has
 * the record open twice (and closing any descriptor of a file gives up the locks on it). */
static void
test_two_windows_and_a_program (Fixture *fixture, gconstpointer data) {
  g_autoptr (RunetJournal) one = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_comment (one, fixture, "one");
  g_autoptr (RunetJournal) two = open_journal (fixture, RUNET_JOURNAL_WRITE);
  pid_t child = fork ();
  if (child == 0) {
    execlp ("/proc/self/exe", "test-journal-place", "--open-and-close", fixture->path,
            NULL);
    _exit (127);
  }
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  append_comment (one, fixture, "two");
  append_comment (two, fixture, "three");
  /* A process that knows nothing of the log in this one's memory. */
  child = fork ();
  if (child == 0) {
    execlp ("/proc/self/exe", "test-journal-place", "--count-3", fixture->path, NULL);
    _exit (127);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* What another program does, as this one run again. */
static int
be_another_program (const char *what, const char *path) {
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_WRITE, NULL);
  g_autoptr (GPtrArray) events = journal ? runet_journal_refresh (journal, NULL) : NULL;
  return events && (g_str_equal (what, "--open-and-close") || events->len == 3) ? 0 : 1;
}

int
main (int argc, char **argv) {
  if (argc == 3)
    return be_another_program (argv[1], argv[2]);
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/journal-place/deleted", test_deleted);
  ADD ("/review/journal-place/deleted-folder", test_deleted_folder);
  ADD ("/review/journal-place/moved-away", test_moved_away);
  ADD ("/review/journal-place/replaced-by-text", test_replaced_by_text);
  ADD ("/review/journal-place/replaced-by-other-record", test_replaced_by_other_record);
  ADD ("/review/journal-place/replaced-by-older", test_replaced_by_older);
  ADD ("/review/journal-place/no-way-back", test_no_way_back);
  ADD ("/review/journal-place/deleted-under-two", test_deleted_under_two);
  ADD ("/review/journal-place/deleted-under-many", test_deleted_under_many);
  ADD ("/review/journal-place/two-windows-and-a-program",
       test_two_windows_and_a_program);
#undef ADD
  return g_test_run ();
}
