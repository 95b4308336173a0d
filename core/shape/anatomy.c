/* Is this the shape of a heart, and is it the expert's? The outliers of [RU] Table I.
 *
 * Dimension legend: H rows, W columns; labels and masks are H × W. */
#include "anatomy.h"
#include "criteria.h"

#include <math.h>

/* [RU] Table I. Its columns for convexity and simplicity are read exchanged: as printed (LV Sp .741,
 * Cx .529; Myo Sp .960, Cx .694) it flags 98-100 % of the experts' own masks, because only a disc has
 * simplicity 1; exchanged it flags 0-3 of 2000, as "the lowest value seen on the experts'
 * contours" should. Endo is the LV, the closed epi what the table calls Myo. */
const RunetOutlierLimits runet_outlier_limits = {
    .mad_mm = {[RUNET_INSTANT_ED] = 3.5, [RUNET_INSTANT_ES] = 4.0},
    .hd_mm = {[RUNET_INSTANT_ED] = 8.2, [RUNET_INSTANT_ES] = 8.8},
    .endo = {.convexity = 0.741, .simplicity = 0.529},
    .epi = {.convexity = 0.960, .simplicity = 0.694},
};

typedef struct {
  const char *text; /* between the structure and the value */
  const char *unit;
  int decimals;
  gboolean
      below; /* the value should not be below the limit, rather than not above it */
} Wording;

static const Wording wordings[] = {
    [RUNET_REASON_MISSING] = {"missing", NULL, 0, FALSE},
    [RUNET_REASON_CONVEXITY] = {"convexity", "", 3, TRUE},
    [RUNET_REASON_SIMPLICITY] = {"simplicity", "", 3, TRUE},
    [RUNET_REASON_MAD] = {"MAD", " mm", 2, FALSE},
    [RUNET_REASON_HD] = {"HD", " mm", 2, FALSE},
    [RUNET_REASON_HOLES] = {"holes", "", 0, FALSE},
    [RUNET_REASON_COMPONENTS] = {"components", "", 0, FALSE},
    [RUNET_REASON_GAP] = {"gap", " pixels", 0, FALSE},
    [RUNET_REASON_LV_BACKGROUND] = {"touching background", "", 3, FALSE},
    [RUNET_REASON_MYOCARDIUM_LA] = {"touching LA", "", 3, FALSE},
    [RUNET_REASON_WIDTH_RATIO] = {"cavity/wall width", "", 2, FALSE},
    [RUNET_REASON_THICKNESS] = {"thinnest/thickest wall", "", 3, TRUE},
    [RUNET_REASON_REGION_BORDER] = {"touching the region's border", "", 3, FALSE},
    [RUNET_REASON_STAGES] = {"between the stages", "", 3, FALSE},
    [RUNET_REASON_UNSURE] = {"entropy on the contour", "", 3, FALSE},
    [RUNET_REASON_JUMP] = {"jump of the area", "", 3, FALSE},
};

char *
runet_reason_to_string (const RunetReason *reason) {
  g_return_val_if_fail (reason->kind < G_N_ELEMENTS (wordings), NULL);
  const Wording *wording = &wordings[reason->kind];
  const char *structure = runet_structure_to_string (reason->structure);
  if (reason->kind == RUNET_REASON_MISSING)
    return g_strdup_printf ("%s %s", structure, wording->text);

  /* A decimal point whatever the locale. */
  char format[16], value[G_ASCII_DTOSTR_BUF_SIZE], limit[G_ASCII_DTOSTR_BUF_SIZE];
  g_snprintf (format, sizeof format, "%%.%df", wording->decimals);
  g_ascii_formatd (value, sizeof value, format, reason->value);
  g_ascii_formatd (limit, sizeof limit, "%g", reason->limit);
  return g_strdup_printf ("%s %s %s%s %s %s%s", structure, wording->text, value,
                          wording->unit, wording->below ? "<" : ">", limit,
                          wording->unit);
}

static void
add_reason (GArray *reasons,
            RunetReasonKind kind,
            RunetSeverity severity,
            RunetStructure structure,
            double value,
            double limit,
            double x,
            double y) {
  RunetReason reason = {kind, severity, structure, value, limit, x, y};
  g_array_append_val (reasons, reason);
}

static void
add_missing (GArray *reasons, RunetSeverity severity, RunetStructure structure) {
  add_reason (reasons, RUNET_REASON_MISSING, severity, structure, NAN, NAN, NAN, NAN);
}

/* A structure so small that it has no simplicity is below the limit too. */
static void
check_regularity (RunetAnatomy *self,
                  RunetStructure structure,
                  const RunetRegularity *limits,
                  const guint8 *mask,
                  gsize width,
                  gsize height) {
  const RunetRegularity *regularity = &self->regularity[structure];
  gboolean convex = regularity->convexity >= limits->convexity;
  gboolean simple = regularity->simplicity >= limits->simplicity;
  if (convex && simple)
    return;
  double x, y;
  runet_find_concavity (mask, width, height, &x, &y);
  if (!convex)
    add_reason (self->reasons, RUNET_REASON_CONVEXITY, RUNET_SEVERITY_ANATOMICAL,
                structure, regularity->convexity, limits->convexity, x, y);
  if (!simple)
    add_reason (self->reasons, RUNET_REASON_SIMPLICITY, RUNET_SEVERITY_ANATOMICAL,
                structure, regularity->simplicity, limits->simplicity, x, y);
}

/* The epicardium is there when there is myocardium: without, its border is the cavity's. */
static gboolean
is_missing (const guint8 *labels, gsize pixels, RunetStructure structure, gsize area) {
  if (area == 0 || structure != RUNET_STRUCTURE_EPI)
    return area == 0;
  for (gsize i = 0; i < pixels; i++)
    if (labels[i] == RUNET_LABEL_MYOCARDIUM)
      return FALSE;
  return TRUE;
}

static void
check_structure (RunetAnatomy *self,
                 RunetStructure structure,
                 const guint8 *labels,
                 gsize width,
                 gsize height,
                 double pixel_mm2,
                 guint8 *mask) {
  gsize area = runet_mask_from_labels (labels, width, height, structure, mask);
  self->area_mm2[structure] = (double)area * pixel_mm2;
  if (is_missing (labels, width * height, structure, area)) {
    self->regularity[structure] = (RunetRegularity){NAN, NAN};
    add_missing (self->reasons,
                 structure == RUNET_STRUCTURE_LA ? RUNET_SEVERITY_NOTE
                                                 : RUNET_SEVERITY_ANATOMICAL,
                 structure);
    return;
  }
  if (structure == RUNET_STRUCTURE_EPI)
    runet_close_epi (labels, width, height, mask);
  self->regularity[structure].convexity = runet_convexity (mask, width, height);
  self->regularity[structure].simplicity = runet_simplicity (mask, width, height);
  if (structure == RUNET_STRUCTURE_ENDO)
    check_regularity (self, structure, &runet_outlier_limits.endo, mask, width, height);
  else if (structure == RUNET_STRUCTURE_EPI)
    check_regularity (self, structure, &runet_outlier_limits.epi, mask, width, height);
}

static gboolean
has_severity (const GArray *reasons, RunetSeverity severity) {
  for (guint i = 0; i < reasons->len; i++)
    if (g_array_index (reasons, RunetReason, i).severity == severity)
      return TRUE;
  return FALSE;
}

RunetAnatomy *
runet_anatomy_new (const guint8 *labels,
                   gsize width,
                   gsize height,
                   double spacing_x_mm,
                   double spacing_y_mm) {
  RunetAnatomy *self = g_new0 (RunetAnatomy, 1);
  self->reasons = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  g_autofree guint8 *mask = g_new (guint8, width * height);
  for (guint i = 0; i < RUNET_STRUCTURES; i++)
    check_structure (self, (RunetStructure)i, labels, width, height,
                     spacing_x_mm * spacing_y_mm, mask);
  self->outlier = has_severity (self->reasons, RUNET_SEVERITY_ANATOMICAL);
  runet_criteria_check (labels, width, height, spacing_x_mm, spacing_y_mm,
                        self->reasons);
  return self;
}

void
runet_anatomy_free (RunetAnatomy *anatomy) {
  if (anatomy == NULL)
    return;
  g_array_unref (anatomy->reasons);
  g_free (anatomy);
}

static void
check_agreement (RunetComparison *self,
                 RunetStructure structure,
                 RunetInstant instant) {
  const RunetAgreement *agreement = &self->agreement[structure];
  double mad_limit_mm = runet_outlier_limits.mad_mm[instant];
  double hd_limit_mm = runet_outlier_limits.hd_mm[instant];
  if (agreement->mad_mm > mad_limit_mm)
    add_reason (self->reasons, RUNET_REASON_MAD, RUNET_SEVERITY_GEOMETRICAL, structure,
                agreement->mad_mm, mad_limit_mm, agreement->hd_x, agreement->hd_y);
  if (agreement->hd_mm > hd_limit_mm)
    add_reason (self->reasons, RUNET_REASON_HD, RUNET_SEVERITY_GEOMETRICAL, structure,
                agreement->hd_mm, hd_limit_mm, agreement->hd_x, agreement->hd_y);
}

RunetComparison *
runet_comparison_new (const guint8 *reference,
                      const guint8 *prediction,
                      gsize width,
                      gsize height,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      RunetInstant instant) {
  g_return_val_if_fail (instant >= 0 && instant < RUNET_INSTANTS, NULL);
  RunetComparison *self = g_new0 (RunetComparison, 1);
  self->reasons = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  g_autofree guint8 *masks = g_new (guint8, 2 * width * height);
  guint8 *expert = masks, *ours = masks + width * height;
  for (guint i = 0; i < RUNET_STRUCTURES; i++) {
    RunetStructure structure = (RunetStructure)i;
    gsize a = runet_mask_from_labels (reference, width, height, structure, expert);
    gsize b = runet_mask_from_labels (prediction, width, height, structure, ours);
    self->agreement[i] =
        runet_agreement (expert, ours, width, height, spacing_x_mm, spacing_y_mm);
    if (structure == RUNET_STRUCTURE_LA)
      continue;
    if ((a == 0) != (b == 0))
      add_missing (self->reasons, RUNET_SEVERITY_GEOMETRICAL, structure);
    check_agreement (self, structure, instant);
  }
  self->outlier = self->reasons->len > 0;
  return self;
}

void
runet_comparison_free (RunetComparison *comparison) {
  if (comparison == NULL)
    return;
  g_array_unref (comparison->reasons);
  g_free (comparison);
}
