/* Small trainings: images of a ventricle of three ellipses, a small network, and all that it takes to train it. */
#pragma once

#include <string.h>

#include "core/training/trainer.h"

#define SIZE 32
#define PIXELS (SIZE * SIZE)

/* A ventricle of three ellipses whose place and brightness differ from image to image. */
static inline void
draw (GRand *random, guint8 *image, guint8 *labels) {
  double cx = SIZE * g_rand_double_range (random, 0.40, 0.60);
  double cy = SIZE * g_rand_double_range (random, 0.38, 0.48);
  double scale = g_rand_double_range (random, 0.8, 1.1);
  static const guint8 grey[] = {20, 60, 200, 110};
  for (int y = 0; y < SIZE; y++)
    for (int x = 0; x < SIZE; x++) {
      double u = (x - cx) / (SIZE * scale), v = (y - cy) / (SIZE * scale);
      guint8 label = 0;
      if (u * u / (.22 * .22) + v * v / (.30 * .30) < 1)
        label = 2;
      if (u * u / (.14 * .14) + v * v / (.22 * .22) < 1)
        label = 1;
      double w = v - 0.38;
      if (label == 0 && u * u / (.16 * .16) + w * w / (.12 * .12) < 1)
        label = 3;
      labels[y * SIZE + x] = label;
      image[y * SIZE + x] = (guint8)(grey[label] + g_rand_int_range (random, 0, 40));
    }
}

static inline RunetSamples *
make_samples (guint count, guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  RunetSamples *samples = runet_samples_new (SIZE);
  for (guint i = 0; i < count; i++) {
    guint8 image[PIXELS], labels[PIXELS];
    g_autofree char *name = g_strdup_printf ("image%u", i);
    draw (random, image, labels);
    runet_samples_add_pair (samples, name, image, labels, NULL);
  }
  return samples;
}

static inline RunetTrainingSettings
make_settings (void) {
  static const gsize down[] = {4, 8, 8, 8, 8, 8}, up[] = {8, 8, 8, 8, 8};
  RunetTrainingSettings settings;
  runet_training_settings_init (&settings, RUNET_ARCHITECTURE_RU_NET);
  memcpy (settings.hyperparameters.down, down, sizeof down);
  memcpy (settings.hyperparameters.up, up, sizeof up);
  settings.hyperparameters.input_size = SIZE;
  settings.learning_rate = 3e-3;
  settings.batch = 4;
  settings.epochs = 4;
  return settings;
}

/* One training with all that it needs. */
typedef struct {
  RunetTrainingSettings settings;
  RunetEngine *engine;
  RunetSamples *training;
  RunetSamples *validation;
  RunetModel *model;
  RunetTrainer *trainer;
} Fixture;

static inline void
fixture_clear (Fixture *fixture) {
  g_clear_pointer (&fixture->trainer, runet_trainer_free);
  g_clear_pointer (&fixture->model, runet_model_unref);
  g_clear_pointer (&fixture->training, runet_samples_free);
  g_clear_pointer (&fixture->validation, runet_samples_free);
  g_clear_pointer (&fixture->engine, runet_engine_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* All but the trainer. */
static inline void
fixture_prepare (Fixture *fixture,
                 const RunetTrainingSettings *settings,
                 RunetEngine *engine,
                 guint training,
                 guint validation) {
  *fixture = (Fixture){.settings = *settings, .engine = runet_engine_ref (engine)};
  fixture->training = make_samples (training, 1);
  fixture->validation = validation > 0 ? make_samples (validation, 2) : NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (settings->seed);
  fixture->model = runet_model_new (&settings->hyperparameters, random);
}

static inline void
fixture_make_trainer (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  fixture->trainer =
      runet_trainer_new (fixture->model, fixture->engine, &fixture->settings,
                         fixture->training, fixture->validation, &error);
  g_assert_no_error (error);
}

static inline void
run_to_the_end (Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_assert_true (runet_trainer_run (fixture->trainer, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static inline const RunetEpoch *
get_epoch (const Fixture *fixture, guint number) {
  const GArray *history = runet_trainer_get_history (fixture->trainer);
  g_assert_cmpuint (number, <=, history->len);
  return &g_array_index (history, RunetEpoch, number - 1);
}
