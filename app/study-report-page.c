/* Pages of the report of a study, and how text stands on them. */
#include "study-report-page.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#define LINE_HEIGHT 1.4

void
runet_paper_set_ink (RunetPaper *self, RunetInk ink) {
  /* Okabe and Ito's vermilion and blue, which colour-blind people tell apart, and greys. */
  static const double inks[][3] = {
      [RUNET_INK_TEXT] = {0.1, 0.1, 0.1},
      [RUNET_INK_DIM] = {0.42, 0.42, 0.42},
      [RUNET_INK_FINAL] = {0.835, 0.369, 0},
      [RUNET_INK_MODEL] = {0.337, 0.706, 0.914},
  };
  cairo_set_source_rgb (self->cr, inks[ink][0], inks[ink][1], inks[ink][2]);
}

static double
measure (RunetPaper *self, const char *text) {
  cairo_text_extents_t extents;
  cairo_text_extents (self->cr, text, &extents);
  return extents.x_advance;
}

/* (transfer full): valid, one line, no wider than @width. */
static char *
shorten (RunetPaper *self, const char *text, double width) {
  char *line = g_strdelimit (g_utf8_make_valid (text, -1), "\n\r\t", ' ');
  while (*line != '\0' && measure (self, line) > width) {
    const glong length = g_utf8_strlen (line, -1);
    g_autofree char *start = g_utf8_substring (line, 0, MAX (length - 2, 0));
    char *shorter = length > 2 ? g_strconcat (start, "…", NULL) : g_strdup ("");
    g_free (line);
    line = shorter;
  }
  return line;
}

void
runet_paper_text (RunetPaper *self,
                  double x,
                  double y,
                  double width,
                  double size,
                  gboolean bold,
                  RunetAlign align,
                  const char *text) {
  cairo_select_font_face (self->cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                          bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (self->cr, size);
  g_autofree char *line = shorten (self, text, width);
  const double left = align == RUNET_ALIGN_RIGHT ? x + width - measure (self, line) : x;
  cairo_move_to (self->cr, left, y);
  cairo_show_text (self->cr, line);
}

void
runet_paper_paragraph (RunetPaper *self, double size, const char *text) {
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_auto (GStrv) words = g_strsplit_set (valid, " \n\r\t", -1);
  g_autoptr (GString) line = g_string_new (NULL);
  cairo_select_font_face (self->cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (self->cr, size);
  for (guint i = 0; words[i] != NULL; i++) {
    g_autofree char *longer = line->len > 0
                                  ? g_strconcat (line->str, " ", words[i], NULL)
                                  : g_strdup (words[i]);
    if (line->len > 0 && measure (self, longer) > RUNET_PAPER_INNER) {
      self->y += size * LINE_HEIGHT;
      runet_paper_text (self, RUNET_PAPER_MARGIN, self->y, RUNET_PAPER_INNER, size,
                        FALSE, RUNET_ALIGN_LEFT, line->str);
      g_string_assign (line, words[i]);
    } else
      g_string_assign (line, longer);
  }
  self->y += size * LINE_HEIGHT;
  runet_paper_text (self, RUNET_PAPER_MARGIN, self->y, RUNET_PAPER_INNER, size, FALSE,
                    RUNET_ALIGN_LEFT, line->str);
}

void
runet_paper_heading (RunetPaper *self, double size, const char *text) {
  self->y += size * 1.6;
  runet_paper_set_ink (self, RUNET_INK_TEXT);
  runet_paper_text (self, RUNET_PAPER_MARGIN, self->y, RUNET_PAPER_INNER, size, TRUE,
                    RUNET_ALIGN_LEFT, text);
}

void
runet_paper_rule (RunetPaper *self) {
  cairo_set_source_rgb (self->cr, 0.8, 0.8, 0.8);
  cairo_set_line_width (self->cr, 0.5);
  cairo_move_to (self->cr, RUNET_PAPER_MARGIN, self->y);
  cairo_rel_line_to (self->cr, RUNET_PAPER_INNER, 0);
  cairo_stroke (self->cr);
}

void
runet_paper_end (RunetPaper *self) {
  const double y = RUNET_PAPER_HEIGHT - 34;
  g_autofree char *number = g_strdup_printf ("%u", self->number);
  g_autofree char *foot = g_strdup_printf (
      "%s · %s", self->title, _ ("For research only, not for diagnosis or treatment"));
  runet_paper_set_ink (self, RUNET_INK_DIM);
  runet_paper_text (self, RUNET_PAPER_MARGIN, y, RUNET_PAPER_INNER - 40, 7.5, FALSE,
                    RUNET_ALIGN_LEFT, foot);
  runet_paper_text (self, RUNET_PAPER_WIDTH - RUNET_PAPER_MARGIN - 40, y, 40, 7.5,
                    FALSE, RUNET_ALIGN_RIGHT, number);
  cairo_show_page (self->cr);
}

void
runet_paper_turn (RunetPaper *self) {
  if (self->number > 0)
    runet_paper_end (self);
  self->number++;
  self->y = RUNET_PAPER_MARGIN;
}

char *
runet_paper_number (double value, int decimals) {
  if (!isfinite (value))
    return g_strdup ("–");
  return g_strdup_printf ("%s%.*f", value < 0 ? "−" : "", decimals, fabs (value));
}

char *
runet_paper_difference (double value, int decimals) {
  if (!isfinite (value))
    return g_strdup ("–");
  /* "-0.0" would be a change where there is none. */
  const double unit = pow (10, -decimals);
  if (fabs (value) < unit / 2)
    return g_strdup ("0");
  return g_strdup_printf ("%s%.*f", value > 0 ? "+" : "−", decimals, fabs (value));
}

char *
runet_paper_time (GDateTime *time) {
  if (time == NULL)
    return g_strdup ("–");
  g_autoptr (GDateTime) local = g_date_time_to_local (time);
  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}
