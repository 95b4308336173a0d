/* Statistics of a column of figures, as the report draws and tells them: spread, boxes, agreement of two
 * methods, straight lines. Values that are not finite are left out everywhere, and counted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far the whiskers of a box reach at most, in interquartile ranges: Tukey, "Exploratory Data
 * Analysis", 1977. */
#define RUNET_WHISKER_REACH 1.5
/* Of a normal distribution 95 % lie within so many standard deviations of the mean. */
#define RUNET_AGREEMENT_SDS 1.96

/**
 * RunetSpread:
 * @count: finite values; @left_out: the others
 * @sd: of a sample, divided by count − 1; NaN of one value
 *
 * All figures are NaN when there is no finite value.
 */
typedef struct {
  gsize count, left_out;
  double mean, sd;
  double minimum, maximum;
} RunetSpread;

RunetSpread
runet_spread_compute (const double *values, gsize count);

/* The @part quantile (0 … 1) of @count sorted finite values, by the definition 7 of Hyndman & Fan, "Sample
 * Quantiles in Statistical Packages", The American Statistician 1996: linear between the values at
 * (count − 1) · part. NaN of none. */
double
runet_quantile (const double *sorted, gsize count, double part);

/**
 * RunetBox: a box plot of Tukey's
 * @whisker: the lowest and the highest value within 1.5 interquartile ranges of the box
 * @outliers: (element-type gsize): where the values beyond the whiskers are
 */
typedef struct {
  gsize count, left_out;
  double q1, median, q3;
  double whisker[2];
  GArray *outliers;
} RunetBox;

RunetBox *
runet_box_new (const double *values, gsize count) G_GNUC_WARN_UNUSED_RESULT;
void
runet_box_free (RunetBox *box);

/**
 * RunetBlandAltman: Bland & Altman, "Statistical methods for assessing agreement between two methods of
 * clinical measurement", The Lancet 1986
 * @bias: mean of value − reference over the pairs of which both are finite
 * @sd: of these differences; NaN of one pair
 * @lower, @upper: limits of agreement, bias ∓ 1.96 sd
 */
typedef struct {
  gsize count, left_out;
  double bias, sd;
  double lower, upper;
} RunetBlandAltman;

RunetBlandAltman
runet_bland_altman_compute (const double *values,
                            const double *references,
                            gsize count);

/**
 * RunetLine: y = intercept + slope · x by least squares, and Pearson's correlation
 * @r, @slope, @intercept: NaN where the pairs do not tell: fewer than two, or no spread in x (or, for @r,
 *   in y)
 */
typedef struct {
  gsize count, left_out;
  double slope, intercept;
  double r;
} RunetLine;

RunetLine
runet_line_fit (const double *x, const double *y, gsize count);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetBox, runet_box_free)

G_END_DECLS
