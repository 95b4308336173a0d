/* Which engines can be had on this machine, told. */
#include "engine-list.h"

#include "core/base/json-build.h"
#include "core/nn/plan.h"

static void
print_entry (const RunetEngineEntry *entry, gboolean automatic) {
  if (entry->reason != NULL)
    g_print ("%-10s not available: %s\n", entry->name, entry->reason);
  else
    g_print ("%-10s %s%s\n", entry->name, entry->equipment,
             automatic ? "; used unless another is asked for" : "");
}

static void
add_entry (JsonBuilder *json, const RunetEngineEntry *entry, gboolean automatic) {
  json_builder_begin_object (json);
  runet_json_add_string (json, "name", entry->name);
  json_builder_set_member_name (json, "available");
  json_builder_add_boolean_value (json, entry->reason == NULL);
  json_builder_set_member_name (json, "automatic");
  json_builder_add_boolean_value (json, automatic);
  if (entry->reason != NULL)
    runet_json_add_string (json, "reason", entry->reason);
  else
    runet_json_add_string (json, "device", entry->equipment);
  json_builder_end_object (json);
}

void
runet_engines_describe (JsonBuilder *json) {
  g_autoptr (GPtrArray) list = runet_engine_list ();
  gboolean chosen = FALSE;
  if (json != NULL) {
    json_builder_set_member_name (json, "engines");
    json_builder_begin_array (json);
  }
  for (guint i = 0; i < list->len; i++) {
    const RunetEngineEntry *entry = g_ptr_array_index (list, i);
    const gboolean automatic = !chosen && entry->reason == NULL;
    chosen |= automatic;
    if (json != NULL)
      add_entry (json, entry, automatic);
    else
      print_entry (entry, automatic);
  }
  if (json != NULL)
    json_builder_end_array (json);
}
