/* How agreement, anatomy and outliers are written as JSON, by every command that prints them. */
#include "comparison-json.h"

#include "command.h"

static void
add_agreement (JsonBuilder *json, const RunetComparison *comparison) {
  for (guint s = 0; s < RUNET_STRUCTURES; s++) {
    const RunetAgreement *agreement = &comparison->agreement[s];
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    runet_json_add_number (json, "dice", agreement->dice);
    runet_json_add_number (json, "mad_mm", agreement->mad_mm);
    runet_json_add_number (json, "hd_mm", agreement->hd_mm);
    json_builder_end_object (json);
  }
}

static void
add_anatomy (JsonBuilder *json, const RunetAnatomy *anatomy) {
  json_builder_set_member_name (json, "anatomy");
  json_builder_begin_object (json);
  for (guint s = RUNET_STRUCTURE_ENDO; s <= RUNET_STRUCTURE_EPI; s++) {
    json_builder_set_member_name (json, runet_structure_to_string (s));
    json_builder_begin_object (json);
    runet_json_add_number (json, "convexity", anatomy->regularity[s].convexity);
    runet_json_add_number (json, "simplicity", anatomy->regularity[s].simplicity);
    json_builder_end_object (json);
  }
  json_builder_end_object (json);
}

static void
add_reasons (JsonBuilder *json, const GArray *reasons) {
  for (guint i = 0; i < reasons->len; i++) {
    g_autofree char *line =
        runet_reason_to_string (&g_array_index (reasons, RunetReason, i));
    json_builder_add_string_value (json, line);
  }
}

void
runet_json_add_comparison (JsonBuilder *json,
                           const RunetComparison *comparison,
                           const RunetAnatomy *anatomy) {
  if (comparison != NULL)
    add_agreement (json, comparison);
  add_anatomy (json, anatomy);
  json_builder_set_member_name (json, "outlier");
  json_builder_begin_object (json);
  if (comparison != NULL)
    runet_json_add_boolean (json, "geometrical", comparison->outlier);
  runet_json_add_boolean (json, "anatomical", anatomy->outlier);
  json_builder_set_member_name (json, "reasons");
  json_builder_begin_array (json);
  if (comparison != NULL)
    add_reasons (json, comparison->reasons);
  add_reasons (json, anatomy->reasons);
  json_builder_end_array (json);
  json_builder_end_object (json);
}
