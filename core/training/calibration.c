/* The limits of the anatomical outliers, recomputed from the experts' own masks. */
#include "calibration.h"

#include <math.h>

/* Masks between two reports of progress. */
#define MASKS_AT_ONCE 32

/* Table I of [RU] (Leclerc et al., RU-Net, IUS 2019) with its columns as printed; the program uses
 * them exchanged, see runet_outlier_limits. */
static const RunetRegularity printed[RUNET_STRUCTURE_LA] = {
    [RUNET_STRUCTURE_ENDO] = {.convexity = 0.529, .simplicity = 0.741},
    [RUNET_STRUCTURE_EPI] = {.convexity = 0.694, .simplicity = 0.960},
};

typedef struct {
  const RunetPatient *patient;
  RunetView view;
  RunetInstant instant;
  RunetAnatomy *anatomy;
  GError *error;
} Mask;

typedef struct {
  Mask *masks;
  GCancellable *cancellable;
} Work;

static void
free_problem (gpointer data) {
  RunetProblem *problem = data;
  g_free (problem->path);
  g_free (problem->message);
  g_free (problem);
}

static GArray *
list_masks (GPtrArray *patients) {
  GArray *masks = g_array_new (FALSE, TRUE, sizeof (Mask));
  for (guint i = 0; i < patients->len; i++)
    for (int view = 0; view < RUNET_VIEWS; view++)
      for (int instant = 0; instant < RUNET_INSTANTS; instant++) {
        Mask mask = {g_ptr_array_index (patients, i), view, instant};
        if (mask.patient->views[view].present)
          g_array_append_val (masks, mask);
      }
  return masks;
}

static void
measure_cb (gsize task, guint worker, gpointer user_data) {
  const Work *work = user_data;
  Mask *self = &work->masks[task];
  g_autoptr (RunetLabelMap) map =
      runet_view_read_still_mask (&self->patient->views[self->view], self->instant,
                                  work->cancellable, &self->error);
  if (map != NULL)
    self->anatomy =
        runet_anatomy_new (map->labels, map->grid->width, map->grid->height,
                           map->grid->spacing_x_mm, map->grid->spacing_y_mm);
}

static void
lower (RunetLowest *lowest, double value, const char *name) {
  if (!isfinite (value) || value >= lowest->value)
    return;
  lowest->value = value;
  g_free (lowest->name);
  lowest->name = g_strdup (name);
}

static void
add_mask (RunetCalibration *self, const Mask *mask, const char *name) {
  gboolean beyond_printed = FALSE;
  self->masks++;
  self->outliers += mask->anatomy->outlier ? 1 : 0;
  for (guint s = 0; s < RUNET_STRUCTURE_LA; s++) {
    const RunetRegularity *found = &mask->anatomy->regularity[s];
    lower (&self->convexity[s], found->convexity, name);
    lower (&self->simplicity[s], found->simplicity, name);
    beyond_printed = beyond_printed || !(found->convexity >= printed[s].convexity) ||
                     !(found->simplicity >= printed[s].simplicity);
  }
  self->outliers_as_printed += beyond_printed ? 1 : 0;
}

/* Takes what the workers left, in order. FALSE when cancelled. */
static gboolean
collect (RunetCalibration *self,
         Mask *masks,
         gsize count,
         GCancellable *cancellable,
         GError **error) {
  for (gsize i = 0; i < count; i++) {
    g_autofree char *name =
        runet_patient_stem (masks[i].patient, masks[i].view, masks[i].instant);
    if (masks[i].anatomy != NULL)
      add_mask (self, &masks[i], name);
    else if (!g_error_matches (masks[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      RunetProblem *problem = g_new0 (RunetProblem, 1);
      problem->path = g_steal_pointer (&name);
      problem->message = g_strdup (masks[i].error->message);
      g_ptr_array_add (self->skipped, problem);
    }
    g_clear_pointer (&masks[i].anatomy, runet_anatomy_free);
    g_clear_error (&masks[i].error);
  }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

RunetCalibration *
runet_calibration_new (GPtrArray *patients,
                       RunetPool *pool,
                       RunetProgressFunc progress,
                       gpointer user_data,
                       GCancellable *cancellable,
                       GError **error) {
  g_autoptr (RunetCalibration) self = g_new0 (RunetCalibration, 1);
  self->skipped = g_ptr_array_new_with_free_func (free_problem);
  for (guint s = 0; s < RUNET_STRUCTURE_LA; s++)
    self->convexity[s].value = self->simplicity[s].value = INFINITY;

  g_autoptr (GArray) masks = list_masks (patients);
  for (gsize done = 0; done < masks->len;) {
    gsize count = MIN (MASKS_AT_ONCE, masks->len - done);
    Work work = {&g_array_index (masks, Mask, done), cancellable};
    runet_pool_run (pool, count, measure_cb, &work);
    if (!collect (self, work.masks, count, cancellable, error))
      return NULL;
    done += count;
    RunetProgress now = {done, masks->len, -1, "masks"};
    if (progress != NULL)
      progress (&now, user_data);
  }
  return g_steal_pointer (&self);
}

void
runet_calibration_free (RunetCalibration *self) {
  if (self == NULL)
    return;
  for (guint s = 0; s < RUNET_STRUCTURE_LA; s++) {
    g_free (self->convexity[s].name);
    g_free (self->simplicity[s].name);
  }
  g_ptr_array_unref (self->skipped);
  g_free (self);
}
