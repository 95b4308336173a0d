/* How fast gestures are recorded, and how long a large record takes to open: bench-journal [GESTURES] [FOLDER].
 * Contours are as large as those of a frame of 1000 × 800 pixels. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/review/review.h"
#include "tests/bench/clock.h"
#include "tests/remove-tree.h"

#define GESTURES 20000
#define SYNCED 200
#define PATIENTS 100
#define CONTOUR_BYTES 7000

static RunetEvent *
make_gesture (GRand *random, int patients) {
  g_auto (RunetSubject) subject = {0};
  guint8 bytes[CONTOUR_BYTES];
  g_autofree char *patient =
      g_strdup_printf ("patient%04d", g_rand_int_range (random, 1, patients + 1));
  runet_subject_init (&subject, NULL, patient, RUNET_VIEW_A4C);
  subject.frame = g_rand_int_range (random, 1, 30);
  RunetEvent *event = runet_event_new (RUNET_EVENT_EDIT, "Ada Lovelace", &subject);
  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)g_rand_int (random);
  event->tool = g_strdup ("points");
  event->seconds = 1.5;
  event->before = g_bytes_new (bytes, sizeof bytes);
  event->after = g_bytes_new (bytes, sizeof bytes);
  return event;
}

static void
append (RunetReview *review, RunetEvent *event) {
  g_autoptr (GError) error = NULL;
  if (!runet_review_append (review, event, &error))
    g_error ("%s", error->message);
}

static RunetReview *
open_review (const char *path) {
  g_autoptr (GError) error = NULL;
  RunetReview *review = runet_review_open (path, RUNET_JOURNAL_WRITE, &error);
  if (!review)
    g_error ("%s", error->message);
  return review;
}

static void
fill (const char *path, GRand *random, int gestures, int patients) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_WRITE, &error);
  if (!journal)
    g_error ("%s", error->message);
  for (int i = 0; i < gestures; i++) {
    g_autoptr (RunetEvent) event = make_gesture (random, patients);
    if (!runet_journal_append (journal, event, &error))
      g_error ("%s", error->message);
  }
}

static void
measure_appends (RunetReview *review, GRand *random, int patients, const char *what) {
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  for (int i = 0; i < SYNCED; i++)
    g_ptr_array_add (events, make_gesture (random, patients));
  const gint64 start = g_get_monotonic_time ();
  const double cpu = cpu_ms ();
  for (int i = 0; i < SYNCED; i++)
    append (review, events->pdata[i]);
  const double wall = since_ms (start);
  g_print ("%-44s %8.3f ms a gesture (%.0f a second), of the processor %8.3f ms\n",
           what, wall / SYNCED, SYNCED * 1e3 / wall, (cpu_ms () - cpu) / SYNCED);
}

static void
measure_undo (RunetReview *review) {
  const gint64 start = g_get_monotonic_time ();
  const double cpu = cpu_ms ();
  for (int i = 0; i < SYNCED; i++) {
    g_autoptr (RunetEvent) event =
        i % 2 ? runet_review_new_redo (review, "Ada Lovelace", NULL)
              : runet_review_new_undo (review, "Ada Lovelace", NULL);
    append (review, event);
  }
  g_print ("%-44s %8.3f ms, of the processor %8.3f ms\n", "  undo or redo",
           since_ms (start) / SYNCED, (cpu_ms () - cpu) / SYNCED);
}

static void
measure_record (const char *path, GRand *random, int gestures, int patients) {
  GStatBuf status;
  gint64 start = g_get_monotonic_time ();
  fill (path, random, gestures, patients);
  g_stat (path, &status);
  g_print ("%d gestures on %d views in %.1f s, %.0f MB\n", gestures, patients,
           since_ms (start) / 1e3, (double)status.st_size / 1e6);
  start = g_get_monotonic_time ();
  g_autoptr (RunetJournal) journal =
      runet_journal_open (path, RUNET_JOURNAL_WRITE, NULL);
  g_print ("  open the file %31.1f ms\n", since_ms (start));
  start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) events = runet_journal_refresh (journal, NULL);
  g_print ("  read %u events %26.1f ms\n", events->len, since_ms (start));
  start = g_get_monotonic_time ();
  g_autoptr (RunetReview) review = open_review (path);
  g_print ("  open and fold %31.1f ms\n", since_ms (start));
  measure_appends (review, random, patients, "  append and fold");
  measure_undo (review);
}

int
main (int argc, char **argv) {
  const int gestures = argc > 1 ? atoi (argv[1]) : GESTURES;
  g_autofree char *folder =
      argc > 2 ? g_build_filename (argv[2], "runet-bench-XXXXXX", NULL)
               : g_build_filename (g_get_tmp_dir (), "runet-bench-XXXXXX", NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  if (!g_mkdtemp (folder))
    g_error ("%s cannot be made", folder);
  g_autofree char *empty = g_build_filename (folder, "empty.sqlite", NULL);
  {
    g_autoptr (RunetReview) review = open_review (empty);
    measure_appends (review, random, PATIENTS, "an empty record: append and fold");
  }
  g_autofree char *many = g_build_filename (folder, "many.sqlite", NULL);
  g_autofree char *one = g_build_filename (folder, "one.sqlite", NULL);
  measure_record (many, random, gestures, PATIENTS);
  measure_record (one, random, gestures, 1);
  remove_tree (folder);
  return EXIT_SUCCESS;
}
