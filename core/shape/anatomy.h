/* Is this the shape of a heart? Convexity, simplicity and the outlier limits of [RU] Table I, and
 * the further anatomical criteria of Painchaud et al., TMI 2020. */
#pragma once

#include "distance.h"

G_BEGIN_DECLS

typedef struct {
  double convexity; /* Cx, Eq. (2) of [RU]; NaN when the structure is missing */
  double simplicity; /* Sp, Eq. (3) of [RU] */
} RunetRegularity;

typedef enum {
  RUNET_REASON_MISSING, /* the structure is not there */
  RUNET_REASON_CONVEXITY,
  RUNET_REASON_SIMPLICITY,
  RUNET_REASON_MAD, /* needs a reference */
  RUNET_REASON_HD,
  RUNET_REASON_HOLES,
  RUNET_REASON_COMPONENTS,
  RUNET_REASON_GAP, /* holes between LV and myocardium, or LV and LA */
  RUNET_REASON_LV_BACKGROUND, /* LV touches the background */
  RUNET_REASON_MYOCARDIUM_LA, /* myocardium touches the LA */
  RUNET_REASON_WIDTH_RATIO, /* LV width / myocardium width */
  RUNET_REASON_THICKNESS, /* thinnest / thickest myocardium */
  RUNET_REASON_REGION_BORDER, /* the last stage touches the border of its region of interest */
  /* Graded signs, see segmentation/risk.h: of a frame, not of a structure. */
  RUNET_REASON_STAGES, /* 1 − Dice between the first stage and the last */
  RUNET_REASON_UNSURE, /* mean entropy on the contour */
  RUNET_REASON_JUMP, /* the LV's area departs from the frames around */
} RunetReasonKind;

typedef enum {
  RUNET_SEVERITY_NOTE, /* beyond [RU]: shown beside */
  RUNET_SEVERITY_ANATOMICAL, /* Table I, needs no reference */
  RUNET_SEVERITY_GEOMETRICAL, /* Table I, against a reference */
} RunetSeverity;

/* One limit that was crossed: which structure, which limit, which value, and where to look. */
typedef struct {
  RunetReasonKind kind;
  RunetSeverity severity;
  RunetStructure structure;
  double value, limit;
  double x, y; /* pixel coordinates of the spot; NaN when there is none */
} RunetReason;

/* One line of English for people: "endo convexity 0.70 < 0.741". The UI words its own from the
 * fields. */
char *
runet_reason_to_string (const RunetReason *reason) G_GNUC_WARN_UNUSED_RESULT;

/**
 * RunetAnatomy: what can be said of a label map alone
 * @regularity: of endo, closed epi and LA
 * @area_mm2: of endo, epi, LA
 * @reasons: RunetReason, the Table I ones first
 * @outlier: anatomical outlier in the sense of Table I
 */
typedef struct {
  RunetRegularity regularity[RUNET_STRUCTURES];
  double area_mm2[RUNET_STRUCTURES];
  GArray *reasons;
  gboolean outlier;
} RunetAnatomy;

RunetAnatomy *
runet_anatomy_new (const guint8 *labels,
                   gsize width,
                   gsize height,
                   double spacing_x_mm,
                   double spacing_y_mm) G_GNUC_WARN_UNUSED_RESULT;
void
runet_anatomy_free (RunetAnatomy *anatomy);

/**
 * RunetComparison: a label map against an expert's
 * @reasons: the MAD and HD limits crossed (or a structure missing); LA never counts
 */
typedef struct {
  RunetAgreement agreement[RUNET_STRUCTURES];
  GArray *reasons;
  gboolean outlier; /* geometrical outlier in the sense of Table I */
} RunetComparison;

RunetComparison *
runet_comparison_new (const guint8 *reference,
                      const guint8 *prediction,
                      gsize width,
                      gsize height,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      RunetInstant instant) G_GNUC_WARN_UNUSED_RESULT;
void
runet_comparison_free (RunetComparison *comparison);

/* Table I as it is read here: see the note at the table, in anatomy.c. */
typedef struct {
  double mad_mm[RUNET_INSTANTS], hd_mm[RUNET_INSTANTS];
  RunetRegularity endo, epi; /* epi: of the closed epi */
} RunetOutlierLimits;
extern const RunetOutlierLimits runet_outlier_limits;

/* The single estimators, also used by `runet calibrate`. NaN when the mask is empty.
 * Convexity: area over that of the hull of the pixels' corners, on the native grid. */
double
runet_convexity (const guint8 *mask, gsize width, gsize height);
/* On the mask resampled (nearest) to 256 × 256: √(4πA) / P, A pixels, P exposed pixel edges. */
double
runet_simplicity (const guint8 *mask, gsize width, gsize height);
/* epi united with the component of hull(epi) \ epi that touches the base of the LV cavity: the
 * notch at the mitral plane. @closed: H × W, overwritten. */
void
runet_close_epi (const guint8 *labels, gsize width, gsize height, guint8 *closed);
/* The middle of the largest concavity, pixel coordinates; NaN when there is none. */
void
runet_find_concavity (const guint8 *mask,
                      gsize width,
                      gsize height,
                      double *x,
                      double *y);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetAnatomy, runet_anatomy_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetComparison, runet_comparison_free)

G_END_DECLS
