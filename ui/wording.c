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

static const char *
short_name (RunetStructure structure) {
  static const char *const names[RUNET_STRUCTURES] = {
      NC_ ("structure, short", "Endo"),
      NC_ ("structure, short", "Epi"),
      NC_ ("structure, short", "LA"),
  };
  return g_dpgettext2 (GETTEXT_PACKAGE, "structure, short", names[structure]);
}

char *
runet_reason_to_chip (const RunetReason *reason) {
  const char *structure = short_name (reason->structure);
  switch (reason->kind) {
  case RUNET_REASON_MISSING:
    return g_strdup_printf (_ ("%s missing"), structure);
  case RUNET_REASON_CONVEXITY:
    return g_strdup_printf (_ ("%s dented"), structure);
  case RUNET_REASON_SIMPLICITY:
    return g_strdup_printf (_ ("%s jagged"), structure);
  case RUNET_REASON_MAD:
    return g_strdup_printf (_ ("%s MAD"), structure);
  case RUNET_REASON_HD:
    return g_strdup_printf (_ ("%s HD"), structure);
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
  default:
    return g_strdup (structure);
  }
}

/* Reasons that say by how much a number crossed its limit. */
static const char *
measure_format (RunetReasonKind kind) {
  switch (kind) {
  case RUNET_REASON_CONVEXITY:
    return _ ("%s dented: convexity %.3f, limit %.3f");
  case RUNET_REASON_SIMPLICITY:
    return _ ("%s jagged: simplicity %.3f, limit %.3f");
  case RUNET_REASON_MAD:
    return _ ("%s off the expert’s by %.1f mm on average, limit %.1f mm");
  case RUNET_REASON_HD:
    return _ ("%s off the expert’s by up to %.1f mm, limit %.1f mm");
  default:
    return NULL;
  }
}

static const char *
ratio_format (RunetReasonKind kind) {
  switch (kind) {
  case RUNET_REASON_LV_BACKGROUND:
    return _ ("Ventricle open to the background over %.2f of its width, limit %.2f");
  case RUNET_REASON_MYOCARDIUM_LA:
    return _ ("Heart muscle on the atrium over %.2f of its width, limit %.2f");
  case RUNET_REASON_WIDTH_RATIO:
    return _ ("Ventricle %.2f times as wide as its wall, limit %.2f");
  case RUNET_REASON_THICKNESS:
    return _ ("Thinnest wall %.2f of the thickest, limit %.2f");
  default:
    return NULL;
  }
}

char *
runet_reason_to_sentence (const RunetReason *reason) {
  const char *structure = runet_structure_name (reason->structure);
  int count = isfinite (reason->value) ? (int)lrint (reason->value) : 0;
  const char *format = measure_format (reason->kind);
  if (format)
    return g_strdup_printf (format, structure, reason->value, reason->limit);
  format = ratio_format (reason->kind);
  if (format)
    return g_strdup_printf (format, reason->value, reason->limit);
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
runet_event_time_to_string (const RunetEvent *event) {
  g_return_val_if_fail (event != NULL && event->time != NULL, NULL);
  g_autoptr (GDateTime) local = g_date_time_to_local (event->time);
  /* Translators: day and time of a decision, as strftime() takes it. */
  char *text = g_date_time_format (local, _ ("%-d %b %Y, %H:%M"));
  return text ? text : g_strdup ("");
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
