/* What is told over the frames of a sequence. */
#pragma once

typedef enum {
  RUNET_CURVE_AREA, /* of the left ventricle, cm²; of the model's last stage */
  RUNET_CURVE_LENGTH, /* of its long axis, mm */
  RUNET_CURVE_EXPERT_AREA,
  RUNET_CURVE_EXPERT_LENGTH,
  RUNET_CURVES
} RunetCurve;
