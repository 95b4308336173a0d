/* One synthetic patient: what is drawn at random, before anything is imaged. */
#pragma once

#include "heart.h"
#include "scanner.h"

G_BEGIN_DECLS

/**
 * RunetPhantomView:
 * @frames: of the half sequence; @es_first: it runs from ES to ED, with the mitral
 *   valve open
 */
typedef struct {
  RunetScannerSettings settings;
  RunetPlaneGrid grid;
  RunetQuality quality;
  guint frames;
  gboolean es_first;
} RunetPhantomView;

typedef struct {
  guint32 seed;
  guint number; /* 0 … */
  char sex; /* 'F' or 'M' */
  int age_years;
  double frame_rate_hz;
  double ejection_fraction_percent; /* of the exact contours, biplane */
  RunetHeart heart;
  RunetPhantomView views[RUNET_VIEWS];
} RunetPhantomPatient;

/* Draws patient @number of @seed; every fifth one is hard. Depends on nothing else. */
void
runet_phantom_patient_init (RunetPhantomPatient *patient, guint32 seed, guint number);

/* A generator for one purpose (@stream) within a patient, so that frames can be made in
 * any order. (transfer full) */
GRand *
runet_phantom_patient_rand (const RunetPhantomPatient *patient,
                            guint32 stream) G_GNUC_WARN_UNUSED_RESULT;

/* Contraction of the ventricle and opening of its valve at frame @frame (0-based). */
void
runet_phantom_view_moment (const RunetPhantomView *view,
                           guint frame,
                           double *contraction,
                           double *opening);

G_END_DECLS
