/* Studies and a model small enough for a test, whose results are known: hearts made of ellipses, each
 * structure of its own grey value, and a network whose weights turn grey values into labels. */
#pragma once

#include "core/echo/dataset.h"
#include "core/segmentation/segmenter.h"

G_BEGIN_DECLS

typedef enum {
  FIXTURE_PLAIN, /* the expert's mask is what the image shows */
  FIXTURE_SHIFTED, /* the expert's mask lies 10 mm to the side: a geometrical outlier */
  FIXTURE_DENTED, /* the ventricle is a crescent: an anatomical outlier */
  FIXTURE_BROKEN, /* the image at ED is cut short */
} FixtureKind;

#define FIXTURE_WIDTH 128
#define FIXTURE_HEIGHT 160
#define FIXTURE_SPACING_MM 0.5
#define FIXTURE_FRAMES 5

/* A temporary folder; to be given to fixture_remove(). */
char *
fixture_folder (void);
void
fixture_remove (char *folder);
/* Lets what is due happen for so long. */
void
fixture_wait_ms (guint milliseconds);
/* Four-chamber view of one patient: stills, masks, cfg. @sequence: also a half sequence. */
void
fixture_write_patient (const char *folder,
                       const char *id,
                       FixtureKind kind,
                       gboolean sequence);
/* Its half sequence has pixels of twice the size that those of the stills have. */
void
fixture_coarsen_sequence (const char *folder, const char *id);
/* A RU-Net that calls the greys of the fixture by their labels, in both stages. */
void
fixture_write_model (const char *path);
/* The labels of a heart of @kind; H × W. */
void
fixture_draw (FixtureKind kind, guint8 *labels);
/* What a model that answers @labels in both stages would return. */
RunetSegmentation *
fixture_segmentation (const guint8 *labels);

G_END_DECLS
