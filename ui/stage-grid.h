/*
 * Grids of figures with a column for each shown stage, one for what somebody drew and one for the expert, as the
 * tables of measures and of volumes have them. Column 0 holds the names of the rows, so
 * that the values of column c are in the grid's column c + 1; rows 0 and 1 are the heads.
 */
#pragma once

#include <gtk/gtk.h>
#include "core/segmentation/frame-result.h"

/* Columns of values: the shown stages, what was corrected, the expert. */
enum {
  RUNET_STAGE_GRID_CORRECTED = RUNET_SHOWN_STAGES,
  RUNET_STAGE_GRID_EXPERT,
  RUNET_STAGE_GRID_COLUMNS
};

/* Between columns, in pixels. */
#define RUNET_STAGE_GRID_SPACING 6

/* The first row below the heads. */
#define RUNET_STAGE_GRID_BODY 2

typedef struct {
  GtkWidget *swatch; /* (nullable) (unowned): the colour of its contours */
  GtkWidget *title; /* (unowned) */
} RunetStageHead;

/* Adds the head of a column of values without contours of its own. */
RunetStageHead
runet_stage_grid_add_head (GtkGrid *grid, int column, const char *title);

/* Adds the heads of the stages and of the expert. */
void
runet_stage_grid_add_heads (GtkGrid *grid,
                            RunetStageHead heads[RUNET_STAGE_GRID_COLUMNS]);

void
runet_stage_head_set_visible (const RunetStageHead *head, gboolean visible);

/* Adds the title of the rows below it, over columns of values. Returns (transfer none). */
GtkWidget *
runet_stage_grid_add_title (GtkGrid *grid, const char *title, int row, int columns);

/*
 * Adds a named row of values, each "–" until set; the first columns of them are made and
 * written to cells. Returns the label of the name (transfer none).
 */
GtkWidget *
runet_stage_grid_add_row (GtkGrid *grid,
                          const char *name,
                          const char *tooltip,
                          int row,
                          int columns,
                          GtkWidget *cells[]);
