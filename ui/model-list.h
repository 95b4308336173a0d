/* The registered models, in a window of its own: where each comes from, what it learned from, how it was judged, and
 * which is in use. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_MODEL_LIST (runet_model_list_get_type ())
G_DECLARE_FINAL_TYPE (RunetModelList, runet_model_list, RUNET, MODEL_LIST, GtkWindow)

/* Signals: "model-changed" (utf8): path of the model that is in use from now on; "case-activated" (utf8): the name of an
 * image, "patient0001_4CH_ED", that is to be seen. */
RunetModelList *
runet_model_list_new (void);
/* @author: (nullable): who promotes; the account's name when nobody said */
void
runet_model_list_set_author (RunetModelList *self, const char *author);
/* Reads the registry again. */
void
runet_model_list_refresh (RunetModelList *self);

G_END_DECLS
