/* Corrections as JSON, one by itself or within something larger. */
#pragma once

#include "core/base/json-text.h"
#include "correction.h"

G_BEGIN_DECLS

#define RUNET_CORRECTION_FORMAT "runet-correction"
#define RUNET_CORRECTED_FRAMES_FORMAT "runet-corrected-frames"
/* Of both; a reader refuses what is newer. */
#define RUNET_CORRECTION_VERSION 1

/* Adds an object. */
void
runet_correction_build (const RunetCorrection *self, JsonBuilder *builder);
RunetCorrection *
runet_correction_read (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @object says that it is of @format, and not newer than this program. */
gboolean
runet_correction_check_format (JsonObject *object, const char *format, GError **error);
void
runet_correction_build_format (JsonBuilder *builder, const char *format);
GBytes *
runet_correction_print (JsonBuilder *builder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
