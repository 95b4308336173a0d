/* What an apical echocardiographic study is made of: the field's own terms. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  RUNET_VIEW_A2C, /* apical two-chamber; "2CH" in CAMUS */
  RUNET_VIEW_A4C, /* apical four-chamber; "4CH" in CAMUS */
  RUNET_VIEWS
} RunetView;

typedef enum {
  RUNET_INSTANT_ED, /* end-diastole */
  RUNET_INSTANT_ES, /* end-systole */
  RUNET_INSTANTS
} RunetInstant;

typedef enum {
  RUNET_QUALITY_UNKNOWN,
  RUNET_QUALITY_GOOD,
  RUNET_QUALITY_MEDIUM,
  RUNET_QUALITY_POOR,
} RunetQuality;

/* Values of a label map. Epicardium (epi) is the region of LV and myocardium together. */
typedef enum {
  RUNET_LABEL_BACKGROUND,
  RUNET_LABEL_LV, /* left-ventricular cavity; its border is the endocardium (endo) */
  RUNET_LABEL_MYOCARDIUM,
  RUNET_LABEL_LA, /* left atrium */
  RUNET_LABELS
} RunetLabel;

const char *
runet_view_to_string (RunetView view); /* "2CH", "4CH" */
const char *
runet_instant_to_string (RunetInstant instant); /* "ED", "ES" */
const char *
runet_quality_to_string (RunetQuality quality); /* "Good" …, "" for unknown */

/* Of one sequence: no scanner stores more. */
#define RUNET_FRAMES_MAX 100000

G_END_DECLS
