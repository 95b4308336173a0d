/* Whose contours there are of a case: the model's and those of everybody who corrected any. */
#pragma once

#include <gtk/gtk.h>
#include "case.h"

G_BEGIN_DECLS

#define RUNET_TYPE_VERSION_LIST (runet_version_list_get_type ())
G_DECLARE_FINAL_TYPE (RunetVersionList,
                      runet_version_list,
                      RUNET,
                      VERSION_LIST,
                      GtkWidget)

/* A row chosen is the action win.show-version with the author, "" for what counts; its button is win.adopt. The list
 * hides itself while nobody but the model and the author speaks. */
GtkWidget *
runet_version_list_new (void);
/* @item: (nullable). @author: (nullable): who is reviewing. */
void
runet_version_list_show (RunetVersionList *self, RunetCase *item, const char *author);

G_END_DECLS
