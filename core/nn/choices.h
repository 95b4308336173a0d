/* Which way of convolving was the fastest here, kept from run to run.
 *
 * A file in the user's cache folder; without it nothing is lost but the time to measure again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @machine: processor, instruction set and threads; @layer: its shape. */
char *
runet_choices_get (const char *machine, const char *layer) G_GNUC_WARN_UNUSED_RESULT;
void
runet_choices_set (const char *machine, const char *layer, const char *way);
/* Writes what is new to the file; says nothing when it cannot. */
void
runet_choices_save (void);
/* Forgets what this process knows, so that the file is read again: for tests. */
void
runet_choices_forget (void);

G_END_DECLS
