/* The record of a data set that was moved is found by what the data set holds, and taken over. */
#include <glib/gstdio.h>

#include "core/review/moved-record.h"
#include "core/review/review.h"
#include "journal-fixture.h"

/* Patients with images that nobody reads: their names and sizes are what counts. */
static char *
make_dataset (Fixture *fixture, const char *name, gsize size) {
  char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *content = g_strnfill (size, 'x');
  for (int p = 1; p <= 3; p++) {
    g_autofree char *patient = g_strdup_printf ("patient%04d", p);
    g_autofree char *folder = g_build_filename (path, patient, NULL);
    g_autofree char *stem = g_build_filename (folder, patient, NULL);
    g_autofree char *ed = g_strconcat (stem, "_4CH_ED.nii.gz", NULL);
    g_autofree char *es = g_strconcat (stem, "_4CH_ES.nii.gz", NULL);
    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    g_assert_true (g_file_set_contents (ed, content, (gssize)size, NULL));
    g_assert_true (g_file_set_contents (es, content, (gssize)size / p, NULL));
  }
  return path;
}

static RunetDataset *
open_dataset (const char *path) {
  g_autoptr (GError) error = NULL;
  RunetDataset *dataset = runet_dataset_open (path, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

/* A review of the data set at @path with @comments. */
static void
review (Fixture *fixture, const char *path, guint comments) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetDataset) dataset = open_dataset (path);
  g_autofree char *record = runet_journal_default_path (path);
  g_autoptr (RunetJournal) journal =
      runet_journal_open (record, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  g_assert_true (runet_journal_note_dataset (journal, path, dataset, &error));
  g_assert_true (runet_journal_note_dataset (journal, path, dataset, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < comments; i++)
    append_comment (journal, fixture, "one");
}

static GPtrArray *
find (const char *path) {
  g_autoptr (RunetDataset) dataset = open_dataset (path);
  return runet_moved_records_find (path, dataset);
}

static void
assert_found (const char *path, guint count) {
  g_autoptr (GPtrArray) records = find (path);
  g_assert_cmpuint (records->len, ==, count);
}

static void
test_moved (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *old = make_dataset (fixture, "old", 100);
  g_autofree char *record = runet_journal_default_path (old);
  g_autofree char *new = g_build_filename (fixture->folder, "new \xff", NULL);
  g_autofree char *new_record = NULL;
  review (fixture, old, 4);
  g_assert_cmpint (g_rename (old, new), ==, 0);
  new_record = runet_journal_default_path (new);
  g_autoptr (GPtrArray) records = find (new);
  g_assert_cmpuint (records->len, ==, 1);
  const RunetMovedRecord *found = records->pdata[0];
  g_assert_cmpstr (found->path, ==, record);
  g_assert_true (g_str_has_suffix (found->dataset, "/old"));
  g_assert_cmpint (found->events, ==, 4);
  g_assert_nonnull (found->last);

  {
    g_autoptr (RunetReview) taken =
        runet_review_open (new_record, RUNET_JOURNAL_WRITE, &error);
    g_assert_no_error (error);
    RunetJournal *journal = runet_review_get_journal (taken);
    g_assert_true (runet_journal_adopt (journal, found->path, &error));
    g_assert_no_error (error);
    g_assert_true (runet_review_refresh (taken, &error));
    g_assert_cmpuint (runet_review_count_events (taken), ==, 4);
    /* Never among others. */
    g_assert_false (runet_journal_adopt (journal, found->path, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
    g_clear_error (&error);
  }
  /* Moved once more: both know of it, and the one that was used last comes first. */
  review (fixture, new, 1);
  g_autofree char *newer = g_build_filename (fixture->folder, "newer", NULL);
  g_assert_cmpint (g_rename (new, newer), ==, 0);
  g_autoptr (GPtrArray) both = find (newer);
  g_assert_cmpuint (both->len, ==, 2);
  g_assert_cmpstr (((RunetMovedRecord *)both->pdata[0])->path, ==, new_record);
}

static void
test_not_moved (Fixture *fixture, gconstpointer data) {
  g_autofree char *first = make_dataset (fixture, "first", 200);
  review (fixture, first, 2);
  /* A copy: the first one is still there. */
  g_autofree char *copy = make_dataset (fixture, "copy", 200);
  assert_found (copy, 0);
  /* The first one is gone, and this one holds something else. */
  remove_tree (first);
  assert_found (copy, 1);
  g_autofree char *other = make_dataset (fixture, "other", 201);
  assert_found (other, 0);
}

/* Nobody decided anything there. */
static void
test_empty (Fixture *fixture, gconstpointer data) {
  g_autofree char *old = make_dataset (fixture, "nothing", 300);
  g_autofree char *new = g_build_filename (fixture->folder, "something", NULL);
  review (fixture, old, 0);
  g_assert_cmpint (g_rename (old, new), ==, 0);
  assert_found (new, 0);
}

/* What else lies among the records does not disturb. */
static void
test_odd_neighbours (Fixture *fixture, gconstpointer data) {
  g_autofree char *old = make_dataset (fixture, "neighbour", 400);
  g_autofree char *new = g_build_filename (fixture->folder, "neighbours", NULL);
  g_autofree char *record = runet_journal_default_path (old);
  g_autofree char *folder = g_path_get_dirname (record);
  g_autofree char *text = g_build_filename (folder, "text.sqlite", NULL);
  g_autofree char *inner = g_build_filename (folder, "folder.sqlite", NULL);
  review (fixture, old, 1);
  g_assert_true (g_file_set_contents (text, "text", -1, NULL));
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (g_rename (old, new), ==, 0);
  assert_found (new, 1);
  g_assert_cmpint (g_unlink (text), ==, 0);
  g_assert_cmpint (g_rmdir (inner), ==, 0);
}

int
main (int argc, char **argv) {
  g_autoptr (GError) error = NULL;
  g_autofree char *home = g_dir_make_tmp ("runet-moved-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/moved-record/moved", test_moved);
  ADD ("/review/moved-record/not-moved", test_not_moved);
  ADD ("/review/moved-record/empty", test_empty);
  ADD ("/review/moved-record/odd-neighbours", test_odd_neighbours);
#undef ADD
  const int result = g_test_run ();
  remove_tree (home);
  return result;
}
