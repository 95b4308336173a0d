/* What stands over the list: how many there are, how many of them were analysed and how many are outliers. */
#include "worklist-summary.h"

#include <glib/gi18n-lib.h>

char *
runet_worklist_summarise (RunetWorklistModel *shown, guint all) {
  const guint count = g_list_model_get_n_items (G_LIST_MODEL (shown));
  guint analysed = 0, outliers = 0;
  for (guint i = 0; i < count; i++) {
    RunetCase *item = runet_worklist_model_get_case (shown, i);
    analysed += runet_case_get_state (item) == RUNET_CASE_DONE;
    outliers += runet_case_is_outlier (item);
  }
  GString *text = g_string_new (NULL);
  if (count < all)
    g_string_append_printf (text, _ ("%u of %u views"), count, all);
  else
    g_string_append_printf (
        text, g_dngettext (GETTEXT_PACKAGE, "%u view", "%u views", all), all);
  if (analysed > 0 && analysed < count)
    g_string_append_printf (text, _ (" · %u analysed"), analysed);
  if (outliers > 0) {
    g_string_append (text, " · ");
    g_string_append_printf (
        text, g_dngettext (GETTEXT_PACKAGE, "%u outlier", "%u outliers", outliers),
        outliers);
  }
  return g_string_free (text, FALSE);
}
