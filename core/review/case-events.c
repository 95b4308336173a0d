/* The events about one case, and which of them count. */
#include "case-events.h"

#include <stdlib.h>

typedef struct _Entry Entry;
struct _Entry {
  RunetEvent *event;
  Entry *root; /* of an undo: what it is about, down through the undos of undos */
  gboolean takes_back; /* of an undo: FALSE when it does its root again */
  gboolean absent; /* takes no part */
  gboolean undone;
};

/* What one author decided. */
typedef struct {
  GPtrArray *decisions; /* Entry */
  gboolean locked;
} Author;

struct _RunetCaseEvents {
  GPtrArray *entries; /* Entry, in the order of their numbers */
  GHashTable *authors; /* name → Author */
};

static void
entry_free (gpointer data) {
  Entry *entry = data;
  runet_event_unref (entry->event);
  g_free (entry);
}

static void
author_free (gpointer data) {
  Author *author = data;
  g_ptr_array_unref (author->decisions);
  g_free (author);
}

RunetCaseEvents *
runet_case_events_new (void) {
  RunetCaseEvents *self = g_new0 (RunetCaseEvents, 1);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->authors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, author_free);
  return self;
}

void
runet_case_events_free (RunetCaseEvents *self) {
  g_hash_table_unref (self->authors);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static int
compare_numbers (gconstpointer number, gconstpointer element) {
  const Entry *entry = *(const Entry *const *)element;
  const gint64 wanted = *(const gint64 *)number;
  return (wanted > entry->event->number) - (wanted < entry->event->number);
}

static Entry *
find_entry (const RunetCaseEvents *self, gint64 number) {
  if (self->entries->len == 0)
    return NULL;
  Entry **found = bsearch (&number, self->entries->pdata, self->entries->len,
                           sizeof (gpointer), compare_numbers);
  return found != NULL ? *found : NULL;
}

/* What an undo is directly about; NULL where that takes no part or is somebody else's. */
static Entry *
find_target (const RunetCaseEvents *self, const RunetEvent *undo) {
  Entry *target = find_entry (self, undo->undoes);
  return target != NULL && !target->absent &&
                 g_str_equal (target->event->author, undo->author)
             ? target
             : NULL;
}

static Entry *
get_root (Entry *target) {
  return target->root != NULL ? target->root : target;
}

static gboolean
is_locked (const RunetCaseEvents *self, const char *name) {
  const Author *author = g_hash_table_lookup (self->authors, name);
  return author != NULL && author->locked;
}

gboolean
runet_case_events_is_refused (const RunetCaseEvents *self, const RunetEvent *event) {
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);

  RunetEventKind kind = event->kind;
  if (kind == RUNET_EVENT_UNDO) {
    Entry *target = find_target (self, event);
    if (target == NULL)
      return FALSE;
    /* To take a decision back is how a lock is opened; contours wait until it is. */
    kind = get_root (target)->event->kind == RUNET_EVENT_EDIT ? RUNET_EVENT_EDIT : kind;
  }
  return (kind == RUNET_EVENT_ACCEPT || kind == RUNET_EVENT_REJECT ||
          kind == RUNET_EVENT_EDIT) &&
         is_locked (self, event->author);
}

static Author *
get_author (RunetCaseEvents *self, const char *name) {
  Author *author = g_hash_table_lookup (self->authors, name);
  if (author == NULL) {
    author = g_new0 (Author, 1);
    author->decisions = g_ptr_array_new ();
    g_hash_table_insert (self->authors, g_strdup (name), author);
  }
  return author;
}

/* Accepted and, as far as that was not taken back, not reopened since. */
static void
update_lock (Author *author) {
  author->locked = FALSE;
  for (guint i = author->decisions->len; i-- > 0;) {
    const Entry *entry = author->decisions->pdata[i];
    if (entry->undone || entry->event->kind == RUNET_EVENT_REJECT)
      continue;
    author->locked = entry->event->kind == RUNET_EVENT_ACCEPT;
    return;
  }
}

static gboolean
is_decision (const RunetEvent *event) {
  return event->kind == RUNET_EVENT_ACCEPT || event->kind == RUNET_EVENT_REJECT ||
         event->kind == RUNET_EVENT_REOPEN;
}

/* FALSE when there is nothing to undo. */
static gboolean
undo (RunetCaseEvents *self, Entry *entry) {
  Entry *target = find_target (self, entry->event);
  if (target == NULL)
    return FALSE;
  entry->root = get_root (target);
  entry->takes_back = target->root == NULL || !target->takes_back;
  entry->root->undone = entry->takes_back;
  if (is_decision (entry->root->event))
    update_lock (get_author (self, entry->event->author));
  return TRUE;
}

gboolean
runet_case_events_add (RunetCaseEvents *self, RunetEvent *event) {
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);

  Entry *entry = g_new0 (Entry, 1);
  entry->event = runet_event_ref (event);
  entry->absent = runet_case_events_is_refused (self, event);
  if (!entry->absent && event->kind == RUNET_EVENT_UNDO)
    entry->absent = !undo (self, entry);
  else if (!entry->absent && is_decision (event)) {
    Author *author = get_author (self, event->author);
    g_ptr_array_add (author->decisions, entry);
    update_lock (author);
  }
  /* Only now can it be found: nothing undoes itself. */
  g_ptr_array_add (self->entries, entry);
  return !entry->absent;
}

GPtrArray *
runet_case_events_list (const RunetCaseEvents *self) {
  g_return_val_if_fail (self != NULL, NULL);
  GPtrArray *list = g_ptr_array_new ();
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = self->entries->pdata[i];
    if (entry->event->kind != RUNET_EVENT_UNDO && !entry->absent && !entry->undone)
      g_ptr_array_add (list, entry->event);
  }
  return list;
}
