/* Where labels may stand: inside given bounds, and never on top of each other. */
#pragma once

#include <glib.h>
#include <graphene.h>

G_BEGIN_DECLS

typedef struct _RunetPlacement RunetPlacement;

RunetPlacement *
runet_placement_new (const graphene_rect_t *bounds) G_GNUC_WARN_UNUSED_RESULT;
void
runet_placement_free (RunetPlacement *placement);
/* Takes @rect whatever stands there: nothing is placed on it from now on. */
void
runet_placement_occupy (RunetPlacement *placement, const graphene_rect_t *rect);
gboolean
runet_placement_is_free (const RunetPlacement *placement, const graphene_rect_t *rect);
/* @rect: (nullable): is used only when there is no place elsewhere; %NULL: nothing is avoided any more. */
void
runet_placement_avoid (RunetPlacement *placement, const graphene_rect_t *rect);
/* Takes @rect when it is inside the bounds and free. */
gboolean
runet_placement_claim (RunetPlacement *placement, const graphene_rect_t *rect);
/* Finds and takes a place of @width × @height near (@x, @y), nearest first, on the side that
 * looks away from the middle of the bounds first. Returns FALSE when there is none. */
gboolean
runet_placement_find (RunetPlacement *placement,
                      double x,
                      double y,
                      double width,
                      double height,
                      graphene_rect_t *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetPlacement, runet_placement_free)

G_END_DECLS
