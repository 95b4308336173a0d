/* The images that `runet train` learns from and is judged by. */
#pragma once

#include "core/training/samples.h"

G_BEGIN_DECLS

/**
 * RunetTrainData:
 * @name: "database_nifti + phantoms", for the model's metadata
 * @training: of the chosen patients of the first data set, and all patients of the others
 * @validation: (nullable)
 */
typedef struct {
  char *name;
  RunetSamples *training;
  RunetSamples *validation;
} RunetTrainData;

/**
 * runet_train_data_load:
 * @command: (nullable): name of the command, for progress and warnings; NULL for neither
 * @folders: data sets
 * @patients_path: (nullable): list of the patients of the first one to learn from; without it all
 *   but those for validation
 * @validation_path: (nullable): list of the patients of the first one to validate with
 *
 * What cannot be used is warned of, one line each, and left out.
 */
RunetTrainData *
runet_train_data_load (const char *command,
                       char **folders,
                       const char *patients_path,
                       const char *validation_path,
                       gsize size,
                       gsize classes,
                       guint threads,
                       GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_train_data_free (RunetTrainData *data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetTrainData, runet_train_data_free)

G_END_DECLS
