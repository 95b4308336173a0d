/* What is said and asked of the record of a study: that it was rescued, is damaged, or lies under another name. */
#pragma once

#include "core/echo/dataset.h"
#include "core/review/review.h"
#include "window.h"

G_BEGIN_DECLS

/* Says what the journal had to do to lose nothing, if anything. */
void
runet_window_record_say_notice (RunetWindow *window, RunetReview *record);
/* Notes where @dataset is. Where @record is empty and that of a data set with the same images, which is gone, has
 * entries: asks whether to take it over; the record then has them. */
void
runet_window_record_know_dataset (RunetWindow *window,
                                  RunetReview *record,
                                  const RunetDataset *dataset);
/* Asks whether what can be read of the damaged record at @path shall go on as the record of @dataset, which is then
 * opened again. */
void
runet_window_record_offer_repair (RunetWindow *window,
                                  const char *path,
                                  RunetDataset *dataset);

G_END_DECLS
