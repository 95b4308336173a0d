/* A study of phantoms, and a record of what somebody made of it: what exports and imports are tested on. */
#pragma once

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/echo/dataset.h"
#include "core/echo/frame-reader.h"
#include "core/editing/correction.h"
#include "core/phantom/phantom.h"
#include "core/review/review.h"
#include "tests/copy-tree.h"
#include "tests/remove-tree.h"

#define EXCHANGE_AUTHOR "Ada Lovelace"
#define EXCHANGE_MODEL \
  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* @root has all of the others in it. */
typedef struct {
  char *root, *study, *record, *output;
  RunetDataset *dataset;
  RunetReview *review;
} Exchange;

/* Of the most patients that a test needs, by their number. */
#define EXCHANGE_MOST 2
static char *exchange_phantoms[EXCHANGE_MOST + 1];

static inline void
exchange_remove_phantoms (void) {
  for (guint i = 0; i <= EXCHANGE_MOST; i++)
    if (exchange_phantoms[i] != NULL)
      remove_tree (exchange_phantoms[i]);
}

/* Phantoms take seconds to draw: a program draws them once, and each of its tests has a copy. */
static inline void
exchange_write_phantoms (const char *study, guint patients) {
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (patients, <=, EXCHANGE_MOST);
  char **root = &exchange_phantoms[patients];
  if (*root == NULL) {
    *root = g_dir_make_tmp ("runet-phantoms-XXXXXX", &error);
    g_assert_no_error (error);
    atexit (exchange_remove_phantoms);
    g_autofree char *drawn = g_build_filename (*root, "study", NULL);
    runet_phantom_write (drawn, patients, 3, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
  }
  g_autofree char *drawn = g_build_filename (*root, "study", NULL);
  copy_tree (drawn, study);
}

static inline Exchange
exchange_new (guint patients) {
  g_autoptr (GError) error = NULL;
  Exchange self = {.root = g_dir_make_tmp ("runet-exchange-XXXXXX", &error)};
  g_assert_no_error (error);
  self.study = g_build_filename (self.root, "study", NULL);
  self.record = g_build_filename (self.root, "record.sqlite", NULL);
  self.output = g_build_filename (self.root, "output", NULL);
  exchange_write_phantoms (self.study, patients);
  self.dataset = runet_dataset_open (self.study, NULL, &error);
  g_assert_no_error (error);
  self.review = runet_review_open (self.record, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  return self;
}

static inline void
exchange_clear (Exchange *self) {
  g_clear_pointer (&self->review, runet_review_close);
  runet_dataset_unref (self->dataset);
  remove_tree (self->root);
  g_free (self->root);
  g_free (self->study);
  g_free (self->record);
  g_free (self->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)

static inline const RunetPatient *
exchange_patient (const Exchange *self, guint index) {
  return self->dataset->patients->pdata[index];
}

/* As a model that agrees with the expert would see it. */
static inline RunetCorrection *
exchange_original (const RunetPatient *patient, RunetView view, RunetInstant instant) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) map =
      runet_view_read_still_mask (&patient->views[view], instant, NULL, &error);
  g_assert_no_error (error);
  return runet_correction_new (map->grid, map->labels);
}

/* The endo drawn in by some pixels towards the middle of its points, but for the annulus. */
static inline RunetCorrection *
exchange_correct (const RunetCorrection *original) {
  RunetCorrection *self = runet_correction_copy (original);
  const guint count = self->model.count[RUNET_STRUCTURE_ENDO];
  RunetPoint *points = self->model.points[RUNET_STRUCTURE_ENDO], middle = {0, 0};
  g_assert_cmpuint (count, >, 3);
  for (guint i = 0; i < count; i++) {
    middle.x += points[i].x / count;
    middle.y += points[i].y / count;
  }
  for (guint i = 1; i + 1 < count; i++) {
    points[i].x += 0.1 * (middle.x - points[i].x);
    points[i].y += 0.1 * (middle.y - points[i].y);
  }
  self->source[RUNET_STRUCTURE_ENDO] = RUNET_SOURCE_SPLINE;
  return self;
}

/* As programs name the image of a frame; NULL where the study has none. */
static inline char *
exchange_content (const RunetPatient *patient, RunetView view, int instant, int frame) {
  g_auto (RunetFrameReader) reader = {0};
  return runet_frame_reader_hash (&reader, &patient->views[view], instant, frame, NULL,
                                  NULL);
}

/* Takes @after. */
static inline void
exchange_append (const Exchange *self,
                 RunetEventKind kind,
                 const char *author,
                 const RunetPatient *patient,
                 RunetView view,
                 int instant,
                 int frame,
                 GBytes *after) {
  g_autoptr (GError) error = NULL;
  g_auto (RunetSubject) subject = {0};
  runet_subject_init (&subject, patient->subset, patient->id, view);
  subject.instant = instant;
  subject.frame = frame;
  if (kind == RUNET_EVENT_EDIT || kind == RUNET_EVENT_ACCEPT)
    subject.content =
        exchange_content (patient, view, kind == RUNET_EVENT_EDIT ? instant : 0, frame);
  g_autoptr (RunetEvent) event = runet_event_new (kind, author, &subject);
  event->model = g_strdup (EXCHANGE_MODEL);
  event->after = after;
  event->seconds = 2.5;
  if (kind == RUNET_EVENT_EDIT)
    event->tool = g_strdup ("points");
  if (kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_POOR_IMAGE;
  g_assert_true (runet_review_append (self->review, event, &error));
  g_assert_no_error (error);
}

static inline void
exchange_edit (const Exchange *self,
               const char *author,
               const RunetPatient *patient,
               RunetView view,
               int instant,
               int frame,
               const RunetCorrection *correction) {
  exchange_append (self, RUNET_EVENT_EDIT, author, patient, view, instant, frame,
                   runet_correction_serialise (correction));
}

/* Accepts ED and ES, ED corrected first when @corrected. */
static inline void
exchange_accept (const Exchange *self,
                 const char *author,
                 const RunetPatient *patient,
                 RunetView view,
                 gboolean corrected) {
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  for (int k = 0; k < RUNET_INSTANTS; k++) {
    const gboolean edited = corrected && k == RUNET_INSTANT_ED;
    g_autoptr (RunetCorrection) original =
        exchange_original (patient, view, (RunetInstant)k);
    g_autoptr (RunetCorrection) final =
        edited ? exchange_correct (original) : runet_correction_ref (original);
    if (edited)
      exchange_edit (self, author, patient, view, k, 0, final);
    g_ptr_array_add (frames, runet_corrected_frame_new (k, 0, edited, final));
  }
  exchange_append (self, RUNET_EVENT_ACCEPT, author, patient, view, -1, 0,
                   runet_corrected_frames_serialise (frames));
}

static inline int
exchange_compare (gconstpointer a, gconstpointer b) {
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Of all files below @path, their names and their contents. */
static inline void
exchange_hash_tree (const char *path, GChecksum *checksum) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  if (dir == NULL) {
    g_autofree char *content = NULL;
    gsize length = 0;
    g_assert_true (g_file_get_contents (path, &content, &length, NULL));
    g_checksum_update (checksum, (const guint8 *)content, (gssize)length);
    return;
  }
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, exchange_compare);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *child = g_build_filename (path, names->pdata[i], NULL);
    g_checksum_update (checksum, names->pdata[i], -1);
    exchange_hash_tree (child, checksum);
  }
}

static inline char *
exchange_hash (const char *path) {
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  exchange_hash_tree (path, checksum);
  return g_strdup (g_checksum_get_string (checksum));
}

/* For a run that is cancelled once something was done. @user_data: its GCancellable */
static inline void
exchange_cancel_cb (const RunetProgress *progress, gpointer user_data) {
  if (progress->done == 1)
    g_cancellable_cancel (user_data);
}
