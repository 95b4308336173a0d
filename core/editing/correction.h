/* A correction: what one frame's label map is after somebody worked on it, and all that is needed to go on.
 *
 * It holds the label map that it began with, so that it can be read without the model, and says of each structure
 * where its pixels come from: as they were, from the splines, or painted. */
#pragma once

#include <gio/gio.h>
#include "core/echo/label-map.h"
#include "core/shape/contour-model.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_SOURCE_ORIGINAL, /* nobody touched it */
  RUNET_SOURCE_SPLINE, /* from the contour model */
  RUNET_SOURCE_PAINTED, /* from the painted label map: what splines cannot say */
  RUNET_SOURCES
} RunetSource;

const char *
runet_source_to_string (RunetSource source); /* "original", "spline", "painted" */

/* Where somebody is not sure of a contour: such a stretch weighs nothing in training. Fractions of the arc length,
 * see runet_contour_model_at(); @from < @to. */
typedef struct {
  RunetStructure structure;
  double from, to;
} RunetUncertainStretch;

/**
 * RunetCorrection: immutable once it is shared
 * @grid: of one frame; when read from a record, its width, height and spacing are what counts
 * @original: H × W labels that it began with, as %GBytes
 * @painted: (nullable): H × W labels, there when a source is %RUNET_SOURCE_PAINTED
 * @model: what is drawn; of structures that are original or painted, a fit to them
 * @residual_mm: of the fit to @original; NaN where a structure is missing
 * @uncertain: (element-type RunetUncertainStretch)
 * @derived: made by interpolation or by copying, and not looked at since
 */
typedef struct {
  gatomicrefcount references;
  RunetGrid *grid;
  GBytes *original;
  GBytes *painted;
  RunetSource source[RUNET_STRUCTURES];
  RunetContourModel model;
  double residual_mm[RUNET_STRUCTURES];
  GArray *uncertain;
  gboolean derived;
} RunetCorrection;

/* Of a frame that nobody touched. @labels: H × W, copied. A grid without spacing is taken to have square pixels of 1 mm. */
RunetCorrection *
runet_correction_new (const RunetGrid *grid,
                      const guint8 *labels) G_GNUC_WARN_UNUSED_RESULT;
/* To be changed by its owner before anybody else sees it. */
RunetCorrection *
runet_correction_copy (const RunetCorrection *self) G_GNUC_WARN_UNUSED_RESULT;
RunetCorrection *
runet_correction_ref (RunetCorrection *self);
void
runet_correction_unref (RunetCorrection *self);

/* Whether any structure is not as it was, or some stretch is marked uncertain. */
gboolean
runet_correction_is_edited (const RunetCorrection *self);
gboolean
runet_correction_equal (const RunetCorrection *a, const RunetCorrection *b);

/* @labels: H × W, overwritten. Untouched structures are byte for byte those of the original. */
void
runet_correction_draw (const RunetCorrection *self, guint8 *labels);
/* The same as a label map on @grid, which must have the width and height of the correction (else
 * %RUNET_ERROR_MISMATCH): in the image's own format when written. */
RunetLabelMap *
runet_correction_to_label_map (const RunetCorrection *self,
                               const RunetGrid *grid,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @weights: H × W, overwritten: 0 within @margin_mm of an uncertain stretch, 1 elsewhere. Returns whether any is 0. */
gboolean
runet_correction_weigh (const RunetCorrection *self, double margin_mm, guint8 *weights);

/**
 * runet_correction_serialise: / runet_correction_parse:
 *
 * JSON, UTF-8: contours as lists of points in pixel coordinates, label maps deflated and in base64.
 * Errors: %RUNET_ERROR_FORMAT, with what was expected and found: whatever is in the bytes is refused or makes a sound
 * correction. %RUNET_ERROR_UNSUPPORTED when a newer program wrote it.
 */
GBytes *
runet_correction_serialise (const RunetCorrection *self) G_GNUC_WARN_UNUSED_RESULT;
RunetCorrection *
runet_correction_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * RunetCorrectedFrame: which frame of a view a correction is of
 * @instant: -1 when it is not ED or ES
 * @frame: 1-based frame of the sequence; 0 when @instant says which
 * @edited: some gesture was made on it; else it was accepted as the model said
 */
typedef struct {
  int instant;
  int frame;
  gboolean edited;
  RunetCorrection *correction;
} RunetCorrectedFrame;

/* Several frames of one view, as somebody accepted them: what an acceptance keeps in the record.
 * @frames: (element-type RunetCorrectedFrame). */
GBytes *
runet_corrected_frames_serialise (const GPtrArray *frames) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full) (element-type RunetCorrectedFrame). */
GPtrArray *
runet_corrected_frames_parse (GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetCorrectedFrame *
runet_corrected_frame_new (int instant,
                           int frame,
                           gboolean edited,
                           RunetCorrection *correction) G_GNUC_WARN_UNUSED_RESULT;
void
runet_corrected_frame_free (RunetCorrectedFrame *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCorrection, runet_correction_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCorrectedFrame, runet_corrected_frame_free)

G_END_DECLS
