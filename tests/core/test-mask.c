/* Masks against naive loops: components by spreading labels until nothing changes, holes as what
 * such a spread from outside does not reach, and the clean-up by what it promises. */
#include "core/shape/mask.h"

#include <string.h>

typedef struct {
  const char *name;
  gsize width, height;
  double density;
} Field;

static const Field fields[] = {
    {"sparse", 31, 23, 0.2},      {"half", 40, 37, 0.5},   {"dense", 25, 44, 0.8},
    {"percolating", 64, 64, 0.6}, {"one-row", 50, 1, 0.6}, {"one-column", 1, 50, 0.6},
    {"single-pixel", 1, 1, 1.0},  {"empty", 9, 7, 0.0},    {"full", 9, 7, 1.0},
};

static guint8 *
random_mask (GRand *random, const Field *field) {
  gsize pixels = field->width * field->height;
  guint8 *mask = g_new (guint8, pixels);
  for (gsize i = 0; i < pixels; i++)
    mask[i] = g_rand_double (random) < field->density;
  return mask;
}

/* Value at (x, y), or @outside. */
static guint8
get (const guint8 *mask, gsize w, gsize h, gssize x, gssize y, guint8 outside) {
  if (x < 0 || y < 0 || x >= (gssize)w || y >= (gssize)h)
    return outside;
  return mask[y * (gssize)w + x];
}

/* The smallest label of a pixel and its neighbours of the same value. */
static guint32
spread (const guint8 *mask,
        const guint32 *label,
        gsize w,
        gsize h,
        gsize i,
        gboolean diagonal) {
  gssize x = (gssize)(i % w), y = (gssize)(i / w);
  guint32 smallest = label[i];
  for (gssize v = y - 1; v <= y + 1; v++)
    for (gssize u = x - 1; u <= x + 1; u++)
      if (get (mask, w, h, u, v, 2) == mask[i] && (diagonal || u == x || v == y))
        smallest = MIN (smallest, label[v * (gssize)w + u]);
  return smallest;
}

static guint
naive_components (const guint8 *mask,
                  gsize w,
                  gsize h,
                  guint8 value,
                  gboolean diagonal,
                  guint32 *label) {
  for (gsize i = 0; i < w * h; i++)
    label[i] = mask[i] == value ? (guint32)i + 1 : 0;
  for (gboolean changed = TRUE; changed;) {
    changed = FALSE;
    for (gsize i = 0; i < w * h; i++) {
      if (label[i] == 0)
        continue;
      guint32 smallest = spread (mask, label, w, h, i, diagonal);
      changed |= smallest != label[i];
      label[i] = smallest;
    }
  }
  guint count = 0;
  g_autofree guint32 *number = g_new0 (guint32, w * h + 1);
  for (gsize i = 0; i < w * h; i++)
    if (label[i] == i + 1)
      number[i + 1] = ++count;
  for (gsize i = 0; i < w * h; i++)
    label[i] = number[label[i]];
  return count;
}

static void
test_components (gconstpointer data) {
  const Field *field = data;
  gsize w = field->width, h = field->height;
  g_autoptr (GRand) random = g_rand_new_with_seed (21);
  g_autofree guint8 *mask = random_mask (random, field);
  g_autofree guint32 *expected = g_new (guint32, w * h);
  g_autofree guint32 *found = g_new (guint32, w * h);
  for (guint8 value = 0; value < 2; value++)
    for (int diagonal = 0; diagonal < 2; diagonal++) {
      guint count = naive_components (mask, w, h, value, diagonal, expected);
      g_assert_cmpuint (
          runet_mask_components (mask, w, h, value,
                                 diagonal ? RUNET_CONNECTIVITY_8 : RUNET_CONNECTIVITY_4,
                                 found),
          ==, count);
      g_assert_cmpmem (found, w * h * sizeof *found, expected,
                       w * h * sizeof *expected);
    }
}

static void
test_keep_largest (gconstpointer data) {
  const Field *field = data;
  gsize w = field->width, h = field->height;
  g_autoptr (GRand) random = g_rand_new_with_seed (22);
  g_autofree guint8 *mask = random_mask (random, field);
  g_autofree guint32 *label = g_new (guint32, w * h);
  guint count = naive_components (mask, w, h, 1, FALSE, label);
  g_autofree gsize *area = g_new0 (gsize, count + 1);
  gsize largest = 0;
  for (gsize i = 0; i < w * h; i++)
    area[label[i]]++;
  for (gsize i = 1; i <= count; i++)
    if (largest == 0 || area[i] > area[largest])
      largest = i;
  g_assert_cmpuint (runet_mask_keep_largest (mask, w, h), ==, count);
  for (gsize i = 0; i < w * h; i++)
    g_assert_cmpuint (mask[i], ==, count > 0 && label[i] == largest);
}

static void
test_fill_holes (gconstpointer data) {
  const Field *field = data;
  gsize w = field->width, h = field->height, pw = w + 2, ph = h + 2;
  g_autoptr (GRand) random = g_rand_new_with_seed (23);
  g_autofree guint8 *mask = random_mask (random, field);
  /* With a ring of background around, the outside is the component of the first pixel. */
  g_autofree guint8 *padded = g_new0 (guint8, pw * ph);
  g_autofree guint32 *label = g_new (guint32, pw * ph);
  g_autofree guint8 *filled = g_memdup2 (mask, w * h);
  for (gsize y = 0; y < h; y++)
    memcpy (padded + (y + 1) * pw + 1, mask + y * w, w);
  guint count = naive_components (padded, pw, ph, 0, FALSE, label);
  g_assert_cmpuint (runet_mask_fill_holes (filled, w, h), ==, count - 1);
  for (gsize i = 0; i < w * h; i++) {
    guint32 l = label[(i / w + 1) * pw + i % w + 1];
    g_assert_cmpuint (filled[i], ==, l != 1);
  }
}

static void
test_border (gconstpointer data) {
  const Field *field = data;
  gsize w = field->width, h = field->height;
  g_autoptr (GRand) random = g_rand_new_with_seed (24);
  g_autofree guint8 *mask = random_mask (random, field);
  g_autofree guint8 *border = g_new (guint8, w * h);
  runet_mask_border (mask, w, h, border);
  RunetBounds expected = {w, h, 0, 0}, found;
  for (gsize i = 0; i < w * h; i++) {
    gssize x = (gssize)(i % w), y = (gssize)(i / w);
    gboolean eroded = get (mask, w, h, x - 1, y, 0) && get (mask, w, h, x + 1, y, 0) &&
                      get (mask, w, h, x, y - 1, 0) && get (mask, w, h, x, y + 1, 0);
    g_assert_cmpuint (border[i], ==, mask[i] && !eroded);
    if (!mask[i])
      continue;
    expected.x0 = MIN (expected.x0, (gsize)x);
    expected.y0 = MIN (expected.y0, (gsize)y);
    expected.x1 = MAX (expected.x1, (gsize)x + 1);
    expected.y1 = MAX (expected.y1, (gsize)y + 1);
  }
  g_assert_cmpint (runet_mask_bounds (mask, w, h, &found), ==, expected.x1 > 0);
  if (expected.x1 == 0)
    return;
  g_assert_cmpmem (&found, sizeof found, &expected, sizeof expected);
  gsize cw = found.x1 - found.x0, ch = found.y1 - found.y0;
  g_autofree guint8 *crop = g_new (guint8, cw * ch);
  runet_mask_crop (mask, w, found, crop);
  for (gsize i = 0; i < cw * ch; i++)
    g_assert_cmpuint (crop[i], ==, mask[(found.y0 + i / cw) * w + found.x0 + i % cw]);
}

static void
test_erode (gconstpointer data) {
  const Field *field = data;
  gsize w = field->width, h = field->height;
  g_autoptr (GRand) random = g_rand_new_with_seed (25);
  g_autofree guint8 *mask = random_mask (random, field);
  g_autofree guint8 *eroded = g_memdup2 (mask, w * h);
  runet_mask_erode (eroded, w, h);
  gsize area = 0;
  for (gsize i = 0; i < w * h; i++) {
    gssize x = (gssize)(i % w), y = (gssize)(i / w);
    gboolean expected = TRUE;
    for (gssize v = y - 1; v <= y + 1; v++)
      for (gssize u = x - 1; u <= x + 1; u++)
        expected = expected && get (mask, w, h, u, v, 0);
    g_assert_cmpuint (eroded[i], ==, expected);
    area += mask[i];
  }
  g_assert_cmpuint (runet_mask_area (mask, w * h), ==, area);
}

/* More pixels than a sum of 16 bits can count. */
static void
test_large_area (void) {
  const gsize pixels = 200001;
  g_autofree guint8 *mask = g_malloc (pixels);
  memset (mask, 1, pixels);
  g_assert_cmpuint (runet_mask_area (mask, pixels), ==, pixels);
}

static void
test_structures (void) {
  const guint8 labels[6] = {0, 1, 2, 3, 1, 2};
  const guint8 expected[RUNET_STRUCTURES][6] = {
      {0, 1, 0, 0, 1, 0}, {0, 1, 1, 0, 1, 1}, {0, 0, 0, 1, 0, 0}};
  const gsize area[RUNET_STRUCTURES] = {2, 4, 1};
  for (guint i = 0; i < RUNET_STRUCTURES; i++) {
    guint8 mask[6];
    gsize found = runet_mask_from_labels (labels, 3, 2, (RunetStructure)i, mask);
    g_assert_cmpuint (found, ==, area[i]);
    g_assert_cmpmem (mask, 6, expected[i], 6);
  }
  g_assert_cmpstr (runet_structure_to_string (RUNET_STRUCTURE_LA), ==, "la");
}

static void
test_dice (void) {
  const guint8 a[6] = {0, 1, 2, 3, 1, 2}, b[6] = {1, 1, 2, 0, 2, 0}, none[6] = {0};
  g_assert_cmpfloat (runet_labels_dice (a, b, 3, 2, RUNET_STRUCTURE_ENDO), ==, 0.5);
  g_assert_cmpfloat (runet_labels_dice (a, b, 3, 2, RUNET_STRUCTURE_EPI), ==, 0.75);
  g_assert_cmpfloat (runet_labels_dice (a, b, 3, 2, RUNET_STRUCTURE_LA), ==, 0.0);
  g_assert_cmpfloat (runet_labels_dice (a, a, 3, 2, RUNET_STRUCTURE_LA), ==, 1.0);
  g_assert_cmpfloat (runet_mask_dice (none, none, 6), ==, 1.0);
}

/* The middle of an L is on the L, not at the centroid beside it. */
static void
test_middle (void) {
  const guint32 component[20] = {1, 0, 0, 0, 0, /**/ 1, 0, 0, 0, 2,
                                 1, 0, 0, 0, 0, /**/ 1, 1, 1, 1, 1};
  double x, y;
  runet_mask_component_middle (component, 5, 4, 1, &x, &y);
  g_assert_cmpuint (component[(gsize)y * 5 + (gsize)x], ==, 1);
  g_assert_cmpfloat (y, ==, 3.5);
  g_assert_cmpfloat (x, ==, 1.5);
  runet_mask_component_middle (component, 5, 4, 2, &x, &y);
  g_assert_cmpfloat (x, ==, 4.5);
  g_assert_cmpfloat (y, ==, 1.5);
  runet_mask_component_middle (component, 5, 4, 0, &x, &y);
  g_assert_true (x != x && y != y);
}

/* A heart with a stray piece and a hole of everything. */
static void
test_clean (void) {
  static const char *const before[] = {
      "............", ".2222222..1.", ".2111112....", ".2121112.22.", ".2111012.22.",
      ".2111112....", "..33333.....", "..33.33..3..", "..33333.....", "............",
  };
  static const char *const after[] = {
      "............", ".2222222....", ".2111112....", ".2111112....", ".2111112....",
      ".2111112....", "..33333.....", "..33333.....", "..33333.....", "............",
  };
  guint8 labels[120], expected[120];
  for (gsize i = 0; i < 120; i++) {
    char a = before[i / 12][i % 12], b = after[i / 12][i % 12];
    labels[i] = a == '.' ? 0 : (guint8)(a - '0');
    expected[i] = b == '.' ? 0 : (guint8)(b - '0');
  }
  runet_labels_clean (labels, 12, 10);
  g_assert_cmpmem (labels, 120, expected, 120);
}

/* On noise too: no holes, and cleaning twice changes nothing. */
static void
test_clean_noise (void) {
  const gsize w = 41, h = 37;
  g_autoptr (GRand) random = g_rand_new_with_seed (25);
  g_autofree guint8 *labels = g_new (guint8, w * h);
  g_autofree guint8 *mask = g_new (guint8, w * h);
  for (int round = 0; round < 20; round++) {
    for (gsize i = 0; i < w * h; i++)
      labels[i] = (guint8)g_rand_int_range (random, 0, RUNET_LABELS);
    runet_labels_clean (labels, w, h);
    for (guint s = 0; s < RUNET_STRUCTURES; s++) {
      runet_mask_from_labels (labels, w, h, (RunetStructure)s, mask);
      if (s == RUNET_STRUCTURE_ENDO) {
        g_assert_cmpuint (runet_mask_fill_holes (mask, w, h), ==, 0);
        g_assert_cmpuint (runet_mask_keep_largest (mask, w, h), ==, 1);
      }
    }
    g_autofree guint8 *again = g_memdup2 (labels, w * h);
    runet_labels_clean (again, w, h);
    g_assert_cmpmem (again, w * h, labels, w * h);
  }
  memset (labels, 0, w * h);
  runet_labels_clean (labels, w, h);
  for (gsize i = 0; i < w * h; i++)
    g_assert_cmpuint (labels[i], ==, 0);
}

int
main (int argc, char *argv[]) {
  static const struct {
    const char *name;
    GTestDataFunc func;
  } tests[] = {
      {"components", test_components}, {"keep-largest", test_keep_largest},
      {"fill-holes", test_fill_holes}, {"border", test_border},
      {"erode", test_erode},
  };
  g_test_init (&argc, &argv, NULL);
  for (gsize t = 0; t < G_N_ELEMENTS (tests); t++)
    for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
      g_autofree char *path =
          g_strdup_printf ("/mask/%s/%s", tests[t].name, fields[i].name);
      g_test_add_data_func (path, &fields[i], tests[t].func);
    }
  g_test_add_func ("/mask/large-area", test_large_area);
  g_test_add_func ("/mask/structures", test_structures);
  g_test_add_func ("/mask/dice", test_dice);
  g_test_add_func ("/mask/middle", test_middle);
  g_test_add_func ("/mask/clean/heart", test_clean);
  g_test_add_func ("/mask/clean/noise", test_clean_noise);
  return g_test_run ();
}
