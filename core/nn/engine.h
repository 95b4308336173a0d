/* What the plans of this folder ask of an engine; the public part is in plan.h. */
#pragma once

#include "convolution.h"
#include "device.h"
#include "plan.h"

G_BEGIN_DECLS

/* The kernels that this engine has for @shape on the processor. */
const RunetConvolutionClass *
runet_engine_choose_convolution (const RunetEngine *engine,
                                 const RunetConvolutionShape *shape);
/* Whether nodes may be done together; the reference does each by itself. */
gboolean
runet_engine_fuses (const RunetEngine *engine);

/* @device: (out) (transfer none). (nullable): %NULL for engines that have none. */
const RunetDeviceClass *
runet_engine_get_device (const RunetEngine *engine, RunetDevice **device);
/* Of an engine that has a device: held by whoever calls a function of its class. The thread that holds it may take it
 * again. */
GRecMutex *
runet_engine_get_device_lock (const RunetEngine *engine);

/* (transfer none) (nullable): of a plan that runs on a device. */
RunetDevicePlan *
runet_plan_get_device_plan (const RunetPlan *plan);

/* The description without the why. */
const char *
runet_engine_get_equipment (const RunetEngine *engine);

G_END_DECLS
