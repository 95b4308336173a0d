/* The scale of an axis: from which value to which, with ticks at 1, 2 or 5 times a power of ten. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RunetScale:
 * @low, @high: both are ticks
 * @step: from tick to tick
 * @decimals: what a tick needs to be told exactly
 */
typedef struct {
  double low, high;
  double step;
  int decimals;
} RunetScale;

/* A scale that holds @low and @high in at most @most steps (at least 1). What is not finite or has no
 * extent gets a scale around it. */
RunetScale
runet_scale_fit (double low, double high, guint most);
guint
runet_scale_count (const RunetScale *scale); /* ticks, both ends included */
double
runet_scale_get (const RunetScale *scale, guint tick);
/* With a typographic minus sign, in the decimals of the user's language. */
char *
runet_scale_format (double value, int decimals) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
