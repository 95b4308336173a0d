/* The companion: the other view of a patient beside the one that is looked at, four-chamber on the left, with
 * the same overlays, at the same moment of the beat. */
#pragma once

#include "viewer.h"

G_BEGIN_DECLS

typedef struct _RunetCompanion RunetCompanion;

/* @leader: whose timeline leads; must outlive the companion. @views: what its image stands in. */
RunetCompanion *
runet_companion_new (RunetViewer *leader, GtkBox *views) G_GNUC_WARN_UNUSED_RESULT;
/* What it shows goes with @views. */
void
runet_companion_free (RunetCompanion *self);
/* @item: (nullable): nothing is beside the leader then. */
void
runet_companion_set_case (RunetCompanion *self, RunetCase *item);
/* For tests. (transfer none) */
RunetViewer *
runet_companion_get_viewer (RunetCompanion *self);

G_END_DECLS
