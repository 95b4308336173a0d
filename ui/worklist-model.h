/* The cases that the worklist shows, in its order. Filters and sorts in one pass over numbers and tells of the
 * change once: the models of GTK take several times as long with many rows. */
#pragma once

#include "worklist-filter.h"
#include "worklist-order.h"

G_BEGIN_DECLS

#define RUNET_TYPE_WORKLIST_MODEL (runet_worklist_model_get_type ())
G_DECLARE_FINAL_TYPE (RunetWorklistModel,
                      runet_worklist_model,
                      RUNET,
                      WORKLIST_MODEL,
                      GObject)

/* A GListModel of RunetCase. Follows @filter, but not the results of the cases: see
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
/* Filters and sorts anew. */
void
runet_worklist_model_refresh (RunetWorklistModel *self);

G_END_DECLS
