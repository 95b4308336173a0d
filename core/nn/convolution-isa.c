/* The table of one instruction set; compiled once for each. */
#include "convolution-kernels-private.h"

const RunetKernels KERNEL (kernels) = {
    .name = RUNET_ISA_TITLE,
    .panel = PANEL,
    .rows = TILE_ROWS,
    .transform_input = KERNEL (transform_input),
    .transform_doubled = KERNEL (transform_doubled),
    .transform_output = KERNEL (transform_output),
    .transform_gradient = KERNEL (transform_gradient),
    .transform_weights = KERNEL (transform_weights),
    .transform_weight_gradient = KERNEL (transform_weight_gradient),
    .multiply = KERNEL (multiply),
    .filter_row = KERNEL (filter_row),
    .filter_row_gradient = KERNEL (filter_row_gradient),
    .copy_pixels = KERNEL (copy_pixels),
    .classify = KERNEL (classify),
    .sigmoid = KERNEL (sigmoid),
    .multiply_add = KERNEL (multiply_add),
};
