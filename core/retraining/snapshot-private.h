/* What the files of the snapshot share. */
#pragma once

#include "core/base/error.h"
#include "core/echo/frame-reader.h"
#include "snapshot.h"

G_BEGIN_DECLS

RunetSnapshot *
runet_snapshot_new_empty (void) G_GNUC_WARN_UNUSED_RESULT;
void
runet_snapshot_frame_free (RunetSnapshotFrame *frame);
/* Of name, image, labels and weights: what is in @frame now. */
char *
runet_snapshot_frame_hash (const RunetSnapshotFrame *frame) G_GNUC_WARN_UNUSED_RESULT;
/* "patient0001_4CH_frame007". */
char *
runet_snapshot_frame_name (const char *patient, RunetView view, int instant, int frame)
    G_GNUC_WARN_UNUSED_RESULT;
/* Sorts the frames and sets the hash. */
void
runet_snapshot_seal (RunetSnapshot *snapshot);

/* (transfer none) (nullable) */
const RunetPatient *
runet_snapshot_find_patient (const RunetDataset *dataset,
                             const char *subset,
                             const char *patient);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetSnapshotFrame, runet_snapshot_frame_free)

G_END_DECLS
