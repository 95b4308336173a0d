/* Results as bytes and back: nothing is lost, and no bytes make the program fall. */
#include "core/segmentation/frame-result-store.h"

#include <math.h>
#include <zlib.h>

#include "core/base/error.h"
#include "result-fixture.h"

static void
assert_same (double a, double b) {
  g_assert_true (a == b || (isnan (a) && isnan (b)));
}

static void
assert_reasons_equal (const GArray *a, const GArray *b) {
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    const RunetReason *x = &g_array_index (a, RunetReason, i);
    const RunetReason *y = &g_array_index (b, RunetReason, i);
    g_assert_cmpint (x->kind, ==, y->kind);
    g_assert_cmpint (x->severity, ==, y->severity);
    g_assert_cmpint (x->structure, ==, y->structure);
    assert_same (x->value, y->value);
    assert_same (x->limit, y->limit);
    assert_same (x->x, y->x);
    assert_same (x->y, y->y);
  }
}

static void
assert_comparisons_equal (const RunetComparison *a, const RunetComparison *b) {
  g_assert_true ((a != NULL) == (b != NULL));
  if (a == NULL)
    return;
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    assert_same (a->agreement[s].dice, b->agreement[s].dice);
    assert_same (a->agreement[s].mad_mm, b->agreement[s].mad_mm);
    assert_same (a->agreement[s].hd_mm, b->agreement[s].hd_mm);
    assert_same (a->agreement[s].hd_x, b->agreement[s].hd_x);
    assert_same (a->agreement[s].hd_y, b->agreement[s].hd_y);
  }
  assert_reasons_equal (a->reasons, b->reasons);
  g_assert_cmpint (a->outlier, ==, b->outlier);
}

static void
assert_discs_equal (const RunetDiscs *a, const RunetDiscs *b) {
  g_assert_cmpint (a->state, ==, b->state);
  assert_same (a->area_mm2, b->area_mm2);
  if (a->state != RUNET_DISCS_FOUND)
    return;
  assert_same (a->length_mm, b->length_mm);
  assert_same (a->apex.x, b->apex.x);
  assert_same (a->base.y, b->base.y);
  assert_same (a->annulus[1].x, b->annulus[1].x);
  for (guint k = 0; k < RUNET_DISCS; k++) {
    assert_same (a->diameter_mm[k], b->diameter_mm[k]);
    for (int e = 0; e < 2; e++) {
      assert_same (a->ends[k][e].x, b->ends[k][e].x);
      assert_same (a->ends[k][e].y, b->ends[k][e].y);
    }
  }
}

static void
assert_stages_equal (const RunetFrameResult *a, const RunetFrameResult *b, int stage) {
  const gsize count = RESULT_WIDTH * RESULT_HEIGHT;
  g_autoptr (RunetLabelMap) map_a = runet_frame_result_unpack_labels (a, stage);
  g_autoptr (RunetLabelMap) map_b = runet_frame_result_unpack_labels (b, stage);
  g_assert_true ((map_a != NULL) == (map_b != NULL));
  if (map_a == NULL)
    return;
  g_assert_cmpmem (map_a->labels, count, map_b->labels, count);
  const RunetAnatomy *x = a->stage[stage].anatomy, *y = b->stage[stage].anatomy;
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    assert_same (x->area_mm2[s], y->area_mm2[s]);
    assert_same (x->regularity[s].convexity, y->regularity[s].convexity);
    assert_same (x->regularity[s].simplicity, y->regularity[s].simplicity);
  }
  assert_reasons_equal (x->reasons, y->reasons);
  g_assert_cmpint (x->outlier, ==, y->outlier);
  assert_comparisons_equal (a->stage[stage].comparison, b->stage[stage].comparison);
  assert_discs_equal (&a->stage[stage].discs, &b->stage[stage].discs);
}

static void
test_round_trip (void) {
  for (guint stages = 1; stages <= 2; stages++)
    for (int masked = 0; masked < 2; masked++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (RunetFrameResult) before = result_new (stages, 14, masked);
      g_autoptr (GBytes) bytes = runet_frame_result_store (before);
      g_autoptr (RunetFrameResult) after = runet_frame_result_restore (bytes, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (after->stages, ==, stages);
      g_assert_true (runet_grid_equal (after->grid, before->grid));
      g_assert_cmpint (after->grid->format, ==, RUNET_FORMAT_NIFTI_GZ);
      assert_same (after->disagreement, before->disagreement);
      assert_same (after->uncertainty, before->uncertainty);
      for (int i = 0; i < RUNET_SHOWN_STAGES; i++)
        assert_stages_equal (before, after, i);
      const gsize size = RESULT_WIDTH * RESULT_HEIGHT * sizeof (float);
      g_autofree float *region_a = runet_frame_result_unpack_region (before);
      g_autofree float *region_b = runet_frame_result_unpack_region (after);
      g_assert_cmpint (region_b != NULL, ==, stages > 1);
      if (stages > 1)
        g_assert_cmpmem (region_a, size, region_b, size);
    }
}

/* The dent must be an outlier and differ from stage 1, else the round trip shows little. */
static void
test_fixture (void) {
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  g_assert_cmpfloat (result->disagreement, >, 0.01);
  g_assert_cmpfloat (result->uncertainty, >, 0.1);
  g_assert_nonnull (result->stage[RUNET_SHOWN_LAST].comparison);
}

/* A header as its file had it comes back, so that what is exported lies where the image does. */
static void
test_header (void) {
  guint8 bytes[348];
  for (guint i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)i;
  g_autoptr (RunetFrameResult) before = result_new (1, 0, FALSE);
  before->grid->header = g_bytes_new (bytes, sizeof bytes);
  before->grid->spacing_x_mm = NAN;
  g_autoptr (GBytes) stored = runet_frame_result_store (before);
  g_autoptr (RunetFrameResult) after = runet_frame_result_restore (stored, NULL);
  g_assert_cmpmem (g_bytes_get_data (after->grid->header, NULL), 348, bytes, 348);
  g_assert_true (isnan (after->grid->spacing_x_mm));

  g_bytes_unref (before->grid->header);
  before->grid->header = g_bytes_new (bytes, 100);
  g_autoptr (GBytes) cut = runet_frame_result_store (before);
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_frame_result_restore (cut, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
}

static RunetFrameResult *
restore (const guint8 *data, gsize size, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  return runet_frame_result_restore (bytes, error);
}

static void
test_truncated (void) {
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  for (gsize length = 0; length < size; length++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (restore (data, length, &error));
    g_assert_nonnull (error);
  }
}

static void
test_flipped (void) {
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  for (gsize i = 0; i < size; i++) {
    copy[i] ^= 0x10;
    g_assert_null (restore (copy, size, NULL));
    copy[i] = data[i];
  }
  g_autoptr (RunetFrameResult) whole = restore (copy, size, NULL);
  g_assert_nonnull (whole);
}

static void
use (const RunetFrameResult *result) {
  for (int i = 0; i < RUNET_SHOWN_STAGES; i++) {
    g_autoptr (RunetLabelMap) map = runet_frame_result_unpack_labels (result, i);
    gsize count = map != NULL ? map->grid->width * map->grid->height : 0;
    for (gsize p = 0; p < count; p++)
      g_assert_cmpuint (map->labels[p], <, RUNET_LABELS);
  }
  g_autofree float *region = runet_frame_result_unpack_region (result);
  g_autoptr (GArray) reasons = runet_frame_result_list_reasons (result);
  for (guint i = 0; i < reasons->len; i++) {
    g_autofree char *text =
        runet_reason_to_string (&g_array_index (reasons, RunetReason, i));
    g_assert_nonnull (text);
  }
}

/* Whoever changes a byte may also mend the checksum: what is accepted then must still be safe to use. */
static void
test_hostile (void) {
  g_autoptr (RunetFrameResult) result = result_new (2, 14, TRUE);
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_malloc (size);
  guint accepted = 0;
  for (int round = 0; round < 4000; round++) {
    memcpy (copy, data, size);
    int changes = g_test_rand_int_range (1, 4);
    for (int i = 0; i < changes; i++)
      copy[g_test_rand_int_range (8, (int)size)] =
          (guint8)g_test_rand_int_range (0, 256);
    /* The rest begins at the first multiple of eight after the two numbers, and reaches to the end but for
     * the offsets, of which a tuple of fixed sizes and one last member has none. */
    guint32 sum = (guint32)crc32_z (0, copy + 8, size - 8);
    memcpy (copy + 4, &sum, sizeof sum);
    g_autoptr (RunetFrameResult) found = restore (copy, size, NULL);
    if (found != NULL) {
      accepted++;
      use (found);
    }
  }
  g_assert_cmpuint (accepted, >, 0);
}

static void
assert_refused (RunetFrameResult *result) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  g_assert_null (runet_frame_result_restore (bytes, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
}

/* What is well-formed and cannot be. */
static void
test_impossible (void) {
  g_autoptr (RunetFrameResult) huge = result_new (2, 0, FALSE);
  huge->grid->width = huge->grid->height = 100000;
  assert_refused (huge);
  g_autoptr (RunetFrameResult) many = result_new (2, 0, FALSE);
  many->stages = 1000;
  assert_refused (many);
  g_autoptr (RunetFrameResult) none = result_new (2, 0, FALSE);
  none->stages = 0;
  assert_refused (none);
  g_autoptr (RunetFrameResult) first = result_new (1, 0, FALSE);
  first->stages = 2;
  assert_refused (first);
  g_autoptr (RunetFrameResult) more = result_new (1, 0, FALSE);
  more->disagreement = 1.5;
  assert_refused (more);
  g_autoptr (RunetFrameResult) area = result_new (1, 0, FALSE);
  area->stage[RUNET_SHOWN_LAST].anatomy->area_mm2[0] = INFINITY;
  assert_refused (area);
  g_autoptr (RunetFrameResult) spacing = result_new (1, 0, FALSE);
  spacing->grid->spacing_y_mm = -1;
  assert_refused (spacing);
}

/* Deflated well, but no labels of ours: refused when it is unpacked. */
static void
test_labels (void) {
  guint8 values[RESULT_WIDTH * RESULT_HEIGHT] = {[17] = RUNET_LABELS};
  guint8 packed[2048];
  uLongf length = sizeof packed;
  g_assert_cmpint (compress2 (packed, &length, values, sizeof values, 1), ==, Z_OK);
  g_autoptr (RunetFrameResult) before = result_new (1, 0, FALSE);
  RunetStageResult *last = &before->stage[RUNET_SHOWN_LAST];
  g_bytes_unref (last->packed);
  last->packed = g_bytes_new (packed, length);
  g_autoptr (GBytes) bytes = runet_frame_result_store (before);
  g_autoptr (RunetFrameResult) after = runet_frame_result_restore (bytes, NULL);
  g_assert_nonnull (after);
  g_assert_null (runet_frame_result_unpack_labels (after, RUNET_SHOWN_LAST));
}

static void
test_layout (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetFrameResult) result = result_new (1, 0, FALSE);
  g_autoptr (GBytes) bytes = runet_frame_result_store (result);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  guint32 layout;
  memcpy (&layout, copy, sizeof layout);
  layout++;
  memcpy (copy, &layout, sizeof layout);
  g_assert_null (restore (copy, size, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segmentation/frame-result-store/fixture", test_fixture);
  g_test_add_func ("/segmentation/frame-result-store/round-trip", test_round_trip);
  g_test_add_func ("/segmentation/frame-result-store/header", test_header);
  g_test_add_func ("/segmentation/frame-result-store/truncated", test_truncated);
  g_test_add_func ("/segmentation/frame-result-store/flipped", test_flipped);
  g_test_add_func ("/segmentation/frame-result-store/hostile", test_hostile);
  g_test_add_func ("/segmentation/frame-result-store/impossible", test_impossible);
  g_test_add_func ("/segmentation/frame-result-store/labels", test_labels);
  g_test_add_func ("/segmentation/frame-result-store/layout", test_layout);
  return g_test_run ();
}
