/* How long the worklist takes with 20,000 rows: filling, sorting, filtering, scrolling. To be run under an X
 * server: xvfb-run -a build/tests/ui/bench-worklist [PATIENTS] */
#include <stdlib.h>

#include "tests/bench/clock.h"
#include "tests/ui/many-cases.h"
#include "tests/ui/offscreen.h"
#include "ui/worklist.h"

#define ROUNDS 5

static int
compare_doubles (gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

typedef struct {
  double call[ROUNDS], cpu[ROUNDS], drawn[ROUNDS];
} Times;

static void
print (const char *what, Times *times) {
  qsort (times->call, ROUNDS, sizeof (double), compare_doubles);
  qsort (times->cpu, ROUNDS, sizeof (double), compare_doubles);
  qsort (times->drawn, ROUNDS, sizeof (double), compare_doubles);
  g_print ("%-28s %8.1f ms   of the processor %8.1f ms   drawn after %8.1f ms\n", what,
           times->call[ROUNDS / 2], times->cpu[ROUNDS / 2], times->drawn[ROUNDS / 2]);
}

static void
sort_by (RunetWorklist *list, const char *order) {
  Times times;
  g_autofree char *what = g_strdup_printf ("sort by %s", order);
  for (int round = 0; round < ROUNDS; round++) {
    g_object_set (list, "order", round % 2 ? "name" : "-name", NULL);
    gtk_test_widget_wait_for_draw (GTK_WIDGET (list));
    gint64 start = g_get_monotonic_time ();
    double before = cpu_ms ();
    g_object_set (list, "order", order, NULL);
    times.cpu[round] = cpu_ms () - before;
    times.call[round] = since_ms (start);
    gtk_test_widget_wait_for_draw (GTK_WIDGET (list));
    times.drawn[round] = since_ms (start);
  }
  print (what, &times);
}

static void
filter_by (RunetWorklist *list, const char *filter) {
  Times narrow, wide;
  const char *some[] = {filter, NULL}, *none[] = {NULL};
  g_autofree char *what = g_strdup_printf ("filter %s", filter);
  for (int round = 0; round < ROUNDS; round++) {
    gint64 start = g_get_monotonic_time ();
    double before = cpu_ms ();
    g_object_set (list, "filters", some, NULL);
    narrow.cpu[round] = cpu_ms () - before;
    narrow.call[round] = since_ms (start);
    gtk_test_widget_wait_for_draw (GTK_WIDGET (list));
    narrow.drawn[round] = since_ms (start);
    start = g_get_monotonic_time ();
    before = cpu_ms ();
    g_object_set (list, "filters", none, NULL);
    wide.cpu[round] = cpu_ms () - before;
    wide.call[round] = since_ms (start);
    gtk_test_widget_wait_for_draw (GTK_WIDGET (list));
    wide.drawn[round] = since_ms (start);
  }
  print (what, &narrow);
  print ("  and off", &wide);
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type) {
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  GtkWidget *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, type);
  return found;
}

/* Frames of a page each: the worst that a wheel or a dragged bar does. */
static void
scroll (RunetWorklist *list) {
  GtkWidget *scroller = find_widget (GTK_WIDGET (list), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  double page = gtk_adjustment_get_page_size (adjustment);
  double longest = 0, sum = 0;
  guint frames = 200;
  for (guint i = 0; i < frames; i++) {
    gint64 start = g_get_monotonic_time ();
    gtk_adjustment_set_value (adjustment, page * (i + 1));
    gtk_test_widget_wait_for_draw (GTK_WIDGET (list));
    double took = since_ms (start);
    longest = MAX (longest, took);
    sum += took;
  }
  g_print ("%-28s %8.1f ms a page, the longest %.1f ms (the frame clock's 16.7 ms are "
           "in it)\n",
           "scroll", sum / frames, longest);
}

int
main (int argc, char **argv) {
  gtk_test_init (&argc, &argv, NULL);
  guint patients = argc > 1 ? (guint)strtoul (argv[1], NULL, 10) : 10000;
  Many many;
  many_init (&many, patients);
  GtkWidget *list = runet_worklist_new ();
  runet_test_window_new (list, 340, 900);

  gint64 start = g_get_monotonic_time ();
  runet_worklist_set_cases (RUNET_WORKLIST (list), G_LIST_MODEL (many.cases));
  double call = since_ms (start);
  gtk_test_widget_wait_for_draw (list);
  g_print ("%u rows\n", g_list_model_get_n_items (G_LIST_MODEL (many.cases)));
  g_print ("%-28s %8.1f ms   drawn after %8.1f ms\n", "fill", call, since_ms (start));
  start = g_get_monotonic_time ();
  many_give_results (&many);
  g_print ("%-28s %8.1f ms\n", "results of all cases", since_ms (start));
  start = g_get_monotonic_time ();
  runet_worklist_results_changed (RUNET_WORKLIST (list));
  g_print ("%-28s %8.1f ms\n", "told so", since_ms (start));
  for (int order = 0; order < RUNET_ORDERS; order++) {
    g_autofree char *name = runet_order_to_string ((RunetOrder)order, FALSE);
    if (order != RUNET_ORDER_NAME)
      sort_by (RUNET_WORKLIST (list), name);
  }
  g_object_set (list, "order", "risk", NULL);
  filter_by (RUNET_WORKLIST (list), "outlier=yes");
  filter_by (RUNET_WORKLIST (list), "quality=poor");
  filter_by (RUNET_WORKLIST (list), "reason=jump");
  scroll (RUNET_WORKLIST (list));
  return 0;
}
