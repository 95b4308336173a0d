/* Thousands of random steps of several people, in programs that come and go, against a naive model of what must be so
 * then: a list of what each has done and a list of what each has undone, replayed from the start. */
#include "core/review/review.h"
#include "journal-fixture.h"

#define AUTHORS 3
#define CASES 4
#define FRAMES 3 /* ED, ES, and one frame of the sequence */
#define PROGRAMS 2
#define STEPS 3000
/* Of the sequence. */
#define FRAME 7

static const char *const names[AUTHORS] = {"Ada Lovelace", "Ben Casey", "Carl Gauss"};

/* Something that somebody did, as simple as it can be said. */
typedef struct {
  RunetEventKind kind;
  int author, where, frame;
  gint64 number;
} Deed;

/* What must be so of one author and one case. */
typedef struct {
  RunetReviewStatus status;
  gint64 decision;
  gint64 edit[FRAMES];
  guint edits;
} Opinion;

typedef struct {
  Opinion opinion[AUTHORS][CASES];
  gboolean flagged[CASES];
} World;

typedef struct {
  GArray *done[AUTHORS]; /* Deed, in the order in which they were first done */
  GArray *undone[AUTHORS]; /* Deed, the one to be done again first the last */
} Model;

/* ---- The model ---- */

static gboolean
is_locked (const Opinion *opinion) {
  return opinion->status == RUNET_REVIEW_ACCEPTED ||
         opinion->status == RUNET_REVIEW_CORRECTED;
}

static void
replay_deed (World *world, const Deed *deed) {
  Opinion *opinion = &world->opinion[deed->author][deed->where];
  if (deed->kind == RUNET_EVENT_FLAG || deed->kind == RUNET_EVENT_UNFLAG)
    world->flagged[deed->where] = deed->kind == RUNET_EVENT_FLAG;
  else if (deed->kind == RUNET_EVENT_EDIT) {
    opinion->edit[deed->frame] = deed->number;
    opinion->edits++;
  } else {
    opinion->decision = deed->kind == RUNET_EVENT_REOPEN ? 0 : deed->number;
    opinion->status = deed->kind == RUNET_EVENT_REOPEN   ? RUNET_REVIEW_NONE
                      : deed->kind == RUNET_EVENT_REJECT ? RUNET_REVIEW_REJECTED
                      : opinion->edits > 0               ? RUNET_REVIEW_CORRECTED
                                                         : RUNET_REVIEW_ACCEPTED;
  }
}

static int
compare_numbers (gconstpointer a, gconstpointer b) {
  const gint64 first = ((const Deed *)a)->number, second = ((const Deed *)b)->number;
  return (first > second) - (first < second);
}

static World
replay (const Model *model) {
  World world = {0};
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Deed));
  for (int a = 0; a < AUTHORS; a++)
    if (model->done[a]->len > 0)
      g_array_append_vals (all, model->done[a]->data, model->done[a]->len);
  g_array_sort (all, compare_numbers);
  for (guint i = 0; i < all->len; i++)
    replay_deed (&world, &g_array_index (all, Deed, i));
  return world;
}

static void
model_init (Model *model) {
  for (int a = 0; a < AUTHORS; a++) {
    model->done[a] = g_array_new (FALSE, FALSE, sizeof (Deed));
    model->undone[a] = g_array_new (FALSE, FALSE, sizeof (Deed));
  }
}

static void
model_clear (Model *model) {
  for (int a = 0; a < AUTHORS; a++) {
    g_array_unref (model->done[a]);
    g_array_unref (model->undone[a]);
  }
}

static Deed
take_last (GArray *deeds) {
  const Deed deed = g_array_index (deeds, Deed, deeds->len - 1);
  g_array_set_size (deeds, deeds->len - 1);
  return deed;
}

/* ---- The review must say the same ---- */

static void
init_subject (RunetSubject *subject, int where) {
  g_autofree char *patient = g_strdup_printf ("patient%04d", where / 2 + 1);
  runet_subject_init (subject, NULL, patient, where % 2);
}

static void
assert_opinion (const RunetReading *reading, const Opinion *opinion) {
  g_assert_cmpint (reading ? reading->status : RUNET_REVIEW_NONE, ==, opinion->status);
  g_assert_cmpint (reading && reading->decision ? reading->decision->number : 0, ==,
                   opinion->decision);
  g_assert_cmpuint (reading ? reading->edits : 0, ==, opinion->edits);
  for (int f = 0; f < FRAMES; f++) {
    const RunetEvent *edit =
        reading ? runet_reading_find_edit (reading, f < RUNET_INSTANTS ? f : -1,
                                           f < RUNET_INSTANTS ? 0 : FRAME)
                : NULL;
    g_assert_cmpint (edit ? edit->number : 0, ==, opinion->edit[f]);
  }
}

static void
assert_world (const RunetReview *review, const World *world) {
  for (int where = 0; where < CASES; where++) {
    g_auto (RunetSubject) subject = {0};
    init_subject (&subject, where);
    const RunetReviewState *state = runet_review_get_state (review, &subject);
    g_assert_cmpint (state && state->flagged, ==, world->flagged[where]);
    for (int a = 0; a < AUTHORS; a++)
      assert_opinion (state ? runet_review_state_find_reading (state, names[a]) : NULL,
                      &world->opinion[a][where]);
  }
}

/* ---- The steps ---- */

static void
append_undo (RunetReview *review,
             RunetEvent *event,
             const RunetEvent *target,
             gint64 number) {
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (target->number, ==, number);
  g_assert_true (runet_review_append (review, event, &error));
  g_assert_no_error (error);
}

/* Somebody's undo meets what that person has done in the other program too. */
static void
undo (RunetReview *review, Model *model, int author) {
  const RunetEvent *target = NULL;
  g_assert_true (runet_review_refresh (review, NULL));
  g_autoptr (RunetEvent) event = runet_review_new_undo (review, names[author], &target);
  g_assert_cmpint (event != NULL, ==, model->done[author]->len > 0);
  if (!event)
    return;
  const Deed deed = take_last (model->done[author]);
  append_undo (review, event, target, deed.number);
  g_array_append_val (model->undone[author], deed);
}

static void
redo (RunetReview *review, Model *model, int author) {
  const RunetEvent *target = NULL;
  g_assert_true (runet_review_refresh (review, NULL));
  g_autoptr (RunetEvent) event = runet_review_new_redo (review, names[author], &target);
  g_assert_cmpint (event != NULL, ==, model->undone[author]->len > 0);
  if (!event)
    return;
  const Deed deed = take_last (model->undone[author]);
  append_undo (review, event, target, deed.number);
  g_array_append_val (model->done[author], deed);
}

static RunetEventKind
choose_kind (void) {
  static const RunetEventKind kinds[] = {
      RUNET_EVENT_EDIT,   RUNET_EVENT_EDIT,   RUNET_EVENT_EDIT, RUNET_EVENT_ACCEPT,
      RUNET_EVENT_REJECT, RUNET_EVENT_REOPEN, RUNET_EVENT_FLAG, RUNET_EVENT_UNFLAG};
  return kinds[g_test_rand_int_range (0, G_N_ELEMENTS (kinds))];
}

static RunetEvent *
make_event (const Deed *deed) {
  g_auto (RunetSubject) subject = {0};
  init_subject (&subject, deed->where);
  RunetEvent *event = runet_event_new (deed->kind, names[deed->author], &subject);
  if (deed->kind == RUNET_EVENT_REJECT)
    event->rejection = RUNET_REJECTION_OTHER;
  if (deed->kind == RUNET_EVENT_EDIT) {
    event->subject.instant = deed->frame < RUNET_INSTANTS ? deed->frame : -1;
    event->subject.frame = deed->frame < RUNET_INSTANTS ? 0 : FRAME;
  }
  return event;
}

/* Also by a program that has not looked for a while. */
static void
act (RunetReview *review, Model *model, int author) {
  g_autoptr (GError) error = NULL;
  Deed deed = {.kind = choose_kind (),
               .author = author,
               .where = g_test_rand_int_range (0, CASES),
               .frame = g_test_rand_int_range (0, FRAMES)};
  const World world = replay (model);
  const gboolean refused =
      (deed.kind == RUNET_EVENT_ACCEPT || deed.kind == RUNET_EVENT_REJECT ||
       deed.kind == RUNET_EVENT_EDIT) &&
      is_locked (&world.opinion[author][deed.where]);
  g_autoptr (RunetEvent) event = make_event (&deed);
  g_assert_cmpint (runet_review_append (review, event, &error), ==, !refused);
  if (refused) {
    g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
    return;
  }
  deed.number = event->number;
  g_array_append_val (model->done[author], deed);
  g_array_set_size (model->undone[author], 0);
}

static void
step (RunetReview *review, Model *model) {
  const int author = g_test_rand_int_range (0, AUTHORS);
  const int what = g_test_rand_int_range (0, 10);
  /* Several in a row, down to the first thing that somebody did. */
  const int times = g_test_rand_int_range (0, 40) == 0 ? 60 : 1;
  for (int i = 0; i < (what < 5 ? times : 1); i++)
    if (what < 3)
      undo (review, model, author);
    else if (what < 5)
      redo (review, model, author);
    else
      act (review, model, author);
}

static RunetReview *
open_review (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  RunetReview *review = runet_review_open (fixture->path, RUNET_JOURNAL_WRITE, &error);
  g_assert_no_error (error);
  return review;
}

static void
test_random (Fixture *fixture, gconstpointer data) {
  const int steps = g_test_slow () ? 10 * STEPS : STEPS;
  RunetReview *programs[PROGRAMS];
  Model model;
  model_init (&model);
  for (int p = 0; p < PROGRAMS; p++)
    programs[p] = open_review (fixture);
  for (int i = 0; i < steps; i++) {
    const int p = g_test_rand_int_range (0, PROGRAMS);
    if (g_test_rand_int_range (0, 50) == 0) {
      runet_review_close (programs[p]);
      programs[p] = open_review (fixture);
    } else
      step (programs[p], &model);
    g_assert_true (runet_review_refresh (programs[p], NULL));
    const World world = replay (&model);
    assert_world (programs[p], &world);
  }
  g_test_message ("%u events", runet_review_count_events (programs[0]));
  /* All of it can be taken back, and done again. */
  for (int a = 0; a < AUTHORS; a++)
    while (model.done[a]->len > 0)
      undo (programs[0], &model, a);
  const World nothing = {0};
  assert_world (programs[0], &nothing);
  for (int a = 0; a < AUTHORS; a++)
    while (model.undone[a]->len > 0)
      redo (programs[1], &model, a);
  const World world = replay (&model);
  assert_world (programs[1], &world);
  for (int p = 0; p < PROGRAMS; p++)
    runet_review_close (programs[p]);
  model_clear (&model);
}

/* An undo that was made ready before the same person accepted the case in another window. */
static void
test_undo_meets_lock (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (RunetReview) one = open_review (fixture);
  g_autoptr (RunetReview) two = open_review (fixture);
  const Deed edit = {.kind = RUNET_EVENT_EDIT}, accept = {.kind = RUNET_EVENT_ACCEPT};
  g_autoptr (RunetEvent) first = make_event (&edit);
  g_autoptr (RunetEvent) second = make_event (&accept);
  g_assert_true (runet_review_append (one, first, &error));
  g_autoptr (RunetEvent) late = runet_review_new_undo (one, names[0], NULL);
  g_assert_true (runet_review_append (two, second, &error));
  g_assert_no_error (error);
  g_assert_false (runet_review_append (one, late, &error));
  g_assert_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH);
  g_test_message ("%s", error->message);
  /* The acceptance comes first. */
  const RunetEvent *target = NULL;
  g_autoptr (RunetEvent) undo_accept = runet_review_new_undo (one, names[0], &target);
  g_assert_cmpint (target->number, ==, second->number);
  g_clear_error (&error);
  g_assert_true (runet_review_append (one, undo_accept, &error));
  g_autoptr (RunetEvent) again = runet_review_new_undo (one, names[0], &target);
  g_assert_cmpint (target->number, ==, first->number);
  g_assert_true (runet_review_append (one, again, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/review/random/steps", test_random);
  ADD ("/review/random/undo-meets-lock", test_undo_meets_lock);
#undef ADD
  return g_test_run ();
}
