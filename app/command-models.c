/* `runet models`: the registry of models. */
#include "command.h"

#include <string.h>

#include "core/base/json-depth.h"
#include "core/retraining/gate.h"
#include "core/retraining/registry.h"
#include "gate-report.h"

#define COMMAND "models"

typedef struct {
  char *author, *reason, *architecture;
  gboolean force;
} Options;

static void
options_clear (Options *options) {
  g_free (options->author);
  g_free (options->reason);
  g_free (options->architecture);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What one of the words after `models` does. */
typedef struct {
  const char *name;
  gboolean (*run) (RunetRegistry *registry,
                   const Options *options,
                   const char *hash,
                   gboolean json,
                   GError **error);
  gboolean hash; /* needs one */
} Action;

/* As the window of models has them; JSON keeps the registry's own words. */
static const char *
describe_state (const RunetRegisteredModel *model) {
  static const char *const words[RUNET_REGISTERED_STATES] = {
      [RUNET_REGISTERED_CANDIDATE] = "candidate",
      [RUNET_REGISTERED_CURRENT] = "in use",
      [RUNET_REGISTERED_RETIRED] = "used before",
  };
  return words[model->state];
}

static const char *
describe_verdict (const RunetRegisteredModel *model) {
  static const char *const words[RUNET_VERDICTS] = {
      [RUNET_VERDICT_NONE] = "not judged",
      [RUNET_VERDICT_PASSED] = "passed",
      [RUNET_VERDICT_FAILED] = "not passed",
  };
  return words[model->verdict];
}

static char *
format_time (GDateTime *time) {
  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/* ---- JSON ---- */

/* Kept as text; (nullable): of what is no JSON. */
static JsonNode *
parse (const char *text) {
  return runet_json_is_shallow (text, strlen (text), RUNET_JSON_DEPTH)
             ? json_from_string (text, NULL)
             : NULL;
}

static void
add_parsed (JsonBuilder *builder, const char *name, const char *text) {
  JsonNode *node = text != NULL ? parse (text) : NULL;
  json_builder_set_member_name (builder, name);
  if (node != NULL)
    json_builder_add_value (builder, node);
  else
    json_builder_add_null_value (builder);
}

static void
add_model (JsonBuilder *builder, const RunetRegisteredModel *model) {
  g_autofree char *time = format_time (model->time);
  json_builder_begin_object (builder);
  runet_json_add_string (builder, "hash", model->hash);
  runet_json_add_string (builder, "state",
                         runet_registered_state_to_string (model->state));
  runet_json_add_string (builder, "verdict", runet_verdict_to_string (model->verdict));
  runet_json_add_string (builder, "name", model->name);
  runet_json_add_string (builder, "path", model->path);
  runet_json_add_string (builder, "architecture", model->architecture);
  runet_json_add_string (builder, "parent", model->parent);
  runet_json_add_string (builder, "snapshot", model->snapshot);
  runet_json_add_string (builder, "time", time);
  runet_json_add_string (builder, "author", model->author);
  add_parsed (builder, "settings", model->settings);
  add_parsed (builder, "gate", model->gate);
}

static void
add_changes (JsonBuilder *builder, const GPtrArray *changes) {
  json_builder_set_member_name (builder, "changes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < changes->len; i++) {
    const RunetRegistryChange *change = changes->pdata[i];
    g_autofree char *time = format_time (change->time);
    json_builder_begin_object (builder);
    runet_json_add_int (builder, "number", change->number);
    runet_json_add_string (
        builder, "kind", change->kind == RUNET_CHANGE_PROMOTE ? "promote" : "rollback");
    runet_json_add_string (builder, "time", time);
    runet_json_add_string (builder, "author", change->author);
    runet_json_add_string (builder, "architecture", change->architecture);
    runet_json_add_string (builder, "from", change->from);
    runet_json_add_string (builder, "to", change->to);
    runet_json_add_boolean (builder, "forced", change->forced);
    runet_json_add_string (builder, "reason", change->reason);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

/* ---- What there is to do ---- */

static gboolean
list (RunetRegistry *registry,
      const Options *options,
      const char *hash,
      gboolean json,
      GError **error) {
  g_autoptr (GPtrArray) models = runet_registry_list (registry, error);
  g_autoptr (GPtrArray) changes =
      models != NULL ? runet_registry_list_changes (registry, error) : NULL;
  if (changes == NULL)
    return FALSE;
  if (json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    runet_json_add_string (builder, "folder", runet_registry_get_folder (registry));
    json_builder_set_member_name (builder, "models");
    json_builder_begin_array (builder);
    for (guint i = 0; i < models->len; i++) {
      add_model (builder, models->pdata[i]);
      json_builder_end_object (builder);
    }
    json_builder_end_array (builder);
    add_changes (builder, changes);
    json_builder_end_object (builder);
    runet_command_print_json (builder);
    return TRUE;
  }
  for (guint i = 0; i < models->len; i++) {
    const RunetRegisteredModel *model = models->pdata[i];
    g_autofree char *day = g_date_time_format (model->time, "%Y-%m-%d");
    g_print ("%.12s  %-11s  gate: %-10s  %-16s  %s  parent %-12.12s  %s\n", model->hash,
             describe_state (model), describe_verdict (model), model->architecture, day,
             model->parent != NULL ? model->parent : "none", model->name);
  }
  if (models->len == 0)
    g_print ("%s: no models yet\n", runet_registry_get_folder (registry));
  return TRUE;
}

static void
print_model (const RunetRegisteredModel *model, const char *file) {
  g_autofree char *time = format_time (model->time);
  const char *const lines[][2] = {
      {"hash", model->hash},
      {"state", describe_state (model)},
      {"gate", describe_verdict (model)},
      {"name", model->name},
      {"architecture", model->architecture},
      {"parent", model->parent},
      {"snapshot", model->snapshot},
      {"registered", time},
      {"by", model->author},
      {"settings", model->settings},
      {"path", model->path},
      {"file", file},
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i][1] != NULL)
      g_print ("%-14s%s\n", lines[i][0], lines[i][1]);
}

/* Whenever it was put in use, and by whose word. */
static void
print_history (const GPtrArray *changes, const char *hash) {
  for (guint i = 0; i < changes->len; i++) {
    const RunetRegistryChange *change = changes->pdata[i];
    if (g_strcmp0 (change->to, hash) != 0)
      continue;
    g_autofree char *time = format_time (change->time);
    g_print ("%-14s%s by %s%s%s%s\n",
             change->kind == RUNET_CHANGE_PROMOTE ? "put in use" : "gone back to", time,
             change->author, change->forced ? ", against the gate" : "",
             change->reason != NULL ? ": " : "",
             change->reason != NULL ? change->reason : "");
  }
}

static void
print_gate (const RunetRegisteredModel *model) {
  g_autoptr (JsonNode) node = model->gate != NULL ? parse (model->gate) : NULL;
  g_autoptr (RunetGate) gate = node != NULL ? runet_gate_from_json (node, NULL) : NULL;
  if (gate == NULL)
    return;
  g_print ("\njudged on %u images of %u locked %s\n", gate->images, gate->patients,
           gate->patients == 1 ? "patient" : "patients");
  runet_gate_report_print (gate);
}

/* A file that is lost or changed is told of, and is no success. */
static gboolean
show (RunetRegistry *registry,
      const Options *options,
      const char *hash,
      gboolean json,
      GError **error) {
  g_autoptr (RunetRegisteredModel) model = runet_registry_find (registry, hash, error);
  g_autoptr (GPtrArray) changes =
      model != NULL ? runet_registry_list_changes (registry, error) : NULL;
  if (changes == NULL)
    return FALSE;
  g_autoptr (GError) damage = NULL;
  gboolean whole = runet_registered_model_check (model, &damage);
  const char *file = whole ? "whole" : damage->message;
  if (json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    add_model (builder, model);
    runet_json_add_string (builder, "file", file);
    json_builder_end_object (builder);
    runet_command_print_json (builder);
  } else {
    print_model (model, file);
    print_history (changes, model->hash);
    print_gate (model);
  }
  if (!whole)
    g_propagate_error (error, g_steal_pointer (&damage));
  return whole;
}

static void
print_current (RunetRegistry *registry, const char *architecture, gboolean json) {
  g_autoptr (RunetRegisteredModel) current =
      runet_registry_get_current (registry, architecture, NULL);
  if (current == NULL)
    return;
  if (json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    add_model (builder, current);
    json_builder_end_object (builder);
    runet_command_print_json (builder);
  } else
    g_print ("in use: %.12s (%s)\n", current->hash, current->name);
}

static const char *
get_author (const Options *options) {
  return options->author != NULL ? options->author : runet_command_author ();
}

static gboolean
promote (RunetRegistry *registry,
         const Options *options,
         const char *hash,
         gboolean json,
         GError **error) {
  g_autoptr (RunetRegisteredModel) model = runet_registry_find (registry, hash, error);
  if (model == NULL ||
      !runet_registry_promote (registry, model->hash, get_author (options),
                               options->force, options->reason, error))
    return FALSE;
  print_current (registry, model->architecture, json);
  return TRUE;
}

static gboolean
roll_back (RunetRegistry *registry,
           const Options *options,
           const char *hash,
           gboolean json,
           GError **error) {
  if (!runet_registry_rollback (registry, options->architecture, get_author (options),
                                options->reason, error))
    return FALSE;
  print_current (registry, options->architecture, json);
  return TRUE;
}

static const Action actions[] = {
    {"list", list, FALSE},
    {"show", show, TRUE},
    {"promote", promote, TRUE},
    {"rollback", roll_back, FALSE},
};

static const Action *
find_action (char **rest, GError **error) {
  const char *name = rest[0] != NULL ? rest[0] : "list";
  gboolean hash = rest[0] != NULL && rest[1] != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (name, actions[i].name) == 0) {
      if (hash == actions[i].hash)
        return &actions[i];
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "%s: expected %s after it", name,
                   actions[i].hash ? "the hash of a model" : "nothing");
      return NULL;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "expected list, show, promote or rollback, found '%s'", name);
  return NULL;
}

/* An option that the action would not look at is a mistake. */
static gboolean
check_options (const Action *action, const Options *o, GError **error) {
  gboolean changes = action->run == promote || action->run == roll_back;
  const char *wrong = o->force && action->run != promote ? "--force"
                      : o->architecture != NULL && action->run != roll_back
                          ? "--architecture"
                      : o->author != NULL && !changes ? "--author"
                      : o->reason != NULL && !changes ? "--reason"
                                                      : NULL;
  if (wrong == NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s: it means nothing to %s", wrong, action->name);
  return FALSE;
}

static gboolean
run (const Options *options, gboolean json, char **rest, GError **error) {
  const Action *action = find_action (rest, error);
  if (action == NULL || !check_options (action, options, error))
    return FALSE;
  g_autoptr (RunetRegistry) registry = runet_registry_open (NULL, error);
  return registry != NULL &&
         action->run (registry, options, rest[0] != NULL ? rest[1] : NULL, json, error);
}

int
runet_command_models (int argc, char *argv[]) {
  g_auto (Options) options = {0};
  RunetCommonOptions common;
  const GOptionEntry entries[] = {
      {"author", 0, 0, G_OPTION_ARG_STRING, &options.author,
       "Who changes it (the user's name)", "NAME"},
      {"reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, "Why", "TEXT"},
      {"force", 0, 0, G_OPTION_ARG_NONE, &options.force,
       "Promote what the gate did not pass; needs a --reason", NULL},
      {"architecture", 0, 0, G_OPTION_ARG_STRING, &options.architecture,
       "Which to roll back (that of the last change)", "NAME"},
      G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) rest = NULL;
  if (!runet_command_parse (
          argc, argv, RUNET_SHARED_PLAIN, entries,
          "[list | show HASH | promote HASH | rollback]",
          "The models that runet retrain registered, where they come from, how the "
          "gate "
          "judged them, and which is in use. The first characters of a HASH will do.",
          &common, &rest, 0, 2))
    return RUNET_EXIT_USAGE;
  g_autoptr (GError) error = NULL;
  int code = RUNET_EXIT_DONE;
  if (!run (&options, common.json, rest, &error))
    code = runet_command_fail (COMMAND, error);
  runet_common_options_clear (&common);
  return code;
}
