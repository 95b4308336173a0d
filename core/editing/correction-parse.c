/* Reading corrections from JSON: what is not sound is refused. */
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/echo/deflate.h"
#include "correction-json.h"
#include "correction-private.h"

/* Spacings in mm that an image can have. */
#define SPACING_MIN_MM 1e-6
#define SPACING_MAX_MM 1e6
/* The ends of endo and LA are the same points, but for what others' arithmetic makes of them; pixels. */
#define SHARED_TOLERANCE 1e-6

gboolean
runet_correction_check_format (JsonObject *object, const char *format, GError **error) {
  const char *found = runet_json_get_string (object, "format", error);
  gint64 version;
  if (found == NULL ||
      !runet_json_get_integer (object, "version", 1, G_MAXINT64, &version, error))
    return FALSE;
  if (strcmp (found, format) != 0)
    return runet_json_fail (error, "format: expected %s, found another", format);
  if (version > RUNET_CORRECTION_VERSION) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "%s: expected version %d or older, found %" G_GINT64_FORMAT
                 ", of a newer program",
                 format, RUNET_CORRECTION_VERSION, version);
    return FALSE;
  }
  return TRUE;
}

/* NaN where it is null. */
static gboolean
is_spacing (JsonNode *node, double *value) {
  if (JSON_NODE_HOLDS_NULL (node)) {
    *value = NAN;
    return TRUE;
  }
  return runet_json_is_number (node, SPACING_MIN_MM, SPACING_MAX_MM, value);
}

static RunetGrid *
read_grid (JsonObject *object, GError **error) {
  gint64 width, height;
  const gint64 most = (gint64)RUNET_CORRECTION_PIXELS_MAX;
  const gint64 side = RUNET_CORRECTION_SIDE_MAX;
  if (!runet_json_get_integer (object, "width", 1, side, &width, error) ||
      !runet_json_get_integer (object, "height", 1, MIN (side, most / width), &height,
                               error))
    return NULL;
  JsonArray *spacing = runet_json_get_array (object, "spacing_mm", 2, error);
  if (spacing == NULL)
    return NULL;
  double x, y;
  if (json_array_get_length (spacing) != 2 ||
      !is_spacing (json_array_get_element (spacing, 0), &x) ||
      !is_spacing (json_array_get_element (spacing, 1), &y)) {
    runet_json_fail (error, "spacing_mm: expected two lengths, found something else");
    return NULL;
  }
  return runet_grid_new ((gsize)width, (gsize)height, 1, x, y, RUNET_FORMAT_NIFTI_GZ,
                         RUNET_PIXEL_UINT8);
}

static gboolean
are_labels (const guint8 *labels, gsize count) {
  guint8 all = 0;
  for (gsize i = 0; i < count; i++)
    all |= labels[i];
  return all < RUNET_LABELS;
}

static GBytes *
read_labels (JsonObject *object, const char *name, gsize count, GError **error) {
  const char *text = runet_json_get_string (object, name, error);
  if (text == NULL)
    return NULL;
  gsize length;
  g_autofree guchar *deflated = g_base64_decode (text, &length);
  guint8 *labels = count <= runet_inflate_bound (length) ? g_try_malloc (count) : NULL;
  if (labels == NULL || runet_inflate (deflated, length, labels, count) != count)
    runet_json_fail (error,
                     "%s: expected %" G_GSIZE_FORMAT " labels, found another number",
                     name, count);
  else if (!are_labels (labels, count))
    runet_json_fail (error, "%s: expected labels 0 to 3, found others", name);
  else
    return g_bytes_new_take (labels, count);
  g_free (labels);
  return NULL;
}

static gboolean
is_point (JsonNode *node, RunetPoint *point) {
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  JsonArray *pair = json_node_get_array (node);
  const double most = RUNET_CORRECTION_PLACE_MAX;
  return json_array_get_length (pair) == 2 &&
         runet_json_is_number (json_array_get_element (pair, 0), -most, most,
                               &point->x) &&
         runet_json_is_number (json_array_get_element (pair, 1), -most, most,
                               &point->y);
}

static gboolean
read_contour (JsonObject *contour,
              RunetStructure structure,
              RunetContourModel *model,
              GError **error) {
  const char *name = runet_structure_to_string (structure);
  JsonArray *points =
      runet_json_get_array (contour, "points", RUNET_CONTOUR_POINTS_MAX, error);
  if (points == NULL)
    return FALSE;
  const guint count = json_array_get_length (points);
  if (count < RUNET_CONTOUR_POINTS_MIN)
    return runet_json_fail (error, "%s: expected at least %d points, found %u", name,
                            RUNET_CONTOUR_POINTS_MIN, count);
  for (guint i = 0; i < count; i++)
    if (!is_point (json_array_get_element (points, i), &model->points[structure][i]))
      return runet_json_fail (error, "%s: point %u: expected two coordinates", name,
                              i + 1);
  model->count[structure] = count;
  gint64 apex = 0;
  if (structure == RUNET_STRUCTURE_ENDO &&
      !runet_json_get_integer (contour, "apex", 1, (gint64)count - 2, &apex, error))
    return FALSE;
  if (structure == RUNET_STRUCTURE_ENDO)
    model->apex = (guint)apex;
  return TRUE;
}

static gboolean
are_near (RunetPoint a, RunetPoint b) {
  return hypot (a.x - b.x, a.y - b.y) <= SHARED_TOLERANCE;
}

static gboolean
read_contours (JsonObject *object, RunetContourModel *model, GError **error) {
  JsonObject *contours = runet_json_get_object (object, "contours", error);
  if (contours == NULL)
    return FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    const char *name = runet_structure_to_string (i);
    if (!json_object_has_member (contours, name))
      continue;
    JsonObject *contour = runet_json_get_object (contours, name, error);
    if (contour == NULL || !read_contour (contour, i, model, error))
      return FALSE;
  }
  const guint endo = model->count[RUNET_STRUCTURE_ENDO];
  const guint la = model->count[RUNET_STRUCTURE_LA];
  if (endo > 0 && la > 0 &&
      (!are_near (model->points[RUNET_STRUCTURE_ENDO][0],
                  model->points[RUNET_STRUCTURE_LA][0]) ||
       !are_near (model->points[RUNET_STRUCTURE_ENDO][endo - 1],
                  model->points[RUNET_STRUCTURE_LA][la - 1])))
    return runet_json_fail (
        error, "contours: expected endo and la to share their ends, found others");
  return TRUE;
}

static gboolean
read_source (JsonObject *sources,
             RunetCorrection *self,
             int structure,
             GError **error) {
  const char *name = runet_structure_to_string (structure);
  const char *source = runet_json_get_string (sources, name, error);
  if (source == NULL)
    return FALSE;
  for (guint i = 0; i < RUNET_SOURCES; i++)
    if (strcmp (runet_source_to_string (i), source) == 0) {
      self->source[structure] = (RunetSource)i;
      return TRUE;
    }
  return runet_json_fail (
      error, "sources: %s: expected original, spline or painted, found another", name);
}

static gboolean
read_structures (JsonObject *object, RunetCorrection *self, GError **error) {
  JsonObject *sources = runet_json_get_object (object, "sources", error);
  JsonObject *residuals =
      sources != NULL ? runet_json_get_object (object, "residual_mm", error) : NULL;
  if (residuals == NULL)
    return FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++) {
    const char *name = runet_structure_to_string (i);
    if (!read_source (sources, self, i, error))
      return FALSE;
    if (runet_json_has (residuals, name) &&
        !runet_json_get_number (residuals, name, 0, G_MAXDOUBLE, &self->residual_mm[i],
                                error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_stretch (JsonObject *object, RunetUncertainStretch *stretch, GError **error) {
  const char *name = runet_json_get_string (object, "structure", error);
  if (name == NULL ||
      !runet_json_get_number (object, "from", 0, 1, &stretch->from, error) ||
      !runet_json_get_number (object, "to", 0, 1, &stretch->to, error))
    return FALSE;
  if (!(stretch->from < stretch->to))
    return runet_json_fail (error,
                            "uncertain: expected from before to, found %g and %g",
                            stretch->from, stretch->to);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (strcmp (runet_structure_to_string (i), name) == 0) {
      stretch->structure = (RunetStructure)i;
      return TRUE;
    }
  return runet_json_fail (error, "uncertain: expected endo, epi or la, found another");
}

static gboolean
read_uncertain (JsonObject *object, GArray *uncertain, GError **error) {
  JsonArray *stretches =
      runet_json_get_array (object, "uncertain", RUNET_CORRECTION_STRETCHES_MAX, error);
  if (stretches == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (stretches); i++) {
    JsonNode *node = json_array_get_element (stretches, i);
    RunetUncertainStretch stretch;
    if (!JSON_NODE_HOLDS_OBJECT (node))
      return runet_json_fail (error, "uncertain: expected objects, found another");
    if (!read_stretch (json_node_get_object (node), &stretch, error))
      return FALSE;
    g_array_append_val (uncertain, stretch);
  }
  return TRUE;
}

/* The painted map is there when, and only when, something comes from it. */
static gboolean
read_painted (JsonObject *object, RunetCorrection *self, GError **error) {
  const gboolean wanted = runet_correction_has_source (self, RUNET_SOURCE_PAINTED);
  if (runet_json_has (object, "painted") != wanted)
    return runet_json_fail (error, "painted: expected %s, found %s",
                            wanted ? "a label map" : "none",
                            wanted ? "none" : "something");
  if (!wanted)
    return TRUE;
  self->painted =
      read_labels (object, "painted", runet_correction_count_pixels (self), error);
  return self->painted != NULL;
}

RunetCorrection *
runet_correction_read (JsonObject *object, GError **error) {
  if (!runet_correction_check_format (object, RUNET_CORRECTION_FORMAT, error))
    return NULL;
  g_autoptr (RunetGrid) grid = read_grid (object, error);
  if (grid == NULL)
    return NULL;
  g_autoptr (GBytes) original =
      read_labels (object, "original", grid->width * grid->height, error);
  if (original == NULL)
    return NULL;
  g_autoptr (RunetCorrection) self = runet_correction_new_empty (grid, original);
  if (!read_structures (object, self, error) ||
      !read_contours (object, &self->model, error) ||
      !read_uncertain (object, self->uncertain, error) ||
      !read_painted (object, self, error) ||
      !runet_json_get_boolean (object, "derived", &self->derived, error))
    return NULL;
  return g_steal_pointer (&self);
}

RunetCorrection *
runet_correction_parse (GBytes *json, GError **error) {
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JsonObject) object = runet_json_read_object (json, "correction", error);
  RunetCorrection *self = object != NULL ? runet_correction_read (object, error) : NULL;
  if (object != NULL && self == NULL)
    g_prefix_error (error, "correction: ");
  return self;
}
