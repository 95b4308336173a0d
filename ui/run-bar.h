/* In the header: run the model, how far it is, cancel. */
#pragma once

#include <gtk/gtk.h>
#include "analysis.h"

G_BEGIN_DECLS

#define RUNET_TYPE_RUN_BAR (runet_run_bar_get_type ())
G_DECLARE_FINAL_TYPE (RunetRunBar, runet_run_bar, RUNET, RUN_BAR, GtkWidget)

/* Its buttons are the actions win.run and win.cancel. */
GtkWidget *
runet_run_bar_new (void);
void
runet_run_bar_set_analysis (RunetRunBar *self, RunetAnalysis *analysis);

G_END_DECLS
