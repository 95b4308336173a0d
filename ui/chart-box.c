/* Box plots: groups of boxes beside each other. */
#include "chart-kinds.h"

#include <math.h>
#include <glib/gi18n-lib.h>

/* Of so many values at most each is drawn: more hide each other. */
#define FEW_VALUES 60
/* A place is 1 wide. Its boxes take this part of it, and each box this part of its share. */
#define PLACE_PART 0.84
#define BOX_PART 0.78
#define GROUP_GAP 0.5
/* Values are spread over this part of the width of a box, evenly by the golden ratio, so that the same values
 * always lie in the same places. */
#define SPREAD_PART 0.6
#define GOLDEN 0.6180339887498949

static guint
count_strings (const char *const *strings) {
  return g_strv_length ((char **)strings);
}

static double
place_of (const RunetBoxPlan *plan, guint group, guint place) {
  return group * (count_strings (plan->places) + GROUP_GAP) + place + 0.5;
}

static gboolean
is_outlier (const RunetBox *box, gsize value) {
  for (guint i = 0; i < box->outliers->len; i++)
    if (g_array_index (box->outliers, gsize, i) == value)
      return TRUE;
  return FALSE;
}

static void
add_values (RunetChart *chart,
            const RunetBoxPlan *plan,
            const RunetBoxCell *cell,
            const RunetBox *box,
            double x,
            double half_width) {
  const gboolean few = box->count <= FEW_VALUES;
  for (gsize i = 0; i < cell->count; i++) {
    const gboolean outlier = is_outlier (box, i);
    if (!few && !outlier)
      continue;
    const double spread = fmod ((double)i * GOLDEN, 1) - 0.5;
    g_autofree char *value = runet_scale_format (cell->values[i], plan->decimals);
    g_autofree char *text = g_strdup_printf (
        "%s: %s, %s, %s: %s", cell->subjects[i].name, plan->groups[cell->group],
        plan->places[cell->place], plan->series[cell->series].name, value);
    const RunetChartPoint point = {
        .x = x + (few ? spread * 2 * SPREAD_PART * half_width : 0),
        .y = cell->values[i],
        .series = cell->series,
        .item = cell->subjects[i].item,
        .text = text,
        .small = !outlier};
    runet_chart_add_point (chart, &point);
  }
}

static void
add_cell (RunetChart *chart, const RunetBoxPlan *plan, const RunetBoxCell *cell) {
  const double share = PLACE_PART / plan->n_series;
  const double x = place_of (plan, cell->group, cell->place) - PLACE_PART / 2 +
                   (cell->series + 0.5) * share;
  const double half_width = share * BOX_PART / 2;
  RunetBox *box = runet_box_new (cell->values, cell->count);
  runet_chart_add_box (chart, x, half_width, cell->series, box);
  add_values (chart, plan, cell, box, x, half_width);
}

static void
add_names (RunetChart *chart, const RunetBoxPlan *plan) {
  const guint groups = count_strings (plan->groups);
  const guint places = count_strings (plan->places);
  for (guint g = 0; g < groups; g++) {
    for (guint p = 0; p < places; p++) {
      const double x = place_of (plan, g, p);
      runet_chart_add_name (chart, x - 0.5, x + 0.5, 0, plan->places[p]);
    }
    g_autofree char *name =
        plan->sizes
            ? g_strdup_printf (_ ("%s (n = %u)"), plan->groups[g], plan->sizes[g])
            : g_strdup (plan->groups[g]);
    runet_chart_add_name (chart, place_of (plan, g, 0) - 0.5,
                          place_of (plan, g, places - 1) + 0.5, 1, name);
  }
}

/* A thing is in several boxes of its group; it counts once. @left_out: (out): things of which a value is
 * missing. */
static guint
count_subjects (const RunetBoxPlan *plan, guint *left_out) {
  guint count = 0;
  *left_out = 0;
  for (guint g = 0; g < count_strings (plan->groups); g++) {
    g_autoptr (GHashTable) all = g_hash_table_new (NULL, NULL);
    g_autoptr (GHashTable) incomplete = g_hash_table_new (NULL, NULL);
    for (gsize c = 0; c < plan->n_cells; c++)
      for (gsize i = 0; plan->cells[c].group == g && i < plan->cells[c].count; i++) {
        gpointer item = GUINT_TO_POINTER (plan->cells[c].subjects[i].item);
        g_hash_table_add (all, item);
        if (!isfinite (plan->cells[c].values[i]))
          g_hash_table_add (incomplete, item);
      }
    count += g_hash_table_size (all);
    *left_out += g_hash_table_size (incomplete);
  }
  return count;
}

static void
describe (RunetChart *chart, const RunetBoxPlan *plan) {
  g_autoptr (GString) summary = g_string_new (plan->title);
  for (guint i = 0; i < chart->boxes->len; i++) {
    const RunetBox *box = g_array_index (chart->boxes, RunetChartBox, i).box;
    const RunetBoxCell *cell = &plan->cells[i];
    g_autofree char *median = runet_scale_format (box->median, plan->decimals);
    g_string_append_printf (summary, _ (". %s, %s, %s: median %s of %zu"),
                            plan->groups[cell->group], plan->places[cell->place],
                            plan->series[cell->series].name, median, box->count);
  }
  guint left_out;
  const guint count = count_subjects (plan, &left_out);
  chart->note = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "n = %u image; left out of a box: %u. Box: median and quartiles; "
                   "whiskers: up to 1.5 IQR",
                   "n = %u images; left out of a box: %u. Box: median and quartiles; "
                   "whiskers: up to 1.5 IQR",
                   count),
      count, left_out);
  g_string_append_printf (summary, ". %s", chart->note);
  chart->summary = g_string_free (g_steal_pointer (&summary), FALSE);
}

RunetChart *
runet_chart_box_plot_new (const RunetBoxPlan *plan) {
  g_return_val_if_fail (plan != NULL && plan->n_series > 0, NULL);
  RunetChart *chart = runet_chart_new (plan->title, NULL, plan->y_title);
  for (guint i = 0; i < plan->n_series; i++)
    runet_chart_add_series (chart, &plan->series[i]);
  for (gsize i = 0; i < plan->n_cells; i++)
    add_cell (chart, plan, &plan->cells[i]);
  add_names (chart, plan);
  chart->y.floor = plan->floor;
  chart->y.ceiling = plan->ceiling;
  describe (chart, plan);
  return chart;
}
