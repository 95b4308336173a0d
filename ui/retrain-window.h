/* Retraining, in a window of its own: what it will learn from, how far it is, and what came of it. The work goes on when
 * the window is closed. */
#pragma once

#include <gtk/gtk.h>
#include "core/echo/dataset.h"
#include "retrain-run.h"

G_BEGIN_DECLS

#define RUNET_TYPE_RETRAIN_WINDOW (runet_retrain_window_get_type ())
G_DECLARE_FINAL_TYPE (RunetRetrainWindow,
                      runet_retrain_window,
                      RUNET,
                      RETRAIN_WINDOW,
                      GtkWindow)

/* @run: kept; shown as it is.
 * Signals: "case-activated" (utf8): the name of an image, "patient0001_4CH_ED", that is to be seen; "model-changed"
 * (utf8): path of the model that is in use from now on. */
RunetRetrainWindow *
runet_retrain_window_new (RunetRetrainRun *run);
/**
 * runet_retrain_window_set_study:
 * @dataset: (nullable): no study is open
 * @record: (nullable): its record of reviews
 */
void
runet_retrain_window_set_study (RunetRetrainWindow *self,
                                RunetDataset *dataset,
                                const char *record);
/* @path: (nullable): of the model to begin with; @title: its name */
void
runet_retrain_window_set_model (RunetRetrainWindow *self,
                                const char *path,
                                const char *title);
/* With which engine it is measured and learned. */
void
runet_retrain_window_set_engine (RunetRetrainWindow *self, RunetEngineChoice engine);
/* @author: (nullable): who retrains and promotes; the account's name when nobody said */
void
runet_retrain_window_set_author (RunetRetrainWindow *self, const char *author);
/* Counts again what can be learned from: the record has changed. */
void
runet_retrain_window_refresh (RunetRetrainWindow *self);

G_END_DECLS
