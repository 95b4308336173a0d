/* What SQLite files are asked, and what they say when they fail. */
#include "core/base/database.h"

#include <glib/gstdio.h>
#include <string.h>

static sqlite3 *
make_database (char **path, char **folder) {
  g_autoptr (GError) error = NULL;
  *folder = g_dir_make_tmp ("runet-database-XXXXXX", &error);
  g_assert_no_error (error);
  *path = g_build_filename (*folder, "a ?%.sqlite", NULL);
  sqlite3 *db =
      runet_database_connect (*path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  g_assert_true (runet_database_execute (
      db, "CREATE TABLE numbers (number INTEGER); INSERT INTO numbers VALUES (42)"));
  return db;
}

static void
test_query (void) {
  g_autofree char *path = NULL, *folder = NULL;
  sqlite3 *db = make_database (&path, &folder);
  gint64 number = 0;
  g_assert_true (runet_database_query (db, "SELECT number FROM numbers", &number));
  g_assert_cmpint (number, ==, 42);
  g_assert_false (
      runet_database_query (db, "SELECT number FROM numbers WHERE 0", &number));
  g_assert_false (runet_database_query (db, "SELECT number FROM nothing", &number));
  g_assert_false (runet_database_execute (db, "nonsense"));
  g_assert_true (runet_database_is_whole (db));
  sqlite3_close (db);

  g_assert_false (runet_database_has_log (path));
  db = runet_database_connect_immutable (path);
  g_assert_true (runet_database_query (db, "SELECT number FROM numbers", &number));
  g_assert_false (runet_database_execute (db, "DELETE FROM numbers"));
  sqlite3_close (db);
  g_unlink (path);
  g_rmdir (folder);
}

static void
assert_failure (sqlite3 *db, RunetError code, const char *words) {
  RunetError found = RUNET_ERROR_ENGINE;
  g_autofree char *failure = runet_database_get_failure (db, "to do this", &found);
  g_test_message ("%s", failure);
  g_assert_true (g_str_has_prefix (failure, "expected to do this, found"));
  g_assert_nonnull (strstr (failure, words));
  g_assert_cmpint (found, ==, code);
}

static void
test_failure (void) {
  g_autofree char *path = NULL, *folder = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *first = make_database (&path, &folder);
  sqlite3 *second = runet_database_connect (path, SQLITE_OPEN_READWRITE);
  g_assert_true (runet_database_execute (first, "BEGIN IMMEDIATE"));
  g_assert_false (runet_database_execute (second, "BEGIN IMMEDIATE"));
  assert_failure (second, RUNET_ERROR_WRITE, "another program keeps it locked");
  sqlite3_close (second);
  sqlite3_close (first);

  g_file_set_contents (path, "This is not a database, and long enough to tell.", -1,
                       &error);
  g_assert_no_error (error);
  sqlite3 *other = runet_database_connect (path, SQLITE_OPEN_READWRITE);
  g_assert_false (runet_database_is_whole (other));
  assert_failure (other, RUNET_ERROR_FORMAT, "not a database");
  sqlite3_close (other);
  g_unlink (path);

  sqlite3 *none = runet_database_connect (path, SQLITE_OPEN_READWRITE);
  assert_failure (none, RUNET_ERROR_ENGINE, "No such file");
  sqlite3_close (none);
  g_rmdir (folder);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/database/query", test_query);
  g_test_add_func ("/database/failure", test_failure);
  return g_test_run ();
}
