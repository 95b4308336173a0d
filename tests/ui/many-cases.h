/* A study of many cases that exist in memory alone, with results of all kinds. */
#pragma once

#include <math.h>

#include "core/segmentation/frame-result-store.h"
#include "fixture.h"
#include "ui/case.h"

#define MANY_VARIANTS 64

typedef struct {
  RunetDataset *dataset;
  GListStore *cases;
  RunetFrameResult *results[MANY_VARIANTS];
} Many;

static inline void
many_patient_free (gpointer data) {
  RunetPatient *patient = data;
  g_free (patient->id);
  g_free (patient);
}

static inline RunetFrameResult *
many_make_result (FixtureKind kind, guint variant) {
  g_autofree guint8 *labels = g_malloc (FIXTURE_WIDTH * FIXTURE_HEIGHT);
  fixture_draw (kind, labels);
  g_autoptr (RunetSegmentation) found = fixture_segmentation (labels);
  RunetFrameResult *result = runet_frame_result_new (found, NULL, RUNET_INSTANT_ED);
  result->disagreement = 0.2 * ((variant * 37) % MANY_VARIANTS) / MANY_VARIANTS;
  result->uncertainty = 0.3 + 0.4 * ((variant * 23) % MANY_VARIANTS) / MANY_VARIANTS;
  return result;
}

/* @patients: two cases each. Every eighth case is an outlier; the last has no results yet. */
static inline void
many_init (Many *many, guint patients) {
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  many->dataset = g_new0 (RunetDataset, 1);
  g_atomic_ref_count_init (&many->dataset->references);
  many->dataset->path = g_strdup ("/nowhere");
  many->dataset->name = g_strdup ("nowhere");
  many->dataset->patients = g_ptr_array_new_with_free_func (many_patient_free);
  many->dataset->problems = g_ptr_array_new ();
  for (guint p = 0; p < patients; p++) {
    RunetPatient *patient = g_new0 (RunetPatient, 1);
    patient->id = g_strdup_printf ("patient%05u", p + 1);
    for (int v = 0; v < RUNET_VIEWS; v++) {
      patient->views[v].present = TRUE;
      patient->views[v].view = (RunetView)v;
      patient->views[v].quality = (RunetQuality)g_rand_int_range (random, 0, 4);
    }
    g_ptr_array_add (many->dataset->patients, patient);
  }
  for (guint i = 0; i < MANY_VARIANTS; i++)
    many->results[i] =
        many_make_result (i % 8 == 0 ? FIXTURE_DENTED : FIXTURE_PLAIN, i);
  many->cases = runet_cases_of_dataset (many->dataset);
}

static inline void
many_give_results (Many *many) {
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  guint count = g_list_model_get_n_items (G_LIST_MODEL (many->cases));
  for (guint i = 0; i + 1 < count; i++) {
    g_autoptr (RunetCase) item = g_list_model_get_item (G_LIST_MODEL (many->cases), i);
    guint variant = (guint)g_rand_int_range (random, 0, MANY_VARIANTS);
    RunetFrameResult *results[RUNET_INSTANTS] = {
        many->results[variant], many->results[(variant / 8 * 8 + variant * 3 % 8)]};
    RunetFrameArea areas[5];
    g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (RunetFrameArea));
    for (guint k = 0; k < G_N_ELEMENTS (areas); k++)
      areas[k] = (RunetFrameArea){k, 100 - 3 * k + (k == 2 ? variant % 16 : 0)};
    g_array_append_vals (list, areas, G_N_ELEMENTS (areas));
    runet_case_restore (item, results, variant % 4 ? list : NULL, TRUE);
    if (variant == 5)
      runet_case_set_state (item, RUNET_CASE_FAILED, "not there");
  }
}

static inline void
many_clear (Many *many) {
  g_clear_object (&many->cases);
  for (guint i = 0; i < MANY_VARIANTS; i++)
    g_clear_pointer (&many->results[i], runet_frame_result_unref);
  g_clear_pointer (&many->dataset, runet_dataset_unref);
}
