/* How agreement, anatomy and outliers are written as JSON, by every command that prints them. */
#pragma once

#include <json-glib/json-glib.h>
#include "core/shape/anatomy.h"

G_BEGIN_DECLS

/**
 * runet_json_add_comparison:
 * @json: inside an object
 * @comparison: (nullable): against a reference
 * @anatomy: of the prediction
 *
 * Adds "endo", "epi", "la" (with a comparison), "anatomy" and "outlier".
 */
void
runet_json_add_comparison (JsonBuilder *json,
                           const RunetComparison *comparison,
                           const RunetAnatomy *anatomy);

G_END_DECLS
