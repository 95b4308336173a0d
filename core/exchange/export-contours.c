/* Splines as JSON, with all that is known of where they come from. */
#include <math.h>

#include "export-private.h"

#define PIXEL_DECIMALS 4
#define MM_DECIMALS 4

void
runet_export_contours_begin (RunetJsonWriter *json, const RunetVersions *versions) {
  runet_json_writer_begin_object (json, NULL);
  runet_json_writer_add_string (json, "program", "RU-Net Review " RUNET_VERSION);
  runet_json_writer_add_int (json, "version", 1);
  runet_json_writer_add_string (json, "record",
                                runet_journal_get_path (versions->journal));
  runet_json_writer_add_string (
      json, "curves",
      "open cardinal splines of tension 0.5 through the points; endo and la are "
      "closed by the line between the annulus points, epi by that between its ends");
  runet_json_writer_add_string (
      json, "coordinates",
      "pixels from the top left corner of the image, x to the right, y down, centres "
      "of pixels at half-integers; in mm the same times the spacing");
  runet_json_writer_begin_array (json, "views");
}

void
runet_export_contours_begin_version (RunetJsonWriter *json,
                                     const RunetVersion *version) {
  const RunetSubject *subject = &version->subject;
  g_autofree char *time = runet_time_to_string (version->time);
  runet_json_writer_break (json);
  runet_json_writer_begin_object (json, NULL);
  runet_json_writer_add_string (json, "subset", subject->subset);
  runet_json_writer_add_string (json, "patient", subject->patient);
  runet_json_writer_add_string (json, "view", runet_view_to_string (subject->view));
  runet_json_writer_add_string (json, "author", version->author);
  runet_json_writer_add_string (json, "role", version->role);
  runet_json_writer_add_string (json, "status",
                                version->finished
                                    ? runet_review_status_to_string (version->status)
                                    : "unfinished");
  runet_json_writer_add_string (json, "time", time);
  runet_json_writer_add_number (json, "seconds_spent",
                                version->seconds > 0 ? version->seconds : NAN, 1);
  runet_json_writer_add_string (json, "model_sha256", version->model);
  if (version->decision != NULL)
    runet_json_writer_add_int (json, "event", version->decision->number);
  runet_json_writer_begin_array (json, "frames");
}

void
runet_export_contours_end_version (RunetJsonWriter *json) {
  runet_json_writer_end_array (json);
  runet_json_writer_end_object (json);
}

/* ---- One frame ---- */

static void
add_point (RunetJsonWriter *json,
           RunetPoint point,
           double scale_x,
           double scale_y,
           int decimals) {
  runet_json_writer_begin_array (json, NULL);
  runet_json_writer_add_number (json, NULL, point.x * scale_x, decimals);
  runet_json_writer_add_number (json, NULL, point.y * scale_y, decimals);
  runet_json_writer_end_array (json);
}

static void
add_structure (RunetJsonWriter *json,
               const RunetExportFrame *frame,
               RunetStructure structure) {
  const RunetCorrection *correction = frame->frame->correction;
  const RunetContourModel *model = &correction->model;
  const RunetGrid *grid = frame->labels->grid;
  runet_json_writer_begin_object (json, runet_structure_to_string (structure));
  runet_json_writer_add_string (json, "source",
                                runet_source_to_string (correction->source[structure]));
  runet_json_writer_add_number (json, "residual_mm", correction->residual_mm[structure],
                                MM_DECIMALS);
  if (structure == RUNET_STRUCTURE_ENDO && model->count[structure] > 0)
    runet_json_writer_add_int (json, "apex", model->apex);
  runet_json_writer_begin_array (json, "points_px");
  for (guint i = 0; i < model->count[structure]; i++)
    add_point (json, model->points[structure][i], 1, 1, PIXEL_DECIMALS);
  runet_json_writer_end_array (json);
  runet_json_writer_begin_array (json, "points_mm");
  for (guint i = 0; i < model->count[structure]; i++)
    add_point (json, model->points[structure][i], grid->spacing_x_mm,
               grid->spacing_y_mm, MM_DECIMALS);
  runet_json_writer_end_array (json);
  runet_json_writer_end_object (json);
}

static void
add_uncertain (RunetJsonWriter *json, const RunetCorrection *correction) {
  runet_json_writer_begin_array (json, "uncertain");
  for (guint i = 0; i < correction->uncertain->len; i++) {
    const RunetUncertainStretch *stretch =
        &g_array_index (correction->uncertain, RunetUncertainStretch, i);
    runet_json_writer_begin_object (json, NULL);
    runet_json_writer_add_string (json, "structure",
                                  runet_structure_to_string (stretch->structure));
    runet_json_writer_add_number (json, "from", stretch->from, 4);
    runet_json_writer_add_number (json, "to", stretch->to, 4);
    runet_json_writer_end_object (json);
  }
  runet_json_writer_end_array (json);
}

static void
add_edits (RunetJsonWriter *json, const RunetExportFrame *frame) {
  g_autoptr (GPtrArray) edits = runet_version_list_edits (
      frame->version, frame->frame->instant, frame->frame->frame);
  runet_json_writer_begin_array (json, "edits");
  for (guint i = 0; i < edits->len; i++) {
    const RunetEvent *event = edits->pdata[i];
    g_autofree char *time = runet_time_to_string (event->time);
    runet_json_writer_begin_object (json, NULL);
    runet_json_writer_add_int (json, "event", event->number);
    runet_json_writer_add_string (json, "time", time);
    runet_json_writer_add_string (json, "tool", event->tool);
    runet_json_writer_add_number (json, "seconds",
                                  event->seconds > 0 ? event->seconds : NAN, 2);
    runet_json_writer_end_object (json);
  }
  runet_json_writer_end_array (json);
}

void
runet_export_contours_add (RunetJsonWriter *json, const RunetExportFrame *frame) {
  const RunetCorrectedFrame *of = frame->frame;
  const RunetGrid *grid = frame->labels->grid;
  runet_json_writer_break (json);
  runet_json_writer_begin_object (json, NULL);
  runet_json_writer_add_string (
      json, "instant",
      of->instant >= 0 ? runet_instant_to_string ((RunetInstant)of->instant) : NULL);
  runet_json_writer_add_int (json, "frame", of->frame);
  runet_json_writer_add_string (json, "image", frame->image_name);
  runet_json_writer_add_int (json, "width", (gint64)grid->width);
  runet_json_writer_add_int (json, "height", (gint64)grid->height);
  runet_json_writer_add_number (json, "spacing_x_mm", grid->spacing_x_mm, 6);
  runet_json_writer_add_number (json, "spacing_y_mm", grid->spacing_y_mm, 6);
  runet_json_writer_add_boolean (json, "edited", of->edited);
  runet_json_writer_add_boolean (json, "derived", of->correction->derived);
  runet_json_writer_begin_object (json, "structures");
  for (int s = 0; s < RUNET_STRUCTURES; s++)
    add_structure (json, frame, (RunetStructure)s);
  runet_json_writer_end_object (json);
  add_uncertain (json, of->correction);
  add_edits (json, frame);
  runet_json_writer_end_object (json);
}

gboolean
runet_export_contours_write (RunetJsonWriter *json,
                             RunetExportFolder *folder,
                             GError **error) {
  runet_json_writer_end_array (json);
  runet_json_writer_end_object (json);
  g_string_append_c (json->text, '\n');
  return runet_export_folder_write (folder, "contours.json", json->text->str,
                                    json->text->len, error);
}
