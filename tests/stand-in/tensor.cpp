/* Elements and their rounding. */
#include "tensor.h"

#include <cuda_fp16.h>
#include <string.h>

namespace stand_in {

Tensor::Tensor (const Content *content)
    : id (content->get<int64_t> (CUDNN_ATTR_TENSOR_UNIQUE_ID)),
      alignment (content->get<int64_t> (CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT)),
      type (content->get<cudnnDataType_t> (CUDNN_ATTR_TENSOR_DATA_TYPE)),
      is_virtual (content->get<bool> (CUDNN_ATTR_TENSOR_IS_VIRTUAL)) {
  for (size_t k = 0; k < 4; k++) {
    dimensions[k] = content->get<int64_t> (CUDNN_ATTR_TENSOR_DIMENSIONS, 0, k);
    strides[k] = content->get<int64_t> (CUDNN_ATTR_TENSOR_STRIDES, 0, k);
  }
}

size_t
Tensor::count () const {
  return size_t (dimensions[0] * dimensions[1] * dimensions[2] * dimensions[3]);
}

size_t
Tensor::bytes () const {
  size_t last = 0;

  for (size_t k = 0; k < 4; k++)
    last += size_t ((dimensions[k] - 1) * strides[k]);
  return (last + 1) * get_element_size (type);
}

size_t
get_element_size (cudnnDataType_t type) {
  return type == CUDNN_DATA_FLOAT ? 4 : 2;
}

static float
from_bits (uint32_t bits) {
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static uint32_t
to_bits (float value) {
  uint32_t bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

/* To the nearest number whose last @count bits are zero, and of two the even one. */
static float
drop_bits (float value, unsigned count) {
  uint32_t bits = to_bits (value);

  if ((bits & 0x7F800000u) == 0x7F800000u)
    return value;
  bits += (1u << (count - 1)) - 1 + (bits >> count & 1);
  return from_bits (bits & ~((1u << count) - 1));
}

float
round_to_tf32 (float value) {
  return drop_bits (value, 13);
}

float
round_to_type (float value, cudnnDataType_t type) {
  if (type == CUDNN_DATA_HALF)
    return __half2float (__float2half_rn (value));
  return type == CUDNN_DATA_BFLOAT16 ? drop_bits (value, 16) : value;
}

static const std::vector<float> &
get_halves () {
  static const std::vector<float> halves = [] {
    std::vector<float> all (65536);
    for (unsigned bits = 0; bits < 65536; bits++) {
      __half_raw raw;
      raw.x = static_cast<unsigned short> (bits);
      all[bits] = __half2float (__half (raw));
    }
    return all;
  }();

  return halves;
}

/* Calls @visit with the place of each element in memory. */
template <typename Visit>
static void
for_each_element (const Tensor &tensor, Visit visit) {
  const auto &d = tensor.dimensions, &s = tensor.strides;
  size_t index = 0;

  for (int64_t n = 0; n < d[0]; n++)
    for (int64_t y = 0; y < d[2]; y++)
      for (int64_t x = 0; x < d[3]; x++)
        for (int64_t c = 0; c < d[1]; c++)
          visit (index++, n * s[0] + c * s[1] + y * s[2] + x * s[3]);
}

std::vector<float>
load_tensor (const Tensor &tensor, const void *data) {
  const float *singles = static_cast<const float *> (data);
  const uint16_t *shorts = static_cast<const uint16_t *> (data);
  const float *halves = get_halves ().data ();
  std::vector<float> values (tensor.count ());

  if (tensor.type == CUDNN_DATA_FLOAT)
    for_each_element (tensor, [&] (size_t k, int64_t at) { values[k] = singles[at]; });
  else if (tensor.type == CUDNN_DATA_HALF)
    for_each_element (tensor,
                      [&] (size_t k, int64_t at) { values[k] = halves[shorts[at]]; });
  else
    for_each_element (tensor, [&] (size_t k, int64_t at) {
      values[k] = from_bits (uint32_t (shorts[at]) << 16);
    });
  return values;
}

static uint16_t
to_short (float value, cudnnDataType_t type) {
  if (type == CUDNN_DATA_HALF)
    return __half_raw (__float2half_rn (value)).x;
  /* What is not a number stays so. */
  if (value != value)
    return 0x7FFF;
  return uint16_t (to_bits (drop_bits (value, 16)) >> 16);
}

void
store_tensor (const Tensor &tensor, const std::vector<float> &values, void *data) {
  float *singles = static_cast<float *> (data);
  uint16_t *shorts = static_cast<uint16_t *> (data);

  if (tensor.type == CUDNN_DATA_FLOAT)
    for_each_element (tensor, [&] (size_t k, int64_t at) { singles[at] = values[k]; });
  else
    for_each_element (tensor, [&] (size_t k, int64_t at) {
      shorts[at] = to_short (values[k], tensor.type);
    });
}

} // namespace stand_in
