/* Images of a case on the page, with the contours as the model drew them and as somebody left them. */
#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "core/shape/contour.h"
#include "study-report-page.h"

#define PICTURE_GAP 12.0
#define PICTURE_WIDTH ((RUNET_PAPER_INNER - PICTURE_GAP) / 2)
/* Of a narrow image no more. */
#define PICTURE_HEIGHT 320.0
/* An image is as bright as its 255; brighter ones of 16 bits are scaled to that. */
#define WHITE 255.0F

static float
find_brightest (const RunetImage *image) {
  const gsize count = image->grid->width * image->grid->height;
  float brightest = WHITE;
  for (gsize i = 0; i < count; i++)
    brightest = MAX (brightest, image->pixels[i]);
  return brightest;
}

static cairo_surface_t *
make_surface (const RunetImage *image) {
  const gsize width = image->grid->width, height = image->grid->height;
  const float scale = WHITE / find_brightest (image);
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)width, (int)height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    return surface;
  cairo_surface_flush (surface);
  guint8 *bytes = cairo_image_surface_get_data (surface);
  const gsize stride = (gsize)cairo_image_surface_get_stride (surface);
  for (gsize y = 0; y < height; y++) {
    guint32 *row = (guint32 *)(gpointer)(bytes + y * stride);
    for (gsize x = 0; x < width; x++) {
      const float value = image->pixels[y * width + x] * scale;
      row[x] = (guint32)CLAMP (value, 0, WHITE) * 0x010101u;
    }
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
stroke_labels (RunetPaper *paper, const guint8 *labels, const RunetGrid *grid) {
  g_autofree guint8 *mask = g_malloc (grid->width * grid->height);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    runet_mask_from_labels (labels, grid->width, grid->height, (RunetStructure)s, mask);
    g_autoptr (GPtrArray) contours =
        runet_contours_of_mask (mask, grid->width, grid->height);
    for (guint i = 0; i < contours->len; i++) {
      const RunetContour *contour = contours->pdata[i];
      cairo_new_sub_path (paper->cr);
      for (guint p = 0; p < contour->points->len; p++) {
        const RunetPoint point = g_array_index (contour->points, RunetPoint, p);
        cairo_line_to (paper->cr, point.x, point.y);
      }
      cairo_close_path (paper->cr);
    }
  }
  /* The line is as wide on the paper, whatever the size of a pixel is. */
  cairo_save (paper->cr);
  cairo_identity_matrix (paper->cr);
  cairo_stroke (paper->cr);
  cairo_restore (paper->cr);
}

static void
stroke_contours (RunetPaper *paper, const RunetCorrection *correction) {
  const RunetGrid *grid = correction->grid;
  const double dash[] = {3, 2};
  g_autofree guint8 *drawn = g_malloc (grid->width * grid->height);
  runet_correction_draw (correction, drawn);
  cairo_set_line_join (paper->cr, CAIRO_LINE_JOIN_ROUND);
  /* Below: it shows where it differs. */
  cairo_set_dash (paper->cr, dash, 2, 0);
  cairo_set_line_width (paper->cr, 1);
  runet_paper_set_ink (paper, RUNET_INK_MODEL);
  stroke_labels (paper, g_bytes_get_data (correction->original, NULL), grid);
  cairo_set_dash (paper->cr, NULL, 0, 0);
  cairo_set_line_width (paper->cr, 1.1);
  runet_paper_set_ink (paper, RUNET_INK_FINAL);
  stroke_labels (paper, drawn, grid);
}

static double
or_one (double spacing) {
  return isfinite (spacing) && spacing > 0 ? spacing : 1;
}

/* @image, @correction: (nullable), of the same size. Returns the height on the paper. */
static double
draw_picture (RunetPaper *paper,
              double left,
              const char *caption,
              const RunetImage *image,
              const RunetCorrection *correction) {
  const RunetGrid *grid = image != NULL ? image->grid : correction->grid;
  const double ratio = or_one (grid->spacing_y_mm) / or_one (grid->spacing_x_mm);
  const double width = (double)grid->width, height = (double)grid->height;
  const double scale = fmin (PICTURE_WIDTH / width, PICTURE_HEIGHT / (height * ratio));
  runet_paper_set_ink (paper, RUNET_INK_DIM);
  runet_paper_text (paper, left, paper->y - 4, PICTURE_WIDTH, 9, TRUE, RUNET_ALIGN_LEFT,
                    caption);
  cairo_save (paper->cr);
  cairo_translate (paper->cr, left, paper->y);
  cairo_scale (paper->cr, scale, scale * ratio);
  cairo_rectangle (paper->cr, 0, 0, width, height);
  cairo_clip (paper->cr);
  cairo_set_source_rgb (paper->cr, 0, 0, 0);
  cairo_paint (paper->cr);
  if (image != NULL) {
    cairo_surface_t *surface = make_surface (image);
    cairo_set_source_surface (paper->cr, surface, 0, 0);
    cairo_paint (paper->cr);
    cairo_surface_destroy (surface);
  }
  if (correction != NULL)
    stroke_contours (paper, correction);
  cairo_restore (paper->cr);
  return scale * ratio * height;
}

void
runet_study_report_pictures (RunetPaper *paper,
                             const RunetPatient *patient,
                             RunetView view,
                             const GPtrArray *frames) {
  double highest = 0;
  paper->y += 22;
  for (int k = 0; k < RUNET_INSTANTS; k++) {
    const RunetCorrection *correction = NULL;
    g_autoptr (RunetImage) image = NULL;
    for (guint i = 0; frames != NULL && i < frames->len; i++) {
      const RunetCorrectedFrame *frame = frames->pdata[i];
      if (frame->instant == k)
        correction = frame->correction;
    }
    if (patient != NULL)
      image =
          runet_view_read_still (&patient->views[view], (RunetInstant)k, NULL, NULL);
    if (image != NULL && correction != NULL &&
        (image->grid->width != correction->grid->width ||
         image->grid->height != correction->grid->height))
      g_clear_pointer (&image, runet_image_unref);
    const double left = RUNET_PAPER_MARGIN + k * (PICTURE_WIDTH + PICTURE_GAP);
    const char *name = _ (runet_instant_to_string ((RunetInstant)k));
    g_autofree char *missing = g_strdup_printf (_ ("%s: no image"), name);
    if (image != NULL || correction != NULL)
      highest = fmax (highest, draw_picture (paper, left, name, image, correction));
    else
      runet_paper_text (paper, left, paper->y - 4, PICTURE_WIDTH, 9, FALSE,
                        RUNET_ALIGN_LEFT, missing);
  }
  paper->y += highest;
}
