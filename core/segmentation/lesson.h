/* What a view would teach the network, were it corrected: the order of a queue for active learning.
 *
 * A correction teaches about all views that look like it. So the gain that is expected of a view is by how much it
 * brings the views that the network probably has wrong nearer to something that it learned from: the facility-location
 * objective, Wei, Iyer & Bilmes, "Submodularity in data subset selection and active learning", ICML 2015, each view
 * weighted by its expected error. Where a second view has the same fault, the first has taught it already. */
#pragma once

#include "frame-result.h"

G_BEGIN_DECLS

/* The image is divided into that many rows and columns, for ED and for ES. */
#define RUNET_LESSON_SIDE 12
#define RUNET_LESSON_CELLS \
  (RUNET_INSTANTS * (RUNET_LABELS - 1) * RUNET_LESSON_SIDE * RUNET_LESSON_SIDE)

/**
 * RunetLesson: one view
 * @error: how wrong the network probably is, 0 … 1: from the graded signs and the anatomical limits, never from an
 *   expert's mask
 * @shape: what the last stage sees and where: the share of each cell that is LV, myocardium and LA
 */
typedef struct {
  double error;
  float shape[RUNET_LESSON_CELLS];
} RunetLesson;

/* @results: of ED and ES, each (nullable); with neither there is nothing to be learned and @error is 0. */
void
runet_lesson_init (RunetLesson *lesson,
                   RunetFrameResult *const results[RUNET_INSTANTS]);

/**
 * runet_lessons_order:
 * @known: (nullable): @known_count views that were learned from
 * @order: (out): @count indices into @lessons, the one that teaches most first
 * @gains: (out) (nullable): @count values of 0 … 1, of @lessons[@order[i]] when its turn came: the part of all that
 *   was to be learned
 *
 * Greedy: each next one is the one with the largest gain given those before it, for the first 256; whoever has corrected
 * that many has another model. Of very many views, the 512 with the largest errors stand for all that is to be learned.
 */
void
runet_lessons_order (const RunetLesson *lessons,
                     gsize count,
                     const RunetLesson *known,
                     gsize known_count,
                     guint *order,
                     double *gains);

G_END_DECLS
