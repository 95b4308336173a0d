/* What a list says of a case: its reasons in a few words, and in sentences. */
#pragma once

#include "case.h"

G_BEGIN_DECLS

/* Each once, the ones of Table I first, then stages that differ, an unsure contour, jumps. (transfer full) */
GStrv
runet_case_list_chips (RunetCase *item) G_GNUC_WARN_UNUSED_RESULT;
/* One line for each reason and for a failure; %NULL when there is nothing to say. (transfer full) */
char *
runet_case_describe (RunetCase *item) G_GNUC_WARN_UNUSED_RESULT;
/* "being analysed", "outlier" … */
const char *
runet_case_state_words (RunetCase *item);

G_END_DECLS
