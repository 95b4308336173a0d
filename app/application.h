/* The application: command line, application-wide actions, style. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RUNET_TYPE_APPLICATION (runet_application_get_type ())
G_DECLARE_FINAL_TYPE (RunetApplication,
                      runet_application,
                      RUNET,
                      APPLICATION,
                      GtkApplication)

RunetApplication *
runet_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
