/* Small hand-made studies with a record in which cases were accepted with the experts' masks, as if corrected by hand. */
#pragma once

#include <string.h>

#include "core/editing/correction.h"
#include "core/echo/dataset.h"
#include "core/review/review.h"
#include "tests/core/small-dataset.h"

G_BEGIN_DECLS

typedef struct {
  char *root;
  char *studies;
  char *record;
  RunetDataset *dataset;
  RunetReview *review; /* (nullable): opened to be written */
} RecordFixture;

static inline void
record_open (RecordFixture *fixture) {
  g_autoptr (GError) error = NULL;
  fixture->review = runet_review_open (fixture->record, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
}

/* An image of the labels with some texture. */
static inline void
record_write_image (const RunetLabelMap *map, const char *path) {
  static const guint8 grey[] = {20, 60, 200, 110};
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetImage) image = runet_image_new (map->grid, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < SMALL_WIDTH * SMALL_HEIGHT; i++)
    image->pixels[i] = (float)(grey[map->labels[i]] + i * 7 % 40);
  g_assert_true (runet_image_write (image, path, &error));
}

/* Both views at both instants of a patient whose ventricle begins at column @left, with square pixels of 1 mm. */
static inline void
record_write_patient (const char *folder, const char *id, gsize left) {
  g_autoptr (GError) error = NULL;
  g_autofree char *patient = g_build_filename (folder, id, NULL);
  g_mkdir_with_parents (patient, 0777);
  g_autoptr (RunetGrid) grid = runet_grid_new (
      SMALL_WIDTH, SMALL_HEIGHT, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  for (guint i = 0; i < 4; i++) {
    g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, &error);
    small_draw (map->labels, SMALL_WIDTH, SMALL_HEIGHT, left + i);
    g_autofree char *stem =
        g_strdup_printf ("%s/%s_%s_%s", patient, id, runet_view_to_string (i / 2),
                         runet_instant_to_string (i % 2));
    g_autofree char *image = g_strconcat (stem, ".nii.gz", NULL);
    g_autofree char *mask = g_strconcat (stem, "_gt.nii.gz", NULL);
    record_write_image (map, image);
    g_assert_true (runet_label_map_write (map, mask, &error));
  }
}

static inline void
record_set_up (RecordFixture *fixture, guint patients) {
  g_autoptr (GError) error = NULL;
  fixture->root = g_dir_make_tmp ("runet-record-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->studies = g_build_filename (fixture->root, "studies", NULL);
  fixture->record = g_build_filename (fixture->root, "record.sqlite", NULL);
  for (guint i = 1; i <= patients; i++) {
    g_autofree char *id = g_strdup_printf ("patient%04u", i);
    record_write_patient (fixture->studies, id, 10 + 3 * i % 16);
  }
  fixture->dataset = runet_dataset_open (fixture->studies, NULL, &error);
  g_assert_no_error (error);
  record_open (fixture);
}

static inline void
record_tear_down (RecordFixture *fixture) {
  g_clear_pointer (&fixture->review, runet_review_close);
  g_clear_pointer (&fixture->dataset, runet_dataset_unref);
  remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->studies);
  g_free (fixture->record);
}

static inline const RunetPatient *
record_patient (const RecordFixture *fixture, guint number) {
  return fixture->dataset->patients->pdata[number];
}

/* What a person left of one still: the expert's mask, the LV moved by @shift columns; a stretch of the endocardium is
 * uncertain when @uncertain. @instants: bits of ED and ES. */
static inline GBytes *
record_frames (const RecordFixture *fixture,
               guint number,
               RunetView view,
               guint instants,
               gsize shift,
               gboolean uncertain) {
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
    if (!(instants >> instant & 1))
      continue;
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetLabelMap) mask = runet_view_read_still_mask (
        &record_patient (fixture, number)->views[view], instant, NULL, &error);
    g_assert_no_error (error);
    gsize pixels = mask->grid->width * mask->grid->height;
    g_autofree guint8 *moved = g_malloc0 (pixels);
    memcpy (moved + shift, mask->labels, pixels - shift);
    g_autoptr (RunetCorrection) correction = runet_correction_new (mask->grid, moved);
    if (uncertain) {
      const RunetUncertainStretch stretch = {RUNET_STRUCTURE_ENDO, 0.2, 0.4};
      g_array_append_val (correction->uncertain, stretch);
    }
    g_ptr_array_add (frames, runet_corrected_frame_new (instant, 0, TRUE, correction));
  }
  return runet_corrected_frames_serialise (frames);
}

/* Appends a decision; @after: (nullable) (transfer full). */
static inline void
record_decide (RecordFixture *fixture,
               const char *author,
               guint number,
               RunetView view,
               RunetEventKind kind,
               GBytes *after) {
  g_autoptr (GError) error = NULL;
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, NULL, record_patient (fixture, number)->id, view);
  g_autoptr (RunetEvent) event = runet_event_new (kind, author, &subject);
  if (kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_POOR_IMAGE;
  event->after = after;
  runet_review_append (fixture->review, event, &error);
  g_assert_no_error (error);
}

/* Accepts ED and ES of a view. */
static inline void
record_accept (RecordFixture *fixture,
               const char *author,
               guint number,
               RunetView view,
               gsize shift) {
  record_decide (fixture, author, number, view, RUNET_EVENT_ACCEPT,
                 record_frames (fixture, number, view, 3, shift, FALSE));
}

G_END_DECLS
