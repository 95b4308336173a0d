/* Corrections: label maps to the byte, weights, and JSON that is believed only where it is sound. */
#include "core/editing/live.h"
#include "tests/core/editing-fixture.h"

static void
test_untouched (void) {
  for (guint i = 0; i < 4; i++) {
    g_autoptr (RunetCorrection) correction =
        i == 0 ? make_usual () : make_phantom (i, RUNET_VIEW_A4C, 0.5);
    g_autofree guint8 *labels = draw (correction);
    g_assert_cmpmem (labels, count_pixels (correction),
                     g_bytes_get_data (correction->original, NULL),
                     g_bytes_get_size (correction->original));
    g_assert_false (runet_correction_is_edited (correction));
    g_assert_null (correction->painted);
    assert_model (&correction->model, TRUE);
    for (int s = 0; s < RUNET_STRUCTURES; s++)
      g_assert_cmpfloat (correction->residual_mm[s], <, 2);
    assert_round_trip (correction);
  }
}

static void
test_empty (void) {
  g_autofree guint8 *labels = g_new0 (guint8, 20 * 30);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (20, 30, 1, NAN, NAN, RUNET_FORMAT_PNG, RUNET_PIXEL_UINT8);
  g_autoptr (RunetCorrection) correction = runet_correction_new (grid, labels);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    g_assert_cmpuint (correction->model.count[s], ==, 0);
    g_assert_true (isnan (correction->residual_mm[s]));
  }
  assert_round_trip (correction);
}

static void
test_copy_and_equal (void) {
  g_autoptr (RunetCorrection) a = make_usual ();
  g_autoptr (RunetCorrection) b = runet_correction_copy (a);
  assert_equal (a, b);
  b->model.points[RUNET_STRUCTURE_LA][1].x += 1e-9;
  g_assert_false (runet_correction_equal (a, b));
  b->model = a->model;
  b->source[RUNET_STRUCTURE_EPI] = RUNET_SOURCE_SPLINE;
  g_assert_false (runet_correction_equal (a, b));
  g_assert_true (runet_correction_is_edited (b));
  b->source[RUNET_STRUCTURE_EPI] = RUNET_SOURCE_ORIGINAL;
  const RunetUncertainStretch stretch = {RUNET_STRUCTURE_LA, 0.25, 0.5};
  g_array_append_val (b->uncertain, stretch);
  g_assert_false (runet_correction_equal (a, b));
  g_assert_cmpuint (a->uncertain->len, ==, 0);
  /* A mark alone is worth keeping. */
  g_assert_true (runet_correction_is_edited (b));
  b->derived = TRUE;
  assert_round_trip (b);
}

/* Each structure that is drawn from its spline leaves the others' pixels. */
static void
test_sources (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autofree guint8 *before = draw (correction);
  const gsize count = count_pixels (correction);
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    g_autoptr (RunetCorrection) other = runet_correction_copy (correction);
    other->source[s] = RUNET_SOURCE_SPLINE;
    g_autofree guint8 *after = draw (other);
    for (int k = 0; k < RUNET_STRUCTURES; k++)
      if (k != s)
        g_assert_cmpuint (count_changes (before, after, count, k), ==, 0);
    g_assert_cmpuint (count_changes (before, after, count, s), <, 900);
  }
}

/* Painted structures come from the painted map, the others from where they did. */
static void
test_painted (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  const gsize count = count_pixels (correction), width = correction->grid->width;
  g_autofree guint8 *before = draw (correction);
  guint8 *painted = g_memdup2 (before, count);
  for (gsize i = 300; i < 320; i++)
    painted[i * width + 150] = RUNET_LABEL_BACKGROUND;
  painted[100 * width + 150] = RUNET_LABEL_BACKGROUND;
  correction->painted = g_bytes_new_take (painted, count);
  correction->source[RUNET_STRUCTURE_LA] = RUNET_SOURCE_PAINTED;
  g_autofree guint8 *after = draw (correction);
  g_assert_cmpuint (count_changes (before, after, count, RUNET_STRUCTURE_LA), ==, 20);
  g_assert_cmpuint (count_changes (before, after, count, RUNET_STRUCTURE_ENDO), ==, 0);
  g_assert_cmpuint (count_changes (before, after, count, RUNET_STRUCTURE_EPI), ==, 0);
  assert_round_trip (correction);
  /* Beside a spline. */
  correction->source[RUNET_STRUCTURE_ENDO] = RUNET_SOURCE_SPLINE;
  g_autofree guint8 *mixed = draw (correction);
  g_assert_cmpuint (count_changes (mixed, after, count, RUNET_STRUCTURE_LA), ==, 0);
  g_assert_cmpuint (count_changes (mixed, after, count, RUNET_STRUCTURE_EPI), ==, 0);
  assert_round_trip (correction);
}

static void
test_label_map (void) {
  g_autoptr (RunetCorrection) correction = make_usual ();
  g_autoptr (RunetGrid) grid =
      runet_grid_new (300, 400, 9, 0.1, 0.1, RUNET_FORMAT_METAIMAGE, RUNET_PIXEL_INT16);
  g_autoptr (RunetGrid) narrow =
      runet_grid_new (299, 400, 1, 0.4, 0.4, RUNET_FORMAT_METAIMAGE, RUNET_PIXEL_INT16);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetLabelMap) map =
      runet_correction_to_label_map (correction, grid, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (map->grid->frames, ==, 1);
  g_assert_cmpint (map->grid->format, ==, RUNET_FORMAT_METAIMAGE);
  g_assert_cmpmem (map->labels, 300 * 400,
                   g_bytes_get_data (correction->original, NULL), 300 * 400);
  g_assert_null (runet_correction_to_label_map (correction, narrow, &error));
  assert_failure (error, RUNET_ERROR_MISMATCH, "299", "expected");
}

/* Against the distance to the curve, pixel by pixel. */
static void
test_weigh (void) {
  g_autoptr (RunetCorrection) correction = make_drawn (0.5, 0.8, 0.5);
  const gsize count = count_pixels (correction), width = correction->grid->width;
  g_autofree guint8 *weights = g_malloc (count);
  g_assert_false (runet_correction_weigh (correction, 3, weights));
  for (gsize i = 0; i < count; i++)
    g_assert_cmpuint (weights[i], ==, 1);
  const RunetUncertainStretch stretch = {RUNET_STRUCTURE_EPI, 0.2, 0.45};
  g_array_append_val (correction->uncertain, stretch);
  g_assert_true (runet_correction_weigh (correction, 3, weights));
  for (gsize i = 0; i < count; i++) {
    const RunetPoint p = {(double)(i % width) + 0.5, (double)(i / width) + 0.5};
    double nearest = G_MAXDOUBLE;
    for (int k = 0; k <= 200; k++) {
      const RunetPoint q = runet_contour_model_at (
          &correction->model, RUNET_STRUCTURE_EPI, 0.2 + 0.25 * k / 200, 0.8, 0.5);
      nearest = fmin (nearest, hypot ((p.x - q.x) * 0.8, (p.y - q.y) * 0.5));
    }
    if (fabs (nearest - 3) > 0.05)
      g_assert_cmpuint (weights[i], ==, nearest > 3);
  }
}

static void
test_frames (void) {
  g_autoptr (RunetCorrection) a = make_usual ();
  g_autoptr (RunetCorrection) b = make_phantom (2, RUNET_VIEW_A2C, 1);
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (frames, runet_corrected_frame_new (RUNET_INSTANT_ES, 0, FALSE, a));
  g_ptr_array_add (frames, runet_corrected_frame_new (-1, 7, TRUE, b));
  g_autoptr (GBytes) json = runet_corrected_frames_serialise (frames);
  g_autoptr (GPtrArray) back = runet_corrected_frames_parse (json, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const RunetCorrectedFrame *one = frames->pdata[i], *other = back->pdata[i];
    g_assert_cmpint (one->instant, ==, other->instant);
    g_assert_cmpint (one->frame, ==, other->frame);
    g_assert_cmpint (one->edited, ==, other->edited);
    assert_equal (one->correction, other->correction);
  }
  g_ptr_array_add (frames, runet_corrected_frame_new (-1, 7, TRUE, a));
  g_autoptr (GBytes) twice = runet_corrected_frames_serialise (frames);
  g_assert_null (runet_corrected_frames_parse (twice, &error));
  assert_failure (error, RUNET_ERROR_FORMAT, "frames", "each once");
}

/* What a file says in place of what is right, and the words it is refused with. */
typedef struct {
  const char *right, *wrong, *words;
} Lie;

static const Lie lies[] = {
    {"\"version\":1", "\"version\":2", "newer"},
    {"\"version\":1", "\"version\":0", "version"},
    {"runet-correction", "runet-collection", "runet-correction"},
    {"\"width\":20", "\"width\":21", "labels"},
    {"\"width\":20", "\"width\":0", "width"},
    {"\"width\":20", "\"width\":20.0", "width"},
    {"\"width\":20", "\"width\":67108864", "width"},
    {"\"width\":20,\"height\":20", "\"width\":32767,\"height\":32767", "height"},
    {"\"height\":20", "\"height\":40000", "height"},
    {"\"height\":20", "\"height\":-20", "height"},
    {"\"height\":20", "\"height\":99999999999999999999", "height"},
    {"[1.0,1.0]", "[1.0,0.0]", "spacing"},
    {"[1.0,1.0]", "[1.0,1e999]", "spacing"},
    {"[1.0,1.0]", "[1.0]", "spacing"},
    {"[1.0,1.0]", "[1.0,1.0,1.0]", "spacing"},
    {"\"endo\":\"original\"", "\"endo\":\"invented\"", "sources"},
    {"\"endo\":\"original\"", "\"endo\":\"painted\"", "painted"},
    {"\"apex\":1", "\"apex\":0", "apex"},
    {"\"apex\":1", "\"apex\":2", "apex"},
    {"\"apex\":1", "\"apex\":1,\"apex\":1", "twice"},
    {"[4.0,5.0]", "[4.0,1e7]", "point"},
    {"[4.0,5.0]", "[4.0,null]", "point"},
    {"[4.0,5.0]", "[4.0,\"5\"]", "point"},
    {"[4.0,5.0],", "", "points"},
    {"\"derived\":false", "\"derived\":0", "derived"},
    {"\"derived\":false", "\"painted\":\"\",\"derived\":false", "painted"},
    {"\"from\":0.25", "\"from\":0.75", "from"},
    {"\"from\":0.25", "\"from\":-0.25", "from"},
    {"\"to\":0.5", "\"to\":1.5", "to"},
    {"\"structure\":\"endo\"", "\"structure\":\"rv\"", "uncertain"},
    {"\"original\":\"", "\"original\":\"AAAA", "labels"},
    {"\"original\":\"", "\"original\":7,\"x\":\"", "text"},
    {"{\"format\"", "{\"a\":[[[[[[[[[[[1]]]]]]]]]]],\"format\"", "JSON"},
    {"{\"format\"", "[{\"format\"", "JSON"},
    {"{\"format\"", "{/*\"*/\"a\":[[[[[[[[[[[1]]]]]]]]]]],\"format\"", "other bytes"},
    {"{\"format\"", "{\"a\":'\"',\"b\":[[[[[[[[[[[1]]]]]]]]]]],\"format\"",
     "other bytes"},
};

/* A small one, whose text is known. */
static RunetCorrection *
make_small (void) {
  g_autofree guint8 *labels = g_new0 (guint8, 20 * 20);
  g_autoptr (RunetGrid) grid =
      runet_grid_new (20, 20, 1, 1, 1, RUNET_FORMAT_NIFTI, RUNET_PIXEL_UINT8);
  RunetCorrection *correction = runet_correction_new (grid, labels);
  RunetContourModel *model = &correction->model;
  model->count[RUNET_STRUCTURE_ENDO] = 3;
  model->apex = 1;
  model->points[RUNET_STRUCTURE_ENDO][0] = (RunetPoint){4, 15};
  model->points[RUNET_STRUCTURE_ENDO][1] = (RunetPoint){4, 5};
  model->points[RUNET_STRUCTURE_ENDO][2] = (RunetPoint){14, 15};
  const RunetUncertainStretch stretch = {RUNET_STRUCTURE_ENDO, 0.25, 0.5};
  g_array_append_val (correction->uncertain, stretch);
  return correction;
}

static char *
replace (const char *text, const char *right, const char *wrong) {
  const char *at = strstr (text, right);
  g_assert_nonnull (at);
  g_autofree char *before = g_strndup (text, (gsize)(at - text));
  return g_strconcat (before, wrong, at + strlen (right), NULL);
}

static void
test_lies (void) {
  g_autoptr (RunetCorrection) correction = make_small ();
  assert_round_trip (correction);
  g_autoptr (GBytes) json = runet_correction_serialise (correction);
  gsize length;
  const char *bytes = g_bytes_get_data (json, &length);
  g_autofree char *text = g_strndup (bytes, length);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++) {
    char *lie = replace (text, lies[i].right, lies[i].wrong);
    g_autoptr (GBytes) wrong = g_bytes_new_take (lie, strlen (lie));
    g_autoptr (GError) error = NULL;
    g_assert_null (runet_correction_parse (wrong, &error));
    g_assert_nonnull (error);
    g_test_message ("%s → %s: %s", lies[i].right, lies[i].wrong, error->message);
    g_assert_true (error->domain == RUNET_ERROR);
    g_assert_nonnull (strstr (error->message, lies[i].words));
    g_assert_null (strchr (error->message, '\n'));
  }
  for (gsize cut = 0; cut < length; cut += 1 + cut / 40) {
    g_autoptr (GBytes) part = g_bytes_new (bytes, cut);
    g_autoptr (GError) error = NULL;
    g_assert_null (runet_correction_parse (part, &error));
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_FORMAT);
  }
}

/* A label that is none, deflated as it should be. */
static void
test_strange_label (void) {
  g_autoptr (RunetCorrection) correction = make_small ();
  g_autofree guint8 *labels = g_new0 (guint8, 400);
  labels[399] = 4;
  g_bytes_unref (correction->original);
  correction->original = g_bytes_new (labels, 400);
  g_autoptr (GBytes) json = runet_correction_serialise (correction);
  g_autoptr (GError) error = NULL;
  g_assert_null (runet_correction_parse (json, &error));
  assert_failure (error, RUNET_ERROR_FORMAT, "original", "labels 0 to 3");
}

/* Numbers are read as they were written to the last bit, in any locale. */
static void
test_numbers (void) {
  g_autoptr (RunetCorrection) correction = make_small ();
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  for (int round = 0; round < 200; round++) {
    for (guint i = 0; i < 3; i++)
      correction->model.points[RUNET_STRUCTURE_ENDO][i] = (RunetPoint){
          g_rand_double_range (random, -1e5, 1e5), ldexp (g_rand_double (random), -60)};
    assert_round_trip (correction);
  }
}

static void
assert_same (double a, double b) {
  g_assert_true (a == b || (isnan (a) && isnan (b)));
}

/* The figures while dragging are those of the full examination. */
static void
test_live (void) {
  for (guint i = 0; i < 8; i++) {
    g_autoptr (RunetCorrection) correction =
        i == 0 ? make_drawn (0.7, 0.6, 0.45)
               : make_phantom (i, i % 2 ? RUNET_VIEW_A2C : RUNET_VIEW_A4C, 0.1 * i);
    const RunetGrid *grid = correction->grid;
    g_autofree guint8 *labels = draw (correction);
    if (i == 7)
      memset (labels, RUNET_LABEL_BACKGROUND, count_pixels (correction));
    RunetLive live;
    runet_live_measure (labels, grid->width, grid->height, grid->spacing_x_mm,
                        grid->spacing_y_mm, &live);
    g_autoptr (RunetAnatomy) anatomy = runet_anatomy_new (
        labels, grid->width, grid->height, grid->spacing_x_mm, grid->spacing_y_mm);
    const RunetDiscs discs = runet_discs_measure (
        labels, grid->width, grid->height, grid->spacing_x_mm, grid->spacing_y_mm);
    for (int s = 0; s < RUNET_STRUCTURES; s++) {
      assert_same (live.regularity[s].convexity, anatomy->regularity[s].convexity);
      assert_same (live.regularity[s].simplicity, anatomy->regularity[s].simplicity);
      g_assert_cmpfloat_with_epsilon (live.area_mm2[s], anatomy->area_mm2[s], 1e-6);
    }
    g_assert_cmpint (live.outlier, ==, anatomy->outlier);
    g_assert_cmpint (live.discs.state, ==, discs.state);
    if (discs.state == RUNET_DISCS_FOUND)
      g_assert_cmpfloat (live.discs.length_mm, ==, discs.length_mm);
  }
}

int
main (int argc, char *argv[]) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/editing/correction/untouched", test_untouched);
  g_test_add_func ("/editing/correction/empty", test_empty);
  g_test_add_func ("/editing/correction/copy-and-equal", test_copy_and_equal);
  g_test_add_func ("/editing/correction/sources", test_sources);
  g_test_add_func ("/editing/correction/painted", test_painted);
  g_test_add_func ("/editing/correction/label-map", test_label_map);
  g_test_add_func ("/editing/correction/weigh", test_weigh);
  g_test_add_func ("/editing/correction/frames", test_frames);
  g_test_add_func ("/editing/correction/lies", test_lies);
  g_test_add_func ("/editing/correction/strange-label", test_strange_label);
  g_test_add_func ("/editing/correction/numbers", test_numbers);
  g_test_add_func ("/editing/live", test_live);
  return g_test_run ();
}
