/* The gate's comparison: both models over the same images. */
#include "gate-private.h"

/* Images at once: the segmenter runs one by one. */
#define BATCH 1

typedef struct {
  RunetProgressFunc progress;
  gpointer user_data;
  gsize before; /* of the model that is done */
  gint64 start;
} Counting;

static void
count_cb (const RunetProgress *progress, gpointer user_data) {
  const Counting *counting = user_data;
  double seconds = (double)(g_get_monotonic_time () - counting->start) * 1e-6;
  gsize done = counting->before + progress->done, total = 2 * progress->total;
  RunetProgress now = {
      .done = done,
      .total = total,
      .seconds_left = done > 0 ? seconds * (double)(total - done) / (double)done : -1,
      .text = "comparing",
  };
  if (counting->progress != NULL)
    counting->progress (&now, counting->user_data);
}

static RunetEvaluation *
evaluate (RunetModel *model,
          GPtrArray *patients,
          RunetEngine *engine,
          Counting *counting,
          GCancellable *cancellable,
          GError **error) {
  g_autoptr (RunetSegmenter) segmenter =
      runet_segmenter_new (model, engine, BATCH, error);
  if (segmenter == NULL)
    return NULL;
  RunetEvaluation *evaluation = runet_evaluation_of_model (
      patients, segmenter, RUNET_SEGMENT_DEFAULT, runet_segmenter_get_pool (segmenter),
      count_cb, counting, cancellable, error);
  if (evaluation != NULL)
    counting->before += evaluation->images->len + evaluation->skipped->len;
  return evaluation;
}

RunetGate *
runet_gate_compare (RunetModel *parent,
                    RunetModel *candidate,
                    GPtrArray *patients,
                    RunetEngine *engine,
                    RunetProgressFunc progress,
                    gpointer user_data,
                    GCancellable *cancellable,
                    GError **error) {
  g_return_val_if_fail (parent != NULL && candidate != NULL && patients != NULL, NULL);
  Counting counting = {progress, user_data, 0, g_get_monotonic_time ()};
  g_autoptr (RunetEvaluation) before =
      evaluate (parent, patients, engine, &counting, cancellable, error);
  if (before == NULL)
    return NULL;
  g_autoptr (RunetEvaluation) after =
      evaluate (candidate, patients, engine, &counting, cancellable, error);
  return after != NULL ? runet_gate_new (before, after) : NULL;
}
