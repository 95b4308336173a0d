/* Where the modules are that this program opens at run time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * runet_module_find:
 * @folder: of the module, from the top of a build folder: "core/training"
 * @name: "librunet-mpi.so"
 *
 * Returns: (nullable): its path, in the folder that this program was built in, else where it is installed
 */
char *
runet_module_find (const char *folder, const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
