/* What a retraining would learn from and what is left out of it. */
#include "retrain-words.h"

#include <math.h>
#include <glib/gi18n-lib.h>

/* @format: what g_dngettext() chose for @number */
static char *
count (const char *format, guint number) {
  return g_strdup_printf (format, number);
}

char *
runet_retrain_describe_frames (const RunetRetrainPlan *plan) {
  g_autofree char *corrected =
      count (g_dngettext (GETTEXT_PACKAGE, "%u corrected frame", "%u corrected frames",
                          plan->corrected),
             plan->corrected);
  g_autofree char *accepted =
      count (g_dngettext (GETTEXT_PACKAGE, "%u accepted as the model drew it",
                          "%u accepted as the model drew them", plan->accepted),
             plan->accepted);
  if (runet_retrain_plan_count_frames (plan) == 0)
    return g_strdup (_ ("Nothing yet"));
  if (plan->accepted == 0)
    return g_steal_pointer (&corrected);
  return plan->corrected == 0 ? g_steal_pointer (&accepted)
                              : g_strdup_printf (_ ("%s, %s"), corrected, accepted);
}

char *
runet_retrain_describe_people (const RunetRetrainPlan *plan) {
  g_autofree char *patients =
      count (g_dngettext (GETTEXT_PACKAGE, "%u patient", "%u patients", plan->patients),
             plan->patients);
  g_autofree char *readers =
      count (g_dngettext (GETTEXT_PACKAGE, "%u reader", "%u readers", plan->readers),
             plan->readers);
  return g_strdup_printf (_ ("%s, %s"), patients, readers);
}

char *
runet_retrain_describe_time (double seconds) {
  if (!isfinite (seconds))
    return g_strdup (_ ("Known once it runs"));
  if (seconds < 90)
    return g_strdup (_ ("A minute or so"));
  const guint minutes = (guint)ceil (seconds / 60);
  if (minutes < 90)
    return g_strdup_printf (_ ("About %u min"), minutes);
  return g_strdup_printf (_ ("About %u h %02u min"), minutes / 60, minutes % 60);
}

const char *
runet_exclusion_kind_name (RunetExclusionKind kind) {
  static const char *const names[RUNET_EXCLUSIONS] = {
      [RUNET_EXCLUSION_REJECTED] = N_ ("Rejected"),
      [RUNET_EXCLUSION_DISPUTED] = N_ ("Readers disagree, and nobody adjudicated"),
      [RUNET_EXCLUSION_CONTRADICTORY] =
          N_ ("Accepted in two versions that differ much"),
      [RUNET_EXCLUSION_LOCKED] = N_ ("Of patients that models are judged by"),
      [RUNET_EXCLUSION_NO_CONTOURS] =
          N_ ("Accepted, but without contours in the record"),
      [RUNET_EXCLUSION_DAMAGED] = N_ ("Contours in the record that cannot be read"),
      [RUNET_EXCLUSION_EMPTY] = N_ ("Nothing is drawn on it"),
      [RUNET_EXCLUSION_IMAGE_MISSING] = N_ ("Image missing or unreadable"),
      [RUNET_EXCLUSION_IMAGE_CHANGED] = N_ ("No longer the image that was reviewed"),
  };
  g_return_val_if_fail ((guint)kind < RUNET_EXCLUSIONS, NULL);
  return _ (names[kind]);
}

static guint
count_exclusions (const RunetRetrainPlan *plan, RunetExclusionKind kind) {
  guint number = 0;
  for (guint i = 0; i < plan->exclusions->len; i++)
    number += ((RunetExclusion *)plan->exclusions->pdata[i])->kind == kind;
  return number;
}

static void
add (GPtrArray *list, const char *text) {
  g_ptr_array_add (list, g_strdup (text));
}

static void
add_few (GPtrArray *list, const RunetRetrainPlan *plan) {
  if (runet_retrain_plan_count_frames (plan) == 1)
    add (list, _ ("There is one frame only: the network would learn it by heart rather "
                  "than learn from it."));
  else if (plan->patients == 1)
    add (list, _ ("All frames are of one patient: the network may learn this heart "
                  "rather than hearts."));
  if (plan->corrected == 0)
    add (list, _ ("Nothing was corrected: the network would learn what it says "
                  "already."));
}

static void
add_replay (GPtrArray *list, const RunetRetrainPlan *plan, double replay) {
  if (plan->originals == 0)
    add (list, _ ("There are no other images with experts’ contours in this folder: "
                  "none can be replayed, so the network may forget what it knew, and "
                  "none can show whether it did."));
  else if (replay <= 0)
    add (list, _ ("Nothing is replayed: the network may forget what it knew."));
}

GPtrArray *
runet_retrain_list_warnings (const RunetRetrainPlan *plan, double replay) {
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  if (runet_retrain_plan_count_frames (plan) == 0) {
    add (list, _ ("There is nothing to learn from. Accept or correct contours first: "
                  "each of them is a lesson."));
    return list;
  }
  add_few (list, plan);
  add_replay (list, plan, replay);
  const guint contradictory = count_exclusions (plan, RUNET_EXCLUSION_CONTRADICTORY);
  if (contradictory > 0)
    g_ptr_array_add (
        list,
        count (g_dngettext (
                   GETTEXT_PACKAGE,
                   "%u frame was accepted in two versions that differ much: it is left "
                   "out until somebody adjudicates.",
                   "%u frames were accepted in two versions that differ much: they are "
                   "left out until somebody adjudicates.",
                   contradictory),
               contradictory));
  return list;
}

char *
runet_retrain_describe_run (RunetRetrainRun *run) {
  static const char *const phases[RUNET_RETRAIN_PHASES] = {
      N_ ("Reading"), NULL, N_ ("Comparing with the parent"), N_ ("Finishing")};
  const RunetRetrainProgress *progress = runet_retrain_run_get_progress (run);
  switch (runet_retrain_run_get_state (run)) {
  case RUNET_RETRAIN_STOPPING:
    return g_strdup (_ ("Stopping"));
  case RUNET_RETRAIN_STOPPED:
    return g_strdup (progress->kept ? _ ("Stopped; go on later") : _ ("Stopped"));
  case RUNET_RETRAIN_FAILED:
    return g_strdup (_ ("Failed"));
  case RUNET_RETRAIN_DONE:
    return g_strdup (_ ("Finished"));
  default:
    break;
  }
  if (progress->phase == RUNET_RETRAIN_LEARNING)
    return progress->epoch > 0 ? g_strdup_printf (_ ("Epoch %u of %u"), progress->epoch,
                                                  progress->epochs)
                               : g_strdup (_ ("Learning"));
  return g_strdup (_ (phases[progress->phase]));
}
