/* Snapshots: what is in them, what is left out and why, and that they are what their hashes say. */
#include "core/retraining/snapshot.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/core/record-fixture.h"

static RecordFixture fixture;

/* Each test has a record of its own, the studies are the same. */
static void
begin_record (void) {
  g_clear_pointer (&fixture.review, runet_review_close);
  g_free (fixture.record);
  static guint records;
  g_autofree char *name = g_strdup_printf ("record%u.sqlite", records++);
  fixture.record = g_build_filename (fixture.root, name, NULL);
  record_open (&fixture);
}

static RunetSnapshot *
take (const char *locked) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);
  if (locked != NULL)
    g_hash_table_add (set, (char *)locked);
  RunetSnapshot *snapshot = runet_snapshot_new (fixture.review, fixture.dataset, set,
                                                NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return snapshot;
}

static const RunetSnapshotFrame *
get_frame (const RunetSnapshot *snapshot, guint i) {
  g_assert_cmpuint (i, <, snapshot->frames->len);
  return snapshot->frames->pdata[i];
}

static void
assert_excluded (const RunetSnapshot *snapshot,
                 const char *name,
                 RunetExclusionKind kind) {
  for (guint i = 0; i < snapshot->exclusions->len; i++) {
    const RunetExclusion *exclusion = snapshot->exclusions->pdata[i];
    if (g_strcmp0 (exclusion->name, name) != 0)
      continue;
    g_test_message ("%s", exclusion->message);
    g_assert_cmpstr (runet_exclusion_kind_to_string (exclusion->kind), ==,
                     runet_exclusion_kind_to_string (kind));
    g_assert_true (g_str_has_prefix (exclusion->message, exclusion->name));
    return;
  }
  g_error ("%s is not excluded", name);
}

static void
test_frames (void) {
  begin_record ();
  record_accept (&fixture, "Ada", 1, RUNET_VIEW_A4C, 0);
  record_decide (&fixture, "Ada", 0, RUNET_VIEW_A2C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture, 0, RUNET_VIEW_A2C, 1, 2, TRUE));
  g_autoptr (RunetSnapshot) snapshot = take (NULL);
  g_assert_cmpuint (snapshot->exclusions->len, ==, 0);
  g_assert_cmpuint (snapshot->frames->len, ==, 3);
  g_assert_cmpuint (runet_snapshot_count_edited (snapshot), ==, 3);
  const RunetSnapshotFrame *first = get_frame (snapshot, 0),
                           *last = get_frame (snapshot, 2);
  g_assert_cmpstr (first->name, ==, "patient0001_2CH_ED");
  g_assert_cmpstr (last->name, ==, "patient0002_4CH_ES");
  g_assert_cmpstr (first->author, ==, "Ada");
  g_assert_cmpint (first->event, ==, 2);
  g_assert_null (last->weights);
  /* The uncertain stretch weighs nothing, the rest of the image does. */
  gsize pixels = first->width * first->height, unsure = 0;
  for (gsize i = 0; i < pixels; i++)
    unsure += first->weights[i] == 0;
  g_assert_cmpuint (unsure, >, 20);
  g_assert_cmpuint (unsure, <, pixels / 4);

  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) mask =
      runet_view_read_still_mask (&record_patient (&fixture, 1)->views[RUNET_VIEW_A4C],
                                  RUNET_INSTANT_ES, NULL, &error);
  g_assert_cmpmem (last->labels, last->width * last->height, mask->labels,
                   mask->grid->width * mask->grid->height);
  g_autoptr (GPtrArray) patients = runet_snapshot_list_patients (snapshot);
  g_assert_cmpuint (patients->len, ==, 2);

  g_autoptr (RunetSamples) samples = runet_samples_new (64);
  g_assert_true (
      runet_snapshot_add_samples (snapshot, fixture.dataset, samples, 4, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (samples->samples->len, ==, 3);
  g_assert_nonnull (((RunetSample *)samples->samples->pdata[0])->weights);
  g_assert_null (((RunetSample *)samples->samples->pdata[2])->weights);
}

/* The order in which cases were accepted, by whom and when, changes nothing; a pixel does. */
static void
test_hash (void) {
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_accept (&fixture, "Ada", 1, RUNET_VIEW_A4C, 0);
  g_autoptr (RunetSnapshot) one = take (NULL);
  begin_record ();
  record_accept (&fixture, "Grace", 1, RUNET_VIEW_A4C, 0);
  record_decide (&fixture, "Grace", 1, RUNET_VIEW_A4C, RUNET_EVENT_REOPEN, NULL);
  record_accept (&fixture, "Grace", 1, RUNET_VIEW_A4C, 0);
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 0);
  g_autoptr (RunetSnapshot) two = take (NULL);
  g_assert_cmpstr (one->hash, ==, two->hash);
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 1);
  record_accept (&fixture, "Ada", 1, RUNET_VIEW_A4C, 0);
  g_autoptr (RunetSnapshot) moved = take (NULL);
  g_assert_cmpstr (one->hash, !=, moved->hash);
  begin_record ();
  record_accept (&fixture, "Ada", 1, RUNET_VIEW_A4C, 0);
  record_decide (&fixture, "Ada", 0, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture, 0, RUNET_VIEW_A4C, 3, 0, TRUE));
  g_autoptr (RunetSnapshot) unsure = take (NULL);
  g_assert_cmpstr (one->hash, !=, unsure->hash);
}

static void
test_exclusions (void) {
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A2C, 0);
  record_decide (&fixture, "Ada", 0, RUNET_VIEW_A4C, RUNET_EVENT_REJECT, NULL);
  record_accept (&fixture, "Ada", 1, RUNET_VIEW_A2C, 0);
  record_decide (&fixture, "Grace", 1, RUNET_VIEW_A2C, RUNET_EVENT_REJECT, NULL);
  record_decide (&fixture, "Ada", 1, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT, NULL);
  record_decide (&fixture, "Ada", 2, RUNET_VIEW_A2C, RUNET_EVENT_ACCEPT,
                 g_bytes_new_static ("{\"not\": what", 12));
  record_decide (&fixture, "Ada", 2, RUNET_VIEW_A4C, RUNET_EVENT_FLAG, NULL);
  g_autoptr (RunetSnapshot) snapshot = take ("patient0001");
  g_assert_cmpuint (snapshot->frames->len, ==, 0);
  assert_excluded (snapshot, "patient0001 2CH", RUNET_EXCLUSION_LOCKED);
  assert_excluded (snapshot, "patient0001 4CH", RUNET_EXCLUSION_REJECTED);
  assert_excluded (snapshot, "patient0002 2CH", RUNET_EXCLUSION_DISPUTED);
  assert_excluded (snapshot, "patient0002 4CH", RUNET_EXCLUSION_NO_CONTOURS);
  assert_excluded (snapshot, "patient0003 2CH", RUNET_EXCLUSION_DAMAGED);
  g_assert_cmpuint (snapshot->exclusions->len, ==, 5);
  /* Even of nothing there is a hash. */
  g_assert_cmpuint (strlen (snapshot->hash), ==, 64);
}

/* Contours moved by a little are two opinions, moved by much a contradiction, which adjudication ends. */
static void
test_contradictory (void) {
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_accept (&fixture, "Grace", 0, RUNET_VIEW_A4C, 2);
  record_accept (&fixture, "Ada", 1, RUNET_VIEW_A4C, 0);
  record_accept (&fixture, "Grace", 1, RUNET_VIEW_A4C, 10 * SMALL_WIDTH);
  g_autoptr (RunetSnapshot) snapshot = take (NULL);
  g_assert_cmpuint (snapshot->frames->len, ==, 2);
  g_assert_cmpstr (get_frame (snapshot, 0)->author, ==, "Grace");
  assert_excluded (snapshot, "patient0002_4CH_ED", RUNET_EXCLUSION_CONTRADICTORY);
  assert_excluded (snapshot, "patient0002_4CH_ES", RUNET_EXCLUSION_CONTRADICTORY);

  g_autoptr (GError) error = NULL;
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, record_patient (&fixture, 1)->id, RUNET_VIEW_A4C);
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_ACCEPT, "Barbara", &subject);
  g_free (event->role);
  event->role = g_strdup (RUNET_ROLE_ADJUDICATOR);
  event->after = record_frames (&fixture, 1, RUNET_VIEW_A4C, 3, 0, FALSE);
  g_assert_true (runet_review_append (fixture.review, event, &error));
  g_autoptr (RunetSnapshot) settled = take (NULL);
  g_assert_cmpuint (settled->exclusions->len, ==, 0);
  g_assert_cmpuint (settled->frames->len, ==, 4);
  g_assert_cmpstr (get_frame (settled, 2)->author, ==, "Barbara");
}

/* Runs with another image under the name of one, and puts it back. */
static void
test_images (void) {
  g_autoptr (GError) error = NULL;
  const RunetViewFiles *files = &record_patient (&fixture, 0)->views[RUNET_VIEW_A4C];
  const char *path = files->still[RUNET_INSTANT_ED];
  g_autofree char *aside = g_strconcat (path, ".aside", NULL);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_autofree char *content = runet_image_hash_frame (image, 0);
  begin_record ();
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, record_patient (&fixture, 0)->id, RUNET_VIEW_A4C);
  subject.content = g_strdup (content);
  g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_ACCEPT, "Ada", &subject);
  event->after = record_frames (&fixture, 0, RUNET_VIEW_A4C, 1, 0, FALSE);
  g_assert_true (runet_review_append (fixture.review, event, &error));
  g_autoptr (RunetSnapshot) snapshot = take (NULL);
  g_assert_cmpuint (snapshot->frames->len, ==, 1);
  g_assert_cmpstr (get_frame (snapshot, 0)->image, ==, content);

  /* One pixel brighter. */
  g_assert_cmpint (g_rename (path, aside), ==, 0);
  image->pixels[500] += 1;
  g_assert_true (runet_image_write (image, path, &error));
  g_autoptr (RunetSnapshot) changed = take (NULL);
  assert_excluded (changed, "patient0001_4CH_ED", RUNET_EXCLUSION_IMAGE_CHANGED);
  g_autoptr (RunetSamples) samples = runet_samples_new (64);
  g_assert_false (
      runet_snapshot_add_samples (snapshot, fixture.dataset, samples, 4, NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_test_message ("%s", error->message);
  g_clear_error (&error);

  /* Another size. */
  g_autoptr (RunetGrid) grid =
      runet_grid_new (40, 30, 1, 0.3, 0.2, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetImage) small = runet_image_new (grid, &error);
  g_assert_true (runet_image_write (small, path, &error));
  g_autoptr (RunetSnapshot) smaller = take (NULL);
  assert_excluded (smaller, "patient0001_4CH_ED", RUNET_EXCLUSION_IMAGE_CHANGED);

  g_assert_true (g_file_set_contents (path, "no image", -1, &error));
  g_autoptr (RunetSnapshot) damaged = take (NULL);
  assert_excluded (damaged, "patient0001_4CH_ED", RUNET_EXCLUSION_IMAGE_MISSING);
  g_assert_cmpint (g_rename (aside, path), ==, 0);
}

/* A patient that is gone, and contours of nothing. */
static void
test_gone (void) {
  begin_record ();
  g_autoptr (GError) error = NULL;
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, "patient0777", RUNET_VIEW_A4C);
  g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_ACCEPT, "Ada", &subject);
  event->after = record_frames (&fixture, 0, RUNET_VIEW_A4C, 1, 0, FALSE);
  g_assert_true (runet_review_append (fixture.review, event, &error));
  gsize everything = 0;
  g_autoptr (RunetLabelMap) mask = runet_view_read_still_mask (
      &record_patient (&fixture, 1)->views[RUNET_VIEW_A4C], 0, NULL, &error);
  everything = mask->grid->width * mask->grid->height;
  record_decide (&fixture, "Ada", 1, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture, 1, RUNET_VIEW_A4C, 1, everything, FALSE));
  g_autoptr (RunetSnapshot) snapshot = take (NULL);
  g_assert_cmpuint (snapshot->frames->len, ==, 0);
  assert_excluded (snapshot, "patient0777 4CH", RUNET_EXCLUSION_IMAGE_MISSING);
  assert_excluded (snapshot, "patient0002_4CH_ED", RUNET_EXCLUSION_EMPTY);
}

static void
spoil (const char *folder, const char *suffix, const char *text) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    if (g_str_has_suffix (name, suffix)) {
      g_assert_true (g_file_set_contents (path, text, -1, NULL));
      return;
    }
  }
  g_assert_not_reached ();
}

static guint
count_entries (const char *folder) {
  guint count = 0;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_files (void) {
  g_autoptr (GError) error = NULL;
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 0);
  record_decide (&fixture, "Ada", 1, RUNET_VIEW_A4C, RUNET_EVENT_ACCEPT,
                 record_frames (&fixture, 1, RUNET_VIEW_A4C, 3, 0, TRUE));
  g_autoptr (RunetSnapshot) snapshot = take (NULL);
  g_autofree char *folder = g_build_filename (fixture.root, "snapshots", NULL);
  g_autofree char *path = runet_snapshot_write (snapshot, folder, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (path, snapshot->hash));
  g_assert_cmpuint (count_entries (path), ==, 1 + 4 + 2);
  g_autoptr (RunetSnapshot) back = runet_snapshot_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->hash, ==, snapshot->hash);
  g_assert_cmpuint (back->frames->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const RunetSnapshotFrame *a = get_frame (snapshot, i), *b = get_frame (back, i);
    g_assert_cmpstr (a->name, ==, b->name);
    g_assert_cmpstr (a->author, ==, b->author);
    g_assert_cmpstr (a->time, ==, b->time);
    g_assert_cmpint (a->event, ==, b->event);
    g_assert_true (b->edited);
    g_assert_cmpint (a->weights != NULL, ==, b->weights != NULL);
  }
  /* The same again is not written again. */
  spoil (path, ".json", "spoiled");
  g_autofree char *again = runet_snapshot_write (snapshot, folder, &error);
  g_assert_cmpstr (again, ==, path);
  g_assert_cmpuint (count_entries (folder), ==, 1);
  g_assert_null (runet_snapshot_read (path, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  g_clear_error (&error);

  static const char *const spoilt[] = {
      "{}", "{\"format\":\"runet-snapshot-1\"}",
      "{\"format\":\"runet-snapshot-1\",\"frames\":[{}]}"};
  for (guint i = 0; i < G_N_ELEMENTS (spoilt); i++) {
    spoil (path, ".json", spoilt[i]);
    g_assert_null (runet_snapshot_read (path, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
    g_clear_error (&error);
  }
  remove_tree (path);
  g_assert_null (runet_snapshot_read (path, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_clear_error (&error);
  g_autofree char *anew = runet_snapshot_write (snapshot, folder, &error);
  spoil (anew, "_labels.png", "no PNG");
  g_assert_null (runet_snapshot_read (anew, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
}

/* With no room for a file: a clear word, and nothing left behind. */
static void
test_no_room (void) {
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 0);
  g_autoptr (RunetSnapshot) snapshot = take (NULL);
  g_autofree char *folder = g_build_filename (fixture.root, "full", NULL);
  pid_t child = fork ();
  if (child == 0) {
    signal (SIGXFSZ, SIG_IGN);
    struct rlimit limit = {200, 200};
    setrlimit (RLIMIT_FSIZE, &limit);
    g_autoptr (GError) error = NULL;
    g_autofree char *path = runet_snapshot_write (snapshot, folder, &error);
    _exit (path == NULL && g_error_matches (error, RUNET_ERROR, RUNET_ERROR_WRITE) ? 0
                                                                                   : 1);
  }
  int status;
  waitpid (child, &status, 0);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpuint (count_entries (folder), ==, 0);
}

static void
test_cancel (void) {
  begin_record ();
  record_accept (&fixture, "Ada", 0, RUNET_VIEW_A4C, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_null (runet_snapshot_new (fixture.review, fixture.dataset, NULL, NULL, NULL,
                                     cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  record_set_up (&fixture, 3);
  g_test_add_func ("/retraining/snapshot/frames", test_frames);
  g_test_add_func ("/retraining/snapshot/hash", test_hash);
  g_test_add_func ("/retraining/snapshot/exclusions", test_exclusions);
  g_test_add_func ("/retraining/snapshot/contradictory", test_contradictory);
  g_test_add_func ("/retraining/snapshot/images", test_images);
  g_test_add_func ("/retraining/snapshot/gone", test_gone);
  g_test_add_func ("/retraining/snapshot/files", test_files);
  g_test_add_func ("/retraining/snapshot/no-room", test_no_room);
  g_test_add_func ("/retraining/snapshot/cancel", test_cancel);
  int failed = g_test_run ();
  record_tear_down (&fixture);
  return failed;
}
