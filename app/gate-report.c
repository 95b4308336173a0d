/* A verdict of the gate as lines for people. */
#include "gate-report.h"

#include <math.h>

/* Of the cases that got worse, and of those that got better. */
#define CASES_TOLD 5

/* What tells something: Dice, mm, percent. */
static int
get_decimals (RunetGateMeasure measure) {
  return measure < RUNET_GATE_MAD_ENDO ? 3 : measure < RUNET_GATE_EF_BIAS ? 2 : 1;
}

static char *
format (double value, int decimals) {
  return isfinite (value) ? g_strdup_printf ("%.*f", decimals, value) : g_strdup ("-");
}

static void
print_figures (const RunetGate *gate) {
  g_print ("%-30s %10s %10s %10s %7s\n", "", "parent", "candidate", "difference", "p");
  for (guint m = 0; m < RUNET_GATE_MEASURES; m++) {
    const RunetGateFigure *figure = &gate->figures[m];
    const int decimals = get_decimals (m);
    const double gain = figure->candidate - figure->parent;
    g_autofree char *parent = format (figure->parent, decimals);
    g_autofree char *candidate = format (figure->candidate, decimals);
    g_autofree char *difference =
        isfinite (gain) ? g_strdup_printf ("%+.*f", decimals, gain) : g_strdup ("-");
    g_autofree char *p = format (figure->p, 3);
    g_print ("%-30s %10s %10s %10s %7s%s\n", runet_gate_limits[m].name, parent,
             candidate, difference, p, figure->failed ? "  too much worse" : "");
  }
}

static void
print_cases (const RunetGate *gate) {
  guint count = gate->cases->len;
  if (count > 0)
    g_print ("\nmean Dice of endo and epi\n");
  for (guint i = 0; i < count; i++) {
    if (i >= CASES_TOLD && i + CASES_TOLD < count)
      continue;
    const RunetGateCase *one = gate->cases->pdata[i];
    g_print ("%-30s %10.3f %10.3f %+10.3f  %s%s\n", one->name, one->parent,
             one->candidate, one->candidate - one->parent,
             one->candidate < one->parent ? "worse" : "better",
             one->candidate_outlier ? ", an outlier" : "");
  }
}

void
runet_gate_report_print (const RunetGate *gate) {
  g_return_if_fail (gate != NULL);
  print_figures (gate);
  print_cases (gate);
  for (guint i = 0; i < gate->reasons->len; i++)
    g_print ("stopped by the gate: %s\n", (const char *)gate->reasons->pdata[i]);
}
