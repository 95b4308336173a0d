/* The folds of a cross-validation as lists of patients: subGroupK_training.txt, _validation.txt and _testing.txt, as
 * CAMUS has them. */
#pragma once

#include "core/echo/dataset.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_FOLD_TRAINING,
  RUNET_FOLD_VALIDATION, /* chooses the epoch */
  RUNET_FOLD_TESTING, /* is measured */
  RUNET_FOLD_PARTS
} RunetFoldPart;

/* "training" … */
const char *
runet_fold_part_to_string (RunetFoldPart part);

/**
 * RunetFold:
 * @number: K of the names
 * @patients: (element-type RunetPatient): borrowed from the data set, which must outlive the fold
 * @absent: listed, but not in the data set
 * @borrowed: where no patient for validation is there, so many of the training list are @patients for validation
 *   instead: every eighth, which are as many as the list lacks in CAMUS
 * @hash: SHA-256 over the ids that are there, part by part
 */
typedef struct {
  guint number;
  GPtrArray *patients[RUNET_FOLD_PARTS];
  guint absent[RUNET_FOLD_PARTS];
  guint borrowed;
  char *hash;
} RunetFold;

/**
 * runet_folds_read:
 *
 * Returns: (transfer full) (element-type RunetFold): by number. Each has patients to learn from and to validate with; of those
 * for testing all may be absent, but not in every fold.
 *
 * Errors: %RUNET_ERROR_MISSING: no folder, no folds, a list that its fold lacks, or nobody to learn from or to test;
 * %RUNET_ERROR_UNSUPPORTED: a .txt of another name; %RUNET_ERROR_MISMATCH: a patient in two parts of a fold, or tested
 * in two folds.
 */
GPtrArray *
runet_folds_read (const RunetDataset *dataset,
                  const char *folder,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
