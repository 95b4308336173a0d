/* What the program says to people about structures, limits and qualities, in their language. */
#include "wording.h"

#include <math.h>
#include <glib/gi18n-lib.h>

const char *
runet_structure_name (RunetStructure structure) {
  static const char *const names[RUNET_STRUCTURES] = {
      N_ ("Endocardium"),
      N_ ("Epicardium"),
      N_ ("Left atrium"),
  };
  g_return_val_if_fail ((guint)structure < RUNET_STRUCTURES, "");
  return _ (names[structure]);
}

const char *
runet_view_name (RunetView view) {
  return view == RUNET_VIEW_A4C ? _ ("Four-chamber") : _ ("Two-chamber");
}

const char *
runet_instant_name (RunetInstant instant) {
  return instant == RUNET_INSTANT_ED ? _ ("End-diastole") : _ ("End-systole");
}

const char *
runet_quality_name (RunetQuality quality) {
  static const char *const names[] = {
      "–",
      NC_ ("image quality", "Good"),
      NC_ ("image quality", "Medium"),
      NC_ ("image quality", "Poor"),
  };
  g_return_val_if_fail ((guint)quality < G_N_ELEMENTS (names), "");
  if (quality == RUNET_QUALITY_UNKNOWN)
    return names[0];
  return g_dpgettext2 (GETTEXT_PACKAGE, "image quality", names[quality]);
}

const char *
runet_structure_short_name (RunetStructure structure) {
  static const char *const names[RUNET_STRUCTURES] = {
      NC_ ("structure, short", "Endo"),
      NC_ ("structure, short", "Epi"),
      NC_ ("structure, short", "LA"),
  };
  g_return_val_if_fail ((guint)structure < RUNET_STRUCTURES, "");
  return g_dpgettext2 (GETTEXT_PACKAGE, "structure, short", names[structure]);
}

char *
runet_reason_to_chip (const RunetReason *reason) {
  const char *structure = runet_structure_short_name (reason->structure);
  switch (reason->kind) {
  case RUNET_REASON_MISSING:
    return g_strdup_printf (_ ("%s missing"), structure);
  case RUNET_REASON_CONVEXITY:
    return g_strdup_printf (_ ("%s dented"), structure);
  case RUNET_REASON_SIMPLICITY:
    return g_strdup_printf (_ ("%s jagged"), structure);
  case RUNET_REASON_MAD:
    return g_strdup_printf (_ ("%s off"), structure);
  case RUNET_REASON_HD:
    return g_strdup_printf (_ ("%s far off"), structure);
  case RUNET_REASON_HOLES:
    return g_strdup_printf (_ ("%s holes"), structure);
  case RUNET_REASON_COMPONENTS:
    return g_strdup_printf (_ ("%s in pieces"), structure);
  case RUNET_REASON_GAP:
    return g_strdup_printf (_ ("%s gap"), structure);
  case RUNET_REASON_LV_BACKGROUND:
    return g_strdup (_ ("LV open"));
  case RUNET_REASON_MYOCARDIUM_LA:
    return g_strdup (_ ("Wall on LA"));
  case RUNET_REASON_WIDTH_RATIO:
    return g_strdup (_ ("Wall thin for LV"));
  case RUNET_REASON_THICKNESS:
    return g_strdup (_ ("Wall uneven"));
  case RUNET_REASON_REGION_BORDER:
    return g_strdup (_ ("Region’s border"));
  case RUNET_REASON_STAGES:
    return g_strdup (_ ("Stages differ"));
  case RUNET_REASON_UNSURE:
    return g_strdup (_ ("Model unsure"));
  case RUNET_REASON_JUMP:
    return g_strdup (_ ("LV jumps"));
  default:
    return g_strdup (structure);
  }
}

/* As few decimals, but at least @decimals, as tell the two apart. */
static void
format_apart (double value, double limit, int decimals, char **first, char **second) {
  const int most = decimals + 3;
  for (int digits = decimals; digits <= most; digits++) {
    g_autofree char *a = g_strdup_printf ("%.*f", digits, value);
    g_autofree char *b = g_strdup_printf ("%.*f", digits, limit);
    if (digits < most && value != limit && g_str_equal (a, b))
      continue;
    *first = g_steal_pointer (&a);
    *second = g_steal_pointer (&b);
    return;
  }
}

/* Reasons that say by how much a number crossed its limit. */
static const struct {
  const char *sentence; /* structure, value, limit; or value, limit */
  const char *brief; /* the same, for the image */
  int decimals;
  gboolean structured;
  double factor;
} measures[] = {
    [RUNET_REASON_CONVEXITY] = {N_ ("%s dented: convexity %s, limit %s"),
                                N_ ("%s: convexity %s < %s"), 3, TRUE, 1},
    [RUNET_REASON_SIMPLICITY] = {N_ ("%s jagged: simplicity %s, limit %s"),
                                 N_ ("%s: simplicity %s < %s"), 3, TRUE, 1},
    [RUNET_REASON_MAD] = {N_ ("%s off the expert’s by %s mm on average, limit %s mm"),
                          N_ ("%s: off by %s > %s mm on average"), 1, TRUE, 1},
    [RUNET_REASON_HD] = {N_ ("%s far off the expert’s: by up to %s mm, limit %s mm"),
                         N_ ("%s: off by up to %s > %s mm"), 1, TRUE, 1},
    [RUNET_REASON_LV_BACKGROUND] =
        {N_ ("Ventricle open to the background over %s of its width, limit %s"),
         N_ ("LV touches the background: %s > %s"), 2, FALSE, 1},
    [RUNET_REASON_MYOCARDIUM_LA] =
        {N_ ("Heart muscle on the atrium over %s of its width, limit %s"),
         N_ ("Myocardium touches the LA: %s > %s"), 2, FALSE, 1},
    [RUNET_REASON_WIDTH_RATIO] =
        {N_ ("Ventricle %s times as wide as its wall, limit %s"),
         N_ ("LV / myocardium width %s > %s"), 2, FALSE, 1},
    [RUNET_REASON_THICKNESS] = {N_ ("Thinnest wall %s of the thickest, limit %s"),
                                N_ ("Thinnest / thickest wall %s < %s"), 2, FALSE, 1},
    [RUNET_REASON_STAGES] = {N_ ("The two stages differ: 1 − Dice %s %%, limit %s %%"),
                             N_ ("Stages differ: 1 − Dice %s > %s %%"), 0, FALSE, 100},
    [RUNET_REASON_UNSURE] =
        {N_ ("The network is unsure on the contour: %s %%, limit %s %%"),
         N_ ("Model unsure on the contour: %s > %s %%"), 0, FALSE, 100},
    [RUNET_REASON_JUMP] =
        {N_ ("The area of the ventricle jumps between frames: %s %% of the largest, "
             "limit %s %%"),
         N_ ("LV area jumps: %s > %s %%"), 0, FALSE, 100},
};

/* (nullable): of another kind of reason. */
static char *
format_measure (const RunetReason *reason, gboolean brief) {
  if (reason->kind >= G_N_ELEMENTS (measures) || !measures[reason->kind].sentence)
    return NULL;
  const double factor = measures[reason->kind].factor;
  const char *format =
      _ (brief ? measures[reason->kind].brief : measures[reason->kind].sentence);
  g_autofree char *value = NULL, *limit = NULL;
  format_apart (factor * reason->value, factor * reason->limit,
                measures[reason->kind].decimals, &value, &limit);
  if (!measures[reason->kind].structured)
    return g_strdup_printf (format, value, limit);
  return g_strdup_printf (format,
                          brief ? runet_structure_short_name (reason->structure)
                                : runet_structure_name (reason->structure),
                          value, limit);
}

char *
runet_reason_to_brief (const RunetReason *reason) {
  const char *name = runet_structure_short_name (reason->structure);
  char *text = format_measure (reason, TRUE);
  if (text)
    return text;
  switch (reason->kind) {
  case RUNET_REASON_MISSING:
    return g_strdup_printf (_ ("%s: missing"), name);
  case RUNET_REASON_HOLES:
    return g_strdup_printf (_ ("%s: %.0f holes"), name, reason->value);
  case RUNET_REASON_COMPONENTS:
    return g_strdup_printf (_ ("%s: %.0f pieces"), name, reason->value);
  case RUNET_REASON_GAP:
    return g_strdup_printf (_ ("%s: gap to its neighbour"), name);
  case RUNET_REASON_REGION_BORDER:
    return g_strdup_printf (_ ("%s: touches the region’s border"), name);
  default:
    return g_strdup (name);
  }
}

char *
runet_reason_to_sentence (const RunetReason *reason) {
  const char *structure = runet_structure_name (reason->structure);
  int count = isfinite (reason->value) ? (int)lrint (reason->value) : 0;
  char *text = format_measure (reason, FALSE);
  if (text)
    return text;
  switch (reason->kind) {
  case RUNET_REASON_MISSING:
    return g_strdup_printf (_ ("%s not found"), structure);
  case RUNET_REASON_HOLES:
    return g_strdup_printf (_ ("%s has holes: %d"), structure, count);
  case RUNET_REASON_COMPONENTS:
    return g_strdup_printf (_ ("%s in several pieces: %d"), structure, count);
  case RUNET_REASON_GAP:
    return g_strdup_printf (_ ("%s and its neighbour leave a gap of %d pixels"),
                            structure, count);
  case RUNET_REASON_REGION_BORDER:
    return g_strdup_printf (_ ("The last stage touches the border of its region of "
                               "interest, by %.1f %% of its contours; most at: %s"),
                            100 * reason->value, structure);
  default:
    return runet_reason_to_string (reason);
  }
}

const char *
runet_discs_state_words (RunetDiscsState state) {
  switch (state) {
  case RUNET_DISCS_FOUND:
    return _ ("Long axis found");
  case RUNET_DISCS_NO_SPACING:
    return _ ("No long axis: the image does not say how large a pixel is");
  case RUNET_DISCS_NO_CAVITY:
    return _ ("No long axis: no LV cavity found");
  case RUNET_DISCS_NO_BASE:
    return _ ("No long axis: no base of the LV found");
  }
  g_return_val_if_reached ("");
}

const char *
runet_review_status_name (RunetReviewStatus status) {
  static const char *const names[RUNET_REVIEW_STATUSES] = {
      [RUNET_REVIEW_NONE] = NC_ ("review", "Not reviewed"),
      [RUNET_REVIEW_ACCEPTED] = NC_ ("review", "Accepted"),
      [RUNET_REVIEW_CORRECTED] = NC_ ("review", "Corrected"),
      [RUNET_REVIEW_REJECTED] = NC_ ("review", "Rejected"),
  };
  g_return_val_if_fail ((guint)status < RUNET_REVIEW_STATUSES, "");
  return g_dpgettext2 (GETTEXT_PACKAGE, "review", names[status]);
}

const char *
runet_review_status_icon (RunetReviewStatus status) {
  static const char *const icons[RUNET_REVIEW_STATUSES] = {
      [RUNET_REVIEW_NONE] = "runet-unreviewed-symbolic",
      [RUNET_REVIEW_ACCEPTED] = "runet-accepted-symbolic",
      [RUNET_REVIEW_CORRECTED] = "runet-corrected-symbolic",
      [RUNET_REVIEW_REJECTED] = "runet-rejected-symbolic",
  };
  g_return_val_if_fail ((guint)status < RUNET_REVIEW_STATUSES, NULL);
  return icons[status];
}

const char *
runet_review_status_css_class (RunetReviewStatus status) {
  static const char *const classes[RUNET_REVIEW_STATUSES] = {
      [RUNET_REVIEW_NONE] = "pending",
      [RUNET_REVIEW_ACCEPTED] = "done",
      [RUNET_REVIEW_CORRECTED] = "done",
      [RUNET_REVIEW_REJECTED] = "failed",
  };
  g_return_val_if_fail ((guint)status < RUNET_REVIEW_STATUSES, NULL);
  return classes[status];
}

const char *
runet_rejection_name (RunetRejection rejection) {
  static const char *const names[RUNET_REJECTIONS] = {
      [RUNET_REJECTION_NONE] = "",
      [RUNET_REJECTION_POOR_IMAGE] = NC_ ("why rejected", "Poor image"),
      [RUNET_REJECTION_WRONG_VIEW] = NC_ ("why rejected", "Wrong view"),
      [RUNET_REJECTION_BEYOND_REPAIR] = NC_ ("why rejected", "Contours beyond repair"),
      [RUNET_REJECTION_OTHER] = NC_ ("why rejected", "Other"),
  };
  g_return_val_if_fail ((guint)rejection < RUNET_REJECTIONS, "");
  if (rejection == RUNET_REJECTION_NONE)
    return names[0];
  return g_dpgettext2 (GETTEXT_PACKAGE, "why rejected", names[rejection]);
}

char *
runet_decision_to_string (RunetReviewStatus status, const RunetEvent *decision) {
  const char *name = runet_review_status_name (status);
  if (!decision || decision->rejection == RUNET_REJECTION_NONE)
    return g_strdup (name);
  return g_strdup_printf (C_ ("decision: reason", "%s: %s"), name,
                          runet_rejection_name (decision->rejection));
}

char *
runet_local_time_to_string (GDateTime *time) {
  g_return_val_if_fail (time != NULL, NULL);
  g_autoptr (GDateTime) local = g_date_time_to_local (time);
  /* Translators: a day and a time, as strftime() takes them. */
  char *text = g_date_time_format (local, _ ("%-d %b %Y, %H:%M"));
  return text ? text : g_strdup ("");
}

char *
runet_time_left_to_string (double seconds) {
  if (!(seconds >= 0.0))
    return g_strdup ("");
  if (seconds < 60.0) {
    /* In steps of five seconds: a figure that flickers is not read. */
    int rounded = MAX (5, 5 * (int)ceil (seconds / 5.0));
    return g_strdup_printf (_ ("%d s left"), rounded);
  }
  int minutes = (int)ceil (seconds / 60.0);
  if (minutes < 60)
    return g_strdup_printf (_ ("%d min left"), minutes);
  return g_strdup_printf (_ ("%d h %02d min left"), minutes / 60, minutes % 60);
}
