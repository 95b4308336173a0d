/* Each format of an export says what was accepted: pixels, polygons, figures and splines. */
#include "export-fixture.h"

static void
test_png (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A2C, TRUE);
  g_autoptr (RunetExport) done = export_all (&study);
  g_autofree char *png =
      g_strdup_printf ("png/%s/%s_2CH_ED.png", patient->id, patient->id);
  g_autofree char *mask =
      g_strdup_printf ("masks/%s/%s_2CH_ED_gt.nii.gz", patient->id, patient->id);
  g_autofree char *png_path = output_path (&study, png);
  g_autofree char *mask_path = output_path (&study, mask);
  g_autoptr (RunetLabelMap) a = read_labels (png_path);
  g_autoptr (RunetLabelMap) b = read_labels (mask_path);
  const gsize area = b->grid->width * b->grid->height;
  g_assert_cmpmem (a->labels, area, b->labels, area);
}

/* Turns round what lies left of where the edge from (@qx, @qy) to (@px, @py) crosses the line at @y, at the centres of
 * pixels. */
static void
cross (double px, double py, double qx, double qy, double y, guint8 *row, gsize width) {
  if ((py > y) == (qy > y))
    return;
  const double end = px + (y - py) / (qy - py) * (qx - px);
  for (gsize x = 0; x < width && (double)x + 0.5 < end; x++)
    row[x] ^= 1;
}

/* Even–odd rule along the line at @y, over all polygons. */
static void
fill_row (JsonArray *polygons, double y, guint8 *row, gsize width) {
  memset (row, 0, width);
  for (guint i = 0; i < json_array_get_length (polygons); i++) {
    JsonArray *points = json_array_get_array_element (polygons, i);
    const guint count = json_array_get_length (points) / 2;
    for (guint p = 0, q = count - 1; p < count; q = p++)
      cross (json_array_get_double_element (points, 2 * p),
             json_array_get_double_element (points, 2 * p + 1),
             json_array_get_double_element (points, 2 * q),
             json_array_get_double_element (points, 2 * q + 1), y, row, width);
  }
}

/* What pycocotools asks of an annotation, and that its box holds all of its points. */
static void
check_annotation (JsonObject *annotation, JsonObject *image) {
  const double width = (double)json_object_get_int_member (image, "width");
  const double height = (double)json_object_get_int_member (image, "height");
  JsonArray *box = json_object_get_array_member (annotation, "bbox");
  const double left = json_array_get_double_element (box, 0);
  const double top = json_array_get_double_element (box, 1);
  const double right = left + json_array_get_double_element (box, 2);
  const double bottom = top + json_array_get_double_element (box, 3);
  g_assert_cmpfloat (left, >=, 0);
  g_assert_cmpfloat (top, >=, 0);
  g_assert_cmpfloat (right, <=, width + 0.001);
  g_assert_cmpfloat (bottom, <=, height + 0.001);
  g_assert_cmpint (json_object_get_int_member (annotation, "iscrowd"), ==, 0);
  JsonArray *polygons = json_object_get_array_member (annotation, "segmentation");
  g_assert_cmpuint (json_array_get_length (polygons), >=, 1);
  for (guint i = 0; i < json_array_get_length (polygons); i++) {
    JsonArray *points = json_array_get_array_element (polygons, i);
    const guint count = json_array_get_length (points);
    g_assert_cmpuint (count, >=, 6);
    g_assert_cmpuint (count % 2, ==, 0);
    for (guint p = 0; p < count; p += 2) {
      const double x = json_array_get_double_element (points, p);
      const double y = json_array_get_double_element (points, p + 1);
      g_assert_true (x >= left - 0.002 && x <= right + 0.002);
      g_assert_true (y >= top - 0.002 && y <= bottom + 0.002);
    }
  }
}

static RunetStructure
structure_of (JsonObject *annotation) {
  return (RunetStructure)(json_object_get_int_member (annotation, "category_id") - 1);
}

/* Of the polygons, filled, and the mask that was exported. */
static double
measure_dice (JsonObject *annotation, const RunetLabelMap *map) {
  const gsize width = map->grid->width, height = map->grid->height;
  JsonArray *polygons = json_object_get_array_member (annotation, "segmentation");
  g_autofree guint8 *mask = g_malloc (width * height), *row = g_malloc (width);
  const gsize area = runet_mask_from_labels (map->labels, width, height,
                                             structure_of (annotation), mask);
  g_assert_cmpint (json_object_get_int_member (annotation, "area"), ==, (gint64)area);
  gsize both = 0, filled = 0;
  for (gsize y = 0; y < height; y++) {
    fill_row (polygons, (double)y + 0.5, row, width);
    for (gsize x = 0; x < width; x++) {
      filled += row[x];
      both += row[x] && mask[y * width + x];
    }
  }
  return 2 * (double)both / (double)(area + filled);
}

static void
test_coco (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  g_autoptr (RunetExport) done = export_all (&study);
  g_autoptr (JsonNode) node = read_json (&study, "coco.json");
  JsonObject *root = json_node_get_object (node);
  JsonArray *images = json_object_get_array_member (root, "images");
  JsonArray *annotations = json_object_get_array_member (root, "annotations");
  JsonArray *categories = json_object_get_array_member (root, "categories");
  g_assert_cmpuint (json_array_get_length (images), ==, 2);
  g_assert_cmpuint (json_array_get_length (annotations), ==, 6);
  g_assert_cmpuint (json_array_get_length (categories), ==, 3);
  for (guint i = 0; i < 6; i++) {
    JsonObject *one = json_array_get_object_element (annotations, i);
    const guint index = (guint)json_object_get_int_member (one, "image_id") - 1;
    JsonObject *image = json_array_get_object_element (images, index);
    g_assert_cmpint (json_object_get_int_member (one, "id"), ==, (gint64)i + 1);
    check_annotation (one, image);
    /* The image is where it says, below the data set. */
    const char *name = json_object_get_string_member (image, "file_name");
    g_autofree char *path = g_build_filename (study.study, name, NULL);
    g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    g_autofree char *mask =
        g_strdup_printf ("masks/%s/%s_4CH_%s_gt.nii.gz", patient->id, patient->id,
                         index == 0 ? "ED" : "ES");
    g_autofree char *mask_path = output_path (&study, mask);
    g_autoptr (RunetLabelMap) map = read_labels (mask_path);
    const double dice = measure_dice (one, map);
    g_test_message ("%s of image %u: Dice %.4f",
                    runet_structure_to_string (structure_of (one)), index + 1, dice);
    g_assert_cmpfloat (dice, >, 0.98);
    JsonObject *attributes = json_object_get_object_member (one, "attributes");
    g_assert_cmpstr (json_object_get_string_member (attributes, "author"), ==,
                     EXCHANGE_AUTHOR);
    g_assert_cmpstr (json_object_get_string_member (attributes, "status"), ==,
                     "corrected");
    g_assert_cmpstr (json_object_get_string_member (attributes, "model_sha256"), ==,
                     EXCHANGE_MODEL);
  }
}

/* ---- CSV ---- */

/* Lines of cells; no cell of these tests has a comma in it. */
static GPtrArray *
read_csv (const Exchange *study, const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = output_path (study, name);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  g_auto (GStrv) split = g_strsplit (text, "\r\n", -1);
  for (guint i = 0; split[i] != NULL && *split[i] != '\0'; i++)
    g_ptr_array_add (lines, g_strsplit (split[i], ",", -1));
  return lines;
}

static const char *
get_cell (const GPtrArray *lines, guint line, const char *column) {
  char **heads = lines->pdata[0], **cells = lines->pdata[line];
  for (guint i = 0; heads[i] != NULL; i++)
    if (g_str_equal (heads[i], column))
      return cells[i];
  g_error ("no column %s", column);
}

static double
get_number (const GPtrArray *lines, guint line, const char *column) {
  const char *text = get_cell (lines, line, column);
  g_assert_cmpstr (text, !=, "");
  return g_ascii_strtod (text, NULL);
}

static void
test_csv (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A2C, FALSE);
  g_autoptr (RunetExport) done = export_all (&study);
  g_autoptr (GPtrArray) frames = read_csv (&study, "measurements.csv");
  g_assert_cmpuint (frames->len, ==, 5);
  for (guint i = 1; i < frames->len; i++) {
    const gboolean edited = g_str_equal (get_cell (frames, i, "edited"), "yes");
    const double final = get_number (frames, i, "endo_area_cm2");
    const double model = get_number (frames, i, "model_endo_area_cm2");
    const double difference = get_number (frames, i, "difference_endo_area_cm2");
    g_assert_cmpfloat_with_epsilon (final - model, difference, 2e-4);
    g_assert_true (edited ? difference < -0.1 : difference == 0);
    g_assert_true (get_number (frames, i, "difference_la_area_cm2") == 0);
    g_assert_cmpstr (get_cell (frames, i, "tools"), ==, edited ? "points" : "");
  }
  /* Only ED of 4CH was drawn in: less at end-diastole, and so a smaller part of it is ejected. */
  g_autoptr (GPtrArray) patients = read_csv (&study, "volumes.csv");
  g_assert_cmpuint (patients->len, ==, 2);
  g_assert_cmpstr (get_cell (patients, 1, "patient"), ==, patient->id);
  g_assert_cmpfloat (get_number (patients, 1, "difference_edv_ml"), <, -1);
  g_assert_true (get_number (patients, 1, "difference_esv_ml") == 0);
  g_assert_cmpfloat (get_number (patients, 1, "difference_ef_percent"), <, -0.5);
}

static void
test_contours (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  g_autoptr (RunetExport) done = export_all (&study);
  g_autoptr (JsonNode) node = read_json (&study, "contours.json");
  JsonArray *views =
      json_object_get_array_member (json_node_get_object (node), "views");
  g_assert_cmpuint (json_array_get_length (views), ==, 1);
  JsonObject *view = json_array_get_object_element (views, 0);
  g_assert_cmpstr (json_object_get_string_member (view, "author"), ==, EXCHANGE_AUTHOR);
  g_assert_cmpint (json_object_get_int_member (view, "event"), ==, 2);
  /* An edit and the decision. */
  g_assert_cmpfloat (json_object_get_double_member (view, "seconds_spent"), ==, 5);
  JsonArray *frames = json_object_get_array_member (view, "frames");
  JsonObject *ed = json_array_get_object_element (frames, 0);
  JsonObject *endo = json_object_get_object_member (
      json_object_get_object_member (ed, "structures"), "endo");
  JsonObject *la = json_object_get_object_member (
      json_object_get_object_member (ed, "structures"), "la");
  g_assert_cmpstr (json_object_get_string_member (endo, "source"), ==, "spline");
  g_assert_cmpstr (json_object_get_string_member (la, "source"), ==, "original");
  JsonArray *px = json_object_get_array_member (endo, "points_px");
  JsonArray *mm = json_object_get_array_member (endo, "points_mm");
  const double spacing = json_object_get_double_member (ed, "spacing_x_mm");
  for (guint i = 0; i < json_array_get_length (px); i++) {
    const double x =
        json_array_get_double_element (json_array_get_array_element (px, i), 0);
    const double x_mm =
        json_array_get_double_element (json_array_get_array_element (mm, i), 0);
    g_assert_cmpfloat_with_epsilon (x * spacing, x_mm, 1e-3);
  }
  JsonArray *edits = json_object_get_array_member (ed, "edits");
  g_assert_cmpuint (json_array_get_length (edits), ==, 1);
  JsonObject *edit = json_array_get_object_element (edits, 0);
  g_assert_cmpint (json_object_get_int_member (edit, "event"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (edit, "tool"), ==, "points");
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/export/png", test_png);
  g_test_add_func ("/exchange/export/coco", test_coco);
  g_test_add_func ("/exchange/export/csv", test_csv);
  g_test_add_func ("/exchange/export/contours", test_contours);
  return g_test_run ();
}
