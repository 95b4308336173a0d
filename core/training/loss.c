/* The Dice loss and its gradient. */
#include "loss.h"

/* Pixels a task sums over: enough to hide the cost of a task, few enough to share out. */
#define BLOCK_PIXELS 4096

typedef struct {
  double product; /* Σ p g */
  double probability; /* Σ p² */
  double label; /* Σ g² = Σ g */
} Sums;

typedef struct {
  const RunetTensor *probabilities;
  const RunetTensor *gradient;
  const guint8 *labels;
  const guint8 *pixel_weights; /* (nullable) */
  gsize pixels;
  gsize classes;
  Sums *sums; /* blocks × C */
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
  Sums *sums = dice->sums + block * dice->classes;
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

/* Adds up the blocks in their order; leaves the factors of the gradient. */
static double
reduce (Dice *dice, gsize blocks, double weight) {
  double structures = (double)dice->classes - 1;
  double mean = 0;
  for (gsize c = 1; c < dice->classes; c++) {
    Sums total = {0};
    for (gsize b = 0; b < blocks; b++) {
      const Sums *sums = &dice->sums[b * dice->classes + c];
      total.product += sums->product;
      total.probability += sums->probability;
      total.label += sums->label;
    }
    double numerator = 2 * total.product + 1;
    double denominator = total.probability + total.label + 1;
    mean += numerator / denominator / structures;
    dice->by_label[c] = -weight / structures * 2 / denominator;
    dice->by_probability[c] =
        weight / structures * 2 * numerator / (denominator * denominator);
  }
  return 1 - mean;
}

double
runet_dice_loss (RunetPool *pool,
                 const RunetTensor *probabilities,
                 const guint8 *labels,
                 const guint8 *pixel_weights,
                 double weight,
                 const RunetTensor *gradient) {
  gsize classes = probabilities->c;
  g_return_val_if_fail (classes >= 2, 0);
  gsize pixels = probabilities->n * probabilities->h * probabilities->w;
  gsize blocks = (pixels + BLOCK_PIXELS - 1) / BLOCK_PIXELS;
  g_autofree Sums *sums = g_new0 (Sums, blocks * classes);
  g_autofree double *factors = g_new0 (double, 2 * classes);
  Dice dice = {
      .probabilities = probabilities,
      .gradient = gradient,
      .labels = labels,
      .pixel_weights = pixel_weights,
      .pixels = pixels,
      .classes = classes,
      .sums = sums,
      .by_label = factors,
      .by_probability = factors + classes,
  };

  runet_pool_run (pool, blocks, sum_block_cb, &dice);
  double loss = reduce (&dice, blocks, weight);
  if (gradient != NULL)
    runet_pool_run (pool, blocks, write_block_cb, &dice);
  return loss;
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
