/* A case: one view of one patient, its state in the queue and what the model said of it. */
#include "case.h"

#include <math.h>
#include <string.h>

#include "wording.h"

#define MM2_PER_CM2 100.0

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
};

G_DEFINE_FINAL_TYPE (RunetCase, runet_case, G_TYPE_OBJECT)

static guint changed_signal;

static void
runet_case_finalize (GObject *object) {
  RunetCase *self = RUNET_CASE (object);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    g_clear_pointer (&self->instants[i], runet_frame_result_unref);
  g_clear_pointer (&self->frames, g_hash_table_unref);
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

static void
runet_case_init (RunetCase *self) {
  self->frames = g_hash_table_new_full (NULL, NULL, NULL,
                                        (GDestroyNotify)runet_frame_result_unref);
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
  g_signal_emit (self, changed_signal, 0);
}

void
runet_case_set_instant_result (RunetCase *self,
                               RunetInstant instant,
                               RunetFrameResult *result) {
  g_return_if_fail (RUNET_IS_CASE (self) && (guint)instant < RUNET_INSTANTS);
  g_clear_pointer (&self->instants[instant], runet_frame_result_unref);
  self->instants[instant] = runet_frame_result_ref (result);
  g_signal_emit (self, changed_signal, 0);
}

void
runet_case_set_frame_result (RunetCase *self, guint frame, RunetFrameResult *result) {
  g_return_if_fail (RUNET_IS_CASE (self));
  g_hash_table_replace (self->frames, GUINT_TO_POINTER (frame),
                        runet_frame_result_ref (result));
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

double *
runet_case_get_curve (RunetCase *self, const RunetClip *clip, RunetCurve curve) {
  g_return_val_if_fail (RUNET_IS_CASE (self) && clip != NULL, NULL);

  gboolean expert =
      curve == RUNET_CURVE_EXPERT_AREA || curve == RUNET_CURVE_EXPERT_LENGTH;
  gboolean area = curve == RUNET_CURVE_AREA || curve == RUNET_CURVE_EXPERT_AREA;
  double *values = g_new (double, clip->frames);
  for (guint frame = 0; frame < clip->frames; frame++) {
    const RunetFrameResult *result =
        expert ? NULL : runet_case_get_result (self, clip, frame);
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
  g_clear_pointer (&self->message, g_free);
  self->state = RUNET_CASE_PENDING;
  g_signal_emit (self, changed_signal, 0);
}

gboolean
runet_case_is_anatomical_outlier (RunetCase *self) {
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (self->instants[i] &&
        self->instants[i]->stage[RUNET_SHOWN_LAST].anatomy->outlier)
      return TRUE;
  return FALSE;
}

gboolean
runet_case_is_geometrical_outlier (RunetCase *self) {
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    const RunetComparison *comparison =
        self->instants[i] ? self->instants[i]->stage[RUNET_SHOWN_LAST].comparison
                          : NULL;
    if (comparison && comparison->outlier)
      return TRUE;
  }
  return FALSE;
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
  if (first->reason.structure != second->reason.structure)
    return (int)first->reason.structure - (int)second->reason.structure;
  return (int)first->reason.kind - (int)second->reason.kind;
}

GArray *
runet_case_list_reasons (RunetCase *self) {
  g_return_val_if_fail (RUNET_IS_CASE (self), NULL);

  GArray *list = g_array_new (FALSE, FALSE, sizeof (RunetCaseReason));
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    if (!self->instants[i])
      continue;
    g_autoptr (GArray) reasons = runet_frame_result_list_reasons (self->instants[i]);
    for (guint k = 0; k < reasons->len; k++) {
      RunetCaseReason one = {g_array_index (reasons, RunetReason, k), i};
      g_array_append_val (list, one);
    }
  }
  g_array_sort (list, compare_reasons);
  return list;
}

/* Larger is riskier; the classes never overlap because a disagreement is at most 1. */
static double
risk (RunetCase *self) {
  double worst = 0.0;
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (self->instants[i])
      worst = MAX (worst, self->instants[i]->disagreement);
  if (runet_case_is_anatomical_outlier (self))
    worst += 8.0;
  if (runet_case_is_geometrical_outlier (self))
    worst += 4.0;
  if (self->state == RUNET_CASE_FAILED)
    worst += 2.0;
  return worst;
}

int
runet_case_compare_by_risk (RunetCase *a, RunetCase *b) {
  double risk_a = risk (a), risk_b = risk (b);
  if (risk_a != risk_b)
    return risk_a > risk_b ? -1 : 1;
  return runet_case_compare_by_name (a, b);
}

int
runet_case_compare_by_name (RunetCase *a, RunetCase *b) {
  int order = strcmp (a->name, b->name);
  /* The four-chamber view before the two-chamber one. */
  return order != 0 ? order : (int)b->view - (int)a->view;
}

gboolean
runet_case_matches (RunetCase *self, const char *text) {
  g_return_val_if_fail (RUNET_IS_CASE (self), FALSE);
  if (!text || !*text)
    return TRUE;
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t", -1);
  for (guint i = 0; words[i]; i++)
    if (*words[i] && !strstr (self->haystack, words[i]))
      return FALSE;
  return TRUE;
}
