/* The modules that this program opens at run time: where they are, and whether they are its own. */
#pragma once

#include <gmodule.h>

#include "error.h"

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

/**
 * runet_module_open:
 * @symbol: of its function without arguments that returns the table of its functions, whose first member is a guint: the
 *   number of the interface that it was built with
 * @interface: that number as this program knows it
 * @flags: whether others see its libraries' symbols: plug-ins of MPI may need them
 * @title: of the module, for the messages: "the GPU module"
 * @code: of RunetError, for all errors
 *
 * It stays in memory for good: the libraries that modules bring along are not made to be closed.
 * Returns: (transfer none): the table
 */
gconstpointer
runet_module_open (const char *path,
                   GModuleFlags flags,
                   const char *symbol,
                   guint interface,
                   const char *title,
                   RunetError code,
                   GError **error);

G_END_DECLS
