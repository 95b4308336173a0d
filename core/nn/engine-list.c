/* Which engines can be had here, and why the others cannot. */
#include "engine.h"

#include "device-module.h"

static void
entry_free (gpointer data) {
  RunetEngineEntry *entry = data;
  g_free (entry->equipment);
  g_free (entry->reason);
  g_free (entry);
}

static RunetEngineEntry *
make_entry (RunetEngineKind kind, const char *name) {
  RunetEngineEntry *entry = g_new0 (RunetEngineEntry, 1);
  entry->kind = kind;
  entry->name = name;
  g_autoptr (GError) error = NULL;
  /* Asked for by itself, for its reason without the words that an engine's error puts before it. */
  RunetSharedDevice *shared =
      kind == RUNET_ENGINE_CUDNN ? runet_shared_device_take (&error) : NULL;
  if (error != NULL) {
    entry->reason = g_strdup (error->message);
    return entry;
  }
  g_autoptr (RunetEngine) engine = runet_engine_new (kind, 0, &error);
  if (engine != NULL)
    entry->equipment = g_strdup (runet_engine_get_equipment (engine));
  else
    entry->reason = g_strdup (error->message);
  runet_shared_device_drop (shared);
  return entry;
}

GPtrArray *
runet_engine_list (void) {
  GPtrArray *list = g_ptr_array_new_with_free_func (entry_free);
  g_ptr_array_add (list, make_entry (RUNET_ENGINE_CUDNN, "cudnn"));
  g_ptr_array_add (list, make_entry (RUNET_ENGINE_BLAS, "blas"));
  g_ptr_array_add (list, make_entry (RUNET_ENGINE_REFERENCE, "reference"));
  return list;
}
