/* The curves of a retraining: what is drawn while it learns. */
#pragma once

#include "chart.h"
#include "retrain-progress.h"

G_BEGIN_DECLS

/* Epochs against the mean loss. */
RunetChart *
runet_retrain_chart_loss (const RunetRetrainProgress *progress)
    G_GNUC_WARN_UNUSED_RESULT;
/* Epochs against the mean Dice on images that are not learned from. */
RunetChart *
runet_retrain_chart_dice (const RunetRetrainProgress *progress)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
