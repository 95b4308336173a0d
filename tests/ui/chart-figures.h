/* Charts of figures made up, for the tests of charts. */
#pragma once

#include "ui/chart-kinds.h"

G_BEGIN_DECLS

#define PAIRS 24

typedef struct {
  double values[PAIRS], references[PAIRS];
  char *names[PAIRS];
  RunetChartSubject subjects[PAIRS];
} Figures;

/* Of both stages. */
extern const RunetSeries figures_stages[2];

void
figures_init (Figures *self);
void
figures_clear (Figures *self);
RunetPairs
figures_make_pairs (const Figures *figures);
RunetChart *
figures_make_bars (void);
/* @kind: 0 … 4, in the order of the picture: scatter, Bland–Altman, box plot, bars, curves. */
RunetChart *
figures_make_chart (const Figures *figures, guint kind);

G_END_DECLS
