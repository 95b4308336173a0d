/* The signed-rank test for pairs. */
#include "wilcoxon.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  double size; /* of the difference, above zero */
  gboolean positive;
  guint twice_rank; /* mean ranks of ties are halves */
} Pair;

static int
compare_sizes (gconstpointer a, gconstpointer b) {
  double first = ((const Pair *)a)->size, second = ((const Pair *)b)->size;
  return (first > second) - (first < second);
}

/* (transfer full) (element-type Pair): by size, with ranks. @ties: (out): Σ (t³ − t) over groups of t equal ones. */
static GArray *
rank_pairs (const double *a, const double *b, gsize count, double *ties) {
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  for (gsize i = 0; i < count; i++) {
    double difference = b[i] - a[i];
    if (!isfinite (difference) || difference == 0)
      continue;
    Pair pair = {fabs (difference), difference > 0, 0};
    g_array_append_val (pairs, pair);
  }
  g_array_sort (pairs, compare_sizes);
  *ties = 0;
  for (guint begin = 0, end; begin < pairs->len; begin = end) {
    const double size = g_array_index (pairs, Pair, begin).size;
    for (end = begin;
         end < pairs->len && g_array_index (pairs, Pair, end).size == size;)
      end++;
    /* Ranks begin + 1 … end have this mean. */
    for (guint i = begin; i < end; i++)
      g_array_index (pairs, Pair, i).twice_rank = begin + 1 + end;
    double t = end - begin;
    *ties += t * t * t - t;
  }
  return pairs;
}

/* The part of all 2^n signs that make a rank sum of at most @twice_sum / 2. */
static double
count_out (const GArray *pairs, guint64 twice_sum) {
  guint total = 0;
  for (guint i = 0; i < pairs->len; i++)
    total += g_array_index (pairs, Pair, i).twice_rank;
  /* ways[s]: signs that give the sum s / 2; below 2^53, and so exact. */
  g_autofree double *ways = g_new0 (double, total + 1);
  ways[0] = 1;
  guint reached = 0;
  for (guint i = 0; i < pairs->len; i++) {
    guint rank = g_array_index (pairs, Pair, i).twice_rank;
    reached += rank;
    for (guint s = reached; s >= rank; s--)
      ways[s] += ways[s - rank];
  }
  double below = 0;
  for (guint s = 0; s <= MIN (twice_sum, total); s++)
    below += ways[s];
  return ldexp (below, -(int)pairs->len);
}

/* With the variance that ties leave, and the correction for continuity. */
static double
approximate (const RunetWilcoxon *self, double ties) {
  double n = (double)self->count;
  double mean = n * (n + 1) / 4;
  double variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
  double distance = fmax (fabs (self->plus - mean) - 0.5, 0);
  return erfc (distance / sqrt (variance) / G_SQRT2);
}

RunetWilcoxon
runet_wilcoxon_compute (const double *a, const double *b, gsize count) {
  RunetWilcoxon self = {.p = NAN};
  g_return_val_if_fail (count == 0 || (a != NULL && b != NULL), self);
  double ties = 0;
  g_autoptr (GArray) pairs = rank_pairs (a, b, count, &ties);
  self.count = pairs->len;
  guint64 twice[2] = {0};
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index (pairs, Pair, i);
    twice[pair->positive] += pair->twice_rank;
  }
  self.minus = (double)twice[0] / 2;
  self.plus = (double)twice[1] / 2;
  if (self.count == 0)
    return self;
  self.exact = self.count <= RUNET_WILCOXON_EXACT;
  /* Both tails are alike: what one sign does the other undoes. */
  self.p = self.exact ? fmin (2 * count_out (pairs, MIN (twice[0], twice[1])), 1)
                      : approximate (&self, ties);
  return self;
}
