/* The contour model: endocardium, epicardium and left atrium of one frame as open splines that share the mitral
 * annulus, so that they can be moved by hand and always make a label map without overlap and without gap.
 *
 * Endo runs from annulus point 0 over the apex to annulus point 1, LA from annulus point 0 over its roof to annulus
 * point 1; their first and last points are the same. Both are closed by the straight line between the annulus
 * points, the base. The two ends of epi lie on the line through the annulus points, outside of them. Annulus
 * point 0 is the one on the left of the screen. A label map is drawn in the order epi, LA, endo. */
#pragma once

#include "spline.h"

G_BEGIN_DECLS

/* Control points of one structure. */
#define RUNET_CONTOUR_POINTS_MAX 64
/* Of a structure that can still be drawn: the two ends and one between them. */
#define RUNET_CONTOUR_POINTS_MIN 3
/* A fit adds points until it deviates by less than this part of the LV length. */
#define RUNET_CONTOUR_RESIDUAL 0.015
/* A myocardium thinner than this, in mm, is no heart's. */
#define RUNET_CONTOUR_THICKNESS_MM 2.0
/* The wall is not measured this near the ends of endo, as a part of its length: there it tapers. */
#define RUNET_CONTOUR_TAPER 0.12

/**
 * RunetContourModel: a plain value, copied by assignment
 * @count: control points of each structure; 0 for one that is not there, else at least
 *   %RUNET_CONTOUR_POINTS_MIN
 * @points: in pixel coordinates, which may lie outside the image
 * @apex: index into the endo's points; 0 when there is no endo
 */
typedef struct {
  guint count[RUNET_STRUCTURES];
  RunetPoint points[RUNET_STRUCTURES][RUNET_CONTOUR_POINTS_MAX];
  guint apex;
} RunetContourModel;

/**
 * RunetContourFit: how well the splines tell what a label map says
 * @residual_mm: largest distance, either way, between the outline of each structure and its spline; NaN where it
 *   is missing. The outline is that of the largest component, without the base and what the wall has beyond the
 *   line of the base; where the outline ends away from the annulus points, with the straight way to them
 * @bulge_mm: how far the base of each structure, for which the model has a straight line, leaves that line; NaN
 *   where it is missing. Of epi with what the wall has beyond the line
 * @length_mm: of the left ventricle, from the middle of the base to the apex; where there is no LV, the diagonal
 *   of what there is
 */
typedef struct {
  double residual_mm[RUNET_STRUCTURES];
  double bulge_mm[RUNET_STRUCTURES];
  double length_mm;
} RunetContourFit;

/**
 * runet_contour_model_fit:
 * @labels: H × W; of each structure the largest component is fitted
 * @fit: (out) (optional)
 *
 * Structures of fewer than nine pixels are left out. Never fails: the model of an empty map is empty. A spacing
 * that is not above 0 is taken to be 1 mm. Where the myocardium does not show where the base is, the base is taken
 * to be the end of endo that looks at LA, else the flatter of its two ends; without endo, the end of LA that looks
 * at the myocardium, else its upper end; of epi alone the flatter of its ends.
 */
void
runet_contour_model_fit (const guint8 *labels,
                         gsize width,
                         gsize height,
                         double spacing_x_mm,
                         double spacing_y_mm,
                         RunetContourModel *model,
                         RunetContourFit *fit);

gboolean
runet_contour_model_equal (const RunetContourModel *a, const RunetContourModel *b);

/* The polygon of one structure in pixel coordinates, closed by the base (epi: by the line between its ends).
 * Returns: (transfer full) (element-type RunetPoint) (nullable): NULL when the structure is not there. */
GArray *
runet_contour_model_outline (const RunetContourModel *model,
                             RunetStructure structure) G_GNUC_WARN_UNUSED_RESULT;

/* A set of structures: bit 1 << RunetStructure. */
typedef guint RunetStructureSet;
#define RUNET_STRUCTURE_BIT(structure) (1u << (structure))
#define RUNET_STRUCTURES_ALL ((1u << RUNET_STRUCTURES) - 1)

/**
 * runet_contour_model_rasterise:
 * @drawn: the structures that come from the model; the others come from @original as they are
 * @original: (nullable): H × W; only when @drawn is all structures
 * @labels: H × W, overwritten; may be @original
 *
 * A pixel belongs to what its centre is inside of. The pixels of a structure that is not in @drawn keep its label,
 * whatever is drawn: endo and LA exactly, epi but for what a drawn endo or LA takes of it. What a drawn structure
 * no longer covers becomes myocardium within an epi that is not drawn, else background. Labels that are no
 * structure's stay where nothing is drawn.
 *
 * Experts' bases are not quite straight: between the annulus points, what lay between the straight base and an endo
 * or LA that is not drawn stays as it was, so that no gap opens; so does endo beyond the base where neither LA nor
 * epi is drawn. Nor are the ends of the wall cut along the base: between an annulus point and the end of epi, what
 * they have beyond the line, and what they lack before it, stays as it was unless all is drawn. So when the annulus
 * points were moved, all that is coupled to them must be in @drawn: endo, epi and LA.
 *
 * A structure with a point that is not finite is not drawn at all, as if it were missing.
 */
void
runet_contour_model_rasterise (const RunetContourModel *model,
                               RunetStructureSet drawn,
                               const guint8 *original,
                               gsize width,
                               gsize height,
                               guint8 *labels);

/* What no heart looks like: a line that crosses itself or another structure's, but within 3 mm of the annulus points,
 * where they meet; a myocardium thinner than the limit elsewhere than near the annulus; a structure without area; one of
 * which nothing is inside the image. */
typedef enum {
  RUNET_CONTOUR_SOUND = 0,
  RUNET_CONTOUR_CROSSES_ITSELF = 1 << 0,
  RUNET_CONTOUR_THIN = 1 << 1,
  RUNET_CONTOUR_EMPTY = 1 << 2,
  RUNET_CONTOUR_OUTSIDE = 1 << 3,
} RunetContourFaults;

/**
 * runet_contour_model_check:
 * @thickness_mm: the limit; %RUNET_CONTOUR_THICKNESS_MM
 * @spot: (out) (optional): where the first fault is, pixel coordinates; NaN when there is none
 * @structure: (out) (optional): of the first fault
 */
RunetContourFaults
runet_contour_model_check (const RunetContourModel *model,
                           gsize width,
                           gsize height,
                           double spacing_x_mm,
                           double spacing_y_mm,
                           double thickness_mm,
                           RunetPoint *spot,
                           RunetStructure *structure);

/* The point at a fraction 0 … 1 of the structure's arc length, from annulus point 0 to 1. On endo, 0.5 is the
 * apex: each side is measured by itself, so that the same fraction is the same place of the heart in
 * another frame. On epi, 0.5 is where the long axis meets it. NaN when it is not there. */
RunetPoint
runet_contour_model_at (const RunetContourModel *model,
                        RunetStructure structure,
                        double fraction,
                        double spacing_x_mm,
                        double spacing_y_mm);

/* The inverse: the fraction at parameter @t of the structure's spline. NaN when it is not there. */
double
runet_contour_model_fraction_at (const RunetContourModel *model,
                                 RunetStructure structure,
                                 double t,
                                 double spacing_x_mm,
                                 double spacing_y_mm);

/* The same for the point of the curve nearest to @p. @distance_mm: (out) (optional): to it. */
double
runet_contour_model_fraction (const RunetContourModel *model,
                              RunetStructure structure,
                              RunetPoint p,
                              double spacing_x_mm,
                              double spacing_y_mm,
                              double *distance_mm);

/**
 * runet_contour_model_interpolate:
 * @before, @before_original: an edited frame and what the model said of it
 * @after, @after_original: likewise, of a later frame
 * @original: what the model says of a frame between
 * @weight: 0 at @before … 1 at @after
 * @model: (out): @original moved by the displacement of both, weighted and by the place along each contour;
 *   coupled again. May be one of the inputs.
 *
 * A structure that is missing in any of the five stays as in @original.
 */
void
runet_contour_model_interpolate (const RunetContourModel *before,
                                 const RunetContourModel *before_original,
                                 const RunetContourModel *after,
                                 const RunetContourModel *after_original,
                                 const RunetContourModel *original,
                                 double weight,
                                 double spacing_x_mm,
                                 double spacing_y_mm,
                                 RunetContourModel *model);

/**
 * runet_contour_model_couple:
 * @leader: endo or LA: whose annulus points the others take; of the other of the two where it is missing. Epi
 *   has none of its own: with it as the leader they are endo's, and its ends slide on the line
 *
 * LA and endo get the same ends, the ends of epi are brought onto the line through them.
 */
void
runet_contour_model_couple (RunetContourModel *model, RunetStructure leader);

G_END_DECLS
