/* Records of data sets that were moved: found by what the data set holds, and taken over. */
#pragma once

#include "core/echo/dataset.h"
#include "journal.h"

G_BEGIN_DECLS

/**
 * RunetMovedRecord: the record of a data set that is not where it was
 * @path: of the record
 * @dataset: where the data set was
 * @events: how many there are
 * @last: (nullable): time of the last one
 */
typedef struct {
  char *path;
  char *dataset;
  gint64 events;
  GDateTime *last;
} RunetMovedRecord;

/**
 * runet_journal_note_dataset:
 * @path: the folder that was opened, from which the record's own path was made
 *
 * Keeps in the record where the data set is and what it holds, when that is news. Errors:
 * %RUNET_ERROR_WRITE.
 */
gboolean
runet_journal_note_dataset (RunetJournal *self,
                            const char *path,
                            const RunetDataset *dataset,
                            GError **error);

/* (transfer full) (nullable): where the data set of the record was last; NULL when it does not know. */
char *
runet_journal_read_dataset (RunetJournal *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_moved_records_find:
 *
 * Returns: (transfer full) (element-type RunetMovedRecord): records beside that of @path of a data set
 *   with the same patients and images as @dataset that no longer is where it was; the one that was used
 *   last first. Records that cannot be read are left out.
 */
GPtrArray *
runet_moved_records_find (const char *path,
                          const RunetDataset *dataset) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_journal_adopt:
 * @self: without events of its own
 * @record: path of the record to take over, which stays as it is
 *
 * Takes all events of @record over, as a whole or not at all. Errors: %RUNET_ERROR_MISMATCH when @self has events
 * already; those of runet_journal_open() and runet_journal_append().
 */
gboolean
runet_journal_adopt (RunetJournal *self, const char *record, GError **error);

void
runet_moved_record_free (RunetMovedRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetMovedRecord, runet_moved_record_free)

G_END_DECLS
