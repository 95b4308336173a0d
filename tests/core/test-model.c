/* Model files: what is written is read, what is wrong is refused by the name of the tensor; copying
 * weights between architectures. */
#include "core/models/model-patients.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"

typedef struct {
  char *folder, *path;
} Place;

static void
set_up (Place *place, gconstpointer data) {
  place->folder = g_dir_make_tmp ("runet-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "model.safetensors", NULL);
}

static void
tear_down (Place *place, gconstpointer data) {
  g_unlink (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->path);
}

/* With few channels; @seed: different weights. */
static RunetModel *
make_model (RunetArchitecture architecture, guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, architecture);
  for (guint i = 0; i < RUNET_LEVELS; i++)
    hyperparameters.down[i] = 2 + i;
  for (guint i = 0; i < RUNET_LEVELS - 1; i++)
    hyperparameters.up[i] = 7 - i;
  return runet_model_new (&hyperparameters, random);
}

static const RunetParameter *
get_parameter (const RunetModel *model, guint index) {
  return &g_array_index (model->graph->parameters, RunetParameter, index);
}

static float *
find_values (const RunetModel *model, const char *name) {
  for (guint i = 0; i < model->graph->parameters->len; i++)
    if (g_str_equal (get_parameter (model, i)->name, name))
      return model->parameters[i];
  g_error ("no parameter %s", name);
}

static void
check_same (const RunetModel *a, const RunetModel *b, double tolerance) {
  g_assert_cmpuint (a->graph->parameters->len, ==, b->graph->parameters->len);
  for (guint i = 0; i < a->graph->parameters->len; i++) {
    g_assert_cmpstr (get_parameter (a, i)->name, ==, get_parameter (b, i)->name);
    for (gsize j = 0; j < get_parameter (a, i)->count; j++)
      g_assert_cmpfloat (
          fabs ((double)a->parameters[i][j] - (double)b->parameters[i][j]), <=,
          tolerance);
  }
}

static void
write_model (RunetModel *model, const Place *place, RunetDtype dtype) {
  g_autoptr (GError) error = NULL;
  runet_model_write (model, place->path, dtype, &error);
  g_assert_no_error (error);
}

static void
test_round_trip (Place *place, gconstpointer data) {
  for (RunetArchitecture i = 0; i < RUNET_ARCHITECTURES; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetModel) model = make_model (i, 1);
    model->hyperparameters.dilation = 30;
    model->hyperparameters.shift = 0.7f;
    model->hyperparameters.slope = 1.0f / 3;
    runet_model_set_metadata (model, "trained_on", "phantoms");
    write_model (model, place, RUNET_DTYPE_F32);
    g_autoptr (RunetModel) read = runet_model_read (place->path, &error);
    g_assert_no_error (error);
    check_same (model, read, 0);
    const RunetHyperparameters *found = &read->hyperparameters;
    g_assert_cmpint (found->architecture, ==, i);
    g_assert_cmpuint (found->stages, ==, model->hyperparameters.stages);
    g_assert_cmpuint (found->input_size, ==, 256);
    g_assert_cmpuint (found->classes, ==, 4);
    g_assert_cmpuint (found->dilation, ==, 30);
    g_assert_cmpuint (found->dilations[2], ==, 21);
    g_assert_cmpfloat (found->shift, ==, 0.7f);
    g_assert_cmpfloat (found->slope, ==, 1.0f / 3);
    g_assert_cmpfloat (found->shift2, ==, 0.01f);
    g_assert_cmpuint (found->up[4], ==, 3);
    g_assert_cmpstr (runet_model_get_metadata (read, "trained_on"), ==, "phantoms");
    g_assert_null (runet_model_get_metadata (read, "stages"));
    g_assert_cmpstr (read->path, ==, place->path);
  }
}

static void
test_float16 (Place *place, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_RU_NET, 1);
  write_model (model, place, RUNET_DTYPE_F16);
  g_autoptr (RunetModel) read = runet_model_read (place->path, &error);
  g_assert_no_error (error);
  check_same (model, read, 0x1p-11);

  find_values (model, "stage2.up3.conv1.bias")[2] = 70000;
  g_assert_false (runet_model_write (model, place->path, RUNET_DTYPE_F16, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "stage2.up3.conv1.bias"));
  /* The file of before is still there. */
  g_autoptr (RunetModel) again = runet_model_read (place->path, NULL);
  check_same (again, read, 0);
}

static void
test_hash (Place *place, gconstpointer data) {
  g_autofree char *content = NULL;
  gsize size;
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_assert_null (model->hash);
  write_model (model, place, RUNET_DTYPE_F32);
  g_assert_true (g_file_get_contents (place->path, &content, &size, NULL));
  g_autofree char *expected =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)content, size);
  g_assert_cmpstr (model->hash, ==, expected);
  g_autoptr (RunetModel) read = runet_model_read (place->path, NULL);
  g_assert_cmpstr (read->hash, ==, expected);
  /* The same model is the same file. */
  write_model (read, place, RUNET_DTYPE_F32);
  g_assert_cmpstr (read->hash, ==, expected);
}

/* A comma as decimal point is for people, not for files. */
static void
test_locale (Place *place, gconstpointer data) {
  const char *names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "nb_NO.UTF-8"};
  gboolean found = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names) && !found; i++)
    found = setlocale (LC_NUMERIC, names[i]) != NULL;
  if (!found) {
    g_test_skip ("no locale with a decimal comma is installed");
    return;
  }
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_RU_NET, 1);
  write_model (model, place, RUNET_DTYPE_F32);
  setlocale (LC_NUMERIC, "C");
  g_autoptr (RunetModel) read = runet_model_read (place->path, NULL);
  g_assert_nonnull (read);
  g_assert_cmpfloat (read->hyperparameters.shift2, ==, 0.01f);
}

/* Writes the file of a small RU-Net after @change. */
typedef void (*Change) (RunetSafetensors *file);

static void
spoil (const Place *place, Change change) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_RU_NET, 1);
  write_model (model, place, RUNET_DTYPE_F32);
  g_autoptr (RunetSafetensors) file = runet_safetensors_read (place->path, &error);
  g_assert_no_error (error);
  change (file);
  runet_safetensors_write (file, place->path, &error);
  g_assert_no_error (error);
}

static void
set (RunetSafetensors *file, const char *key, const char *value) {
  g_hash_table_insert (file->metadata, g_strdup (key), g_strdup (value));
}

static void
take_tensor (RunetSafetensors *file) {
  g_ptr_array_remove_index (file->tensors, 5);
}

static void
change_shape (RunetSafetensors *file) {
  RunetSafetensor *tensor = file->tensors->pdata[2];
  const gsize first = tensor->shape[0];
  tensor->shape[0] = tensor->shape[2];
  tensor->shape[2] = first;
}

static const float not_a_number[] = {0, (float)NAN};

static void
put_nan (RunetSafetensors *file) {
  RunetSafetensor *tensor = file->tensors->pdata[1];
  g_assert_cmpuint (tensor->count, ==, 2);
  tensor->data = not_a_number;
}

static const gint64 integers[] = {1, 2};

static void
put_integers (RunetSafetensors *file) {
  RunetSafetensor *tensor = file->tensors->pdata[1];
  tensor->dtype = RUNET_DTYPE_I64;
  tensor->data = integers;
}

static void
say_unet1 (RunetSafetensors *file) {
  set (file, "architecture", "unet1");
  set (file, "stages", "1");
}

static void
say_shg (RunetSafetensors *file) {
  set (file, "architecture", "shg");
  set (file, "stages", "3");
}

static void
say_unknown (RunetSafetensors *file) {
  set (file, "architecture", "transformer");
}

static void
say_other_format (RunetSafetensors *file) {
  set (file, "format", "runet-model-2");
}

static void
say_nothing (RunetSafetensors *file) {
  g_hash_table_remove_all (file->metadata);
}

static void
say_no_shift (RunetSafetensors *file) {
  g_hash_table_remove (file->metadata, "shift");
}

static void
say_comma (RunetSafetensors *file) {
  set (file, "shift", "0,7");
}

static void
say_nan (RunetSafetensors *file) {
  set (file, "slope", "nan");
}

static void
say_huge (RunetSafetensors *file) {
  set (file, "stages", "16");
  set (file, "down", "4096,4096,4096,4096,4096,4096");
}

static void
say_too_huge (RunetSafetensors *file) {
  set (file, "down", "18446744073709551615,2,2,2,2,2");
}

static const struct {
  const char *name;
  Change change;
  const char *message;
  int code;
} bad_files[] = {
    {"missing-tensor", take_tensor, "tensor stage1.down2.conv1.bias",
     RUNET_ERROR_MISMATCH},
    {"shape", change_shape, "tensor stage1.down1.conv2.weight", RUNET_ERROR_MISMATCH},
    {"nan", put_nan, "tensor stage1.down1.conv1.bias", RUNET_ERROR_FORMAT},
    {"integers", put_integers, "tensor stage1.down1.conv1.bias", RUNET_ERROR_FORMAT},
    {"other-architecture", say_unet1, "tensor stage2.", RUNET_ERROR_MISMATCH},
    {"more-stages", say_shg, "tensor stage2.down1.conv1.weight", RUNET_ERROR_MISMATCH},
    {"unknown-architecture", say_unknown, "transformer", RUNET_ERROR_UNSUPPORTED},
    {"other-format", say_other_format, "runet-model-2", RUNET_ERROR_UNSUPPORTED},
    {"no-metadata", say_nothing, "format", RUNET_ERROR_UNSUPPORTED},
    {"no-shift", say_no_shift, "metadata shift", RUNET_ERROR_FORMAT},
    {"decimal-comma", say_comma, "metadata shift", RUNET_ERROR_FORMAT},
    {"not-a-number", say_nan, "ru-net", RUNET_ERROR_UNSUPPORTED},
    {"lying-widths", say_huge, "tensor stage1.down1.conv1.weight",
     RUNET_ERROR_MISMATCH},
    {"overflowing-widths", say_too_huge, "metadata down", RUNET_ERROR_FORMAT},
};

static void
test_bad_file (Place *place, gconstpointer data) {
  const gsize index = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  spoil (place, bad_files[index].change);
  g_assert_null (runet_model_read (place->path, &error));
  g_assert_error (error, RUNET_ERROR, bad_files[index].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, bad_files[index].message));
  g_assert_true (g_str_has_prefix (error->message, place->path));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_write_fails (Place *place, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = g_build_filename (place->folder, "no", "model", NULL);
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_assert_false (runet_model_write (model, nowhere, RUNET_DTYPE_F32, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_assert_null (model->path);
  g_assert_null (model->hash);
}

/* Uniform within Glorot's limit and nearly up to it; biases zero; one seed, one model. */
static void
test_initial_weights (void) {
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, RUNET_ARCHITECTURE_RU_NET_INCEPTION);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GRand) same = g_rand_new_with_seed (1);
  g_autoptr (RunetModel) model = runet_model_new (&hyperparameters, random);
  g_autoptr (RunetModel) twin = runet_model_new (&hyperparameters, same);
  check_same (model, twin, 0);

  const float *weights = find_values (model, "stage2.down3.conv2.weight");
  const double limit = sqrt (6.0 / ((64 + 64) * 9));
  double largest = 0, sum = 0, squares = 0;
  for (gsize i = 0; i < 64 * 64 * 9; i++) {
    const double weight = (double)weights[i];
    largest = MAX (largest, fabs (weight));
    sum += weight;
    squares += weight * weight;
  }
  g_assert_cmpfloat (largest, <=, limit);
  g_assert_cmpfloat (largest, >, 0.999 * limit);
  g_assert_cmpfloat (fabs (sum / (64 * 64 * 9)), <, 0.02 * limit);
  g_assert_cmpfloat_with_epsilon (squares / (64 * 64 * 9), limit * limit / 3,
                                  0.02 * limit * limit);
  for (guint i = 0; i < 64; i++)
    g_assert_cmpfloat (find_values (model, "stage2.down3.conv2.bias")[i], ==, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (find_values (model, "stage1.mix.weight")[i], ==, 0);
}

static gboolean
has_same_value (const RunetModel *model,
                const RunetModel *from,
                const char *name,
                const char *source) {
  return find_values (model, name)[0] == find_values (from, source)[0];
}

/* U-Net 1 pre-trains the first stage, or every one; three stages take two in turn. */
static void
test_copy_weights (void) {
  const char *first = "stage1.head.weight", *second = "stage2.head.weight";
  g_autoptr (RunetModel) unet = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_autoptr (RunetModel) net = make_model (RUNET_ARCHITECTURE_RU_NET, 2);
  g_autoptr (RunetModel) cascade = make_model (RUNET_ARCHITECTURE_RU_NET_CASCADE, 3);
  const guint tensors = unet->graph->parameters->len;

  g_assert_cmpuint (runet_model_copy_weights (net, unet, FALSE, NULL), ==, tensors);
  g_assert_true (has_same_value (net, unet, first, first));
  g_assert_false (has_same_value (net, unet, second, first));
  g_assert_cmpuint (runet_model_copy_weights (net, unet, TRUE, NULL), ==, 2 * tensors);
  g_assert_true (has_same_value (net, unet, second, first));

  find_values (net, second)[0] = 7;
  g_assert_cmpuint (runet_model_copy_weights (cascade, net, TRUE, NULL), ==,
                    4 * tensors);
  g_assert_true (has_same_value (cascade, net, "stage3.head.weight", first));
  g_assert_true (has_same_value (cascade, net, "stage4.head.weight", second));

  /* SHG's later stages see five channels: all but one tensor of each fit. */
  g_autoptr (RunetModel) shg = make_model (RUNET_ARCHITECTURE_SHG, 4);
  g_assert_cmpuint (runet_model_copy_weights (shg, unet, TRUE, NULL), ==,
                    3 * tensors - 2);
}

static void
test_copy_nothing (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, RUNET_ARCHITECTURE_UNET1);
  hyperparameters.classes = 5;
  g_autoptr (RunetModel) wide = runet_model_new (&hyperparameters, random);
  g_autoptr (RunetModel) narrow = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_assert_cmpuint (runet_model_copy_weights (narrow, wide, TRUE, &error), ==, 0);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
}

static void
test_references (void) {
  RunetModel *model = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_assert_true (runet_model_ref (model) == model);
  runet_model_unref (model);
  runet_model_set_metadata (model, "created", "now");
  runet_model_set_metadata (model, "created", "later");
  g_assert_cmpstr (runet_model_get_metadata (model, "created"), ==, "later");
  g_assert_null (runet_model_get_metadata (model, "parent"));
  runet_model_unref (model);
}

/* Other hyper-parameters reach the graph; the weights are the same values in blocks of their own. */
static void
test_refinement (void) {
  static const RunetArchitecture refining[] = {
      RUNET_ARCHITECTURE_RU_NET, RUNET_ARCHITECTURE_RU_NET_LIGHT,
      RUNET_ARCHITECTURE_RU_NET_CASCADE, RUNET_ARCHITECTURE_RU_NET_INCEPTION};
  const RunetRefinement wanted = {30, 0.7f, 50};
  for (guint k = 0; k < G_N_ELEMENTS (refining); k++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetModel) model = make_model (refining[k], 3);
    g_assert_true (runet_model_has_refinement (model));
    g_assert_cmpuint (runet_model_get_refinement (model).dilation, ==, 11);
    g_autoptr (RunetModel) other = runet_model_with_refinement (model, &wanted, &error);
    g_assert_no_error (error);
    check_same (model, other, 0);
    g_assert_true (other->parameters[0] != model->parameters[0]);
    g_assert_cmpfloat (runet_model_get_refinement (other).shift, ==, 0.7f);
    guint boxes = 0, firsts = 0;
    for (guint i = 0; i < other->graph->nodes->len; i++) {
      const RunetNode *node = &g_array_index (other->graph->nodes, RunetNode, i);
      boxes += node->op == RUNET_OP_BOX && node->size == 30;
      firsts += node->op == RUNET_OP_SIGMOID && node->shift == 0.7f;
      if (node->op == RUNET_OP_SIGMOID)
        g_assert_cmpfloat (node->slope, ==, 50);
    }
    guint regions = other->graph->regions->len;
    g_assert_cmpuint (firsts, ==, regions);
    g_assert_cmpuint (boxes, ==,
                      refining[k] == RUNET_ARCHITECTURE_RU_NET_INCEPTION ? 0 : regions);
    g_assert_null (other->path);
    g_assert_null (other->hash);
    const RunetRefinement bad = {0, 0.5f, 100};
    g_assert_false (runet_model_set_refinement (other, &bad, NULL));
    g_assert_cmpuint (runet_model_get_refinement (other).dilation, ==, 30);
    const RunetRefinement narrow = {5, 0.4f, 80};
    g_assert_true (runet_model_set_refinement (other, &narrow, NULL));
    g_assert_cmpuint (other->hyperparameters.dilation, ==, 5);
    for (guint i = 0; i < other->graph->nodes->len; i++) {
      const RunetNode *node = &g_array_index (other->graph->nodes, RunetNode, i);
      g_assert_false (node->op == RUNET_OP_BOX && node->size == 30);
      g_assert_false (node->op == RUNET_OP_SIGMOID && node->slope != 80);
    }
    /* The model itself is as it was. */
    g_assert_cmpuint (runet_model_get_refinement (model).dilation, ==, 11);
  }
}

static void
test_no_refinement (void) {
  const RunetRefinement good = {11, 0.5f, 100};
  const RunetRefinement bad[] = {
      {0, 0.5f, 100}, {11, NAN, 100}, {11, 0.5f, 0}, {G_MAXUINT, 0.5f, 100}};
  static const RunetArchitecture without[] = {RUNET_ARCHITECTURE_UNET1,
                                              RUNET_ARCHITECTURE_SHG};
  for (guint k = 0; k < G_N_ELEMENTS (without); k++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (RunetModel) model = make_model (without[k], 1);
    g_assert_false (runet_model_has_refinement (model));
    g_assert_null (runet_model_with_refinement (model, &good, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
    g_assert_nonnull (
        strstr (error->message, runet_architecture_to_string (without[k])));
  }
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_RU_NET, 1);
  for (guint k = 0; k < G_N_ELEMENTS (bad); k++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (runet_model_with_refinement (model, &bad[k], &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
  }
}

static GPtrArray *
list_ids (const char *first, const char *second) {
  GPtrArray *ids = g_ptr_array_new ();
  g_ptr_array_add (ids, (char *)first);
  g_ptr_array_add (ids, (char *)second);
  return ids;
}

/* Names go in, none comes out; who both taught and judged it taught it. */
static void
test_patients (Place *place, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) taught = list_ids ("patient0001", "patient0002");
  g_autoptr (GPtrArray) judged = list_ids ("patient0002", "patient0003");
  g_autoptr (RunetModel) model = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_assert_null (runet_model_get_seen (model));
  runet_model_record_patients (model, taught, judged);
  g_assert_true (runet_model_write (model, place->path, RUNET_DTYPE_F16, &error));
  g_assert_no_error (error);

  g_autoptr (RunetModel) read = runet_model_read (place->path, &error);
  g_assert_no_error (error);
  for (gsize i = 0; runet_model_patients_keys[i] != NULL; i++)
    g_assert_null (strstr (
        runet_model_get_metadata (read, runet_model_patients_keys[i]), "patient"));
  g_autoptr (GHashTable) seen = runet_model_get_seen (read);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 3);
  g_assert_cmpint (runet_seen_find (seen, "patient0001"), ==, RUNET_SEEN_IN_TRAINING);
  g_assert_cmpint (runet_seen_find (seen, "patient0002"), ==, RUNET_SEEN_IN_TRAINING);
  g_assert_cmpint (runet_seen_find (seen, "patient0003"), ==, RUNET_SEEN_IN_VALIDATION);
  g_assert_cmpint (runet_seen_find (seen, "patient0004"), ==, RUNET_SEEN_NEVER);
}

/* What a model began with counts too; where that is not known, nothing is claimed. */
static void
test_patients_of_parent (void) {
  g_autoptr (GPtrArray) first = list_ids ("a", "b");
  g_autoptr (GPtrArray) second = list_ids ("b", "c");
  g_autoptr (RunetModel) parent = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  g_autoptr (RunetModel) silent = make_model (RUNET_ARCHITECTURE_UNET1, 1);
  runet_model_set_metadata (silent, "parent", "0123");
  runet_model_inherit_patients (silent, parent);
  runet_model_record_patients (silent, second, NULL);
  g_assert_null (runet_model_get_seen (silent));

  runet_model_record_patients (parent, first, NULL);
  g_autoptr (RunetModel) tuned = make_model (RUNET_ARCHITECTURE_UNET1, 2);
  runet_model_set_metadata (tuned, "parent", "0123");
  runet_model_inherit_patients (tuned, parent);
  runet_model_record_patients (tuned, second, NULL);
  g_autoptr (GHashTable) seen = runet_model_get_seen (tuned);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 3);
  g_assert_cmpint (runet_seen_find (seen, "a"), ==, RUNET_SEEN_IN_TRAINING);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/models/model/round-trip", Place, NULL, set_up, test_round_trip,
              tear_down);
  g_test_add ("/models/model/float16", Place, NULL, set_up, test_float16, tear_down);
  g_test_add ("/models/model/hash", Place, NULL, set_up, test_hash, tear_down);
  g_test_add ("/models/model/locale", Place, NULL, set_up, test_locale, tear_down);
  g_test_add ("/models/model/write-fails", Place, NULL, set_up, test_write_fails,
              tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_files); i++) {
    g_autofree char *path = g_strdup_printf ("/models/model/bad/%s", bad_files[i].name);
    g_test_add (path, Place, GSIZE_TO_POINTER (i), set_up, test_bad_file, tear_down);
  }
  g_test_add_func ("/models/model/initial-weights", test_initial_weights);
  g_test_add_func ("/models/model/copy-weights", test_copy_weights);
  g_test_add_func ("/models/model/copy-nothing", test_copy_nothing);
  g_test_add_func ("/models/model/references", test_references);
  g_test_add ("/models/model/patients", Place, NULL, set_up, test_patients, tear_down);
  g_test_add_func ("/models/model/patients/parent", test_patients_of_parent);
  g_test_add_func ("/models/model/refinement", test_refinement);
  g_test_add_func ("/models/model/no-refinement", test_no_refinement);
  return g_test_run ();
}
