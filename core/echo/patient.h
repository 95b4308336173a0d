/* One patient's folder: which files it has. Private to core/echo. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

/**
 * runet_patient_list:
 * @subset: (nullable)
 * @problems: (element-type RunetProblem): gets what is wrong with this patient
 *
 * Returns: (transfer full) (nullable): NULL, without a problem, when @path is no patient's folder.
 */
RunetPatient *
runet_patient_list (const char *path,
                    const char *subset,
                    GPtrArray *problems) G_GNUC_WARN_UNUSED_RESULT;
void
runet_patient_free (RunetPatient *patient);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetPatient, runet_patient_free)

G_END_DECLS
