/* What has to be said beside volumes and ejection fraction, in words: what is normal, what is missing, what is
 * not to be trusted. */
#pragma once

#include "case-measures.h"

G_BEGIN_DECLS

/* "Normal", "Mildly abnormal" …; "" when unknown. */
const char *
runet_grade_name (guint grade);
/* "biplane", "4CH only", "2CH only", or a dash: which views the volumes are of. */
const char *
runet_volumes_planes (const RunetVolumes *volumes);
/* What is normal for @sex and where @volumes lie, of whoever is called @who. */
char *
runet_volumes_describe_grades (const RunetVolumes *volumes,
                               const char *who,
                               char sex) G_GNUC_WARN_UNUSED_RESULT;
/**
 * runet_patient_measures_list_notes:
 * @views: (nullable) each: the cases of the patient
 * @expert: the masks that are missing are the expert's, not results to come
 * @who: "Stage 2", "Expert"
 * @notes: (element-type utf8): gets a sentence for each thing that is missing or doubtful
 */
void
runet_patient_measures_list_notes (const RunetPatientMeasures *measures,
                                   RunetCase *const views[RUNET_VIEWS],
                                   gboolean expert,
                                   const char *who,
                                   GPtrArray *notes);

G_END_DECLS
