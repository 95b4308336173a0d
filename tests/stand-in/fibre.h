/* Fibres: stacks that take turns in one thread. */
#pragma once

namespace stand_in {

/* Runs @count bodies, each on a stack of its own, in turns: body 0 until it waits or ends, then body 1 … and again
 * from 0. @prepare is called before each turn. Ends the program with a message where some wait and others have ended, or
 * wait elsewhere. */
void
run_fibres (const char *name,
            unsigned count,
            void (*prepare) (unsigned index),
            void (*body) (void *data),
            void *data);
/* Called by a body; returns in its next turn. @file, @line: where it waits. */
void
fibre_wait (const char *file, int line);

} // namespace stand_in
