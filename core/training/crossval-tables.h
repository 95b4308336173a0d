/* The tables of [RU], Leclerc et al., RU-Net, IUS 2019, of what a cross-validation has given so far, and the paper's own
 * figures. */
#pragma once

#include "core/shape/statistics.h"
#include "core/shape/wilcoxon.h"
#include "crossval-result.h"
#include "methods.h"

G_BEGIN_DECLS

/* Endocardium and epicardium: the paper does not measure the left atrium. */
#define RUNET_TABLE_STRUCTURES 2

/**
 * RunetCrossvalRow: one output of one method over the images of all folds that are done
 * @mad_mm, @hd_mm: over the images in which both masks have the structure
 */
typedef struct {
  guint images;
  RunetSpread dice[RUNET_STRUCTURES];
  RunetSpread mad_mm[RUNET_STRUCTURES];
  RunetSpread hd_mm[RUNET_STRUCTURES];
  guint geometrical, anatomical;
} RunetCrossvalRow;

/**
 * RunetCrossvalTable: one method
 * @results: (element-type RunetCrossvalResult): by fold, all with the same settings
 * @folds: that there are in all
 * @rows: one a stage
 * @refinement: whether the last output's MAD differs from the first's, over the patients' means, as images of one
 *   patient are not independent; nothing in it with one stage
 */
typedef struct {
  const RunetMethod *method;
  GPtrArray *results;
  guint folds;
  guint stages;
  RunetCrossvalRow rows[RUNET_TRAINING_STAGES];
  RunetWilcoxon refinement[RUNET_TABLE_STRUCTURES];
} RunetCrossvalTable;

/**
 * runet_crossval_tables_read:
 * @problems: (out) (transfer full) (element-type utf8): one line for each result that is left out: damaged, or made with
 *   other settings than the first of its method
 *
 * Returns: (transfer full) (element-type RunetCrossvalTable): in the order of the paper, of the methods that have a
 * result. Errors: %RUNET_ERROR_MISSING: no folder, or no result in it.
 */
GPtrArray *
runet_crossval_tables_read (const char *folder,
                            GPtrArray **problems,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): "2, 4": the folds of @table that have no result; NULL when all have one. */
char *
runet_crossval_table_list_missing (const RunetCrossvalTable *table)
    G_GNUC_WARN_UNUSED_RESULT;

/**
 * RunetPaperRow: what the paper says of one output
 * @method: as in RunetMethod; @stage: from 1
 * @parameters: as printed; "" where it says nothing
 * @mad_mm, @hd_mm: mean and standard deviation of endo and epi; NaN where it gives none
 * @geometrical, @anatomical: outliers, of 2000 images; 0 where it gives the percentage alone
 * @geometrical_percent, @anatomical_percent: as printed; NaN where it gives none
 * @words: (nullable): where it has no figures
 */
typedef struct {
  const char *method;
  guint stage;
  const char *parameters;
  double mad_mm[RUNET_TABLE_STRUCTURES][2], hd_mm[RUNET_TABLE_STRUCTURES][2];
  guint geometrical;
  double geometrical_percent;
  guint anatomical;
  double anatomical_percent;
  const char *words;
} RunetPaperRow;

/* (nullable) */
const RunetPaperRow *
runet_paper_row_find (const char *method, guint stage);

G_END_DECLS
