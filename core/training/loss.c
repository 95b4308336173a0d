/* The Dice loss and its gradient. */
#include "loss.h"

/* Pixels a task sums over: enough to hide the cost of a task, few enough to share out. */
#define BLOCK_PIXELS 4096

typedef struct {
  const RunetTensor *probabilities;
  const RunetTensor *gradient;
  const guint8 *labels;
  const guint8 *pixel_weights; /* (nullable) */
  gsize pixels;
  gsize classes;
  RunetDiceSums *sums; /* blocks × C */
  double *by_label; /* C: dLoss/dp is by_label · g + by_probability · p */
  double *by_probability;
} Dice;

static inline gboolean
is_counted (const Dice *dice, gsize pixel) {
  return dice->pixel_weights == NULL || dice->pixel_weights[pixel] != 0;
}

static void
sum_block_cb (gsize block, guint worker, gpointer user_data) {
  const Dice *dice = user_data;
  RunetDiceSums *sums = dice->sums + block * dice->classes;
  gsize begin = block * BLOCK_PIXELS;
  gsize end = MIN (begin + BLOCK_PIXELS, dice->pixels);
  gsize stride = dice->probabilities->stride;

  for (gsize i = begin; i < end; i++) {
    if (!is_counted (dice, i))
      continue;
    const float *p = dice->probabilities->data + i * stride;
    guint8 label = dice->labels[i];
    for (gsize c = 1; c < dice->classes; c++)
      sums[c].probability += (double)p[c] * p[c];
    if (label > 0 && label < dice->classes) {
      sums[label].product += p[label];
      sums[label].label += 1;
    }
  }
}

static void
write_block_cb (gsize block, guint worker, gpointer user_data) {
  const Dice *dice = user_data;
  gsize begin = block * BLOCK_PIXELS;
  gsize end = MIN (begin + BLOCK_PIXELS, dice->pixels);

  for (gsize i = begin; i < end; i++) {
    const float *p = dice->probabilities->data + i * dice->probabilities->stride;
    float *out = dice->gradient->data + i * dice->gradient->stride;
    guint8 label = dice->labels[i];
    gboolean counted = is_counted (dice, i);
    out[0] = 0;
    for (gsize c = 1; c < dice->classes; c++) {
      if (!counted) {
        out[c] = 0;
        continue;
      }
      double label_part = label == c ? dice->by_label[c] : 0;
      out[c] = (float)(label_part + dice->by_probability[c] * p[c]);
    }
  }
}

static Dice
make_dice (const RunetTensor *probabilities,
           const guint8 *labels,
           const guint8 *pixel_weights) {
  return (Dice){
      .probabilities = probabilities,
      .labels = labels,
      .pixel_weights = pixel_weights,
      .pixels = probabilities->n * probabilities->h * probabilities->w,
      .classes = probabilities->c,
  };
}

static gsize
count_blocks (const Dice *dice) {
  return (dice->pixels + BLOCK_PIXELS - 1) / BLOCK_PIXELS;
}

void
runet_dice_sum (RunetPool *pool,
                const RunetTensor *probabilities,
                const guint8 *labels,
                const guint8 *pixel_weights,
                RunetDiceSums *sums) {
  g_return_if_fail (probabilities->c >= 2);
  Dice dice = make_dice (probabilities, labels, pixel_weights);
  gsize blocks = count_blocks (&dice);
  g_autofree RunetDiceSums *parts = g_new0 (RunetDiceSums, blocks * dice.classes);
  dice.sums = parts;
  runet_pool_run (pool, blocks, sum_block_cb, &dice);
  /* The blocks in their order. */
  for (gsize c = 0; c < dice.classes; c++) {
    sums[c] = (RunetDiceSums){0};
    for (gsize b = 0; b < blocks; b++) {
      const RunetDiceSums *part = &parts[b * dice.classes + c];
      sums[c].product += part->product;
      sums[c].probability += part->probability;
      sums[c].label += part->label;
    }
  }
}

double
runet_dice_value (const RunetDiceSums *sums, gsize classes) {
  double structures = (double)classes - 1;
  double mean = 0;
  for (gsize c = 1; c < classes; c++) {
    double numerator = 2 * sums[c].product + 1;
    double denominator = sums[c].probability + sums[c].label + 1;
    mean += numerator / denominator / structures;
  }
  return 1 - mean;
}

void
runet_dice_gradient (RunetPool *pool,
                     const RunetTensor *probabilities,
                     const guint8 *labels,
                     const guint8 *pixel_weights,
                     const RunetDiceSums *sums,
                     double weight,
                     const RunetTensor *gradient) {
  Dice dice = make_dice (probabilities, labels, pixel_weights);
  g_autofree double *factors = g_new0 (double, 2 * dice.classes);
  dice.gradient = gradient;
  dice.by_label = factors;
  dice.by_probability = factors + dice.classes;
  double structures = (double)dice.classes - 1;
  for (gsize c = 1; c < dice.classes; c++) {
    double numerator = 2 * sums[c].product + 1;
    double denominator = sums[c].probability + sums[c].label + 1;
    dice.by_label[c] = -weight / structures * 2 / denominator;
    dice.by_probability[c] =
        weight / structures * 2 * numerator / (denominator * denominator);
  }
  runet_pool_run (pool, count_blocks (&dice), write_block_cb, &dice);
}

double
runet_dice_loss (RunetPool *pool,
                 const RunetTensor *probabilities,
                 const guint8 *labels,
                 const guint8 *pixel_weights,
                 double weight,
                 const RunetTensor *gradient) {
  g_autofree RunetDiceSums *sums = g_new (RunetDiceSums, probabilities->c);
  runet_dice_sum (pool, probabilities, labels, pixel_weights, sums);
  if (gradient != NULL)
    runet_dice_gradient (pool, probabilities, labels, pixel_weights, sums, weight,
                         gradient);
  return runet_dice_value (sums, probabilities->c);
}

double
runet_dice_loss_stages (RunetPool *pool,
                        RunetPlan *plan,
                        guint stages,
                        const guint8 *labels,
                        const guint8 *pixel_weights,
                        const double *weights,
                        double *losses) {
  double total = 0;
  for (guint k = 0; k < stages; k++) {
    const RunetTensor *gradient = runet_plan_get_output_gradient (plan, k);
    losses[k] = runet_dice_loss (pool, runet_plan_get_output (plan, k), labels,
                                 pixel_weights, weights[k], gradient);
    total += weights[k] * losses[k];
  }
  return total;
}
