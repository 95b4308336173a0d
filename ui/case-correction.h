/* What somebody drew on one frame of a case in place of the model's contours, and what was measured on it. */
#pragma once

#include "core/segmentation/frame-result.h"

G_BEGIN_DECLS

/**
 * RunetCaseCorrection: never changes
 * @instant: -1 when it is not ED or ES
 * @frame: 1-based frame of the sequence; 0 where @instant says which
 * @number: of the event in the record that has the contours
 * @author: of the event
 * @derived: nobody looked at it since it was interpolated or copied
 * @result: as of a model of one stage
 */
typedef struct {
  gatomicrefcount references;
  int instant, frame;
  gint64 number;
  char *author;
  gboolean derived;
  RunetFrameResult *result;
} RunetCaseCorrection;

/* @result: (transfer none). */
RunetCaseCorrection *
runet_case_correction_new (int instant,
                           int frame,
                           gint64 number,
                           const char *author,
                           gboolean derived,
                           RunetFrameResult *result) G_GNUC_WARN_UNUSED_RESULT;
RunetCaseCorrection *
runet_case_correction_ref (RunetCaseCorrection *self);
void
runet_case_correction_unref (RunetCaseCorrection *self);

/* @corrections: (nullable) (element-type RunetCaseCorrection). Returns: (transfer none) (nullable). */
RunetCaseCorrection *
runet_case_corrections_find (const GPtrArray *corrections, int instant, int frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCaseCorrection, runet_case_correction_unref)

G_END_DECLS
