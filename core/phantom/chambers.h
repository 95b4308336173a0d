/* What surrounds the left ventricle: atria, right ventricle, septum and valves. */
#pragma once

#include "heart.h"

G_BEGIN_DECLS

/**
 * runet_chambers_add:
 * @rest: the ventricle of this view at end-diastole: where the far walls of the atria
 *   stay
 * @shape: (inout): has its ventricle; gets the other strips of the view
 */
void
runet_chambers_add (const RunetHeart *heart,
                    RunetView view,
                    double contraction,
                    double opening,
                    const RunetHeartShape *rest,
                    RunetHeartShape *shape);

G_END_DECLS
