/* Synthetic apical studies in the layout of the CAMUS NIfTI release: a beating left
 * ventricle, myocardium, left atrium and valve plane seen through a simulated
 * ultrasound scanner. */
#pragma once

#include <gio/gio.h>
#include "core/base/progress.h"

G_BEGIN_DECLS

/**
 * runet_phantom_write:
 * @folder: made when missing; patients are written as patient9001 … so that they never
 *   look like real ones
 *
 * Both views, ED, ES, the half sequence, all with expert masks, and the cfg files. The
 * same @seed gives the same bytes; patient k does not depend on how many there are.
 * Every fifth patient is deliberately hard (drop-out, low gain, shadow, unusual shape)
 * and has ImageQuality Poor.
 */
gboolean
runet_phantom_write (const char *folder,
                     guint patients,
                     guint32 seed,
                     RunetProgressFunc progress,
                     gpointer user_data,
                     GCancellable *cancellable,
                     GError **error);

G_END_DECLS
