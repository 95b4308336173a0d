/* A frame's result as bytes and back, for the cache of results. */
#pragma once

#include "frame-result.h"

G_BEGIN_DECLS

/* To be raised whenever anything that a frame's result holds is computed in another way: what was stored
 * before is then no longer found. */
#define RUNET_MEASURES_VERSION 2

/* A serialised GVariant with the version of its layout and a checksum. */
GBytes *
runet_frame_result_store (const RunetFrameResult *result) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_frame_result_restore:
 *
 * The label maps stay deflated and are looked at when they are unpacked: restoring takes some microseconds.
 * Keeps a reference to @bytes.
 *
 * Errors: %RUNET_ERROR_UNSUPPORTED for another layout, %RUNET_ERROR_FORMAT for bytes that are damaged or
 * hold what no result can.
 */
RunetFrameResult *
runet_frame_result_restore (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
