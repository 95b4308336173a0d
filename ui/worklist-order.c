/* The orders that the worklist can be in. */
#include "worklist-order.h"

#include <math.h>

static const char *const names[RUNET_ORDERS] = {
    "risk",         "name",        "view", "quality",  "state",
    "disagreement", "uncertainty", "jump", "teaching",
};

char *
runet_order_to_string (RunetOrder order, gboolean reversed) {
  g_return_val_if_fail ((guint)order < RUNET_ORDERS, NULL);
  return g_strconcat (reversed ? "-" : "", names[order], NULL);
}

gboolean
runet_order_from_string (const char *text, RunetOrder *order, gboolean *reversed) {
  gboolean minus = text && *text == '-';
  for (int i = 0; text && i < RUNET_ORDERS; i++)
    if (g_str_equal (text + minus, names[i])) {
      *order = (RunetOrder)i;
      *reversed = minus;
      return TRUE;
    }
  return FALSE;
}

/* Whatever is still to be reviewed comes before what has been. */
static double
get_state_key (RunetCase *item) {
  static const double states[] = {
      [RUNET_CASE_FAILED] = 0,
      [RUNET_CASE_DONE] = 1,
      [RUNET_CASE_RUNNING] = 2,
      [RUNET_CASE_PENDING] = 3,
  };
  const RunetReviewState *review = runet_case_get_review (item);
  if (!review || review->status == RUNET_REVIEW_NONE)
    return states[runet_case_get_state (item)];
  return review->disputed ? 4 : 4 + (double)review->status;
}

/* Smaller comes first; NaN where there is nothing to compare. */
static double
get_key (RunetCase *item, RunetOrder order) {
  RunetQuality quality;
  switch (order) {
  case RUNET_ORDER_VIEW:
    return runet_case_get_view (item) == RUNET_VIEW_A4C ? 0 : 1;
  case RUNET_ORDER_QUALITY:
    quality = runet_case_get_files (item)->quality;
    return quality == RUNET_QUALITY_UNKNOWN ? NAN : (double)quality;
  case RUNET_ORDER_STATE:
    return get_state_key (item);
  case RUNET_ORDER_DISAGREEMENT:
    return -runet_case_get_risk (item)->disagreement;
  case RUNET_ORDER_UNCERTAINTY:
    return -runet_case_get_risk (item)->uncertainty;
  case RUNET_ORDER_JUMP:
    return -runet_case_get_risk (item)->jump;
  case RUNET_ORDER_TEACHING:
    return -runet_case_get_teaching (item);
  case RUNET_ORDER_NAME:
    return runet_case_get_rank (item);
  default:
    return -runet_case_get_score (item);
  }
}

static int
compare_numbers (double a, double b) {
  return (a > b) - (a < b);
}

RunetOrderKey
runet_order_make_key (RunetCase *item, RunetOrder order) {
  return (RunetOrderKey){get_key (item, order), runet_case_get_score (item),
                         runet_case_get_rank (item), item};
}

int
runet_order_compare (const RunetOrderKey *a,
                     const RunetOrderKey *b,
                     gboolean reversed) {
  gboolean none_a = isnan (a->key), none_b = isnan (b->key);
  if (none_a != none_b)
    return none_a - none_b;
  int result = compare_numbers (a->key, b->key);
  if (result != 0)
    return reversed ? -result : result;
  result = compare_numbers (b->score, a->score);
  return result != 0 ? result : compare_numbers (a->rank, b->rank);
}

static int
compare_by_name (gconstpointer a, gconstpointer b) {
  return runet_case_compare_by_name (*(RunetCase *const *)a, *(RunetCase *const *)b);
}

void
runet_order_rank (GListModel *cases) {
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func (g_object_unref);
  guint count = g_list_model_get_n_items (cases);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (sorted, g_list_model_get_item (cases, i));
  g_ptr_array_sort (sorted, compare_by_name);
  for (guint i = 0; i < count; i++)
    runet_case_set_rank (sorted->pdata[i], i);
}
