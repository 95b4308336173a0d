/* Which engines can be had on this machine, told. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @json: (nullable): an open object that gets a member "engines"; NULL to print them, one a line. */
void
runet_engines_describe (JsonBuilder *json);

G_END_DECLS
