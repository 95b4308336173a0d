/* The limits of the anatomical outliers, recomputed from the experts' own masks. */
#pragma once

#include "core/base/pool.h"
#include "core/base/progress.h"
#include "core/echo/dataset.h"
#include "core/shape/anatomy.h"

G_BEGIN_DECLS

/* The lowest value that was seen, and where. */
typedef struct {
  double value; /* infinite when there was none */
  char *name; /* "patient0001_4CH_ED" */
} RunetLowest;

/**
 * RunetCalibration:
 * @masks: that were measured
 * @convexity, @simplicity: lowest of endo and of the closed epi (%RUNET_STRUCTURE_ENDO, _EPI)
 * @outliers: masks beyond the limits that the program uses (runet_outlier_limits)
 * @outliers_as_printed: masks beyond Table I of [RU] with its two columns as printed
 * @skipped: (element-type RunetProblem): @path is the image's name
 */
typedef struct {
  guint masks;
  RunetLowest convexity[RUNET_STRUCTURE_LA];
  RunetLowest simplicity[RUNET_STRUCTURE_LA];
  guint outliers;
  guint outliers_as_printed;
  GPtrArray *skipped;
} RunetCalibration;

/**
 * runet_calibration_new:
 * @patients: (element-type RunetPatient)
 * @progress: (nullable): counts masks
 *
 * Errors: %G_IO_ERROR_CANCELLED. A mask that cannot be read is skipped.
 */
RunetCalibration *
runet_calibration_new (GPtrArray *patients,
                       RunetPool *pool,
                       RunetProgressFunc progress,
                       gpointer user_data,
                       GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_calibration_free (RunetCalibration *calibration);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCalibration, runet_calibration_free)

G_END_DECLS
