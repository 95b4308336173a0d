/* What an apical echocardiographic study is made of: the field's own terms. */
#include "study.h"

const char *
runet_view_to_string (RunetView view) {
  static const char *const names[RUNET_VIEWS] = {"2CH", "4CH"};
  g_return_val_if_fail ((guint)view < RUNET_VIEWS, NULL);
  return names[view];
}

const char *
runet_instant_to_string (RunetInstant instant) {
  static const char *const names[RUNET_INSTANTS] = {"ED", "ES"};
  g_return_val_if_fail ((guint)instant < RUNET_INSTANTS, NULL);
  return names[instant];
}

const char *
runet_quality_to_string (RunetQuality quality) {
  static const char *const names[] = {"", "Good", "Medium", "Poor"};
  g_return_val_if_fail ((guint)quality < G_N_ELEMENTS (names), NULL);
  return names[quality];
}
