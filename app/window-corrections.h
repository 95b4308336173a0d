/* What people drew in place of the model's contours: from the record to the cases. */
#pragma once

#include "core/editing/correction.h"
#include "core/review/review-state.h"
#include "ui/case.h"
#include "window.h"

G_BEGIN_DECLS

typedef struct _RunetWindowCorrections RunetWindowCorrections;

RunetWindowCorrections *
runet_window_corrections_new (RunetWindow *window) G_GNUC_WARN_UNUSED_RESULT;
void
runet_window_corrections_free (RunetWindowCorrections *self);
/* The record says something new of @item: at once for the case in view, when there is time for the others. */
void
runet_window_corrections_update (RunetWindowCorrections *self, RunetCase *item);
void
runet_window_corrections_update_all (RunetWindowCorrections *self);

/* (transfer none) (nullable): whose contours count for @author (nullable): their own once they have done anything, else
 * those of the final reading. %NULL: the model's. */
const RunetReading *
runet_review_state_get_counting (const RunetReviewState *state, const char *author);
/* (transfer full) (nullable): what @edit left; %NULL with @error when the record does not have it any more. */
RunetCorrection *
runet_window_corrections_read (RunetWindowCorrections *self,
                               const RunetEvent *edit,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (nullable): of a frame as the model says; %NULL when its result is damaged. */
RunetCorrection *
runet_frame_result_to_correction (const RunetFrameResult *result)
    G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (nullable) (element-type RunetCaseCorrection): all that @reading has of @item. */
GPtrArray *
runet_window_corrections_measure (RunetWindowCorrections *self,
                                  RunetCase *item,
                                  const RunetReading *reading)
    G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full) (nullable): all frames of @item that the author accepts now, as an acceptance keeps them. */
GBytes *
runet_window_corrections_list_accepted (RunetWindowCorrections *self,
                                        RunetCase *item,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetWindowCorrections, runet_window_corrections_free)

G_END_DECLS
