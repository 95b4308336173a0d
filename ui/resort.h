/* When the rows of a list are put in order anew, while results keep coming: soon after the first burst of them, then
 * seldom, and never while somebody is at work in the list. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _RunetResort RunetResort;

/**
 * RunetResortFunc:
 * @sort: whether the rows are to be put in order; what else follows the results is brought up to date in any case
 */
typedef void (*RunetResortFunc) (gboolean sort, gpointer user_data);
/* Whether somebody points at the rows now, which then stay. */
typedef gboolean (*RunetResortBusyFunc) (gpointer user_data);

RunetResort *
runet_resort_new (RunetResortFunc func,
                  RunetResortBusyFunc busy,
                  gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Nothing is called any more. */
void
runet_resort_free (RunetResort *self);
/* Another list: its first results are put in order as they come, wherever the pointer is. */
void
runet_resort_begin (RunetResort *self);
/* @order: the order may depend on them. */
void
runet_resort_results_changed (RunetResort *self, gboolean order);
/* A key, the wheel or a step through the list. */
void
runet_resort_touched (RunetResort *self);
/* The rows were put in order, whoever asked for it. */
void
runet_resort_done (RunetResort *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetResort, runet_resort_free)

G_END_DECLS
