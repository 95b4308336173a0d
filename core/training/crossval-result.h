/* What one job of a cross-validation, a method on a fold, gave: one JSON file. */
#pragma once

#include "evaluation.h"
#include "folds.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * RunetCrossvalFigures: of one output for one image, all on the native grid
 * @mad_mm, @hd_mm: NaN when one of the two masks lacks the structure
 * @geometrical, @anatomical: outlier in the sense of Table I
 * @reasons: the limits of Table I that were crossed, one line each
 */
typedef struct {
  double dice[RUNET_STRUCTURES];
  double mad_mm[RUNET_STRUCTURES];
  double hd_mm[RUNET_STRUCTURES];
  gboolean geometrical, anatomical;
  char **reasons;
} RunetCrossvalFigures;

/* @stages: as many as the result has. */
typedef struct {
  char *name; /* "patient0001_4CH_ED" */
  RunetCrossvalFigures *stages;
} RunetCrossvalImage;

/**
 * RunetCrossvalResult:
 * @settings: it was trained with
 * @folds: that there are in all
 * @fold_hash: of the patients it was made of, see RunetFold
 * @parent: (nullable): hash of the model that its first stage began with
 * @present, @absent: patients of each list
 * @borrowed: patients of the training list that chose the epoch, see RunetFold
 * @training_images, @validation_images: it was trained with
 * @skipped: images of the tested patients that could not be measured
 * @epochs: that were run; @best_epoch: whose weights were measured
 * @validation_dice: mean over the structures of that epoch
 * @training_seconds, @testing_seconds: all of it, however often it was interrupted
 * @engine: that the process that ended it trained on, one line; where it was tested on another, that too
 * @stages: outputs that were measured
 * @images: (element-type RunetCrossvalImage)
 */
typedef struct {
  char *method;
  guint fold, folds;
  RunetTrainingSettings settings;
  char *fold_hash;
  char *parent;
  guint present[RUNET_FOLD_PARTS], absent[RUNET_FOLD_PARTS];
  guint borrowed;
  guint training_images, validation_images, skipped;
  gsize parameters;
  guint epochs, best_epoch;
  double validation_dice;
  double training_seconds, testing_seconds;
  char *engine;
  char *finished; /* ISO 8601, UTC */
  char *model_hash;
  guint stages;
  GPtrArray *images;
} RunetCrossvalResult;

RunetCrossvalResult *
runet_crossval_result_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_crossval_result_free (RunetCrossvalResult *result);

/* Takes images, stages and the number of skipped images from @evaluation. */
void
runet_crossval_result_set_evaluation (RunetCrossvalResult *result,
                                      const RunetEvaluation *evaluation);

/* Errors: %RUNET_ERROR_FORMAT and those of runet_json_file_read(); all name @path. */
RunetCrossvalResult *
runet_crossval_result_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Atomic. Errors: %RUNET_ERROR_WRITE. */
gboolean
runet_crossval_result_write (const RunetCrossvalResult *result,
                             const char *path,
                             GError **error);

/* (transfer full) (nullable): the first setting in which they differ, "epochs is 4 there and 8 here"; NULL of equal
 * ones. */
char *
runet_crossval_settings_compare (const RunetTrainingSettings *there,
                                 const RunetTrainingSettings *here)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetCrossvalResult, runet_crossval_result_free)

G_END_DECLS
