/* The worklist: which views there are, the riskiest first, searched and sorted. */
#pragma once

#include <gtk/gtk.h>
#include "worklist-order.h"

G_BEGIN_DECLS

#define RUNET_TYPE_WORKLIST (runet_worklist_get_type ())
G_DECLARE_FINAL_TYPE (RunetWorklist, runet_worklist, RUNET, WORKLIST, GtkWidget)

/* Properties: "selected" (RunetCase): notified when another row is chosen; and what is to be kept from start to
 * start: "order" (see runet_order_to_string()), "columns" (strings, see
 * runet_worklist_columns_to_strings()) and "filters" (see runet_worklist_filter_to_strings()).
 * Signal "activated": Enter or a double click on the row that is chosen. */
GtkWidget *
runet_worklist_new (void);
/* @cases: (nullable) (element-type RunetCase). The first in order is selected. */
void
runet_worklist_set_cases (RunetWorklist *self, GListModel *cases);
/* (transfer none) (nullable). */
RunetCase *
runet_worklist_get_selected (RunetWorklist *self);
/* Selects and scrolls to @item; FALSE when it is not among the rows shown. */
gboolean
runet_worklist_select (RunetWorklist *self, RunetCase *item);
/* Selects and scrolls to the next (@step 1) or previous (-1) row shown. */
void
runet_worklist_step (RunetWorklist *self, int step);
/* Selects the next row below that is an outlier, from the top again after the last. Returns FALSE when
 * there is none. */
gboolean
runet_worklist_next_outlier (RunetWorklist *self);
/* In its own direction, not reversed. */
void
runet_worklist_set_order (RunetWorklist *self, RunetOrder order);
RunetOrder
runet_worklist_get_order (RunetWorklist *self);
/* Tells that results of some case are new: the count of outliers follows within a second, the order
 * within a few and not while somebody is at work in the list. */
void
runet_worklist_results_changed (RunetWorklist *self);
/* @author: (nullable): who is reviewing, for the filter of what he or she has not decided. */
void
runet_worklist_set_author (RunetWorklist *self, const char *author);
/* Puts the rows in order and chooses the first: for whoever has done nothing yet. */
void
runet_worklist_begin_at_top (RunetWorklist *self);
void
runet_worklist_start_search (RunetWorklist *self);
/* No search, no filter. */
void
runet_worklist_show_all (RunetWorklist *self);
/* How many cases are shown, and which one is at @position. (transfer none) (nullable) */
guint
runet_worklist_count_shown (RunetWorklist *self);
RunetCase *
runet_worklist_get_shown (RunetWorklist *self, guint position);

G_END_DECLS
