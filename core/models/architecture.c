/* The architectures of the RU-Net paper as graphs.
 *
 * [RU] Leclerc et al., RU-Net, IUS 2019. [TMI] Leclerc et al., IEEE TMI 38(9), 2019. */
#include "architecture.h"

#include <string.h>

#include "core/base/error.h"

/* U-Net 1 of [TMI], supplement, and the light widths: all × 28/32. */
static const gsize full_down[RUNET_LEVELS] = {32, 32, 64, 128, 128, 128};
static const gsize full_up[RUNET_LEVELS - 1] = {128, 128, 64, 32, 16};
static const gsize light_down[RUNET_LEVELS] = {28, 28, 56, 112, 112, 112};
static const gsize light_up[RUNET_LEVELS - 1] = {112, 112, 56, 28, 14};

/* Far beyond any use; what is larger in a file is a mistake or worse. */
#define MAX_SIDE 8192
#define MAX_CLASSES 256

static const struct {
  const char *name;
  guint stages;
  gboolean light;
} architectures[RUNET_ARCHITECTURES] = {
    [RUNET_ARCHITECTURE_UNET1] = {"unet1", 1, FALSE},
    [RUNET_ARCHITECTURE_SHG] = {"shg", 3, TRUE},
    [RUNET_ARCHITECTURE_RU_NET] = {"ru-net", 2, FALSE},
    [RUNET_ARCHITECTURE_RU_NET_INCEPTION] = {"ru-net-inception", 2, FALSE},
    [RUNET_ARCHITECTURE_RU_NET_CASCADE] = {"ru-net-cascade", 4, FALSE},
    [RUNET_ARCHITECTURE_RU_NET_LIGHT] = {"ru-net-light", 2, TRUE},
};

void
runet_hyperparameters_init (RunetHyperparameters *self,
                            RunetArchitecture architecture) {
  g_return_if_fail (self != NULL && architecture < RUNET_ARCHITECTURES);
  const gboolean light = architectures[architecture].light;
  *self = (RunetHyperparameters){
      .architecture = architecture,
      .stages = architectures[architecture].stages,
      .input_size = 256,
      .classes = 4,
      .dilation = 11,
      .shift = 0.5f,
      .slope = 100,
      .shift2 = 0.01f,
      .dilations = {5, 11, 21},
  };
  memcpy (self->down, light ? light_down : full_down, sizeof self->down);
  memcpy (self->up, light ? light_up : full_up, sizeof self->up);
}

gboolean
runet_architecture_from_string (const char *name, RunetArchitecture *architecture) {
  g_return_val_if_fail (name != NULL && architecture != NULL, FALSE);
  for (guint i = 0; i < RUNET_ARCHITECTURES; i++)
    if (g_str_equal (architectures[i].name, name)) {
      *architecture = (RunetArchitecture)i;
      return TRUE;
    }
  return FALSE;
}

const char *
runet_architecture_to_string (RunetArchitecture architecture) {
  g_return_val_if_fail (architecture < RUNET_ARCHITECTURES, NULL);
  return architectures[architecture].name;
}

static gboolean
check_range (const RunetHyperparameters *self,
             const char *key,
             double value,
             double least,
             double most,
             GError **error) {
  /* A NaN fails both comparisons. */
  if (value >= least && value <= most)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "%s: expected %s from %g to %g, found %g",
               architectures[self->architecture].name, key, least, most, value);
  return FALSE;
}

static gboolean
check_widths (const RunetHyperparameters *self, GError **error) {
  for (guint i = 0; i < RUNET_LEVELS; i++)
    if (!check_range (self, "widths down", (double)self->down[i], 1, RUNET_MAX_WIDTH,
                      error))
      return FALSE;
  for (guint i = 0; i < RUNET_LEVELS - 1; i++)
    if (!check_range (self, "widths up", (double)self->up[i], 1, RUNET_MAX_WIDTH,
                      error))
      return FALSE;
  return TRUE;
}

/* An RU-Net has as many stages as one likes; the others are what they are. */
static gboolean
check_stages (const RunetHyperparameters *self, GError **error) {
  const RunetArchitecture architecture = self->architecture;
  const guint stages = architectures[architecture].stages;
  if (architecture == RUNET_ARCHITECTURE_RU_NET ||
      architecture == RUNET_ARCHITECTURE_RU_NET_LIGHT ||
      architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION)
    return check_range (self, "stages", self->stages, 1, RUNET_MAX_STAGES, error);
  if (self->stages == stages)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
               "%s: expected stages = %u, found %u", architectures[architecture].name,
               stages, self->stages);
  return FALSE;
}

gboolean
runet_hyperparameters_check (const RunetHyperparameters *self, GError **error) {
  g_return_val_if_fail (self != NULL && self->architecture < RUNET_ARCHITECTURES,
                        FALSE);
  if (!check_stages (self, error) || !check_widths (self, error) ||
      !check_range (self, "input size", (double)self->input_size, 32, MAX_SIDE,
                    error) ||
      !check_range (self, "classes", (double)self->classes, 2, MAX_CLASSES, error) ||
      !check_range (self, "dilation", self->dilation, 1, MAX_SIDE, error) ||
      !check_range (self, "slope", (double)self->slope, 1e-6, 1e6, error) ||
      !check_range (self, "shift", (double)self->shift, -1e3, 1e3, error) ||
      !check_range (self, "shift2", (double)self->shift2, -1e3, 1e3, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (self->dilations); i++)
    if (!check_range (self, "dilations", self->dilations[i], 1, MAX_SIDE, error))
      return FALSE;
  if (self->input_size % (1 << (RUNET_LEVELS - 1)) == 0)
    return TRUE;
  g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
               "%s: expected an input size in multiples of %d, found %" G_GSIZE_FORMAT,
               architectures[self->architecture].name, 1 << (RUNET_LEVELS - 1),
               self->input_size);
  return FALSE;
}

/* Two 3 × 3 convolutions with ReLU, called @block.conv1 and @block.conv2. */
static int
add_block (RunetGraph *graph, int x, gsize channels, const char *block) {
  g_autofree char *first = g_strconcat (block, ".conv1", NULL);
  g_autofree char *second = g_strconcat (block, ".conv2", NULL);
  x = runet_graph_convolution (graph, x, channels, 3, TRUE, first);
  return runet_graph_convolution (graph, x, channels, 3, TRUE, second);
}

/* U-Net 1 of [TMI] on @x as stage @stage (from 1). Returns its softmax, which it also lists as an
 * output of the graph. */
static int
add_unet (RunetGraph *graph, const RunetHyperparameters *self, int x, guint stage) {
  int skips[RUNET_LEVELS];
  for (guint i = 0; i < RUNET_LEVELS; i++) {
    g_autofree char *name = g_strdup_printf ("stage%u.down%u", stage, i + 1);
    if (i > 0)
      x = runet_graph_max_pool (graph, x);
    skips[i] = x = add_block (graph, x, self->down[i], name);
  }
  for (guint i = 0; i < RUNET_LEVELS - 1; i++) {
    g_autofree char *name = g_strdup_printf ("stage%u.up%u", stage, i + 1);
    x = runet_graph_upsample (graph, x);
    x = runet_graph_concat (graph, x, skips[RUNET_LEVELS - 2 - i]);
    x = add_block (graph, x, self->up[i], name);
  }
  g_autofree char *head = g_strdup_printf ("stage%u.head", stage);
  x = runet_graph_convolution (graph, x, self->classes, 1, FALSE, head);
  x = runet_graph_softmax (graph, x);
  g_array_append_val (graph->outputs, x);
  return x;
}

/* [RU], Section II-B: where the stage before sees something, enlarged and with a soft edge. */
static int
add_region (RunetGraph *graph,
            const RunetHyperparameters *self,
            int probabilities,
            guint stage) {
  int x = runet_graph_foreground (graph, probabilities);
  x = runet_graph_sigmoid (graph, x, self->slope, self->shift);
  if (self->architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION) {
    g_autofree char *name = g_strdup_printf ("stage%u.mix", stage);
    int boxes[RUNET_NODE_INPUTS];
    for (guint i = 0; i < RUNET_NODE_INPUTS; i++)
      boxes[i] = runet_graph_box (graph, x, self->dilations[i]);
    x = runet_graph_mix (graph, boxes, name);
  } else
    x = runet_graph_box (graph, x, self->dilation);
  x = runet_graph_sigmoid (graph, x, self->slope, self->shift2);
  g_array_append_val (graph->regions, x);
  return x;
}

RunetGraph *
runet_architecture_build (const RunetHyperparameters *self) {
  g_return_val_if_fail (runet_hyperparameters_check (self, NULL), NULL);

  RunetGraph *graph = runet_graph_new ();
  const int image = runet_graph_input (graph, 1);
  int x = image;
  for (guint stage = 1; stage <= self->stages; stage++) {
    const int probabilities = add_unet (graph, self, x, stage);
    if (stage == self->stages)
      break;
    if (self->architecture == RUNET_ARCHITECTURE_SHG)
      x = runet_graph_concat (graph, image, probabilities);
    else
      x = runet_graph_multiply (graph, image,
                                add_region (graph, self, probabilities, stage));
  }
  return graph;
}
