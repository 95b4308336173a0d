/* What is normal: volumes and ejection fraction of the left ventricle by biplane echocardiography, of men and
 * of women [Lang et al., "Recommendations for cardiac chamber quantification by echocardiography in adults",
 * JASE and EHJ-CVI 2015, Table 4 and the text on LVEF]. */
#pragma once

#include "core/echo/study.h"

G_BEGIN_DECLS

/* Where a value lies. The last three are of EF alone. */
typedef enum {
  RUNET_GRADE_UNKNOWN, /* no value, or a sex of which the ranges are not known */
  RUNET_GRADE_NORMAL,
  RUNET_GRADE_BELOW,
  RUNET_GRADE_ABOVE,
  RUNET_GRADE_MILD,
  RUNET_GRADE_MODERATE,
  RUNET_GRADE_SEVERE,
} RunetGrade;

/* Both ends are normal. */
typedef struct {
  double low, high;
} RunetRange;

/**
 * runet_range_of_volume, runet_range_of_ef:
 * @sex: 'F' or 'M'
 *
 * Returns: (nullable): %NULL for any other @sex.
 */
const RunetRange *
runet_range_of_volume (char sex, RunetInstant instant);
const RunetRange *
runet_range_of_ef (char sex);

/* The table is in whole ml and per cent: values are rounded to them, as they are read. */
RunetGrade
runet_grade_volume (char sex, RunetInstant instant, double volume_ml);
RunetGrade
runet_grade_ef (char sex, double ef_percent);

G_END_DECLS
