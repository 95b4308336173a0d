/* The application: command line, application-wide actions, style. */
#include "application.h"

#include <glib/gi18n.h>
#include "settings.h"
#include "window-tour.h"

#define RESOURCES "/org/runet/Review"
/* By then the events of a dialog that was closed are through. */
#define DIALOG_CLOSES_MS 200

struct _RunetApplication {
  GtkApplication parent;
};

G_DEFINE_FINAL_TYPE (RunetApplication, runet_application, GTK_TYPE_APPLICATION)

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  static const char *const papers[] = {
      "S. Leclerc et al., “RU-Net: A refining segmentation network for 2D "
      "echocardiography”, "
      "IEEE IUS 2019",
      "S. Leclerc et al., “Deep Learning for Segmentation using an Open Large-Scale "
      "Dataset in 2D "
      "Echocardiography”, IEEE TMI 38(9), 2019",
      NULL,
  };
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (user_data));
  GtkWidget *about = gtk_about_dialog_new ();
  GtkAboutDialog *dialog = GTK_ABOUT_DIALOG (about);
  gtk_about_dialog_set_program_name (dialog, _ ("RU-Net Review"));
  gtk_about_dialog_set_version (dialog, RUNET_VERSION);
  gtk_about_dialog_set_logo_icon_name (dialog, "org.runet.Review");
  gtk_about_dialog_set_license_type (dialog, GTK_LICENSE_APACHE_2_0);
  gtk_about_dialog_set_comments (
      dialog, _ ("Finds the left ventricle and atrium in echocardiograms, and shows "
                 "both stages of a "
                 "RU-Net at work.\n\nResearch software. Not a medical device: not for "
                 "diagnosis or "
                 "treatment.\n\nThe CAMUS data, and models trained on them, are for "
                 "non-commercial "
                 "research (CC BY-NC-SA 4.0); their authors ask to be cited."));
  gtk_about_dialog_add_credit_section (dialog, _ ("Please cite"),
                                       (const char **)papers);
  gtk_window_set_transient_for (GTK_WINDOW (about), window);
  gtk_window_set_modal (GTK_WINDOW (about), TRUE);
  gtk_window_present (GTK_WINDOW (about));
}

/* Each window is closed as by hand, so that it says goodbye to its work. */
static gboolean
close_windows_cb (gpointer application) {
  GList *windows = g_list_copy (gtk_application_get_windows (application));
  g_list_foreach (windows, (GFunc)(void (*) (void))gtk_window_close, NULL);
  g_list_free (windows);
  return G_SOURCE_REMOVE;
}

/* Dialogs go before the windows they belong to, which GTK must not lose while it still handles
 * events of the dialog: the release of the key, the change of the focus. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  gboolean dialogs = FALSE;
  GList *windows = gtk_window_list_toplevels ();
  for (GList *l = windows; l; l = l->next)
    if (!RUNET_IS_WINDOW (l->data) && gtk_widget_get_visible (l->data)) {
      gtk_window_close (l->data);
      dialogs = TRUE;
    }
  g_list_free (windows);
  if (dialogs)
    g_timeout_add_full (G_PRIORITY_DEFAULT, DIALOG_CLOSES_MS, close_windows_cb,
                        g_object_ref (user_data), g_object_unref);
  else
    close_windows_cb (user_data);
}

static void
dark_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  g_simple_action_set_state (action, state);
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme",
                g_variant_get_boolean (state), NULL);
  GSettings *settings = runet_settings_get ();
  if (settings)
    g_settings_set_boolean (settings, "dark", g_variant_get_boolean (state));
}

static void
set_accels (GtkApplication *application) {
  /* Keys without a modifier are the window's own: a search must be able to type them. */
  static const struct {
    const char *action;
    const char *accels[3];
  } table[] = {
      {"app.quit", {"<Primary>q"}},
      {"win.open", {"<Primary>o"}},
      {"win.close", {"<Primary>w"}},
      {"win.search", {"<Primary>f"}},
      {"win.run", {"F5"}},
      {"win.report", {"<Primary><Shift>r"}},
      {"win.retrain", {"<Primary><Shift>t"}},
      {"win.models", {"<Primary><Shift>m"}},
      {"win.choose-model", {"<Primary>m"}},
      {"win.next-case", {"<Primary>Down", "<Primary>Page_Down"}},
      {"win.previous-case", {"<Primary>Up", "<Primary>Page_Up"}},
      {"win.zoom-in", {"<Primary>plus", "<Primary>equal"}},
      {"win.zoom-out", {"<Primary>minus"}},
      {"win.zoom-fit", {"<Primary>0"}},
      {"win.fullscreen", {"F11"}},
      {"win.show-list", {"F9"}},
      {"win.show-inspector", {"<Shift>F9"}},
      {"win.refinement", {"<Primary><Shift>p"}},
      {"win.show-help-overlay", {"<Primary>question"}},
  };
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (application, table[i].action,
                                           (const char *const *)table[i].accels);
}

static gboolean
quit_from_dialog_cb (GtkWidget *dialog, GVariant *arguments, gpointer application) {
  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
  return TRUE;
}

/* Dialogs do not know the application's keys, but to quit must work wherever the focus is. */
static void
toplevels_cb (GListModel *toplevels,
              guint position,
              guint removed,
              guint added,
              gpointer application) {
  for (guint i = position; i < position + added; i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);
    if (RUNET_IS_WINDOW (window))
      continue;
    GtkEventController *keys = gtk_shortcut_controller_new ();
    gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (
            gtk_shortcut_trigger_parse_string ("<Control>q"),
            gtk_callback_action_new (quit_from_dialog_cb, application, NULL)));
    gtk_widget_add_controller (window, keys);
  }
}

static void
load_style (void) {
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, RESOURCES "/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
runet_application_startup (GApplication *application) {
  G_APPLICATION_CLASS (runet_application_parent_class)->startup (application);

  const GActionEntry actions[] = {
      {.name = "about", .activate = about_cb},
      {.name = "quit", .activate = quit_cb},
      {.name = "dark", .state = "true", .change_state = dark_cb},
  };
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions,
                                   G_N_ELEMENTS (actions), application);
  g_action_group_change_action_state (
      G_ACTION_GROUP (application), "dark",
      g_variant_new_boolean (runet_settings_get_boolean ("dark", TRUE)));
  load_style ();
  gtk_icon_theme_add_resource_path (
      gtk_icon_theme_get_for_display (gdk_display_get_default ()), RESOURCES "/icons");
  gtk_window_set_default_icon_name ("org.runet.Review");
  set_accels (GTK_APPLICATION (application));
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed",
                           G_CALLBACK (toplevels_cb), application, 0);
}

/* A window that shows nothing yet is used before a new one is made. */
static RunetWindow *
find_window (GtkApplication *application) {
  for (GList *l = gtk_application_get_windows (application); l; l = l->next)
    if (RUNET_IS_WINDOW (l->data) && runet_window_is_empty (l->data))
      return l->data;
  return runet_window_new (application);
}

static int
runet_application_command_line (GApplication *application,
                                GApplicationCommandLine *line) {
  GVariantDict *options = g_application_command_line_get_options_dict (line);
  g_autofree const char **folders = NULL;
  const char *model = NULL;
  g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&ay", &folders);
  g_variant_dict_lookup (options, "model", "^&ay", &model);
  guint count = folders ? g_strv_length ((char **)folders) : 0;
  for (guint i = 0; i < MAX (1, count); i++) {
    RunetWindow *window = find_window (GTK_APPLICATION (application));
    if (model) {
      g_autoptr (GFile) file =
          g_application_command_line_create_file_for_arg (line, model);
      runet_window_set_model (window, g_file_peek_path (file));
    }
    if (i < count) {
      g_autoptr (GFile) file =
          g_application_command_line_create_file_for_arg (line, folders[i]);
      runet_window_open (window, g_file_peek_path (file));
    }
    gtk_window_present (GTK_WINDOW (window));
    if (g_variant_dict_contains (options, "tour"))
      runet_window_offer_tour (window);
  }
  return 0;
}

static void
runet_application_class_init (RunetApplicationClass *class) {
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);
  application_class->startup = runet_application_startup;
  application_class->command_line = runet_application_command_line;
}

static int
local_options_cb (GApplication *application,
                  GVariantDict *options,
                  gpointer user_data) {
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("runet-review %s\n", RUNET_VERSION);
  return 0;
}

static void
runet_application_init (RunetApplication *self) {
  static const GOptionEntry options[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, NULL, N_ ("The model to run"),
       N_ ("FILE")},
      {"tour", 0, 0, G_OPTION_ARG_NONE, NULL,
       N_ ("Begin with the tour, unless it was taken"), NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL,
       N_ ("[FOLDER …]")},
      {NULL},
  };
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (
      G_APPLICATION (self), _ ("FOLDER is a CAMUS data set, one patient’s folder, or "
                               "studies made by “runet phantom”."));
  g_signal_connect (self, "handle-local-options", G_CALLBACK (local_options_cb), NULL);
}

RunetApplication *
runet_application_new (void) {
  return g_object_new (RUNET_TYPE_APPLICATION, "application-id", "org.runet.Review",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                       "resource-base-path", RESOURCES, NULL);
}
