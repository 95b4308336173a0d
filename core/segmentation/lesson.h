/* What a view would teach the network, were it corrected: the order of a queue for active learning.
 *
 * The gain that is expected of a view is how wrong the network probably is there, times how little it looks like
 * what was learned from already or comes before it: two views with the same fault teach it once. Settles & Craven,
 * "An analysis of active learning strategies for sequence labeling tasks", EMNLP 2008, call it information density;
 * here it weighs against what is near, not for it. */
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
 * @gains: (out) (nullable): @count values of 0 … 1, of @lessons[@order[i]] when its turn came
 *
 * Greedy: each next one is the one with the largest gain given those before it. O(@count²) distances.
 */
void
runet_lessons_order (const RunetLesson *lessons,
                     gsize count,
                     const RunetLesson *known,
                     gsize known_count,
                     guint *order,
                     double *gains);

G_END_DECLS
