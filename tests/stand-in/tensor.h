/* Tensors: as descriptors say, and as floats one after the other. */
#pragma once

#include "descriptor.h"

#include <array>

namespace stand_in {

/* Batch, channels, rows, columns. Of fewer dimensions: refused. */
struct Tensor {
  int64_t id, alignment;
  cudnnDataType_t type;
  bool is_virtual;
  std::array<int64_t, 4> dimensions, strides;

  explicit Tensor (const Content *content);
  size_t count () const;
  /* From the first element to behind the last. */
  size_t bytes () const;
};

size_t
get_element_size (cudnnDataType_t type);
/* Batch, rows, columns, channels. */
std::vector<float>
load_tensor (const Tensor &tensor, const void *data);
void
store_tensor (const Tensor &tensor, const std::vector<float> &values, void *data);
/* As the element type keeps it. */
float
round_to_type (float value, cudnnDataType_t type);
/* As tensor cores read float32. */
float
round_to_tf32 (float value);

} // namespace stand_in
