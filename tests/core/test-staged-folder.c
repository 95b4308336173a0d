/* Folders that appear when they are whole, and what is left of those that never did. */
#include "core/echo/staged-folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "core/echo/file.h"

typedef struct {
  char *root, *path;
} Fixture;

static void
remove_tree (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  g_remove (path);
}

static void
set_up (Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autoptr (GError) error = NULL;
  fixture->root = g_dir_make_tmp ("runet-staged-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->root, "sub", "out", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data) {
  (void)data;
  remove_tree (fixture->root);
  g_free (fixture->root);
  g_free (fixture->path);
}

static void
write_file (const char *folder, const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0777), ==, 0);
  g_assert_true (runet_file_replace (path, (const guint8 *)"text", 4, &error));
  g_assert_no_error (error);
}

static guint
count_entries (const char *path) {
  guint count = 0;
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  while (folder != NULL && g_dir_read_name (folder) != NULL)
    count++;
  return count;
}

static void
test_commit (Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_path_get_dirname (fixture->path);
  g_autoptr (RunetStagedFolder) first =
      runet_staged_folder_new (fixture->path, FALSE, &error);
  g_autoptr (RunetStagedFolder) second =
      runet_staged_folder_new (fixture->path, FALSE, &error);
  g_assert_no_error (error);
  write_file (runet_staged_folder_get_path (first), "deep/file");
  write_file (runet_staged_folder_get_path (second), "other");
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (runet_staged_folder_commit (first, &error));
  g_assert_no_error (error);
  g_autofree char *file = g_build_filename (fixture->path, "deep", "file", NULL);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));

  g_assert_false (runet_staged_folder_commit (second, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_true (g_str_has_prefix (error->message, fixture->path));
  g_clear_pointer (&second, runet_staged_folder_free);
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (count_entries (parent), ==, 1);
}

/* Not committed: nothing is left, and what a link in it leads to stays. */
static void
test_drop (Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_path_get_dirname (fixture->path);
  g_autofree char *kept = g_build_filename (fixture->root, "kept", NULL);
  write_file (kept, "file");
  RunetStagedFolder *folder = runet_staged_folder_new (fixture->path, TRUE, &error);
  g_assert_no_error (error);
  write_file (runet_staged_folder_get_path (folder), "deep/file");
  g_autoptr (GFile) link =
      g_file_new_build_filename (runet_staged_folder_get_path (folder), "link", NULL);
  g_assert_true (g_file_make_symbolic_link (link, kept, NULL, &error));
  GStatBuf status;
  g_assert_cmpint (g_stat (parent, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  runet_staged_folder_free (folder);
  g_assert_cmpuint (count_entries (parent), ==, 0);
  g_assert_cmpuint (count_entries (kept), ==, 1);
}

static void
test_no_place (Fixture *fixture, gconstpointer data) {
  (void)data;
  g_autoptr (GError) error = NULL;
  write_file (fixture->root, "sub");
  g_assert_null (runet_staged_folder_new (fixture->path, FALSE, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
}

/* A folder @name beside the place, last touched so many hours ago. */
static void
leave (const Fixture *fixture, const char *name, int hours) {
  g_autofree char *path = g_build_filename (fixture->root, "sub", name, NULL);
  write_file (path, "deep/file");
  const time_t then = time (NULL) - 3600 * hours;
  struct utimbuf times = {then, then};
  g_assert_cmpint (g_utime (path, &times), ==, 0);
}

static gboolean
is_left (const Fixture *fixture, const char *name) {
  g_autofree char *path = g_build_filename (fixture->root, "sub", name, NULL);
  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static void
test_sweep (Fixture *fixture, gconstpointer data) {
  const gboolean own = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  leave (fixture, "out.partial-aB3dEf", 25);
  leave (fixture, "out.partial-fresh1", 23);
  leave (fixture, "about.partial-aB3dEf", 25);
  leave (fixture, "out.partial-results", 25);
  leave (fixture, "out", 25);
  leave (fixture, ".partial-aB3dEf", 25);
  g_autoptr (RunetStagedFolder) folder =
      runet_staged_folder_new (fixture->path, own, &error);
  g_assert_no_error (error);
  g_assert_false (is_left (fixture, "out.partial-aB3dEf"));
  g_assert_true (is_left (fixture, "out.partial-fresh1"));
  g_assert_cmpint (is_left (fixture, "about.partial-aB3dEf"), ==, !own);
  g_assert_true (is_left (fixture, "out.partial-results"));
  g_assert_true (is_left (fixture, "out"));
  g_assert_true (is_left (fixture, ".partial-aB3dEf"));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  static const struct {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer data);
    int own;
  } tests[] = {{"/staged-folder/commit", test_commit, FALSE},
               {"/staged-folder/drop", test_drop, FALSE},
               {"/staged-folder/no-place", test_no_place, FALSE},
               {"/staged-folder/sweep", test_sweep, FALSE},
               {"/staged-folder/sweep-own", test_sweep, TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GINT_TO_POINTER (tests[i].own), set_up,
                tests[i].func, tear_down);
  return g_test_run ();
}
