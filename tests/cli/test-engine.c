/* `runet` and its engines: which there are, which is taken, and what is said when one cannot be had. */
#include <string.h>

#include "core/nn/device.h"
#include "json.h"
#include "run.h"
#include "small-model.h"
#include "tests/remove-tree.h"

#define VARIABLE "RUNET_DEVICE_MODULE"

static char *folder, *studies, *model, *image;

/* One of the array "engines". */
static JsonObject *
find_engine (JsonObject *root, const char *name) {
  JsonArray *engines = json_object_get_array_member (root, "engines");
  for (guint i = 0; i < json_array_get_length (engines); i++) {
    JsonObject *one = json_array_get_object_element (engines, i);
    if (g_str_equal (json_object_get_string_member (one, "name"), name))
      return one;
  }
  g_error ("no engine %s", name);
}

static void
test_list (void) {
  g_auto (Run) plain = runet ("info", "--engines", NULL);
  g_assert_cmpint (plain.status, ==, 0);
  g_assert_cmpstr (plain.err, ==, "");
  g_auto (GStrv) lines = g_strsplit (plain.out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0], "cudnn "));
  g_assert_true (g_str_has_prefix (lines[1], "blas "));
  g_assert_true (g_str_has_prefix (lines[2], "reference "));

  /* Whether there is a GPU or not, exactly one is taken by itself: the first that is there. */
  g_auto (Run) run = runet ("info", "--engines", "--json", NULL);
  g_autoptr (JsonObject) root = parse (run.out);
  JsonObject *gpu = find_engine (root, "cudnn"), *blas = find_engine (root, "blas");
  const gboolean there = json_object_get_boolean_member (gpu, "available");
  g_assert_true (json_object_has_member (gpu, "device") == there);
  g_assert_true (json_object_has_member (gpu, "reason") != there);
  g_assert_true (json_object_get_boolean_member (gpu, "automatic") == there);
  g_assert_true (json_object_get_boolean_member (blas, "automatic") != there);
  g_assert_true (json_object_get_boolean_member (blas, "available"));
  g_assert_nonnull (
      strstr (json_object_get_string_member (blas, "device"), "OpenBLAS"));
}

static void
test_list_with_files (void) {
  g_auto (Run) run = runet ("info", "--engines", "--json", model, NULL);
  g_autoptr (JsonObject) root = parse (run.out);
  find_engine (root, "reference");
  g_assert_cmpuint (
      json_array_get_length (json_object_get_array_member (root, "files")), ==, 1);
  g_auto (Run) nothing = runet ("info", NULL);
  g_assert_cmpint (nothing.status, ==, 2);
  assert_one_line (&nothing, "--engines");
}

static Run
segment (const char *engine, const char *precision) {
  g_autofree char *output = g_build_filename (folder, "out", NULL);
  return runet ("segment", "--json", "--model", model, "--output", output, image,
                "--engine", engine, "--precision", precision, NULL);
}

static void
test_words (void) {
  static const struct {
    const char *engine, *precision, *mentions;
  } wrong[] = {
      {"abacus", "tf32",
       "--engine: expected auto, cudnn, blas or reference, found 'abacus'"},
      {"", "tf32", "found ''"},
      {"auto", "float64",
       "expected tf32, float32, float16 or bfloat16, found 'float64'"},
      {"auto", "", "found ''"},
      {"blas", "float16", "the engine blas computes in float32 alone, found 'float16'"},
      {"reference", "tf32", "the engine reference computes in float32 alone"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_auto (Run) run = segment (wrong[i].engine, wrong[i].precision);
    g_assert_cmpint (run.status, ==, 2);
    assert_one_line (&run, wrong[i].mentions);
  }
  g_auto (Run) exact = runet ("bench", "--exact", "--precision", "bfloat16", NULL);
  g_assert_cmpint (exact.status, ==, 2);
  assert_one_line (&exact, "--exact computes in float32, found 'bfloat16'");
  g_auto (Run) fine = segment ("blas", "float32");
  g_assert_cmpstr (fine.err, ==, "");
  g_assert_cmpint (fine.status, ==, 0);
}

/* Whoever runs no network has no engine to choose. */
static void
test_without (void) {
  g_auto (Run) measure = runet ("measure", "--engine", "blas", studies, NULL);
  g_assert_cmpint (measure.status, ==, 2);
  assert_one_line (&measure, "--engine");
  g_auto (Run) threads = runet ("measure", "--threads", "1", studies, NULL);
  g_assert_cmpint (threads.status, ==, 0);
}

/* Whatever lies where the GPU's module is looked for: work goes on without it, and who insists is told why not. */
static void
test_unusable_module (void) {
  g_autofree char *text = g_build_filename (folder, "text.so", NULL);
  g_autofree char *words = g_strnfill (10000, 'x');
  g_assert_true (g_file_set_contents (text, words, -1, NULL));
  const char *const modules[][2] = {
      {"/nowhere/module.so", "/nowhere/module.so: cannot open"},
      {text, "text.so: invalid ELF header"},
      {folder, "cannot be opened"},
      {FOREIGN_MODULE, "expected a function runet_device_get_class, found none"},
      {OTHER_MODULE, "belongs to another build"},
      {SILENT_MODULE, "no GPU answers (the fan is too loud)"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++) {
    g_setenv (VARIABLE, modules[i][0], TRUE);
    g_auto (Run) by_itself = segment ("auto", "float32");
    g_assert_cmpstr (by_itself.err, ==, "");
    g_assert_cmpint (by_itself.status, ==, 0);
    g_autoptr (JsonObject) root = parse (by_itself.out);
    g_assert_cmpstr (json_object_get_string_member (root, "engine"), ==, "blas");
    g_assert_cmpstr (json_object_get_string_member (root, "precision"), ==, "float32");

    g_auto (Run) insisting = segment ("cudnn", "float32");
    g_assert_cmpint (insisting.status, ==, 1);
    g_assert_cmpstr (insisting.out, ==, "");
    assert_one_line (&insisting, modules[i][1]);

    g_auto (Run) list = runet ("info", "--engines", NULL);
    g_assert_cmpint (list.status, ==, 0);
    g_assert_nonnull (strstr (list.out, modules[i][1]));
    g_unsetenv (VARIABLE);
  }
}

/* A precision that is a GPU's is no reason to stop when the program chose the processor by itself. */
static void
test_precision_without_a_gpu (void) {
  g_setenv (VARIABLE, SILENT_MODULE, TRUE);
  g_auto (Run) run = segment ("auto", "float16");
  g_unsetenv (VARIABLE);
  g_assert_cmpint (run.status, ==, 0);
  assert_one_line (&run, "--precision: float16 is a GPU's; computing in float32 with "
                         "the engine blas");
}

/* FALSE where nothing stands in for a GPU here. */
static gboolean
take_stand_in (void) {
#ifdef STAND_IN_MODULE
  g_setenv (VARIABLE, STAND_IN_MODULE, TRUE);
  return TRUE;
#else
  g_test_skip ("The stand-in device was not built: it needs the headers of CUDA and "
               "cuDNN, and a C++ compiler");
  return FALSE;
#endif
}

/* A device that answers is taken by itself, and does what it is asked for. */
static void
test_stand_in (void) {
  static const char *const precisions[] = {"tf32", "float32", "float16", "bfloat16"};
  if (!take_stand_in ())
    return;
  g_auto (Run) list = runet ("info", "--engines", "--json", NULL);
  g_autoptr (JsonObject) engines = parse (list.out);
  JsonObject *gpu = find_engine (engines, "cudnn");
  g_assert_true (json_object_get_boolean_member (gpu, "available"));
  g_assert_true (json_object_get_boolean_member (gpu, "automatic"));
  for (guint i = 0; i < G_N_ELEMENTS (precisions); i++) {
    g_auto (Run) run = segment ("auto", precisions[i]);
    g_assert_cmpstr (run.err, ==, "");
    g_assert_cmpint (run.status, ==, 0);
    g_autoptr (JsonObject) root = parse (run.out);
    g_assert_cmpstr (json_object_get_string_member (root, "engine"), ==, "cudnn");
    g_assert_cmpstr (json_object_get_string_member (root, "precision"), ==,
                     precisions[i]);
  }
  g_auto (Run) processor = segment ("blas", "float32");
  g_autoptr (JsonObject) root = parse (processor.out);
  g_assert_cmpstr (json_object_get_string_member (root, "engine"), ==, "blas");
  g_unsetenv (VARIABLE);
}

/* Too little memory is no reason to stop, and is said, also to who asked for the GPU. */
static void
test_stand_in_memory (void) {
  if (!take_stand_in ())
    return;
  g_setenv ("RUNET_STAND_IN_MEMORY", "100000", TRUE);
  g_auto (Run) run = segment ("cudnn", "float16");
  g_unsetenv ("RUNET_STAND_IN_MEMORY");
  g_unsetenv (VARIABLE);
  g_assert_cmpint (run.status, ==, 0);
  assert_one_line (&run, "the engine blas works in place of cudnn");
  assert_one_line (&run, "chosen because the GPU's memory does not suffice");
  g_autoptr (JsonObject) root = parse (run.out);
  g_assert_cmpstr (json_object_get_string_member (root, "engine"), ==, "blas");
  g_assert_cmpstr (json_object_get_string_member (root, "precision"), ==, "float32");
}

/* A computer with the module and a driver, but no device. */
static void
test_stand_in_absent (void) {
  if (!take_stand_in ())
    return;
  g_setenv ("RUNET_STAND_IN_DEVICES", "0", TRUE);
  g_auto (Run) insisting = segment ("cudnn", "tf32");
  g_auto (Run) by_itself = segment ("auto", "float32");
  g_unsetenv ("RUNET_STAND_IN_DEVICES");
  g_unsetenv (VARIABLE);
  g_assert_cmpint (insisting.status, ==, 1);
  assert_one_line (&insisting, "no GPU answers");
  g_assert_cmpint (by_itself.status, ==, 0);
  g_assert_cmpstr (by_itself.err, ==, "");
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("runet-engine-XXXXXX", NULL);
  studies = g_build_filename (folder, "studies", NULL);
  model = g_build_filename (folder, "model.safetensors", NULL);
  image = g_build_filename (studies, "patient9001", "patient9001_4CH_ED.nii.gz", NULL);
  write_small_model (model, 64);
  g_auto (Run) phantom = runet ("phantom", studies, "--patients", "1", NULL);
  g_assert_cmpint (phantom.status, ==, 0);

  g_test_add_func ("/runet/engine/list", test_list);
  g_test_add_func ("/runet/engine/list/with-files", test_list_with_files);
  g_test_add_func ("/runet/engine/words", test_words);
  g_test_add_func ("/runet/engine/without", test_without);
  g_test_add_func ("/runet/engine/unusable-module", test_unusable_module);
  g_test_add_func ("/runet/engine/precision-without-a-gpu",
                   test_precision_without_a_gpu);
  g_test_add_func ("/runet/engine/stand-in", test_stand_in);
  g_test_add_func ("/runet/engine/stand-in/memory", test_stand_in_memory);
  g_test_add_func ("/runet/engine/stand-in/absent", test_stand_in_absent);
  int status = g_test_run ();

  remove_tree (folder);
  g_free (folder);
  g_free (studies);
  g_free (model);
  g_free (image);
  return status;
}
