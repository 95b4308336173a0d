/* Tests of the lists of patients of a cross-validation. */
#include <string.h>

#include "core/base/error.h"
#include "folds-fixture.h"

static const RunetFold *
get (const GPtrArray *folds, guint i) {
  return folds->pdata[i];
}

static const char *
get_id (const RunetFold *fold, RunetFoldPart part, guint i) {
  return ((RunetPatient *)fold->patients[part]->pdata[i])->id;
}

static void
test_read (FoldsFixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  folds_write (fixture, "README.md", "not a list");
  g_autoptr (GPtrArray) folds =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (folds->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const RunetFold *fold = get (folds, i);
    g_assert_cmpuint (fold->number, ==, i + 1);
    g_assert_cmpuint (fold->patients[RUNET_FOLD_TRAINING]->len, ==, 3);
    g_assert_cmpuint (fold->patients[RUNET_FOLD_VALIDATION]->len, ==, 1);
    g_assert_cmpuint (fold->patients[RUNET_FOLD_TESTING]->len, ==, 2);
    g_assert_cmpuint (fold->absent[RUNET_FOLD_TRAINING], ==, 0);
    g_assert_cmpuint (fold->absent[RUNET_FOLD_TESTING], ==, 1);
    g_assert_cmpuint (fold->borrowed, ==, 0);
  }
  g_assert_cmpstr (get_id (get (folds, 1), RUNET_FOLD_TESTING, 0), ==, "patient0003");
  g_assert_cmpstr (get_id (get (folds, 1), RUNET_FOLD_VALIDATION, 0), ==,
                   "patient0005");
  g_assert_cmpstr (get_id (get (folds, 1), RUNET_FOLD_TRAINING, 0), ==, "patient0006");
  g_assert_cmpstr (get (folds, 0)->hash, !=, get (folds, 1)->hash);
}

/* By number, not by name: 10 comes after 2. */
static void
test_order (FoldsFixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  const char *const parts[] = {"training", "validation", "testing"};
  for (guint p = 0; p < 3; p++) {
    g_autofree char *from =
        g_strdup_printf ("%s/subGroup1_%s.txt", fixture->folds, parts[p]);
    g_autofree char *to =
        g_strdup_printf ("%s/subGroup10_%s.txt", fixture->folds, parts[p]);
    g_assert_cmpint (g_rename (from, to), ==, 0);
  }
  g_autoptr (GPtrArray) folds =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (get (folds, 0)->number, ==, 2);
  g_assert_cmpuint (get (folds, 2)->number, ==, 10);
}

/* The hash tells other patients from the same, and which of them choose the epoch. */
static void
test_hash (FoldsFixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) before =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) again =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_cmpstr (get (before, 0)->hash, ==, get (again, 0)->hash);
  folds_write (fixture, "subGroup1_training.txt", "patient0004\npatient0005\n");
  g_autoptr (GPtrArray) after =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get (before, 0)->hash, !=, get (after, 0)->hash);
  g_assert_cmpstr (get (before, 1)->hash, ==, get (after, 1)->hash);
}

/* Nobody for validation is there: the last of the three to learn from chooses. Nobody for testing: the fold says so. */
static void
test_absent (FoldsFixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  folds_write (fixture, "subGroup1_validation.txt", "patient0998\npatient0997\n");
  folds_write (fixture, "subGroup2_testing.txt", "patient0998\n");
  g_autoptr (GPtrArray) folds =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_no_error (error);
  const RunetFold *first = get (folds, 0);
  g_assert_cmpuint (first->absent[RUNET_FOLD_VALIDATION], ==, 2);
  g_assert_cmpuint (first->borrowed, ==, 1);
  g_assert_cmpuint (first->patients[RUNET_FOLD_TRAINING]->len, ==, 2);
  g_assert_cmpuint (first->patients[RUNET_FOLD_VALIDATION]->len, ==, 1);
  g_assert_cmpstr (get_id (first, RUNET_FOLD_VALIDATION, 0), ==, "patient0006");
  g_assert_cmpuint (get (folds, 1)->patients[RUNET_FOLD_TESTING]->len, ==, 0);
  g_assert_cmpuint (get (folds, 1)->absent[RUNET_FOLD_TESTING], ==, 1);
}

static void
assert_refused (const FoldsFixture *fixture, RunetError code, const char *mentions) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) folds =
      runet_folds_read (fixture->dataset, fixture->folds, &error);
  g_assert_null (folds);
  g_test_message ("%s", error->message);
  g_assert_error (error, RUNET_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, mentions));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_names (FoldsFixture *fixture, gconstpointer data) {
  static const char *const names[] = {
      "fold1_training.txt",       "subGroup_training.txt",  "subGroup0_training.txt",
      "subGroup01_training.txt",  "subGroup1_train.txt",    "subGroup-1_testing.txt",
      "subGroup1001_testing.txt", "subGroup1_testing2.txt", "subGroup9",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = g_str_has_suffix (names[i], ".txt")
                                ? g_strdup (names[i])
                                : g_strconcat (names[i], ".txt", NULL);
    g_autofree char *path = g_build_filename (fixture->folds, name, NULL);
    folds_write (fixture, name, "patient0001\n");
    assert_refused (fixture, RUNET_ERROR_UNSUPPORTED, name);
    g_unlink (path);
  }
}

static void
test_missing (FoldsFixture *fixture, gconstpointer data) {
  g_autofree char *path =
      g_build_filename (fixture->folds, "subGroup2_validation.txt", NULL);
  g_unlink (path);
  assert_refused (fixture, RUNET_ERROR_MISSING, "subGroup2_validation.txt");
  g_free (fixture->folds);
  fixture->folds = g_build_filename (fixture->root, "nowhere", NULL);
  assert_refused (fixture, RUNET_ERROR_MISSING, "nowhere");
  g_assert_cmpint (g_mkdir (fixture->folds, 0777), ==, 0);
  assert_refused (fixture, RUNET_ERROR_MISSING, "found no lists");
}

static void
test_apart (FoldsFixture *fixture, gconstpointer data) {
  folds_write (fixture, "subGroup1_training.txt", "patient0004\npatient0001\n");
  assert_refused (fixture, RUNET_ERROR_MISMATCH, "patient0001");
  assert_refused (fixture, RUNET_ERROR_MISMATCH, "training and in testing");
  folds_write (fixture, "subGroup1_training.txt", "patient0004\npatient0003\n");
  assert_refused (fixture, RUNET_ERROR_MISMATCH, "training and in validation");
  folds_write_one (fixture, 1);
  folds_write (fixture, "subGroup3_testing.txt", "patient0005\npatient0004\n");
  folds_write (fixture, "subGroup3_training.txt", "patient0003\n");
  assert_refused (fixture, RUNET_ERROR_MISMATCH, "patient0004 in folds 2 and 3");
}

static void
test_empty (FoldsFixture *fixture, gconstpointer data) {
  folds_write (fixture, "subGroup1_training.txt", "patient0999\n");
  assert_refused (fixture, RUNET_ERROR_MISSING, "fold 1");
  folds_write_one (fixture, 1);
  folds_write (fixture, "subGroup1_testing.txt", "\n\n");
  /* An empty file is a mistake, not a list of nobody. */
  folds_write (fixture, "subGroup2_testing.txt", "");
  assert_refused (fixture, RUNET_ERROR_FORMAT, "subGroup2_testing.txt");
  folds_write (fixture, "subGroup2_testing.txt", "patient0999\n");
  folds_write (fixture, "subGroup3_testing.txt", "patient0999\n");
  assert_refused (fixture, RUNET_ERROR_MISSING, "for testing");
  folds_write (fixture, "subGroup1_testing.txt", "\xff\xfe\n");
  assert_refused (fixture, RUNET_ERROR_FORMAT, "subGroup1_testing.txt");
}

/* The ten folds of CAMUS, whose patients are not all here. */
static void
test_camus (void) {
  g_autoptr (GError) error = NULL;
  const char *shared = g_getenv ("RUNET_SHARED");
  g_autofree char *camus =
      g_build_filename (shared != NULL ? shared : "", "camus", NULL);
  g_autofree char *path = g_build_filename (camus, "database_split", "folds", NULL);
  g_autofree char *studies = g_build_filename (camus, "database_nifti", NULL);
  if (!g_file_test (studies, G_FILE_TEST_IS_DIR)) {
    g_test_skip ("CAMUS is not there");
    return;
  }
  g_autoptr (RunetDataset) dataset = runet_dataset_open (studies, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) folds = runet_folds_read (dataset, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (folds->len, ==, 10);
  guint tested = 0, absent = 0;
  for (guint i = 0; i < folds->len; i++) {
    tested += get (folds, i)->patients[RUNET_FOLD_TESTING]->len;
    absent += get (folds, i)->absent[RUNET_FOLD_TESTING];
  }
  g_assert_cmpuint (tested, ==, dataset->patients->len);
  g_assert_cmpuint (tested + absent, ==, 500);
}

#define ADD(path, function) \
  g_test_add (path, FoldsFixture, NULL, folds_set_up, function, folds_tear_down)

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  ADD ("/training/folds/read", test_read);
  ADD ("/training/folds/order", test_order);
  ADD ("/training/folds/hash", test_hash);
  ADD ("/training/folds/absent", test_absent);
  ADD ("/training/folds/refuses/names", test_names);
  ADD ("/training/folds/refuses/missing", test_missing);
  ADD ("/training/folds/refuses/twice", test_apart);
  ADD ("/training/folds/refuses/empty", test_empty);
  g_test_add_func ("/training/folds/camus", test_camus);
  return g_test_run ();
}
