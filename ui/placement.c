/* Where labels may stand: inside given bounds, and never on top of each other. */
#include "placement.h"

#include <math.h>

/* Distances from the spot that are tried, in logical pixels, and directions a distance. */
static const double distances[] = {24, 36, 52, 72, 96, 124, 156, 192, 232, 280, 340};
#define DIRECTIONS 16

struct _RunetPlacement {
  graphene_rect_t bounds;
  graphene_rect_t avoided; /* of no size: nothing */
  GArray *taken; /* (element-type graphene_rect_t) */
};

RunetPlacement *
runet_placement_new (const graphene_rect_t *bounds) {
  RunetPlacement *placement = g_new0 (RunetPlacement, 1);
  placement->bounds = *bounds;
  placement->taken = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  return placement;
}

void
runet_placement_free (RunetPlacement *placement) {
  if (placement == NULL)
    return;
  g_array_unref (placement->taken);
  g_free (placement);
}

void
runet_placement_avoid (RunetPlacement *placement, const graphene_rect_t *rect) {
  placement->avoided = rect != NULL ? *rect : *graphene_rect_zero ();
}

void
runet_placement_occupy (RunetPlacement *placement, const graphene_rect_t *rect) {
  g_array_append_val (placement->taken, *rect);
}

gboolean
runet_placement_is_free (const RunetPlacement *placement, const graphene_rect_t *rect) {
  for (guint i = 0; i < placement->taken->len; i++)
    if (graphene_rect_intersection (
            &g_array_index (placement->taken, graphene_rect_t, i), rect, NULL))
      return FALSE;
  return TRUE;
}

gboolean
runet_placement_claim (RunetPlacement *placement, const graphene_rect_t *rect) {
  if (!graphene_rect_contains_rect (&placement->bounds, rect) ||
      !runet_placement_is_free (placement, rect))
    return FALSE;
  runet_placement_occupy (placement, rect);
  return TRUE;
}

/* A rectangle whose side or corner that looks at (@x, @y) is @distance away in @angle_rad. */
static graphene_rect_t
put_beside (double x,
            double y,
            double width,
            double height,
            double distance,
            double angle_rad) {
  double c = cos (angle_rad), s = sin (angle_rad);
  double left = x + distance * c - width * (0.5 - 0.5 * CLAMP (2 * c, -1, 1));
  double top = y + distance * s - height * (0.5 - 0.5 * CLAMP (2 * s, -1, 1));
  return GRAPHENE_RECT_INIT (round (left), round (top), width, height);
}

/* @all: what is avoided is tried as well. */
static gboolean
find (RunetPlacement *placement,
      double x,
      double y,
      double width,
      double height,
      gboolean all,
      graphene_rect_t *place) {
  double middle = placement->bounds.origin.x + placement->bounds.size.width / 2;
  double outward = x < middle ? G_PI : 0;

  for (guint d = 0; d < G_N_ELEMENTS (distances); d++)
    for (int k = 0; k < DIRECTIONS; k++) {
      /* 0, 1, -1, 2, -2 …: turning away from the preferred direction to both sides. */
      int turn = k % 2 == 0 ? k / 2 : -(k + 1) / 2;
      *place = put_beside (x, y, width, height, distances[d],
                           outward + turn * 2 * G_PI / DIRECTIONS);
      if (!all && graphene_rect_intersection (&placement->avoided, place, NULL))
        continue;
      if (runet_placement_claim (placement, place))
        return TRUE;
    }
  return FALSE;
}

gboolean
runet_placement_find (RunetPlacement *placement,
                      double x,
                      double y,
                      double width,
                      double height,
                      graphene_rect_t *place) {
  return find (placement, x, y, width, height, FALSE, place) ||
         find (placement, x, y, width, height, TRUE, place);
}
