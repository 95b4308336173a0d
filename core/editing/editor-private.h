/* What the tools of the editor share: the state of a gesture, and how a tool offers what it made of the contours. */
#pragma once

#include "correction-private.h"
#include "editor.h"

G_BEGIN_DECLS

/* Limits of what can be set, in mm, and what it is at first. */
#define RUNET_EDITOR_RADIUS_MIN_MM 0.5
#define RUNET_EDITOR_RADIUS_MAX_MM 30.0
#define RUNET_EDITOR_RADIUS_MM 4.0
#define RUNET_EDITOR_FALLOFF_MAX_MM 100.0
#define RUNET_EDITOR_FALLOFF_MM 40.0

/**
 * RunetSoundness: what was wrong before a gesture, so that only what it makes worse is refused
 * @line: the endo, evenly, in pixel coordinates; only where the wall is thin somewhere
 * @thickness_mm: of the wall at each point of @line
 */
#define RUNET_SOUNDNESS_POINTS 96
typedef struct {
  RunetContourFaults faults;
  guint crossings;
  RunetPoint line[RUNET_SOUNDNESS_POINTS];
  double thickness_mm[RUNET_SOUNDNESS_POINTS];
} RunetSoundness;

/**
 * RunetEditorTool: what a tool does in a gesture
 * @press: whether a gesture begins; what it needs goes into @state of the editor
 * @move: whether the correction changed; from the state at the press or at the last move, as the tool needs it
 * @release: (nullable): what is left to do at the end; whether the correction changed
 * @clear: (nullable): frees @state
 */
typedef struct {
  gboolean (*press) (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers);
  gboolean (*move) (RunetEditor *self, RunetPoint at, RunetEditModifiers modifiers);
  gboolean (*release) (RunetEditor *self);
  void (*clear) (gpointer state);
} RunetEditorTool;

extern const RunetEditorTool runet_points_tool, runet_push_tool, runet_redraw_tool,
    runet_brush_tool, runet_eraser_tool, runet_uncertain_tool, runet_stage1_tool;

/**
 * RunetEditor:
 * @before, @now: the same between gestures, until something changes
 * @stage1: (nullable)
 * @start: the contours that a gesture began with, with the point that a press inserted
 * @stroke: (element-type RunetPoint): where the pointer was
 * @sound: the last place of the pointer that was not refused
 * @reach: of the press, pixels along x
 */
struct _RunetEditor {
  RunetCorrection *before, *now;
  RunetTool tool;
  RunetStructure structure;
  double radius_mm, falloff_mm;
  gboolean allow_faults;
  RunetContourModel *stage1;
  const char *gesture;
  RunetContourFaults refused;
  RunetPoint refused_spot;
  RunetHit selected, selected_before;

  gboolean active;
  RunetContourModel start;
  gboolean measured;
  RunetSoundness soundness;
  RunetHit grabbed;
  RunetPoint pressed, last, sound;
  RunetEditModifiers modifiers;
  double reach;
  GArray *stroke;
  gpointer state;
};

/* ---- A gesture or a command, editor.c ---- */

void
runet_editor_begin (RunetEditor *self, const char *gesture);
/* Keeps what was made. Returns whether there is anything. */
gboolean
runet_editor_commit (RunetEditor *self);
/* Takes @candidate, unless it is what no heart looks like and was not so before. Structures whose points are not those of before
 * come from their splines from now on. Returns whether the correction changed. */
gboolean
runet_editor_offer (RunetEditor *self, const RunetContourModel *candidate);
/* Drops the painted map when nothing comes from it any more. */
void
runet_editor_trim (RunetEditor *self);
/* The reach of the press, in mm. */
double
runet_editor_get_reach_mm (const RunetEditor *self);
static inline RunetPoint
runet_editor_spacing (const RunetEditor *self) {
  return runet_correction_get_spacing (self->before);
}

/* ---- editor-sound.c ---- */

void
runet_soundness_measure (RunetSoundness *self,
                         const RunetCorrection *correction,
                         const RunetContourModel *model);
/* What is wrong with @model and was not, or was less, before; 0 when nothing is. */
RunetContourFaults
runet_soundness_compare (const RunetSoundness *self,
                         const RunetCorrection *correction,
                         const RunetContourModel *model,
                         RunetPoint *spot);

/* ---- editor-hit.c ---- */

/* The parameter of the point of a contour nearest to @at; -1 when it is not there. */
double
runet_editor_nearest (const RunetContourModel *model,
                      RunetStructure structure,
                      RunetPoint at,
                      RunetPoint spacing,
                      double *distance_mm);
/* The chosen structure, else that whose contour is nearest; RUNET_STRUCTURES when none is within @most_mm. */
RunetStructure
runet_editor_find_structure (const RunetEditor *self, RunetPoint at, double most_mm);
RunetHit
runet_editor_name_point (const RunetContourModel *model,
                         RunetStructure structure,
                         guint index);
/* Where along the contour that the gesture began with @at is nearest: 0 … 1, see runet_contour_model_at(). */
double
runet_editor_get_fraction (const RunetEditor *self,
                           RunetStructure structure,
                           RunetPoint at);

/* ---- displace.c: how a drag moves the control points of a model ---- */

/* Adds @by (pixels) to the stretch of @model around parameter @t, fading along the contour of @start; its ends stay.
 * @falloff_mm: 0 for the point at @t alone. */
void
runet_displace_stretch (const RunetContourModel *start,
                        RunetContourModel *model,
                        RunetStructure structure,
                        double t,
                        RunetPoint by,
                        double falloff_mm,
                        RunetPoint spacing);
/* Annulus point @which (0 or 1) of all structures. */
void
runet_displace_annulus (const RunetContourModel *start,
                        RunetContourModel *model,
                        guint which,
                        RunetPoint by,
                        double falloff_mm,
                        RunetPoint spacing);
/* End @which of epi, along the line through the annulus points. */
void
runet_displace_epi_end (const RunetContourModel *start,
                        RunetContourModel *model,
                        guint which,
                        RunetPoint by,
                        double falloff_mm,
                        RunetPoint spacing);
/* Stretches endo, and epi with @coupled, so that the apex moves by @by along the long axis. */
void
runet_displace_apex (const RunetContourModel *start,
                     RunetContourModel *model,
                     RunetPoint by,
                     gboolean coupled,
                     RunetPoint spacing);
void
runet_displace_all (const RunetContourModel *start,
                    RunetContourModel *model,
                    RunetPoint by);
/* Turns all about their middle, from the direction of @from to that of @to. */
void
runet_displace_turn (const RunetContourModel *start,
                     RunetContourModel *model,
                     RunetPoint from,
                     RunetPoint to,
                     RunetPoint spacing);
/* The annulus points. FALSE when there is neither endo nor LA. */
gboolean
runet_displace_get_annulus (const RunetContourModel *model, RunetPoint annulus[2]);
/* The endo's point that is farthest from the middle of the base. */
guint
runet_displace_find_apex (const RunetContourModel *model, RunetPoint spacing);

/* ---- stretch.c ---- */

/**
 * runet_stretch_replace:
 * @t0, @t1: the stretch, @t0 ≤ @t1
 * @line: @n points, in the direction of the contour, that it is to follow instead
 *
 * Few points are taken, well spread. The ends of the contour stay. FALSE when @line asks for more points than a contour
 * can have; @model is then as it was.
 */
gboolean
runet_stretch_replace (RunetContourModel *model,
                       RunetStructure structure,
                       double t0,
                       double t1,
                       const RunetPoint *line,
                       guint n,
                       RunetPoint spacing);
/* Inserts a point on the curve at @t. Returns its index; 0 when there is no room. */
guint
runet_stretch_insert (RunetContourModel *model, RunetStructure structure, double t);
void
runet_stretch_delete (RunetContourModel *model, RunetStructure structure, guint index);

/* ---- editor-points.c ---- */

/* What a drag of @grabbed from @from to @to makes of @self->start. */
void
runet_points_drag (RunetEditor *self,
                   RunetPoint from,
                   RunetPoint to,
                   RunetEditModifiers modifiers,
                   RunetContourModel *model);

/* ---- editor-fit.c ---- */

/* Structures of @from in place of those of @model, and coupled to the others. @hold: the annulus points stay where @model has
 * them, so that the structures that are not in @structures stay as they are to the bit. */
void
runet_editor_mix (RunetContourModel *model,
                  const RunetContourModel *from,
                  RunetStructureSet structures,
                  gboolean hold);
/* The contours of @structures are fitted to @labels (H × W) anew. Where nothing is drawn from a spline that shares them, the
 * annulus points move too. */
void
runet_editor_refit (RunetEditor *self,
                    const guint8 *labels,
                    RunetStructureSet structures);

/* ---- editor-uncertain.c ---- */

/* Takes [from, to] off the stretches of one structure. Returns whether any was there. */
gboolean
runet_uncertain_clear (GArray *stretches,
                       RunetStructure structure,
                       double from,
                       double to);

G_END_DECLS
