/* A page of one case: its images with the contours, who decided what, and what was measured before and after. */
#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "study-report-page.h"

#define ROW 15.0
/* Comments: more of them are in the record. */
#define MOST_LINES 8
#define MOST_REASONS 16

static void
draw_key (RunetPaper *paper) {
  const double dash[] = {3, 2};
  const double x = RUNET_PAPER_MARGIN;
  paper->y += 14;
  cairo_set_line_width (paper->cr, 1.4);
  runet_paper_set_ink (paper, RUNET_INK_FINAL);
  cairo_move_to (paper->cr, x, paper->y - 3);
  cairo_rel_line_to (paper->cr, 22, 0);
  cairo_stroke (paper->cr);
  runet_paper_set_ink (paper, RUNET_INK_MODEL);
  cairo_set_dash (paper->cr, dash, 2, 0);
  cairo_move_to (paper->cr, x + 160, paper->y - 3);
  cairo_rel_line_to (paper->cr, 22, 0);
  cairo_stroke (paper->cr);
  cairo_set_dash (paper->cr, NULL, 0, 0);
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  runet_paper_text (paper, x + 27, paper->y, 125, 8, FALSE, RUNET_ALIGN_LEFT,
                    _ ("as corrected"));
  runet_paper_text (paper, x + 187, paper->y, 125, 8, FALSE, RUNET_ALIGN_LEFT,
                    _ ("as the model drew it"));
}

/* ---- Figures ---- */

static void
add_cell (RunetPaper *paper, guint column, const char *text) {
  runet_paper_text (paper, RUNET_PAPER_MARGIN + 150 + 59.0 * column, paper->y, 52, 8.5,
                    FALSE, RUNET_ALIGN_RIGHT, text);
}

static void
add_heads (RunetPaper *paper) {
  const char *const heads[] = {_ ("model"), _ ("final"), _ ("change")};
  paper->y += 20;
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  for (guint k = 0; k < RUNET_INSTANTS; k++)
    for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
      g_autofree char *text = g_strdup_printf (
          "%s %s", _ (runet_instant_to_string ((RunetInstant)k)), heads[i]);
      add_cell (paper, 3 * k + i, text);
    }
  paper->y += 5;
  runet_paper_rule (paper);
}

typedef enum {
  FIGURE_ENDO,
  FIGURE_EPI,
  FIGURE_LA,
  FIGURE_LENGTH,
  FIGURE_CONVEXITY
} Figure;

static double
read_figure (const RunetMeasuredFrame *frame, RunetSide side, Figure figure) {
  const RunetAnatomy *anatomy = frame->anatomy[side];
  const RunetDiscs *discs = &frame->discs[side];
  switch (figure) {
  case FIGURE_ENDO:
    return anatomy->area_mm2[RUNET_STRUCTURE_ENDO] / 100;
  case FIGURE_EPI:
    return anatomy->area_mm2[RUNET_STRUCTURE_EPI] / 100;
  case FIGURE_LA:
    return anatomy->area_mm2[RUNET_STRUCTURE_LA] / 100;
  case FIGURE_LENGTH:
    return discs->state == RUNET_DISCS_FOUND ? discs->length_mm : NAN;
  default:
    return anatomy->regularity[RUNET_STRUCTURE_ENDO].convexity;
  }
}

static void
add_figures (RunetPaper *paper, const RunetVersion *version) {
  const struct {
    const char *name;
    int decimals;
  } rows[] = {
      [FIGURE_ENDO] = {_ ("Area of LV, cm²"), 1},
      [FIGURE_EPI] = {_ ("LV and myocardium, cm²"), 1},
      [FIGURE_LA] = {_ ("Area of LA, cm²"), 1},
      [FIGURE_LENGTH] = {_ ("Length of LV, mm"), 1},
      [FIGURE_CONVEXITY] = {_ ("Convexity of LV"), 3},
  };
  add_heads (paper);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    paper->y += ROW;
    runet_paper_set_ink (paper, RUNET_INK_TEXT);
    runet_paper_text (paper, RUNET_PAPER_MARGIN, paper->y, 150, 8.5, FALSE,
                      RUNET_ALIGN_LEFT, rows[i].name);
    for (guint k = 0; k < RUNET_INSTANTS; k++) {
      const RunetMeasuredFrame *frame =
          runet_version_find_measured (version, (int)k, 0);
      if (frame == NULL)
        continue;
      const double model = read_figure (frame, RUNET_SIDE_MODEL, (Figure)i);
      const double final = read_figure (frame, RUNET_SIDE_FINAL, (Figure)i);
      g_autofree char *before = runet_paper_number (model, rows[i].decimals);
      g_autofree char *after = runet_paper_number (final, rows[i].decimals);
      g_autofree char *change =
          runet_paper_difference (final - model, rows[i].decimals);
      add_cell (paper, 3 * k, before);
      add_cell (paper, 3 * k + 1, after);
      add_cell (paper, 3 * k + 2, change);
    }
  }
}

/* ---- Words ---- */

static void
add_line (RunetPaper *paper, const char *text) {
  paper->y += 13;
  runet_paper_text (paper, RUNET_PAPER_MARGIN, paper->y, RUNET_PAPER_INNER, 9, FALSE,
                    RUNET_ALIGN_LEFT, text);
}

static void
add_reason (RunetPaper *paper,
            const RunetMeasuredFrame *frame,
            int side,
            const RunetReason *reason) {
  g_autofree char *words = runet_reason_to_string (reason);
  g_autofree char *text = g_strdup_printf (
      _ ("%s, %s: %s"), _ (runet_instant_to_string ((RunetInstant)frame->instant)),
      side == RUNET_SIDE_MODEL ? _ ("model") : _ ("final"), words);
  add_line (paper, text);
}

/* The reasons of one side; returns how many there were in all with the @lines before. */
static guint
add_reasons_of (RunetPaper *paper, const RunetVersion *version, int side, guint lines) {
  for (guint i = 0; i < version->measured->len; i++) {
    const RunetMeasuredFrame *frame = version->measured->pdata[i];
    const GArray *reasons = frame->instant >= 0 ? frame->anatomy[side]->reasons : NULL;
    for (guint r = 0; reasons != NULL && r < reasons->len; r++, lines++) {
      if (lines == 0)
        runet_paper_heading (paper, 10, _ ("Reasons"));
      runet_paper_set_ink (paper, RUNET_INK_TEXT);
      if (lines < MOST_REASONS)
        add_reason (paper, frame, side, &g_array_index (reasons, RunetReason, r));
    }
  }
  return lines;
}

/* What still makes the contours an outlier, and then what made those of the model one. */
static void
add_reasons (RunetPaper *paper, const RunetVersion *version) {
  guint lines = add_reasons_of (paper, version, RUNET_SIDE_FINAL, 0);
  lines = add_reasons_of (paper, version, RUNET_SIDE_MODEL, lines);
  if (lines <= MOST_REASONS)
    return;
  g_autofree char *more = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", lines - MOST_REASONS),
      lines - MOST_REASONS);
  add_line (paper, more);
}

static void
start_page (RunetPaper *paper, const RunetSubject *subject) {
  g_autofree char *name = runet_subject_display_name (subject);
  g_autofree char *heading =
      g_strdup_printf ("%s · %s", name, runet_view_to_string (subject->view));
  runet_paper_turn (paper);
  runet_paper_heading (paper, 14, heading);
  paper->y += 4;
}

static char *
describe_version (const RunetVersion *version) {
  g_autofree char *time = runet_paper_time (version->time);
  if (!version->finished)
    return g_strdup_printf (_ ("Corrected by %s, %s; not accepted yet"),
                            version->author, time);
  if (g_strcmp0 (version->role, RUNET_ROLE_ADJUDICATOR) == 0)
    return g_strdup_printf (_ ("Corrected and accepted by %s as adjudicator, %s"),
                            version->author, time);
  return g_strdup_printf (_ ("Corrected and accepted by %s, %s"), version->author,
                          time);
}

/* Tools, and frames of the sequence, which have no picture here. */
static void
add_work (RunetPaper *paper, const RunetVersion *version) {
  g_autoptr (GString) frames = g_string_new (NULL);
  for (guint i = 0; i < version->measured->len; i++) {
    const RunetMeasuredFrame *frame = version->measured->pdata[i];
    if (frame->instant < 0)
      g_string_append_printf (frames, "%s%d", frames->len > 0 ? ", " : "",
                              frame->frame);
  }
  g_autofree char *edits = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u edit", "%u edits", version->edits->len),
      version->edits->len);
  const guint seconds = (guint)fmin (round (version->seconds), G_MAXINT);
  g_autofree char *spent =
      seconds >= 60 ? g_strdup_printf (_ ("%s, %u min %u s of work"), edits,
                                       seconds / 60, seconds % 60)
      : seconds > 0 ? g_strdup_printf (_ ("%s, %u s of work"), edits, seconds)
                    : g_strdup (edits);
  add_line (paper, spent);
  if (frames->len > 0) {
    g_autofree char *text = g_strdup_printf (
        _ ("Frames of the sequence that were edited: %s"), frames->str);
    add_line (paper, text);
  }
}

void
runet_study_report_version (RunetPaper *paper,
                            RunetVersions *versions,
                            const RunetVersion *version) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) frames = runet_versions_read_frames (versions, version, &error);
  g_autofree char *decision = describe_version (version);
  start_page (paper, &version->subject);
  runet_paper_set_ink (paper, RUNET_INK_TEXT);
  add_line (paper, decision);
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  if (frames == NULL) {
    add_line (paper, error->message);
    return;
  }
  add_work (paper, version);
  runet_study_report_pictures (paper, version->patient, version->subject.view, frames);
  draw_key (paper);
  add_figures (paper, version);
  paper->y += 8;
  add_reasons (paper, version);
}

static const char *
describe_rejection (RunetRejection rejection) {
  switch (rejection) {
  case RUNET_REJECTION_POOR_IMAGE:
    return _ ("the image is too poor");
  case RUNET_REJECTION_WRONG_VIEW:
    return _ ("it is another view");
  case RUNET_REJECTION_BEYOND_REPAIR:
    return _ ("the contours are beyond repair");
  default:
    return _ ("another reason");
  }
}

void
runet_study_report_rejected (RunetPaper *paper, const RunetLeftOut *rejected) {
  start_page (paper, &rejected->subject);
  for (guint i = 0; i < rejected->state->readings->len; i++) {
    const RunetReading *reading = rejected->state->readings->pdata[i];
    if (reading->status != RUNET_REVIEW_REJECTED || reading->decision == NULL)
      continue;
    const RunetEvent *event = reading->decision;
    g_autofree char *time = runet_paper_time (event->time);
    g_autofree char *text =
        g_strdup_printf (_ ("Rejected by %s, %s: %s"), reading->author, time,
                         describe_rejection (event->rejection));
    runet_paper_set_ink (paper, RUNET_INK_TEXT);
    add_line (paper, text);
    runet_paper_set_ink (paper, RUNET_INK_DIM);
    if (event->text != NULL)
      add_line (paper, event->text);
  }
  runet_study_report_pictures (paper, rejected->patient, rejected->subject.view, NULL);
}
