/* `runet bench` from end to end: what it prints, for people and for scripts, and what it refuses. */
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/wait.h>

#include "small-model.h"
#include "tests/remove-tree.h"

#define INPUT_SIZE 32

static char *folder;
static char *model; /* untrained */

/* Runs @line by a shell, with RUNET, COMPARE_PEERS and MODEL set. Returns the exit status. */
static int
run (char **out, char **err, const char *line) {
  const char *const argv[] = {"/bin/sh", "-c", line, NULL};
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, out, err, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static char *
print (const char *line) {
  g_autofree char *err = NULL;
  char *out = NULL;
  if (run (&out, &err, line) != 0)
    g_error ("%s: %s", line, err);
  return out;
}

static JsonObject *
print_json (const char *line) {
  g_autofree char *out = print (line);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (out, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (node));
}

static void
assert_members (JsonObject *object, const char *names) {
  g_auto (GStrv) expected = g_strsplit (names, ",", -1);
  for (guint i = 0; expected[i] != NULL; i++)
    if (!json_object_has_member (object, expected[i]))
      g_error ("expected '%s'", expected[i]);
  g_assert_cmpuint (json_object_get_size (object), ==, g_strv_length (expected));
}

#define MEMBERS                                                                \
  "engine,device,architecture,batch,threads,median_ms_per_image,images_per_s," \
  "gmac_per_image,train,peak_mib"

static void
test_json (void) {
  g_autoptr (JsonObject) root =
      print_json ("\"$RUNET\" bench --model \"$MODEL\" --rounds 2 --json");
  assert_members (root, MEMBERS);
  g_assert_cmpfloat (json_object_get_double_member (root, "median_ms_per_image"), >, 0);
  g_assert_false (json_object_get_boolean_member (root, "train"));
  g_assert_cmpint (json_object_get_int_member (root, "batch"), ==, 1);
}

/* The share of a program that was large before it became this one is not this one's. */
static void
test_peak_memory (void) {
  g_autoptr (JsonObject) root = print_json (
      "python3 -c 'import os; a = bytearray (600 << 20); os.execv "
      "(os.environ[\"RUNET\"], "
      "[\"runet\", \"bench\", \"--model\", os.environ[\"MODEL\"], \"--rounds\", \"1\", "
      "\"--json\"])'");
  double peak_mib = json_object_get_double_member (root, "peak_mib");
  g_assert_cmpfloat (peak_mib, >, 1);
  g_assert_cmpfloat (peak_mib, <, 500);
}

static void
test_layers_json (void) {
  g_autoptr (JsonObject) root = print_json (
      "\"$RUNET\" bench --model \"$MODEL\" --rounds 2 --train --layers --json");
  assert_members (root, MEMBERS ",peak_gflops,layers");
  g_assert_cmpfloat (json_object_get_double_member (root, "peak_gflops"), >, 0.1);
  double gmac = json_object_get_double_member (root, "gmac_per_image") *
                (double)json_object_get_int_member (root, "batch");
  double macs = 0, ms = 0, backward_ms = 0;
  JsonArray *layers = json_object_get_array_member (root, "layers");
  for (guint i = 0; i < json_array_get_length (layers); i++) {
    JsonObject *layer = json_array_get_object_element (layers, i);
    assert_members (layer, "name,algorithm,macs,forward_ms,backward_ms");
    macs += json_object_get_double_member (layer, "macs");
    ms += json_object_get_double_member (layer, "forward_ms");
    backward_ms += json_object_get_double_member (layer, "backward_ms");
  }
  g_assert_cmpfloat_with_epsilon (macs / 1e9, gmac, 1e-3 * gmac);
  g_assert_cmpfloat (ms, >, 0);
  g_assert_cmpfloat (backward_ms, >, 0);
}

static void
test_layers (void) {
  g_autofree char *out =
      print ("\"$RUNET\" bench --model \"$MODEL\" --rounds 2 --layers");
  static const char *const parts[] = {"% of peak", "\nstage2.up1.conv1 ", "\nsum ",
                                      "\nrest ", " an image, "};
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (out, parts[i]) == NULL)
      g_error ("expected '%s' in: %s", parts[i], out);
  g_assert_null (strstr (out, "back ms"));
  g_autofree char *train = print (
      "\"$RUNET\" bench --model \"$MODEL\" --rounds 2 --batch 2 --train --layers");
  g_assert_nonnull (strstr (train, "back ms"));
}

static void
test_scaling (void) {
  g_autoptr (JsonObject) root = print_json (
      "\"$RUNET\" bench --model \"$MODEL\" --rounds 2 --threads 3 --scaling --json");
  assert_members (root, MEMBERS ",scaling");
  JsonArray *scaling = json_object_get_array_member (root, "scaling");
  g_assert_cmpuint (json_array_get_length (scaling), ==, 3);
  for (guint i = 0; i < 3; i++) {
    JsonObject *scale = json_array_get_object_element (scaling, i);
    assert_members (scale, "threads,median_ms_per_image,speed_up");
    g_assert_cmpint (json_object_get_int_member (scale, "threads"), ==, i + 1);
    double speed_up = json_object_get_double_member (scale, "speed_up");
    if (i == 0)
      g_assert_cmpfloat (speed_up, ==, 1);
    g_assert_cmpfloat (speed_up, >, 0);
  }
  g_autofree char *out =
      print ("\"$RUNET\" bench --model \"$MODEL\" --rounds 2 --threads 2 --scaling");
  g_assert_nonnull (strstr (out, "speed-up\n      1 "));
}

static void
test_refused (void) {
  static const struct {
    const char *options, *mentions;
    int status;
  } rows[] = {
      {"--no-such-option", "--no-such-option", 2},
      {"--batch 1000", "--batch 1 … 256", 2},
      {"--batch -1", "--batch 1 … 256", 2},
      {"--rounds 0", "--rounds", 2},
      {"--architecture abacus", "'abacus'", 2},
      {"--engine abacus", "'abacus'", 2},
      {"--threads -1 --scaling", "--threads", 2},
      {"more --layers", "found 1", 2},
      {"--model /nonexistent.x", "/nonexistent.x", 1},
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *out = NULL, *err = NULL;
    g_autofree char *line = g_strdup_printf ("\"$RUNET\" bench %s", rows[i].options);
    g_assert_cmpint (run (&out, &err, line), ==, rows[i].status);
    g_assert_cmpstr (out, ==, "");
    if (strstr (err, rows[i].mentions) == NULL)
      g_error ("expected '%s' in: %s", rows[i].mentions, err);
    g_assert_true (strchr (err, '\n') == err + strlen (err) - 1);
  }
}

static void
test_compare_peers_help (void) {
  g_autofree char *out = print ("\"$COMPARE_PEERS\" --help");
  g_assert_nonnull (strstr (out, "--python"));
  g_autofree char *err = NULL, *nothing = NULL;
  g_assert_cmpint (run (&nothing, &err, "\"$COMPARE_PEERS\" --rounds 0"), ==, 2);
}

/* No interpreter, no script: our own times, and reasons. */
static void
test_compare_peers_absent (void) {
  g_autoptr (JsonObject) root = print_json (
      "\"$COMPARE_PEERS\" --runet \"$RUNET\" --python /nonexistent/python --quick "
      "--rounds 2 --case forward-1 --architecture unet1 --json");
  JsonArray *cases = json_object_get_array_member (root, "cases");
  g_assert_cmpuint (json_array_get_length (cases), ==, 1);
  JsonArray *programs = json_object_get_array_member (
      json_array_get_object_element (cases, 0), "programs");
  g_assert_cmpuint (json_array_get_length (programs), ==, 1);
  JsonObject *ours = json_array_get_object_element (programs, 0);
  g_assert_cmpstr (json_object_get_string_member (ours, "program"), ==, "runet");
  g_assert_cmpfloat (json_object_get_double_member (ours, "ratio"), ==, 1);
  g_assert_cmpfloat (json_object_get_double_member (ours, "median_ms_per_image"), >, 0);
  JsonObject *absent = json_object_get_object_member (root, "absent");
  g_assert_nonnull (
      json_object_get_string_member (absent, "torch of /nonexistent/python"));
}

static void
test_compare_peers_without_runet (void) {
  g_autofree char *out = NULL, *err = NULL;
  g_assert_cmpint (
      run (&out, &err, "\"$COMPARE_PEERS\" --runet /nonexistent/runet --quick"), ==, 1);
  g_assert_nonnull (strstr (err, "/nonexistent/runet"));
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("runet-bench-XXXXXX", NULL);
  model = g_build_filename (folder, "model.safetensors", NULL);
  write_small_model (model, INPUT_SIZE);
  g_setenv ("MODEL", model, TRUE);

  g_test_add_func ("/runet/bench/json", test_json);
  g_test_add_func ("/runet/bench/peak-memory", test_peak_memory);
  g_test_add_func ("/runet/bench/layers/json", test_layers_json);
  g_test_add_func ("/runet/bench/layers", test_layers);
  g_test_add_func ("/runet/bench/scaling", test_scaling);
  g_test_add_func ("/runet/bench/refused", test_refused);
  g_test_add_func ("/compare-peers/help", test_compare_peers_help);
  g_test_add_func ("/compare-peers/absent", test_compare_peers_absent);
  g_test_add_func ("/compare-peers/without-runet", test_compare_peers_without_runet);
  int status = g_test_run ();

  remove_tree (folder);
  g_free (folder);
  g_free (model);
  return status;
}
