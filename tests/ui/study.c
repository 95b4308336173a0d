/* A data set made for one test, opened, with its cases. */
#include "study.h"

void
study_open (Study *study) {
  g_autoptr (GError) error = NULL;
  study->dataset = runet_dataset_open (study->folder, NULL, &error);
  g_assert_no_error (error);
  study->cases = runet_cases_of_dataset (study->dataset);
}

void
study_tear_down (Study *study, gconstpointer data) {
  g_object_unref (study->cases);
  runet_dataset_unref (study->dataset);
  fixture_remove (study->folder);
}

RunetCase *
study_get_case (const Study *study, guint index) {
  g_autoptr (RunetCase) item =
      g_list_model_get_item (G_LIST_MODEL (study->cases), index);
  return item;
}
