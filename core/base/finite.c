/* Whether values are numbers. */
#include "finite.h"

#include <math.h>

gsize
runet_find_not_finite (const float *values, gsize count) {
  /* A pass that does not stop at the first, which would keep it from comparing several at once. */
  guint32 bad = 0;
  for (gsize i = 0; i < count; i++)
    bad |= isfinite (values[i]) ? 0 : 1;
  gsize i = bad ? 0 : count;
  while (i < count && isfinite (values[i]))
    i++;
  return i;
}
