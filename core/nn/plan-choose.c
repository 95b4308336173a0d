/* How the work of each convolution of an inference plan is shared out: measured once, then kept.
 *
 * Only ways that give the same bits compete, so that no result depends on what was the fastest. What
 * a training plan does follows a rule, because its sums do depend on it. */
#include "plan-private.h"

#include <cblas.h>
#include <stdlib.h>

#include "choices.h"
#include "convolution-kernels.h"

/* Runs that are counted, after one that brings in the memory; the shortest says what is possible. */
#define RUNS 3
/* What a later way must be shorter by: less is the noise of the machine. */
#define MARGIN 0.97

typedef struct {
  RunetPlan *plan;
  const RunetPlanNode *node;
  RunetConvolution *best; /* owned */
  char *way;
  double seconds;
} Contest;

static double
measure (const Contest *contest, RunetConvolution *convolution) {
  float *scratch = runet_arena_allocate (
      convolution->class->scratch_floats (convolution) * sizeof (float));
  double best = G_MAXDOUBLE;
  for (guint run = 0; run <= RUNS && scratch != NULL; run++) {
    const double before = runet_plan_get_seconds ();
    runet_plan_forward_convolution (contest->plan, contest->node, convolution, scratch);
    if (run > 0)
      best = MIN (best, runet_plan_get_seconds () - before);
  }
  free (scratch);
  return best;
}

/* @kept: (nullable): the only way to try, without measuring. */
static void
enter_all (Contest *contest, const char *kept) {
  const RunetConvolutionClass *class = contest->node->class;
  const RunetConvolutionShape *shape = &contest->node->convolution->shape;
  const guint ways = class->count_ways (contest->node->convolution);
  for (guint way = 0; way < ways; way++) {
    g_autofree char *name = g_strdup_printf ("%s %u", class->algorithm, way);
    if (kept != NULL && !g_str_equal (kept, name))
      continue;
    RunetConvolution *convolution =
        class->new_ (shape, FALSE, runet_pool_get_workers (contest->plan->pool));
    class->choose_way (convolution, way);
    const double seconds = kept != NULL ? 0 : measure (contest, convolution);
    if (seconds < contest->seconds * MARGIN) {
      RunetConvolution *beaten = contest->best;
      contest->best = convolution;
      convolution = beaten;
      contest->seconds = seconds;
      g_free (contest->way);
      contest->way = g_steal_pointer (&name);
    }
    if (convolution != NULL)
      class->free (convolution);
  }
}

static char *
name_layer (const RunetPlanNode *node) {
  const RunetConvolutionShape *s = &node->convolution->shape;
  return g_strdup_printf (
      "%" G_GSIZE_FORMAT "x%" G_GSIZE_FORMAT "x%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT
      "-%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "%s%s%s%s",
      s->n, s->h, s->w, s->in_channels, s->out_channels, s->split,
      s->doubled ? "-doubled" : "", node->pool >= 0 ? "-pooled" : "",
      node->before >= 0 ? "-with-first" : "", node->softmax >= 0 ? "-classified" : "");
}

static void
choose (RunetPlan *plan, RunetPlanNode *node, const char *machine) {
  g_autofree char *layer = name_layer (node);
  g_autofree char *kept = runet_choices_get (machine, layer);
  Contest contest = {.plan = plan, .node = node, .seconds = G_MAXDOUBLE};
  if (kept != NULL)
    enter_all (&contest, kept);
  /* Also when what was kept is no way of this version's. */
  if (contest.best == NULL) {
    enter_all (&contest, NULL);
    if (contest.best != NULL)
      runet_choices_set (machine, layer, contest.way);
  }
  if (contest.best != NULL) {
    node->class->free (node->convolution);
    node->convolution = contest.best;
  }
  g_free (contest.way);
}

void
runet_plan_choose (RunetPlan *plan) {
  g_autofree char *machine =
      g_strdup_printf ("%s %s %s, %u", RUNET_VERSION, openblas_get_corename (),
                       runet_kernels_get ()->name, runet_pool_get_workers (plan->pool));
  for (guint i = 0; i < plan->count; i++)
    if (plan->nodes[i].class != NULL && plan->nodes[i].class->count_ways != NULL)
      choose (plan, &plan->nodes[i], machine);
  runet_choices_save ();
}
