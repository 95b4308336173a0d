/* Volumes of the left ventricle and its ejection fraction, by Simpson's biplane method of discs. */
#pragma once

#include "discs.h"

G_BEGIN_DECLS

typedef enum {
  RUNET_SIMPSON_ASE, /* a disc is as high as the longer axis of that instant asks: Lang et al., JASE 2015 */
  RUNET_SIMPSON_CAMUS, /* as high as the longest of all four asks, volumes rounded to ml: the released
                        * script of CAMUS, which inflates ESV; only to compare with its figures */
} RunetSimpsonMode;

const char *
runet_simpson_mode_to_string (RunetSimpsonMode mode); /* "ase", "camus" */
/* FALSE when @name is none. */
gboolean
runet_simpson_mode_from_string (const char *name, RunetSimpsonMode *mode);

/**
 * RunetVolumes:
 * @volume_ml: NaN where no view has a long axis
 * @ef_percent: 100 (EDV − ESV) / EDV; NaN when a volume is, or when the two are not of the same views
 * @views: which views each volume is of: two are biplane, one is single-plane
 */
typedef struct {
  double volume_ml[RUNET_INSTANTS];
  double ef_percent;
  gboolean views[RUNET_INSTANTS][RUNET_VIEWS];
} RunetVolumes;

/**
 * runet_volumes_compute:
 * @discs: (nullable) of each view and instant
 *
 * Views that have a long axis at both instants are used, both or the only one; where there is none, each
 * instant has a volume of its own and there is no EF.
 */
RunetVolumes
runet_volumes_compute (const RunetDiscs *const discs[RUNET_VIEWS][RUNET_INSTANTS],
                       RunetSimpsonMode mode);

G_END_DECLS
