/* A snapshot as a folder: manifest.json, and the label maps as PNG files under the names of their hashes. */
#include <string.h>

#include "core/base/json-build.h"
#include "core/base/json-text.h"
#include "core/echo/file.h"
#include "core/echo/json-file.h"
#include "core/echo/label-map.h"
#include "core/echo/staged-folder.h"
#include "snapshot-private.h"

#define FORMAT "runet-snapshot-1"
#define MANIFEST "manifest.json"

/* ---- Writing ---- */

static void
add_frame (JsonBuilder *builder, const RunetSnapshotFrame *frame) {
  json_builder_begin_object (builder);
  runet_json_add_bytes (builder, "subset", frame->subset);
  runet_json_add_bytes (builder, "patient", frame->patient);
  runet_json_add_string (builder, "view", runet_view_to_string (frame->view));
  runet_json_add_string (builder, "instant",
                         frame->instant >= 0
                             ? runet_instant_to_string ((RunetInstant)frame->instant)
                             : NULL);
  runet_json_add_int (builder, "frame", frame->frame);
  runet_json_add_boolean (builder, "edited", frame->edited);
  runet_json_add_boolean (builder, "derived", frame->derived);
  runet_json_add_string (builder, "author", frame->author);
  runet_json_add_string (builder, "time", frame->time);
  runet_json_add_int (builder, "event", frame->event);
  runet_json_add_string (builder, "model", frame->model);
  runet_json_add_string (builder, "image", frame->image);
  runet_json_add_string (builder, "hash", frame->hash);
  runet_json_add_boolean (builder, "weighted", frame->weights != NULL);
  json_builder_end_object (builder);
}

static JsonNode *
make_manifest (const RunetSnapshot *snapshot) {
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  runet_json_add_string (builder, "format", FORMAT);
  runet_json_add_string (builder, "hash", snapshot->hash);
  json_builder_set_member_name (builder, "frames");
  json_builder_begin_array (builder);
  for (guint i = 0; i < snapshot->frames->len; i++)
    add_frame (builder, snapshot->frames->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static char *
make_path (const char *folder, const char *hash, gboolean weights) {
  g_autofree char *name =
      g_strconcat (hash, weights ? "_weights.png" : "_labels.png", NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
write_map (const RunetSnapshotFrame *frame,
           const char *folder,
           gboolean weights,
           GError **error) {
  g_autofree char *path = make_path (folder, frame->hash, weights);
  g_autoptr (RunetGrid) grid = runet_grid_new (frame->width, frame->height, 1, 1, 1,
                                               RUNET_FORMAT_PNG, RUNET_PIXEL_UINT8);
  g_autoptr (RunetLabelMap) map = runet_label_map_new (grid, error);
  if (map == NULL)
    return FALSE;
  memcpy (map->labels, weights ? frame->weights : frame->labels,
          frame->width * frame->height);
  return runet_label_map_write (map, path, error);
}

static gboolean
write_files (const RunetSnapshot *snapshot, const char *folder, GError **error) {
  for (guint i = 0; i < snapshot->frames->len; i++) {
    const RunetSnapshotFrame *frame = snapshot->frames->pdata[i];
    if (!write_map (frame, folder, FALSE, error) ||
        (frame->weights != NULL && !write_map (frame, folder, TRUE, error)))
      return FALSE;
  }
  g_autoptr (JsonNode) manifest = make_manifest (snapshot);
  g_autofree char *path = g_build_filename (folder, MANIFEST, NULL);
  return runet_json_file_write (manifest, path, error);
}

/* Another process may write the same meanwhile: then that is the one. */
static gboolean
write_folder (const RunetSnapshot *snapshot, const char *path, GError **error) {
  g_autoptr (RunetStagedFolder) staged = runet_staged_folder_new (path, TRUE, error);
  if (staged == NULL ||
      !write_files (snapshot, runet_staged_folder_get_path (staged), error))
    return FALSE;
  g_autoptr (GError) local = NULL;
  if (runet_staged_folder_commit (staged, &local) ||
      g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

char *
runet_snapshot_write (const RunetSnapshot *snapshot,
                      const char *folder,
                      GError **error) {
  g_return_val_if_fail (snapshot != NULL && folder != NULL, NULL);
  g_autofree char *path = g_build_filename (folder, snapshot->hash, NULL);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR) && !write_folder (snapshot, path, error))
    return NULL;
  return g_steal_pointer (&path);
}

/* ---- Reading ---- */

/* (nullable): NULL when it is absent, null, or no string. */
static const char *
get_string (JsonObject *object, const char *name) {
  return runet_json_get_string (object, name, NULL);
}

static char *
get_name (JsonObject *object, const char *name) {
  const char *text = get_string (object, name);
  return text != NULL ? g_uri_unescape_string (text, NULL) : NULL;
}

static gint64
get_int (JsonObject *object, const char *name) {
  gint64 value;
  return runet_json_get_integer (object, name, G_MININT64, G_MAXINT64, &value, NULL)
             ? value
             : 0;
}

static gboolean
get_boolean (JsonObject *object, const char *name) {
  gboolean value;
  return runet_json_get_boolean (object, name, &value, NULL) && value;
}

/* Of "2CH", "4CH" or "ED", "ES"; -1 for none of them. */
static int
find_text (const char *text, const char *(*name_of) (int), int count) {
  for (int i = 0; i < count; i++)
    if (g_strcmp0 (text, name_of (i)) == 0)
      return i;
  return -1;
}

static const char *
view_name (int view) {
  return runet_view_to_string ((RunetView)view);
}

static const char *
instant_name (int instant) {
  return runet_instant_to_string ((RunetInstant)instant);
}

/* A hash, since it is going to be a part of a path. */
static gboolean
is_hash (const char *text) {
  return text != NULL && strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static guint8 *
read_map (RunetSnapshotFrame *frame,
          const char *folder,
          gboolean weights,
          GError **error) {
  g_autofree char *path = make_path (folder, frame->hash, weights);
  g_autoptr (RunetLabelMap) map = runet_label_map_read (path, NULL, error);
  if (map == NULL)
    return NULL;
  if (weights &&
      (map->grid->width != frame->width || map->grid->height != frame->height)) {
    runet_file_error (error, RUNET_ERROR_FORMAT, path,
                      "expected weights of %zu × %zu, found %zu × %zu", frame->width,
                      frame->height, map->grid->width, map->grid->height);
    return NULL;
  }
  frame->width = map->grid->width;
  frame->height = map->grid->height;
  return g_memdup2 (map->labels, frame->width * frame->height);
}

static gboolean
refuse (GError **error, const char *path, const char *what) {
  runet_file_error (error, RUNET_ERROR_FORMAT, path, "%s", what);
  return FALSE;
}

/* What the manifest says of a frame, without its maps. NULL when that is not enough. */
static RunetSnapshotFrame *
read_entry (JsonObject *object) {
  g_autoptr (RunetSnapshotFrame) frame = g_new0 (RunetSnapshotFrame, 1);
  int view = find_text (get_string (object, "view"), view_name, RUNET_VIEWS);
  gint64 number = get_int (object, "frame");
  frame->subset = get_name (object, "subset");
  frame->patient = get_name (object, "patient");
  frame->instant =
      find_text (get_string (object, "instant"), instant_name, RUNET_INSTANTS);
  frame->frame = (int)CLAMP (number, 0, G_MAXINT);
  frame->edited = get_boolean (object, "edited");
  frame->derived = get_boolean (object, "derived");
  frame->author = g_strdup (get_string (object, "author"));
  frame->time = g_strdup (get_string (object, "time"));
  frame->event = get_int (object, "event");
  frame->model = g_strdup (get_string (object, "model"));
  frame->image = g_strdup (get_string (object, "image"));
  frame->hash = g_strdup (get_string (object, "hash"));
  if (frame->patient == NULL || view < 0 || frame->image == NULL ||
      !is_hash (frame->hash) || (frame->instant < 0 && frame->frame < 1))
    return NULL;
  frame->view = (RunetView)view;
  frame->name = runet_snapshot_frame_name (frame->patient, frame->view, frame->instant,
                                           frame->frame);
  return g_steal_pointer (&frame);
}

static gboolean
read_frame (RunetSnapshot *snapshot,
            JsonNode *node,
            const char *folder,
            GError **error) {
  JsonObject *object =
      JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (RunetSnapshotFrame) frame = object != NULL ? read_entry (object) : NULL;
  if (frame == NULL)
    return refuse (error, folder,
                   "expected frames with all their members in its manifest, found one "
                   "without");
  frame->labels = read_map (frame, folder, FALSE, error);
  if (frame->labels == NULL)
    return FALSE;
  if (get_boolean (object, "weighted")) {
    frame->weights = read_map (frame, folder, TRUE, error);
    if (frame->weights == NULL)
      return FALSE;
  }
  g_autofree char *hash = runet_snapshot_frame_hash (frame);
  if (g_strcmp0 (hash, frame->hash) != 0)
    return refuse (error, folder,
                   "expected label maps as the manifest says, found that "
                   "one has changed");
  g_ptr_array_add (snapshot->frames, g_steal_pointer (&frame));
  return TRUE;
}

RunetSnapshot *
runet_snapshot_read (const char *path, GError **error) {
  g_return_val_if_fail (path != NULL, NULL);
  g_autofree char *manifest = g_build_filename (path, MANIFEST, NULL);
  g_autoptr (JsonObject) object = runet_json_file_read (manifest, error);
  if (object == NULL)
    return NULL;
  JsonArray *frames = runet_json_get_array (object, "frames", G_MAXUINT, NULL);
  if (frames == NULL || g_strcmp0 (get_string (object, "format"), FORMAT) != 0) {
    refuse (error, path, "expected a snapshot of format " FORMAT ", found another");
    return NULL;
  }
  g_autoptr (RunetSnapshot) snapshot = runet_snapshot_new_empty ();
  for (guint i = 0; i < json_array_get_length (frames); i++)
    if (!read_frame (snapshot, json_array_get_element (frames, i), path, error))
      return NULL;
  runet_snapshot_seal (snapshot);
  if (g_strcmp0 (snapshot->hash, get_string (object, "hash")) == 0)
    return g_steal_pointer (&snapshot);
  refuse (error, path, "expected the frames that its hash is of, found others");
  return NULL;
}
