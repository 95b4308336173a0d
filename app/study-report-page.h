/* Pages of the report of a study, and how text stands on them. Private to the report. */
#pragma once

#include <cairo.h>
#include "core/exchange/export.h"

G_BEGIN_DECLS

/* A4 in points. */
#define RUNET_PAPER_WIDTH 595.0
#define RUNET_PAPER_HEIGHT 842.0
#define RUNET_PAPER_MARGIN 48.0
#define RUNET_PAPER_INNER (RUNET_PAPER_WIDTH - 2 * RUNET_PAPER_MARGIN)
/* Nothing of a page's content stands below. */
#define RUNET_PAPER_BOTTOM (RUNET_PAPER_HEIGHT - 66.0)

/* @y: where the next line goes; @number: of the page, from 1. @title: at the foot of every page. */
typedef struct {
  cairo_t *cr;
  double y;
  guint number;
  char *title;
} RunetPaper;

typedef enum {
  RUNET_INK_TEXT,
  RUNET_INK_DIM,
  RUNET_INK_FINAL,
  RUNET_INK_MODEL
} RunetInk;
typedef enum { RUNET_ALIGN_LEFT, RUNET_ALIGN_RIGHT } RunetAlign;

void
runet_paper_set_ink (RunetPaper *self, RunetInk ink);
/* Ends the page that is open, with its foot, and starts another. */
void
runet_paper_turn (RunetPaper *self);
/* The foot of the last page. */
void
runet_paper_end (RunetPaper *self);
/* One line at (@x, @y); what is longer than @width ends with an ellipsis. */
void
runet_paper_text (RunetPaper *self,
                  double x,
                  double y,
                  double width,
                  double size,
                  gboolean bold,
                  RunetAlign align,
                  const char *text);
/* A paragraph over the whole width at the page's y, which moves on. */
void
runet_paper_paragraph (RunetPaper *self, double size, const char *text);
void
runet_paper_heading (RunetPaper *self, double size, const char *text);
/* A thin line over the whole width. */
void
runet_paper_rule (RunetPaper *self);

/* "12.3", or a dash; (transfer full). */
char *
runet_paper_number (double value, int decimals) G_GNUC_WARN_UNUSED_RESULT;
/* The same with its sign. */
char *
runet_paper_difference (double value, int decimals) G_GNUC_WARN_UNUSED_RESULT;
/* "6 October 2019, 12:00" as this place has it; a dash of NULL. */
char *
runet_paper_time (GDateTime *time) G_GNUC_WARN_UNUSED_RESULT;

/* study-report-tables.c: the title page, and the patients. */
void
runet_study_report_title (RunetPaper *paper, const RunetVersions *versions);
void
runet_study_report_patients (RunetPaper *paper, const RunetVersions *versions);
/* study-report-picture.c: ED and ES beside each other. @patient, @frames: (nullable) (element-type
 * RunetCorrectedFrame). */
void
runet_study_report_pictures (RunetPaper *paper,
                             const RunetPatient *patient,
                             RunetView view,
                             const GPtrArray *frames);
/* study-report-case.c: pages of one case each. What cannot be read is said on the page. */
void
runet_study_report_version (RunetPaper *paper,
                            RunetVersions *versions,
                            const RunetVersion *version);
void
runet_study_report_rejected (RunetPaper *paper, const RunetLeftOut *rejected);

G_END_DECLS
