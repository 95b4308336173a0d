/* Exports: what comes out is what was accepted, byte for byte where nobody touched it, and all of it or nothing. */
#include <json-glib/json-glib.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/exchange/export.h"
#include "core/review/moved-record.h"
#include "echo-fixture.h"
#include "exchange-fixture.h"

static RunetExport *
try_export (const Exchange *study,
            RunetExportFormats formats,
            const char *author,
            gboolean unfinished,
            GError **error) {
  const RunetExportOptions options = {.record = study->record,
                                      .dataset = study->study,
                                      .output = study->output,
                                      .formats = formats,
                                      .author = author,
                                      .unfinished = unfinished};
  return runet_export_run (&options, NULL, NULL, NULL, error);
}

static RunetExport *
export_all (const Exchange *study) {
  g_autoptr (GError) error = NULL;
  RunetExport *done =
      try_export (study, RUNET_EXPORT_ALL & ~RUNET_EXPORT_PDF, NULL, FALSE, &error);
  g_assert_no_error (error);
  return done;
}

static char *
output_path (const Exchange *study, const char *name) {
  return g_build_filename (study->output, name, NULL);
}

static RunetLabelMap *
read_labels (const char *path) {
  g_autoptr (GError) error = NULL;
  RunetLabelMap *map = runet_label_map_read (path, NULL, &error);
  g_assert_no_error (error);
  return map;
}

static JsonNode *
read_json (const Exchange *study, const char *name) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = output_path (study, name);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  JsonNode *node = json_from_string (text, &error);
  g_assert_no_error (error);
  return node;
}

static void
test_masks (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  g_autofree char *before = exchange_hash (study.study);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (done->views, ==, 1);
  g_assert_cmpuint (done->frames, ==, 2);
  g_assert_cmpuint (done->problems->len, ==, 0);
  /* Nothing was written into the data set. */
  g_autofree char *after = exchange_hash (study.study);
  g_assert_cmpstr (before, ==, after);

  /* ES was accepted as it was: the very bytes of the expert's file, which it began with. */
  g_autofree char *es = g_strdup_printf ("%s_4CH_ES_gt.nii.gz", patient->id);
  g_autofree char *es_path =
      g_build_filename (study.output, "masks", patient->id, es, NULL);
  g_autoptr (RunetLabelMap) expert =
      read_labels (patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ES]);
  g_autoptr (RunetLabelMap) untouched = read_labels (es_path);
  const gsize area = expert->grid->width * expert->grid->height;
  g_assert_true (runet_grid_equal (expert->grid, untouched->grid));
  g_assert_cmpint (untouched->grid->type, ==, expert->grid->type);
  g_assert_cmpmem (untouched->labels, area, expert->labels, area);

  /* Of ED the endo was drawn in: the LA, which nobody touched, is as it was. */
  g_autofree char *ed = g_strdup_printf ("%s_4CH_ED_gt.nii.gz", patient->id);
  g_autofree char *ed_path =
      g_build_filename (study.output, "masks", patient->id, ed, NULL);
  g_autoptr (RunetLabelMap) corrected = read_labels (ed_path);
  g_autoptr (RunetLabelMap) began =
      read_labels (patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED]);
  gsize lost = 0, gained = 0;
  for (gsize i = 0; i < area; i++) {
    const guint8 was = began->labels[i], is = corrected->labels[i];
    g_assert_cmpint (was == RUNET_LABEL_LA, ==, is == RUNET_LABEL_LA);
    lost += was == RUNET_LABEL_LV && is != RUNET_LABEL_LV;
    gained += was != RUNET_LABEL_LV && is == RUNET_LABEL_LV;
  }
  g_assert_cmpuint (lost, >, 200);
  g_assert_cmpuint (gained, <, lost / 4);
}

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

/* ---- Whose version ---- */

static const char *
find_why (const RunetExport *done, const RunetPatient *patient, RunetView view) {
  for (guint i = 0; i < done->versions->left_out->len; i++) {
    const RunetLeftOut *one = done->versions->left_out->pdata[i];
    if (one->subject.view == view && g_str_equal (one->subject.patient, patient->id))
      return one->why;
  }
  return NULL;
}

static void
test_versions (void) {
  g_auto (Exchange) study = exchange_new (2);
  const RunetPatient *first = exchange_patient (&study, 0);
  const RunetPatient *second = exchange_patient (&study, 1);
  exchange_accept (&study, EXCHANGE_AUTHOR, first, RUNET_VIEW_A4C, TRUE);
  exchange_append (&study, RUNET_EVENT_REJECT, "Ben", first, RUNET_VIEW_A4C, -1, 0,
                   NULL);
  exchange_append (&study, RUNET_EVENT_REJECT, "Ben", first, RUNET_VIEW_A2C, -1, 0,
                   NULL);
  g_autoptr (RunetCorrection) original =
      exchange_original (second, RUNET_VIEW_A4C, RUNET_INSTANT_ES);
  g_autoptr (RunetCorrection) corrected = exchange_correct (original);
  exchange_edit (&study, "Ben", second, RUNET_VIEW_A4C, RUNET_INSTANT_ES, 0, corrected);
  exchange_edit (&study, "Ben", second, RUNET_VIEW_A4C, -1, 3, corrected);

  g_autoptr (GError) none = NULL, error = NULL;
  g_autoptr (RunetExport) nothing =
      try_export (&study, RUNET_EXPORT_CSV, NULL, FALSE, &none);
  g_assert_null (nothing);
  g_assert_error (none, RUNET_ERROR, RUNET_ERROR_MISSING);
  g_assert_false (g_file_test (study.output, G_FILE_TEST_EXISTS));

  g_autoptr (RunetExport) ada =
      try_export (&study, RUNET_EXPORT_CSV, EXCHANGE_AUTHOR, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ada->views, ==, 1);
  g_assert_nonnull (
      strstr (find_why (ada, second, RUNET_VIEW_A4C), "not reviewed by Ada"));
  remove_tree (study.output);

  g_autoptr (RunetExport) edits =
      try_export (&study, RUNET_EXPORT_MASKS, NULL, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (edits->views, ==, 1);
  g_assert_cmpuint (edits->frames, ==, 2);
  g_assert_nonnull (strstr (find_why (edits, first, RUNET_VIEW_A4C), "disputed"));
  g_assert_nonnull (
      strstr (find_why (edits, first, RUNET_VIEW_A2C), "rejected by Ben: poor-image"));
  g_assert_cmpstr (find_why (edits, second, RUNET_VIEW_A2C), ==, "not reviewed");
  g_autofree char *frame =
      g_strdup_printf ("masks/%s/%s_4CH_frame03_gt.nii.gz", second->id, second->id);
  g_autofree char *path = output_path (&study, frame);
  g_autoptr (RunetLabelMap) map = read_labels (path);
  g_assert_cmpuint (map->grid->frames, ==, 1);
}

/* ---- All or nothing ---- */

static void
test_manifest (void) {
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_autoptr (RunetExport) done = export_all (&study);
  g_autoptr (JsonNode) node = read_json (&study, "manifest.json");
  JsonObject *root = json_node_get_object (node);
  JsonArray *files = json_object_get_array_member (root, "files");
  g_assert_cmpuint (json_array_get_length (files), ==, done->files);
  g_assert_cmpuint (done->files, ==, 8);
  for (guint i = 0; i < done->files; i++) {
    JsonObject *file = json_array_get_object_element (files, i);
    g_autofree char *path =
        output_path (&study, json_object_get_string_member (file, "name"));
    g_autofree char *content = NULL;
    gsize length;
    g_assert_true (g_file_get_contents (path, &content, &length, NULL));
    g_autofree char *sum = g_compute_checksum_for_data (
        G_CHECKSUM_SHA256, (const guint8 *)content, length);
    g_assert_cmpstr (json_object_get_string_member (file, "sha256"), ==, sum);
    g_assert_cmpint (json_object_get_int_member (file, "bytes"), ==, (gint64)length);
  }
}

static void
test_existing (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_assert_cmpint (g_mkdir (study.output, 0755), ==, 0);
  g_autofree char *own = output_path (&study, "mine.txt");
  g_assert_true (g_file_set_contents (own, "mine", -1, NULL));
  g_autoptr (RunetExport) refused =
      try_export (&study, RUNET_EXPORT_CSV, NULL, FALSE, &error);
  g_assert_null (refused);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_clear_error (&error);
  RunetExportOptions options = {.record = study.record,
                                .dataset = study.study,
                                .output = study.output,
                                .formats = RUNET_EXPORT_CSV | RUNET_EXPORT_MASKS,
                                .replace = TRUE};
  for (int round = 0; round < 2; round++) {
    g_autoptr (RunetExport) done =
        runet_export_run (&options, NULL, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_nonnull (done);
  }
  g_assert_true (g_file_test (own, G_FILE_TEST_EXISTS));
  g_autofree char *manifest = output_path (&study, "manifest.json");
  g_assert_true (g_file_test (manifest, G_FILE_TEST_EXISTS));
}

/* Into the data set, or around it. */
static void
test_refused_places (void) {
  g_auto (Exchange) study = exchange_new (1);
  exchange_accept (&study, EXCHANGE_AUTHOR, exchange_patient (&study, 0),
                   RUNET_VIEW_A4C, FALSE);
  g_autofree char *link = g_build_filename (study.root, "link", NULL);
  g_assert_cmpint (symlink (study.study, link), ==, 0);
  g_autofree char *inside = g_build_filename (study.study, "out", NULL);
  g_autofree char *by_link = g_build_filename (link, "a", "b", NULL);
  g_autofree char *file = g_build_filename (study.root, "file", NULL);
  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_autofree char *below_file = g_build_filename (file, "out", NULL);
  const char *const places[] = {inside, by_link,    study.study,
                                file,   study.root, below_file};
  g_autofree char *before = exchange_hash (study.study);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;
    const RunetExportOptions options = {.record = study.record,
                                        .dataset = study.study,
                                        .output = places[i],
                                        .formats = RUNET_EXPORT_CSV,
                                        .replace = TRUE};
    g_autoptr (RunetExport) done =
        runet_export_run (&options, NULL, NULL, NULL, &error);
    g_assert_null (done);
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
    g_test_message ("%s", error->message);
  }
  /* Whose data set it is, the record knows as well. */
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_journal_note_dataset (runet_review_get_journal (study.review),
                                             study.study, study.dataset, &error));
  const RunetExportOptions unnamed = {
      .record = study.record, .output = inside, .formats = RUNET_EXPORT_CSV};
  g_autoptr (RunetExport) refused =
      runet_export_run (&unnamed, NULL, NULL, NULL, &error);
  g_assert_null (refused);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_WRITE);
  g_autofree char *after = exchange_hash (study.study);
  g_assert_cmpstr (before, ==, after);
}

static void
cancel_cb (const RunetProgress *progress, gpointer user_data) {
  if (progress->done == 1)
    g_cancellable_cancel (user_data);
}

static guint
count_entries (const char *path) {
  guint count = 0;
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_cancel (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, FALSE);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A2C, FALSE);
  const guint before = count_entries (study.root);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const RunetExportOptions options = {.record = study.record,
                                      .dataset = study.study,
                                      .output = study.output,
                                      .formats = RUNET_EXPORT_MASKS};
  g_autoptr (RunetExport) done =
      runet_export_run (&options, cancel_cb, cancellable, cancellable, &error);
  g_assert_null (done);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_entries (study.root), ==, before);
}

static void
test_no_report (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetExport) done =
      try_export (&study, RUNET_EXPORT_PDF, NULL, FALSE, &error);
  g_assert_null (done);
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED);
}

/* ---- What a record may say ---- */

static void
test_hostile (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, "=cmd|' /C calc'!A0 \"\n\xff", patient, RUNET_VIEW_A4C,
                   TRUE);
  /* Contours that are none, a name that leads out of the folder, contours of another image. */
  exchange_append (&study, RUNET_EVENT_ACCEPT, "Ben", patient, RUNET_VIEW_A2C, -1, 0,
                   g_bytes_new_static ("{\"frames\":[[[[", 14));
  RunetPatient other = *patient;
  other.id = (char *)"../../evil";
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  const guint8 tiny[4] = {0, 1, 2, 3};
  g_autoptr (RunetGrid) grid =
      runet_grid_new (2, 2, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetCorrection) small = runet_correction_new (grid, tiny);
  g_ptr_array_add (frames, runet_corrected_frame_new (0, 0, FALSE, small));
  exchange_append (&study, RUNET_EVENT_ACCEPT, "Ben", &other, RUNET_VIEW_A4C, -1, 0,
                   runet_corrected_frames_serialise (frames));
  other.id = (char *)"patient9999";
  exchange_append (&study, RUNET_EVENT_ACCEPT, "Ben", &other, RUNET_VIEW_A4C, -1, 0,
                   runet_corrected_frames_serialise (frames));
  const guint before = count_entries (study.root);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (count_entries (study.root), ==, before + 1);
  for (guint i = 0; i < done->problems->len; i++)
    g_test_message ("%s", (const char *)done->problems->pdata[i]);
  /* The unreadable one, the name twice (not in the data set, no folder's name), and the one that is not there. */
  g_assert_cmpuint (done->problems->len, ==, 4);
  g_assert_cmpuint (done->views, ==, 2);
  g_autoptr (JsonNode) coco = read_json (&study, "coco.json");
  g_autoptr (JsonNode) contours = read_json (&study, "contours.json");
  g_autofree char *mask =
      output_path (&study, "masks/patient9999/patient9999_4CH_ED_gt.nii.gz");
  g_autoptr (RunetLabelMap) map = read_labels (mask);
  g_assert_cmpmem (map->labels, 4, tiny, 4);
}

/* An image that is not the one that was corrected. */
static void
test_other_image (void) {
  g_auto (Exchange) study = exchange_new (1);
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetGrid) grid =
      runet_grid_new (20, 10, 1, 1, 1, RUNET_FORMAT_NIFTI_GZ, RUNET_PIXEL_UINT8);
  g_autoptr (RunetImage) image = runet_image_new (grid, &error);
  runet_image_write (image, patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED],
                     &error);
  g_assert_no_error (error);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (done->frames, ==, 1);
  g_assert_cmpuint (done->problems->len, ==, 1);
  g_assert_nonnull (strstr (done->problems->pdata[0], "found 20 × 10"));
}

/* One pixel of ED is brighter than when it was corrected; ES is as it was. */
static void
test_changed_image (void) {
  g_auto (Exchange) study = exchange_new (1);
  g_autoptr (GError) error = NULL;
  const RunetPatient *patient = exchange_patient (&study, 0);
  exchange_accept (&study, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C, TRUE);
  g_autoptr (RunetExport) whole = export_all (&study);
  g_assert_cmpuint (whole->frames, ==, 2);
  g_assert_cmpuint (whole->problems->len, ==, 0);
  const char *path = patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED];
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  image->pixels[500] += image->pixels[500] > 100 ? -1 : 1;
  g_assert_true (runet_image_write (image, path, &error));
  remove_tree (study.output);
  g_autoptr (RunetExport) done = export_all (&study);
  g_assert_cmpuint (done->frames, ==, 1);
  g_assert_cmpuint (done->problems->len, ==, 1);
  g_test_message ("%s", (const char *)done->problems->pdata[0]);
  g_assert_nonnull (strstr (done->problems->pdata[0], "it has changed"));
}

/* ---- Real images, in the format of each release ---- */

/* The first patient that has 4CH with a mask at ED. */
static const RunetPatient *
find_masked (const RunetDataset *dataset) {
  for (guint i = 0; i < dataset->patients->len; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    if (patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED] != NULL &&
        patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED] != NULL)
      return patient;
  }
  return NULL;
}

/* (transfer full): the pixels as they are stored, without the header. */
static GBytes *
read_stored (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autofree char *data = runet_image_find_data_file (path);
  g_autoptr (RunetImage) image = runet_image_read (path, NULL, &error);
  g_assert_no_error (error);
  if (data == NULL)
    return g_bytes_new (image->pixels, image->grid->width * image->grid->height *
                                           sizeof *image->pixels);
  char *content;
  gsize length;
  g_assert_true (g_file_get_contents (data, &content, &length, &error));
  return g_bytes_new_take (content, length);
}

/* @data: of which release. What nobody touched comes out as the expert's file has it: type, format, every byte. */
static void
test_camus (gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = find_camus (data);
  if (folder == NULL)
    return;
  g_autoptr (RunetDataset) dataset = runet_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  const RunetPatient *patient = find_masked (dataset);
  g_assert_nonnull (patient);
  g_auto (Folder) root = folder_new ();
  g_autofree char *record = g_build_filename (root.path, "record.sqlite", NULL);
  g_autofree char *output = g_build_filename (root.path, "output", NULL);
  g_autoptr (RunetReview) review =
      runet_review_open (record, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  const Exchange study = {.review = review};
  g_autoptr (RunetCorrection) original =
      exchange_original (patient, RUNET_VIEW_A4C, RUNET_INSTANT_ED);
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  g_ptr_array_add (frames,
                   runet_corrected_frame_new (RUNET_INSTANT_ED, 0, FALSE, original));
  exchange_append (&study, RUNET_EVENT_ACCEPT, EXCHANGE_AUTHOR, patient, RUNET_VIEW_A4C,
                   -1, 0, runet_corrected_frames_serialise (frames));
  const RunetExportOptions options = {.record = record,
                                      .dataset = folder,
                                      .output = output,
                                      .formats = RUNET_EXPORT_MASKS};
  g_autoptr (RunetExport) done = runet_export_run (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (done->problems->len, ==, 0);
  const char *expert = patient->views[RUNET_VIEW_A4C].still_mask[RUNET_INSTANT_ED];
  g_autofree char *name = g_path_get_basename (expert);
  g_autofree char *path =
      g_build_filename (output, "masks", patient->subset != NULL ? patient->subset : "",
                        patient->id, name, NULL);
  g_autoptr (RunetGrid) wanted =
      runet_grid_read (patient->views[RUNET_VIEW_A4C].still[RUNET_INSTANT_ED], &error);
  g_autoptr (RunetGrid) found = runet_grid_read (path, &error);
  g_assert_no_error (error);
  g_assert_true (runet_grid_equal (wanted, found));
  g_assert_cmpint (wanted->type, ==, found->type);
  g_assert_cmpint (wanted->format, ==, found->format);
  g_autoptr (GBytes) before = read_stored (expert);
  g_autoptr (GBytes) after = read_stored (path);
  g_assert_true (g_bytes_equal (before, after));
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/exchange/export/masks", test_masks);
  g_test_add_func ("/exchange/export/png", test_png);
  g_test_add_func ("/exchange/export/coco", test_coco);
  g_test_add_func ("/exchange/export/csv", test_csv);
  g_test_add_func ("/exchange/export/contours", test_contours);
  g_test_add_func ("/exchange/export/versions", test_versions);
  g_test_add_func ("/exchange/export/manifest", test_manifest);
  g_test_add_func ("/exchange/export/existing", test_existing);
  g_test_add_func ("/exchange/export/refused-places", test_refused_places);
  g_test_add_func ("/exchange/export/cancel", test_cancel);
  g_test_add_func ("/exchange/export/no-report", test_no_report);
  g_test_add_func ("/exchange/export/hostile", test_hostile);
  g_test_add_func ("/exchange/export/other-image", test_other_image);
  g_test_add_func ("/exchange/export/changed-image", test_changed_image);
  g_test_add_data_func ("/exchange/export/camus/nifti", "database_nifti", test_camus);
  g_test_add_data_func ("/exchange/export/camus/mhd", "native_mhd", test_camus);
  return g_test_run ();
}
