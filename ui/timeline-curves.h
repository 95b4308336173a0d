/* What the timeline draws over its frames: area and long axis of the left ventricle, of the model and of the
 * expert, and the frames whose area departs from those around them. */
#pragma once

#include <gtk/gtk.h>
#include "curve.h"

G_BEGIN_DECLS

/* Height of what is drawn, in logical pixels. */
#define RUNET_CURVES_HEIGHT 62.0
/* Room left and right of the frames for what the curves are called and for their values. */
#define RUNET_CURVES_MARGIN 68.0

typedef struct _RunetTimelineCurves RunetTimelineCurves;

RunetTimelineCurves *
runet_timeline_curves_new (guint frames) G_GNUC_WARN_UNUSED_RESULT;
void
runet_timeline_curves_free (RunetTimelineCurves *curves);
/* @values: (nullable): one a frame, NaN where there is none. FALSE when nothing is new. */
gboolean
runet_timeline_curves_set (RunetTimelineCurves *curves,
                           RunetCurve curve,
                           const double *values);
/* Whether there is anything to draw. */
gboolean
runet_timeline_curves_are_known (const RunetTimelineCurves *curves);
/* Whether the model's area at @frame departs from those around it by more than RUNET_TEMPORAL_LIMIT. */
gboolean
runet_timeline_curves_is_jump (const RunetTimelineCurves *curves, guint frame);
/* "LV area 34.2 cm²", "long axis 82.1 mm" …: what is known of @frame, @separator before each. */
void
runet_timeline_curves_describe (const RunetTimelineCurves *curves,
                                guint frame,
                                const char *separator,
                                GString *text);
/**
 * runet_timeline_curves_snapshot:
 * @first_x, @step: where the frames are
 * @top: of the RUNET_CURVES_HEIGHT pixels
 * @frame: whose values are written
 * @ink: of the text
 */
void
runet_timeline_curves_snapshot (const RunetTimelineCurves *curves,
                                double first_x,
                                double step,
                                double top,
                                guint frame,
                                const GdkRGBA *ink,
                                GtkWidget *widget,
                                GtkSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTimelineCurves, runet_timeline_curves_free)

G_END_DECLS
