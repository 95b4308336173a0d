/* Start of runet-review. */
#include <locale.h>
#include <glib/gi18n.h>

#include "application.h"

int
main (int argc, char **argv) {
  setlocale (LC_ALL, "");
  /* Where it is run from the folder that it was built in. */
  const char *locale_dir = g_getenv ("RUNET_LOCALE_DIR");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir ? locale_dir : RUNET_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (RunetApplication) application = runet_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
