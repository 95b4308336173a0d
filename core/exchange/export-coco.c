/* Contours in the format of COCO, which tools for detection and segmentation read: cocodataset.org, "Data format". */
#include <math.h>

#include "export-private.h"

/* A thousandth of a pixel. */
#define DECIMALS 3

/* Categories are counted from 1. */
static gint64
category_of (RunetStructure structure) {
  return (gint64)structure + 1;
}

static const char *const category_names[RUNET_STRUCTURES] = {
    [RUNET_STRUCTURE_ENDO] = "left ventricle (endocardium)",
    [RUNET_STRUCTURE_EPI] = "left ventricle and myocardium (epicardium)",
    [RUNET_STRUCTURE_LA] = "left atrium",
};

void
runet_export_coco_init (RunetExportCoco *self) {
  *self = (RunetExportCoco){.images = {g_string_new (NULL), FALSE},
                            .annotations = {g_string_new (NULL), FALSE}};
}

void
runet_export_coco_clear (RunetExportCoco *self) {
  g_string_free (self->images.text, TRUE);
  g_string_free (self->annotations.text, TRUE);
}

/* ---- One image ---- */

static void
add_image (RunetExportCoco *self, const RunetExportFrame *frame) {
  RunetJsonWriter *json = &self->images;
  const RunetGrid *grid = frame->labels->grid;
  const RunetSubject *subject = &frame->version->subject;
  g_autofree char *stem =
      runet_version_stem (frame->version, frame->frame->instant, frame->frame->frame);
  runet_json_writer_break (json);
  runet_json_writer_begin_object (json, NULL);
  runet_json_writer_add_int (json, "id", self->image_count);
  runet_json_writer_add_string (json, "file_name",
                                frame->image_name != NULL ? frame->image_name : stem);
  runet_json_writer_add_int (json, "width", (gint64)grid->width);
  runet_json_writer_add_int (json, "height", (gint64)grid->height);
  runet_json_writer_add_string (json, "patient", subject->patient);
  runet_json_writer_add_string (json, "subset", subject->subset);
  runet_json_writer_add_string (json, "view", runet_view_to_string (subject->view));
  runet_json_writer_add_string (
      json, "instant",
      frame->frame->instant >= 0
          ? runet_instant_to_string ((RunetInstant)frame->frame->instant)
          : NULL);
  runet_json_writer_add_int (json, "frame", frame->frame->frame);
  runet_json_writer_add_number (json, "spacing_x_mm", grid->spacing_x_mm, 6);
  runet_json_writer_add_number (json, "spacing_y_mm", grid->spacing_y_mm, 6);
  runet_json_writer_end_object (json);
}

/* ---- One structure ---- */

static void
add_segmentation (RunetJsonWriter *json, const GPtrArray *polygons) {
  runet_json_writer_begin_array (json, "segmentation");
  for (guint i = 0; i < polygons->len; i++) {
    const GArray *points = polygons->pdata[i];
    runet_json_writer_begin_array (json, NULL);
    for (guint p = 0; p < points->len; p++) {
      const RunetPoint point = g_array_index (points, RunetPoint, p);
      runet_json_writer_add_number (json, NULL, point.x, DECIMALS);
      runet_json_writer_add_number (json, NULL, point.y, DECIMALS);
    }
    runet_json_writer_end_array (json);
  }
  runet_json_writer_end_array (json);
}

static void
add_box (RunetJsonWriter *json, const GPtrArray *polygons) {
  double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  for (guint i = 0; i < polygons->len; i++) {
    const GArray *points = polygons->pdata[i];
    for (guint p = 0; p < points->len; p++) {
      const RunetPoint point = g_array_index (points, RunetPoint, p);
      left = fmin (left, point.x);
      right = fmax (right, point.x);
      top = fmin (top, point.y);
      bottom = fmax (bottom, point.y);
    }
  }
  runet_json_writer_begin_array (json, "bbox");
  runet_json_writer_add_number (json, NULL, left, DECIMALS);
  runet_json_writer_add_number (json, NULL, top, DECIMALS);
  runet_json_writer_add_number (json, NULL, right - left, DECIMALS);
  runet_json_writer_add_number (json, NULL, bottom - top, DECIMALS);
  runet_json_writer_end_array (json);
}

static void
add_attributes (RunetJsonWriter *json, const RunetExportFrame *frame) {
  const RunetVersion *version = frame->version;
  runet_json_writer_begin_object (json, "attributes");
  runet_json_writer_add_string (json, "author", version->author);
  runet_json_writer_add_string (json, "role", version->role);
  runet_json_writer_add_string (json, "status",
                                version->finished
                                    ? runet_review_status_to_string (version->status)
                                    : "unfinished");
  runet_json_writer_add_boolean (json, "edited", frame->frame->edited);
  runet_json_writer_add_string (json, "model_sha256", version->model);
  runet_json_writer_end_object (json);
}

static void
add_structure (RunetExportCoco *self,
               const RunetExportFrame *frame,
               RunetStructure structure) {
  const RunetGrid *grid = frame->labels->grid;
  RunetJsonWriter *json = &self->annotations;
  g_autofree guint8 *mask = g_malloc (grid->width * grid->height);
  const gsize area = runet_mask_from_labels (frame->labels->labels, grid->width,
                                             grid->height, structure, mask);
  g_autoptr (GPtrArray) polygons = runet_export_polygons (frame, structure);
  if (area == 0 || polygons->len == 0)
    return;
  runet_json_writer_break (json);
  runet_json_writer_begin_object (json, NULL);
  runet_json_writer_add_int (json, "id", ++self->annotation_count);
  runet_json_writer_add_int (json, "image_id", self->image_count);
  runet_json_writer_add_int (json, "category_id", category_of (structure));
  runet_json_writer_add_int (json, "iscrowd", 0);
  runet_json_writer_add_int (json, "area", (gint64)area);
  add_box (json, polygons);
  add_segmentation (json, polygons);
  add_attributes (json, frame);
  runet_json_writer_end_object (json);
}

void
runet_export_coco_add (RunetExportCoco *self, const RunetExportFrame *frame) {
  self->image_count++;
  add_image (self, frame);
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    add_structure (self, frame, (RunetStructure)s);
}

/* ---- The whole ---- */

static void
add_categories (RunetJsonWriter *json) {
  runet_json_writer_begin_array (json, "categories");
  for (int s = 0; s < RUNET_STRUCTURES; s++) {
    runet_json_writer_break (json);
    runet_json_writer_begin_object (json, NULL);
    runet_json_writer_add_int (json, "id", category_of ((RunetStructure)s));
    runet_json_writer_add_string (json, "name",
                                  runet_structure_to_string ((RunetStructure)s));
    runet_json_writer_add_string (json, "description", category_names[s]);
    runet_json_writer_add_string (json, "supercategory", "heart");
    runet_json_writer_end_object (json);
  }
  runet_json_writer_end_array (json);
}

static void
add_list (RunetJsonWriter *json, const char *name, const RunetJsonWriter *list) {
  runet_json_writer_begin_array (json, name);
  g_string_append_len (json->text, list->text->str, (gssize)list->text->len);
  runet_json_writer_end_array (json);
  runet_json_writer_break (json);
}

gboolean
runet_export_coco_write (RunetExportCoco *self,
                         RunetExportFolder *folder,
                         GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  RunetJsonWriter json = {text, FALSE};
  runet_json_writer_begin_object (&json, NULL);
  runet_json_writer_begin_object (&json, "info");
  runet_json_writer_add_string (&json, "description",
                                "Contours of echocardiograms, for research only");
  runet_json_writer_add_string (&json, "contributor", "RU-Net Review " RUNET_VERSION);
  runet_json_writer_end_object (&json);
  runet_json_writer_break (&json);
  add_list (&json, "images", &self->images);
  add_list (&json, "annotations", &self->annotations);
  add_categories (&json);
  runet_json_writer_end_object (&json);
  g_string_append_c (text, '\n');
  return runet_export_folder_write (folder, "coco.json", text->str, text->len, error);
}
