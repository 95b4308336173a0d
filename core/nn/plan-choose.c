/* How each 3 × 3 convolution of an inference plan is done: measured once, then kept.
 *
 * The sums of a training plan are not measured but follow a rule, so that a training that is
 * resumed, or repeated elsewhere, has the same bits. */
#include "plan-private.h"

#include <cblas.h>
#include <stdlib.h>
#include <time.h>

#include "choices.h"
#include "convolution-direct.h"
#include "convolution-kernels.h"
#include "convolution-winograd.h"

/* Runs that are counted, after one that brings in the memory; the shortest says what is possible. */
#define RUNS 3
/* What a later way must be shorter by: less is the noise of the machine. */
#define MARGIN 0.97
/* With more pixels than these, Winograd's transforms have always paid. */
#define DIRECT_PIXELS 1024

typedef struct {
  RunetPlan *plan;
  const RunetPlanNode *node;
  RunetConvolution *best; /* owned */
  char *way;
  double seconds;
} Contest;

static double
get_seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double
measure (const Contest *contest, RunetConvolution *convolution) {
  const RunetPlanNode *node = contest->node;
  RunetTensor x[RUNET_CONVOLUTION_PARTS];
  for (guint j = 0; j < node->count; j++)
    x[j] = contest->plan->nodes[node->sources[j].node].y;
  const RunetTensor *pooled =
      node->pool >= 0 ? &contest->plan->nodes[node->pool].y : NULL;
  float *scratch = runet_arena_allocate (
      convolution->class->scratch_floats (convolution) * sizeof (float));
  double best = G_MAXDOUBLE;
  for (guint run = 0; run <= RUNS && scratch != NULL; run++) {
    const double before = get_seconds ();
    convolution->class->forward (convolution, contest->plan->pool, x, &node->y, pooled,
                                 scratch);
    if (run > 0)
      best = MIN (best, get_seconds () - before);
  }
  free (scratch);
  return best;
}

static char *
name_way (const RunetConvolutionClass *class, guint way) {
  return g_strdup_printf ("%s %u", class->algorithm, way);
}

/* @kept: (nullable): the only way to try, without measuring. */
static void
enter (Contest *contest, const RunetConvolutionClass *class, const char *kept) {
  const RunetConvolutionShape *shape = &contest->node->convolution->shape;
  const guint workers = runet_pool_get_workers (contest->plan->pool);
  guint ways = 1;
  for (guint way = 0; way < ways; way++) {
    g_autofree char *name = name_way (class, way);
    RunetConvolution *convolution = class->new_ (shape, FALSE, workers);
    ways = class->count_ways != NULL ? class->count_ways (convolution) : 1;
    if (class->choose_way != NULL)
      class->choose_way (convolution, way);
    const gboolean wanted = kept == NULL || g_str_equal (kept, name);
    const double seconds =
        !wanted ? G_MAXDOUBLE : kept != NULL ? 0 : measure (contest, convolution);
    if (seconds < contest->seconds * MARGIN) {
      if (contest->best != NULL)
        contest->best->class->free (contest->best);
      contest->best = g_steal_pointer (&convolution);
      contest->seconds = seconds;
      g_free (contest->way);
      contest->way = g_steal_pointer (&name);
    }
    if (convolution != NULL)
      class->free (convolution);
  }
}

static void
enter_all (Contest *contest, const char *kept) {
  const RunetConvolutionShape *shape = &contest->node->convolution->shape;
  enter (contest, &runet_convolution_winograd, kept);
  if (shape->n * shape->h * shape->w <= DIRECT_PIXELS)
    enter (contest, &runet_convolution_direct, kept);
}

static void
choose (RunetPlan *plan, RunetPlanNode *node, const char *machine) {
  const RunetConvolutionShape *s = &node->convolution->shape;
  g_autofree char *layer = g_strdup_printf (
      "%" G_GSIZE_FORMAT "x%" G_GSIZE_FORMAT "x%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT
      "-%" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "%s%s",
      s->n, s->h, s->w, s->in_channels, s->out_channels, s->split,
      s->doubled ? "-doubled" : "", node->pool >= 0 ? "-pooled" : "");
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
    node->class = contest.best->class;
  }
  g_free (contest.way);
}

void
runet_plan_choose (RunetPlan *plan) {
  g_autofree char *machine =
      g_strdup_printf ("%s %s %s, %u", RUNET_VERSION, openblas_get_corename (),
                       runet_kernels_get ()->name, runet_pool_get_workers (plan->pool));
  for (guint i = 0; i < plan->count; i++)
    if (plan->nodes[i].class == &runet_convolution_winograd)
      choose (plan, &plan->nodes[i], machine);
  runet_choices_save ();
}
