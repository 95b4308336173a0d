/* Tests of the methods of a cross-validation, of its results as files, and of the tables made of them. */
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/models/architecture.h"
#include "core/training/crossval-tables.h"
#include "echo-fixture.h"

/* ---- Methods ---- */

static void
test_methods (void) {
  static const struct {
    const char *name;
    gsize parameters;
    guint stages, dilation;
    float shift;
    double last_weight;
  } expected[] = {
      {"unet1", 1976644, 1, 11, 0.5f, 1},
      {"shg", 4542816, 3, 11, 0.5f, 1},
      {"ru-net", 3953288, 2, 11, 0.5f, 1},
      {"ru-net-30", 3953288, 2, 30, 0.7f, 1},
      {"ru-net-inception", 3953291, 2, 11, 0.5f, 1},
      {"ru-net-weighted", 3953288, 2, 11, 0.5f, 2},
      {"ru-net-cascade", 7906576, 4, 11, 0.5f, 1},
      {"ru-net-pretrained", 3953288, 2, 11, 0.5f, 1},
      {"ru-net-light", 3027200, 2, 11, 0.5f, 1},
  };
  guint count;
  const RunetMethod *methods = runet_methods_list (&count);
  g_assert_cmpuint (count, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < count; i++) {
    RunetTrainingSettings settings;
    runet_training_settings_init (&settings, RUNET_ARCHITECTURE_RU_NET);
    runet_method_apply (&methods[i], &settings);
    const RunetHyperparameters *net = &settings.hyperparameters;
    g_autoptr (RunetGraph) graph = runet_architecture_build (net);
    g_assert_cmpstr (methods[i].name, ==, expected[i].name);
    g_assert_true (runet_method_find (expected[i].name) == &methods[i]);
    g_assert_cmpuint (runet_graph_count_parameters (graph), ==, expected[i].parameters);
    g_assert_cmpuint (net->stages, ==, expected[i].stages);
    g_assert_cmpuint (net->dilation, ==, expected[i].dilation);
    g_assert_cmpfloat (net->shift, ==, expected[i].shift);
    g_assert_cmpfloat (settings.stage_weights[0], ==, 1);
    g_assert_cmpfloat (settings.stage_weights[net->stages - 1], ==,
                       expected[i].last_weight);
  }
  g_assert_cmpstr (runet_method_find ("ru-net-pretrained")->init, ==, "unet1");
  g_assert_null (runet_method_find ("ru-net-"));
}

/* In proportion, of two as near the odd one, never nothing. */
static void
test_scale (void) {
  static const guint expected[][3] = {
      {11, 256, 11}, {30, 256, 30}, {11, 128, 5}, {30, 128, 15}, {5, 128, 3},
      {21, 128, 11}, {11, 64, 3},   {30, 64, 7},  {11, 32, 1},   {30, 32, 4},
      {5, 32, 1},    {11, 512, 22}, {1, 32, 1},   {16, 32, 2},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (runet_method_scale (expected[i][0], expected[i][1]), ==,
                      expected[i][2]);
  RunetTrainingSettings settings;
  runet_training_settings_init (&settings, RUNET_ARCHITECTURE_RU_NET);
  settings.hyperparameters.input_size = 128;
  runet_method_apply (runet_method_find ("ru-net-inception"), &settings);
  const guint dilations[] = {3, 5, 11};
  g_assert_cmpmem (settings.hyperparameters.dilations, sizeof dilations, dilations,
                   sizeof dilations);
  g_assert_cmpuint (settings.hyperparameters.input_size, ==, 128);
}

/* Counts and shares that the paper prints fit each other, of 2000 images. */
static void
test_paper (void) {
  guint count, found = 0;
  const RunetMethod *methods = runet_methods_list (&count);
  for (guint i = 0; i < count; i++)
    for (guint stage = 1; stage <= 4; stage++) {
      const RunetPaperRow *row = runet_paper_row_find (methods[i].name, stage);
      if (row == NULL || row->geometrical == 0)
        continue;
      found++;
      g_assert_cmpfloat_with_epsilon (row->geometrical / 20.0, row->geometrical_percent,
                                      0.5);
      g_assert_cmpfloat_with_epsilon (row->anatomical / 20.0, row->anatomical_percent,
                                      0.0501);
    }
  g_assert_cmpuint (found, ==, 5);
  const RunetPaperRow *row = runet_paper_row_find ("ru-net", 2);
  g_assert_cmpfloat (row->mad_mm[RUNET_STRUCTURE_ENDO][0], ==, 1.8);
  g_assert_cmpfloat (row->hd_mm[RUNET_STRUCTURE_ENDO][1], ==, 3.6);
  g_assert_cmpfloat (row->mad_mm[RUNET_STRUCTURE_EPI][0], ==, 1.9);
  g_assert_cmpfloat (row->hd_mm[RUNET_STRUCTURE_EPI][0], ==, 6.1);
  g_assert_null (runet_paper_row_find ("ru-net", 1));
}

/* ---- Results ---- */

static RunetCrossvalFigures
make_figures (double dice, double mad, double hd, gboolean outlier) {
  RunetCrossvalFigures figures = {.geometrical = outlier, .anatomical = FALSE};
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    figures.dice[s] = dice;
    figures.mad_mm[s] = s == RUNET_STRUCTURE_EPI ? 2 * mad : mad;
    figures.hd_mm[s] = hd;
  }
  const char *const reasons[] = {outlier ? "endo MAD 9.0 > 3.5" : NULL, NULL};
  figures.reasons = g_strdupv ((char **)reasons);
  return figures;
}

static void
add_image (RunetCrossvalResult *result,
           const char *name,
           RunetCrossvalFigures first,
           RunetCrossvalFigures second) {
  RunetCrossvalImage *image = g_new0 (RunetCrossvalImage, 1);
  image->name = g_strdup (name);
  image->stages = g_new (RunetCrossvalFigures, 2);
  image->stages[0] = first;
  image->stages[1] = second;
  g_ptr_array_add (result->images, image);
}

/* Without images. */
static RunetCrossvalResult *
make_result (const char *method, guint fold) {
  RunetCrossvalResult *result = runet_crossval_result_new ();
  result->method = g_strdup (method);
  result->fold = fold;
  result->folds = 4;
  runet_training_settings_init (&result->settings, RUNET_ARCHITECTURE_RU_NET);
  result->fold_hash = g_strdup ("abc");
  result->present[RUNET_FOLD_TESTING] = 2;
  result->absent[RUNET_FOLD_TRAINING] = 3;
  result->borrowed = 5;
  result->training_images = 40;
  result->validation_images = 8;
  result->skipped = 1;
  result->parameters = 3953288;
  result->epochs = 12;
  result->best_epoch = 7;
  result->validation_dice = 0.91;
  result->training_seconds = 1234.5;
  result->testing_seconds = 1.25;
  result->engine = g_strdup ("a very fast one");
  result->finished = g_strdup ("2026-11-30T12:00:00Z");
  result->model_hash = g_strdup ("def");
  result->stages = 2;
  return result;
}

static char *
write_result (const RunetCrossvalResult *result, const char *folder) {
  g_autoptr (GError) error = NULL;
  g_autofree char *place = g_build_filename (folder, result->method, NULL);
  g_autofree char *name = g_strdup_printf ("fold%u.json", result->fold);
  char *path = g_build_filename (place, name, NULL);
  g_mkdir_with_parents (place, 0777);
  g_assert_true (runet_crossval_result_write (result, path, &error));
  g_assert_no_error (error);
  return path;
}

static void
test_round_trip (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetCrossvalResult) result = make_result ("ru-net", 3);
  add_image (result, "patient0001_2CH_ED", make_figures (0.1 + 0.2, 1.0 / 3, 7, TRUE),
             make_figures (1, NAN, NAN, FALSE));
  g_autofree char *path = write_result (result, folder.path);
  g_autoptr (RunetCrossvalResult) back = runet_crossval_result_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->method, ==, "ru-net");
  g_assert_cmpuint (back->fold, ==, 3);
  g_assert_cmpuint (back->folds, ==, 4);
  g_assert_cmpuint (back->absent[RUNET_FOLD_TRAINING], ==, 3);
  g_assert_cmpuint (back->present[RUNET_FOLD_TESTING], ==, 2);
  g_assert_cmpuint (back->borrowed, ==, 5);
  g_assert_cmpuint (back->best_epoch, ==, 7);
  g_assert_cmpfloat (back->training_seconds, ==, 1234.5);
  g_assert_cmpstr (back->engine, ==, "a very fast one");
  g_assert_null (back->parent);
  g_assert_null (runet_crossval_settings_compare (&back->settings, &result->settings));
  const RunetCrossvalImage *image = back->images->pdata[0];
  g_assert_cmpstr (image->name, ==, "patient0001_2CH_ED");
  g_assert_cmpfloat (image->stages[0].dice[0], ==, 0.1 + 0.2);
  g_assert_cmpfloat (image->stages[0].mad_mm[0], ==, 1.0 / 3);
  g_assert_true (image->stages[0].geometrical);
  g_assert_cmpstr (image->stages[0].reasons[0], ==, "endo MAD 9.0 > 3.5");
  g_assert_true (isnan (image->stages[1].hd_mm[1]));
  g_assert_null (image->stages[1].reasons[0]);
}

/* Cut anywhere, or with one member of another kind, it is refused with its path, in one line. */
static void
test_damaged (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (RunetCrossvalResult) result = make_result ("ru-net", 1);
  add_image (result, "patient0001_2CH_ED", make_figures (1, 1, 1, TRUE),
             make_figures (1, 1, 1, FALSE));
  g_autofree char *path = write_result (result, folder.path);
  g_autofree char *text = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize cut = 0; cut + 1 < length; cut += 37) {
    g_autoptr (GError) error = NULL;
    g_assert_true (g_file_set_contents (path, text, (gssize)cut, NULL));
    g_assert_null (runet_crossval_result_read (path, &error));
    g_assert_nonnull (strstr (error->message, "fold1.json"));
  }
  static const char *const changes[][2] = {
      {"runet-crossval-1", "runet-crossval-9"},
      {"\"skipped\" : 1", "\"skipped\" : 1.5"},
      {"\"stages\" : 2", "\"stages\" : 3"},
      {"\"stages\" : 2", "\"stages\" : 100"},
      {"\"stages\" : 2", "\"stages\" : -1"},
      {"\"best_epoch\" : 7", "\"best_epoch\" : \"7\""},
      {"\"geometrical\" : true", "\"geometrical\" : 1"},
      {"\"mad_mm\" : 1", "\"mad_mm\" : -1"},
      {"\"mad_mm\" : 1", "\"mad\" : 1"},
      {"\"endo MAD 9.0 > 3.5\"", "7"},
      {"\"learning_rate\"", "\"learning_speed\""},
      {"\"images\" : [", "\"images\" : 3, \"others\" : ["},
      {"\"fold\" : 1", "\"fold\" : 1, \"fold\" : 2"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GError) error = NULL;
    const char *at = strstr (text, changes[i][0]);
    g_assert_nonnull (at);
    g_autofree char *changed = g_strdup_printf (
        "%.*s%s%s", (int)(at - text), text, changes[i][1], at + strlen (changes[i][0]));
    g_assert_true (g_file_set_contents (path, changed, -1, NULL));
    g_assert_null (runet_crossval_result_read (path, &error));
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, "fold1.json"));
    g_assert_null (strchr (error->message, '\n'));
  }
}

static void
test_compare (void) {
  RunetTrainingSettings a, b;
  runet_training_settings_init (&a, RUNET_ARCHITECTURE_RU_NET);
  b = a;
  g_assert_null (runet_crossval_settings_compare (&a, &b));
  b.epochs = 8;
  g_autofree char *epochs = runet_crossval_settings_compare (&a, &b);
  g_assert_cmpstr (epochs, ==, "epochs is 100 there and 8 here");
  b = a;
  b.hyperparameters.dilation = 12;
  g_autofree char *dilation = runet_crossval_settings_compare (&a, &b);
  g_assert_cmpstr (dilation, ==, "dilation is 11 there and 12 here");
}

/* ---- Tables ---- */

/* Two folds of four: three patients with an image or two. First output: MAD of endo 1, 3, 5, none, 7; mean 4, sd
 * sqrt ((9 + 1 + 1 + 9) / 3); HD twice 6 … */
static void
write_two_folds (const char *folder) {
  g_autoptr (RunetCrossvalResult) first = make_result ("ru-net", 1);
  add_image (first, "patient0001_2CH_ED", make_figures (0.5, 1, 6, TRUE),
             make_figures (0.9, 0.5, 3, FALSE));
  add_image (first, "patient0001_4CH_ED", make_figures (0.7, 3, 6, FALSE),
             make_figures (0.9, 1.5, 3, FALSE));
  add_image (first, "patient0002_4CH_ED", make_figures (0.9, 5, 8, TRUE),
             make_figures (0.9, 2.5, 5, TRUE));
  g_autoptr (RunetCrossvalResult) third = make_result ("ru-net", 3);
  add_image (third, "patient0003_2CH_ED", make_figures (0, NAN, NAN, TRUE),
             make_figures (0.9, 1, 3, FALSE));
  add_image (third, "patient0003_4CH_ED", make_figures (0.9, 7, 8, TRUE),
             make_figures (0.9, 3.5, 5, TRUE));
  g_free (write_result (first, folder));
  g_free (write_result (third, folder));
}

static void
test_tables (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  write_two_folds (folder.path);
  g_autoptr (GPtrArray) tables =
      runet_crossval_tables_read (folder.path, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpuint (tables->len, ==, 1);
  const RunetCrossvalTable *table = tables->pdata[0];
  g_assert_cmpstr (table->method->name, ==, "ru-net");
  g_assert_cmpuint (table->results->len, ==, 2);
  g_assert_cmpuint (table->folds, ==, 4);
  g_autofree char *missing = runet_crossval_table_list_missing (table);
  g_assert_cmpstr (missing, ==, "2, 4");

  const RunetCrossvalRow *row = &table->rows[0];
  g_assert_cmpuint (row->images, ==, 5);
  g_assert_cmpuint (row->mad_mm[RUNET_STRUCTURE_ENDO].count, ==, 4);
  g_assert_cmpfloat_with_epsilon (row->mad_mm[RUNET_STRUCTURE_ENDO].mean, 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (row->mad_mm[RUNET_STRUCTURE_ENDO].sd, sqrt (20.0 / 3),
                                  1e-12);
  g_assert_cmpfloat_with_epsilon (row->mad_mm[RUNET_STRUCTURE_EPI].mean, 8, 1e-12);
  g_assert_cmpfloat_with_epsilon (row->hd_mm[RUNET_STRUCTURE_ENDO].mean, 7, 1e-12);
  g_assert_cmpfloat_with_epsilon (row->hd_mm[RUNET_STRUCTURE_ENDO].sd, sqrt (4.0 / 3),
                                  1e-12);
  g_assert_cmpfloat_with_epsilon (row->dice[RUNET_STRUCTURE_ENDO].mean, 0.6, 1e-12);
  g_assert_cmpuint (row->geometrical, ==, 4);
  g_assert_cmpuint (row->anatomical, ==, 0);
  g_assert_cmpfloat_with_epsilon (table->rows[1].mad_mm[RUNET_STRUCTURE_ENDO].mean, 1.8,
                                  1e-12);
  g_assert_cmpuint (table->rows[1].geometrical, ==, 2);

  /* Of three patients whose means all fall, 2 → 1, 5 → 2.5, 7 → 3.5: two of the eight signs are as far out. The image
   * that lacks the structure in one output is in neither mean. */
  g_assert_cmpuint (table->refinement[RUNET_STRUCTURE_ENDO].count, ==, 3);
  g_assert_cmpfloat (table->refinement[RUNET_STRUCTURE_ENDO].minus, ==, 6);
  g_assert_cmpfloat_with_epsilon (table->refinement[RUNET_STRUCTURE_ENDO].p, 0.25,
                                  1e-12);
}

/* What does not belong is left out with a line, the rest is told. */
static void
test_problems (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  write_two_folds (folder.path);
  g_autoptr (RunetCrossvalResult) other = make_result ("ru-net", 2);
  other->settings.epochs = 3;
  g_free (write_result (other, folder.path));
  g_autoptr (RunetCrossvalResult) lost = make_result ("shg", 1);
  g_autofree char *from = write_result (lost, folder.path);
  g_autofree char *to = g_build_filename (folder.path, "ru-net", "fold4.json", NULL);
  g_assert_cmpint (g_rename (from, to), ==, 0);
  g_autoptr (RunetCrossvalResult) moved = make_result ("ru-net", 7);
  g_autofree char *right = write_result (moved, folder.path);
  g_autofree char *wrong = g_build_filename (folder.path, "ru-net", "fold6.json", NULL);
  g_assert_cmpint (g_rename (right, wrong), ==, 0);
  g_autofree char *broken =
      g_build_filename (folder.path, "ru-net", "fold5.json", NULL);
  g_assert_true (g_file_set_contents (broken, "{", -1, NULL));
  g_autofree char *foreign =
      g_build_filename (folder.path, "ru-net", "notes.json", NULL);
  g_assert_true (g_file_set_contents (foreign, "?", -1, NULL));

  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (GPtrArray) tables =
      runet_crossval_tables_read (folder.path, &problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tables->len, ==, 1);
  g_assert_cmpuint (((RunetCrossvalTable *)tables->pdata[0])->results->len, ==, 2);
  g_assert_cmpuint (problems->len, ==, 4);
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (all, "%s\n", (char *)problems->pdata[i]);
  g_test_message ("%s", all->str);
  g_assert_nonnull (strstr (all->str, "epochs is 3 there and 100 here"));
  g_assert_nonnull (strstr (all->str, "found shg"));
  g_assert_nonnull (strstr (all->str, "fold5.json"));
  g_assert_nonnull (
      strstr (all->str,
              "fold6.json: expected a result of ru-net, fold 6, found ru-net, fold 7"));
}

static void
test_nothing (void) {
  g_auto (Folder) folder = folder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = NULL;
  g_assert_null (runet_crossval_tables_read (folder.path, &problems, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISSING);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/methods/settings", test_methods);
  g_test_add_func ("/training/methods/scale", test_scale);
  g_test_add_func ("/training/methods/paper", test_paper);
  g_test_add_func ("/training/crossval-result/round-trip", test_round_trip);
  g_test_add_func ("/training/crossval-result/damaged", test_damaged);
  g_test_add_func ("/training/crossval-result/settings", test_compare);
  g_test_add_func ("/training/crossval-tables/figures", test_tables);
  g_test_add_func ("/training/crossval-tables/problems", test_problems);
  g_test_add_func ("/training/crossval-tables/nothing", test_nothing);
  return g_test_run ();
}
