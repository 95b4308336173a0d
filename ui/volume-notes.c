/* What has to be said beside volumes and ejection fraction, in words. */
#include "volume-notes.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include "core/shape/reference-range.h"
#include "wording.h"

const char *
runet_grade_name (guint grade) {
  static const char *const names[] = {
      [RUNET_GRADE_UNKNOWN] = "",
      [RUNET_GRADE_NORMAL] = N_ ("normal"),
      [RUNET_GRADE_BELOW] = N_ ("below normal"),
      [RUNET_GRADE_ABOVE] = N_ ("above normal"),
      [RUNET_GRADE_MILD] = N_ ("mildly abnormal"),
      [RUNET_GRADE_MODERATE] = N_ ("moderately abnormal"),
      [RUNET_GRADE_SEVERE] = N_ ("severely abnormal"),
  };
  g_return_val_if_fail (grade < G_N_ELEMENTS (names), "");
  return *names[grade] ? _ (names[grade]) : "";
}

const char *
runet_volumes_planes (const RunetVolumes *volumes) {
  gboolean used[RUNET_VIEWS] = {FALSE, FALSE};
  for (int i = 0; i < RUNET_INSTANTS; i++)
    for (int v = 0; v < RUNET_VIEWS; v++)
      used[v] |= volumes->views[i][v];
  /* Without an ejection fraction the two volumes may be of different views. */
  if (used[RUNET_VIEW_A2C] && used[RUNET_VIEW_A4C])
    return isfinite (volumes->ef_percent) ? _ ("biplane") : _ ("differ");
  return used[RUNET_VIEW_A4C] ? "4CH" : used[RUNET_VIEW_A2C] ? "2CH" : "–";
}

char *
runet_volumes_describe_grades (const RunetVolumes *volumes, const char *who, char sex) {
  const RunetRange *edv = runet_range_of_volume (sex, RUNET_INSTANT_ED);
  const RunetRange *esv = runet_range_of_volume (sex, RUNET_INSTANT_ES);
  const RunetRange *ef = runet_range_of_ef (sex);
  if (!edv || !esv || !ef)
    return g_strdup (_ ("No reference ranges: the sex of the patient is not known"));
  GString *text = g_string_new (NULL);
  g_string_append_printf (text,
                          sex == 'F' ? _ ("Normal in women (ASE/EACVI 2015): EDV %g–%g "
                                          "ml, ESV %g–%g ml, EF %g–%g %%")
                                     : _ ("Normal in men (ASE/EACVI 2015): EDV %g–%g "
                                          "ml, ESV %g–%g ml, EF %g–%g %%"),
                          edv->low, edv->high, esv->low, esv->high, ef->low, ef->high);
  if (!isfinite (volumes->ef_percent))
    return g_string_free (text, FALSE);
  const double *ml = volumes->volume_ml;
  g_string_append_c (text, '\n');
  g_string_append_printf (text, _ ("%s: EDV %s, ESV %s, EF %s"), who,
                          runet_grade_name (runet_grade_volume (sex, RUNET_INSTANT_ED,
                                                                ml[RUNET_INSTANT_ED])),
                          runet_grade_name (runet_grade_volume (sex, RUNET_INSTANT_ES,
                                                                ml[RUNET_INSTANT_ES])),
                          runet_grade_name (runet_grade_ef (sex, volumes->ef_percent)));
  return g_string_free (text, FALSE);
}

/* Why there is nothing measured of one image; NULL when there is. */
static const char *
explain (const RunetPatientMeasures *measures,
         RunetCase *item,
         RunetInstant instant,
         gboolean expert) {
  RunetView view = runet_case_get_view (item);
  const RunetViewFiles *files = runet_case_get_files (item);
  if (measures->known[view][instant]) {
    RunetDiscsState state = measures->discs[view][instant].state;
    return state == RUNET_DISCS_FOUND ? NULL : runet_discs_state_words (state);
  }
  if (expert)
    return _ ("no mask");
  if (!files->still[instant] && !(files->sequence && files->frame[instant] > 0))
    return _ ("no image");
  return runet_case_get_state (item) == RUNET_CASE_FAILED ? _ ("could not be analysed")
                                                          : _ ("not analysed yet");
}

static void
note_missing (const RunetPatientMeasures *measures,
              RunetCase *item,
              gboolean expert,
              const char *who,
              GPtrArray *notes) {
  const char *why[RUNET_INSTANTS];
  const char *view = runet_view_name (runet_case_get_view (item));
  for (int i = 0; i < RUNET_INSTANTS; i++)
    why[i] = explain (measures, item, i, expert);
  if (why[0] && why[1] && g_str_equal (why[0], why[1])) {
    g_ptr_array_add (notes, g_strdup_printf ("%s, %s: %s", who, view, why[0]));
    return;
  }
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (why[i])
      g_ptr_array_add (notes, g_strdup_printf ("%s, %s, %s: %s", who, view,
                                               runet_instant_name (i), why[i]));
}

static void
note_foreshortening (const RunetPatientMeasures *measures,
                     const char *who,
                     GPtrArray *notes) {
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    const double share = runet_patient_measures_get_foreshortening (measures, i);
    if (!(share > RUNET_FORESHORTENED))
      continue;
    const double four = measures->discs[RUNET_VIEW_A4C][i].length_mm;
    const double two = measures->discs[RUNET_VIEW_A2C][i].length_mm;
    g_ptr_array_add (
        notes, g_strdup_printf (_ ("%s, %s: the long axes differ by %.1f %% (4CH %.1f "
                                   "mm, 2CH %.1f mm); the "
                                   "%s view may be foreshortened"),
                                who, runet_instant_name (i), 100 * share, four, two,
                                four < two ? _ ("four-chamber") : _ ("two-chamber")));
  }
}

void
runet_patient_measures_list_notes (const RunetPatientMeasures *measures,
                                   RunetCase *const views[RUNET_VIEWS],
                                   gboolean expert,
                                   const char *who,
                                   GPtrArray *notes) {
  for (int v = RUNET_VIEWS - 1; v >= 0; v--)
    if (views[v])
      note_missing (measures, views[v], expert, who, notes);
  note_foreshortening (measures, who, notes);
}
