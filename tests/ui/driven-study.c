/* A study in the program that is driven as a person would, and its record as another program sees it. */
#include "driven-study.h"

#include "fixture.h"

void
driven_set_up (DrivenStudy *study, gboolean sequence) {
  study->folder = fixture_folder ();
  study->settings = fixture_folder ();
  study->model = g_build_filename (study->folder, "model.safetensors", NULL);
  g_autofree char *name = g_path_get_basename (study->folder);
  study->title = g_strdup_printf ("%s – RU-Net Review", name);
  /* Not among the records of other tests, whose studies hold the same images and are gone. */
  g_autofree char *usual = runet_journal_default_path (study->folder);
  g_autofree char *record = g_path_get_basename (usual);
  study->record =
      g_build_filename (study->settings, "runet-review", "reviews", record, NULL);
  fixture_write_model (study->model);
  fixture_write_patient (study->folder, "patient0001", FIXTURE_PLAIN, sequence);
  fixture_write_patient (study->folder, "patient0002", FIXTURE_PLAIN, FALSE);
}

void
driven_tear_down (DrivenStudy *study) {
  g_clear_object (&study->program);
  g_free (study->record);
  g_free (study->window);
  g_free (study->title);
  g_free (study->model);
  fixture_remove (study->settings);
  fixture_remove (study->folder);
}

void
driven_launch (DrivenStudy *study) {
  const char *const environment[] = {"GSETTINGS_BACKEND",
                                     "keyfile",
                                     "XDG_CONFIG_HOME",
                                     study->settings,
                                     "XDG_DATA_HOME",
                                     study->settings,
                                     NULL};
  g_clear_object (&study->program);
  study->program = program_launch (study->folder, study->model, environment);
  program_focus (study->title, &study->window);
}

void
driven_introduce (DrivenStudy *study, const char *key, const char *name) {
  g_autofree char *dialog = NULL;
  gint64 start = g_get_monotonic_time ();
  for (;; program_pause (start)) {
    program_press (key);
    g_usleep (G_USEC_PER_SEC / 2);
    g_autofree char *found =
        program_xdotool ("search", "--onlyvisible", "--name", "Your Name", NULL);
    if (found && *found)
      break;
  }
  program_focus ("Your Name", &dialog);
  program_press ("ctrl+a");
  program_type (name);
  program_press ("Return");
}

RunetReview *
open_record (const DrivenStudy *study, RunetJournalMode mode) {
  g_autoptr (GError) error = NULL;
  RunetReview *review = runet_review_open (study->record, mode, &error);
  g_assert_no_error (error);
  return review;
}

guint
count_events (const DrivenStudy *study) {
  if (!g_file_test (study->record, G_FILE_TEST_EXISTS))
    return 0;
  g_autoptr (RunetReview) review =
      runet_review_open (study->record, RUNET_JOURNAL_READ, NULL);
  return review ? runet_review_count_events (review) : 0;
}

void
wait_for (const DrivenStudy *study, guint count) {
  gint64 start = g_get_monotonic_time ();
  while (count_events (study) < count)
    program_pause (start);
  g_assert_cmpuint (count_events (study), ==, count);
}

void
press_until (const DrivenStudy *study, const char *key, guint count) {
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; count_events (study) < count; i++, program_pause (start))
    if (i % 100 == 0)
      program_press (key);
  g_assert_cmpuint (count_events (study), ==, count);
}
