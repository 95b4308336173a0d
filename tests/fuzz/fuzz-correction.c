/* Fuzz target of the corrections that a record holds: any bytes may fail, but only with an error of one line; what is
 * taken can be drawn, edited and written again.
 *
 * With libFuzzer: clang -DRUNET_LIBFUZZER -fsanitize=fuzzer,address and the sources of core/base, core/echo, core/shape
 * and core/editing. Without it this program drives itself: `fuzz-correction FILE...` reads those files,
 * `fuzz-correction --rounds N` reads N mutations of small good ones, by a fixed seed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/editing/editor.h"

/* What is larger is not drawn: a lie about the size that the labels bear out costs time alone. */
#define DRAWN_MAX 100000

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length);

static void
use (RunetCorrection *correction) {
  const gsize count = correction->grid->width * correction->grid->height;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = runet_correction_serialise (correction);
  g_autoptr (RunetCorrection) back = runet_correction_parse (json, &error);
  g_assert_no_error (error);
  g_assert_true (runet_correction_equal (correction, back));
  if (count > DRAWN_MAX)
    return;
  g_autofree guint8 *labels = g_malloc (count);
  runet_correction_draw (correction, labels);
  for (gsize i = 0; i < count; i++)
    g_assert_cmpuint (labels[i], <, RUNET_LABELS);
  runet_correction_weigh (correction, 2, labels);
  g_autoptr (RunetEditor) editor = runet_editor_new (correction);
  if (runet_editor_walk (editor, 1))
    runet_editor_nudge (editor, 1, 1, RUNET_EDIT_COUPLED);
  const RunetPoint at = {5, 5};
  if (runet_editor_press (editor, at, 10, RUNET_EDIT_PLAIN))
    runet_editor_release (editor, (RunetPoint){8, 9}, RUNET_EDIT_PLAIN);
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t length) {
  g_autoptr (GBytes) json = g_bytes_new (bytes, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetCorrection) correction = runet_correction_parse (json, &error);
  g_assert_true ((correction != NULL) == (error == NULL));
  if (correction != NULL)
    use (correction);
  else
    g_assert_null (strchr (error->message, '\n'));
  g_clear_error (&error);
  g_autoptr (GPtrArray) frames = runet_corrected_frames_parse (json, &error);
  g_assert_true ((frames != NULL) == (error == NULL));
  for (guint i = 0; frames != NULL && i < frames->len; i++)
    use (((RunetCorrectedFrame *)frames->pdata[i])->correction);
  return 0;
}

#ifndef RUNET_LIBFUZZER

#define SIDE 24

/* A ring in a ring over a square, with marks; painted: with a painted map. */
static RunetCorrection *
make_seed (gboolean painted) {
  guint8 labels[SIDE * SIDE] = {0};
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      const int dx = x - 12, dy = y - 9, square = dx * dx + dy * dy;
      if (y >= 13)
        labels[y * SIDE + x] = abs (dx) < 4 && y < 21 ? RUNET_LABEL_LA : 0;
      else
        labels[y * SIDE + x] = square < 22   ? RUNET_LABEL_LV
                               : square < 64 ? RUNET_LABEL_MYOCARDIUM
                                             : RUNET_LABEL_BACKGROUND;
    }
  g_autoptr (RunetGrid) grid =
      runet_grid_new (SIDE, SIDE, 1, 1.5, 2, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  RunetCorrection *correction = runet_correction_new (grid, labels);
  const RunetUncertainStretch stretch = {RUNET_STRUCTURE_ENDO, 0.25, 0.5};
  g_array_append_val (correction->uncertain, stretch);
  correction->source[RUNET_STRUCTURE_ENDO] = RUNET_SOURCE_SPLINE;
  if (painted) {
    correction->source[RUNET_STRUCTURE_LA] = RUNET_SOURCE_PAINTED;
    correction->painted = g_bytes_new (labels, sizeof labels);
  }
  return correction;
}

static GBytes *
make_frames (RunetCorrection *correction) {
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  g_ptr_array_add (frames, runet_corrected_frame_new (0, 0, FALSE, correction));
  g_ptr_array_add (frames, runet_corrected_frame_new (-1, 5, TRUE, correction));
  return runet_corrected_frames_serialise (frames);
}

/* A few bytes changed, a piece moved elsewhere, and at times the end cut off. */
static GByteArray *
mutate (GBytes *seed, GRand *random) {
  static const char edges[] = "0123456789-+.eE\"{}[],:\\ntfu\xff";
  gsize length;
  const guint8 *bytes = g_bytes_get_data (seed, &length);
  GByteArray *mutant = g_byte_array_new ();
  g_byte_array_append (mutant, bytes, (guint)length);
  const int changes = g_rand_int_range (random, 1, 4);
  for (int i = 0; i < changes; i++) {
    const guint place = (guint)g_rand_int_range (random, 0, (gint32)mutant->len);
    mutant->data[place] =
        (guint8)edges[g_rand_int_range (random, 0, (gint32)sizeof edges)];
  }
  if (g_rand_int_range (random, 0, 3) == 0) {
    const guint piece = MIN (mutant->len, (guint)g_rand_int_range (random, 1, 40));
    const guint from =
        (guint)g_rand_int_range (random, 0, (gint32)(mutant->len - piece + 1));
    const guint to =
        (guint)g_rand_int_range (random, 0, (gint32)(mutant->len - piece + 1));
    memmove (mutant->data + to, mutant->data + from, piece);
  }
  if (g_rand_int_range (random, 0, 8) == 0)
    g_byte_array_set_size (mutant,
                           (guint)g_rand_int_range (random, 0, (gint32)mutant->len));
  return mutant;
}

static void
run_rounds (int rounds) {
  g_autoptr (GRand) random = g_rand_new_with_seed (20190930);
  g_autoptr (GPtrArray) seeds =
      g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (int painted = 0; painted < 2; painted++) {
    g_autoptr (RunetCorrection) correction = make_seed (painted);
    g_ptr_array_add (seeds, runet_correction_serialise (correction));
    g_ptr_array_add (seeds, make_frames (correction));
  }
  for (int i = 0; i < rounds; i++) {
    g_autoptr (GByteArray) mutant =
        mutate (seeds->pdata[(guint)i % seeds->len], random);
    LLVMFuzzerTestOneInput (mutant->data, mutant->len);
  }
}

int
main (int argc, char *argv[]) {
  if (argc == 3 && strcmp (argv[1], "--rounds") == 0) {
    run_rounds (atoi (argv[2]));
    return 0;
  }
  for (int i = 1; i < argc; i++) {
    g_autofree char *bytes = NULL;
    gsize length;
    if (!g_file_get_contents (argv[i], &bytes, &length, NULL))
      return 1;
    LLVMFuzzerTestOneInput ((const uint8_t *)bytes, length);
  }
  return 0;
}

#endif
