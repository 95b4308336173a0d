/* What a list says of a case: its reasons in a few words, and in sentences. */
#include "case-words.h"

#include <glib/gi18n-lib.h>
#include "wording.h"

/* The words of a chip are the same at ED and ES: said once. */
static void
add_chips (GPtrArray *chips, const GArray *reasons, gboolean signs) {
  for (guint i = 0; i < reasons->len; i++) {
    const RunetReason *one = &g_array_index (reasons, RunetCaseReason, i).reason;
    if (runet_reason_is_sign (one) != signs ||
        (!signs && one->severity == RUNET_SEVERITY_NOTE))
      continue;
    g_autofree char *words = runet_reason_to_chip (one);
    if (!g_ptr_array_find_with_equal_func (chips, words, g_str_equal, NULL))
      g_ptr_array_add (chips, g_steal_pointer (&words));
  }
}

GStrv
runet_case_list_chips (RunetCase *item) {
  g_return_val_if_fail (RUNET_IS_CASE (item), NULL);
  g_autoptr (GPtrArray) chips = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) reasons = runet_case_list_reasons (item);
  add_chips (chips, reasons, FALSE);
  add_chips (chips, reasons, TRUE);
  g_ptr_array_add (chips, NULL);
  g_ptr_array_set_free_func (chips, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&chips), FALSE);
}

static void
append (GString *text, const char *line) {
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

char *
runet_case_describe_place (const RunetCaseReason *one) {
  return one->frame >= 0 ? g_strdup_printf (_ ("Frame %u"), (guint)one->frame + 1)
                         : g_strdup (runet_instant_name (one->instant));
}

char *
runet_case_describe (RunetCase *item) {
  g_return_val_if_fail (RUNET_IS_CASE (item), NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) reasons = runet_case_list_reasons (item);
  for (guint i = 0; i < reasons->len; i++) {
    const RunetCaseReason *one = &g_array_index (reasons, RunetCaseReason, i);
    if (one->reason.severity == RUNET_SEVERITY_NOTE &&
        !runet_reason_is_sign (&one->reason))
      continue;
    g_autofree char *sentence = runet_reason_to_sentence (&one->reason);
    g_autofree char *place = runet_case_describe_place (one);
    g_autofree char *line = g_strdup_printf ("%s: %s", place, sentence);
    append (text, line);
  }
  if (runet_case_get_message (item))
    append (text, runet_case_get_message (item));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

const char *
runet_case_state_words (RunetCase *item) {
  gboolean outlier = runet_case_is_outlier (item);
  switch (runet_case_get_state (item)) {
  case RUNET_CASE_RUNNING:
    return _ ("being analysed");
  case RUNET_CASE_DONE:
    return outlier ? _ ("outlier") : _ ("analysed");
  case RUNET_CASE_FAILED:
    return _ ("could not be analysed");
  default:
    return _ ("waiting");
  }
}

static char *
sign (const RunetEvent *event) {
  g_autofree char *time = runet_local_time_to_string (event->time);
  return g_strdup_printf ("%s · %s", event->author, time);
}

static void
append_decision (GString *text, RunetReviewStatus status, const RunetEvent *decision) {
  g_autofree char *words = runet_decision_to_string (status, decision);
  g_autofree char *signature = sign (decision);
  g_autofree char *line = g_strdup_printf ("%s · %s", words, signature);
  append (text, line);
}

char *
runet_case_describe_review (RunetCase *item) {
  g_return_val_if_fail (RUNET_IS_CASE (item), NULL);
  const RunetReviewState *review = runet_case_get_review (item);
  GString *text = g_string_new (NULL);
  if (!review || !review->decision)
    append (text, runet_review_status_name (RUNET_REVIEW_NONE));
  else if (review->disputed)
    append (text, _ ("Readers disagree"));
  for (guint i = 0; review && i < review->readings->len; i++) {
    const RunetReading *reading = review->readings->pdata[i];
    if (reading->decision)
      append_decision (text, reading->status, reading->decision);
  }
  if (review && review->flag) {
    g_autofree char *signature = sign (review->flag);
    g_autofree char *line = g_strdup_printf (_ ("Flagged: %s"), signature);
    append (text, line);
  }
  return g_string_free (text, FALSE);
}
