/* kill -9 at any moment: what was acknowledged is there, byte for byte, and what is more is the gesture in flight.
 *
 * Children are this program run again: they append gestures and tell the number of each one that was acknowledged over
 * a pipe. RUNET_CRASHES=N kills N of them instead of the usual number. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/review/review.h"
#include "journal-fixture.h"

#define CRASHES 300
#define CRASHES_OF_TWO 40
/* Some die while they start, most among their gestures. */
#define LIFE_US_MAX 30000
#define PATIENCE_MS 10000
#define PATIENTS 3
#define CONTOUR_BYTES_MAX 14000

static guint
count_crashes (guint usual) {
  const char *wanted = g_getenv ("RUNET_CRASHES");
  return wanted ? (guint)MAX (atoi (wanted), 1) : usual;
}

/* ---- What is appended: all that an event says follows from its author's name and its place in the author's row ---- */

static GBytes *
make_contours (const char *author, guint place, guint salt) {
  g_autoptr (GRand) random =
      g_rand_new_with_seed (g_str_hash (author) + 31 * place + salt);
  const gsize size = (gsize)g_rand_int_range (random, 1000, CONTOUR_BYTES_MAX);
  guint8 *bytes = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)g_rand_int (random);
  return g_bytes_new_take (bytes, size);
}

static RunetEventKind
choose_kind (GRand *random) {
  static const RunetEventKind kinds[] = {
      RUNET_EVENT_EDIT,   RUNET_EVENT_EDIT,   RUNET_EVENT_EDIT, RUNET_EVENT_EDIT,
      RUNET_EVENT_ACCEPT, RUNET_EVENT_REJECT, RUNET_EVENT_FLAG, RUNET_EVENT_REOPEN};
  return kinds[g_rand_int_range (random, 0, G_N_ELEMENTS (kinds))];
}

static RunetEvent *
make_event (const char *author, guint place) {
  g_autoptr (GRand) random = g_rand_new_with_seed (g_str_hash (author) + 17 * place);
  g_auto (RunetSubject) subject = {0};
  g_autofree char *patient =
      g_strdup_printf ("patient%04d", g_rand_int_range (random, 1, PATIENTS + 1));
  runet_subject_init (&subject, "training", patient, RUNET_VIEW_A4C);
  RunetEvent *event = runet_event_new (choose_kind (random), author, &subject);
  event->text = g_strdup_printf ("%u", place);
  event->seconds = place + 0.5;
  if (event->kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_OTHER;
  if (event->kind == RUNET_EVENT_EDIT) {
    event->tool = g_strdup ("push");
    event->subject.instant = g_rand_int_range (random, -1, RUNET_INSTANTS);
    event->subject.frame =
        event->subject.instant < 0 ? g_rand_int_range (random, 1, 9) : 0;
    event->before = make_contours (author, place, 1);
  }
  if (event->kind == RUNET_EVENT_EDIT || event->kind == RUNET_EVENT_ACCEPT)
    event->after = make_contours (author, place, 2);
  return event;
}

/* ---- The child ---- */

static gboolean
do_something (RunetReview *review, const char *author, guint place, gint64 *number) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetEvent) event = NULL;
  if (place % 5 == 4)
    event = runet_review_new_undo (review, author, NULL);
  else if (place % 11 == 10)
    event = runet_review_new_redo (review, author, NULL);
  if (!event)
    event = make_event (author, place);
  const gboolean ok = runet_review_append (review, event, &error);
  *number = event->number;
  /* A case that is locked refuses: then this gesture was none. */
  if (ok || g_error_matches (error, RUNET_ERROR, RUNET_ERROR_MISMATCH))
    return TRUE;
  g_printerr ("%s\n", error->message);
  return FALSE;
}

static int
be_author (const char *path, const char *author, guint place) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) review =
      runet_review_open (path, RUNET_JOURNAL_WRITE, &error);
  if (error)
    g_printerr ("%s\n", error->message);
  for (;; place++) {
    gint64 number;
    if (!review || !do_something (review, author, place, &number))
      return 1;
    if (number > 0 && write (STDOUT_FILENO, &number, sizeof number) != sizeof number)
      return 2;
  }
}

typedef struct {
  pid_t pid;
  int from;
  char *author;
} Author;

static Author
start_author (const char *path, const char *name, guint place) {
  int ends[2];
  g_autofree char *first = g_strdup_printf ("%u", place);
  g_assert_cmpint (pipe (ends), ==, 0);
  /* Else a child that is started later keeps the pipe of this one open. */
  g_assert_cmpint (fcntl (ends[0], F_SETFD, FD_CLOEXEC), ==, 0);
  Author author = {.pid = fork (), .from = ends[0], .author = g_strdup (name)};
  g_assert_cmpint (author.pid, >=, 0);
  if (author.pid == 0) {
    if (dup2 (ends[1], STDOUT_FILENO) < 0 || close (ends[1]) != 0)
      _exit (126);
    execl ("/proc/self/exe", "test-journal-crash", "--author", path, name, first, NULL);
    _exit (127);
  }
  close (ends[1]);
  return author;
}

/* Adds what the author has acknowledged to @acknowledged (number → name). */
static void
listen_to (Author *author, GHashTable *acknowledged) {
  gint64 number;
  while (read (author->from, &number, sizeof number) == sizeof number)
    g_hash_table_insert (acknowledged, g_memdup2 (&number, sizeof number),
                         g_strdup (author->author));
}

/* Dies at once every third time, else some time after its first gesture. */
static void
let_live (Author *author, guint crash) {
  struct pollfd first = {.fd = author->from, .events = POLLIN};
  if (crash % 3 > 0)
    g_assert_cmpint (poll (&first, 1, PATIENCE_MS), ==, 1);
  g_usleep ((gulong)g_test_rand_int_range (0, LIFE_US_MAX));
}

static void
kill_author (Author *author, GHashTable *acknowledged) {
  int status;
  kill (author->pid, SIGKILL);
  g_assert_cmpint (waitpid (author->pid, &status, 0), ==, author->pid);
  /* It must not have given up before. */
  g_assert_true (WIFSIGNALED (status));
  listen_to (author, acknowledged);
  close (author->from);
  g_free (author->author);
}

/* ---- What must be so afterwards ---- */

static void
assert_sound (const char *path) {
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (
      sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &statement, NULL), ==,
      SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *)sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
  sqlite3_close (db);
}

static gboolean
equal_bytes (GBytes *a, GBytes *b) {
  return a && b ? g_bytes_equal (a, b) : a == b;
}

static void
assert_as_made (RunetJournal *journal, const RunetEvent *event) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) before = NULL, after = NULL;
  g_assert_true (
      runet_journal_read_edit (journal, event->number, &before, &after, &error));
  g_assert_no_error (error);
  if (event->kind == RUNET_EVENT_UNDO) {
    g_assert_true (!before && !after);
    return;
  }
  g_autoptr (RunetEvent) made = make_event (event->author, (guint)atoi (event->text));
  g_assert_cmpint (event->kind, ==, made->kind);
  g_assert_cmpint (event->rejection, ==, made->rejection);
  g_assert_cmpstr (event->subject.patient, ==, made->subject.patient);
  g_assert_cmpint (event->subject.instant, ==, made->subject.instant);
  g_assert_cmpint (event->subject.frame, ==, made->subject.frame);
  g_assert_cmpfloat (event->seconds, ==, made->seconds);
  g_assert_true (equal_bytes (before, made->before));
  g_assert_true (equal_bytes (after, made->after));
}

static void
assert_same_state (const RunetReviewState *a, const RunetReviewState *b) {
  g_assert_true (a->status == b->status && a->flagged == b->flagged &&
                 a->disputed == b->disputed);
  g_assert_cmpuint (a->readings->len, ==, b->readings->len);
  for (guint i = 0; i < a->readings->len; i++) {
    const RunetReading *first = a->readings->pdata[i], *second = b->readings->pdata[i];
    g_assert_true (first->status == second->status && first->edits == second->edits);
    for (guint f = 0; f < first->frames->len; f++) {
      const RunetFrameEdit *edit = first->frames->pdata[f];
      const RunetEvent *other =
          runet_reading_find_edit (second, edit->instant, edit->frame);
      g_assert_cmpint (edit->event->number, ==, other ? other->number : 0);
    }
  }
}

/* The review that opens the file says the same as a fold of its events, each case by itself. */
static void
assert_fold (const char *path, GPtrArray *events) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) review = runet_review_open (path, RUNET_JOURNAL_READ, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) states = runet_review_list_states (review);
  for (guint s = 0; s < states->len; s++) {
    const RunetReviewState *state = states->pdata[s];
    g_autofree char *key = runet_subject_to_key (&state->subject);
    g_autoptr (GPtrArray) own = g_ptr_array_new ();
    for (guint i = 0; i < events->len; i++) {
      RunetEvent *event = events->pdata[i];
      g_autofree char *its = runet_subject_to_key (&event->subject);
      if (g_str_equal (key, its))
        g_ptr_array_add (own, event);
    }
    g_autoptr (RunetReviewState) again = runet_review_state_new (&state->subject, own);
    assert_same_state (state, again);
  }
}

/* Every number from 1 on is there; of those after @checked the contents are looked at. @acknowledged: number → name;
 * @in_flight: how many more there may be. Returns how many there are. */
static guint
check_record (const char *path,
              GHashTable *acknowledged,
              guint checked,
              guint in_flight) {
  g_autoptr (GError) error = NULL;
  assert_sound (path);
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) events = read_all (journal);
  guint more = 0;
  for (guint i = 0; i < events->len; i++) {
    const RunetEvent *event = events->pdata[i];
    const char *author = g_hash_table_lookup (acknowledged, &event->number);
    g_assert_cmpint (event->number, ==, i + 1);
    if (author)
      g_assert_cmpstr (author, ==, event->author);
    more += !author;
    if (i >= checked)
      assert_as_made (journal, event);
  }
  /* None that was acknowledged is missing, or has a number beyond the last. */
  g_assert_cmpuint (events->len - more, ==, g_hash_table_size (acknowledged));
  g_assert_cmpuint (more, <=, in_flight);
  assert_fold (path, events);
  return events->len;
}

static GHashTable *
acknowledged_new (void) {
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

/* ---- The tests ---- */

/* A record that grows from death to death; now and then a new one, so that the first moments of a file are met too. */
static void
test_one (Fixture *fixture, gconstpointer data) {
  g_autoptr (GHashTable) acknowledged = acknowledged_new ();
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  const guint crashes = count_crashes (CRASHES);
  guint checked = 0, total = 0, in_flight = 0;
  for (guint crash = 0; crash < crashes; crash++) {
    if (crash % 15 == 0) {
      remove_tree (folder);
      g_hash_table_remove_all (acknowledged);
      total += checked;
      checked = in_flight = 0;
    }
    Author ada = start_author (fixture->path, "Ada Lovelace", 1000 * crash);
    let_live (&ada, crash);
    kill_author (&ada, acknowledged);
    if (!g_file_test (fixture->path, G_FILE_TEST_EXISTS))
      continue;
    checked = check_record (fixture->path, acknowledged, checked, ++in_flight);
    in_flight = checked - g_hash_table_size (acknowledged);
  }
  g_test_message ("%u kills among %u events", crashes, total + checked);
  g_assert_cmpuint (total + checked, >, crashes);
}

/* Two are killed while a third goes on, which must not notice. */
static void
test_three (Fixture *fixture, gconstpointer data) {
  g_autoptr (GHashTable) acknowledged = acknowledged_new ();
  const guint crashes = count_crashes (CRASHES_OF_TWO);
  Author third = start_author (fixture->path, "Carl Gauss", 0);
  for (guint crash = 0; crash < crashes; crash++) {
    Author ada = start_author (fixture->path, "Ada Lovelace", 1000 * crash);
    Author ben = start_author (fixture->path, "Ben Casey", 1000 * crash);
    let_live (&ada, crash);
    kill_author (&ada, acknowledged);
    g_usleep ((gulong)g_test_rand_int_range (0, LIFE_US_MAX / 3));
    kill_author (&ben, acknowledged);
    /* Its pipe must not fill up, and it must still be there. */
    struct pollfd pipe_of_third = {.fd = third.from, .events = POLLIN};
    while (poll (&pipe_of_third, 1, 0) == 1) {
      gint64 number;
      g_assert_cmpint (read (third.from, &number, sizeof number), ==, sizeof number);
      g_hash_table_insert (acknowledged, g_memdup2 (&number, sizeof number),
                           g_strdup (third.author));
    }
  }
  kill_author (&third, acknowledged);
  const guint count = check_record (fixture->path, acknowledged, 0, 2 * crashes + 1);
  g_test_message ("%u kills among %u events", 2 * crashes, count);
  g_assert_cmpuint (count, >, 2 * crashes);
}

int
main (int argc, char **argv) {
  if (argc == 5 && g_str_equal (argv[1], "--author"))
    return be_author (argv[2], argv[3], (guint)atoi (argv[4]));
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/crash/one", test_one);
  ADD ("/review/crash/three", test_three);
#undef ADD
  return g_test_run ();
}
