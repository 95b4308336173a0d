/* A case: one view of one patient, its state in the queue and what the model said of it. */
#include "case.h"

#include <math.h>
#include <string.h>

#include "wording.h"

#define MM2_PER_CM2 100.0
/* Longer than any sequence: what a cache says of a frame's place is not trusted beyond. */
#define FRAMES_MAX 10000

struct _RunetCase {
  GObject parent;

  RunetDataset *dataset;
  const RunetPatient *patient;
  RunetView view;
  char *name;
  char *haystack; /* what a search looks through, case-folded */

  RunetCaseState state;
  char *message;
  RunetFrameResult *instants[RUNET_INSTANTS];
  GHashTable *frames; /* guint → RunetFrameResult */
  RunetReviewState *review; /* (nullable) */
  GPtrArray *corrections; /* (nullable) (element-type RunetCaseCorrection) */
  GArray *areas; /* double, mm², by frame of the sequence; NaN where unknown */

  /* What follows from the results. */
  RunetRisk risk;
  double score;
  guint kinds;
  guint rank; /* the list's */
  double teaching; /* NaN when it is not known */
};

G_DEFINE_FINAL_TYPE (RunetCase, runet_case, G_TYPE_OBJECT)

static guint changed_signal;

static void
runet_case_finalize (GObject *object) {
  RunetCase *self = RUNET_CASE (object);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_clear_pointer (&self->instants[i], runet_frame_result_unref);
  g_clear_pointer (&self->frames, g_hash_table_unref);
  g_clear_pointer (&self->review, runet_review_state_unref);
  g_clear_pointer (&self->corrections, g_ptr_array_unref);
  g_clear_pointer (&self->areas, g_array_unref);
  g_clear_pointer (&self->dataset, runet_dataset_unref);
  g_free (self->name);
  g_free (self->haystack);
  g_free (self->message);
  G_OBJECT_CLASS (runet_case_parent_class)->finalize (object);
}

static void
runet_case_class_init (RunetCaseClass *class) {
  G_OBJECT_CLASS (class)->finalize = runet_case_finalize;
  changed_signal = g_signal_new ("changed", RUNET_TYPE_CASE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static guint
list_kinds (const GArray *reasons) {
  guint kinds = 0;
  for (guint i = 0; i < reasons->len; i++) {
    const RunetReason *one = &g_array_index (reasons, RunetReason, i);
    if (one->severity != RUNET_SEVERITY_NOTE || runet_reason_is_sign (one))
      kinds |= 1U << one->kind;
  }
  return kinds;
}

static guint
list_signs (const RunetFrameResult *result) {
  g_autoptr (GArray) signs = g_array_new (FALSE, FALSE, sizeof (RunetReason));
  runet_risk_list_signs (result, signs);
  return list_kinds (signs);
}

static double
get_area (const RunetFrameResult *result) {
  return result->stage[RUNET_SHOWN_LAST].anatomy->area_mm2[RUNET_STRUCTURE_ENDO];
}

/* Returns: (transfer full): of each frame of the sequence what counts. */
static GArray *
list_areas (RunetCase *self) {
  GArray *areas = g_array_copy (self->areas);
  for (guint i = 0; self->corrections && i < self->corrections->len; i++) {
    const RunetCaseCorrection *one = self->corrections->pdata[i];
    const int frame = one->frame > 0 ? one->frame
                      : one->instant >= 0
                          ? runet_case_get_files (self)->frame[one->instant]
                          : 0;
    if (frame >= 1 && (guint)frame <= areas->len)
      g_array_index (areas, double, frame - 1) = get_area (one->result);
  }
  return areas;
}

/* Results, corrections, areas or the state are new. */
static void
assess (RunetCase *self) {
  RunetFrameResult *shown[RUNET_INSTANTS];
  for (int i = 0; i < RUNET_INSTANTS; i++)
    shown[i] = runet_case_get_instant_shown (self, i);
  g_autoptr (GArray) areas = list_areas (self);
  self->risk = runet_risk_assess (shown, self->state == RUNET_CASE_FAILED,
                                  (const double *)areas->data, areas->len);
  self->score = runet_risk_score (&self->risk);
  self->kinds = 0;
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    const RunetStageResult *last = shown[i] ? &shown[i]->stage[RUNET_SHOWN_LAST] : NULL;
    if (last)
      self->kinds |= list_kinds (last->anatomy->reasons) | list_signs (shown[i]);
    if (last && last->comparison)
      self->kinds |= list_kinds (last->comparison->reasons);
  }
  RunetReason jump;
  if (runet_risk_get_jump (&self->risk, &jump))
    self->kinds |= 1U << jump.kind;
}

static void
set_area (RunetCase *self, guint frame, double area_mm2) {
  const double unknown = NAN;
  if (frame >= FRAMES_MAX)
    return;
  while (self->areas->len <= frame)
    g_array_append_val (self->areas, unknown);
  g_array_index (self->areas, double, frame) = area_mm2;
}

/* A still stands for its frame of the sequence. */
static void
put_instant (RunetCase *self, RunetInstant instant, RunetFrameResult *result) {
  const RunetViewFiles *files = runet_case_get_files (self);
  g_clear_pointer (&self->instants[instant], runet_frame_result_unref);
  self->instants[instant] = runet_frame_result_ref (result);
  if (files->sequence && files->frame[instant] > 0)
    set_area (self, (guint)files->frame[instant] - 1, get_area (result));
}

static void
put_frame (RunetCase *self, guint frame, RunetFrameResult *result) {
  g_hash_table_replace (self->frames, GUINT_TO_POINTER (frame),
                        runet_frame_result_ref (result));
  set_area (self, frame, get_area (result));
}

static void
runet_case_init (RunetCase *self) {
  self->frames = g_hash_table_new_full (NULL, NULL, NULL,
                                        (GDestroyNotify)runet_frame_result_unref);
  self->areas = g_array_new (FALSE, FALSE, sizeof (double));
  self->teaching = NAN;
  self->risk = (RunetRisk){.disagreement = NAN, .uncertainty = NAN, .jump = NAN};
}

RunetCase *
runet_case_new (RunetDataset *dataset, const RunetPatient *patient, RunetView view) {
  g_return_val_if_fail (dataset != NULL && patient != NULL, NULL);

  RunetCase *self = g_object_new (RUNET_TYPE_CASE, NULL);
  self->dataset = runet_dataset_ref (dataset);
  self->patient = patient;
  self->view = view;
  /* Names of folders need not be UTF-8; what is shown must be. */
  g_autofree char *id = g_utf8_make_valid (patient->id, -1);
  self->name =
      patient->subset ? g_strconcat (patient->subset, "/", id, NULL) : g_strdup (id);
  RunetQuality quality = patient->views[view].quality;
  g_autofree char *text = g_strdup_printf (
      "%s %s %s %s %s", self->name, runet_view_to_string (view), runet_view_name (view),
      runet_quality_to_string (quality), runet_quality_name (quality));
  self->haystack = g_utf8_casefold (text, -1);
  return self;
}

GListStore *
runet_cases_of_dataset (RunetDataset *dataset) {
  g_return_val_if_fail (dataset != NULL, NULL);

  /* The four-chamber view is looked at first by habit. */
  static const RunetView order[RUNET_VIEWS] = {RUNET_VIEW_A4C, RUNET_VIEW_A2C};
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint p = 0; p < dataset->patients->len; p++) {
    const RunetPatient *patient = dataset->patients->pdata[p];
    for (int v = 0; v < RUNET_VIEWS; v++)
      if (patient->views[order[v]].present)
        g_ptr_array_add (cases, runet_case_new (dataset, patient, order[v]));
  }
  GListStore *store = g_list_store_new (RUNET_TYPE_CASE);
  g_list_store_splice (store, 0, 0, cases->pdata, cases->len);
  return store;
}

RunetCase *
runet_cases_find_other_view (GListModel *cases, RunetCase *item) {
  g_return_val_if_fail (G_IS_LIST_MODEL (cases) && RUNET_IS_CASE (item), NULL);
  for (guint i = 0; i < g_list_model_get_n_items (cases); i++) {
    g_autoptr (RunetCase) other = g_list_model_get_item (cases, i);
    if (other->patient == item->patient && other->view != item->view)
      return other;
  }
  return NULL;
}

RunetDataset *
runet_case_get_dataset (RunetCase *self) {
  return self->dataset;
}

const RunetPatient *
runet_case_get_patient (RunetCase *self) {
  return self->patient;
}

const RunetViewFiles *
runet_case_get_files (RunetCase *self) {
  return &self->patient->views[self->view];
}

const char *
runet_case_get_name (RunetCase *self) {
  return self->name;
}

RunetView
runet_case_get_view (RunetCase *self) {
  return self->view;
}

RunetCaseState
runet_case_get_state (RunetCase *self) {
  return self->state;
}

const char *
runet_case_get_message (RunetCase *self) {
  return self->message;
}

void
runet_case_set_state (RunetCase *self, RunetCaseState state, const char *message) {
  g_return_if_fail (RUNET_IS_CASE (self));
  if (self->state == state && g_strcmp0 (self->message, message) == 0)
    return;
  self->state = state;
  g_free (self->message);
  self->message = g_strdup (message);
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

void
runet_case_set_instant_result (RunetCase *self,
                               RunetInstant instant,
                               RunetFrameResult *result) {
  g_return_if_fail (RUNET_IS_CASE (self) && (guint)instant < RUNET_INSTANTS);
  put_instant (self, instant, result);
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

void
runet_case_set_frame_result (RunetCase *self, guint frame, RunetFrameResult *result) {
  g_return_if_fail (RUNET_IS_CASE (self));
  put_frame (self, frame, result);
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

void
runet_case_restore (RunetCase *self,
                    RunetFrameResult *const results[RUNET_INSTANTS],
                    const GArray *areas,
                    gboolean done) {
  g_return_if_fail (RUNET_IS_CASE (self));
  for (guint i = 0; areas && i < areas->len; i++) {
    const RunetFrameArea *one = &g_array_index (areas, RunetFrameArea, i);
    set_area (self, one->frame, one->area_mm2);
  }
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (results[i] && !self->instants[i])
      put_instant (self, i, results[i]);
  if (done && self->state != RUNET_CASE_FAILED)
    self->state = RUNET_CASE_DONE;
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

void
runet_case_restore_frames (RunetCase *self, const GPtrArray *frames) {
  g_return_if_fail (RUNET_IS_CASE (self) && frames != NULL);
  for (guint i = 0; i < frames->len; i++)
    if (frames->pdata[i])
      put_frame (self, i, frames->pdata[i]);
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

RunetFrameResult *
runet_case_get_instant_result (RunetCase *self, RunetInstant instant) {
  g_return_val_if_fail (RUNET_IS_CASE (self) && (guint)instant < RUNET_INSTANTS, NULL);
  return self->instants[instant];
}

RunetFrameResult *
runet_case_get_result (RunetCase *self, const RunetClip *clip, guint frame) {
  g_return_val_if_fail (RUNET_IS_CASE (self) && clip != NULL, NULL);
  RunetInstant instant;
  if (runet_clip_get_instant (clip, frame, &instant) && self->instants[instant])
    return self->instants[instant];
  return clip->sequence ? g_hash_table_lookup (self->frames, GUINT_TO_POINTER (frame))
                        : NULL;
}

RunetFrameResult *
runet_case_get_instant_shown (RunetCase *self, RunetInstant instant) {
  const RunetCaseCorrection *correction =
      runet_case_corrections_find (self->corrections, (int)instant, 0);
  return correction ? correction->result
                    : runet_case_get_instant_result (self, instant);
}

RunetFrameResult *
runet_case_get_shown (RunetCase *self, const RunetClip *clip, guint frame) {
  const RunetCaseCorrection *correction = runet_case_get_correction (self, clip, frame);
  return correction ? correction->result : runet_case_get_result (self, clip, frame);
}

RunetCaseCorrection *
runet_case_get_correction (RunetCase *self, const RunetClip *clip, guint frame) {
  g_return_val_if_fail (RUNET_IS_CASE (self) && clip != NULL, NULL);
  return runet_case_corrections_find_frame (self->corrections, clip, frame);
}

RunetCaseCorrection *
runet_case_corrections_find_frame (const GPtrArray *corrections,
                                   const RunetClip *clip,
                                   guint frame) {
  RunetInstant instant;
  if (runet_clip_get_instant (clip, frame, &instant))
    return runet_case_corrections_find (corrections, (int)instant, 0);
  return runet_case_corrections_find (corrections, -1, (int)frame + 1);
}

void
runet_case_set_corrections (RunetCase *self, GPtrArray *corrections) {
  g_return_if_fail (RUNET_IS_CASE (self));
  if (!self->corrections && (!corrections || corrections->len == 0))
    return;
  g_clear_pointer (&self->corrections, g_ptr_array_unref);
  if (corrections && corrections->len > 0)
    self->corrections = g_ptr_array_ref (corrections);
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

const GPtrArray *
runet_case_get_corrections (RunetCase *self) {
  g_return_val_if_fail (RUNET_IS_CASE (self), NULL);
  return self->corrections;
}

double *
runet_case_get_curve (RunetCase *self, const RunetClip *clip, RunetCineCurve curve) {
  g_return_val_if_fail (RUNET_IS_CASE (self) && clip != NULL, NULL);

  gboolean expert =
      curve == RUNET_CURVE_EXPERT_AREA || curve == RUNET_CURVE_EXPERT_LENGTH;
  gboolean area = curve == RUNET_CURVE_AREA || curve == RUNET_CURVE_EXPERT_AREA;
  double *values = g_new (double, clip->frames);
  for (guint frame = 0; frame < clip->frames; frame++) {
    const RunetFrameResult *result =
        expert ? NULL : runet_case_get_shown (self, clip, frame);
    const RunetDiscs *discs = expert   ? clip->expert_discs[frame]
                              : result ? &result->stage[RUNET_SHOWN_LAST].discs
                                       : NULL;
    values[frame] = NAN;
    if (discs && area && discs->area_mm2 > 0)
      values[frame] = discs->area_mm2 / MM2_PER_CM2;
    else if (discs && !area && discs->state == RUNET_DISCS_FOUND)
      values[frame] = discs->length_mm;
  }
  return values;
}

void
runet_case_clear (RunetCase *self) {
  g_return_if_fail (RUNET_IS_CASE (self));
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_clear_pointer (&self->instants[i], runet_frame_result_unref);
  g_hash_table_remove_all (self->frames);
  g_array_set_size (self->areas, 0);
  g_clear_pointer (&self->message, g_free);
  self->state = RUNET_CASE_PENDING;
  assess (self);
  g_signal_emit (self, changed_signal, 0);
}

RunetReviewState *
runet_case_get_review (RunetCase *self) {
  g_return_val_if_fail (RUNET_IS_CASE (self), NULL);
  return self->review;
}

void
runet_case_set_review (RunetCase *self, RunetReviewState *review) {
  g_return_if_fail (RUNET_IS_CASE (self));
  if (self->review == review)
    return;
  g_clear_pointer (&self->review, runet_review_state_unref);
  self->review = review ? runet_review_state_ref (review) : NULL;
  g_signal_emit (self, changed_signal, 0);
}

gboolean
runet_case_is_anatomical_outlier (RunetCase *self) {
  return self->risk.anatomical;
}

gboolean
runet_case_is_geometrical_outlier (RunetCase *self) {
  return self->risk.geometrical;
}

gboolean
runet_case_is_outlier (RunetCase *self) {
  return runet_case_is_anatomical_outlier (self) ||
         runet_case_is_geometrical_outlier (self);
}

const RunetRisk *
runet_case_get_risk (RunetCase *self) {
  return &self->risk;
}

double
runet_case_get_score (RunetCase *self) {
  return self->score;
}

guint
runet_case_get_reason_kinds (RunetCase *self) {
  return self->kinds;
}

static int
compare_reasons (gconstpointer a, gconstpointer b) {
  const RunetCaseReason *first = a, *second = b;
  if (first->instant != second->instant)
    return (int)first->instant - (int)second->instant;
  gboolean note_a = first->reason.severity == RUNET_SEVERITY_NOTE;
  gboolean note_b = second->reason.severity == RUNET_SEVERITY_NOTE;
  if (note_a != note_b)
    return note_a - note_b;
  if (runet_reason_is_sign (&first->reason) != runet_reason_is_sign (&second->reason))
    return runet_reason_is_sign (&first->reason) ? 1 : -1;
  if (first->reason.structure != second->reason.structure)
    return (int)first->reason.structure - (int)second->reason.structure;
  return (int)first->reason.kind - (int)second->reason.kind;
}

guint
runet_case_count_model_limits (RunetCase *self) {
  g_return_val_if_fail (RUNET_IS_CASE (self), 0);
  guint limits = 0;
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    g_autoptr (GArray) reasons =
        self->instants[i] ? runet_frame_result_list_reasons (self->instants[i]) : NULL;
    for (guint k = 0; reasons && k < reasons->len; k++)
      limits += g_array_index (reasons, RunetReason, k).severity != RUNET_SEVERITY_NOTE;
  }
  return limits;
}

GArray *
runet_case_list_reasons (RunetCase *self) {
  g_return_val_if_fail (RUNET_IS_CASE (self), NULL);

  GArray *list = g_array_new (FALSE, FALSE, sizeof (RunetCaseReason));
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    RunetFrameResult *shown = runet_case_get_instant_shown (self, i);
    if (!shown)
      continue;
    g_autoptr (GArray) reasons = runet_frame_result_list_reasons (shown);
    runet_risk_list_signs (shown, reasons);
    for (guint k = 0; k < reasons->len; k++) {
      RunetCaseReason one = {g_array_index (reasons, RunetReason, k), i, -1};
      g_array_append_val (list, one);
    }
  }
  g_array_sort (list, compare_reasons);
  RunetCaseReason jump = {.frame = (int)self->risk.jump_frame};
  if (runet_risk_get_jump (&self->risk, &jump.reason))
    g_array_append_val (list, jump);
  return list;
}

int
runet_case_compare_by_risk (RunetCase *a, RunetCase *b) {
  if (a->score != b->score)
    return a->score > b->score ? -1 : 1;
  return runet_case_compare_by_name (a, b);
}

int
runet_case_compare_by_name (RunetCase *a, RunetCase *b) {
  int order = strcmp (a->name, b->name);
  /* The four-chamber view before the two-chamber one. */
  return order != 0 ? order : (int)b->view - (int)a->view;
}

void
runet_case_set_teaching (RunetCase *self, double gain) {
  g_return_if_fail (RUNET_IS_CASE (self));
  const gboolean same =
      gain == self->teaching || (isnan (gain) && isnan (self->teaching));
  self->teaching = gain;
  if (!same)
    g_signal_emit (self, changed_signal, 0);
}

double
runet_case_get_teaching (RunetCase *self) {
  return self->teaching;
}

void
runet_case_set_rank (RunetCase *self, guint rank) {
  self->rank = rank;
}

guint
runet_case_get_rank (RunetCase *self) {
  return self->rank;
}

GStrv
runet_case_fold_words (const char *text) {
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  for (guint i = 0; parts[i]; i++)
    if (*parts[i])
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
}

gboolean
runet_case_has_words (RunetCase *self, const char *const *words) {
  for (guint i = 0; words[i]; i++)
    if (!strstr (self->haystack, words[i]))
      return FALSE;
  return TRUE;
}

gboolean
runet_case_matches (RunetCase *self, const char *text) {
  g_return_val_if_fail (RUNET_IS_CASE (self), FALSE);
  g_auto (GStrv) words = runet_case_fold_words (text ? text : "");
  return runet_case_has_words (self, (const char *const *)words);
}
