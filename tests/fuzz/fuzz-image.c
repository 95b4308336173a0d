/* Fuzz target of the image readers: any bytes under any ending may fail, but only with an error.
 *
 * With libFuzzer: clang -DRUNET_LIBFUZZER -fsanitize=fuzzer,address and the sources of core/base
 * and core/echo. Without it this program drives itself: `fuzz-image FILE...` reads those files,
 * `fuzz-image --rounds N` reads N mutations of small good files of every format, by a fixed seed. */
#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/echo/image.h"
#include "core/echo/label-map.h"

static const char *const endings[] = {"mhd", "mha", "nii", "nii.gz", "png"};

/* Of the input under its five names. */
static char *folder;

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length);

/* What is read is of the size that it says, and what fails says why in one line. */
static void
read_both (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_true ((image != NULL) == (error == NULL));
  if (image != NULL) {
    double sum = 0;
    const RunetGrid *grid = image->grid;
    for (gsize i = 0; i < grid->frames * grid->height * grid->width; i++)
      sum += (double)image->pixels[i];
    g_assert_true (sum == sum);
  } else
    g_assert_null (strchr (error->message, '\n'));
  g_clear_error (&error);
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, &error);
  g_assert_true ((map != NULL) == (error == NULL));
  g_assert_true (map == NULL || image != NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length) {
  if (folder == NULL)
    folder = g_dir_make_tmp ("runet-fuzz-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = g_strdup_printf ("%s/input.%s", folder, endings[i]);
    FILE *file = g_fopen (path, "wb");
    g_assert_nonnull (file);
    g_assert_cmpuint (fwrite (bytes, 1, length, file), ==, length);
    fclose (file);
    read_both (path);
    g_remove (path);
  }
  return 0;
}

#ifndef RUNET_LIBFUZZER

#define SIDE 5

/* A good file of 5 × 5 × @frames. */
static GBytes *
make_seed (const char *place, const char *ending, RunetPixelType type, gsize frames) {
  g_autofree char *path = g_strdup_printf ("%s/seed.%s", place, ending);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (SIDE, SIDE, frames, 0.3, 0.2, RUNET_FORMAT_PNG, type);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, NULL);
  for (gsize i = 0; i < SIDE * SIDE * frames; i++)
    map->labels[i] = (guint8)(i % 4);
  g_assert_true (runet_label_map_write (map, path, NULL));
  char *bytes;
  gsize length;
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  return g_bytes_new_take (bytes, length);
}

/* A few bytes changed, and at times the end cut off. */
static GByteArray *
mutate (GBytes *seed, GRand *random) {
  static const guint8 edges[] = {0, 1, 0x7f, 0x80, 0xff, '\n', '=', '9', ' '};
  gsize length;
  const guint8 *bytes = g_bytes_get_data (seed, &length);
  GByteArray *mutant = g_byte_array_new ();
  g_byte_array_append (mutant, bytes, (guint)length);
  int changes = g_rand_int_range (random, 1, 5);
  for (int i = 0; i < changes; i++) {
    guint place = (guint)g_rand_int_range (random, 0, (gint32)mutant->len);
    mutant->data[place] =
        g_rand_boolean (random)
            ? edges[g_rand_int_range (random, 0, G_N_ELEMENTS (edges))]
            : (guint8)g_rand_int_range (random, 0, 256);
  }
  if (g_rand_int_range (random, 0, 4) == 0)
    g_byte_array_set_size (mutant,
                           (guint)g_rand_int_range (random, 0, (gint32)mutant->len));
  return mutant;
}

static void
run_rounds (int rounds) {
  g_autoptr (GRand) random = g_rand_new_with_seed (20190930);
  g_autofree char *place = g_dir_make_tmp ("runet-seeds-XXXXXX", NULL);
  g_autoptr (GPtrArray) seeds =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    for (gsize frames = 1; frames <= 2; frames++)
      if (frames == 1 || strcmp (endings[i], "png") != 0)
        g_ptr_array_add (
            seeds,
            make_seed (place, endings[i],
                       frames == 1 ? RUNET_PIXEL_UINT8 : RUNET_PIXEL_FLOAT32, frames));
  for (int i = 0; i < rounds; i++) {
    g_autoptr (GByteArray) mutant =
        mutate (seeds->pdata[(guint)i % seeds->len], random);
    LLVMFuzzerTestOneInput (mutant->data, mutant->len);
  }
  const char *const left[] = {"seed.mhd", "seed.raw",    "seed.mha",
                              "seed.nii", "seed.nii.gz", "seed.png"};
  for (gsize i = 0; i < G_N_ELEMENTS (left); i++) {
    g_autofree char *path = g_build_filename (place, left[i], NULL);
    g_remove (path);
  }
  g_rmdir (place);
}

int
main (int argc, char *argv[]) {
  if (argc == 3 && strcmp (argv[1], "--rounds") == 0) {
    run_rounds (atoi (argv[2]));
    g_rmdir (folder);
    return 0;
  }
  for (int i = 1; i < argc; i++) {
    g_autofree char *bytes = NULL;
    gsize length;
    if (g_file_get_contents (argv[i], &bytes, &length, NULL))
      LLVMFuzzerTestOneInput ((const uint8_t *)bytes, length);
    else
      return 1;
  }
  if (folder != NULL)
    g_rmdir (folder);
  return 0;
}

#endif
