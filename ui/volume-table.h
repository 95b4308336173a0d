/* The table of a patient's volumes: EDV, ESV and EF by Simpson's method, lengths and areas of both views, of
 * each stage, the expert and the data set itself; and in words what is normal, missing or doubtful. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

#define RUNET_TYPE_VOLUME_TABLE (runet_volume_table_get_type ())
G_DECLARE_FINAL_TYPE (RunetVolumeTable,
                      runet_volume_table,
                      RUNET,
                      VOLUME_TABLE,
                      GtkWidget)

/* Property "mode" (string): "ase" or "camus", see RunetSimpsonMode; anything else is "ase". */
GtkWidget *
runet_volume_table_new (void);
/* @item, @other: (nullable): the two views of one patient, in either order. */
void
runet_volume_table_set_cases (RunetVolumeTable *self,
                              RunetCase *item,
                              RunetCase *other);

G_END_DECLS
