/* The engine as it is chosen in a window: its actions, its part of the menu, and which engines can be had at all. */
#include "window-engine.h"

#include <glib/gi18n.h>
#include "settings.h"
#include "window-private.h"

struct _RunetWindowEngine {
  RunetWindow *window;
  RunetEngineChoice choice;
  GThread *looking; /* a GPU takes a moment to answer */
  GSource *found; /* shows on the main thread what was found */
  GPtrArray *
      engines; /* RunetEngineEntry; (nullable): written by the thread, shown once @known */
  gboolean known;
};

/* ---- Which there are ---- */

static gboolean
found_cb (gpointer user_data) {
  RunetWindowEngine *self = user_data;
  self->known = TRUE;
  runet_window_fill_models (self->window);
  return G_SOURCE_REMOVE;
}

static gpointer
look (gpointer user_data) {
  RunetWindowEngine *self = user_data;
  self->engines = runet_engine_list ();
  g_source_attach (self->found, NULL);
  return NULL;
}

/* (nullable): why @kind cannot be had; NULL also as long as that is not known. */
static const char *
find_reason (RunetWindowEngine *self, RunetEngineKind kind) {
  for (guint i = 0; self->known && i < self->engines->len; i++) {
    const RunetEngineEntry *entry = self->engines->pdata[i];
    if (entry->kind == kind)
      return entry->reason;
  }
  return NULL;
}

/* A menu has no room for paths and what the loader says of them: the words before. */
static const char *
shorten (const char *reason) {
  static const char *const known[] = {
      N_ ("no NVIDIA driver is installed"),
      N_ ("this build has no GPU module"),
      N_ ("the GPU module cannot be opened"),
      N_ ("the GPU module is another program's"),
      N_ ("the GPU module belongs to another build"),
      N_ ("no GPU answers"),
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_prefix (reason, known[i]))
      return _ (known[i]);
  return reason;
}

/* ---- The menu ---- */

static void
append_engine (RunetWindowEngine *self,
               GMenu *menu,
               const char *title,
               RunetEngineKind kind) {
  const char *reason = find_reason (self, kind);
  const char *name = runet_engine_kind_to_string (kind);
  g_autofree char *label =
      reason ? g_strdup_printf ("%s (%s)", title, shorten (reason)) : g_strdup (title);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);
  /* What nobody can choose has an action that is not there; what was chosen once stays marked. */
  if (reason && kind != self->choice.kind)
    g_menu_item_set_detailed_action (item, "win.engine-that-is-not-there");
  else
    g_menu_item_set_action_and_target (item, "win.engine", "s", name);
  g_menu_append_item (menu, item);
}

static void
append_precisions (GMenu *menu) {
  static const struct {
    const char *title;
    RunetPrecision precision;
  } precisions[] = {
      {N_ ("TF32, as Usual"), RUNET_PRECISION_TF32},
      {N_ ("float32, Exact"), RUNET_PRECISION_FLOAT32},
      {N_ ("float16, Half"), RUNET_PRECISION_FLOAT16},
      {N_ ("bfloat16, Half"), RUNET_PRECISION_BFLOAT16},
  };
  g_autoptr (GMenu) section = g_menu_new ();
  for (guint i = 0; i < G_N_ELEMENTS (precisions); i++) {
    g_autofree char *action = g_strdup_printf (
        "win.precision::%s", runet_precision_to_string (precisions[i].precision));
    g_menu_append (section, _ (precisions[i].title), action);
  }
  g_menu_append_section (menu, _ ("Precision of the GPU"), G_MENU_MODEL (section));
}

void
runet_window_engine_fill (RunetWindowEngine *self, GMenu *menu) {
  g_autoptr (GMenu) section = g_menu_new ();
  append_engine (self, section, _ ("Automatic"), RUNET_ENGINE_AUTO);
  append_engine (self, section, _ ("GPU"), RUNET_ENGINE_CUDNN);
  append_engine (self, section, _ ("Processor"), RUNET_ENGINE_BLAS);
  append_engine (self, section, _ ("Reference (Slow)"), RUNET_ENGINE_REFERENCE);
  g_menu_append_section (menu, _ ("Engine"), G_MENU_MODEL (section));
  if (self->known && !find_reason (self, RUNET_ENGINE_CUDNN))
    append_precisions (menu);
}

/* ---- What is chosen ---- */

/* Processors compute in float32 alone. */
static void
enable_precision (RunetWindowEngine *self) {
  GAction *action =
      g_action_map_lookup_action (G_ACTION_MAP (self->window), "precision");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action),
                               self->choice.kind == RUNET_ENGINE_AUTO ||
                                   self->choice.kind == RUNET_ENGINE_CUDNN);
}

static void
use (RunetWindowEngine *self) {
  const RunetAnalysisState before = runet_analysis_get_state (self->window->analysis);
  runet_window_update_refinement (self->window);
  runet_window_retrain_update (self->window->retrain);
  if (before != RUNET_ANALYSIS_IDLE)
    runet_window_run (self->window);
}

static void
engine_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindowEngine *self = user_data;
  const char *name = g_variant_get_string (state, NULL);
  if (!runet_engine_kind_from_string (name, &self->choice.kind))
    return;
  g_simple_action_set_state (action, state);
  runet_settings_set_string ("engine", name);
  enable_precision (self);
  use (self);
}

static void
precision_cb (GSimpleAction *action, GVariant *state, gpointer user_data) {
  RunetWindowEngine *self = user_data;
  const char *name = g_variant_get_string (state, NULL);
  if (!runet_precision_from_string (name, &self->choice.precision))
    return;
  g_simple_action_set_state (action, state);
  runet_settings_set_string ("precision", name);
  use (self);
}

RunetEngineChoice
runet_window_engine_get_choice (RunetWindowEngine *self) {
  return self->choice;
}

RunetEngineChoice
runet_window_engine_get_lenient_choice (RunetWindowEngine *self) {
  RunetEngineChoice choice = self->choice;
  if (choice.kind == RUNET_ENGINE_CUDNN)
    choice.kind = RUNET_ENGINE_AUTO;
  return choice;
}

/* ---- Object ---- */

/* What is remembered; words of another version of the program count as none. */
static void
remember (RunetWindowEngine *self) {
  g_autofree char *engine = runet_settings_get_string ("engine", "auto");
  g_autofree char *precision = runet_settings_get_string ("precision", "tf32");
  runet_engine_kind_from_string (engine, &self->choice.kind);
  runet_precision_from_string (precision, &self->choice.precision);
}

static void
add_action (RunetWindowEngine *self, const char *name, const char *state, gpointer cb) {
  g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (
      name, G_VARIANT_TYPE_STRING, g_variant_new_string (state));
  g_signal_connect (action, "change-state", G_CALLBACK (cb), self);
  g_action_map_add_action (G_ACTION_MAP (self->window), G_ACTION (action));
}

RunetWindowEngine *
runet_window_engine_new (RunetWindow *window) {
  RunetWindowEngine *self = g_new0 (RunetWindowEngine, 1);
  self->window = window;
  remember (self);
  add_action (self, "engine", runet_engine_kind_to_string (self->choice.kind),
              engine_cb);
  add_action (self, "precision", runet_precision_to_string (self->choice.precision),
              precision_cb);
  enable_precision (self);
  self->found = g_idle_source_new ();
  g_source_set_callback (self->found, found_cb, self, NULL);
  self->looking = g_thread_new ("runet-engines", look, self);
  return self;
}

void
runet_window_engine_free (RunetWindowEngine *self) {
  /* Nothing of a GPU's libraries may run on while the process ends. */
  g_thread_join (self->looking);
  g_source_destroy (self->found);
  g_source_unref (self->found);
  g_action_map_remove_action (G_ACTION_MAP (self->window), "engine");
  g_action_map_remove_action (G_ACTION_MAP (self->window), "precision");
  g_clear_pointer (&self->engines, g_ptr_array_unref);
  g_free (self);
}
