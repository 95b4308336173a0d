/* The window of registered models, over a registry of its own. */
#include <glib/gstdio.h>

#include "fixture.h"
#include "tests/cli/small-model.h"
#include "tests/remove-tree.h"
#include "ui/model-lineage.h"
#include "ui/model-list.h"
#include "ui/promote-dialog.h"
#include "ui/retrain-place.h"
#include "widget-search.h"

enum { ROOT, CHILD, GRANDCHILD, MODELS };

static const char *const names[MODELS] = {"ru-net", "ru-net-2026-11-29",
                                          "ru-net-2026-11-30"};

typedef struct {
  char *root;
  RunetRegistry *registry;
  RunetModel *models[MODELS];
  RunetModelList *window;
  GtkWidget *widget; /* the same */
  char *changed; /* the model that was told to be in use */
} Fixture;

static RunetModel *
make_model (const Fixture *fixture, guint number) {
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strconcat (names[number], ".safetensors", NULL);
  g_autofree char *path = g_build_filename (fixture->root, name, NULL);
  write_small_model (path, 32);
  g_autoptr (RunetModel) model = runet_model_read (path, &error);
  g_assert_no_error (error);
  /* The same weights, but another file. */
  runet_model_set_metadata (model, "name", name);
  g_assert_true (runet_model_write (model, path, RUNET_DTYPE_F32, &error));
  return g_steal_pointer (&model);
}

static void
enter (Fixture *fixture, guint number, RunetVerdict verdict) {
  g_autoptr (GError) error = NULL;
  const RunetRegistration registration = {
      .author = "Ada",
      .parent = number > ROOT ? fixture->models[number - 1]->hash : NULL,
      .snapshot = number > ROOT ? "abcdef" : NULL,
      .verdict = verdict,
  };
  runet_registry_add (fixture->registry, fixture->models[number], &registration,
                      &error);
  g_assert_no_error (error);
}

static void
changed_cb (RunetModelList *window, const char *path, Fixture *fixture) {
  g_free (fixture->changed);
  fixture->changed = g_strdup (path);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->root = fixture_folder ();
  g_autofree char *folder = runet_registry_get_default_folder ();
  remove_tree (folder);
  for (guint i = 0; i < MODELS; i++)
    fixture->models[i] = make_model (fixture, i);
  fixture->window = runet_model_list_new ();
  fixture->widget = GTK_WIDGET (fixture->window);
  runet_model_list_set_author (fixture->window, "Grace");
  g_signal_connect (fixture->window, "model-changed", G_CALLBACK (changed_cb), fixture);
}

static void
fill (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  fixture->registry = runet_registry_open (NULL, &error);
  g_assert_no_error (error);
  enter (fixture, ROOT, RUNET_VERDICT_NONE);
  enter (fixture, CHILD, RUNET_VERDICT_PASSED);
  enter (fixture, GRANDCHILD, RUNET_VERDICT_FAILED);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  fixture_wait_ms (20);
  g_clear_pointer (&fixture->registry, runet_registry_close);
  for (guint i = 0; i < MODELS; i++)
    runet_model_unref (fixture->models[i]);
  fixture_remove (fixture->root);
  g_free (fixture->changed);
}

static void
show (Fixture *fixture, const char *text) {
  runet_model_list_refresh (fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  wait_for_text (fixture->widget, text);
}

/* Chooses the row of that number. */
static void
choose (Fixture *fixture, int number) {
  GtkWidget *paned = find_type (fixture->widget, GTK_TYPE_PANED);
  GtkListBox *list = find_type (paned, GTK_TYPE_LIST_BOX);
  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, number));
}

/* (transfer none) (nullable): the name of the model that is shown. */
static const char *
find_heading (GtkWidget *widget) {
  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "title-4"))
    return gtk_label_get_text (GTK_LABEL (widget));
  const char *found = NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find_heading (child);
  return found;
}

static void
wait_for_heading (Fixture *fixture, const char *name) {
  const gint64 start = g_get_monotonic_time ();
  while (g_strcmp0 (find_heading (fixture->widget), name) != 0) {
    g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
}

static void
wait_for_change (Fixture *fixture, guint number) {
  const gint64 start = g_get_monotonic_time ();
  g_autofree char *name =
      g_strconcat (fixture->models[number]->hash, ".safetensors", NULL);
  while (!fixture->changed || !g_str_has_suffix (fixture->changed, name)) {
    g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
    fixture_wait_ms (5);
  }
  g_assert_true (g_file_test (fixture->changed, G_FILE_TEST_IS_REGULAR));
}

static void
test_empty (Fixture *fixture, gconstpointer data) {
  show (fixture, "No models yet");
  g_assert_false (gtk_widget_is_sensitive (
      find_button (fixture->widget, "Back to the Previous Model…")));
  /* To look is not to make one. */
  g_autofree char *folder = runet_registry_get_default_folder ();
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

/* From candidate to the model in use, against a verdict too, and back again. */
static void
test_promote (Fixture *fixture, gconstpointer data) {
  fill (fixture);
  show (fixture, "None: it came with the program or from elsewhere");
  choose (fixture, CHILD);
  g_assert_true (shows_text (fixture->widget, "Passed"));
  g_assert_true (
      shows_text (fixture->widget, "Snapshot abcdef, which is not there any more"));
  click (fixture->widget, "Use This Model");
  wait_for_change (fixture, CHILD);
  wait_for_text (fixture->widget, "This model is in use.");
  g_assert_true (shows_text (fixture->widget, "In use"));
  g_assert_null (find_button (fixture->widget, "Use This Model"));

  choose (fixture, GRANDCHILD);
  click (fixture->widget, "Use It Anyway…");
  GtkWidget *dialog = find_window (RUNET_TYPE_PROMOTE_DIALOG);
  gtk_editable_set_text (GTK_EDITABLE (find_type (dialog, GTK_TYPE_ENTRY)),
                         "I like it");
  gtk_check_button_set_active (find_type (dialog, GTK_TYPE_CHECK_BUTTON), TRUE);
  click (dialog, "Use It Anyway");
  wait_for_change (fixture, GRANDCHILD);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes =
      runet_registry_list_changes (fixture->registry, &error);
  g_assert_cmpuint (changes->len, ==, 2);
  const RunetRegistryChange *last = changes->pdata[1];
  g_assert_cmpstr (last->author, ==, "Grace");
  g_assert_cmpstr (last->reason, ==, "I like it");
  g_assert_true (last->forced);
  wait_for_text (fixture->widget, "This model is in use.");

  /* Back, once it was confirmed. */
  for (int to = CHILD; to >= ROOT; to--) {
    click (fixture->widget, "Back to the Previous Model…");
    GtkWidget *question = find_window (GTK_TYPE_MESSAGE_DIALOG);
    g_autofree char *title = g_strdup_printf ("Go back to %s?", names[to]);
    g_assert_true (shows_text (question, title));
    gtk_dialog_response (GTK_DIALOG (question), GTK_RESPONSE_ACCEPT);
    wait_for_change (fixture, (guint)to);
    wait_for_heading (fixture, names[to]);
  }
  g_assert_false (gtk_widget_is_sensitive (
      find_button (fixture->widget, "Back to the Previous Model…")));
}

/* A file that was lost or changed is told of, and cannot be put in use. */
static void
test_damaged (Fixture *fixture, gconstpointer data) {
  fill (fixture);
  g_autofree char *folder = runet_registry_get_default_folder ();
  for (guint i = CHILD; i <= GRANDCHILD; i++) {
    g_autofree char *path =
        g_strdup_printf ("%s/%s.safetensors", folder, fixture->models[i]->hash);
    g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    g_assert_cmpint (g_chmod (path, 0600), ==, 0);
    if (i == CHILD)
      g_assert_cmpint (g_remove (path), ==, 0);
    else
      g_assert_true (g_file_set_contents (path, "another model", -1, NULL));
  }
  show (fixture, "None: it came with the program or from elsewhere");
  for (int i = CHILD; i <= GRANDCHILD; i++) {
    choose (fixture, i);
    g_assert_true (shows_text (fixture->widget, "Its file cannot be used."));
    g_assert_false (gtk_widget_is_sensitive (find_button (
        fixture->widget, i == CHILD ? "Use This Model" : "Use It Anyway…")));
  }
}

/* Every model is listed once, also where the lineage goes round in a circle or leads nowhere. */
static void
test_lineage (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->registry = runet_registry_open (NULL, &error);
  for (guint i = 0; i < MODELS; i++) {
    const RunetRegistration registration = {
        .author = "Ada",
        .parent =
            i == CHILD ? "0123456789abcdef" : fixture->models[(i + 2) % MODELS]->hash,
    };
    runet_registry_add (fixture->registry, fixture->models[i], &registration, &error);
    g_assert_no_error (error);
  }
  show (fixture, "0123456789ab, which is not in the list");
  choose (fixture, 2);
  g_assert_true (shows_text (fixture->widget, "ru-net-2026-11-30"));
}

/* What is made today has another name than what was registered today, whose file is not where it was made any more. */
static void
test_names (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->registry = runet_registry_open (NULL, &error);
  g_assert_no_error (error);
  g_autofree char *first =
      runet_retrain_place_make_output (fixture->root, "ru-net", &error);
  g_assert_no_error (error);
  write_small_model (first, 32);
  g_autoptr (RunetModel) model = runet_model_read (first, &error);
  g_assert_no_error (error);
  const RunetRegistration registration = {.author = "Ada",
                                          .parent = "0123456789ab",
                                          .snapshot = "abcdef",
                                          .verdict = RUNET_VERDICT_PASSED};
  runet_registry_add (fixture->registry, model, &registration, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_remove (first), ==, 0);
  g_autofree char *second =
      runet_retrain_place_make_output (fixture->root, "ru-net", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (second, "-2.safetensors"));
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[]) {
  /* No other test has its models in there. */
  char *home = fixture_folder ();
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  gtk_test_init (&argc, &argv, NULL);
  ADD ("/ui/model-list/empty", test_empty);
  ADD ("/ui/model-list/promote", test_promote);
  ADD ("/ui/model-list/damaged", test_damaged);
  ADD ("/ui/model-list/lineage", test_lineage);
  ADD ("/ui/model-list/names", test_names);
  const int result = g_test_run ();
  fixture_remove (home);
  return result;
}
