/* The signed-rank test for pairs: Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1(6),
 * 1945. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Up to so many pairs the distribution is counted out; beyond it is as good as normal. */
#define RUNET_WILCOXON_EXACT 25

/**
 * RunetWilcoxon:
 * @count: pairs that differ: those that do not are left out, as Wilcoxon did, and those that are not finite too
 * @plus, @minus: sums of the ranks of the positive and the negative differences; of equal ones the mean rank
 * @p: two-sided; NaN without a pair that differs
 * @exact: counted out over all signs, ties as they are; else normal with ties' variance and continuity correction
 */
typedef struct {
  gsize count;
  double plus, minus;
  double p;
  gboolean exact;
} RunetWilcoxon;

/* Of @b − @a. */
RunetWilcoxon
runet_wilcoxon_compute (const double *a, const double *b, gsize count);

G_END_DECLS
