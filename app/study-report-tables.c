/* The title page of the report of a study, and what its corrections changed in each patient. */
#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "study-report-page.h"

#define ROW 15.0

/* ---- Title page ---- */

static void
add_fact (RunetPaper *paper, const char *name, const char *value) {
  paper->y += 16;
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  runet_paper_text (paper, RUNET_PAPER_MARGIN, paper->y, 110, 9, FALSE,
                    RUNET_ALIGN_LEFT, name);
  runet_paper_set_ink (paper, RUNET_INK_TEXT);
  runet_paper_text (paper, RUNET_PAPER_MARGIN + 116, paper->y, RUNET_PAPER_INNER - 116,
                    9, FALSE, RUNET_ALIGN_LEFT, value);
}

static void
add_count (RunetPaper *paper, const char *name, guint count) {
  g_autofree char *text = g_strdup_printf ("%u", count);
  paper->y += ROW;
  runet_paper_set_ink (paper, RUNET_INK_TEXT);
  runet_paper_text (paper, RUNET_PAPER_MARGIN, paper->y, 220, 9, FALSE,
                    RUNET_ALIGN_LEFT, name);
  runet_paper_text (paper, RUNET_PAPER_MARGIN + 220, paper->y, 60, 9, FALSE,
                    RUNET_ALIGN_RIGHT, text);
}

static guint
count_versions (const RunetVersions *versions,
                RunetReviewStatus status,
                gboolean finished) {
  guint count = 0;
  for (guint i = 0; i < versions->versions->len; i++) {
    const RunetVersion *version = versions->versions->pdata[i];
    count += version->finished == finished && (!finished || version->status == status);
  }
  return count;
}

static gboolean
is_rejected (const RunetLeftOut *one) {
  return one->state != NULL && !one->state->disputed &&
         one->state->status == RUNET_REVIEW_REJECTED;
}

static void
add_counts (RunetPaper *paper, const RunetVersions *versions) {
  guint rejected = 0, disputed = 0, unseen = 0;
  for (guint i = 0; i < versions->left_out->len; i++) {
    const RunetLeftOut *one = versions->left_out->pdata[i];
    const gboolean is_disputed = one->state != NULL && one->state->disputed;
    rejected += is_rejected (one);
    disputed += is_disputed;
    unseen += !is_rejected (one) && !is_disputed;
  }
  const guint unfinished = count_versions (versions, RUNET_REVIEW_NONE, FALSE);
  runet_paper_heading (paper, 12, _ ("Views"));
  paper->y += 4;
  add_count (paper, _ ("Accepted as the model drew them"),
             count_versions (versions, RUNET_REVIEW_ACCEPTED, TRUE));
  add_count (paper, _ ("Corrected and accepted"),
             count_versions (versions, RUNET_REVIEW_CORRECTED, TRUE));
  if (unfinished > 0)
    add_count (paper, _ ("Corrected, not accepted yet"), unfinished);
  add_count (paper, _ ("Rejected"), rejected);
  if (disputed > 0)
    add_count (paper, _ ("Disputed between readers"), disputed);
  add_count (paper, _ ("Not reviewed"), unseen);
}

/* What all versions say of themselves, each once. */
static char *
join (const RunetVersions *versions, gboolean models) {
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < versions->versions->len; i++) {
    const RunetVersion *version = versions->versions->pdata[i];
    const char *one = models ? version->model : version->author;
    if (one == NULL || g_ptr_array_find_with_equal_func (seen, one, g_str_equal, NULL))
      continue;
    /* Twelve digits of a hash tell models apart. */
    g_string_append_printf (text, "%s%.*s", seen->len > 0 ? ", " : "",
                            models ? 12 : (int)strlen (one), one);
    g_ptr_array_add (seen, (gpointer)one);
  }
  return g_string_free (text, FALSE);
}

void
runet_study_report_title (RunetPaper *paper, const RunetVersions *versions) {
  g_autofree char *readers = join (versions, FALSE);
  g_autofree char *models = join (versions, TRUE);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = runet_paper_time (now);
  runet_paper_turn (paper);
  paper->y += 34;
  runet_paper_heading (paper, 22, _ ("Review of a study"));
  paper->y += 14;
  if (versions->dataset != NULL)
    add_fact (paper, _ ("Data set"), versions->dataset->path);
  add_fact (paper, _ ("Record"), runet_journal_get_path (versions->journal));
  add_fact (paper, _ ("Readers"), readers);
  add_fact (paper, _ ("Models (SHA-256)"), *models != '\0' ? models : "–");
  add_fact (paper, _ ("Date of this report"), time);
  paper->y += 12;
  add_counts (paper, versions);
  paper->y += 22;
  runet_paper_set_ink (paper, RUNET_INK_TEXT);
  runet_paper_paragraph (
      paper, 9,
      _ ("For research only. Not a medical device: do not use it for diagnosis or "
         "treatment."));
  paper->y += 4;
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  runet_paper_paragraph (paper, 9,
                         _ ("Volumes by Simpson’s method of discs, of the views that "
                            "were accepted: biplane "
                            "where there are two, else of one plane. EF changes by "
                            "percentage points."));
}

/* ---- Patients ---- */

typedef struct {
  const char *name;
  double x, width;
  RunetAlign align;
} Column;

static const Column columns[] = {
    {N_ ("Patient"), 0, 118, RUNET_ALIGN_LEFT},
    {N_ ("Views"), 122, 52, RUNET_ALIGN_LEFT},
    {N_ ("EDV, ml"), 176, 46, RUNET_ALIGN_RIGHT},
    {N_ ("change"), 224, 42, RUNET_ALIGN_RIGHT},
    {N_ ("ESV, ml"), 270, 46, RUNET_ALIGN_RIGHT},
    {N_ ("change"), 318, 42, RUNET_ALIGN_RIGHT},
    {N_ ("EF, %"), 364, 40, RUNET_ALIGN_RIGHT},
    {N_ ("change"), 406, 42, RUNET_ALIGN_RIGHT},
};

static void
add_cell (RunetPaper *paper, guint column, gboolean bold, const char *text) {
  const Column *at = &columns[column];
  runet_paper_text (paper, RUNET_PAPER_MARGIN + at->x, paper->y, at->width, 8.5, bold,
                    at->align, text);
}

static void
add_heads (RunetPaper *paper) {
  paper->y += 22;
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    add_cell (paper, i, TRUE, _ (columns[i].name));
  paper->y += 5;
  runet_paper_rule (paper);
}

/* A figure and how far the corrections moved it. */
static void
add_pair (RunetPaper *paper, guint column, double final, double model, int decimals) {
  g_autofree char *number = runet_paper_number (final, decimals);
  g_autofree char *change = runet_paper_difference (final - model, decimals);
  runet_paper_set_ink (paper, RUNET_INK_TEXT);
  add_cell (paper, column, FALSE, number);
  if (strcmp (change, "0") == 0)
    runet_paper_set_ink (paper, RUNET_INK_DIM);
  add_cell (paper, column + 1, FALSE, change);
}

static void
add_patient (RunetPaper *paper, const RunetPatientVolumes *patient) {
  const RunetVolumes *final = &patient->volumes[RUNET_SIDE_FINAL];
  const RunetVolumes *model = &patient->volumes[RUNET_SIDE_MODEL];
  g_autofree char *name = runet_subject_display_name (patient->subject);
  g_autoptr (GString) views = g_string_new (NULL);
  for (guint i = 0; i < patient->versions->len; i++) {
    const RunetVersion *version = patient->versions->pdata[i];
    g_string_append_printf (views, "%s%s", i > 0 ? " " : "",
                            runet_view_to_string (version->subject.view));
  }
  paper->y += ROW;
  runet_paper_set_ink (paper, RUNET_INK_TEXT);
  add_cell (paper, 0, FALSE, name);
  add_cell (paper, 1, FALSE, views->str);
  for (guint k = 0; k < RUNET_INSTANTS; k++)
    add_pair (paper, 2 + 2 * k, final->volume_ml[k], model->volume_ml[k], 0);
  add_pair (paper, 6, final->ef_percent, model->ef_percent, 1);
}

void
runet_study_report_patients (RunetPaper *paper, const RunetVersions *versions) {
  g_autoptr (GPtrArray) patients = runet_versions_list_volumes (versions);
  /* On the title page where there is room for some of them. */
  if (paper->y + 6 * ROW > RUNET_PAPER_BOTTOM)
    runet_paper_turn (paper);
  if (patients->len > 0) {
    paper->y += 12;
    runet_paper_heading (paper, 12, _ ("Patients, and what corrections changed"));
    add_heads (paper);
  }
  for (guint i = 0; i < patients->len; i++) {
    if (paper->y + ROW > RUNET_PAPER_BOTTOM) {
      runet_paper_turn (paper);
      add_heads (paper);
    }
    add_patient (paper, patients->pdata[i]);
  }
}
