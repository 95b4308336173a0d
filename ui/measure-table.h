/* The table of measures of one frame: for each structure Dice, MAD, HD, convexity and simplicity,
 * of stage 1, stage 2, what was corrected and the expert; limits that are crossed stand out. */
#pragma once

#include <gtk/gtk.h>
#include "clip.h"
#include "core/segmentation/frame-result.h"

G_BEGIN_DECLS

#define RUNET_TYPE_MEASURE_TABLE (runet_measure_table_get_type ())
G_DECLARE_FINAL_TYPE (RunetMeasureTable,
                      runet_measure_table,
                      RUNET,
                      MEASURE_TABLE,
                      GtkWidget)

GtkWidget *
runet_measure_table_new (void);
/* @result, @corrected, @expert: (nullable): what is there of the frame. @instant: whose limits apply. */
void
runet_measure_table_set_frame (RunetMeasureTable *self,
                               const RunetFrameResult *result,
                               const RunetFrameResult *corrected,
                               const RunetAnatomy *expert,
                               RunetInstant instant);

G_END_DECLS
