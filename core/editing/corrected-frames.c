/* The frames of one view as somebody accepted them. */
#include <string.h>

#include "core/echo/study.h"
#include "correction-json.h"

RunetCorrectedFrame *
runet_corrected_frame_new (int instant,
                           int frame,
                           gboolean edited,
                           RunetCorrection *correction) {
  g_return_val_if_fail (correction != NULL, NULL);
  g_return_val_if_fail (instant >= -1 && instant < (int)RUNET_INSTANTS, NULL);
  g_return_val_if_fail (
      instant >= 0 ? frame == 0 : frame > 0 && frame <= RUNET_FRAMES_MAX, NULL);
  RunetCorrectedFrame *self = g_new (RunetCorrectedFrame, 1);
  *self =
      (RunetCorrectedFrame){instant, frame, edited, runet_correction_ref (correction)};
  return self;
}

void
runet_corrected_frame_free (RunetCorrectedFrame *self) {
  if (self == NULL)
    return;
  runet_correction_unref (self->correction);
  g_free (self);
}

GBytes *
runet_corrected_frames_serialise (const GPtrArray *frames) {
  g_return_val_if_fail (frames != NULL, NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_correction_build_format (builder, RUNET_CORRECTED_FRAMES_FORMAT);
  json_builder_set_member_name (builder, "frames");
  json_builder_begin_array (builder);
  for (guint i = 0; i < frames->len; i++) {
    const RunetCorrectedFrame *frame = frames->pdata[i];
    json_builder_begin_object (builder);
    if (frame->instant >= 0) {
      json_builder_set_member_name (builder, "instant");
      json_builder_add_string_value (
          builder, runet_instant_to_string ((RunetInstant)frame->instant));
    } else {
      json_builder_set_member_name (builder, "frame");
      json_builder_add_int_value (builder, frame->frame);
    }
    json_builder_set_member_name (builder, "edited");
    json_builder_add_boolean_value (builder, frame->edited);
    json_builder_set_member_name (builder, "correction");
    runet_correction_build (frame->correction, builder);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return runet_correction_print (builder);
}

static gboolean
read_instant (JsonObject *object, int *instant, GError **error) {
  const char *name = runet_json_get_string (object, "instant", error);
  if (name == NULL)
    return FALSE;
  for (int i = 0; i < (int)RUNET_INSTANTS; i++)
    if (strcmp (runet_instant_to_string ((RunetInstant)i), name) == 0) {
      *instant = i;
      return TRUE;
    }
  return runet_json_fail (error, "instant: expected ED or ES, found another");
}

static RunetCorrectedFrame *
read_frame (JsonObject *object, GError **error) {
  int instant = -1;
  gint64 frame = 0;
  gboolean edited;
  if (runet_json_has (object, "instant")
          ? !read_instant (object, &instant, error)
          : !runet_json_get_integer (object, "frame", 1, RUNET_FRAMES_MAX, &frame,
                                     error))
    return NULL;
  if (!runet_json_get_boolean (object, "edited", &edited, error))
    return NULL;
  JsonObject *inner = runet_json_get_object (object, "correction", error);
  g_autoptr (RunetCorrection) correction =
      inner != NULL ? runet_correction_read (inner, error) : NULL;
  if (correction == NULL)
    return NULL;
  return runet_corrected_frame_new (instant, (int)frame, edited, correction);
}

static gboolean
is_new (const GPtrArray *frames, const RunetCorrectedFrame *frame) {
  for (guint i = 0; i < frames->len; i++) {
    const RunetCorrectedFrame *other = frames->pdata[i];
    if (other->instant == frame->instant && other->frame == frame->frame)
      return FALSE;
  }
  return TRUE;
}

static GPtrArray *
read_frames (JsonObject *object, GError **error) {
  if (!runet_correction_check_format (object, RUNET_CORRECTED_FRAMES_FORMAT, error))
    return NULL;
  JsonArray *array = runet_json_get_array (object, "frames", RUNET_FRAMES_MAX, error);
  if (array == NULL)
    return NULL;
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    RunetCorrectedFrame *frame = NULL;
    if (JSON_NODE_HOLDS_OBJECT (node))
      frame = read_frame (json_node_get_object (node), error);
    else
      runet_json_fail (error, "frames: expected objects, found another");
    if (frame == NULL) {
      g_prefix_error (error, "frame %u of the list: ", i + 1);
      return NULL;
    }
    const gboolean once = is_new (frames, frame);
    g_ptr_array_add (frames, frame);
    if (!once) {
      runet_json_fail (error, "frames: expected each once, found entry %u again",
                       i + 1);
      return NULL;
    }
  }
  return g_steal_pointer (&frames);
}

GPtrArray *
runet_corrected_frames_parse (GBytes *json, GError **error) {
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JsonObject) object =
      runet_json_read_object (json, "corrected frames", error);
  GPtrArray *frames = object != NULL ? read_frames (object, error) : NULL;
  if (object != NULL && frames == NULL)
    g_prefix_error (error, "corrected frames: ");
  return frames;
}
