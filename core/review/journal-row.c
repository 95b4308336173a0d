/* An event as a row of the journal's table. */
#include "journal-row.h"

#include <math.h>
#include <string.h>

#define COLUMNS                                                                        \
  "number, time, author, role, subset, patient, view, instant, frame, content, kind, " \
  "reason, text, undoes, tool, model, "
#define REST " FROM events WHERE number > ?1 ORDER BY number"

#define ALL_COLUMNS                                                                    \
  "time, author, role, subset, patient, view, instant, frame, content, kind, reason, " \
  "text, undoes, tool, model, seconds, contour_before, contour_after, number"

const char runet_journal_row_insert_sql[] =
    "INSERT INTO events (" ALL_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
    " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
const char runet_journal_row_copy_sql[] =
    "SELECT " ALL_COLUMNS " FROM events ORDER BY number";

const char *
runet_journal_row_select_sql (gint64 layout) {
  return layout < 2 ? "SELECT " COLUMNS "NULL" REST : "SELECT " COLUMNS "seconds" REST;
}

/* ---- Writing ---- */

static void
bind_text (sqlite3_stmt *statement, int index, const char *text) {
  if (text == NULL)
    sqlite3_bind_null (statement, index);
  else if (g_utf8_validate (text, -1, NULL))
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
  else
    /* The name of a folder, kept byte by byte: it is how the patient is found again. */
    sqlite3_bind_blob (statement, index, text, (int)strlen (text), SQLITE_STATIC);
}

static void
bind_positive (sqlite3_stmt *statement, int index, gint64 value) {
  if (value > 0)
    sqlite3_bind_int64 (statement, index, value);
  else
    sqlite3_bind_null (statement, index);
}

static void
bind_positive_real (sqlite3_stmt *statement, int index, double value) {
  if (isfinite (value) && value > 0.0)
    sqlite3_bind_double (statement, index, value);
  else
    sqlite3_bind_null (statement, index);
}

static void
bind_bytes (sqlite3_stmt *statement, int index, GBytes *bytes) {
  gsize size = 0;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  if (bytes == NULL)
    sqlite3_bind_null (statement, index);
  else if (size == 0)
    sqlite3_bind_zeroblob (statement, index, 0);
  else
    sqlite3_bind_blob64 (statement, index, data, size, SQLITE_STATIC);
}

char *
runet_journal_row_format_time (GDateTime *time) {
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%06dZ", seconds, g_date_time_get_microsecond (time));
}

void
runet_journal_row_bind (sqlite3_stmt *statement,
                        gint64 number,
                        const RunetEvent *event,
                        const char *time) {
  const RunetSubject *subject = &event->subject;
  bind_text (statement, 1, time);
  bind_text (statement, 2, event->author);
  bind_text (statement, 3, event->role);
  bind_text (statement, 4, subject->subset);
  bind_text (statement, 5, subject->patient);
  bind_text (statement, 6, runet_view_to_string (subject->view));
  bind_text (statement, 7,
             subject->instant >= 0
                 ? runet_instant_to_string ((RunetInstant)subject->instant)
                 : NULL);
  bind_positive (statement, 8, subject->frame);
  bind_text (statement, 9, subject->content);
  bind_text (statement, 10, runet_event_kind_to_string (event->kind));
  bind_text (statement, 11, runet_rejection_to_string (event->rejection));
  bind_text (statement, 12, event->text);
  bind_positive (statement, 13, event->undoes);
  bind_text (statement, 14, event->tool);
  bind_text (statement, 15, event->model);
  bind_positive_real (statement, 16, event->seconds);
  bind_bytes (statement, 17, event->before);
  bind_bytes (statement, 18, event->after);
  bind_positive (statement, 19, number);
}

/* ---- Reading ---- */

static char *
copy_text (sqlite3_stmt *statement, int column) {
  return g_strdup ((const char *)sqlite3_column_text (statement, column));
}

static gboolean
read_view (sqlite3_stmt *statement, int column, RunetView *view) {
  const char *name = (const char *)sqlite3_column_text (statement, column);
  for (int i = 0; i < RUNET_VIEWS; i++)
    if (g_strcmp0 (name, runet_view_to_string (i)) == 0) {
      *view = i;
      return TRUE;
    }
  return FALSE;
}

static int
read_instant (sqlite3_stmt *statement, int column) {
  const char *name = (const char *)sqlite3_column_text (statement, column);
  for (int i = 0; name != NULL && i < RUNET_INSTANTS; i++)
    if (g_str_equal (name, runet_instant_to_string (i)))
      return i;
  return -1;
}

RunetEvent *
runet_journal_row_read (sqlite3_stmt *row) {
  RunetEventKind kind;
  const char *time = (const char *)sqlite3_column_text (row, 1);
  const char *author = (const char *)sqlite3_column_text (row, 2);
  g_auto (RunetSubject) subject = {.subset = copy_text (row, 4),
                                   .patient = copy_text (row, 5),
                                   .instant = read_instant (row, 7),
                                   .frame = sqlite3_column_int (row, 8),
                                   .content = copy_text (row, 9)};
  if (time == NULL || author == NULL || subject.patient == NULL ||
      !read_view (row, 6, &subject.view) ||
      !runet_event_kind_from_string ((const char *)sqlite3_column_text (row, 10),
                                     &kind))
    return NULL;
  g_autoptr (RunetEvent) event = runet_event_new (kind, author, &subject);
  event->number = sqlite3_column_int64 (row, 0);
  event->time = g_date_time_new_from_iso8601 (time, NULL);
  g_free (event->role);
  event->role = copy_text (row, 3);
  const char *reason = (const char *)sqlite3_column_text (row, 11);
  if (event->time == NULL || event->role == NULL ||
      (reason != NULL) != (kind == RUNET_EVENT_REJECT) ||
      (reason != NULL && !runet_rejection_from_string (reason, &event->rejection)))
    return NULL;
  const char *text = (const char *)sqlite3_column_text (row, 12);
  event->text = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  event->undoes = sqlite3_column_int64 (row, 13);
  event->tool = copy_text (row, 14);
  event->model = copy_text (row, 15);
  const double seconds = sqlite3_column_double (row, 16);
  event->seconds = isfinite (seconds) && seconds > 0.0 ? seconds : 0.0;
  return g_steal_pointer (&event);
}

GBytes *
runet_journal_row_read_bytes (sqlite3_stmt *statement, int column) {
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  const void *data = sqlite3_column_blob (statement, column);
  return g_bytes_new (data, (gsize)sqlite3_column_bytes (statement, column));
}
