/* A model so small that tests of programs take a moment. */
#pragma once

#include "core/models/model.h"

G_BEGIN_DECLS

/* An untrained RU-Net of four channels for images of @input_size. */
static inline void
write_small_model (const char *path, gsize input_size) {
  RunetHyperparameters h;
  runet_hyperparameters_init (&h, RUNET_ARCHITECTURE_RU_NET);
  h.input_size = input_size;
  for (gsize i = 0; i < RUNET_LEVELS; i++)
    h.down[i] = 4;
  for (gsize i = 0; i < RUNET_LEVELS - 1; i++)
    h.up[i] = 4;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (RunetModel) model = runet_model_new (&h, random);
  g_autoptr (GError) error = NULL;
  runet_model_write (model, path, RUNET_DTYPE_F32, &error);
  g_assert_no_error (error);
}

G_END_DECLS
