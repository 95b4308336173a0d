/* Which cases the worklist shows. */
#include "worklist-filter.h"

struct _RunetWorklistFilter {
  GtkFilter parent;

  guint options[RUNET_CRITERIA];
  char *author; /* (nullable): who is reviewing */
  GStrv words; /* (nullable): folded */
};

G_DEFINE_FINAL_TYPE (RunetWorklistFilter, runet_worklist_filter, GTK_TYPE_FILTER)

/* How an option is written down. */
static const struct {
  RunetCriterion criterion;
  guint bit;
  const char *text;
} words[] = {
    {RUNET_CRITERION_STATE, RUNET_CASE_PENDING, "state=waiting"},
    {RUNET_CRITERION_STATE, RUNET_CASE_RUNNING, "state=running"},
    {RUNET_CRITERION_STATE, RUNET_CASE_DONE, "state=done"},
    {RUNET_CRITERION_STATE, RUNET_CASE_FAILED, "state=failed"},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_NONE, "review=none"},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_ACCEPTED, "review=accepted"},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_CORRECTED, "review=corrected"},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_REJECTED, "review=rejected"},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_BIT_FLAGGED, "review=flagged"},
    {RUNET_CRITERION_REVIEW, RUNET_REVIEW_BIT_DISPUTED, "review=disputed"},
    {RUNET_CRITERION_OWN, 0, "own=none"},
    {RUNET_CRITERION_VIEW, RUNET_VIEW_A4C, "view=4CH"},
    {RUNET_CRITERION_VIEW, RUNET_VIEW_A2C, "view=2CH"},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_GOOD, "quality=good"},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_MEDIUM, "quality=medium"},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_POOR, "quality=poor"},
    {RUNET_CRITERION_QUALITY, RUNET_QUALITY_UNKNOWN, "quality=unknown"},
    {RUNET_CRITERION_REASON, RUNET_REASON_MISSING, "reason=missing"},
    {RUNET_CRITERION_REASON, RUNET_REASON_CONVEXITY, "reason=convexity"},
    {RUNET_CRITERION_REASON, RUNET_REASON_SIMPLICITY, "reason=simplicity"},
    {RUNET_CRITERION_REASON, RUNET_REASON_MAD, "reason=mad"},
    {RUNET_CRITERION_REASON, RUNET_REASON_HD, "reason=hd"},
    {RUNET_CRITERION_REASON, RUNET_REASON_STAGES, "reason=disagreement"},
    {RUNET_CRITERION_REASON, RUNET_REASON_UNSURE, "reason=uncertainty"},
    {RUNET_CRITERION_REASON, RUNET_REASON_JUMP, "reason=jump"},
    {RUNET_CRITERION_OUTLIER, 0, "outlier=yes"},
};

guint
runet_review_bits (RunetCase *item) {
  const RunetReviewState *review = runet_case_get_review (item);
  guint bits = 1U << (review ? review->status : RUNET_REVIEW_NONE);
  if (review && review->flagged)
    bits |= 1U << RUNET_REVIEW_BIT_FLAGGED;
  if (review && review->disputed)
    bits |= 1U << RUNET_REVIEW_BIT_DISPUTED;
  return bits;
}

static guint
get_bits (RunetWorklistFilter *self, RunetCase *item, RunetCriterion criterion) {
  const RunetRisk *risk = runet_case_get_risk (item);
  switch (criterion) {
  case RUNET_CRITERION_STATE:
    return 1U << runet_case_get_state (item);
  case RUNET_CRITERION_REVIEW:
    return runet_review_bits (item);
  case RUNET_CRITERION_OWN:
    return runet_review_state_get_status_of (runet_case_get_review (item),
                                             self->author) == RUNET_REVIEW_NONE;
  case RUNET_CRITERION_VIEW:
    return 1U << runet_case_get_view (item);
  case RUNET_CRITERION_QUALITY:
    return 1U << runet_case_get_files (item)->quality;
  case RUNET_CRITERION_REASON:
    return runet_case_get_reason_kinds (item);
  default:
    return risk->anatomical || risk->geometrical;
  }
}

static gboolean
runet_worklist_filter_match (GtkFilter *filter, gpointer object) {
  RunetWorklistFilter *self = RUNET_WORKLIST_FILTER (filter);
  RunetCase *item = object;
  for (int i = 0; i < RUNET_CRITERIA; i++)
    if (self->options[i] && !(self->options[i] & get_bits (self, item, i)))
      return FALSE;
  return !self->words || runet_case_has_words (item, (const char *const *)self->words);
}

static GtkFilterMatch
runet_worklist_filter_get_strictness (GtkFilter *filter) {
  RunetWorklistFilter *self = RUNET_WORKLIST_FILTER (filter);
  return runet_worklist_filter_count (self) == 0 && !self->words
             ? GTK_FILTER_MATCH_ALL
             : GTK_FILTER_MATCH_SOME;
}

static void
runet_worklist_filter_finalize (GObject *object) {
  g_strfreev (RUNET_WORKLIST_FILTER (object)->words);
  g_free (RUNET_WORKLIST_FILTER (object)->author);
  G_OBJECT_CLASS (runet_worklist_filter_parent_class)->finalize (object);
}

static void
runet_worklist_filter_class_init (RunetWorklistFilterClass *class) {
  GtkFilterClass *filter_class = GTK_FILTER_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = runet_worklist_filter_finalize;
  filter_class->match = runet_worklist_filter_match;
  filter_class->get_strictness = runet_worklist_filter_get_strictness;
}

static void
runet_worklist_filter_init (RunetWorklistFilter *self) {
}

RunetWorklistFilter *
runet_worklist_filter_new (void) {
  return g_object_new (RUNET_TYPE_WORKLIST_FILTER, NULL);
}

void
runet_worklist_filter_set_author (RunetWorklistFilter *self, const char *author) {
  g_return_if_fail (RUNET_IS_WORKLIST_FILTER (self));
  if (g_strcmp0 (self->author, author) == 0)
    return;
  g_free (self->author);
  self->author = g_strdup (author);
  if (self->options[RUNET_CRITERION_OWN])
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

void
runet_worklist_filter_set_text (RunetWorklistFilter *self, const char *text) {
  g_return_if_fail (RUNET_IS_WORKLIST_FILTER (self));
  GStrv folded = text ? runet_case_fold_words (text) : NULL;
  if (folded && !folded[0])
    g_clear_pointer (&folded, g_strfreev);
  gboolean same =
      folded && self->words
          ? g_strv_equal ((const char *const *)folded, (const char *const *)self->words)
          : folded == self->words;
  g_strfreev (self->words);
  self->words = folded;
  if (!same)
    gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

gboolean
runet_worklist_filter_has_text (RunetWorklistFilter *self) {
  return self->words != NULL;
}

void
runet_worklist_filter_set (RunetWorklistFilter *self,
                           RunetCriterion criterion,
                           guint options) {
  g_return_if_fail (RUNET_IS_WORKLIST_FILTER (self) &&
                    (guint)criterion < RUNET_CRITERIA);
  if (self->options[criterion] == options)
    return;
  self->options[criterion] = options;
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}

guint
runet_worklist_filter_get (RunetWorklistFilter *self, RunetCriterion criterion) {
  g_return_val_if_fail ((guint)criterion < RUNET_CRITERIA, 0);
  return self->options[criterion];
}

guint
runet_worklist_filter_count (RunetWorklistFilter *self) {
  guint count = 0;
  for (int i = 0; i < RUNET_CRITERIA; i++)
    count += self->options[i] != 0;
  return count;
}

gboolean
runet_worklist_filter_follows_results (RunetWorklistFilter *self) {
  return self->options[RUNET_CRITERION_STATE] ||
         self->options[RUNET_CRITERION_REASON] ||
         self->options[RUNET_CRITERION_OUTLIER];
}

gboolean
runet_worklist_filter_follows_review (RunetWorklistFilter *self) {
  return self->options[RUNET_CRITERION_REVIEW] || self->options[RUNET_CRITERION_OWN];
}

void
runet_worklist_filter_clear (RunetWorklistFilter *self) {
  g_return_if_fail (RUNET_IS_WORKLIST_FILTER (self));
  if (runet_worklist_filter_count (self) == 0 && !self->words)
    return;
  for (int i = 0; i < RUNET_CRITERIA; i++)
    self->options[i] = 0;
  g_clear_pointer (&self->words, g_strfreev);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_LESS_STRICT);
}

GStrv
runet_worklist_filter_to_strings (RunetWorklistFilter *self) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (self->options[words[i].criterion] & (1U << words[i].bit))
      g_strv_builder_add (builder, words[i].text);
  return g_strv_builder_end (builder);
}

void
runet_worklist_filter_set_strings (RunetWorklistFilter *self,
                                   const char *const *strings) {
  g_return_if_fail (RUNET_IS_WORKLIST_FILTER (self));
  guint options[RUNET_CRITERIA] = {0};
  for (guint i = 0; strings && i < G_N_ELEMENTS (words); i++)
    if (g_strv_contains (strings, words[i].text))
      options[words[i].criterion] |= 1U << words[i].bit;
  for (int i = 0; i < RUNET_CRITERIA; i++)
    runet_worklist_filter_set (self, i, options[i]);
}
