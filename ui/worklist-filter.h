/* Which cases the worklist shows: a filter of several criteria that all have to be met. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

/* Each has a set of options; none chosen means that any will do. */
typedef enum {
  RUNET_CRITERION_STATE, /* bit: RunetCaseState */
  RUNET_CRITERION_REVIEW, /* bit: RunetReviewStatus, or one of the two below */
  RUNET_CRITERION_OWN, /* bit 0: whoever is reviewing has not decided */
  RUNET_CRITERION_VIEW, /* bit: RunetView */
  RUNET_CRITERION_QUALITY, /* bit: RunetQuality */
  RUNET_CRITERION_REASON, /* bit: RunetReasonKind; any of those chosen */
  RUNET_CRITERION_OUTLIER, /* bit 0: outliers alone */
  RUNET_CRITERIA
} RunetCriterion;

/* What people said beside their decision. */
#define RUNET_REVIEW_BIT_FLAGGED 8
#define RUNET_REVIEW_BIT_DISPUTED 9

/* All that people said of a case, as bits of RUNET_CRITERION_REVIEW. */
guint
runet_review_bits (RunetCase *item);

#define RUNET_TYPE_WORKLIST_FILTER (runet_worklist_filter_get_type ())
G_DECLARE_FINAL_TYPE (RunetWorklistFilter,
                      runet_worklist_filter,
                      RUNET,
                      WORKLIST_FILTER,
                      GtkFilter)

RunetWorklistFilter *
runet_worklist_filter_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* @author: (nullable): who is reviewing. */
void
runet_worklist_filter_set_author (RunetWorklistFilter *self, const char *author);
/* Words that all have to be in what runet_case_matches() looks through. (nullable) */
void
runet_worklist_filter_set_text (RunetWorklistFilter *self, const char *text);
gboolean
runet_worklist_filter_has_text (RunetWorklistFilter *self);
void
runet_worklist_filter_set (RunetWorklistFilter *self,
                           RunetCriterion criterion,
                           guint options);
guint
runet_worklist_filter_get (RunetWorklistFilter *self, RunetCriterion criterion);
/* How many criteria have an option chosen; the text is none of them. */
guint
runet_worklist_filter_count (RunetWorklistFilter *self);
/* Whether results that come later may change what is shown. */
gboolean
runet_worklist_filter_follows_results (RunetWorklistFilter *self);
/* Whether decisions that come later may change what is shown. */
gboolean
runet_worklist_filter_follows_review (RunetWorklistFilter *self);
/* No criterion, no text. */
void
runet_worklist_filter_clear (RunetWorklistFilter *self);

/* "quality=good", one for each option, to be kept; words that mean nothing are left out when read. */
GStrv
runet_worklist_filter_to_strings (RunetWorklistFilter *self) G_GNUC_WARN_UNUSED_RESULT;
void
runet_worklist_filter_set_strings (RunetWorklistFilter *self,
                                   const char *const *strings);

G_END_DECLS
