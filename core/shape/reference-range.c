/* What is normal: volumes and ejection fraction of the left ventricle [Lang et al., JASE 2015]. */
#include "reference-range.h"

#include <math.h>

typedef struct {
  RunetRange volume_ml[RUNET_INSTANTS];
  RunetRange ef_percent;
} Ranges;

static const Ranges men = {{{62, 150}, {21, 61}}, {52, 72}};
static const Ranges women = {{{46, 106}, {14, 42}}, {54, 74}};

/* An EF below the normal range is mildly abnormal from the first on, moderately from the second, of men and
 * of women; below that severely. */
#define MILD_FROM 41
#define MODERATE_FROM 30

static const Ranges *
find_ranges (char sex) {
  return sex == 'M' ? &men : sex == 'F' ? &women : NULL;
}

const RunetRange *
runet_range_of_volume (char sex, RunetInstant instant) {
  g_return_val_if_fail ((guint)instant < RUNET_INSTANTS, NULL);
  const Ranges *ranges = find_ranges (sex);
  return ranges != NULL ? &ranges->volume_ml[instant] : NULL;
}

const RunetRange *
runet_range_of_ef (char sex) {
  const Ranges *ranges = find_ranges (sex);
  return ranges != NULL ? &ranges->ef_percent : NULL;
}

static RunetGrade
place (const RunetRange *range, double value) {
  if (range == NULL || !isfinite (value))
    return RUNET_GRADE_UNKNOWN;
  const double rounded = round (value);
  return rounded < range->low    ? RUNET_GRADE_BELOW
         : rounded > range->high ? RUNET_GRADE_ABOVE
                                 : RUNET_GRADE_NORMAL;
}

RunetGrade
runet_grade_volume (char sex, RunetInstant instant, double volume_ml) {
  return place (runet_range_of_volume (sex, instant), volume_ml);
}

RunetGrade
runet_grade_ef (char sex, double ef_percent) {
  const RunetGrade grade = place (runet_range_of_ef (sex), ef_percent);
  if (grade != RUNET_GRADE_BELOW)
    return grade;
  const double rounded = round (ef_percent);
  return rounded >= MILD_FROM       ? RUNET_GRADE_MILD
         : rounded >= MODERATE_FROM ? RUNET_GRADE_MODERATE
                                    : RUNET_GRADE_SEVERE;
}
