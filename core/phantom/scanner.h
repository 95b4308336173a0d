/* A phased-array scanner: scatterers that move with the tissue, seen through a point-
 * spread function in beam space, then envelope, logarithm and scan conversion. */
#pragma once

#include "heart.h"

G_BEGIN_DECLS

/**
 * RunetScannerSettings: levels are dB relative to ordinary myocardium at mid depth
 * @depth_mm: radius of the sector; @half_angle_rad: half of its opening
 * @gain_db: added to everything; @range_db: from black to white
 * @blood_db: echo of the blood; @noise_db: of the electronics, at full depth
 * @clutter_db: what the beam's thickness brings of the surroundings into the cavities
 * @haze_db: reverberation right below the transducer
 * @far_db: how much the far field is raised (negative: lowered)
 * @edge_db: fall towards the left and right edge of the sector, 0 or negative
 * @surround_db: tissue around the heart, left and right
 * @parallel_db: how much the side walls, which the beam meets at a grazing angle, lose;
 *   left, right
 * @lost_centre, @lost_width, @lost_db: a part of the LV wall (0 left base … 1 right
 *   base) that does not show; @lost_db 0 for none
 * @shadow_rad, @shadow_width_rad, @shadow_db: a rib between transducer and heart; 0 dB
 *   for none
 */
typedef struct {
  double depth_mm, half_angle_rad;
  double gain_db, range_db;
  double blood_db, noise_db, clutter_db, haze_db, far_db;
  double edge_db[2], surround_db[2], parallel_db[2];
  double lost_centre, lost_width, lost_db;
  double shadow_rad, shadow_width_rad, shadow_db;
} RunetScannerSettings;

typedef struct _RunetScanner RunetScanner;

/**
 * runet_scanner_new:
 * @rest: the heart at end-diastole, into which the scatterers are put
 * @grid: of the images
 */
RunetScanner *
runet_scanner_new (const RunetScannerSettings *settings,
                   const RunetHeartShape *rest,
                   const RunetPlaneGrid *grid,
                   GRand *rand) G_GNUC_WARN_UNUSED_RESULT;
void
runet_scanner_free (RunetScanner *scanner);

/**
 * runet_scanner_image:
 * @rand: source of what differs from frame to frame: blood and electronic noise
 * @pixels: (out): H × W grey values 0 … 255, 0 outside the sector
 *
 * Several threads may image with the same @scanner at once.
 */
void
runet_scanner_image (const RunetScanner *scanner,
                     const RunetHeartShape *shape,
                     GRand *rand,
                     float *pixels);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunetScanner, runet_scanner_free)

G_END_DECLS
