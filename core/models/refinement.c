/* The same weights behind another region of interest. */
#include "core/base/error.h"
#include "model-private.h"

gboolean
runet_model_has_refinement (const RunetModel *model) {
  g_return_val_if_fail (model != NULL, FALSE);
  return model->graph->regions->len > 0;
}

RunetRefinement
runet_model_get_refinement (const RunetModel *model) {
  const RunetHyperparameters *from = &model->hyperparameters;
  return (RunetRefinement){from->dilation, from->shift, from->slope};
}

RunetModel *
runet_model_with_refinement (const RunetModel *model,
                             const RunetRefinement *refinement,
                             GError **error) {
  g_return_val_if_fail (model != NULL && refinement != NULL, NULL);
  if (!runet_model_has_refinement (model)) {
    g_set_error (error, RUNET_ERROR, RUNET_ERROR_UNSUPPORTED,
                 "%s: expected a model with a region of interest, found %s",
                 model->path != NULL ? model->path : "model",
                 runet_architecture_to_string (model->hyperparameters.architecture));
    return NULL;
  }
  RunetHyperparameters hyperparameters = model->hyperparameters;
  hyperparameters.dilation = refinement->dilation;
  hyperparameters.shift = refinement->shift;
  hyperparameters.slope = refinement->slope;
  if (!runet_hyperparameters_check (&hyperparameters, error))
    return NULL;

  /* None of the three says anything of the tensors: both graphs have the same, in the same order. */
  RunetModel *other = runet_model_new_empty (&hyperparameters);
  for (guint i = 0; i < other->graph->parameters->len; i++)
    other->parameters[i] =
        g_memdup2 (model->parameters[i],
                   g_array_index (other->graph->parameters, RunetParameter, i).count *
                       sizeof (float));
  return other;
}
