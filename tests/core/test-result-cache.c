/* The cache of results: what is found again, what is not, and files that are no cache. */
#include "core/segmentation/result-cache.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "core/segmentation/frame-result-store.h"
#include "echo-fixture.h"
#include "result-fixture.h"

#define SMALL 1000000

static RunetResultCache *
open_cache (const char *path, guint64 limit) {
  g_autoptr (GError) error = NULL;
  RunetResultCache *cache = runet_result_cache_open (path, limit, &error);
  g_assert_no_error (error);
  g_assert_nonnull (cache);
  return cache;
}

static char *
cache_path (const Folder *folder) {
  return g_build_filename (folder->path, "deep", "results.sqlite", NULL);
}

static RunetResultKey
make_key (guint8 image, guint frame) {
  RunetResultKey key = {.frame = frame};
  memset (key.image.bytes, image, sizeof key.image.bytes);
  memset (key.model.bytes, 0xaa, sizeof key.model.bytes);
  return key;
}

static void
add (RunetResultCache *cache,
     const RunetResultKey *key,
     const RunetFrameResult *result) {
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_result_cache_add (cache, key, 20, result, &error));
  g_assert_no_error (error);
}

static gboolean
has (RunetResultCache *cache, const RunetResultKey *key) {
  g_autoptr (RunetFrameResult) result = runet_result_cache_find (cache, key);
  return result != NULL;
}

static void
test_found_again (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  RunetResultKey key = make_key (1, 3);
  RunetResultCache *cache = open_cache (path, SMALL);
  g_assert_false (has (cache, &key));
  add (cache, &key, result);
  g_assert_true (has (cache, &key));
  runet_result_cache_close (cache);

  cache = open_cache (path, SMALL);
  g_autoptr (RunetFrameResult) found = runet_result_cache_find (cache, &key);
  g_assert_nonnull (found);
  g_assert_cmpfloat (found->disagreement, ==, result->disagreement);
  runet_result_cache_close (cache);
}

/* Each part of the key counts; a new model leaves the results of the old one alone. */
static void
test_key (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (2, 0, FALSE);
  g_autoptr (RunetResultCache) cache = open_cache (path, SMALL);
  RunetResultKey key = make_key (1, 3), other = key;
  add (cache, &key, result);
  other.model.bytes[31] ^= 1;
  g_assert_false (has (cache, &other));
  add (cache, &other, result);
  g_assert_true (has (cache, &other) && has (cache, &key));
  other = key;
  other.image.bytes[0] ^= 1;
  g_assert_false (has (cache, &other));
  other = key;
  other.frame = 4;
  g_assert_false (has (cache, &other));
  other = key;
  other.instant = RUNET_INSTANT_ES;
  g_assert_true (
      has (cache, &other)); /* without a mask no limit of an instant applies */
  other.masked = TRUE;
  g_assert_false (has (cache, &other));
  add (cache, &other, result);
  other.instant = RUNET_INSTANT_ED;
  g_assert_false (has (cache, &other));
  other.instant = RUNET_INSTANT_ES;
  other.mask.bytes[5] = 1;
  g_assert_false (has (cache, &other));
}

/* Maps in float32 are one kind, whatever multiplied them; the two halves are kinds of their own. */
static void
test_precision (void) {
  static const guint kinds[] = {
      [RUNET_PRECISION_TF32] = 0,
      [RUNET_PRECISION_FLOAT32] = 0,
      [RUNET_PRECISION_FLOAT16] = 1,
      [RUNET_PRECISION_BFLOAT16] = 2,
  };
  g_autoptr (RunetFrameResult) result = result_new (2, 0, FALSE);
  for (guint kept = 0; kept < G_N_ELEMENTS (kinds); kept++) {
    g_auto (Folder) folder = folder_new ();
    g_autofree char *path = cache_path (&folder);
    g_autoptr (RunetResultCache) cache = open_cache (path, SMALL);
    RunetResultKey key = make_key (1, 3);
    key.precision = kept;
    add (cache, &key, result);
    for (guint asked = 0; asked < G_N_ELEMENTS (kinds); asked++) {
      guint frames;
      key.precision = asked;
      g_assert_true (has (cache, &key) == (kinds[asked] == kinds[kept]));
      g_autoptr (GArray) areas =
          runet_result_cache_list_areas (cache, &key.model, asked, &key.image, &frames);
      g_assert_cmpuint (areas->len, ==, kinds[asked] == kinds[kept]);
    }
  }
}

static void
test_areas (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetResultCache) cache = open_cache (path, SMALL);
  g_autoptr (RunetFrameResult) plain = result_new (2, 0, FALSE);
  g_autoptr (RunetFrameResult) dented = result_new (2, 14, FALSE);
  g_autoptr (RunetFrameResult) unknown = result_new (2, 0, FALSE);
  unknown->stage[RUNET_SHOWN_LAST].anatomy->area_mm2[RUNET_STRUCTURE_ENDO] = NAN;
  RunetResultKey keys[] = {make_key (1, 7), make_key (1, 0), make_key (2, 5),
                           make_key (1, 9)};
  add (cache, &keys[0], plain);
  add (cache, &keys[1], dented);
  add (cache, &keys[2], plain);
  add (cache, &keys[3], unknown);
  guint frames;
  g_autoptr (GArray) areas = runet_result_cache_list_areas (
      cache, &keys[0].model, RUNET_PRECISION_FLOAT32, &keys[0].image, &frames);
  g_assert_cmpuint (frames, ==, 20);
  g_assert_cmpuint (areas->len, ==, 3);
  const RunetFrameArea *found = (RunetFrameArea *)areas->data;
  g_assert_cmpuint (found[0].frame, ==, 0);
  g_assert_cmpuint (found[1].frame, ==, 7);
  g_assert_cmpfloat (found[0].area_mm2, <, found[1].area_mm2);
  g_assert_cmpfloat (
      found[1].area_mm2, ==,
      plain->stage[RUNET_SHOWN_LAST].anatomy->area_mm2[RUNET_STRUCTURE_ENDO]);
  g_assert_true (isnan (found[2].area_mm2));
  RunetResultKey absent = make_key (9, 0);
  g_autoptr (GArray) none = runet_result_cache_list_areas (
      cache, &absent.model, RUNET_PRECISION_FLOAT32, &absent.image, &frames);
  g_assert_cmpuint (none->len + frames, ==, 0);
}

/* Makes the file look as if it had been written an hour ago. */
static void
age (const char *path) {
  struct timeval times[2];
  gettimeofday (&times[0], NULL);
  times[0].tv_sec -= 3600;
  times[1] = times[0];
  g_assert_cmpint (utimes (path, times), ==, 0);
}

static char *
to_hex (const RunetDigest *digest) {
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < sizeof digest->bytes; i++)
    g_string_append_printf (text, "%02x", digest->bytes[i]);
  return g_string_free (text, FALSE);
}

static void
test_digest (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autofree char *file = put_text (folder.path, "abc.png", "abc");
  g_autoptr (RunetResultCache) cache = open_cache (path, SMALL);
  g_autoptr (GError) error = NULL;
  RunetDigest digest, again;
  age (file);
  g_assert_false (runet_result_cache_recall_digest (cache, file, &digest));
  g_assert_true (runet_result_cache_find_digest (cache, file, NULL, &digest, &error));
  g_assert_no_error (error);
  /* SHA-256 of "abc": FIPS 180-4, appendix. */
  g_autofree char *hex = to_hex (&digest);
  g_assert_cmpstr (hex, ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_true (runet_result_cache_recall_digest (cache, file, &again));
  g_assert_cmpmem (digest.bytes, 32, again.bytes, 32);

  /* Same size, other content, other time: read again. */
  g_free (put_text (folder.path, "abc.png", "abd"));
  g_assert_false (runet_result_cache_recall_digest (cache, file, &again));
  g_assert_true (runet_result_cache_find_digest (cache, file, NULL, &again, &error));
  g_assert_cmpint (memcmp (digest.bytes, again.bytes, 32), !=, 0);
  /* Written so lately that it may change without its time doing so: never relied on. */
  g_assert_false (runet_result_cache_recall_digest (cache, file, &again));

  g_autofree char *missing = g_build_filename (folder.path, "none.png", NULL);
  g_assert_false (
      runet_result_cache_find_digest (cache, missing, NULL, &again, &error));
  assert_failure (error, RUNET_ERROR_MISSING, "none.png", "expected a file");
  g_clear_error (&error);
  g_assert_false (
      runet_result_cache_find_digest (cache, folder.path, NULL, &again, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  g_clear_error (&error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_false (
      runet_result_cache_find_digest (cache, file, cancellable, &again, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The pixels of a MetaImage are in a second file, and are what counts. */
static void
test_two_files (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autofree char *header =
      put_text (folder.path, "a.mhd",
                "ObjectType = Image\nNDims = 2\nBinaryData = True\n"
                "BinaryDataByteOrderMSB = False\nCompressedData = False\n"
                "ElementSpacing = 1 1\nDimSize = 2 2\nElementType = MET_UCHAR\n"
                "ElementDataFile = a.raw\n");
  g_autofree char *pixels = put_text (folder.path, "a.raw", "0123");
  g_autoptr (RunetResultCache) cache = open_cache (path, SMALL);
  g_autoptr (GError) error = NULL;
  RunetDigest before, recalled, after;
  age (header);
  age (pixels);
  g_assert_true (runet_result_cache_find_digest (cache, header, NULL, &before, &error));
  g_assert_no_error (error);
  g_assert_true (runet_result_cache_recall_digest (cache, header, &recalled));
  g_assert_cmpmem (before.bytes, 32, recalled.bytes, 32);
  g_free (put_text (folder.path, "a.raw", "0124"));
  g_assert_false (runet_result_cache_recall_digest (cache, header, &recalled));
  g_assert_true (runet_result_cache_find_digest (cache, header, NULL, &after, &error));
  g_assert_cmpint (memcmp (before.bytes, after.bytes, 32), !=, 0);
  g_remove (pixels);
  g_assert_false (runet_result_cache_find_digest (cache, header, NULL, &after, &error));
  assert_failure (error, RUNET_ERROR_MISSING, "a.raw", "expected a file");
}

/* Results not asked for go first; those asked for in a later session stay. */
static void
test_eviction (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  gsize size = g_bytes_get_size (bytes);
  RunetResultCache *cache = open_cache (path, SMALL);
  RunetResultKey keys[10];
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    keys[i] = make_key ((guint8)i, 0);
    add (cache, &keys[i], result);
  }
  runet_result_cache_close (cache);

  cache = open_cache (path, SMALL);
  g_assert_true (has (cache, &keys[0]) && has (cache, &keys[1]));
  runet_result_cache_close (cache);

  /* Room for six, of which a tenth is left free: five stay. */
  cache = open_cache (path, 6 * size);
  guint kept = 0;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    kept += has (cache, &keys[i]);
  g_assert_cmpuint (kept, ==, 5);
  g_assert_true (has (cache, &keys[0]) && has (cache, &keys[1]));
  g_assert_true (has (cache, &keys[9]) && !has (cache, &keys[2]));
  runet_result_cache_close (cache);
}

static void
test_garbage (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path =
      put_text (folder.path, "results.sqlite",
                "This is a text, long enough to be taken for the head of a data base: "
                "it has more than a hundred bytes, and none of them means anything.");
  RunetResultCache *cache = open_cache (path, SMALL);
  g_autoptr (RunetFrameResult) result = result_new (1, 0, FALSE);
  RunetResultKey key = make_key (1, 0);
  add (cache, &key, result);
  g_assert_true (has (cache, &key));
  runet_result_cache_close (cache);
}

static void
execute (const char *path, const char *sql) {
  sqlite3 *database;
  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (database);
}

static void
assert_opening_fails (const char *path, int code, const char *words) {
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_result_cache_open (path, SMALL, &error));
  assert_failure (error, code, path, words);
}

/* Another's data are left as they are. */
static void
test_foreign (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = g_build_filename (folder.path, "other.sqlite", NULL);
  execute (path, "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('x')");
  g_autofree char *before = NULL, *after = NULL;
  gsize before_size, after_size;
  g_assert_true (g_file_get_contents (path, &before, &before_size, NULL));
  assert_opening_fails (path, RUNET_ERROR_UNSUPPORTED, "another program");
  g_assert_true (g_file_get_contents (path, &after, &after_size, NULL));
  g_assert_cmpmem (before, before_size, after, after_size);
}

static void
test_newer_and_older (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (1, 0, FALSE);
  RunetResultKey key = make_key (1, 0);
  RunetResultCache *cache = open_cache (path, SMALL);
  add (cache, &key, result);
  runet_result_cache_close (cache);
  execute (path, "PRAGMA user_version = 1000");
  assert_opening_fails (path, RUNET_ERROR_UNSUPPORTED, "newer version");
  execute (path, "PRAGMA user_version = 0");
  cache = open_cache (path, SMALL);
  g_assert_false (has (cache, &key));
  runet_result_cache_close (cache);
}

/* Ours by its marks, but without our tables. */
static void
test_other_tables (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  runet_result_cache_close (open_cache (path, SMALL));
  execute (path, "DROP TABLE results; CREATE TABLE results (word TEXT)");
  g_autoptr (RunetResultCache) cache = open_cache (path, SMALL);
  RunetResultKey key = make_key (1, 0);
  g_assert_false (has (cache, &key));
}

static void
test_unwritable (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *file = put_text (folder.path, "file", "no folder");
  g_autofree char *below = g_build_filename (file, "results.sqlite", NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_result_cache_open (below, SMALL, &error));
  assert_failure (error, RUNET_ERROR_WRITE, file, "expected a folder");
  assert_opening_fails (folder.path, RUNET_ERROR_WRITE, "expected a cache");
}

/* Pages overwritten in the middle of the file: nothing falls, and the next opening starts anew. */
static void
test_damaged (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  RunetResultCache *cache = open_cache (path, SMALL);
  for (guint8 i = 0; i < 50; i++) {
    RunetResultKey key = make_key (i, 0);
    add (cache, &key, result);
  }
  runet_result_cache_close (cache);
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, >, 40960);
  for (gsize i = 4096; i < size; i++)
    bytes[i] = (char)(i * 31);
  g_free (put_bytes (folder.path, "deep/results.sqlite", bytes, size));
  cache = open_cache (path, SMALL);
  for (guint8 i = 0; i < 50; i++) {
    RunetResultKey key = make_key (i, 0);
    g_assert_false (has (cache, &key));
  }
  runet_result_cache_close (cache);
  cache = open_cache (path, SMALL);
  RunetResultKey key = make_key (3, 0);
  add (cache, &key, result);
  g_assert_true (has (cache, &key));
  runet_result_cache_close (cache);
}

/* A row whose blob was cut is as good as none, and may be written anew. */
static void
test_cut_blob (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  RunetResultKey key = make_key (1, 0);
  RunetResultCache *cache = open_cache (path, SMALL);
  add (cache, &key, result);
  runet_result_cache_close (cache);
  execute (path, "UPDATE results SET result = substr (result, 1, 500)");
  cache = open_cache (path, SMALL);
  g_assert_false (has (cache, &key));
  add (cache, &key, result);
  g_assert_true (has (cache, &key));
  runet_result_cache_close (cache);
}

/* Two windows on one file. */
static void
test_shared (void) {
  g_auto (Folder) folder = folder_new ();
  g_autofree char *path = cache_path (&folder);
  g_autoptr (RunetFrameResult) result = result_new (1, 0, FALSE);
  g_autoptr (RunetResultCache) one = open_cache (path, SMALL);
  g_autoptr (RunetResultCache) two = open_cache (path, SMALL);
  RunetResultKey a = make_key (1, 0), b = make_key (2, 0);
  add (one, &a, result);
  add (two, &b, result);
  g_assert_true (has (one, &b) && has (two, &a));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segmentation/result-cache/found-again", test_found_again);
  g_test_add_func ("/segmentation/result-cache/key", test_key);
  g_test_add_func ("/segmentation/result-cache/precision", test_precision);
  g_test_add_func ("/segmentation/result-cache/areas", test_areas);
  g_test_add_func ("/segmentation/result-cache/digest", test_digest);
  g_test_add_func ("/segmentation/result-cache/two-files", test_two_files);
  g_test_add_func ("/segmentation/result-cache/eviction", test_eviction);
  g_test_add_func ("/segmentation/result-cache/garbage", test_garbage);
  g_test_add_func ("/segmentation/result-cache/foreign", test_foreign);
  g_test_add_func ("/segmentation/result-cache/newer-and-older", test_newer_and_older);
  g_test_add_func ("/segmentation/result-cache/other-tables", test_other_tables);
  g_test_add_func ("/segmentation/result-cache/unwritable", test_unwritable);
  g_test_add_func ("/segmentation/result-cache/damaged", test_damaged);
  g_test_add_func ("/segmentation/result-cache/cut-blob", test_cut_blob);
  g_test_add_func ("/segmentation/result-cache/shared", test_shared);
  return g_test_run ();
}
