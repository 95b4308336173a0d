/* How far a retraining is. */
#include "retrain-progress.h"

#include <math.h>
#include <string.h>
#include "core/base/json-depth.h"
#include "core/shape/mask.h"

/* Of the whole: reading takes a moment, comparing as long as an epoch or two. */
#define READING_SHARE 0.02
#define LEARNING_SHARE 0.93
/* A program that has more to warn of says the same again and again. */
#define WARNINGS 200

RunetRetrainProgress *
runet_retrain_progress_new (void) {
  RunetRetrainProgress *self = g_new0 (RunetRetrainProgress, 1);
  self->seconds_left = -1;
  self->history = g_array_new (FALSE, FALSE, sizeof (RunetRetrainEpoch));
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
runet_retrain_progress_free (RunetRetrainProgress *self) {
  if (!self)
    return;
  g_array_unref (self->history);
  g_ptr_array_unref (self->warnings);
  g_clear_pointer (&self->gate, runet_gate_free);
  g_free (self->candidate);
  g_free (self->failure);
  g_free (self);
}

/* ---- Members, whatever they are ---- */

static double
get_number (JsonObject *object, const char *name, double fallback) {
  JsonNode *node = json_object_get_member (object, name);
  if (!node || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  const GType type = json_node_get_value_type (node);
  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return fallback;
  const double value = json_node_get_double (node);
  return isfinite (value) ? value : fallback;
}

static guint
get_count (JsonObject *object, const char *name, guint fallback) {
  const double value = get_number (object, name, fallback);
  return value >= 0 && value <= G_MAXINT ? (guint)value : fallback;
}

/* (transfer none) (nullable) */
static const char *
get_text (JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member (object, name);
  return node && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
get_flag (JsonObject *object, const char *name) {
  JsonNode *node = json_object_get_member (object, name);
  return node && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

/* ---- Kinds of lines ---- */

static void
set_phase (RunetRetrainProgress *self, RunetRetrainPhase phase, JsonObject *object) {
  self->phase = phase;
  self->done = get_count (object, "done", 0);
  self->total = get_count (object, "total", 0);
  self->seconds_left = get_number (object, "seconds_left", -1);
}

static void
take_reading (RunetRetrainProgress *self, JsonObject *object) {
  set_phase (self, RUNET_RETRAIN_READING, object);
}

static void
take_data (RunetRetrainProgress *self, JsonObject *object) {
  self->corrected = get_count (object, "corrected", self->corrected);
  self->repeat = get_count (object, "repeat", self->repeat);
  self->drawn = get_count (object, "drawn", self->drawn);
}

static void
take_step (RunetRetrainProgress *self, JsonObject *object) {
  set_phase (self, RUNET_RETRAIN_LEARNING, object);
  self->epoch = get_count (object, "epoch", self->epoch);
  self->epochs = get_count (object, "epochs", self->epochs);
}

/* Validation ends an epoch: what is left is not known anew. */
static void
take_validation (RunetRetrainProgress *self, JsonObject *object) {
  const double left = self->seconds_left;
  take_step (self, object);
  self->done = self->total;
  self->seconds_left = left;
}

/* The mean over the structures that the last stage has; NaN without any. */
static double
get_dice (JsonObject *object) {
  JsonNode *node = json_object_get_member (object, "stages");
  JsonArray *stages =
      node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  const guint count = stages ? json_array_get_length (stages) : 0;
  node = count > 0 ? json_array_get_element (stages, count - 1) : NULL;
  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return NAN;
  node = json_object_get_member (json_node_get_object (node), "dice");
  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return NAN;
  double sum = 0;
  guint known = 0;
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    const double dice =
        get_number (json_node_get_object (node), runet_structure_to_string (s), NAN);
    if (isfinite (dice)) {
      sum += dice;
      known++;
    }
  }
  return known > 0 ? sum / known : NAN;
}

/* Epochs come in order; one that comes again, as after going on, takes the place of what was there. */
static void
take_epoch (RunetRetrainProgress *self, JsonObject *object) {
  const RunetRetrainEpoch epoch = {
      .number = get_count (object, "epoch", 0),
      .loss = get_number (object, "loss", NAN),
      .dice = get_dice (object),
      .best = get_flag (object, "best"),
  };
  if (epoch.number == 0)
    return;
  while (
      self->history->len > 0 &&
      g_array_index (self->history, RunetRetrainEpoch, self->history->len - 1).number >=
          epoch.number)
    g_array_set_size (self->history, self->history->len - 1);
  g_array_append_val (self->history, epoch);
  self->phase = RUNET_RETRAIN_LEARNING;
  self->epoch = epoch.number;
  self->epochs = MAX (epoch.number, get_count (object, "epochs", self->epochs));
  self->done = self->total;
  self->seconds_left = get_number (object, "seconds_left", self->seconds_left);
}

static void
take_comparing (RunetRetrainProgress *self, JsonObject *object) {
  set_phase (self, RUNET_RETRAIN_COMPARING, object);
}

static void
take_verdict (RunetRetrainProgress *self, JsonObject *object) {
  JsonNode *node = json_object_get_member (object, "gate");
  RunetGate *gate = node ? runet_gate_from_json (node, NULL) : NULL;
  if (!gate)
    return;
  g_clear_pointer (&self->gate, runet_gate_free);
  self->gate = gate;
  set_phase (self, RUNET_RETRAIN_FINISHED, object);
}

static void
take_warning (RunetRetrainProgress *self, JsonObject *object) {
  const char *text = get_text (object, "message");
  if (text && self->warnings->len < WARNINGS &&
      !g_ptr_array_find_with_equal_func (self->warnings, text, g_str_equal, NULL))
    g_ptr_array_add (self->warnings, g_strdup (text));
}

/* Only what is registered can be put in use. */
static void
take_done (RunetRetrainProgress *self, JsonObject *object) {
  const char *hash = get_text (object, "hash");
  take_verdict (self, object);
  self->phase = RUNET_RETRAIN_FINISHED;
  if (!hash || !get_flag (object, "registered"))
    return;
  g_free (self->candidate);
  self->candidate = g_strdup (hash);
}

static void
take_failed (RunetRetrainProgress *self, JsonObject *object) {
  g_free (self->failure);
  self->failure = g_strdup (get_text (object, "message"));
  self->kept = get_text (object, "resume") != NULL;
}

/* What is of no interest here: the window has counted it before. */
static void
take_nothing (RunetRetrainProgress *self, JsonObject *object) {
}

gboolean
runet_retrain_progress_parse (RunetRetrainProgress *self, const char *line) {
  static const struct {
    const char *event;
    void (*take) (RunetRetrainProgress *self, JsonObject *object);
  } kinds[] = {
      {"snapshot", take_nothing},      {"data", take_data},
      {"reading", take_reading},       {"step", take_step},
      {"validation", take_validation}, {"epoch", take_epoch},
      {"gate", take_comparing},        {"verdict", take_verdict},
      {"warning", take_warning},       {"done", take_done},
      {"failed", take_failed},
  };
  g_return_val_if_fail (self != NULL && line != NULL, FALSE);
  g_autoptr (JsonNode) node =
      runet_json_is_shallow (line, strlen (line), RUNET_JSON_DEPTH)
          ? json_from_string (line, NULL)
          : NULL;
  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  JsonObject *object = json_node_get_object (node);
  const char *event = get_text (object, "event");
  for (guint i = 0; event && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (event, kinds[i].event)) {
      kinds[i].take (self, object);
      return TRUE;
    }
  return FALSE;
}

double
runet_retrain_progress_get_fraction (const RunetRetrainProgress *self) {
  g_return_val_if_fail (self != NULL, 0);
  const double part = self->total > 0 ? fmin (1, (double)self->done / self->total) : 0;
  switch (self->phase) {
  case RUNET_RETRAIN_READING:
    return READING_SHARE * part;
  case RUNET_RETRAIN_LEARNING:
    if (self->epoch == 0 || self->epochs == 0)
      return READING_SHARE;
    return READING_SHARE +
           LEARNING_SHARE * fmin (1, (self->epoch - 1 + part) / self->epochs);
  case RUNET_RETRAIN_COMPARING:
    return READING_SHARE + LEARNING_SHARE + (1 - READING_SHARE - LEARNING_SHARE) * part;
  default:
    return 1;
  }
}
