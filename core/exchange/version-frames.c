/* The frames of a version: read from the record, measured, named. */
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "version-private.h"

/* ---- Names ---- */

char *
runet_subject_display_name (const RunetSubject *subject) {
  g_autofree char *name = subject->subset != NULL ? g_strconcat (subject->subset, "/",
                                                                 subject->patient, NULL)
                                                  : g_strdup (subject->patient);
  return g_utf8_make_valid (name, -1);
}

char *
runet_version_stem (const RunetVersion *version, int instant, int frame) {
  const char *view = runet_view_to_string (version->subject.view);
  if (instant >= 0)
    return g_strdup_printf ("%s_%s_%s", version->subject.patient, view,
                            runet_instant_to_string ((RunetInstant)instant));
  return g_strdup_printf ("%s_%s_frame%02d", version->subject.patient, view, frame);
}

char *
runet_time_to_string (GDateTime *time) {
  return time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

/* ---- Reading ---- */

static int
compare_frames (gconstpointer a, gconstpointer b) {
  const RunetCorrectedFrame *first = *(const RunetCorrectedFrame *const *)a;
  const RunetCorrectedFrame *second = *(const RunetCorrectedFrame *const *)b;
  /* ED and ES first; what has no instant has -1. */
  const int x = first->instant >= 0 ? first->instant - RUNET_INSTANTS : first->frame;
  const int y = second->instant >= 0 ? second->instant - RUNET_INSTANTS : second->frame;
  return (x > y) - (x < y);
}

static GPtrArray *
read_accepted (RunetVersions *self, const RunetVersion *version, GError **error) {
  g_autoptr (GBytes) before = NULL, after = NULL;
  if (!runet_journal_read_edit (self->journal, version->decision->number, &before,
                                &after, error))
    return NULL;
  if (after != NULL)
    return runet_corrected_frames_parse (after, error);
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISSING,
               "expected the accepted contours in event %" G_GINT64_FORMAT
               ", found none: it was accepted by an older version of this program",
               version->decision->number);
  return NULL;
}

static gboolean
is_of_frame (const RunetEvent *event, int instant, int frame) {
  return event->subject.instant == instant &&
         (instant >= 0 || event->subject.frame == frame);
}

static gboolean
add_edited (RunetVersions *self,
            const RunetEvent *event,
            GPtrArray *frames,
            GError **error) {
  g_autoptr (GBytes) before = NULL, after = NULL;
  if (!runet_journal_read_edit (self->journal, event->number, &before, &after, error))
    return FALSE;
  if (after == NULL)
    return TRUE;
  g_autoptr (RunetCorrection) correction = runet_correction_parse (after, error);
  if (correction == NULL)
    return FALSE;
  /* Back to what the model said is no version of anybody's. */
  if (runet_correction_is_edited (correction))
    g_ptr_array_add (frames, runet_corrected_frame_new (
                                 event->subject.instant,
                                 event->subject.instant >= 0 ? 0 : event->subject.frame,
                                 TRUE, correction));
  return TRUE;
}

static GPtrArray *
read_unfinished (RunetVersions *self, const RunetVersion *version, GError **error) {
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  for (guint i = 0; i < version->reading->frames->len; i++) {
    const RunetFrameEdit *edit = version->reading->frames->pdata[i];
    if (!add_edited (self, edit->event, frames, error))
      return NULL;
  }
  return g_steal_pointer (&frames);
}

/* What is in a record is somebody's word: no frame twice, no frame that cannot be. */
static gboolean
check_frames (const GPtrArray *frames, GError **error) {
  for (guint i = 0; i < frames->len; i++) {
    const RunetCorrectedFrame *one = frames->pdata[i];
    const RunetCorrectedFrame *before = i > 0 ? frames->pdata[i - 1] : NULL;
    if (one->instant < -1 || one->instant >= RUNET_INSTANTS ||
        (one->instant < 0) != (one->frame > 0)) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                   "expected ED, ES or a frame of the sequence, found instant %d and "
                   "frame %d",
                   one->instant, one->frame);
      return FALSE;
    }
    if (before != NULL && compare_frames (&before, &one) == 0) {
      g_set_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT,
                   "expected each frame once, found instant %d, frame %d twice",
                   one->instant, one->frame);
      return FALSE;
    }
  }
  return TRUE;
}

GPtrArray *
runet_versions_read_frames (RunetVersions *self,
                            const RunetVersion *version,
                            GError **error) {
  g_return_val_if_fail (self != NULL && version != NULL, NULL);
  g_autoptr (GPtrArray) frames = version->finished
                                     ? read_accepted (self, version, error)
                                     : read_unfinished (self, version, error);
  if (frames == NULL)
    return NULL;
  g_ptr_array_sort (frames, compare_frames);
  return check_frames (frames, error) ? g_steal_pointer (&frames) : NULL;
}

GPtrArray *
runet_version_list_edits (const RunetVersion *version, int instant, int frame) {
  GPtrArray *edits = g_ptr_array_new_with_free_func ((GDestroyNotify)runet_event_unref);
  for (guint i = 0; i < version->edits->len; i++) {
    RunetEvent *event = version->edits->pdata[i];
    if (is_of_frame (event, instant, frame))
      g_ptr_array_add (edits, runet_event_ref (event));
  }
  return edits;
}

/* ---- Measuring ---- */

void
runet_measured_frame_free (gpointer frame) {
  RunetMeasuredFrame *self = frame;
  g_ptr_array_unref (self->tools);
  for (int side = 0; side < RUNET_SIDES; side++)
    g_clear_pointer (&self->anatomy[side], runet_anatomy_free);
  g_free (self);
}

static GPtrArray *
list_tools (const RunetVersion *version, int instant, int frame) {
  GPtrArray *tools = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) edits = runet_version_list_edits (version, instant, frame);
  for (guint i = 0; i < edits->len; i++) {
    const RunetEvent *event = edits->pdata[i];
    if (event->tool != NULL &&
        !g_ptr_array_find_with_equal_func (tools, event->tool, g_str_equal, NULL))
      g_ptr_array_add (tools, g_utf8_make_valid (event->tool, -1));
  }
  return tools;
}

void
runet_version_measure (RunetVersion *version,
                       const RunetCorrectedFrame *frame,
                       const RunetGrid *grid) {
  const RunetCorrection *correction = frame->correction;
  const gsize width = correction->grid->width, height = correction->grid->height;
  RunetMeasuredFrame *one = g_new0 (RunetMeasuredFrame, 1);
  one->instant = frame->instant;
  one->frame = frame->frame;
  one->edited = frame->edited;
  one->derived = correction->derived;
  one->tools = list_tools (version, frame->instant, frame->frame);
  g_autofree guint8 *drawn = g_malloc (width * height);
  runet_correction_draw (correction, drawn);
  for (int side = 0; side < RUNET_SIDES; side++) {
    const guint8 *labels = side == RUNET_SIDE_FINAL
                               ? drawn
                               : g_bytes_get_data (correction->original, NULL);
    one->anatomy[side] = runet_anatomy_new (labels, width, height, grid->spacing_x_mm,
                                            grid->spacing_y_mm);
    one->discs[side] = runet_discs_measure (labels, width, height, grid->spacing_x_mm,
                                            grid->spacing_y_mm);
  }
  g_ptr_array_add (version->measured, one);
}

const RunetMeasuredFrame *
runet_version_find_measured (const RunetVersion *version, int instant, int frame) {
  for (guint i = 0; i < version->measured->len; i++) {
    const RunetMeasuredFrame *one = version->measured->pdata[i];
    if (one->instant == instant && one->frame == frame)
      return one;
  }
  return NULL;
}
