/* What the gate measures, in words and figures that people read. */
#pragma once

#include "core/retraining/gate.h"

G_BEGIN_DECLS

/* How one measure of the candidate stands against its parent. */
typedef enum {
  RUNET_STANDING_UNKNOWN, /* nothing was measured */
  RUNET_STANDING_SAME,
  RUNET_STANDING_BETTER,
  RUNET_STANDING_PERHAPS, /* better, by no more than chance may make */
  RUNET_STANDING_WITHIN, /* worse, by no more than what is let through */
  RUNET_STANDING_WORSE, /* by more than that */
  RUNET_STANDINGS
} RunetStanding;

RunetStanding
runet_gate_get_standing (const RunetGate *gate, RunetGateMeasure measure);
/* "Better", "Within limit" … */
const char *
runet_standing_name (RunetStanding standing);
/* A symbolic icon that says the same; (nullable) for %RUNET_STANDING_UNKNOWN. */
const char *
runet_standing_icon (RunetStanding standing);
/* (nullable): the class that colours it. */
const char *
runet_standing_css_class (RunetStanding standing);

/* By how much it may get worse. */
double
runet_gate_get_limit (const RunetGate *gate, RunetGateMeasure measure);
/* "Dice, endocardium". */
const char *
runet_gate_measure_name (RunetGateMeasure measure);
/* "0.931", "1.42 mm", "6.3 %"; a dash for NaN. (transfer full) */
char *
runet_gate_measure_format (RunetGateMeasure measure,
                           double value) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a difference between two values, in which percentages differ by points: "+0.012", "−2.5 points". @sign: of
 * what is more too. (transfer full) */
char *
runet_gate_measure_format_difference (RunetGateMeasure measure,
                                      double difference,
                                      gboolean sign) G_GNUC_WARN_UNUSED_RESULT;
/* "0.031", "< 0.001"; a dash for NaN. (transfer full) */
char *
runet_p_value_format (double p) G_GNUC_WARN_UNUSED_RESULT;
/* One sentence a line: which measures stand in the way and by how much; "" when it passed. (transfer full) */
char *
runet_gate_describe_reasons (const RunetGate *gate) G_GNUC_WARN_UNUSED_RESULT;
/* "Compared on 20 patients that nobody corrected (80 images)." and, where they are few, what that means. (transfer full) */
char *
runet_gate_describe_extent (const RunetGate *gate) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
