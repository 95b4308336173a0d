/* The safetensors container: named tensors and string metadata in one file. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  RUNET_DTYPE_F32,
  RUNET_DTYPE_F16,
  RUNET_DTYPE_I64,
} RunetDtype;

/* @data: in the machine's byte order; F16 is given as its 16-bit patterns. */
typedef struct {
  char *name;
  RunetDtype dtype;
  gsize shape[8];
  guint dimensions;
  gsize count;
  const void *data; /* inside the file's bytes when read; the caller's when written */
} RunetSafetensor;

typedef struct {
  GHashTable *metadata; /* char* → char* */
  GPtrArray *tensors; /* (element-type RunetSafetensor), in the order of the file */
  GBytes *bytes; /* (nullable) keeps the data alive */
} RunetSafetensors;

/* Refuses truncated files, overlapping or out-of-range offsets, unknown types, sizes that do not
 * fit the shape, duplicate names; the message names the tensor. */
RunetSafetensors *
runet_safetensors_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a file already in memory; @path is for the messages. Keeps a reference to @bytes. */
RunetSafetensors *
runet_safetensors_parse (GBytes *bytes,
                         const char *path,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
RunetSafetensors *
runet_safetensors_new (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_safetensors_free (RunetSafetensors *self);
void
runet_safetensors_add (RunetSafetensors *self,
                       const char *name,
                       RunetDtype dtype,
                       const gsize *shape,
                       guint dimensions,
                       const void *data);
const RunetSafetensor *
runet_safetensors_find (const RunetSafetensors *self, const char *name);
/* F32 or F16 to float; FALSE with an error that names the tensor when a value is not finite. */
gboolean
runet_safetensor_to_floats (const RunetSafetensor *tensor, float *out, GError **error);
/* The whole file in memory. Errors: %RUNET_ERROR_MEMORY. */
GBytes *
runet_safetensors_serialize (const RunetSafetensors *self,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes what the above made. Atomic: temporary name, synced, renamed. */
gboolean
runet_safetensors_write_bytes (GBytes *bytes, const char *path, GError **error);
/* Both in one. Atomic: temporary name, synced, renamed. */
gboolean
runet_safetensors_write (const RunetSafetensors *self,
                         const char *path,
                         GError **error);

guint16
runet_float_to_half (float value); /* round to nearest even */
float
runet_half_to_float (guint16 half);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSafetensors, runet_safetensors_free)

G_END_DECLS
