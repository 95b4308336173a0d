/* A reviewer made of a script: corrects the views that a model gets most wrong, by the gestures of a mouse.
 *
 * scripted-reviewer DATASET --experts DATASET --model M --record R [--patients LIST] [--views N] [--author NAME]
 *
 * The riskiest N views, by what the model says of them, are corrected at end-diastole and end-systole: every point is taken
 * hold of and dragged to where the expert's contour runs, with the same press, move and release that the canvas calls; each
 * gesture goes into the record as it is made, and then the view is accepted. The experts' masks, which stand for what a person
 * sees, may be those of another data set with the same patients. Prints a line an image. */
#include <math.h>
#include <stdio.h>

#include "core/echo/dataset.h"
#include "core/editing/editor.h"
#include "core/review/review.h"
#include "core/segmentation/risk.h"

/* How near a press is to what it is meant for, in pixels: a careful hand. */
#define REACH 1.5
/* Between press and release, as a pointer comes in steps. */
#define MOVES 4
/* Below this a structure is gone over once more, with the tool that draws it anew. */
#define GOOD_DICE 0.96
/* Points of the stroke that draws a contour anew, and the part of it that is left at either end, where it is held. */
#define STROKE 48
#define STROKE_MARGIN 0.02
/* What a gesture takes a person, about; the record wants to know. */
#define GESTURE_SECONDS 2.0

typedef struct {
  char *model, *record, *experts, *patients, *author;
  int views;
} Options;

/* One view, and what the model says of it. */
typedef struct {
  const RunetPatient *patient;
  const RunetPatient *twin; /* the same, with experts' masks */
  RunetView view;
  RunetFrameResult *results[RUNET_INSTANTS]; /* each (nullable) */
  char *content[RUNET_INSTANTS]; /* of the images, as events name it */
  double score;
} Subject;

/* Who works on one image. */
typedef struct {
  RunetReview *review;
  const Options *options;
  const char *model; /* hash */
  RunetSubject subject;
  RunetEditor *editor;
  RunetContourModel aim;
  const RunetLabelMap *expert;
  guint gestures;
} Reviewer;

static void
subject_clear (gpointer data) {
  Subject *subject = data;
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    g_clear_pointer (&subject->results[i], runet_frame_result_unref);
    g_free (subject->content[i]);
  }
}

/* ---- Gestures ---- */

/* The gesture that has just ended, into the record. */
static gboolean
record (Reviewer *self, GError **error) {
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_EDIT, self->options->author, &self->subject);
  event->tool = g_strdup (runet_editor_get_gesture (self->editor));
  event->model = g_strdup (self->model);
  event->seconds = GESTURE_SECONDS;
  event->before = runet_correction_serialise (runet_editor_get_before (self->editor));
  event->after =
      runet_correction_serialise (runet_editor_get_correction (self->editor));
  self->gestures++;
  return runet_review_append (self->review, event, error);
}

static gboolean
finish (Reviewer *self, RunetPoint at, RunetEditModifiers modifiers, GError **error) {
  return !runet_editor_release (self->editor, at, modifiers) || record (self, error);
}

static gboolean
drag (Reviewer *self,
      RunetPoint from,
      RunetPoint to,
      RunetEditModifiers modifiers,
      GError **error) {
  if (!runet_editor_press (self->editor, from, REACH, modifiers))
    return TRUE;
  for (int i = 1; i <= MOVES; i++) {
    const double part = (double)i / MOVES;
    const RunetPoint at = {from.x + part * (to.x - from.x),
                           from.y + part * (to.y - from.y)};
    runet_editor_move (self->editor, at, modifiers);
  }
  return finish (self, to, modifiers, error);
}

/* From point to point of a line. */
static gboolean
stroke (Reviewer *self, const RunetPoint *points, gsize count, GError **error) {
  if (!runet_editor_press (self->editor, points[0], REACH, RUNET_EDIT_PLAIN))
    return TRUE;
  for (gsize i = 1; i < count; i++)
    runet_editor_move (self->editor, points[i], RUNET_EDIT_PLAIN);
  return finish (self, points[count - 1], RUNET_EDIT_PLAIN, error);
}

/* ---- Correcting one image ---- */

static RunetPoint
spacing_of (const Reviewer *self) {
  const RunetGrid *grid = self->expert->grid;
  return (RunetPoint){grid->spacing_x_mm, grid->spacing_y_mm};
}

/* Where the expert's contour runs at the same place of the heart. */
static RunetPoint
find_aim (const Reviewer *self, RunetStructure structure, RunetPoint from) {
  const RunetPoint spacing = spacing_of (self);
  const RunetContourModel *now = &runet_editor_get_correction (self->editor)->model;
  const double fraction =
      runet_contour_model_fraction (now, structure, from, spacing.x, spacing.y, NULL);
  return runet_contour_model_at (&self->aim, structure, fraction, spacing.x, spacing.y);
}

/* Which points of a structure are moved one by one, and in which order: the annulus and the apex lead. */
static GArray *
list_points (const RunetContourModel *now, RunetStructure structure) {
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  const guint count = now->count[structure], last = count - 1;
  const guint zero = 0;
  if (structure == RUNET_STRUCTURE_ENDO) {
    g_array_append_val (list, zero);
    g_array_append_val (list, last);
    g_array_append_val (list, now->apex);
  }
  for (guint i = 1; i + 1 < count; i++)
    if (structure != RUNET_STRUCTURE_ENDO || i != now->apex)
      g_array_append_val (list, i);
  return list;
}

static gboolean
move_points (Reviewer *self, RunetStructure structure, GError **error) {
  const RunetContourModel *now = &runet_editor_get_correction (self->editor)->model;
  if (now->count[structure] == 0 || self->aim.count[structure] == 0)
    return TRUE;
  g_autoptr (GArray) list = list_points (now, structure);
  runet_editor_set_tool (self->editor, RUNET_TOOL_POINTS);
  runet_editor_set_structure (self->editor, structure);
  for (guint i = 0; i < list->len; i++) {
    const guint index = g_array_index (list, guint, i);
    now = &runet_editor_get_correction (self->editor)->model;
    if (index >= now->count[structure])
      break;
    const RunetPoint from = now->points[structure][index];
    const RunetPoint to = find_aim (self, structure, from);
    if (isfinite (to.x) && hypot (to.x - from.x, to.y - from.y) > 0.5 &&
        !drag (self, from, to, RUNET_EDIT_ALONE, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
redraw (Reviewer *self, RunetStructure structure, GError **error) {
  const RunetPoint spacing = spacing_of (self);
  RunetPoint line[STROKE];
  runet_editor_set_tool (self->editor, RUNET_TOOL_REDRAW);
  runet_editor_set_structure (self->editor, structure);
  for (guint i = 0; i < STROKE; i++) {
    const double fraction =
        STROKE_MARGIN + (1.0 - 2.0 * STROKE_MARGIN) * i / (STROKE - 1);
    line[i] =
        runet_contour_model_at (&self->aim, structure, fraction, spacing.x, spacing.y);
  }
  return stroke (self, line, STROKE, error);
}

/* What the model did not see at all is painted, row after row. */
static gboolean
paint (Reviewer *self, RunetStructure structure, GError **error) {
  const RunetGrid *grid = self->expert->grid;
  g_autofree guint8 *mask = g_malloc (grid->width * grid->height);
  runet_mask_from_labels (self->expert->labels, grid->width, grid->height, structure,
                          mask);
  runet_editor_set_tool (self->editor, RUNET_TOOL_BRUSH);
  runet_editor_set_structure (self->editor, structure);
  runet_editor_set_radius_mm (self->editor, 0.5);
  for (gsize y = 0; y < grid->height; y++)
    for (gsize x = 0; x < grid->width; x++) {
      const gsize from = x;
      while (x < grid->width && mask[y * grid->width + x])
        x++;
      if (x == from)
        continue;
      const RunetPoint line[] = {{(double)from + 0.5, (double)y + 0.5},
                                 {(double)x - 0.5, (double)y + 0.5}};
      if (!stroke (self, line, 2, error))
        return FALSE;
    }
  return TRUE;
}

static double
measure_dice (const Reviewer *self, RunetStructure structure) {
  const RunetGrid *grid = self->expert->grid;
  g_autofree guint8 *labels = g_malloc (grid->width * grid->height);
  runet_correction_draw (runet_editor_get_correction (self->editor), labels);
  return runet_labels_dice (labels, self->expert->labels, grid->width, grid->height,
                            structure);
}

/* Endo leads, for its annulus is that of the others. */
static gboolean
correct (Reviewer *self, GError **error) {
  static const RunetStructure order[] = {RUNET_STRUCTURE_ENDO, RUNET_STRUCTURE_EPI,
                                         RUNET_STRUCTURE_LA};
  /* A contour on its way to the expert's may cross another that has still to go there. */
  runet_editor_set_allow_faults (self->editor, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (!move_points (self, order[i], error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (measure_dice (self, order[i]) < GOOD_DICE && self->aim.count[order[i]] > 0 &&
        !redraw (self, order[i], error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    if (runet_editor_get_correction (self->editor)->model.count[order[i]] == 0 &&
        self->aim.count[order[i]] > 0 && !paint (self, order[i], error))
      return FALSE;
  return TRUE;
}

/* Adds the corrected image to @frames; leaves out what has no mask to be corrected by. */
static gboolean
correct_image (RunetReview *review,
               const Options *options,
               const char *model,
               const Subject *subject,
               RunetInstant instant,
               GPtrArray *frames,
               GError **error) {
  const RunetViewFiles *files = &subject->twin->views[subject->view];
  RunetFrameResult *result = subject->results[instant];
  if (result == NULL || !runet_view_has_still_mask (files, instant))
    return TRUE;
  g_autoptr (RunetLabelMap) expert =
      runet_view_read_still_mask (files, instant, NULL, error);
  g_autoptr (RunetLabelMap) found =
      runet_frame_result_unpack_labels (result, RUNET_SHOWN_LAST);
  if (expert == NULL || found == NULL)
    return FALSE;
  g_autoptr (RunetCorrection) start = runet_correction_new (found->grid, found->labels);
  g_autoptr (RunetEditor) editor = runet_editor_new (start);
  Reviewer self = {.review = review,
                   .options = options,
                   .model = model,
                   .editor = editor,
                   .expert = expert};
  const RunetGrid *grid = expert->grid;
  runet_subject_init (&self.subject, subject->patient->subset, subject->patient->id,
                      subject->view);
  self.subject.instant = (int)instant;
  self.subject.content = g_strdup (subject->content[instant]);
  runet_contour_model_fit (expert->labels, grid->width, grid->height,
                           grid->spacing_x_mm, grid->spacing_y_mm, &self.aim, NULL);
  const double endo = measure_dice (&self, RUNET_STRUCTURE_ENDO);
  const double epi = measure_dice (&self, RUNET_STRUCTURE_EPI);
  const gboolean corrected = correct (&self, error);
  runet_subject_clear (&self.subject);
  if (!corrected)
    return FALSE;
  printf ("  %s  %3u gestures  endo %.3f -> %.3f  epi %.3f -> %.3f\n",
          runet_instant_to_string (instant), self.gestures, endo,
          measure_dice (&self, RUNET_STRUCTURE_ENDO), epi,
          measure_dice (&self, RUNET_STRUCTURE_EPI));
  const RunetCorrection *end = runet_editor_get_correction (editor);
  g_ptr_array_add (frames,
                   runet_corrected_frame_new ((int)instant, 0, self.gestures > 0,
                                              (RunetCorrection *)end));
  return TRUE;
}

static gboolean
accept (RunetReview *review,
        const Options *options,
        const char *model,
        const Subject *subject,
        const GPtrArray *frames,
        GError **error) {
  g_auto (RunetSubject) about = {0};
  runet_subject_init (&about, subject->patient->subset, subject->patient->id,
                      subject->view);
  about.content = g_strdup (subject->content[RUNET_INSTANT_ED]);
  g_autoptr (RunetEvent) event =
      runet_event_new (RUNET_EVENT_ACCEPT, options->author, &about);
  event->model = g_strdup (model);
  event->after = runet_corrected_frames_serialise (frames);
  return runet_review_append (review, event, error);
}

static gboolean
review_view (RunetReview *review,
             const Options *options,
             const char *model,
             const Subject *subject,
             GError **error) {
  g_autoptr (GPtrArray) frames =
      g_ptr_array_new_with_free_func ((GDestroyNotify)runet_corrected_frame_free);
  printf ("%s %s, risk %.2f\n", subject->patient->id,
          runet_view_to_string (subject->view), subject->score);
  for (int i = 0; i < RUNET_INSTANTS; i++)
    if (!correct_image (review, options, model, subject, i, frames, error))
      return FALSE;
  return frames->len == 0 || accept (review, options, model, subject, frames, error);
}

/* ---- Which views ---- */

static gboolean
look_at (RunetSegmenter *segmenter, Subject *subject, GError **error) {
  const RunetViewFiles *files = &subject->patient->views[subject->view];
  for (int i = 0; i < RUNET_INSTANTS; i++) {
    if (!runet_view_has_still (files, i))
      continue;
    g_autoptr (RunetImage) image = runet_view_read_still (files, i, NULL, error);
    g_autoptr (RunetSegmentation) found =
        image != NULL
            ? runet_segmenter_run (
                  segmenter, image, 0,
                  RUNET_SEGMENT_PROBABILITIES | RUNET_SEGMENT_NO_REGIONS, NULL, error)
            : NULL;
    if (found == NULL)
      return FALSE;
    subject->results[i] = runet_frame_result_new (found, NULL, i);
    subject->content[i] = runet_image_hash_frame (image, 0);
  }
  const RunetRisk risk = runet_risk_assess (subject->results, FALSE, NULL, 0);
  subject->score = runet_risk_score (&risk);
  return TRUE;
}

static int
compare_subjects (gconstpointer a, gconstpointer b) {
  const Subject *x = a, *y = b;
  return (x->score < y->score) - (x->score > y->score);
}

/* (nullable) (element-type Subject): the riskiest first; those that no expert saw are left out. */
static GArray *
rank (RunetSegmenter *segmenter,
      const GPtrArray *patients,
      const RunetDataset *experts,
      GError **error) {
  g_autoptr (GArray) subjects = g_array_new (FALSE, TRUE, sizeof (Subject));
  g_array_set_clear_func (subjects, subject_clear);
  for (guint p = 0; p < patients->len; p++)
    for (int v = 0; v < RUNET_VIEWS; v++) {
      Subject subject = {.patient = g_ptr_array_index (patients, p), .view = v};
      subject.twin = runet_dataset_find (experts, subject.patient->id);
      if (!subject.patient->views[v].present || subject.twin == NULL)
        continue;
      const gboolean seen = look_at (segmenter, &subject, error);
      g_array_append_val (subjects, subject);
      if (!seen)
        return NULL;
    }
  g_array_sort (subjects, compare_subjects);
  return g_steal_pointer (&subjects);
}

static gboolean
run (const Options *options, const char *folder, GError **error) {
  g_autoptr (RunetDataset) dataset = runet_dataset_open (folder, NULL, error);
  g_autoptr (RunetDataset) experts =
      dataset != NULL ? runet_dataset_open (options->experts, NULL, error) : NULL;
  g_autoptr (RunetModel) model =
      experts != NULL ? runet_model_read (options->model, error) : NULL;
  g_autoptr (RunetEngine) engine =
      model != NULL ? runet_engine_new (RUNET_ENGINE_AUTO, 0, error) : NULL;
  g_autoptr (RunetSegmenter) segmenter =
      engine != NULL ? runet_segmenter_new (model, engine, 1, error) : NULL;
  guint absent = 0;
  g_autoptr (GPtrArray) patients =
      segmenter == NULL ? NULL
      : options->patients != NULL
          ? runet_dataset_select (dataset, options->patients, &absent, error)
          : g_ptr_array_ref (dataset->patients);
  g_autoptr (GArray) subjects =
      patients != NULL ? rank (segmenter, patients, experts, error) : NULL;
  g_autoptr (RunetReview) review =
      subjects != NULL ? runet_review_open (options->record, RUNET_JOURNAL_WRITE, error)
                       : NULL;
  if (review == NULL)
    return FALSE;
  for (guint i = 0; i < subjects->len && i < (guint)options->views; i++)
    if (!review_view (review, options, model->hash,
                      &g_array_index (subjects, Subject, i), error))
      return FALSE;
  return TRUE;
}

int
main (int argc, char *argv[]) {
  Options options = {.views = 10};
  const GOptionEntry entries[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "The model", "FILE"},
      {"record", 'r', 0, G_OPTION_ARG_FILENAME, &options.record,
       "Where decisions and gestures go", "RECORD"},
      {"experts", 0, 0, G_OPTION_ARG_FILENAME, &options.experts,
       "Where the experts' masks are (DATASET itself)", "DATASET"},
      {"patients", 0, 0, G_OPTION_ARG_FILENAME, &options.patients,
       "These patients alone, one id a line", "LIST"},
      {"views", 0, 0, G_OPTION_ARG_INT, &options.views, "How many to correct (10)",
       "N"},
      {"author", 0, 0, G_OPTION_ARG_STRING, &options.author, "Who does it", "NAME"},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("DATASET");
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 ||
      options.model == NULL || options.record == NULL || options.views < 0) {
    fprintf (stderr, "scripted-reviewer: %s\n",
             error != NULL ? error->message : "expected DATASET --model M --record R");
    return 2;
  }
  if (options.author == NULL)
    options.author = g_strdup ("Scripted reviewer");
  if (options.experts == NULL)
    options.experts = g_strdup (argv[1]);
  const gboolean done = run (&options, argv[1], &error);
  if (!done)
    fprintf (stderr, "scripted-reviewer: %s\n", error->message);
  g_free (options.model);
  g_free (options.record);
  g_free (options.experts);
  g_free (options.patients);
  g_free (options.author);
  return done ? 0 : 1;
}
