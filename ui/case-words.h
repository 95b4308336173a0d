/* What a list says of a case: its reasons in a few words, and in sentences. */
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* Each once, the ones of Table I first, then stages that differ, an unsure contour, jumps. (transfer full) */
GStrv
runet_case_list_chips (RunetCase *item) G_GNUC_WARN_UNUSED_RESULT;
/* "End-systole", "Frame 9". (transfer full) */
char *
runet_case_describe_place (const RunetCaseReason *one) G_GNUC_WARN_UNUSED_RESULT;
/* One line for each reason and for a failure; %NULL when there is nothing to say. (transfer full) */
char *
runet_case_describe (RunetCase *item) G_GNUC_WARN_UNUSED_RESULT;
/* "being analysed", "outlier" … */
const char *
runet_case_state_words (RunetCase *item);
/* "Accepted · Ada Lovelace · 25 Nov 2026, 15:42": one line for each reader who decided, one for the flag;
 * "Not reviewed" where nobody decided. (transfer full) */
char *
runet_case_describe_review (RunetCase *item) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
