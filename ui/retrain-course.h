/* A retraining on its way: how far it is, its curves, and how it is stopped and gone on with. */
#pragma once

#include <gtk/gtk.h>
#include "retrain-run.h"

G_BEGIN_DECLS

#define RUNET_TYPE_RETRAIN_COURSE (runet_retrain_course_get_type ())
G_DECLARE_FINAL_TYPE (RunetRetrainCourse,
                      runet_retrain_course,
                      RUNET,
                      RETRAIN_COURSE,
                      GtkWidget)

/* Signals: "resume": go on with what was stopped or failed; "back": to what it learns from. */
GtkWidget *
runet_retrain_course_new (void);
/* @run: (nullable): followed and stopped from here */
void
runet_retrain_course_set_run (RunetRetrainCourse *self, RunetRetrainRun *run);

G_END_DECLS
