/* The researcher's panel: dilation, shift and slope of the refinement, changed while one looks, and the
 * maps behind the contours. What it shows is an experiment, and is called so. */
#pragma once

#include <gtk/gtk.h>
#include "experiment.h"
#include "viewer.h"

G_BEGIN_DECLS

#define RUNET_TYPE_REFINEMENT_PANEL (runet_refinement_panel_get_type ())
G_DECLARE_FINAL_TYPE (RunetRefinementPanel,
                      runet_refinement_panel,
                      RUNET,
                      REFINEMENT_PANEL,
                      GtkWidget)

/* Property "active" (gboolean): experiments are run and shown; off, the panel holds no model. */
GtkWidget *
runet_refinement_panel_new (void);
/* Whose frame the experiments are of, and who shows them. */
void
runet_refinement_panel_set_viewer (RunetRefinementPanel *self, RunetViewer *viewer);
/* @path: (nullable): the model; its own values become those of the panel. */
void
runet_refinement_panel_set_model (RunetRefinementPanel *self,
                                  const char *path,
                                  RunetEngineChoice engine);

G_END_DECLS
