/* A synthetic sequence with all that the viewer shows of it, for the benchmarks of the canvas. */
#pragma once

#include "ui/canvas.h"

G_BEGIN_DECLS

#define SEQUENCE_SPACING_MM 0.2

/* What the viewer holds of one frame. @discs are in pixels. */
typedef struct {
  RunetLabelMap *labels[RUNET_OVERLAYS];
  RunetDiscs discs[RUNET_OVERLAYS];
  GBytes *region;
  GArray *reasons;
} SequenceFrame;

RunetImage *
sequence_image_new (gsize width, gsize height, gsize frames) G_GNUC_WARN_UNUSED_RESULT;
/* @grid: of one frame; @closed: 0 at the widest … 1. */
void
sequence_frame_init (SequenceFrame *frame, RunetGrid *grid, double closed);
void
sequence_frame_clear (SequenceFrame *frame);
/* As the viewer does it. */
void
sequence_frame_show (const SequenceFrame *frame, RunetCanvas *canvas, gsize at);
void
sequence_show_all (RunetCanvas *canvas, gboolean shown);

G_END_DECLS
