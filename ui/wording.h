/* What the program says to people about structures, limits and qualities, in their language. */
#pragma once

#include "core/review/review-state.h"
#include "core/shape/anatomy.h"
#include "core/shape/discs.h"

G_BEGIN_DECLS

/* "Endocardium", "Epicardium", "Left atrium". */
const char *
runet_structure_name (RunetStructure structure);
/* "Endo", "Epi", "LA". */
const char *
runet_structure_short_name (RunetStructure structure);
/* "Four-chamber", "Two-chamber". */
const char *
runet_view_name (RunetView view);
/* "End-diastole", "End-systole". */
const char *
runet_instant_name (RunetInstant instant);
/* "Good" … or an en dash. */
const char *
runet_quality_name (RunetQuality quality);
/* A few words for a chip: "Endo not convex". */
char *
runet_reason_to_chip (const RunetReason *reason) G_GNUC_WARN_UNUSED_RESULT;
/* For the image: "Endo: convexity 0.700 < 0.741". (transfer full) */
char *
runet_reason_to_brief (const RunetReason *reason) G_GNUC_WARN_UNUSED_RESULT;
/* A sentence: which structure, which limit, which value. */
char *
runet_reason_to_sentence (const RunetReason *reason) G_GNUC_WARN_UNUSED_RESULT;
/* Why there is no long axis. */
const char *
runet_discs_state_words (RunetDiscsState state);
/* "Not reviewed", "Accepted", "Corrected", "Rejected". */
const char *
runet_review_status_name (RunetReviewStatus status);
/* A symbolic icon that says the same, and the class that colours it. */
const char *
runet_review_status_icon (RunetReviewStatus status);
const char *
runet_review_status_css_class (RunetReviewStatus status);
/* "Poor image" …; "" for none. */
const char *
runet_rejection_name (RunetRejection rejection);
/* "Rejected: Poor image"; @decision: (nullable). */
char *
runet_decision_to_string (RunetReviewStatus status,
                          const RunetEvent *decision) G_GNUC_WARN_UNUSED_RESULT;
/* On the clock of this place: "25 Nov 2026, 15:42". */
char *
runet_local_time_to_string (GDateTime *time) G_GNUC_WARN_UNUSED_RESULT;
/* "about 4 min left"; "" when @seconds is negative. */
char *
runet_time_left_to_string (double seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
