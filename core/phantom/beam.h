/* Beam space: complex echoes on a grid of rows of equal depth and beams of equal angle,
 * the scanner's point-spread function, and the way from there to grey pixels. */
#pragma once

#include "curve.h"

G_BEGIN_DECLS

/**
 * RunetBeams: dimension legend R rows (depth), B beams (angle)
 * @row_mm: distance of rows; row 0 is at depth 0
 */
typedef struct {
  gsize rows, beams;
  double row_mm, beam_rad, half_angle_rad;
} RunetBeams;

/* @re, @im: R × B */
typedef struct {
  float *re, *im;
} RunetEchoes;

void
runet_beams_init (RunetBeams *beams, double depth_mm, double half_angle_rad);

void
runet_echoes_init (RunetEchoes *echoes, const RunetBeams *beams);
void
runet_echoes_clear (RunetEchoes *echoes);

/* Adds a point scatterer, shared among the four cells around it; its phase is that of
 * the way to @depth_mm and back. Outside the sector: nothing. */
void
runet_echoes_add (RunetEchoes *echoes,
                  const RunetBeams *beams,
                  double depth_mm,
                  double angle_rad,
                  double amplitude);

/* Adds white complex noise. @level: R × B, its root mean square. */
void
runet_echoes_add_noise (RunetEchoes *echoes,
                        const RunetBeams *beams,
                        const float *level,
                        GRand *rand);

/* Convolves with the point-spread function, in place. White noise keeps its power. */
void
runet_echoes_blur (RunetEchoes *echoes, const RunetBeams *beams);

/* Mean square amplitude over neighbouring cells (spatial compounding), in dB. @decibel:
 * (out): R × B. */
void
runet_echoes_detect (const RunetEchoes *echoes,
                     const RunetBeams *beams,
                     float *decibel);

/* @values (R × B) seen on @grid, bilinear; @outside where there is no sector. */
void
runet_beams_convert (const RunetBeams *beams,
                     const float *values,
                     const RunetPlaneGrid *grid,
                     float outside,
                     float *pixels);

G_END_DECLS
