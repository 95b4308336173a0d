/* What the plans of this folder ask of an engine; the public part is in plan.h. */
#pragma once

#include "convolution.h"
#include "plan.h"

G_BEGIN_DECLS

/* The kernels that this engine has for @shape. */
const RunetConvolutionClass *
runet_engine_choose_convolution (const RunetEngine *engine,
                                 const RunetConvolutionShape *shape);
/* Whether nodes may be done together; the reference does each by itself. */
gboolean
runet_engine_fuses (const RunetEngine *engine);

G_END_DECLS
