/* The program under an X server, driven by keys: a retraining by the real command line from the record to the model
 * in use, and a program that is closed in the middle of one. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/editing/correction.h"
#include "core/retraining/registry.h"
#include "core/review/review.h"
#include "fixture.h"
#include "program.h"

#define PATIENTS 4

typedef struct {
  char *root; /* all of it, also the user's folders */
  char *folder; /* of the studies */
  char *model;
  char *title; /* of the window */
  char *models; /* the registry's folder */
  GSubprocess *program;
  char *window; /* as xdotool names one */
} Fixture;

/* ---- The record ---- */

/* What a person left of a still: the expert's mask. */
static RunetCorrectedFrame *
make_frame (const RunetPatient *patient, int instant) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) mask = runet_view_read_still_mask (
      &patient->views[RUNET_VIEW_A4C], instant, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetCorrection) correction =
      runet_correction_new (mask->grid, mask->labels);
  return runet_corrected_frame_new (instant, 0, TRUE, correction);
}

/* The first patient is accepted as the expert drew it. */
static void
write_record (const Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetDataset) dataset = runet_dataset_open (fixture->folder, NULL, &error);
  g_assert_no_error (error);
  const RunetPatient *patient = dataset->patients->pdata[0];
  g_autofree char *usual = runet_journal_default_path (fixture->folder);
  g_autofree char *base = g_path_get_basename (usual);
  g_autofree char *record =
      g_build_filename (fixture->root, "data", "runet-review", "reviews", base, NULL);
  g_autoptr (RunetReview) review =
      runet_review_open (record, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, patient->id, RUNET_VIEW_A4C);
  g_autoptr (RunetEvent) event = runet_event_new (RUNET_EVENT_ACCEPT, "Ada", &subject);
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_ptr_array_add (frames, make_frame (patient, i));
  event->after = runet_corrected_frames_serialise (frames);
  runet_review_append (review, event, &error);
  g_assert_no_error (error);
}

/* ---- The program ---- */

/* @runet: (nullable): stands in for the command line, saying @behaviour */
static void
launch (Fixture *fixture, const char *runet, const char *behaviour) {
  g_autofree char *data = g_build_filename (fixture->root, "data", NULL);
  const char *const environment[] = {
      "XDG_DATA_HOME", data, runet ? "RUNET_PROGRAM" : NULL, runet, "FAKE_RUNET",
      behaviour,       NULL};
  fixture->program = program_launch (fixture->folder, fixture->model, environment);
  program_focus (fixture->title, &fixture->window);
  g_autoptr (GBytes) rest = program_wait_for_rest ();
}

/* The program as it was built. */
static char *built;

/* A copy of the program with a command line beside it that learns for few epochs: a network that knows nothing of hearts
 * would else learn for as many as it is allowed. */
static void
install (const Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (fixture->root, "bin", NULL);
  g_autofree char *program = g_build_filename (folder, "runet-review", NULL);
  g_autofree char *brief = g_build_filename (folder, "runet", NULL);
  g_autofree char *beside = g_path_get_dirname (built);
  g_autofree char *text =
      g_strdup_printf ("#!/bin/sh\nexec '%s/runet' \"$@\" --epochs 2\n", beside);
  g_autoptr (GFile) from = g_file_new_for_path (built);
  g_autoptr (GFile) to = g_file_new_for_path (program);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (brief, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
  g_setenv ("RUNET_REVIEW", program, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  fixture->root = fixture_folder ();
  install (fixture);
  fixture->folder = g_build_filename (fixture->root, "studies", NULL);
  fixture->model = g_build_filename (fixture->root, "tiny.safetensors", NULL);
  fixture->title = g_strdup ("studies – RU-Net Review");
  fixture->models =
      g_build_filename (fixture->root, "data", "runet-review", "models", NULL);
  g_mkdir_with_parents (fixture->folder, 0700);
  fixture_write_model (fixture->model);
  for (guint i = 1; i <= PATIENTS; i++) {
    g_autofree char *id = g_strdup_printf ("patient%04u", i);
    fixture_write_patient (fixture->folder, id, FIXTURE_PLAIN, FALSE);
  }
  write_record (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  g_clear_object (&fixture->program);
  fixture_remove (fixture->root);
  g_free (fixture->folder);
  g_free (fixture->model);
  g_free (fixture->title);
  g_free (fixture->models);
  g_free (fixture->window);
}

/* (transfer full) (nullable): the model that is in use; @candidate: the newest that came of a retraining. */
static RunetRegisteredModel *
find_model (const Fixture *fixture, gboolean candidate) {
  g_autofree char *file = g_build_filename (fixture->models, "registry.sqlite", NULL);
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return NULL;
  g_autoptr (RunetRegistry) registry = runet_registry_open (fixture->models, NULL);
  if (!registry)
    return NULL;
  if (!candidate)
    return runet_registry_get_current (registry, NULL, NULL);
  g_autoptr (GPtrArray) models = runet_registry_list (registry, NULL);
  for (guint i = 0; models && i < models->len; i++) {
    RunetRegisteredModel *model = models->pdata[i];
    if (model->parent)
      return g_ptr_array_steal_index (models, i);
  }
  return NULL;
}

static RunetRegisteredModel *
wait_for_model (const Fixture *fixture, gboolean candidate) {
  for (gint64 start = g_get_monotonic_time ();; program_pause (start)) {
    RunetRegisteredModel *model = find_model (fixture, candidate);
    if (model)
      return model;
  }
}

/* From the record to the model in use, by keys, with the command line beside the program. */
static void
test_all (Fixture *fixture, gconstpointer data) {
  launch (fixture, NULL, NULL);
  program_press_and_see ("ctrl+shift+t");
  program_focus ("^Retraining$", &fixture->window);
  g_autoptr (GBytes) counted = program_wait_for_rest ();
  program_press ("alt+s");
  g_autoptr (RunetRegisteredModel) candidate = wait_for_model (fixture, TRUE);
  g_assert_cmpint (candidate->verdict, !=, RUNET_VERDICT_NONE);
  g_assert_true (g_str_has_prefix (candidate->name, "tiny-"));
  g_autoptr (GBytes) verdict = program_wait_for_rest ();
  g_autoptr (RunetRegisteredModel) none = find_model (fixture, FALSE);
  g_assert_null (none);

  program_press ("alt+u");
  if (candidate->verdict == RUNET_VERDICT_FAILED) {
    program_focus ("Use It Anyway", &fixture->window);
    program_type ("as a test");
    program_press ("alt+i");
    program_press ("Return");
  }
  g_autoptr (RunetRegisteredModel) current = wait_for_model (fixture, FALSE);
  g_assert_cmpstr (current->hash, ==, candidate->hash);
  /* It runs at once, and the program ends in peace. */
  program_focus ("^Retraining$", &fixture->window);
  program_press ("Escape");
  program_focus (fixture->title, &fixture->window);
  g_autoptr (GBytes) run = program_wait_for_rest ();
  program_quit (fixture->program);
}

/* Who closes the program in the middle is asked, and what was learned is kept. */
static void
test_quit (Fixture *fixture, gconstpointer data) {
  g_autofree char *fake = g_test_build_filename (G_TEST_DIST, "fake-runet.sh", NULL);
  launch (fixture, fake, "slow");
  program_press_and_see ("ctrl+shift+t");
  program_focus ("^Retraining$", &fixture->window);
  g_autoptr (GBytes) counted = program_wait_for_rest ();
  program_press ("alt+s");
  g_usleep (G_USEC_PER_SEC);
  program_press ("Escape");
  program_focus (fixture->title, &fixture->window);
  program_press ("ctrl+q");
  g_usleep (G_USEC_PER_SEC);
  /* No: it stays, and the retraining goes on. */
  program_press ("Escape");
  g_usleep (G_USEC_PER_SEC / 2);
  program_focus (fixture->title, &fixture->window);
  g_assert_nonnull (g_subprocess_get_identifier (fixture->program));
  program_press ("ctrl+q");
  g_usleep (G_USEC_PER_SEC);
  program_press ("alt+s");
  g_autoptr (GError) error = NULL;
  g_subprocess_wait (fixture->program, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (fixture->program), ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  if (!program_can_drive ())
    return 0;
  built = g_strdup (g_getenv ("RUNET_REVIEW"));
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/ui/window-retrain/all", test_all);
  ADD ("/ui/window-retrain/quit", test_quit);
#undef ADD
  return g_test_run ();
}
