/* The methods that [RU], Leclerc et al., RU-Net, IUS 2019, compares: what each changes of a training's settings. */
#pragma once

#include "settings.h"

G_BEGIN_DECLS

/* The input that the paper's sizes of regions are of, pixels. */
#define RUNET_METHOD_SIZE 256

typedef enum {
  RUNET_METHOD_TABLE_2, /* Table II: the last output of each method */
  RUNET_METHOD_TABLE_3, /* Table III: both outputs */
  RUNET_METHOD_DISCUSSION, /* the alternatives of section IV */
} RunetMethodPlace;

/**
 * RunetMethod:
 * @name: on the command line and in the names of files: "ru-net-30"
 * @title: for people: "RU-Net (30, 0.7)"
 * @dilation: pixels at an input of %RUNET_METHOD_SIZE; 0 for the architecture's own
 * @shift: of the first sigmoid; 0 for the architecture's own
 * @last_weight: of the last stage's loss, the others' being 1
 * @init: (nullable): the method whose model of the same fold stage 1 begins with
 */
typedef struct {
  const char *name;
  const char *title;
  RunetMethodPlace place;
  RunetArchitecture architecture;
  guint dilation;
  float shift;
  double last_weight;
  const char *init;
} RunetMethod;

/* In the order of the paper. @count: (out) */
const RunetMethod *
runet_methods_list (guint *count);
/* NULL when there is none of that name. */
const RunetMethod *
runet_method_find (const char *name);

/**
 * runet_method_scale:
 *
 * A size in pixels at %RUNET_METHOD_SIZE as one at @input_size, so that the region covers as much of the image; at least
 * 1. Of two as near it is the odd one, which lies centred on its pixel.
 */
guint
runet_method_scale (guint pixels, gsize input_size);

/**
 * runet_method_apply:
 * @settings: with batch, epochs, rates, seed and input size; gets what the method is
 */
void
runet_method_apply (const RunetMethod *method, RunetTrainingSettings *settings);

G_END_DECLS
