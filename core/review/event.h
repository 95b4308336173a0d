/* One thing that a person did: what the journal keeps a row of. */
#pragma once

#include <gio/gio.h>
#include "core/echo/study.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_EVENT_ACCEPT, /* the contours are right; locks the case for this reader */
  RUNET_EVENT_REJECT, /* with a reason */
  RUNET_EVENT_REOPEN, /* takes the decision back and the lock away */
  RUNET_EVENT_FLAG, /* to be looked at again, by whomever */
  RUNET_EVENT_UNFLAG,
  RUNET_EVENT_COMMENT,
  RUNET_EVENT_EDIT, /* a contour was changed: tool, before and after */
  RUNET_EVENT_UNDO, /* of an earlier event of the same author; of an undo: redo */
  RUNET_EVENT_KINDS
} RunetEventKind;

typedef enum {
  RUNET_REJECTION_NONE,
  RUNET_REJECTION_POOR_IMAGE,
  RUNET_REJECTION_WRONG_VIEW,
  RUNET_REJECTION_BEYOND_REPAIR,
  RUNET_REJECTION_OTHER,
  RUNET_REJECTIONS
} RunetRejection;

const char *
runet_event_kind_to_string (RunetEventKind kind); /* "accept" … */
/* "poor-image" …, NULL for none. */
const char *
runet_rejection_to_string (RunetRejection rejection);
/* FALSE when @name is none of those. */
gboolean
runet_event_kind_from_string (const char *name, RunetEventKind *kind);
gboolean
runet_rejection_from_string (const char *name, RunetRejection *rejection);

/**
 * RunetSubject: what an event is about: a view of a patient, or one image of it
 * @subset: (nullable)
 * @patient: bytes of a folder's name, which need not be UTF-8
 * @instant: -1 when it is not about ED or ES
 * @frame: 1-based frame of the sequence, 0 when it is not about one
 * @content: (nullable): runet_image_hash_frame() of the image that an edit is about, or of ED in an acceptance: an image
 *   that was replaced since is noticed by it
 */
typedef struct {
  char *subset;
  char *patient;
  RunetView view;
  int instant;
  int frame;
  char *content;
} RunetSubject;

/* The view of @patient as a whole. Copies. */
void
runet_subject_init (RunetSubject *self,
                    const char *subset,
                    const char *patient,
                    RunetView view);
void
runet_subject_copy (const RunetSubject *from, RunetSubject *to);
void
runet_subject_clear (RunetSubject *self);
/* What all events of one view of one patient have in common. */
char *
runet_subject_to_key (const RunetSubject *self) G_GNUC_WARN_UNUSED_RESULT;

/* The part that somebody plays in a decision or an edit. */
#define RUNET_ROLE_READER "reader"
/* Has the last word where readers differ. */
#define RUNET_ROLE_ADJUDICATOR "adjudicator"

/**
 * RunetEvent:
 * @number: its place in the journal, from 1; 0 before it is appended
 * @time: (nullable): UTC; set when it is appended
 * @author: full name, UTF-8
 * @rejection: of %RUNET_EVENT_REJECT
 * @text: (nullable): of a comment, or what else there is to say of a rejection
 * @undoes: number of the event that %RUNET_EVENT_UNDO takes back
 * @tool: (nullable): which tool edited
 * @model: (nullable): SHA-256 of the file of the model whose contours it is about
 * @seconds: that the gesture took, or, of a decision, that its author had looked at the case; 0 unknown
 * @before, @after: (nullable): contours: of an edit runet_correction_serialise(), the @after of an
 *   acceptance runet_corrected_frames_serialise(). Only of events to be appended: those that were read
 *   leave them in the journal, see runet_journal_read_edit().
 *
 * Not changed once it is appended.
 */
typedef struct {
  gatomicrefcount references;
  gint64 number;
  GDateTime *time;
  char *author;
  char *role;
  RunetSubject subject;
  RunetEventKind kind;
  RunetRejection rejection;
  char *text;
  gint64 undoes;
  char *tool;
  char *model;
  double seconds;
  GBytes *before, *after;
} RunetEvent;

/* @author: what is not UTF-8 in it is replaced. The other fields are for the caller to set. */
RunetEvent *
runet_event_new (RunetEventKind kind,
                 const char *author,
                 const RunetSubject *subject) G_GNUC_WARN_UNUSED_RESULT;
RunetEvent *
runet_event_ref (RunetEvent *event);
void
runet_event_unref (RunetEvent *event);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunetSubject, runet_subject_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetEvent, runet_event_unref)

G_END_DECLS
