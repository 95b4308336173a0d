/* A table on the screen: every figure can be selected, and the whole is copied with one button. */
#pragma once

#include "table.h"

G_BEGIN_DECLS

#define RUNET_TYPE_TABLE_VIEW (runet_table_view_get_type ())
G_DECLARE_FINAL_TYPE (RunetTableView, runet_table_view, RUNET, TABLE_VIEW, GtkWidget)

GtkWidget *
runet_table_view_new (void);
/* @table: what it says is copied. */
void
runet_table_view_set_table (RunetTableView *self, const RunetTable *table);

G_END_DECLS
