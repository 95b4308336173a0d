/* The container: what is written is read, and whatever is wrong with a file is refused by name. */
#include "core/nn/safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"

typedef struct {
  char *folder, *path;
} Place;

static void
set_up (Place *place, gconstpointer data) {
  place->folder = g_dir_make_tmp ("runet-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "file.safetensors", NULL);
}

static void
tear_down (Place *place, gconstpointer data) {
  g_chmod (place->folder, 0700);
  g_unlink (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->path);
}

static const float weights[] = {1, -2.5f, 0x1p-120f, 3e30f, 0, -0.0f};
static const guint16 halves[] = {0x3c00, 0xc000};
static const gint64 labels[] = {-1, G_MAXINT64};

static RunetSafetensors *
make_file (void) {
  RunetSafetensors *file = runet_safetensors_new ();
  const gsize matrix[] = {2, 3}, pair[] = {2}, none[] = {4, 0};
  runet_safetensors_add (file, "b", RUNET_DTYPE_F32, matrix, 2, weights);
  runet_safetensors_add (file, "a", RUNET_DTYPE_F16, pair, 1, halves);
  runet_safetensors_add (file, "labels", RUNET_DTYPE_I64, pair, 1, labels);
  runet_safetensors_add (file, "empty", RUNET_DTYPE_F32, none, 2, NULL);
  runet_safetensors_add (file, "scalar", RUNET_DTYPE_F32, NULL, 0, weights);
  g_hash_table_insert (file->metadata, g_strdup ("note"), g_strdup ("\"é\"\n{"));
  return file;
}

static void
test_round_trip (Place *place, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetSafetensors) written = make_file ();
  runet_safetensors_write (written, place->path, &error);
  g_assert_no_error (error);
  g_autoptr (RunetSafetensors) file = runet_safetensors_read (place->path, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (file->tensors->len, ==, 5);
  const RunetSafetensor *first = file->tensors->pdata[0];
  g_assert_cmpstr (first->name, ==, "b");
  g_assert_cmpuint (first->dimensions, ==, 2);
  g_assert_cmpuint (first->shape[1], ==, 3);
  g_assert_cmpmem (first->data, first->count * 4, weights, sizeof weights);
  const RunetSafetensor *integers = runet_safetensors_find (file, "labels");
  g_assert_cmpint (integers->dtype, ==, RUNET_DTYPE_I64);
  g_assert_cmpmem (integers->data, integers->count * 8, labels, sizeof labels);
  float values[2];
  g_assert_true (
      runet_safetensor_to_floats (runet_safetensors_find (file, "a"), values, &error));
  g_assert_cmpfloat (values[0], ==, 1);
  g_assert_cmpfloat (values[1], ==, -2);
  g_assert_cmpuint (runet_safetensors_find (file, "empty")->count, ==, 0);
  g_assert_cmpuint (runet_safetensors_find (file, "scalar")->count, ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (file->metadata, "note"), ==, "\"é\"\n{");
  g_assert_null (runet_safetensors_find (file, "c"));
  g_assert_false (runet_safetensor_to_floats (integers, values, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
}

/* Every shorter file is refused, wherever it ends. */
static void
test_truncated (Place *place, gconstpointer data) {
  g_autoptr (RunetSafetensors) written = make_file ();
  g_autoptr (GBytes) bytes = runet_safetensors_serialize (written, NULL);
  gsize size;
  const char *content = g_bytes_get_data (bytes, &size);
  for (gsize length = 0; length < size; length++) {
    g_autoptr (GError) error = NULL;
    g_assert_true (g_file_set_contents (place->path, content, (gssize)length, NULL));
    g_assert_null (runet_safetensors_read (place->path, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, "file.safetensors"));
    g_assert_null (strchr (error->message, '\n'));
  }
}

#define ONE(rest) "{\"w\":{\"dtype\":\"F32\"," rest "}}"

/* Headers in front of eight bytes of data, and what the message must hold. */
static const struct {
  const char *name, *header, *message;
  int code;
} lies[] = {
    {"beyond", ONE ("\"shape\":[4],\"data_offsets\":[0,16]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"backwards", ONE ("\"shape\":[1],\"data_offsets\":[8,4]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"shape", ONE ("\"shape\":[3],\"data_offsets\":[0,8]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"overflow",
     ONE ("\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,8]"),
     "tensor w", RUNET_ERROR_FORMAT},
    {"too-large-number",
     ONE ("\"shape\":[99999999999999999999999],\"data_offsets\":[0,8]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"negative", ONE ("\"shape\":[-2],\"data_offsets\":[0,8]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"fraction", ONE ("\"shape\":[2.0],\"data_offsets\":[0,8]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"nine-dimensions", ONE ("\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]"),
     "tensor w", RUNET_ERROR_FORMAT},
    {"no-shape", ONE ("\"data_offsets\":[0,8]"), "tensor w", RUNET_ERROR_FORMAT},
    {"no-offsets", ONE ("\"shape\":[2]"), "tensor w", RUNET_ERROR_FORMAT},
    {"one-offset", ONE ("\"shape\":[2],\"data_offsets\":[0]"), "tensor w",
     RUNET_ERROR_FORMAT},
    {"left-over", ONE ("\"shape\":[1],\"data_offsets\":[0,4]"), "4 bytes of tensors",
     RUNET_ERROR_FORMAT},
    {"hole", ONE ("\"shape\":[1],\"data_offsets\":[4,8]"), "hole", RUNET_ERROR_FORMAT},
    {"type", "{\"w\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]}}",
     "BF16", RUNET_ERROR_UNSUPPORTED},
    {"no-type", "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "tensor w",
     RUNET_ERROR_FORMAT},
    {"overlap",
     "{\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
     "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
     "tensor w", RUNET_ERROR_FORMAT},
    {"twice",
     "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
     "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
     "tensor w", RUNET_ERROR_FORMAT},
    {"not-an-object", "{\"w\":7}", "tensor w", RUNET_ERROR_FORMAT},
    {"metadata-number",
     "{\"__metadata__\":{\"a\":1},\"w\":{\"dtype\":\"F32\",\"shape\":[2],"
     "\"data_offsets\":[0,8]}}",
     "__metadata__", RUNET_ERROR_FORMAT},
    {"metadata-list", "{\"__metadata__\":[]}", "__metadata__", RUNET_ERROR_FORMAT},
    {"array", "[1,2]", "object", RUNET_ERROR_FORMAT},
    {"no-json", "{\"w\":", "JSON", RUNET_ERROR_FORMAT},
    {"empty", "", "object", RUNET_ERROR_FORMAT},
    {"bytes", "{\"\xff\xfe\":1}", "UTF-8", RUNET_ERROR_FORMAT},
};

/* @length: what the file says of its header. */
static GBytes *
make_bytes (const char *header, gsize header_length, guint64 length) {
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *)&length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *)header, (guint)header_length);
  g_byte_array_append (bytes, (const guint8 *)"\0\0\0\0\0\0\0", 8);
  return g_byte_array_free_to_bytes (bytes);
}

static void
test_lie (gconstpointer data) {
  const gsize index = GPOINTER_TO_SIZE (data);
  const gsize length = strlen (lies[index].header);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = make_bytes (lies[index].header, length, length);
  g_assert_null (runet_safetensors_parse (bytes, "lie", &error));
  g_assert_error (error, RUNET_ERROR, lies[index].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, lies[index].message));
  g_assert_true (g_str_has_prefix (error->message, "lie: "));
}

static void
test_header_length (void) {
  const guint64 lengths[] = {3, 100, 99999999, 1000000000, G_MAXINT64, G_MAXUINT64};
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = make_bytes ("{}", 2, lengths[i]);
    g_assert_null (runet_safetensors_parse (bytes, "lie", &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  }
}

/* A million brackets would be a million calls of the parser inside each other. */
static void
test_depth (void) {
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = make_bytes (brackets, 1000000, 1000000);
  g_assert_null (runet_safetensors_parse (bytes, "deep", &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "nesting"));
}

/* Whatever happens to one byte of the header: an answer, and no more. */
static void
test_noise (void) {
  g_autoptr (RunetSafetensors) file = make_file ();
  g_autoptr (GBytes) bytes = runet_safetensors_serialize (file, NULL);
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  gsize size;
  const guint8 *content = g_bytes_get_data (bytes, &size);
  guint refused = 0;
  for (int i = 0; i < 3000; i++) {
    g_autofree guint8 *spoiled = g_memdup2 (content, size);
    for (int j = 0; j < 1 + i % 3; j++)
      spoiled[g_rand_int_range (random, 0, (gint32)size)] =
          (guint8)g_rand_int_range (random, 0, 256);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) noise = g_bytes_new (spoiled, size);
    g_autoptr (RunetSafetensors) result =
        runet_safetensors_parse (noise, "noise", &error);
    g_assert_true ((result == NULL) == (error != NULL));
    refused += result == NULL;
  }
  g_assert_cmpuint (refused, >, 1000);
}

static void
test_not_finite (void) {
  const float values[] = {1, (float)INFINITY, 2};
  const guint16 half_values[] = {0x3c00, 0x7e00};
  const gsize three = 3, two = 2;
  float out[3];
  g_autoptr (RunetSafetensors) file = runet_safetensors_new ();
  runet_safetensors_add (file, "first", RUNET_DTYPE_F32, &three, 1, values);
  runet_safetensors_add (file, "second", RUNET_DTYPE_F16, &two, 1, half_values);
  const char *words[] = {"infinity", "NaN"};
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    const RunetSafetensor *tensor = file->tensors->pdata[i];
    g_assert_false (runet_safetensor_to_floats (tensor, out, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, tensor->name));
    g_assert_nonnull (strstr (error->message, words[i]));
  }
}

static void
test_missing (Place *place, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_safetensors_read (place->path, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_clear_error (&error);
  g_assert_null (runet_safetensors_read (place->folder, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
}

/* A write that fails leaves what was there, and nothing beside it. */
static void
test_write_fails (Place *place, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetSafetensors) file = make_file ();
  g_autofree char *nowhere = g_build_filename (place->folder, "no", "file", NULL);
  g_assert_false (runet_safetensors_write (file, nowhere, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_nonnull (strstr (error->message, nowhere));
  g_clear_error (&error);
  g_assert_true (runet_safetensors_write (file, place->path, &error));
  g_assert_true (runet_safetensors_write (file, place->path, &error));
  g_autoptr (GDir) dir = g_dir_open (place->folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "file.safetensors");
  g_assert_null (g_dir_read_name (dir));
}

/* All 65536 halves there and back. */
static void
test_halves (void) {
  for (guint i = 0; i < 65536; i++) {
    const float value = runet_half_to_float ((guint16)i);
    const guint16 back = runet_float_to_half (value);
    if (isnan (value))
      g_assert_true (isnan (runet_half_to_float (back)));
    else
      g_assert_cmpuint (back, ==, i);
  }
  g_assert_cmpfloat (runet_half_to_float (0x0001), ==, 0x1p-24f);
  g_assert_cmpfloat (runet_half_to_float (0x7bff), ==, 65504);
  g_assert_true (isinf (runet_half_to_float (0xfc00)));
}

/* Between each two neighbours: the nearer, and of two as near the one with an even last bit. */
static void
test_rounding (void) {
  for (guint i = 0; i < 0x7bff; i++) {
    const float low = runet_half_to_float ((guint16)i);
    const float high = runet_half_to_float ((guint16)(i + 1));
    const float middle = low + (high - low) / 2;
    g_assert_cmpuint (runet_float_to_half (middle), ==, i % 2 == 0 ? i : i + 1);
    g_assert_cmpuint (runet_float_to_half (nextafterf (middle, low)), ==, i);
    g_assert_cmpuint (runet_float_to_half (nextafterf (middle, high)), ==, i + 1);
    g_assert_cmpuint (runet_float_to_half (-middle), ==,
                      0x8000 | (i % 2 == 0 ? i : i + 1));
  }
  g_assert_cmpuint (runet_float_to_half (65519.996f), ==, 0x7bff);
  g_assert_cmpuint (runet_float_to_half (65520), ==, 0x7c00);
  g_assert_cmpuint (runet_float_to_half (-1e30f), ==, 0xfc00);
  g_assert_cmpuint (runet_float_to_half (1e-30f), ==, 0);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/nn/safetensors/round-trip", Place, NULL, set_up, test_round_trip,
              tear_down);
  g_test_add ("/nn/safetensors/truncated", Place, NULL, set_up, test_truncated,
              tear_down);
  g_test_add ("/nn/safetensors/missing", Place, NULL, set_up, test_missing, tear_down);
  g_test_add ("/nn/safetensors/write-fails", Place, NULL, set_up, test_write_fails,
              tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++) {
    g_autofree char *path = g_strdup_printf ("/nn/safetensors/lie/%s", lies[i].name);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_lie);
  }
  g_test_add_func ("/nn/safetensors/header-length", test_header_length);
  g_test_add_func ("/nn/safetensors/depth", test_depth);
  g_test_add_func ("/nn/safetensors/noise", test_noise);
  g_test_add_func ("/nn/safetensors/not-finite", test_not_finite);
  g_test_add_func ("/nn/half/there-and-back", test_halves);
  g_test_add_func ("/nn/half/rounding", test_rounding);
  return g_test_run ();
}
