/* Contours that come from a label map or from another model, beside those that stay. */
#include <string.h>

#include "editor-private.h"

static void
copy_structure (RunetContourModel *to, const RunetContourModel *from, int structure) {
  to->count[structure] = from->count[structure];
  memcpy (to->points[structure], from->points[structure],
          sizeof from->points[structure]);
  if (structure == RUNET_STRUCTURE_ENDO)
    to->apex = from->apex;
}

static void
set_annulus (RunetContourModel *model,
             RunetStructure structure,
             const RunetPoint annulus[2]) {
  const guint count = model->count[structure];
  if (count == 0)
    return;
  model->points[structure][0] = annulus[0];
  model->points[structure][count - 1] = annulus[1];
}

/* Whose annulus points count: those of what came anew, endo before LA. */
static RunetStructure
find_leader (const RunetContourModel *model, RunetStructureSet structures) {
  const gboolean has_endo = model->count[RUNET_STRUCTURE_ENDO] > 0;
  const gboolean has_la = model->count[RUNET_STRUCTURE_LA] > 0;
  const gboolean endo_came = structures & RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_ENDO);
  const gboolean la_came = structures & RUNET_STRUCTURE_BIT (RUNET_STRUCTURE_LA);
  if (has_endo && (endo_came || !la_came || !has_la))
    return RUNET_STRUCTURE_ENDO;
  return has_la ? RUNET_STRUCTURE_LA : RUNET_STRUCTURES;
}

void
runet_editor_mix (RunetContourModel *model,
                  const RunetContourModel *from,
                  RunetStructureSet structures,
                  gboolean hold) {
  const RunetContourModel old = *model;
  RunetPoint before[2], after[2];
  const gboolean had = runet_displace_get_annulus (model, before);
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (structures & RUNET_STRUCTURE_BIT (i))
      copy_structure (model, from, i);
  if (had && hold) {
    set_annulus (model, RUNET_STRUCTURE_ENDO, before);
    set_annulus (model, RUNET_STRUCTURE_LA, before);
  }
  const RunetStructure leader = find_leader (model, structures);
  if (leader == RUNET_STRUCTURES || structures == RUNET_STRUCTURES_ALL)
    return;
  runet_contour_model_couple (model, leader);
  /* Coupling to the same annulus says the same but for the last bits, which would look like a change. */
  if (!had || !runet_displace_get_annulus (model, after) ||
      memcmp (before, after, sizeof before) != 0)
    return;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    if (!(structures & RUNET_STRUCTURE_BIT (i)))
      copy_structure (model, &old, i);
}

void
runet_editor_refit (RunetEditor *self,
                    const guint8 *labels,
                    RunetStructureSet structures) {
  gboolean hold = FALSE;
  for (int i = 0; i < RUNET_STRUCTURES; i++)
    hold |= !(structures & RUNET_STRUCTURE_BIT (i)) &&
            self->now->source[i] == RUNET_SOURCE_SPLINE;
  RunetContourModel fit;
  runet_correction_fit (self->now, labels, &fit, NULL);
  runet_editor_mix (&self->now->model, &fit, structures, hold);
}
