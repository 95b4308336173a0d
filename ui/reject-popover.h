/* Asks why a case is rejected. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_REJECT_POPOVER (runet_reject_popover_get_type ())
G_DECLARE_FINAL_TYPE (RunetRejectPopover,
                      runet_reject_popover,
                      RUNET,
                      REJECT_POPOVER,
                      GtkPopover)

/* Answers with the action "win.reject-because", a reason as the record writes it and what else there is to
 * say of it. */
GtkWidget *
runet_reject_popover_new (void);
/* Opens it with nothing chosen. */
void
runet_reject_popover_ask (RunetRejectPopover *self);

G_END_DECLS
