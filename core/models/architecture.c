/* The architectures of the RU-Net paper as graphs.
 *
 * [RU] Leclerc et al., RU-Net, IUS 2019. [TMI] Leclerc et al., IEEE TMI 38(9), 2019. */
#include "architecture.h"

#include "core/base/error.h"

/* U-Net 1 of [TMI], supplement, and the light widths: all × 28/32. */
static const gsize full_down[RUNET_LEVELS] = {32, 32, 64, 128, 128, 128};
static const gsize full_up[RUNET_LEVELS - 1] = {128, 128, 64, 32, 16};
static const gsize light_down[RUNET_LEVELS] = {28, 28, 56, 112, 112, 112};
static const gsize light_up[RUNET_LEVELS - 1] = {112, 112, 56, 28, 14};

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

gboolean
runet_hyperparameters_check (const RunetHyperparameters *self, GError **error) {
  const guint stages = architectures[self->architecture].stages;
  const gboolean free_stages =
      self->architecture == RUNET_ARCHITECTURE_RU_NET ||
      self->architecture == RUNET_ARCHITECTURE_RU_NET_LIGHT ||
      self->architecture == RUNET_ARCHITECTURE_RU_NET_INCEPTION;
  const char *name = architectures[self->architecture].name;
  if (!free_stages && self->stages != stages) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_MISMATCH,
                 "%s: expected stages = %u, found %u", name, stages, self->stages);
    return FALSE;
  }
  gboolean good = self->stages >= 1 && self->stages <= RUNET_MAX_STAGES;
  good &=
      self->input_size >= 32 && self->input_size <= 8192 && self->input_size % 32 == 0;
  good &= self->classes >= 2 && self->classes <= 256;
  good &= self->dilation >= 1 && self->dilation <= 8192;
  for (guint i = 0; i < G_N_ELEMENTS (self->dilations); i++)
    good &= self->dilations[i] >= 1 && self->dilations[i] <= 8192;
  for (guint i = 0; i < RUNET_LEVELS; i++)
    good &= self->down[i] >= 1 && self->down[i] <= RUNET_MAX_WIDTH;
  for (guint i = 0; i < RUNET_LEVELS - 1; i++)
    good &= self->up[i] >= 1 && self->up[i] <= RUNET_MAX_WIDTH;
  /* Comparisons that a NaN fails. */
  good &= self->slope > 0 && self->slope <= 1e6f;
  good &= self->shift >= -1e3f && self->shift <= 1e3f;
  good &= self->shift2 >= -1e3f && self->shift2 <= 1e3f;
  if (!good)
    g_set_error (
        error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
        "%s: expected hyper-parameters in their usual range (1 to %d stages, widths "
        "to %d, input size a multiple of 32), found others",
        name, RUNET_MAX_STAGES, RUNET_MAX_WIDTH);
  return good;
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
