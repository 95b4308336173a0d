/* How fast a network learns on this computer. */
#include "retrain-pace.h"

#include <math.h>
#include "core/segmentation/segmenter.h"

/* Learning goes backwards too, where each product has two more, and cannot use the shortcuts that weights which stay
 * the same allow. `runet bench` with and without --train: 342 ms against 40 ms an image for the ru-net that comes with
 * the program, on two threads. */
#define LEARNING_PER_SEGMENTATION 8.5
/* The first run also warms caches; the fastest of the others says what the computer can do. */
#define RUNS 3

/* (transfer full) (nullable): the first that can be read. */
static RunetImage *
read_any_image (const RunetDataset *dataset, GCancellable *cancellable) {
  for (guint i = 0; i < dataset->patients->len; i++) {
    const RunetPatient *patient = dataset->patients->pdata[i];
    for (guint v = 0; v < RUNET_VIEWS; v++) {
      RunetImage *image =
          patient->views[v].present && runet_view_has_still (&patient->views[v], 0)
              ? runet_view_read_still (&patient->views[v], 0, cancellable, NULL)
              : NULL;
      if (image || g_cancellable_is_cancelled (cancellable))
        return image;
    }
  }
  return NULL;
}

static double
time_run (RunetSegmenter *segmenter,
          const RunetImage *image,
          GCancellable *cancellable) {
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (RunetSegmentation) result = runet_segmenter_run (
      segmenter, image, 0, RUNET_SEGMENT_RAW | RUNET_SEGMENT_NO_REGIONS, cancellable,
      NULL);
  const gint64 end = g_get_monotonic_time ();
  return result ? (double)(end - start) / G_USEC_PER_SEC : NAN;
}

double
runet_retrain_pace_measure (const RunetDataset *dataset,
                            const char *model,
                            RunetEngineChoice choice,
                            GCancellable *cancellable) {
  g_autoptr (RunetModel) network = model ? runet_model_read (model, NULL) : NULL;
  g_autoptr (RunetEngine) engine = runet_engine_choose (choice, 0, NULL);
  g_autoptr (RunetImage) image = read_any_image (dataset, cancellable);
  g_autoptr (RunetSegmenter) segmenter =
      network && engine ? runet_segmenter_new (network, engine, 1, NULL) : NULL;
  if (!segmenter || !image)
    return NAN;
  double best = NAN;
  for (guint i = 0; i < RUNS; i++)
    best = fmin (best, time_run (segmenter, image, cancellable));
  return best * LEARNING_PER_SEGMENTATION;
}
