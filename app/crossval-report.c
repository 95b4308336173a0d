/* The tables of `runet crossval` beside the paper's, for people. */
#include "crossval-report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core/echo/file.h"
#include "text-table.h"

static const char *const figure_columns[] = {
    "",       "prms", "folds", "images",    "endo MAD", "endo HD", "epi MAD",
    "epi HD", "geo",  "ana",   "endo Dice", "epi Dice", NULL,
};

/* ---- The paper's tables ---- */

static void
add_mean_sd (RunetTextTable *text, int decimals, double mean, double sd) {
  if (!isfinite (mean))
    runet_text_table_add (text, "–");
  else if (!isfinite (sd))
    runet_text_table_add (text, "%.*f", decimals, mean);
  else
    runet_text_table_add (text, "%.*f ± %.*f", decimals, mean, decimals, sd);
}

static void
add_outliers (RunetTextTable *text, guint count, guint images) {
  if (images > 0)
    runet_text_table_add (text, "%u, %.1f %%", count, 100.0 * count / images);
  else
    runet_text_table_add (text, "–");
}

static void
add_found (RunetTextTable *text,
           const RunetCrossvalTable *table,
           guint stage,
           const char *name) {
  const RunetCrossvalRow *row = &table->rows[stage];
  const RunetCrossvalResult *first = table->results->pdata[0];
  runet_text_table_begin_row (text);
  runet_text_table_add (text, "%s", name);
  runet_text_table_add (text, "%.1fM", (double)first->parameters * 1e-6);
  runet_text_table_add (text, "%u of %u", table->results->len, table->folds);
  runet_text_table_add (text, "%u", row->images);
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES; s++) {
    add_mean_sd (text, 2, row->mad_mm[s].mean, row->mad_mm[s].sd);
    add_mean_sd (text, 2, row->hd_mm[s].mean, row->hd_mm[s].sd);
  }
  add_outliers (text, row->geometrical, row->images);
  add_outliers (text, row->anatomical, row->images);
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES; s++)
    add_mean_sd (text, 3, row->dice[s].mean, row->dice[s].sd);
}

static void
add_paper_outliers (RunetTextTable *text, guint count, double percent) {
  if (!isfinite (percent))
    runet_text_table_add (text, "–");
  else if (count > 0)
    runet_text_table_add (text, "%u, %g %%", count, percent);
  else
    runet_text_table_add (text, "%g %%", percent);
}

static void
add_paper (RunetTextTable *text, const RunetPaperRow *row) {
  runet_text_table_begin_row (text);
  runet_text_table_add (text, "  paper%s%s", row->words != NULL ? ": " : "",
                        row->words != NULL ? row->words : "");
  runet_text_table_add (text, "%s", row->parameters);
  runet_text_table_add (text, "10 of 10");
  runet_text_table_add (text, "2000");
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES; s++) {
    add_mean_sd (text, 1, row->mad_mm[s][0], row->mad_mm[s][1]);
    add_mean_sd (text, 1, row->hd_mm[s][0], row->hd_mm[s][1]);
  }
  add_paper_outliers (text, row->geometrical, row->geometrical_percent);
  add_paper_outliers (text, row->anatomical, row->anatomical_percent);
}

/* Table II has each method's last output, the others all that have one. */
static void
add_method (RunetTextTable *text, const RunetCrossvalTable *table) {
  const RunetMethod *method = table->method;
  guint first = method->place == RUNET_METHOD_TABLE_2 ? table->stages - 1 : 0;
  for (guint k = first; k < table->stages; k++) {
    g_autofree char *name =
        first + 1 == table->stages
            ? g_strdup (method->title)
            : g_strdup_printf ("%s, output %u", method->title, k + 1);
    add_found (text, table, k, name);
    const RunetPaperRow *paper = runet_paper_row_find (method->name, k + 1);
    if (paper != NULL)
      add_paper (text, paper);
  }
}

static void
append_heading (GString *out, RunetTextFormat format, const char *heading) {
  if (format == RUNET_TEXT_MARKDOWN)
    g_string_append_printf (out, "## %s\n\n", heading);
  else
    g_string_append_printf (out, "%s\n", heading);
}

static void
append_place (GString *out,
              RunetTextFormat format,
              const GPtrArray *tables,
              RunetMethodPlace place,
              const char *heading) {
  g_autoptr (RunetTextTable) text = runet_text_table_new (figure_columns);
  gboolean any = FALSE;
  for (guint i = 0; i < tables->len; i++) {
    const RunetCrossvalTable *table = tables->pdata[i];
    if (table->method->place != place)
      continue;
    add_method (text, table);
    any = TRUE;
  }
  if (!any)
    return;
  append_heading (out, format, heading);
  runet_text_table_append (text, out, format);
  g_string_append_c (out, '\n');
}

/* ---- From the first output to the last ---- */

static void
add_refinement (RunetTextTable *text, const RunetCrossvalTable *table) {
  guint last = table->stages - 1;
  const RunetCrossvalRow *a = &table->rows[0], *b = &table->rows[last];
  runet_text_table_begin_row (text);
  runet_text_table_add (text, "%s", table->method->title);
  for (guint s = 0; s < RUNET_TABLE_STRUCTURES; s++) {
    runet_text_table_add (text, "%.3f → %.3f", a->mad_mm[s].mean, b->mad_mm[s].mean);
    if (isfinite (table->refinement[s].p))
      runet_text_table_add (text, "%.2g", table->refinement[s].p);
    else
      runet_text_table_add (text, "–");
  }
  runet_text_table_add (text, "%u → %u", a->geometrical, b->geometrical);
  runet_text_table_add (text, "%u → %u", a->anatomical, b->anatomical);
}

static void
append_refinement (GString *out, RunetTextFormat format, const GPtrArray *tables) {
  static const char *const columns[] = {"",  "endo MAD, mm", "p",   "epi MAD, mm",
                                        "p", "geo",          "ana", NULL};
  g_autoptr (RunetTextTable) text = runet_text_table_new (columns);
  gboolean any = FALSE;
  for (guint i = 0; i < tables->len; i++) {
    const RunetCrossvalTable *table = tables->pdata[i];
    if (table->stages < 2)
      continue;
    add_refinement (text, table);
    any = TRUE;
  }
  if (!any)
    return;
  append_heading (out, format, "From the first output to the last");
  g_string_append (out,
                   "p: Wilcoxon signed-rank test, two-sided, of the patients' mean "
                   "MAD.\n\n");
  runet_text_table_append (text, out, format);
  g_string_append_c (out, '\n');
}

/* ---- How it was made ---- */

static char *
format_range (guint least, guint most) {
  return least == most ? g_strdup_printf ("%u", least)
                       : g_strdup_printf ("%u – %u", least, most);
}

static void
add_region (RunetTextTable *text, const RunetHyperparameters *net) {
  if (net->architecture == RUNET_ARCHITECTURE_UNET1 ||
      net->architecture == RUNET_ARCHITECTURE_SHG)
    runet_text_table_add (text, "–");
  else if (net->architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION)
    runet_text_table_add (text, "%u + %u + %u, %g", net->dilations[0],
                          net->dilations[1], net->dilations[2], (double)net->shift);
  else
    runet_text_table_add (text, "%u, %g", net->dilation, (double)net->shift);
}

static void
add_training (RunetTextTable *text, const RunetCrossvalTable *table) {
  const RunetCrossvalResult *first = table->results->pdata[0];
  guint epochs[2] = {G_MAXUINT, 0}, best[2] = {G_MAXUINT, 0}, absent = 0;
  double seconds = 0;
  for (guint i = 0; i < table->results->len; i++) {
    const RunetCrossvalResult *result = table->results->pdata[i];
    epochs[0] = MIN (epochs[0], result->epochs);
    epochs[1] = MAX (epochs[1], result->epochs);
    best[0] = MIN (best[0], result->best_epoch);
    best[1] = MAX (best[1], result->best_epoch);
    absent += result->absent[RUNET_FOLD_TESTING];
    seconds += result->training_seconds;
  }
  g_autofree char *run = format_range (epochs[0], epochs[1]);
  g_autofree char *chosen = format_range (best[0], best[1]);
  g_autofree char *taken = runet_duration_to_string (seconds);
  g_autofree char *missing = runet_crossval_table_list_missing (table);
  const RunetHyperparameters *net = &first->settings.hyperparameters;
  runet_text_table_begin_row (text);
  runet_text_table_add (text, "%s", table->method->title);
  add_region (text, net);
  runet_text_table_add (text, "%s", missing != NULL ? missing : "none");
  runet_text_table_add (text, "%u", absent);
  runet_text_table_add (text, "%s of %u", run, first->settings.epochs);
  runet_text_table_add (text, "%s", chosen);
  runet_text_table_add (text, "%u", first->settings.seed);
  runet_text_table_add (text, "%zu", net->input_size);
  runet_text_table_add (text, "%u", first->settings.batch);
  runet_text_table_add (text, "%s", taken);
}

/* Each engine that a job was done on, once. */
static void
append_engines (GString *out, RunetTextFormat format, const GPtrArray *tables) {
  g_autoptr (GHashTable) told = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < tables->len; i++) {
    const GPtrArray *results = ((RunetCrossvalTable *)tables->pdata[i])->results;
    for (guint r = 0; r < results->len; r++) {
      char *engine = ((RunetCrossvalResult *)results->pdata[r])->engine;
      if (g_hash_table_add (told, engine))
        g_string_append_printf (out, "%sEngine: %s\n",
                                format == RUNET_TEXT_MARKDOWN ? "- " : "", engine);
    }
  }
  g_string_append_c (out, '\n');
}

/* Who chose the epoch where nobody of the list for validation was there. */
static void
append_borrowed (GString *out, const GPtrArray *tables) {
  g_autoptr (GHashTable) told = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < tables->len; i++) {
    const GPtrArray *results = ((RunetCrossvalTable *)tables->pdata[i])->results;
    for (guint r = 0; r < results->len; r++) {
      const RunetCrossvalResult *result = results->pdata[r];
      if (result->borrowed > 0 &&
          g_hash_table_add (told, GUINT_TO_POINTER (result->fold)))
        g_string_append_printf (
            out,
            "Fold %u: all %u patients for validation are absent; %u "
            "of those for training chose the epoch, and were not "
            "learned from.\n",
            result->fold, result->absent[RUNET_FOLD_VALIDATION], result->borrowed);
    }
  }
  if (g_hash_table_size (told) > 0)
    g_string_append_c (out, '\n');
}

static void
append_training (GString *out, RunetTextFormat format, const GPtrArray *tables) {
  static const char *const columns[] = {"",
                                        "dilation, shift",
                                        "folds missing",
                                        "tested patients absent",
                                        "epochs",
                                        "best epoch",
                                        "seed",
                                        "input",
                                        "batch",
                                        "time",
                                        NULL};
  g_autoptr (RunetTextTable) text = runet_text_table_new (columns);
  for (guint i = 0; i < tables->len; i++)
    add_training (text, tables->pdata[i]);
  append_heading (out, format, "How it was made");
  g_string_append (out, "Dilations are in pixels of the input: the paper's, of 256, in "
                        "proportion. Time: of all folds together, training alone.\n\n");
  runet_text_table_append (text, out, format);
  g_string_append_c (out, '\n');
  append_engines (out, format, tables);
  append_borrowed (out, tables);
}

/* What the options must be for the same settings. */
static char *
format_command (const RunetCrossvalTable *table) {
  const RunetCrossvalResult *first = table->results->pdata[0];
  const RunetTrainingSettings *settings = &first->settings;
  g_autofree char *missing = runet_crossval_table_list_missing (table);
  GString *line = g_string_new (NULL);
  g_string_append_printf (
      line,
      "runet crossval DATASET --folds FOLDS --output OUTPUT --methods %s --input-size "
      "%zu --epochs %u --batch %u --learning-rate %g --patience %u --stop-after %u "
      "--seed %u%s",
      table->method->name, settings->hyperparameters.input_size, settings->epochs,
      settings->batch, settings->learning_rate, settings->patience,
      settings->stop_after, settings->seed, settings->augment ? " --augment" : "");
  for (guint i = 0; missing != NULL && i < table->results->len; i++)
    g_string_append_printf (line, "%s%u", i == 0 ? " --fold " : ",",
                            ((RunetCrossvalResult *)table->results->pdata[i])->fold);
  return g_string_free (line, FALSE);
}

static void
append_commands (GString *out, RunetTextFormat format, const GPtrArray *tables) {
  append_heading (out, format, "Commands");
  for (guint i = 0; i < tables->len; i++) {
    g_autofree char *line = format_command (tables->pdata[i]);
    g_string_append_printf (out, "%s%s\n",
                            format == RUNET_TEXT_MARKDOWN ? "    " : "  ", line);
  }
}

static char *
format_report (const GPtrArray *tables, RunetTextFormat format) {
  GString *out = g_string_new (NULL);
  if (format == RUNET_TEXT_MARKDOWN)
    g_string_append (out, "# Cross-validation as in the paper\n\n");
  g_string_append (out, "MAD and HD in mm, mean ± standard deviation over the images; "
                        "outliers as count and share of the images.\n\n");
  append_place (out, format, tables, RUNET_METHOD_TABLE_2,
                "Table II: geometrical performance and outliers");
  append_place (out, format, tables, RUNET_METHOD_TABLE_3,
                "Table III: refinement with dilation 30 and shift 0.7");
  append_place (out, format, tables, RUNET_METHOD_DISCUSSION,
                "The alternatives of the Discussion");
  append_refinement (out, format, tables);
  append_training (out, format, tables);
  append_commands (out, format, tables);
  return g_string_free (out, FALSE);
}

gboolean
runet_crossval_report_print (const char *command,
                             const char *folder,
                             const char *markdown,
                             gboolean json,
                             guint *failed,
                             GError **error) {
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) tables = runet_crossval_tables_read (folder, &problems, error);
  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < problems->len; i++)
    runet_command_warn (command, "left out: %s", (char *)problems->pdata[i]);
  *failed += problems->len;
  if (json)
    runet_crossval_report_print_json (tables, problems);
  else if (tables->len > 0) {
    g_autofree char *text = format_report (tables, RUNET_TEXT_PLAIN);
    fputs (text, stdout);
  }
  if (markdown == NULL || tables->len == 0)
    return TRUE;
  g_autofree char *text = format_report (tables, RUNET_TEXT_MARKDOWN);
  return runet_file_replace (markdown, (const guint8 *)text, strlen (text), error);
}
