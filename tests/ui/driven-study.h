/* A study in the program that is driven as a person would, and its record as another program sees it. */
#pragma once

#include "core/review/review.h"
#include "program.h"

G_BEGIN_DECLS

/* Two patients; settings and record are in a folder of their own and last from start to start. */
typedef struct {
  char *folder;
  char *model;
  char *settings;
  char *title; /* of the window */
  char *record;
  GSubprocess *program; /* (nullable): not launched yet */
  char *window; /* as xdotool names it */
} DrivenStudy;

/* @sequence: the first patient has one. Launches nothing. */
void
driven_set_up (DrivenStudy *study, gboolean sequence);
void
driven_tear_down (DrivenStudy *study);

void
driven_launch (DrivenStudy *study);
/* Presses @key until a name is asked for, and gives @name. */
void
driven_introduce (DrivenStudy *study, const char *key, const char *name);

RunetReview *
open_record (const DrivenStudy *study, RunetJournalMode mode) G_GNUC_WARN_UNUSED_RESULT;
guint
count_events (const DrivenStudy *study);
/* Until there are @count events, and no more. */
void
wait_for (const DrivenStudy *study, guint count);
/* Presses @key until then: what is pressed while a case is being opened is for no case. */
void
press_until (const DrivenStudy *study, const char *key, guint count);

G_END_DECLS
