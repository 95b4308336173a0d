/* The journal: everything that people decided about a data set, as events in one SQLite file.
 *
 * Events are only ever appended, each written and synced before the call returns. Several
 * processes may have the same journal open. It lies outside the data set, which is never
 * written to. */
#pragma once

#include "event.h"

G_BEGIN_DECLS

/* The newest layout of the file that this program knows: PRAGMA user_version. */
#define RUNET_JOURNAL_SCHEMA 2

typedef enum {
  RUNET_JOURNAL_READ, /* also where nothing may be written */
  RUNET_JOURNAL_WRITE, /* made when it is not there, with its folders */
} RunetJournalMode;

/* Not to be used by two threads at once. */
typedef struct _RunetJournal RunetJournal;

/**
 * runet_journal_open:
 *
 * Errors: %RUNET_ERROR_MISSING when there is nothing to read, %RUNET_ERROR_FORMAT for what is no
 * journal or a damaged one, %RUNET_ERROR_UNSUPPORTED for one that a newer program wrote,
 * %RUNET_ERROR_WRITE for a place or a file that may not be written. A file that is refused is left
 * as it is. One of an older layout is brought to the newest when it is opened for writing, and read as
 * it is otherwise.
 */
RunetJournal *
runet_journal_open (const char *path,
                    RunetJournalMode mode,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void
runet_journal_close (RunetJournal *self);
const char *
runet_journal_get_path (const RunetJournal *self);

/**
 * runet_journal_lock: / runet_journal_unlock:
 *
 * Between the two nobody else appends, so that what was read is still so when an event is appended; that
 * ends the lock too. Errors: %RUNET_ERROR_WRITE, also when another program keeps it locked for seconds.
 */
gboolean
runet_journal_lock (RunetJournal *self, GError **error);
void
runet_journal_unlock (RunetJournal *self);

/**
 * runet_journal_append:
 * @event: gets its number and its time
 *
 * On success the event is on the disk; on failure nothing is, and the events before it stay.
 * Errors: %RUNET_ERROR_WRITE.
 *
 * When the file was moved, deleted or replaced while it was open, all events are first written to its
 * path again: to a new file when nothing is there; to what is there when that is the same record, from an
 * earlier day perhaps; else beside it as PATH.rescued-1 (2, …), and there they go on. A notice says so, see
 * runet_journal_take_notice(). runet_journal_refresh() does the same.
 */
gboolean
runet_journal_append (RunetJournal *self, RunetEvent *event, GError **error);

/* (transfer full) (nullable): one line that the user should read, once: what had to be done to lose nothing. */
char *
runet_journal_take_notice (RunetJournal *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * runet_journal_save_copy:
 *
 * Writes all events to a new file @path, as a whole or not at all. Errors: %RUNET_ERROR_MISMATCH when there
 * is something already, which stays; %RUNET_ERROR_WRITE.
 */
gboolean
runet_journal_save_copy (RunetJournal *self, const char *path, GError **error);

/**
 * runet_journal_refresh:
 *
 * Returns: (transfer full) (element-type RunetEvent): what was appended by anyone, this process
 *   too, since the last call; from the first event on the first time. NULL with @error, and then the
 *   next call starts where this one did.
 */
GPtrArray *
runet_journal_refresh (RunetJournal *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether another connection wrote since the last call, or the file is not in its place: far cheaper than to
 * read. */
gboolean
runet_journal_has_changed (RunetJournal *self);

/**
 * runet_journal_read_edit:
 * @number: of an edit or of an acceptance
 * @before, @after: (out) (transfer full) (nullable): as they were appended
 */
gboolean
runet_journal_read_edit (RunetJournal *self,
                         gint64 number,
                         GBytes **before,
                         GBytes **after,
                         GError **error);

/**
 * runet_journal_default_path:
 * @dataset: an existing folder
 *
 * Returns: (transfer full): $XDG_DATA_HOME/runet-review/reviews/NAME-HASH.sqlite, of the folder's name
 *   and of its path without links, so that every way to the folder leads to the same record.
 */
char *
runet_journal_default_path (const char *dataset) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetJournal, runet_journal_close)

G_END_DECLS
