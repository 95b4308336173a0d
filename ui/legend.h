/* The legend: a toggle an overlay, with a sample of its line, its letter and its name; then the children that a
 * template gives it. It has as many rows as it takes. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_LEGEND (runet_legend_get_type ())
G_DECLARE_FINAL_TYPE (RunetLegend, runet_legend, RUNET, LEGEND, GtkWidget)

GtkWidget *
runet_legend_new (void);
/* @stages: of the model that speaks: what the last one is called, and whether there is a first one beside it
 * and a region. */
void
runet_legend_set_stages (RunetLegend *self, guint stages);

/* Whether somebody drew anything in place of the model’s contours; at first nobody did. */
void
runet_legend_set_corrected (RunetLegend *self, gboolean corrected);
/* @terse: swatches alone; their letters are the keys, and tooltips say the names. */
void
runet_legend_set_terse (RunetLegend *self, gboolean terse);

G_END_DECLS
