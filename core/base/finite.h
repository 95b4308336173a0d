/* Whether values are numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first that is infinite or not a number; @count when all are finite. */
gsize
runet_find_not_finite (const float *values, gsize count);

G_END_DECLS
