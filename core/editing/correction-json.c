/* Writing corrections as JSON. */
#include "correction-json.h"

#include <math.h>
#include <string.h>

#include "core/echo/deflate.h"
#include "correction-private.h"

const char *
runet_source_to_string (RunetSource source) {
  static const char *const names[RUNET_SOURCES] = {"original", "spline", "painted"};
  g_return_val_if_fail ((guint)source < RUNET_SOURCES, NULL);
  return names[source];
}

static void
add_number (JsonBuilder *builder, double value) {
  if (isfinite (value))
    /* The sum makes a negative zero a plain one, which JSON cannot tell apart. */
    json_builder_add_double_value (builder, value + 0.0);
  else
    json_builder_add_null_value (builder);
}

static void
add_member (JsonBuilder *builder, const char *name, double value) {
  json_builder_set_member_name (builder, name);
  add_number (builder, value);
}

static void
add_pair (JsonBuilder *builder, double x, double y) {
  json_builder_begin_array (builder);
  add_number (builder, x);
  add_number (builder, y);
  json_builder_end_array (builder);
}

static void
add_labels (JsonBuilder *builder, const char *name, GBytes *labels) {
  gsize length;
  const guint8 *bytes = g_bytes_get_data (labels, &length);
  g_autoptr (GByteArray) deflated = runet_deflate (bytes, length, RUNET_DEFLATE_ZLIB);
  if (deflated == NULL)
    g_error ("no memory to deflate %" G_GSIZE_FORMAT " labels", length);
  g_autofree char *text = g_base64_encode (deflated->data, deflated->len);
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_contours (JsonBuilder *builder, const RunetContourModel *model) {
  json_builder_set_member_name (builder, "contours");
  json_builder_begin_object (builder);
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    if (model->count[i] == 0)
      continue;
    json_builder_set_member_name (builder, runet_structure_to_string (i));
    json_builder_begin_object (builder);
    if (i == RUNET_STRUCTURE_ENDO) {
      json_builder_set_member_name (builder, "apex");
      json_builder_add_int_value (builder, model->apex);
    }
    json_builder_set_member_name (builder, "points");
    json_builder_begin_array (builder);
    for (guint k = 0; k < model->count[i]; k++)
      add_pair (builder, model->points[i][k].x, model->points[i][k].y);
    json_builder_end_array (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
}

static void
add_structures (JsonBuilder *builder, const RunetCorrection *self) {
  json_builder_set_member_name (builder, "sources");
  json_builder_begin_object (builder);
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    json_builder_set_member_name (builder, runet_structure_to_string (i));
    json_builder_add_string_value (builder, runet_source_to_string (self->source[i]));
  }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "residual_mm");
  json_builder_begin_object (builder);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    add_member (builder, runet_structure_to_string (i), self->residual_mm[i]);
  json_builder_end_object (builder);
}

static void
add_uncertain (JsonBuilder *builder, const GArray *uncertain) {
  json_builder_set_member_name (builder, "uncertain");
  json_builder_begin_array (builder);
  for (guint i = 0; i < uncertain->len; i++) {
    const RunetUncertainStretch *stretch =
        &g_array_index (uncertain, RunetUncertainStretch, i);
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "structure");
    json_builder_add_string_value (builder,
                                   runet_structure_to_string (stretch->structure));
    add_member (builder, "from", stretch->from);
    add_member (builder, "to", stretch->to);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

void
runet_correction_build_format (JsonBuilder *builder, const char *format) {
  json_builder_set_member_name (builder, "format");
  json_builder_add_string_value (builder, format);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, RUNET_CORRECTION_VERSION);
}

void
runet_correction_build (const RunetCorrection *self, JsonBuilder *builder) {
  json_builder_begin_object (builder);
  runet_correction_build_format (builder, RUNET_CORRECTION_FORMAT);
  json_builder_set_member_name (builder, "width");
  json_builder_add_int_value (builder, (gint64)self->grid->width);
  json_builder_set_member_name (builder, "height");
  json_builder_add_int_value (builder, (gint64)self->grid->height);
  json_builder_set_member_name (builder, "spacing_mm");
  add_pair (builder, self->grid->spacing_x_mm, self->grid->spacing_y_mm);
  json_builder_set_member_name (builder, "derived");
  json_builder_add_boolean_value (builder, self->derived);
  add_structures (builder, self);
  add_contours (builder, &self->model);
  add_uncertain (builder, self->uncertain);
  add_labels (builder, "original", self->original);
  if (self->painted != NULL)
    add_labels (builder, "painted", self->painted);
  json_builder_end_object (builder);
}

GBytes *
runet_correction_print (JsonBuilder *builder) {
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  char *text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

GBytes *
runet_correction_serialise (const RunetCorrection *self) {
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  runet_correction_build (self, builder);
  return runet_correction_print (builder);
}
