/* What can be read of a damaged record is saved, and the damaged one stays. */
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/review/journal-salvage.h"
#include "core/review/review.h"
#include "journal-fixture.h"

#define PAGE_BYTES 4096
#define EVENTS 120

/* Without a sync: hundreds of times, and for nobody. */
static void
write_file (const char *path, const void *bytes, gsize size) {
  /* Else the end of a longer file stays. */
  g_unlink (path);
  g_assert_true (g_file_set_contents_full (path, bytes, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* As large as contours of a frame are, and no two the same. */
static GBytes *
make_contours (guint number) {
  const gsize size = 3000 + number * 131 % 9000;
  guint8 *bytes = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)(number * 7 + i * (number % 5 + 1));
  return g_bytes_new_take (bytes, size);
}

/* Edits, and every tenth time a comment. */
static void
append_some (RunetJournal *journal, Fixture *fixture, guint from, guint to) {
  for (guint number = from; number <= to; number++) {
    g_autoptr (GError) error = NULL;
    const gboolean comment = number % 10 == 0;
    g_autoptr (RunetEvent) event =
        runet_event_new (comment ? RUNET_EVENT_COMMENT : RUNET_EVENT_EDIT,
                         "Ada Lovelace", &fixture->subject);
    event->text = comment ? g_strdup_printf ("number %u", number) : NULL;
    event->tool = comment ? NULL : g_strdup ("push");
    event->after = comment ? NULL : make_contours (number);
    event->seconds = number * 0.25;
    g_assert_true (runet_journal_append (journal, event, &error));
    g_assert_no_error (error);
    g_assert_cmpint (event->number, ==, number);
  }
}

static void
make_record (Fixture *fixture) {
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  append_some (journal, fixture, 1, EVENTS);
}

/* Every event that is in the journal at @path is one that was appended, byte for byte but for the contours of
 * @damaged of them: a page in the middle of contours carries no sign of what it was. */
static guint
check_events (const char *path, guint damaged) {
  guint differing = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) events = read_all (journal);
  for (guint i = 0; i < events->len; i++) {
    const RunetEvent *event = events->pdata[i];
    const guint number = (guint)event->number;
    g_autoptr (GBytes) before = NULL, after = NULL;
    g_assert_cmpfloat (event->seconds, ==, number * 0.25);
    g_assert_true (
        runet_journal_read_edit (journal, event->number, &before, &after, &error));
    g_assert_no_error (error);
    g_autoptr (GBytes) expected = number % 10 ? make_contours (number) : NULL;
    g_assert_true ((expected != NULL) == (after != NULL));
    differing += expected && !g_bytes_equal (after, expected);
  }
  g_assert_cmpuint (differing, <=, damaged);
  return events->len;
}

static guint
salvage (Fixture *fixture, guint *lost, guint damaged) {
  g_autoptr (GError) error = NULL;
  g_autofree char *to = g_build_filename (fixture->folder, "salvaged.sqlite", NULL);
  guint saved = 0;
  g_autoptr (GBytes) before = read_file (fixture->path);
  g_unlink (to);
  g_assert_true (runet_journal_salvage (fixture->path, to, &saved, lost, &error));
  g_assert_no_error (error);
  g_autoptr (GBytes) after = read_file (fixture->path);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_cmpuint (check_events (to, damaged), ==, saved);
  return saved;
}

static void
test_whole (Fixture *fixture, gconstpointer data) {
  guint lost = 7;
  make_record (fixture);
  g_assert_cmpuint (salvage (fixture, &lost, 0), ==, EVENTS);
  g_assert_cmpuint (lost, ==, 0);
}

static void
overwrite (const char *path, gsize offset, gsize length) {
  g_autoptr (GBytes) bytes = read_file (path);
  gsize size;
  g_autofree char *copy =
      g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  g_assert_cmpuint (offset + length, <=, size);
  memset (copy + offset, 0xa5, length);
  write_file (path, copy, size);
}

/* Any one page is gone: also the first, without which SQLite knows nothing of the file. */
static void
test_lost_page (Fixture *fixture, gconstpointer data) {
  make_record (fixture);
  g_autoptr (GBytes) whole = read_file (fixture->path);
  gsize size;
  const char *content = g_bytes_get_data (whole, &size);
  guint fewest = EVENTS;
  for (gsize page = 0; page < size / PAGE_BYTES; page += page < 12 ? 1 : 17) {
    guint lost;
    write_file (fixture->path, content, size);
    overwrite (fixture->path, page * PAGE_BYTES, PAGE_BYTES);
    const guint saved = salvage (fixture, &lost, 1);
    /* The last ones may be the missing ones, and then nobody knows of them. */
    g_assert_cmpuint (saved + lost, <=, EVENTS);
    fewest = MIN (fewest, saved);
  }
  g_test_message ("at least %u of %d events", fewest, EVENTS);
  g_assert_cmpuint (fewest, >=, EVENTS * 9 / 10);
}

static void
test_cut_short (Fixture *fixture, gconstpointer data) {
  make_record (fixture);
  g_autoptr (GBytes) whole = read_file (fixture->path);
  gsize size;
  const char *content = g_bytes_get_data (whole, &size);
  const gsize half = size / 2 + 77;
  g_assert_true (g_file_set_contents (fixture->path, content, (gssize)half, NULL));
  const guint saved = salvage (fixture, NULL, 0);
  g_test_message ("%u of %d events of half the file", saved, EVENTS);
  g_assert_cmpuint (saved, >, EVENTS / 4);
  g_assert_cmpuint (saved, <, EVENTS);
}

/* Killed in the middle, and then the main file was damaged: the newest events are only in the log. */
static void
test_log (Fixture *fixture, gconstpointer data) {
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    append_some (journal, fixture, 1, 30);
  }
  pid_t child = fork ();
  if (child == 0) {
    append_some (open_journal (fixture, RUNET_JOURNAL_WRITE), fixture, 31, 50);
    kill (getpid (), SIGKILL);
  }
  int status;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  overwrite (fixture->path, 0, 100);
  g_assert_cmpuint (salvage (fixture, NULL, 0), ==, 50);
  /* Without its last bytes the last event was never committed. */
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autoptr (GBytes) bytes = read_file (log);
  g_assert_true (g_file_set_contents (log, g_bytes_get_data (bytes, NULL),
                                      (gssize)g_bytes_get_size (bytes) - 5, NULL));
  g_assert_cmpuint (salvage (fixture, NULL, 0), ==, 49);
}

static void
test_repair (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  guint saved = 0, lost = 0;
  make_record (fixture);
  overwrite (fixture->path, 5 * PAGE_BYTES, PAGE_BYTES);
  assert_refused (fixture->path, RUNET_JOURNAL_WRITE, RUNET_ERROR_FORMAT,
                  "can be saved as a new record");
  g_autoptr (GBytes) damaged = read_file (fixture->path);
  g_assert_true (runet_journal_repair (fixture->path, &kept, &saved, &lost, &error));
  g_assert_no_error (error);
  g_test_message ("%u saved, %u lost, the damaged one is %s", saved, lost, kept);
  g_autoptr (GBytes) aside = read_file (kept);
  g_assert_true (g_bytes_equal (damaged, aside));
  g_assert_cmpuint (check_events (fixture->path, 1), ==, saved);
  /* And it goes on from there: no number is used twice. */
  g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
  g_assert_cmpint (append_comment (journal, fixture, "next"), ==, EVENTS + 1);
}

static void
assert_not_saved (Fixture *fixture, const char *to, int code) {
  g_autoptr (GError) error = NULL;
  g_assert_false (runet_journal_salvage (fixture->path, to, NULL, NULL, &error));
  g_assert_error (error, RUNET_ERROR, code);
  g_test_message ("%s", error->message);
}

static void
test_nothing_to_save (Fixture *fixture, gconstpointer data) {
  g_autofree char *to = g_build_filename (fixture->folder, "to.sqlite", NULL);
  assert_not_saved (fixture, to, RUNET_ERROR_MISSING);
  {
    g_autoptr (RunetJournal) journal = open_journal (fixture, RUNET_JOURNAL_WRITE);
    append_some (journal, fixture, 1, 3);
    assert_not_saved (fixture, to, RUNET_ERROR_MISMATCH); /* it is open */
  }
  g_assert_true (g_file_set_contents (to, "mine", -1, NULL));
  assert_not_saved (fixture, to, RUNET_ERROR_MISMATCH);
  g_assert_cmpint (g_unlink (to), ==, 0);
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "to", NULL);
  assert_not_saved (fixture, nowhere, RUNET_ERROR_WRITE);
  g_autofree char *noise = g_strnfill (50000, '\x0d');
  g_assert_true (g_file_set_contents (fixture->path, noise, 50000, NULL));
  assert_not_saved (fixture, to, RUNET_ERROR_FORMAT);
  g_assert_false (g_file_test (to, G_FILE_TEST_EXISTS));
}

/* ---- Whatever the damage ---- */

/* Bytes at random places, or zeros, or the end cut off, in the main file or in its log. */
static void
damage (const char *path, const guint8 *content, gsize size) {
  g_autofree guint8 *copy = g_memdup2 (content, MAX (size, 1));
  gsize length = size;
  const int how = g_test_rand_int_range (0, 4);
  const int spots = 1 << g_test_rand_int_range (0, 8);
  if (how == 0)
    length = (gsize)g_test_rand_int_range (0, (gint32)size + 1);
  if (how == 1) {
    const gsize start = (gsize)g_test_rand_int_range (0, (gint32)size);
    const gsize count = (gsize)g_test_rand_int_range (1, 9000);
    memset (copy + start, 0, MIN (size - start, count));
  }
  for (int i = 0; how >= 2 && i < spots; i++) {
    /* Half of them where headers of pages are: there is most to be broken. */
    const gsize at = (gsize)g_test_rand_int_range (0, (gint32)size);
    copy[i % 2 ? at : at / PAGE_BYTES * PAGE_BYTES + at % 24] ^=
        (guint8)g_test_rand_int_range (1, 256);
  }
  write_file (path, copy, length);
}

/* The record is refused in so many words, or opens with a fold that makes sense and can be gone on with. */
static gboolean
try_to_review (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) review =
      runet_review_open (fixture->path, RUNET_JOURNAL_WRITE, &error);
  if (!review) {
    g_assert_true (error->domain == RUNET_ERROR && !strchr (error->message, '\n'));
    return FALSE;
  }
  g_autoptr (GPtrArray) states = runet_review_list_states (review);
  for (guint i = 0; i < states->len; i++) {
    const RunetReviewState *state = states->pdata[i];
    for (guint r = 0; r < state->readings->len; r++) {
      const RunetReading *reading = state->readings->pdata[r];
      g_assert_cmpuint (reading->frames->len, <=, reading->edits);
    }
  }
  g_autoptr (RunetEvent) undo = runet_review_new_undo (review, "Ada Lovelace", NULL);
  if (undo && !runet_review_append (review, undo, &error))
    g_assert_true (error->domain == RUNET_ERROR);
  return TRUE;
}

static void
test_damage (Fixture *fixture, gconstpointer data) {
  const int rounds = g_test_slow () ? 3000 : 300;
  g_autofree char *to = g_build_filename (fixture->folder, "to.sqlite", NULL);
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *index = g_strconcat (fixture->path, "-shm", NULL);
  pid_t child = fork ();
  if (child == 0) {
    append_some (open_journal (fixture, RUNET_JOURNAL_WRITE), fixture, 1, 25);
    runet_journal_close (open_journal (fixture, RUNET_JOURNAL_READ));
    kill (getpid (), SIGKILL);
  }
  g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
  g_autoptr (GBytes) main_file = read_file (fixture->path);
  g_autoptr (GBytes) log_file = read_file (log);
  guint opened = 0, salvaged = 0;
  for (int round = 0; round < rounds; round++) {
    g_unlink (to);
    g_unlink (index);
    gsize size, log_size;
    const guint8 *bytes = g_bytes_get_data (main_file, &size);
    const guint8 *log_bytes = g_bytes_get_data (log_file, &log_size);
    write_file (fixture->path, bytes, size);
    write_file (log, log_bytes, log_size);
    if (round % 2)
      damage (fixture->path, bytes, size);
    else
      damage (log, log_bytes, log_size);
    g_autoptr (GError) error = NULL;
    salvaged += runet_journal_salvage (fixture->path, to, NULL, NULL, &error);
    g_assert_true (!error || error->domain == RUNET_ERROR);
    opened += try_to_review (fixture);
  }
  g_test_message ("of %d damaged records %u opened, %u were salvaged", rounds, opened,
                  salvaged);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/salvage/whole", test_whole);
  ADD ("/review/salvage/lost-page", test_lost_page);
  ADD ("/review/salvage/cut-short", test_cut_short);
  ADD ("/review/salvage/log", test_log);
  ADD ("/review/salvage/repair", test_repair);
  ADD ("/review/salvage/nothing-to-save", test_nothing_to_save);
  ADD ("/review/salvage/damage", test_damage);
#undef ADD
  return g_test_run ();
}
