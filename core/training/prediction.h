/* Where the label maps lie that `runet segment` or somebody else has written. */
#pragma once

#include "core/echo/dataset.h"

G_BEGIN_DECLS

/**
 * runet_prediction_find:
 * @folder: of predictions, which are in it or in a folder named like the patient or its subset
 * @stem: of the image
 * @suffix: "pred", "stage1" …
 *
 * Returns: (nullable): the path of STEM_SUFFIX.EXT with any extension that can be read.
 */
char *
runet_prediction_find (const char *folder,
                       const RunetPatient *patient,
                       const char *stem,
                       const char *suffix) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
