/* The anatomical criteria of Painchaud et al., TMI 2020, that go beyond [RU]. */
#pragma once

#include "anatomy.h"

G_BEGIN_DECLS

/* Appends a RunetReason of severity %RUNET_SEVERITY_NOTE to @reasons for every criterion that
 * @labels (H × W) do not meet. A spacing that is not positive is taken as square. */
void
runet_criteria_check (const guint8 *labels,
                      gsize width,
                      gsize height,
                      double spacing_x_mm,
                      double spacing_y_mm,
                      GArray *reasons);

G_END_DECLS
