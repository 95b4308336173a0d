/* The cases that the worklist shows, in its order. Filters and sorts in one pass over numbers.
 *
 * What the model lists are places, and the cases move between them: a list view of GTK 4.8 makes its rows anew
 * for items that come from elsewhere, some two hundred of them, and keeps to the item that was at its top
 * wherever it goes. With places its rows stay, and so does what is in sight. */
#pragma once

#include "worklist-filter.h"
#include "worklist-order.h"

G_BEGIN_DECLS

/* One row. Signal "changed": another case is here. */
#define RUNET_TYPE_PLACE (runet_place_get_type ())
G_DECLARE_FINAL_TYPE (RunetPlace, runet_place, RUNET, PLACE, GObject)
/* (transfer none) */
RunetCase *
runet_place_get_case (RunetPlace *self);

#define RUNET_TYPE_WORKLIST_MODEL (runet_worklist_model_get_type ())
G_DECLARE_FINAL_TYPE (RunetWorklistModel,
                      runet_worklist_model,
                      RUNET,
                      WORKLIST_MODEL,
                      GObject)

/* A GListModel of RunetPlace. Signal "arranged": cases moved, came or went. Follows @filter, but not the results of the cases: see
 * runet_worklist_model_refresh(). */
RunetWorklistModel *
runet_worklist_model_new (RunetWorklistFilter *filter) G_GNUC_WARN_UNUSED_RESULT;
/* @cases: (nullable): followed too. */
void
runet_worklist_model_set_cases (RunetWorklistModel *self, GListModel *cases);
void
runet_worklist_model_set_order (RunetWorklistModel *self,
                                RunetOrder order,
                                gboolean reversed);
/* (transfer none) (nullable) */
RunetCase *
runet_worklist_model_get_case (RunetWorklistModel *self, guint position);
/* GTK_INVALID_LIST_POSITION when it is not shown. */
guint
runet_worklist_model_find (RunetWorklistModel *self, RunetCase *item);
/* Filters and sorts anew. */
void
runet_worklist_model_refresh (RunetWorklistModel *self);
/* Shows or hides @item alone, as the filter has it now: the others keep their order. FALSE when that makes no
 * difference; then nothing is emitted. */
gboolean
runet_worklist_model_update_case (RunetWorklistModel *self, RunetCase *item);

G_END_DECLS
