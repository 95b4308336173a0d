/* What people decided, as CSV or JSON on the standard output. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @record: path. Returns the exit code. */
int
runet_export_decisions (const char *command, const char *record, gboolean as_json);

G_END_DECLS
