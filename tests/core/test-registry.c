/* The registry of models: what is in use, who put it there, and that nothing gets lost on the way. */
#include "core/retraining/registry.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/cli/small-model.h"
#include "tests/remove-tree.h"

typedef struct {
  char *root;
  char *folder; /* of the registry */
  RunetRegistry *registry;
  RunetModel *models[3]; /* a root, its child and grandchild */
} Fixture;

static RunetModel *
make_model (const Fixture *fixture, guint number, const char *parent) {
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("model%u.safetensors", number);
  g_autofree char *path = g_build_filename (fixture->root, name, NULL);
  write_small_model (path, 32);
  g_autoptr (RunetModel) model = runet_model_read (path, &error);
  g_assert_no_error (error);
  /* The same weights, but another file. */
  runet_model_set_metadata (model, "name", name);
  if (parent != NULL)
    runet_model_set_metadata (model, "parent", parent);
  g_assert_true (runet_model_write (model, path, RUNET_DTYPE_F32, &error));
  return g_steal_pointer (&model);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  fixture->root = g_dir_make_tmp ("runet-registry-XXXXXX", &error);
  fixture->folder = g_build_filename (fixture->root, "models", NULL);
  fixture->registry = runet_registry_open (fixture->folder, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->models); i++)
    fixture->models[i] =
        make_model (fixture, i, i > 0 ? fixture->models[i - 1]->hash : NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  for (guint i = 0; i < G_N_ELEMENTS (fixture->models); i++)
    runet_model_unref (fixture->models[i]);
  runet_registry_close (fixture->registry);
  remove_tree (fixture->root);
  g_free (fixture->folder);
  g_free (fixture->root);
}

static void
add (Fixture *fixture, guint number, RunetVerdict verdict) {
  g_autoptr (GError) error = NULL;
  const RunetRegistration registration = {
      .author = "Ada",
      .parent = number > 0 ? fixture->models[number - 1]->hash : NULL,
      .snapshot = number > 0 ? "abcdef" : NULL,
      .settings = "{\"epochs\":3}",
      .gate = number > 0 ? "{\"passed\":true}" : NULL,
      .verdict = verdict,
  };
  g_assert_true (runet_registry_add (fixture->registry, fixture->models[number],
                                     &registration, &error));
  g_assert_no_error (error);
}

static gboolean
promote (Fixture *fixture, guint number, gboolean forced, GError **error) {
  return runet_registry_promote (fixture->registry, fixture->models[number]->hash,
                                 "Grace", forced, forced ? "looked at it" : NULL,
                                 error);
}

static void
assert_current (RunetRegistry *registry, const char *architecture, const char *hash) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetRegisteredModel) current =
      runet_registry_get_current (registry, architecture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (current != NULL ? current->hash : NULL, ==, hash);
}

static void
test_lineage (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  assert_current (fixture->registry, NULL, NULL);
  g_assert_true (
      runet_registry_add_root (fixture->registry, fixture->models[0], "Ada", &error));
  add (fixture, 1, RUNET_VERDICT_PASSED);
  add (fixture, 2, RUNET_VERDICT_FAILED);
  /* Twice is once. */
  add (fixture, 2, RUNET_VERDICT_PASSED);
  g_autoptr (GPtrArray) models = runet_registry_list (fixture->registry, &error);
  g_assert_cmpuint (models->len, ==, 3);
  const RunetRegisteredModel *newest = models->pdata[0], *oldest = models->pdata[2];
  g_assert_cmpstr (newest->hash, ==, fixture->models[2]->hash);
  g_assert_cmpstr (newest->parent, ==, fixture->models[1]->hash);
  g_assert_cmpstr (newest->name, ==, "model2.safetensors");
  g_assert_cmpstr (newest->snapshot, ==, "abcdef");
  g_assert_cmpstr (newest->settings, ==, "{\"epochs\":3}");
  g_assert_cmpstr (newest->gate, ==, "{\"passed\":true}");
  g_assert_cmpstr (newest->architecture, ==, "ru-net");
  g_assert_cmpint (newest->verdict, ==, RUNET_VERDICT_FAILED);
  g_assert_cmpint (newest->state, ==, RUNET_REGISTERED_CANDIDATE);
  g_assert_null (oldest->parent);
  g_assert_cmpstr (oldest->author, ==, "Ada");
  g_assert_true (runet_registered_model_check (newest, &error));
  g_autoptr (RunetModel) read = runet_model_read (newest->path, &error);
  g_assert_cmpstr (read->hash, ==, newest->hash);

  char prefix[9] = {0};
  memcpy (prefix, newest->hash, 8);
  g_autoptr (RunetRegisteredModel) found =
      runet_registry_find (fixture->registry, prefix, &error);
  g_assert_cmpstr (found->hash, ==, newest->hash);
  g_assert_null (runet_registry_find (fixture->registry, "abc", &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
}

static void
add_all (Fixture *fixture) {
  add (fixture, 0, RUNET_VERDICT_NONE);
  add (fixture, 1, RUNET_VERDICT_PASSED);
  add (fixture, 2, RUNET_VERDICT_FAILED);
}

static void
roll_back (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_assert_true (
      runet_registry_rollback (fixture->registry, NULL, "Ada", NULL, &error));
  g_assert_no_error (error);
}

/* The gate holds, but for a person's word. */
static void
test_promote (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetModel **models = fixture->models;
  add_all (fixture);
  g_assert_true (promote (fixture, 1, FALSE, &error));
  assert_current (fixture->registry, NULL, models[1]->hash);
  assert_current (fixture->registry, "ru-net", models[1]->hash);
  assert_current (fixture->registry, "unet1", NULL);
  g_assert_false (promote (fixture, 1, FALSE, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_false (promote (fixture, 2, FALSE, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  g_assert_false (runet_registry_promote (fixture->registry, models[2]->hash, "Grace",
                                          TRUE, " \n", &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_clear_error (&error);
  assert_current (fixture->registry, NULL, models[1]->hash);
  g_assert_true (promote (fixture, 2, TRUE, &error));
  assert_current (fixture->registry, NULL, models[2]->hash);
}

/* Back, and back to what was in use before anything was promoted; no further. */
static void
test_rollback (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetModel **models = fixture->models;
  add_all (fixture);
  g_assert_true (promote (fixture, 1, FALSE, &error));
  g_assert_true (promote (fixture, 2, TRUE, &error));
  for (int i = 1; i >= 0; i--) {
    roll_back (fixture);
    assert_current (fixture->registry, NULL, models[i]->hash);
  }
  g_assert_false (
      runet_registry_rollback (fixture->registry, NULL, "Ada", NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_clear_error (&error);
  g_autoptr (GPtrArray) list = runet_registry_list (fixture->registry, &error);
  static const RunetRegisteredState states[] = {
      RUNET_REGISTERED_RETIRED, RUNET_REGISTERED_RETIRED, RUNET_REGISTERED_CURRENT};
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (((RunetRegisteredModel *)list->pdata[i])->state, ==, states[i]);

  /* Forward again, and the history goes on from there. */
  g_assert_true (promote (fixture, 1, FALSE, &error));
  g_assert_true (
      runet_registry_rollback (fixture->registry, "ru-net", "Ada", NULL, &error));
  assert_current (fixture->registry, NULL, models[0]->hash);
}

static void
test_history (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  RunetModel **models = fixture->models;
  add_all (fixture);
  g_assert_true (promote (fixture, 1, FALSE, &error));
  g_assert_true (promote (fixture, 2, TRUE, &error));
  roll_back (fixture);
  g_autoptr (GPtrArray) changes =
      runet_registry_list_changes (fixture->registry, &error);
  g_assert_cmpuint (changes->len, ==, 3);
  const RunetRegistryChange *first = changes->pdata[0], *forced = changes->pdata[1];
  const RunetRegistryChange *back = changes->pdata[2];
  g_assert_cmpstr (first->from, ==, models[0]->hash);
  g_assert_cmpstr (first->to, ==, models[1]->hash);
  g_assert_false (first->forced);
  g_assert_true (forced->forced);
  g_assert_cmpstr (forced->reason, ==, "looked at it");
  g_assert_cmpstr (forced->author, ==, "Grace");
  g_assert_cmpint (back->kind, ==, RUNET_CHANGE_ROLLBACK);
  g_assert_cmpstr (back->to, ==, models[1]->hash);
}

static void
test_files (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  add (fixture, 0, RUNET_VERDICT_NONE);
  add (fixture, 1, RUNET_VERDICT_PASSED);
  g_autoptr (RunetRegisteredModel) model =
      runet_registry_find (fixture->registry, fixture->models[1]->hash, &error);
  g_assert_true (g_file_set_contents (model->path, "other", -1, &error));
  g_assert_false (runet_registered_model_check (model, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_assert_nonnull (strstr (error->message, "has changed"));
  g_clear_error (&error);
  g_assert_false (promote (fixture, 1, FALSE, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_clear_error (&error);
  g_remove (model->path);
  g_assert_false (promote (fixture, 1, FALSE, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_clear_error (&error);
  assert_current (fixture->registry, NULL, NULL);

  /* Entered again, its file is back; one whose own file has changed cannot be entered. */
  add (fixture, 1, RUNET_VERDICT_PASSED);
  g_assert_true (promote (fixture, 1, FALSE, &error));
  g_assert_true (
      g_file_set_contents (fixture->models[2]->path, "not this", -1, &error));
  g_assert_false (
      runet_registry_add_root (fixture->registry, fixture->models[2], "Ada", &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_clear_error (&error);

  /* Nothing to go back to that is whole: what is in use stays. */
  g_autoptr (RunetRegisteredModel) root =
      runet_registry_find (fixture->registry, fixture->models[0]->hash, &error);
  g_remove (root->path);
  g_assert_false (
      runet_registry_rollback (fixture->registry, NULL, "Ada", NULL, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
  assert_current (fixture->registry, NULL, fixture->models[1]->hash);
}

static void
test_locked (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_ptr_array_add (ids, (char *)"patient0002");
  g_ptr_array_add (ids, (char *)"patient0001");
  g_assert_null (runet_registry_get_locked (fixture->registry, fixture->root, &error));
  g_assert_no_error (error);
  g_assert_true (runet_registry_lock (fixture->registry, fixture->root, ids, &error));
  g_ptr_array_add (ids, (char *)"patient0003");
  g_assert_true (runet_registry_lock (fixture->registry, fixture->root, ids, &error));
  g_autofree char *other_way = g_build_filename (fixture->folder, "..", NULL);
  g_autoptr (GPtrArray) locked =
      runet_registry_get_locked (fixture->registry, other_way, &error);
  g_assert_cmpuint (locked->len, ==, 2);
  g_assert_cmpstr (locked->pdata[0], ==, "patient0001");
  g_assert_null (
      runet_registry_get_locked (fixture->registry, fixture->folder, &error));
  g_assert_no_error (error);
}

/* All columns, but nothing is forbidden in them. */
#define LOOSE_TABLES                                                               \
  "PRAGMA application_id = 0x52554e4d; PRAGMA user_version = 1;"                   \
  "CREATE TABLE models (hash, name, architecture, parent, snapshot, time, author," \
  " settings, gate, verdict); CREATE TABLE changes (number, time, author, kind,"   \
  " architecture, before, after, forced, reason);"                                 \
  "CREATE TABLE locked (dataset, patient);"

static void
test_refused (Fixture *fixture, gconstpointer data) {
  g_autofree char *folder = g_build_filename (fixture->root, "other", NULL);
  g_autofree char *path = g_build_filename (folder, "registry.sqlite", NULL);
  g_mkdir (folder, 0777);
  static const struct {
    const char *sql; /* NULL: no database at all */
    RunetError code;
  } cases[] = {
      {NULL, RUNET_ERROR_FORMAT},
      {"CREATE TABLE other (a);", RUNET_ERROR_FORMAT},
      {"PRAGMA application_id = 0x52554e4d; PRAGMA user_version = 99;"
       "CREATE TABLE later (a);",
       RUNET_ERROR_UNSUPPORTED},
      {"PRAGMA application_id = 0x52554e4d; PRAGMA user_version = 1;"
       "CREATE TABLE models (hash);",
       RUNET_ERROR_FORMAT},
      {LOOSE_TABLES "INSERT INTO models (name) VALUES ('x');", RUNET_ERROR_FORMAT},
      {LOOSE_TABLES "INSERT INTO models (hash, name, architecture, author)"
                    " VALUES ('../../elsewhere', 'x', 'ru-net', 'x');",
       RUNET_ERROR_FORMAT},
      {LOOSE_TABLES "INSERT INTO changes (number) VALUES (1);", RUNET_ERROR_FORMAT},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *before = NULL, *after = NULL;
    gsize size = 0, size_after = 0;
    g_remove (path);
    if (cases[i].sql == NULL)
      g_file_set_contents (path,
                           "this is a text of more than a hundred bytes, which "
                           "SQLite does not take for one of its own files, no.",
                           -1, NULL);
    else {
      sqlite3 *db = NULL;
      sqlite3_open (path, &db);
      g_assert_cmpint (sqlite3_exec (db, cases[i].sql, NULL, NULL, NULL), ==,
                       SQLITE_OK);
      sqlite3_close (db);
    }
    g_file_get_contents (path, &before, &size, NULL);
    g_assert_null (runet_registry_open (folder, &error));
    g_assert_error (error, RUNET_ERROR, (int)cases[i].code);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, path));
    g_file_get_contents (path, &after, &size_after, NULL);
    g_assert_cmpmem (before, size, after, size_after);
  }
  g_autoptr (GError) error = NULL;
  g_autofree char *below = g_build_filename (path, "registry", NULL);
  g_assert_null (runet_registry_open (below, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
}

/* As somebody who may not write there; root is turned into nobody. Returns the exit status. */
static int
read_as_guest (const Fixture *fixture) {
  if (getuid () == 0 && setuid (65534) != 0)
    return 1;
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetRegistry) registry = runet_registry_open (fixture->folder, &error);
  g_autoptr (RunetRegisteredModel) current =
      registry != NULL ? runet_registry_get_current (registry, NULL, &error) : NULL;
  if (current == NULL || !g_str_equal (current->hash, fixture->models[1]->hash))
    return 2;
  if (runet_registry_rollback (registry, NULL, "Ada", NULL, &error))
    return 3;
  return g_error_matches (error, RUNET_ERROR, RUNET_ERROR_WRITE) ? 0 : 4;
}

/* The model in use is known also where nothing can be written. */
static void
test_write_protected (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  add_all (fixture);
  g_assert_true (promote (fixture, 1, FALSE, &error));
  g_clear_pointer (&fixture->registry, runet_registry_close);
  g_autofree char *path = g_build_filename (fixture->folder, "registry.sqlite", NULL);
  g_assert_cmpint (g_chmod (fixture->root, 0755), ==, 0);
  g_assert_cmpint (g_chmod (path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  const pid_t child = fork ();
  if (child == 0)
    _exit (read_as_guest (fixture));
  int status;
  waitpid (child, &status, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  g_assert_cmpint (status, ==, 0);
  fixture->registry = runet_registry_open (fixture->folder, &error);
  g_assert_no_error (error);
}

/* A child that enters, promotes and rolls back until it is killed. */
static void
work_until_killed (const Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetRegistry) registry = runet_registry_open (fixture->folder, &error);
  const RunetRegistration passed = {
      .author = "child",
      .parent = fixture->models[0]->hash,
      .verdict = RUNET_VERDICT_PASSED,
  };
  for (;;) {
    if (!runet_registry_add (registry, fixture->models[1], &passed, NULL) ||
        !runet_registry_promote (registry, fixture->models[1]->hash, "child", FALSE,
                                 NULL, NULL) ||
        !runet_registry_rollback (registry, NULL, "child", NULL, NULL))
      _exit (1);
  }
}

/* Whenever it dies, one of the two is in use, and its file is whole. */
static void
test_killed (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  add (fixture, 0, RUNET_VERDICT_NONE);
  g_assert_true (promote (fixture, 0, FALSE, &error));
  g_clear_pointer (&fixture->registry, runet_registry_close);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint seen[2] = {0};
  for (guint round = 0; round < 12; round++) {
    pid_t child = fork ();
    if (child == 0)
      work_until_killed (fixture);
    g_usleep ((gulong)g_rand_int_range (random, 1000, 60000));
    kill (child, SIGKILL);
    int status;
    waitpid (child, &status, 0);
    g_assert_true (WIFSIGNALED (status));
    g_autoptr (RunetRegistry) registry = runet_registry_open (fixture->folder, &error);
    g_assert_no_error (error);
    g_autoptr (RunetRegisteredModel) current =
        runet_registry_get_current (registry, NULL, &error);
    g_assert_no_error (error);
    gboolean new = g_strcmp0 (current->hash, fixture->models[1]->hash) == 0;
    g_assert_true (new || g_strcmp0 (current->hash, fixture->models[0]->hash) == 0);
    g_assert_true (runet_registered_model_check (current, &error));
    seen[new]++;
    /* The next child begins where none is promoted. */
    if (new)
      g_assert_true (runet_registry_rollback (registry, NULL, "test", NULL, &error));
  }
  g_test_message ("old in use %u times, new %u times", seen[0], seen[1]);
}

/* Several processes at once: every change is there, in an order that makes sense. */
static void
test_several (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  add (fixture, 0, RUNET_VERDICT_NONE);
  add (fixture, 1, RUNET_VERDICT_PASSED);
  g_assert_true (promote (fixture, 0, FALSE, &error));
  g_clear_pointer (&fixture->registry, runet_registry_close);
  enum { CHILDREN = 3, ROUNDS = 5 };
  pid_t children[CHILDREN];
  for (guint i = 0; i < CHILDREN; i++) {
    children[i] = fork ();
    if (children[i] != 0)
      continue;
    g_autoptr (RunetRegistry) registry = runet_registry_open (fixture->folder, NULL);
    for (guint r = 0; registry != NULL && r < ROUNDS; r++) {
      runet_registry_promote (registry, fixture->models[1]->hash, "child", FALSE, NULL,
                              NULL);
      runet_registry_rollback (registry, NULL, "child", NULL, NULL);
    }
    _exit (registry == NULL);
  }
  for (guint i = 0; i < CHILDREN; i++) {
    int status;
    waitpid (children[i], &status, 0);
    g_assert_cmpint (status, ==, 0);
  }
  fixture->registry = runet_registry_open (fixture->folder, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) changes =
      runet_registry_list_changes (fixture->registry, &error);
  const char *current = NULL;
  for (guint i = 0; i < changes->len; i++) {
    const RunetRegistryChange *change = changes->pdata[i];
    g_assert_cmpstr (change->from, ==, current);
    current = change->to;
  }
  g_assert_cmpuint (changes->len, >, 2);
}

static void
add_test (const char *path, void (*test) (Fixture *, gconstpointer)) {
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  add_test ("/retraining/registry/lineage", test_lineage);
  add_test ("/retraining/registry/promote", test_promote);
  add_test ("/retraining/registry/rollback", test_rollback);
  add_test ("/retraining/registry/write-protected", test_write_protected);
  add_test ("/retraining/registry/history", test_history);
  add_test ("/retraining/registry/files", test_files);
  add_test ("/retraining/registry/locked", test_locked);
  add_test ("/retraining/registry/refused", test_refused);
  add_test ("/retraining/registry/killed", test_killed);
  add_test ("/retraining/registry/several", test_several);
  return g_test_run ();
}
