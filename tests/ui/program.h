/* The program itself under an X server, driven as a person would: started, its windows found, keys pressed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether what it takes is installed; else tells TAP that the tests are skipped. */
gboolean
program_can_drive (void);

/* On a loaded machine; as a rule a key is through in a tenth of a second. Fails when that long has passed since
 * @start (monotonic), else waits a moment. */
void
program_pause (gint64 start);

/* What xdotool prints, without the newline; NULL when it failed. */
char *
program_xdotool (const char *first,
                 ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
void
program_press (const char *key);
void
program_type (const char *text);
/* Waits for the window of that title, gives it the keys, and replaces @window with what xdotool calls it. */
void
program_focus (const char *title, char **window);

/* RGB of the whole screen. */
GBytes *
program_take_screenshot (void) G_GNUC_WARN_UNUSED_RESULT;
/* Until the screen is at rest: a spinner turns while the model runs. What is seen then. */
GBytes *
program_wait_for_rest (void) G_GNUC_WARN_UNUSED_RESULT;
/* Until something of it is seen, and the screen is at rest again. */
void
program_press_and_see (const char *key);

/* @environment: names and values in turn, ends with NULL. Warnings end it. */
GSubprocess *
program_launch (const char *folder,
                const char *model,
                const char *const *environment) G_GNUC_WARN_UNUSED_RESULT;
/* Asks it to quit by its key, and sees that it did so in peace. */
void
program_quit (GSubprocess *program);

G_END_DECLS
