/* The orders that the worklist can be in: what is compared is a number that each case has ready. */
#pragma once

#include "case.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_ORDER_RISK, /* the riskiest first */
  RUNET_ORDER_NAME,
  RUNET_ORDER_VIEW, /* four-chamber first */
  RUNET_ORDER_QUALITY, /* good first */
  RUNET_ORDER_STATE, /* not reviewed first: failed, done, running, waiting; then what readers disagree on, accepted,
                        corrected, rejected */
  RUNET_ORDER_DISAGREEMENT, /* the largest first; so the next three */
  RUNET_ORDER_UNCERTAINTY,
  RUNET_ORDER_JUMP,
  RUNET_ORDER_TEACHING, /* what teaches the network most first */
  RUNET_ORDERS
} RunetOrder;

/* "risk", "name" …; with a minus before it when @reversed. (transfer full) */
char *
runet_order_to_string (RunetOrder order, gboolean reversed) G_GNUC_WARN_UNUSED_RESULT;
/* FALSE when @text is none; nothing is set then. */
gboolean
runet_order_from_string (const char *text, RunetOrder *order, gboolean *reversed);

/* What a case is sorted by, taken once before many comparisons. @key: smaller comes first; NaN for nothing. */
typedef struct {
  double key, score;
  guint rank;
  RunetCase *item; /* borrowed */
} RunetOrderKey;

RunetOrderKey
runet_order_make_key (RunetCase *item, RunetOrder order);
/* Negative when @a comes before @b. What has no key comes last in either direction; equal ones are in the order
 * of risk, then of their ranks, so that no two are equal but by rank. */
int
runet_order_compare (const RunetOrderKey *a, const RunetOrderKey *b, gboolean reversed);

/* Gives each case of the list its rank by name. */
void
runet_order_rank (GListModel *cases);

G_END_DECLS
