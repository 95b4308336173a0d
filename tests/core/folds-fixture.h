/* A data set of six small patients and a folder of three folds of it. */
#pragma once

#include "core/training/folds.h"
#include "tests/core/small-dataset.h"

G_BEGIN_DECLS

typedef struct {
  char *root;
  char *studies;
  char *folds;
  RunetDataset *dataset;
} FoldsFixture;

static inline void
folds_write (const FoldsFixture *fixture, const char *name, const char *ids) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folds, name, NULL);
  g_assert_true (g_file_set_contents (path, ids, -1, &error));
  g_assert_no_error (error);
}

/* Fold @k: tested 2k-1 and 2k, the one after them chooses the epoch, the other three are learned from. An id that no
 * data set has stands in each list for testing. */
static inline void
folds_write_one (const FoldsFixture *fixture, guint k) {
  GString *part[RUNET_FOLD_PARTS] = {g_string_new (NULL), g_string_new (NULL),
                                     g_string_new ("patient0999\r\n")};
  for (guint i = 0; i < 6; i++) {
    guint patient = (2 * k - 2 + i) % 6 + 1;
    RunetFoldPart p = i < 2    ? RUNET_FOLD_TESTING
                      : i == 2 ? RUNET_FOLD_VALIDATION
                               : RUNET_FOLD_TRAINING;
    g_string_append_printf (part[p], "patient%04u\r\n", patient);
  }
  for (guint p = 0; p < RUNET_FOLD_PARTS; p++) {
    g_autofree char *name =
        g_strdup_printf ("subGroup%u_%s.txt", k, runet_fold_part_to_string (p));
    folds_write (fixture, name, part[p]->str);
    g_string_free (part[p], TRUE);
  }
}

static inline void
folds_write_patient (const FoldsFixture *fixture, guint number) {
  g_autofree char *id = g_strdup_printf ("patient%04u", number);
  g_autofree char *folder = g_build_filename (fixture->studies, id, NULL);
  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  static const char *const stems[] = {"2CH_ED", "2CH_ES", "4CH_ED", "4CH_ES"};
  for (gsize i = 0; i < G_N_ELEMENTS (stems); i++) {
    g_autofree char *image = g_strdup_printf ("%s_%s.nii.gz", id, stems[i]);
    g_autofree char *mask = g_strdup_printf ("%s_%s_gt.nii.gz", id, stems[i]);
    small_write_image (folder, image);
    small_write_labels (folder, mask, SMALL_WIDTH, SMALL_HEIGHT, 16 + number);
  }
}

static inline void
folds_set_up (FoldsFixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->root = g_dir_make_tmp ("runet-folds-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->studies = g_build_filename (fixture->root, "studies", NULL);
  fixture->folds = g_build_filename (fixture->root, "folds", NULL);
  g_assert_cmpint (g_mkdir (fixture->studies, 0777), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->folds, 0777), ==, 0);
  for (guint i = 1; i <= 6; i++)
    folds_write_patient (fixture, i);
  for (guint k = 1; k <= 3; k++)
    folds_write_one (fixture, k);
  fixture->dataset = runet_dataset_open (fixture->studies, NULL, &error);
  g_assert_no_error (error);
}

static inline void
folds_tear_down (FoldsFixture *fixture, gconstpointer data) {
  runet_dataset_unref (fixture->dataset);
  remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->studies);
  g_free (fixture->folds);
}

G_END_DECLS
