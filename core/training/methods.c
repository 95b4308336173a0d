/* The methods that [RU], Leclerc et al., RU-Net, IUS 2019, compares. */
#include "methods.h"

/* Sections III.C and IV of [RU]. How much more the second output weighs the paper does not say: 2 is chosen. */
static const RunetMethod methods[] = {
    {"unet1", "U-Net 1", RUNET_METHOD_TABLE_2, RUNET_ARCHITECTURE_UNET1, 0, 0, 1, NULL},
    {"shg", "SHG", RUNET_METHOD_TABLE_2, RUNET_ARCHITECTURE_SHG, 0, 0, 1, NULL},
    {"ru-net", "RU-Net", RUNET_METHOD_TABLE_2, RUNET_ARCHITECTURE_RU_NET, 11, 0.5f, 1,
     NULL},
    {"ru-net-30", "RU-Net (30, 0.7)", RUNET_METHOD_TABLE_3, RUNET_ARCHITECTURE_RU_NET,
     30, 0.7f, 1, NULL},
    {"ru-net-inception", "RU-Net, inception", RUNET_METHOD_DISCUSSION,
     RUNET_ARCHITECTURE_RU_NET_INCEPTION, 0, 0, 1, NULL},
    {"ru-net-weighted", "RU-Net, second loss × 2", RUNET_METHOD_DISCUSSION,
     RUNET_ARCHITECTURE_RU_NET, 11, 0.5f, 2, NULL},
    {"ru-net-cascade", "RU-Net, two in a row", RUNET_METHOD_DISCUSSION,
     RUNET_ARCHITECTURE_RU_NET_CASCADE, 11, 0.5f, 1, NULL},
    {"ru-net-pretrained", "RU-Net, stage 1 pre-trained", RUNET_METHOD_DISCUSSION,
     RUNET_ARCHITECTURE_RU_NET, 11, 0.5f, 1, "unet1"},
    {"ru-net-light", "RU-Net, lighter", RUNET_METHOD_DISCUSSION,
     RUNET_ARCHITECTURE_RU_NET_LIGHT, 11, 0.5f, 1, NULL},
};

const RunetMethod *
runet_methods_list (guint *count) {
  *count = G_N_ELEMENTS (methods);
  return methods;
}

const RunetMethod *
runet_method_find (const char *name) {
  g_return_val_if_fail (name != NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].name, name))
      return &methods[i];
  return NULL;
}

guint
runet_method_scale (guint pixels, gsize input_size) {
  gsize product = pixels * input_size;
  gsize whole = product / RUNET_METHOD_SIZE, rest = product % RUNET_METHOD_SIZE;
  gboolean up =
      2 * rest > RUNET_METHOD_SIZE || (2 * rest == RUNET_METHOD_SIZE && whole % 2 == 0);
  return (guint)MAX (whole + (up ? 1 : 0), 1);
}

void
runet_method_apply (const RunetMethod *method, RunetTrainingSettings *settings) {
  RunetHyperparameters *net = &settings->hyperparameters;
  gsize input_size = net->input_size;
  runet_hyperparameters_init (net, method->architecture);
  net->input_size = input_size;
  net->dilation = runet_method_scale (
      method->dilation > 0 ? method->dilation : net->dilation, input_size);
  for (guint i = 0; i < G_N_ELEMENTS (net->dilations); i++)
    net->dilations[i] = runet_method_scale (net->dilations[i], input_size);
  if (method->shift > 0)
    net->shift = method->shift;
  for (guint k = 0; k < RUNET_TRAINING_STAGES; k++)
    settings->stage_weights[k] = k + 1 == net->stages ? method->last_weight : 1;
}
