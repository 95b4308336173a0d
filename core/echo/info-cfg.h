/* Info_2CH.cfg and Info_4CH.cfg of a patient. Private to core/echo. */
#pragma once

#include "dataset.h"

G_BEGIN_DECLS

/* Appends a line about @path; its name comes first in the message. */
void
runet_problems_add (GPtrArray *problems, const char *path, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Appends @error, whose message names the file already. */
void
runet_problems_add_error (GPtrArray *problems, const char *path, const GError *error);

/* Everything of @files that a cfg may tell, to "unknown". */
void
runet_info_cfg_clear (RunetViewFiles *files);

/**
 * runet_info_cfg_read:
 * @problems: (element-type RunetProblem): gets a line for each value that makes no sense;
 *   that value stays unknown
 *
 * By name, in any order; unknown keys are none of our business.
 */
void
runet_info_cfg_read (const char *path, RunetViewFiles *files, GPtrArray *problems);

/* Compares the instants with @frames, the length of the sequence; those beyond it become 0. */
void
runet_info_cfg_check_frames (const char *path,
                             int frames,
                             RunetViewFiles *files,
                             GPtrArray *problems);

G_END_DECLS
