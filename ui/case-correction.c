/* What somebody drew on one frame of a case in place of the model's contours, and what was measured on it. */
#include "case-correction.h"

RunetCaseCorrection *
runet_case_correction_new (int instant,
                           int frame,
                           gint64 number,
                           const char *author,
                           gboolean derived,
                           RunetFrameResult *result) {
  g_return_val_if_fail (author != NULL && result != NULL, NULL);
  RunetCaseCorrection *self = g_new0 (RunetCaseCorrection, 1);
  g_atomic_ref_count_init (&self->references);
  self->instant = instant;
  self->frame = frame;
  self->number = number;
  self->author = g_strdup (author);
  self->derived = derived;
  self->result = runet_frame_result_ref (result);
  return self;
}

RunetCaseCorrection *
runet_case_correction_ref (RunetCaseCorrection *self) {
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
runet_case_correction_unref (RunetCaseCorrection *self) {
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  runet_frame_result_unref (self->result);
  g_free (self->author);
  g_free (self);
}

RunetCaseCorrection *
runet_case_corrections_find (const GPtrArray *corrections, int instant, int frame) {
  for (guint i = 0; corrections && i < corrections->len; i++) {
    RunetCaseCorrection *one = corrections->pdata[i];
    if (one->instant == instant && one->frame == frame)
      return one;
  }
  return NULL;
}
