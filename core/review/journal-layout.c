/* The tables of a journal, and how an older file comes by them. */
#include "journal-layout.h"

#include "core/base/database.h"
#include "journal-file.h"

/* The contours come last: what stands before them is read without following their pages. */
static const char schema[] =
    "CREATE TABLE events ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time TEXT NOT NULL," /* UTC, ISO 8601 */
    " author TEXT NOT NULL,"
    " role TEXT NOT NULL,"
    " subset TEXT,"
    " patient TEXT NOT NULL,"
    " view TEXT NOT NULL CHECK (view IN ('2CH', '4CH')),"
    " instant TEXT CHECK (instant IN ('ED', 'ES')),"
    " frame INTEGER CHECK (frame > 0),"
    " content TEXT,"
    " kind TEXT NOT NULL CHECK (kind IN ('accept', 'reject', 'reopen', 'flag', "
    "'unflag',"
    "  'comment', 'edit', 'undo')),"
    " reason TEXT CHECK (reason IN ('poor-image', 'wrong-view', 'beyond-repair',"
    "  'other')),"
    " text TEXT,"
    " undoes INTEGER REFERENCES events (number),"
    " tool TEXT,"
    " model TEXT,"
    " seconds REAL CHECK (seconds > 0),"
    " contour_before BLOB,"
    " contour_after BLOB,"
    " CHECK ((kind = 'reject') = (reason IS NOT NULL)),"
    " CHECK ((kind = 'undo') = (undoes IS NOT NULL)));"
    "CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN"
    " SELECT RAISE (ABORT, 'events are only appended'); END;"
    "CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN"
    " SELECT RAISE (ABORT, 'events are only appended'); END;"
    /* Where the data set was and what it held, the newest last: how a moved one finds its record. */
    "CREATE TABLE datasets ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time TEXT NOT NULL,"
    " path TEXT NOT NULL,"
    " identity TEXT NOT NULL);"
    /* Names the layout, and so must change with it. */
    "PRAGMA application_id = 0x52554e52;"
    "PRAGMA user_version = 2;";

G_STATIC_ASSERT (RUNET_JOURNAL_SCHEMA == 2);

/* Layout 1 had neither the seconds nor the data sets. */
static const char set_first_aside[] = "DROP TRIGGER IF EXISTS events_stay;"
                                      "DROP TRIGGER IF EXISTS events_remain;"
                                      "ALTER TABLE events RENAME TO events_before";
static const char take_first_over[] =
    "INSERT INTO events (number, time, author, role, subset, patient, view, instant,"
    " frame, content, kind, reason, text, undoes, tool, model, contour_before,"
    " contour_after) SELECT number, time, author, role, subset, patient, view, instant,"
    " frame, content, kind, reason, text, undoes, tool, model, contour_before,"
    " contour_after FROM events_before ORDER BY number;"
    "DROP TABLE events_before";

/* Ends a transaction: all of it, or nothing. */
static gboolean
finish (sqlite3 *db,
        gboolean ok,
        const char *path,
        const char *expected,
        GError **error) {
  if (ok && runet_database_execute (db, "COMMIT"))
    return TRUE;
  runet_journal_file_error (error, RUNET_ERROR_WRITE, path, db, expected);
  if (!sqlite3_get_autocommit (db))
    runet_database_execute (db, "ROLLBACK");
  return FALSE;
}

gboolean
runet_journal_layout_make (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0;
  /* In the plain mode, so that the header of the file says what it is as soon as there is one. */
  const gboolean ok = runet_database_execute (db, "BEGIN IMMEDIATE") &&
                      runet_database_query (db, "PRAGMA user_version", &version) &&
                      (version != 0 || runet_database_execute (db, schema));
  return finish (db, ok, path, "to make a record of reviews here", error);
}

gboolean
runet_journal_layout_migrate (sqlite3 *db, const char *path, GError **error) {
  gint64 version = 0;
  if (runet_database_query (db, "PRAGMA user_version", &version) &&
      version >= RUNET_JOURNAL_SCHEMA)
    return TRUE;
  const gboolean ok = runet_database_execute (db, "BEGIN IMMEDIATE") &&
                      runet_database_query (db, "PRAGMA user_version", &version) &&
                      (version >= RUNET_JOURNAL_SCHEMA ||
                       (runet_database_execute (db, set_first_aside) &&
                        runet_database_execute (db, schema) &&
                        runet_database_execute (db, take_first_over)));
  return finish (db, ok, path, "to bring this record to the layout of today", error);
}
