/* What the reader and the writer of safetensors share. */
#pragma once

#include "safetensors.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  gsize size; /* bytes of one value */
} RunetDtypeTraits;

extern const RunetDtypeTraits runet_dtypes[RUNET_DTYPE_I64 + 1];

G_END_DECLS
