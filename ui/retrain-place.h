/* Where a retraining works and what it was begun with, so that one that was stopped is found again, and the program
 * that does it. */
#pragma once

#include "retrain-run.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): `runet`: what RUNET_PROGRAM names, else the one beside this program, else that of the
 * PATH. */
char *
runet_retrain_find_program (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_retrain_place_make_output:
 * @dataset: folder of the data set
 * @title: name of the parent
 *
 * Returns: (transfer full): $XDG_DATA_HOME/runet-review/retraining/NAME-HASH/TITLE-DATE.safetensors, with a number
 *   where there is one already. Its folder is made. Errors: %RUNET_ERROR_WRITE.
 */
char *
runet_retrain_place_make_output (const char *dataset,
                                 const char *title,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was stopped. All strings are its own. */
typedef struct {
  char *output, *parent;
  GDateTime *time; /* when it was begun or gone on with */
} RunetRetrainStopped;

/* Remembers what is begun. @process: (nullable): number of the process that does it. Errors: %RUNET_ERROR_WRITE. */
gboolean
runet_retrain_place_write (const RunetRetrainOrder *order,
                           const char *process,
                           GError **error);
/* (transfer full) (nullable): NULL where nothing is left to be gone on with, or some process, which may belong to
 * another window, is still at it. */
RunetRetrainStopped *
runet_retrain_place_find_stopped (const char *dataset) G_GNUC_WARN_UNUSED_RESULT;
void
runet_retrain_stopped_free (RunetRetrainStopped *self);
/* Deletes what it had learned. */
void
runet_retrain_place_forget (const RunetRetrainStopped *stopped);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetRetrainStopped, runet_retrain_stopped_free)

G_END_DECLS
