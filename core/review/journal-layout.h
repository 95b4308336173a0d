/* The tables of a journal, and how an older file comes by them. Private to core/review. */
#pragma once

#include <sqlite3.h>
#include "core/base/error.h"

G_BEGIN_DECLS

/* "RUNR": PRAGMA application_id. */
#define RUNET_JOURNAL_APPLICATION_ID 0x52554e52

/* Makes the tables in an empty file. Several processes may come here at once: the first one does it. */
gboolean
runet_journal_layout_make (sqlite3 *db, const char *path, GError **error);
/* Brings a file of an older layout to the newest one, as a whole or not at all; several processes may
 * come here at once. */
gboolean
runet_journal_layout_migrate (sqlite3 *db, const char *path, GError **error);

G_END_DECLS
