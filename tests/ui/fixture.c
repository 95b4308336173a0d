/* Studies and a model small enough for a test, whose results are known. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/models/model.h"
#include "tests/remove-tree.h"

/* Grey values by label, far enough apart for the lines below. */
static const float greys[RUNET_LABELS] = {0, 230, 153, 77};
/* The largest of slope × grey/255 + bias is the label whose grey it is. */
static const float slopes[RUNET_LABELS] = {0, 120, 60, 20};
static const float biases[RUNET_LABELS] = {0, -69, -21, -3};

char *
fixture_folder (void) {
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("runet-ui-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

void
fixture_remove (char *folder) {
  remove_tree (folder);
  g_free (folder);
}

static gboolean
inside (double x, double y, double cx, double cy, double rx, double ry) {
  double dx = (x - cx) / rx, dy = (y - cy) / ry;
  return dx * dx + dy * dy <= 1;
}

static RunetLabel
label_at (FixtureKind kind, double x, double y) {
  if (inside (x, y, 64, 132, 20, 14))
    return RUNET_LABEL_LA;
  if (!inside (x, y, 64, 60, 30, 46))
    return RUNET_LABEL_BACKGROUND;
  gboolean cavity = inside (x, y, 64, 60, 21, 36);
  if (kind == FIXTURE_DENTED)
    cavity = cavity && !inside (x, y, 84, 60, 26, 30);
  return cavity ? RUNET_LABEL_LV : RUNET_LABEL_MYOCARDIUM;
}

void
fixture_draw (FixtureKind kind, guint8 *labels) {
  for (int y = 0; y < FIXTURE_HEIGHT; y++)
    for (int x = 0; x < FIXTURE_WIDTH; x++)
      labels[y * FIXTURE_WIDTH + x] = (guint8)label_at (kind, x + 0.5, y + 0.5);
}

static RunetGrid *
make_grid (gsize frames) {
  RunetGrid *grid =
      runet_grid_new (FIXTURE_WIDTH, FIXTURE_HEIGHT, frames, FIXTURE_SPACING_MM,
                      FIXTURE_SPACING_MM, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  grid->has_time_axis = frames > 1;
  return grid;
}

static void
write_image (const char *path, FixtureKind kind, gsize frames) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid = make_grid (frames);
  g_autoptr (RunetImage) image = runet_image_new (grid, &error);
  g_assert_no_error (error);
  const gsize count = FIXTURE_WIDTH * FIXTURE_HEIGHT;
  g_autofree guint8 *labels = g_malloc (count);
  fixture_draw (kind, labels);
  for (gsize i = 0; i < count * frames; i++)
    image->pixels[i] = greys[labels[i % count]];
  g_assert_true (runet_image_write (image, path, &error));
  g_assert_no_error (error);
}

static void
write_mask (const char *path, FixtureKind kind) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid = make_grid (1);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, &error);
  g_assert_no_error (error);
  fixture_draw (kind, map->labels);
  if (kind == FIXTURE_SHIFTED) {
    const gsize shift = (gsize)(10 / FIXTURE_SPACING_MM);
    for (gsize y = 0; y < FIXTURE_HEIGHT; y++) {
      guint8 *row = map->labels + y * FIXTURE_WIDTH;
      memmove (row + shift, row, FIXTURE_WIDTH - shift);
      memset (row, 0, shift);
    }
  }
  g_assert_true (runet_label_map_write (map, path, &error));
  g_assert_no_error (error);
}

static char *
file_name (const char *folder, const char *id, const char *what) {
  g_autofree char *name = g_strdup_printf ("%s_4CH_%s.nii.gz", id, what);
  return g_build_filename (folder, id, name, NULL);
}

static void
write_cfg (const char *folder, const char *id) {
  g_autofree char *path = g_build_filename (folder, id, "Info_4CH.cfg", NULL);
  g_autofree char *text =
      g_strdup_printf ("ED: 1\nES: %d\nNbFrame: %d\nSex: F\nAge: 61\nImageQuality: "
                       "Good\nEF: 55\nFrameRate: 52.5\n",
                       FIXTURE_FRAMES, FIXTURE_FRAMES);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

void
fixture_write_patient (const char *folder,
                       const char *id,
                       FixtureKind kind,
                       gboolean sequence) {
  g_autofree char *path = g_build_filename (folder, id, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    const char *instant = runet_instant_to_string (i);
    g_autofree char *masked = g_strconcat (instant, "_gt", NULL);
    g_autofree char *image = file_name (folder, id, instant);
    g_autofree char *mask = file_name (folder, id, masked);
    write_image (image, kind, 1);
    write_mask (mask, kind);
    if (kind == FIXTURE_BROKEN && i == RUNET_INSTANT_ED)
      g_assert_true (g_file_set_contents (image, "no image", -1, NULL));
  }
  g_autofree char *film = file_name (folder, id, "half_sequence");
  if (sequence)
    write_image (film, kind, FIXTURE_FRAMES);
  write_cfg (folder, id);
}

void
fixture_coarsen_sequence (const char *folder, const char *id) {
  g_autofree char *path = file_name (folder, id, "half_sequence");
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetImage) fine = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (RunetGrid) grid = runet_grid_new (
      FIXTURE_WIDTH / 2, FIXTURE_HEIGHT / 2, FIXTURE_FRAMES, 2 * FIXTURE_SPACING_MM,
      2 * FIXTURE_SPACING_MM, fine->grid->format, fine->grid->type);
  grid->has_time_axis = TRUE;
  g_autoptr (RunetImage) coarse = runet_image_new (grid, &error);
  g_assert_no_error (error);
  for (gsize y = 0; y < grid->height * FIXTURE_FRAMES; y++)
    for (gsize x = 0; x < grid->width; x++)
      coarse->pixels[y * grid->width + x] =
          fine->pixels[2 * y * fine->grid->width + 2 * x];
  g_assert_true (runet_image_write (coarse, path, &error));
  g_assert_no_error (error);
}

/* Sets weight (@out, @in) of the named convolution, at the middle of its kernel. */
static void
set_weight (RunetModel *model,
            guint stage,
            const char *layer,
            gsize out,
            gsize in,
            float value) {
  g_autofree char *name = g_strdup_printf ("stage%u.%s.weight", stage, layer);
  for (guint i = 0; i < model->graph->parameters->len; i++) {
    const RunetParameter *parameter =
        &g_array_index (model->graph->parameters, RunetParameter, i);
    if (!g_str_equal (parameter->name, name))
      continue;
    gsize taps = parameter->shape[2] * parameter->shape[3];
    model->parameters[i][(out * parameter->shape[1] + in) * taps + taps / 2] = value;
    return;
  }
  g_assert_not_reached ();
}

static void
set_biases (RunetModel *model, guint stage) {
  g_autofree char *name = g_strdup_printf ("stage%u.head.bias", stage);
  for (guint i = 0; i < model->graph->parameters->len; i++)
    if (g_str_equal (g_array_index (model->graph->parameters, RunetParameter, i).name,
                     name))
      memcpy (model->parameters[i], biases, sizeof biases);
}

void
fixture_write_model (const char *path) {
  RunetHyperparameters hyperparameters;
  runet_hyperparameters_init (&hyperparameters, RUNET_ARCHITECTURE_RU_NET);
  hyperparameters.input_size = 128;
  for (guint i = 0; i < RUNET_LEVELS; i++)
    hyperparameters.down[i] = 2;
  for (guint i = 0; i < RUNET_LEVELS - 1; i++)
    hyperparameters.up[i] = 2;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (RunetModel) model = runet_model_new (&hyperparameters, random);
  for (guint i = 0; i < model->graph->parameters->len; i++)
    memset (model->parameters[i], 0,
            g_array_index (model->graph->parameters, RunetParameter, i).count *
                sizeof (float));
  for (guint stage = 1; stage <= 2; stage++) {
    /* The grey value goes round the bottleneck, by the first skip, to the head. */
    set_weight (model, stage, "down1.conv1", 0, 0, 1);
    set_weight (model, stage, "down1.conv2", 0, 0, 1);
    set_weight (model, stage, "up5.conv1", 0, hyperparameters.up[3], 1);
    set_weight (model, stage, "up5.conv2", 0, 0, 1);
    for (gsize label = 0; label < RUNET_LABELS; label++)
      set_weight (model, stage, "head", label, 0, slopes[label]);
    set_biases (model, stage);
  }
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_model_write (model, path, RUNET_DTYPE_F32, &error));
  g_assert_no_error (error);
}

/* A region with room around the structures: 1 within some pixels of any, 0 elsewhere. */
static void
draw_region (const guint8 *labels, float *region) {
  const int room = 5;
  for (int y = 0; y < FIXTURE_HEIGHT; y++)
    for (int x = 0; x < FIXTURE_WIDTH; x++) {
      gboolean near = FALSE;
      for (int v = MAX (0, y - room); v <= MIN (FIXTURE_HEIGHT - 1, y + room); v++)
        for (int u = MAX (0, x - room); u <= MIN (FIXTURE_WIDTH - 1, x + room); u++)
          near |= labels[v * FIXTURE_WIDTH + u] != 0;
      region[y * FIXTURE_WIDTH + x] = near ? 1 : 0;
    }
}

RunetSegmentation *
fixture_segmentation (const guint8 *labels) {
  const gsize count = FIXTURE_WIDTH * FIXTURE_HEIGHT;
  RunetSegmentation *found = g_new0 (RunetSegmentation, 1);
  g_atomic_ref_count_init (&found->references);
  found->stages = 2;
  found->classes = RUNET_LABELS;
  found->labels = g_new0 (RunetLabelMap *, 2);
  found->regions = g_new0 (float *, 2);
  found->probabilities = g_new0 (float *, 2);
  found->regions[0] = g_new (float, count);
  g_autoptr (RunetGrid) grid = make_grid (1);
  for (guint k = 0; k < 2; k++) {
    found->labels[k] = runet_label_map_new (grid, NULL);
    memcpy (found->labels[k]->labels, labels, count);
  }
  draw_region (labels, found->regions[0]);
  return found;
}

static gboolean
over_cb (gpointer over) {
  *(gboolean *)over = TRUE;
  return G_SOURCE_REMOVE;
}

void
fixture_wait_ms (guint milliseconds) {
  gboolean over = FALSE;
  g_timeout_add (milliseconds, over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}
