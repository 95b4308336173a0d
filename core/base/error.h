/* The one error domain of the library. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RunetError:
 * @RUNET_ERROR_MISSING: a file, a folder or a part of a study is not there
 * @RUNET_ERROR_FORMAT: the content is not what it claims to be (truncated, lying, NaN)
 * @RUNET_ERROR_UNSUPPORTED: well-formed, but of a kind this program does not handle
 * @RUNET_ERROR_MISMATCH: two things that belong together disagree (sizes, architecture)
 * @RUNET_ERROR_MEMORY: more memory is needed than can be had
 * @RUNET_ERROR_WRITE: the output could not be written
 * @RUNET_ERROR_ENGINE: the engine asked for is not available
 *
 * Every message is one line that names the file, what was expected and what was found.
 * Cancellation is %G_IO_ERROR_CANCELLED of %G_IO_ERROR.
 */
typedef enum {
  RUNET_ERROR_MISSING,
  RUNET_ERROR_FORMAT,
  RUNET_ERROR_UNSUPPORTED,
  RUNET_ERROR_MISMATCH,
  RUNET_ERROR_MEMORY,
  RUNET_ERROR_WRITE,
  RUNET_ERROR_ENGINE,
} RunetError;

#define RUNET_ERROR (runet_error_quark ())
GQuark
runet_error_quark (void);

G_END_DECLS
